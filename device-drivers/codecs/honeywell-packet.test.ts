import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Decoded, Meaning } from '../codec.ts';
import { honeywellPacket } from './honeywell-packet.ts';
import { scanBytes } from './scan-text.ts';

function decode(...chunks: Uint8Array[]): Decoded[] {
  const decoder = honeywellPacket.decoder({ direction: 'device->host', context: {} });
  return [...chunks.flatMap((chunk) => decoder.push(chunk)), ...decoder.end()];
}

function meanings(...chunks: Uint8Array[]): Meaning[] {
  return decode(...chunks).map(({ meaning }) => meaning);
}

/** SYN FE, the size, CR, then the payload; `size` as sent, if it is wrong. */
function packet(payload: string, size = payload.length): Uint8Array {
  const header = [0x16, 0xfe, size & 0xff, (size >> 8) & 0xff, (size >> 16) & 0xff, 0, 0x0d];
  return Uint8Array.from([...header, ...scanBytes(payload)]);
}

const ean = packet('MSGGET0014dE0\u001d4006381333931\r');

describe('honeywell-packet', () => {
  it('reads a scan with its symbology', () => {
    expect(meanings(ean)).toEqual([
      { kind: 'scan', symbology: 'ean-13', data: '4006381333931', honeywell_id: 'd' },
    ]);
  });

  it('keeps CR and GS inside the data', () => {
    const text = `MSGGET0006jC0\u001dA\r\u001dB\r\r`;
    expect(meanings(packet(text))).toMatchObject([{ symbology: 'code-128', data: 'A\r\u001dB\r' }]);
  });

  it('reads a symbology without AIM identifier as a scan of unknown kind', () => {
    expect(meanings(packet('MSGGET0002?zz\u001dA\r'))).toMatchObject([
      { kind: 'scan', symbology: null, data: 'A' },
    ]);
  });

  it('passes on what is no scan', () => {
    expect(meanings(packet('REVINF1.2.3.'))).toEqual([{ kind: 'info', text: 'REVINF1.2.3.' }]);
  });

  it.each<[string, Uint8Array, string]>([
    ['a wrong check digit', packet('MSGGET0014dE0\u001d4006381333930\r'), 'bad-check-digit'],
    ['a count that does not fit', packet('MSGGET0013dE0\u001d4006381333931\r'), 'bad-length'],
    ['no CR at the end', packet('MSGGET0014dE0\u001d40063813339311'), 'no-terminator'],
    ['no GS in front of the data', packet('MSGGET0014dE0:4006381333931\r'), 'bad-header'],
    ['a count that is no number', packet('MSGGETABCDdE0\u001d4006381333931\r'), 'bad-header'],
    ['no CR behind the size', Uint8Array.from([0x16, 0xfe, 1, 0, 0, 0, 0x0a]), 'bad-header'],
    ['an absurd size', packet('', 0x7fffff), 'oversize'],
    ['bytes without SYN', scanBytes('4006381333931'), 'no-start'],
    ['a packet cut short', ean.slice(0, 20), 'truncated'],
  ])('refuses %s', (_name, bytes, error) => {
    expect(meanings(bytes)).toMatchObject([{ kind: 'reject', error }]);
  });

  it('says what it hears, and other commands as a plain scanner', () => {
    const text = fc.string({
      unit: fc.integer({ min: 1, max: 126 }).map((code) => String.fromCharCode(code)),
      maxLength: 300,
    });
    fc.assert(
      fc.property(text, fc.constantFrom('qr', 'code-128', 'gs1-datamatrix'), (data, symbology) => {
        const bytes = honeywellPacket.encode({ kind: 'scan', symbology, data }, {});
        expect(meanings(bytes)).toMatchObject([{ kind: 'scan', symbology, data }]);
      }),
    );
    const trigger: Meaning = { kind: 'command', name: 'TRIGGER_ON' };
    const bytes = honeywellPacket.encode(trigger, {});
    const host = honeywellPacket.decoder({ direction: 'host->device', context: {} });
    expect(host.push(bytes).map(({ meaning }) => meaning)).toEqual([trigger]);
    expect(() => honeywellPacket.encode({ kind: 'scan', data: 'A' }, {})).toThrow(RangeError);
  });

  it('hears the next scan behind noise and behind a damaged header', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), (noise) => {
        const calm = noise.map((byte) => (byte === 0x16 ? 0x17 : byte));
        expect(meanings(calm, ean).at(-1)).toMatchObject({ kind: 'scan', data: '4006381333931' });
      }),
    );
    const damaged = Uint8Array.from([0x16, 0xfe, 0x1c, 0, 0, 0, 0x0a]);
    expect(meanings(damaged, ean).at(-1)).toMatchObject({ kind: 'scan' });
    expect(meanings(Uint8Array.of(0x16), ean).at(-1)).toMatchObject({ kind: 'scan' });
  });

  it('does not depend on the pieces', () => {
    const piece = fc.oneof(fc.uint8Array({ maxLength: 12 }), fc.constant(ean));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 5 }), (pieces) => {
        const whole = Uint8Array.from(pieces.flatMap((bytes) => [...bytes]));
        const single = Array.from(whole, (byte) => Uint8Array.of(byte));
        expect(decode(...pieces)).toEqual(decode(whole));
        expect(decode(...single)).toEqual(decode(whole));
      }),
    );
  });
});
