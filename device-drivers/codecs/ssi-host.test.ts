import { describe, expect, it } from 'vitest';
import type { Decoded } from '../codec.ts';
import { ssi } from './ssi.ts';
import {
  idleSsiHost,
  type SsiHostEffect,
  type SsiHostInput,
  type SsiHostState,
  ssiMaxWaiting,
  stepSsiHost,
} from './ssi-host.ts';
import { writeSsiPacket } from './ssi-packets.ts';

const enable = ssi.encode({ kind: 'command', name: 'SCAN_ENABLE' }, {});
const beep = ssi.encode({ kind: 'command', name: 'BEEP', payload_hex: '01' }, {});
const acknowledge = writeSsiPacket({ opcode: 0xd0, source: 'decoder' });
const scanPacket = ssi.encode({ kind: 'scan', symbology: 'ean-8', data: '96385074' }, {});

/** Runs inputs; effects as short texts: `write <hex>`, `pass-on <kind>`, `done …`, `failed …`. */
function run(inputs: SsiHostInput[]): { effects: string[]; state: SsiHostState } {
  let state = idleSsiHost;
  const effects: string[] = [];
  for (const input of inputs) {
    const step = stepSsiHost(state, input);
    state = step.state;
    effects.push(...step.effects.map(shortened));
  }
  return { effects, state };
}

function shortened(effect: SsiHostEffect): string {
  switch (effect.kind) {
    case 'write':
      return `write ${Array.from(effect.bytes.subarray(1, 4), (byte) => byte.toString(16)).join(' ')}`;
    case 'pass-on':
      return `pass-on ${effect.meaning.kind}`;
    case 'done':
      return `done ${effect.command}`;
    case 'failed':
      return `failed ${effect.command} ${effect.cause}`;
  }
}

function received(...packets: Uint8Array[]): SsiHostInput[] {
  const decoder = ssi.decoder({ direction: 'device->host', context: {} });
  const decoded: Decoded[] = [...packets.flatMap((bytes) => decoder.push(bytes)), ...decoder.end()];
  return decoded.map((one) => ({ kind: 'received', decoded: one }));
}

const send = (packet: Uint8Array): SsiHostInput => ({ kind: 'send', packet });
const timeout: SsiHostInput = { kind: 'time-out' };

describe('ssi host', () => {
  it('acknowledges a scan before passing it on', () => {
    expect(run(received(scanPacket)).effects).toEqual(['write d0 4 0', 'pass-on scan']);
  });

  it('asks again for a damaged packet, and takes its repetition once', () => {
    const damaged = Uint8Array.from(scanPacket);
    damaged[7] = 0x39;
    const repeated = writeSsiPacket(
      { opcode: 0xf3, source: 'decoder', status: 1 },
      scanPacket.slice(4, -2),
    );
    expect(run(received(damaged, repeated, repeated)).effects).toEqual([
      'write d1 4 0',
      'pass-on reject',
      'write d0 4 0',
      'pass-on scan',
      'write d0 4 0',
    ]);
  });

  it('sends one command at a time', () => {
    const { effects, state } = run([send(enable), send(beep), ...received(acknowledge)]);
    expect(effects).toEqual(['write e9 4 0', 'done SCAN_ENABLE', 'write e6 4 0']);
    expect(state.underWay?.resends).toBe(0);
    expect(run([send(enable), ...received(acknowledge)]).state).toEqual(idleSsiHost);
  });

  it('repeats a command twice with the bit "retransmitted", then calls the scanner silent', () => {
    expect(run([send(enable), timeout, timeout, timeout]).effects).toEqual([
      'write e9 4 0',
      'write e9 4 1',
      'write e9 4 1',
      'failed SCAN_ENABLE not-answering',
    ]);
  });

  it('repeats a command that arrived damaged, and gives up one that was refused', () => {
    const resend = writeSsiPacket({ opcode: 0xd1, source: 'decoder' }, Uint8Array.of(1));
    const denied = writeSsiPacket({ opcode: 0xd1, source: 'decoder' }, Uint8Array.of(6));
    expect(run([send(enable), ...received(resend, denied)]).effects).toEqual([
      'write e9 4 0',
      'write e9 4 1',
      'failed SCAN_ENABLE refused',
    ]);
  });

  it('takes the parameters as the answer to the request for them', () => {
    const request = ssi.encode({ kind: 'command', name: 'PARAM_REQUEST', payload_hex: '01' }, {});
    const parameters = writeSsiPacket(
      { opcode: 0xc6, source: 'decoder' },
      Uint8Array.of(0xff, 1, 0),
    );
    expect(run([send(request), ...received(parameters)]).effects).toEqual([
      'write c7 4 0',
      'write d0 4 0',
      'pass-on param-send',
      'done PARAM_REQUEST',
    ]);
  });

  it('answers a scan that comes while a command waits', () => {
    expect(run([send(enable), ...received(scanPacket, acknowledge)]).effects).toEqual([
      'write e9 4 0',
      'write d0 4 0',
      'pass-on scan',
      'done SCAN_ENABLE',
    ]);
  });

  it('refuses commands beyond its bound, and a time-out without command changes nothing', () => {
    const many = Array.from({ length: ssiMaxWaiting + 2 }, () => send(beep));
    const { effects, state } = run(many);
    expect(effects).toEqual(['write e6 4 0', 'failed BEEP queue-full']);
    expect(state.waiting.length).toBe(ssiMaxWaiting);
    expect(run([timeout])).toEqual({ effects: [], state: idleSsiHost });
  });
});
