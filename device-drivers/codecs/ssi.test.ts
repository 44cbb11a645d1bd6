import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Decoded, Direction, Meaning } from '../codec.ts';
import { scanBytes } from './scan-text.ts';
import { maxMessageBytes, ssi } from './ssi.ts';
import { ssiChecksum, writeSsiPacket } from './ssi-packets.ts';

function decode(chunks: Uint8Array[], direction: Direction = 'device->host'): Decoded[] {
  const decoder = ssi.decoder({ direction, context: {} });
  return [...chunks.flatMap((chunk) => decoder.push(chunk)), ...decoder.end()];
}

function meanings(chunks: Uint8Array[], direction?: Direction): Meaning[] {
  return decode(chunks, direction).map(({ meaning }) => meaning);
}

function fromHex(text: string): Uint8Array {
  const pairs = text.replaceAll(' ', '').match(/../g) ?? [];
  return Uint8Array.from(pairs.map((pair) => Number.parseInt(pair, 16)));
}

function joined(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** A packet of the scanner. */
function packet(opcode: number, payload: number[] | Uint8Array, status = 0): Uint8Array {
  return writeSsiPacket({ opcode, source: 'decoder', status }, Uint8Array.from(payload));
}

function scan(codeType: number, data: string, status = 0): Uint8Array {
  return packet(0xf3, [codeType, ...scanBytes(data)], status);
}

describe('ssi: what the scanner says', () => {
  it.each<[string, Uint8Array, object]>([
    ['an EAN-8', scan(0x0a, '96385074'), { symbology: 'ean-8', data: '96385074', answer: 'ACK' }],
    ['a UPC-A', scan(0x08, '855941004002'), { symbology: 'upc-a', data: '855941004002' }],
    ['text of a QR code', scan(0x1c, 'http'), { kind: 'scan', symbology: 'qr', data: 'http' }],
    ['an AIM identifier in the data', scan(0x0b, ']E04006381333931'), { symbology: 'ean-13' }],
    ['a kind of code that is not known', scan(0x7e, 'X'), { symbology: null, code_type: 0x7e }],
    ['an event', fromHex('05f6000021fee4'), { kind: 'event', code: 33, answer: 'ACK' }],
    ['an ACK', packet(0xd0, []), { kind: 'ack' }],
    ['a NAK', packet(0xd1, [0x06]), { kind: 'nak', cause: 'DENIED' }],
    ['a NAK of unknown cause', packet(0xd1, [0x77]), { kind: 'nak', cause: 'UNKNOWN' }],
    [
      'parameters of one and two bytes',
      packet(0xc6, [0xff, 0x01, 0x00, 0x9c, 0x07, 0xf4, 0xf0, 0x3e, 0x04, 0xff]),
      { kind: 'param-send', params: { '1': 0, '156': 7, '318': 1279 } },
    ],
    [
      'parameters of text and list, and large numbers',
      packet(0xc6, [0xff, 0xf3, 0x20, 2, 0x41, 0x42, 0xf6, 0xf8, 0x05, 0x00, 2, 9, 8, 0xf1, 1, 7]),
      { params: { '32': 'AB', '1280': [9, 8], '513': 7 } },
    ],
    [
      'management attributes',
      packet(
        0x80,
        fromHex(
          '002a 02 00 0215 53 01 0006 0000 5253 3531 20 00 0192 42 07 05 0002 57 00 0102 274d 41 01 42 0002 0000 0708 ffff',
        ),
        0x80,
      ),
      {
        kind: 'info',
        attributes: [
          { id: 533, type: 'S', value: 'RS51' },
          { id: 402, type: 'B', value: 5 },
          { id: 2, type: 'W', value: 258 },
          { id: 10061, type: 'A', value: [7, 8] },
        ],
      },
    ],
    ['a revision', packet(0xa4, scanBytes('PAABLS00 ')), { kind: 'info', text: 'PAABLS00' }],
    ['an opcode that is not known', packet(0x55, [1]), { kind: 'valid-packet', opcode: 0x55 }],
  ])('%s', (_name, bytes, expected) => {
    const [meaning, ...others] = meanings([bytes]);
    expect(meaning).toMatchObject(expected);
    expect(others).toEqual([]);
  });

  it.each<[string, Uint8Array, object]>([
    [
      'a wrong check digit',
      scan(0x0b, '4006381333930'),
      { error: 'bad-check-digit', answer: 'ACK' },
    ],
    ['a wrong UPC-E', scan(0x09, '02345674'), { error: 'bad-check-digit', answer: 'ACK' }],
    ['a scan without kind', packet(0xf3, []), { error: 'bad-length' }],
    ['an event without code', packet(0xf6, []), { error: 'bad-length' }],
    ['half a parameter', packet(0xc6, [0xff, 0xf4, 0x01, 0x02]), { error: 'bad-length' }],
    ['bytes that begin no packet', fromHex('01 02 03'), { error: 'bad-header' }],
    ['a packet cut short', scan(0x0a, '96385074').slice(0, 9), { error: 'truncated' }],
    ['a later segment without the first', packet(0x73, [1, 0x41]), { error: 'truncated' }],
  ])('refuses %s', (_name, bytes, expected) => {
    const [meaning, ...others] = meanings([bytes]);
    expect(meaning).toMatchObject({ kind: 'reject', ...expected });
    expect(others).toEqual([]);
  });
});

describe('ssi: what the host says', () => {
  it.each<[string, Uint8Array]>([
    ['FLUSH_MACRO_PDF', fromHex('04100400ffe8')],
    ['START_SESSION', fromHex('04e40400ff14')],
    ['WAKEUP', fromHex('00')],
  ])('%s is written and read', (name, bytes) => {
    const command: Meaning = { kind: 'command', name };
    expect(ssi.encode(command, {})).toEqual(bytes);
    expect(meanings([bytes], 'host->device')).toEqual([command]);
  });

  it('writes ACK and NAK, beeps and parameters', () => {
    expect(ssi.encode({ kind: 'ack' }, {})).toEqual(fromHex('04d00400ff28'));
    expect(ssi.encode({ kind: 'nak', cause: 'RESEND' }, {})).toEqual(fromHex('05d1040001ff25'));
    const beep: Meaning = { kind: 'command', name: 'BEEP', payload_hex: '01' };
    expect(meanings([ssi.encode(beep, {})], 'host->device')).toEqual([beep]);
    const acknowledged = meanings([fromHex('04d00400ff28')], 'host->device');
    expect(acknowledged).toMatchObject([{ kind: 'ack' }]);
  });

  it.each<[Meaning]>([
    [{ kind: 'command', name: 'DANCE' }],
    [{ kind: 'command', name: 'BEEP', payload_hex: 'x' }],
    [{ kind: 'nak', cause: 'MOOD' }],
    [{ kind: 'scan', symbology: 'runes', data: 'X' }],
    [{ kind: 'scan', symbology: 'qr', data: 'X'.repeat(300) }],
    [{ kind: 'weight' }],
  ])('cannot say %j', (meaning) => {
    expect(() => ssi.encode(meaning, {})).toThrow(RangeError);
  });
});

describe('ssi: codes in several packets', () => {
  it('joins continued packets', () => {
    const heard = meanings([scan(0x1c, 'http', 2), scan(0x1c, '://a', 2), scan(0x1c, '/x')]);
    expect(heard).toMatchObject([
      { kind: 'scan-fragment', data: 'http', answer: 'ACK' },
      { kind: 'scan-fragment', data: '://a' },
      { kind: 'scan', symbology: 'qr', data: 'http://a/x' },
    ]);
  });

  it('joins numbered segments', () => {
    const first = packet(0x73, [0, 0xf3, 0, 0, 0, 9, 0x1c, 1, 0, 6, ...scanBytes('ABC')]);
    // Scanners were seen with 2 in place of the source in the first segment.
    first[2] = 2;
    const body = first.slice(0, -2);
    const marked = joined(body, Uint8Array.from(ssiChecksum(body)));
    const heard = meanings([marked, packet(0x73, [1, ...scanBytes('DEF')])]);
    expect(heard).toMatchObject([
      { kind: 'scan-fragment', symbology: 'qr', data: 'ABC', answer: 'MULTIPACKET_ACK' },
      { kind: 'scan', symbology: 'qr', data: 'ABCDEF', answer: 'MULTIPACKET_ACK' },
    ]);
  });

  it('gives up a code that grows longer than symbols are', () => {
    const pieces = Array.from({ length: 20 }, () => scan(0x1c, 'x'.repeat(240), 2));
    const oversize = meanings(pieces).filter((meaning) => meaning.error === 'oversize');
    expect(oversize.length).toBe(1);
    const tooLong = packet(0x73, [0, 0xf3, 0, 0, 0xff, 0xff, 0x1c, 1, 0xff, 0xff]);
    expect(meanings([tooLong])).toMatchObject([{ kind: 'reject', error: 'oversize' }]);
    expect(maxMessageBytes).toBeLessThan(5000);
  });

  it('refuses more bytes than were announced', () => {
    const first = packet(0x73, [0, 0xf3, 0, 0, 0, 9, 0x1c, 1, 0, 2, ...scanBytes('ABC')]);
    expect(meanings([first])).toMatchObject([{ kind: 'reject', error: 'bad-length' }]);
  });
});

describe('ssi: repeated packets', () => {
  it('takes a retransmission once, and a second scan twice', () => {
    const heard = meanings([
      scan(0x0a, '96385074'),
      scan(0x0a, '96385074', 1),
      scan(0x0a, '96385074'),
    ]);
    expect(heard).toMatchObject([
      { kind: 'scan' },
      { kind: 'ignored', reason: 'retransmission', answer: 'ACK' },
      { kind: 'scan' },
    ]);
  });

  it('takes a retransmission whose first sending was damaged', () => {
    const damaged = scan(0x0a, '96385074');
    damaged[6] = 0x30;
    expect(meanings([damaged, scan(0x0a, '96385074', 1)])).toMatchObject([
      { kind: 'reject', error: 'bad-checksum', answer: 'NAK RESEND' },
      { kind: 'scan', data: '96385074' },
    ]);
  });
});

describe('ssi: laws of the stream', () => {
  const data = fc.stringMatching(/^[ -~]{1,200}$/).filter((text) => !text.startsWith(']'));

  it('what was sent is heard', () => {
    fc.assert(
      fc.property(
        data,
        fc.constantFrom('qr', 'code-128', 'gs1-128', 'code-39'),
        (text, symbology) => {
          const bytes = ssi.encode({ kind: 'scan', symbology, data: text }, {});
          expect(meanings([bytes])).toEqual([
            { kind: 'scan', symbology, data: text, answer: 'ACK' },
          ]);
        },
      ),
    );
  });

  it('pieces do not matter', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 20 }),
      data.map((text) => scan(0x1c, text)),
      fc.constant(packet(0xf6, [0x21])),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), fc.nat(), (pieces, seed) => {
        const whole = joined(...pieces);
        const at = whole.length === 0 ? 0 : seed % whole.length;
        expect(decode(pieces)).toEqual(decode([whole]));
        expect(decode([whole.slice(0, at), whole.slice(at)])).toEqual(decode([whole]));
        expect(decode(Array.from(whole, (byte) => Uint8Array.of(byte)))).toEqual(decode([whole]));
      }),
    );
  });

  it('a scan behind noise is heard once: at first, after the silence, or when it is repeated', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (noise) => {
        const decoder = ssi.decoder({ direction: 'device->host', context: {} });
        const heard = [
          ...decoder.push(joined(noise, scan(0x0b, '4006381333931'))),
          ...decoder.end(),
          ...decoder.push(scan(0x0b, '4006381333931', 1)),
        ];
        const scans = heard.map(({ meaning }) => meaning).filter(({ kind }) => kind === 'scan');
        expect(scans).toMatchObject([{ data: '4006381333931' }]);
      }),
      { numRuns: 1000 },
    );
  });

  it('a flipped bit never gives another scan', () => {
    const good = scan(0x0b, '4006381333931');
    for (let bit = 0; bit < good.length * 8; bit += 1) {
      const damaged = Uint8Array.from(good);
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const scans = meanings([damaged]).filter((meaning) => meaning.kind === 'scan');
      expect(scans).toEqual([]);
    }
  });
});
