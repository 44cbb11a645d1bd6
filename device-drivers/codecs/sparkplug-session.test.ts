import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Meaning } from '../codec.ts';
import { sparkplugB } from './sparkplug-b.ts';
import {
  devicesPerNodeLimit,
  type SparkplugOutcome,
  type SparkplugSession,
  sparkplugContext,
  takeSparkplug,
  unbornSession,
} from './sparkplug-session.ts';
import { decodeOnce } from './stream.ts';

const message = (type: string, more: object = {}): Meaning => ({
  kind: 'sparkplug',
  type,
  group: 'store1',
  node: 'gw1',
  metrics: {},
  ...more,
});
const nodeBirth = (bd_seq = 0, seq = 0) => message('NBIRTH', { seq, bd_seq });
const shelf = (type: string, seq: number) => message(type, { seq, device: 'shelf7' });

function run(...messages: Meaning[]): { session: SparkplugSession; outcomes: SparkplugOutcome[] } {
  let session = unbornSession;
  const outcomes = messages.map((meaning) => {
    const [next, outcome] = takeSparkplug(session, meaning);
    session = next;
    return outcome;
  });
  return { session, outcomes };
}

const last = (...messages: Meaning[]) => run(...messages).outcomes.at(-1);

describe('a Sparkplug node', () => {
  test('is born, brings its devices and sends values in order', () => {
    const { outcomes } = run(
      nodeBirth(),
      shelf('DBIRTH', 1),
      shelf('DDATA', 2),
      message('NDATA', { seq: 3 }),
      shelf('DDEATH', 4),
    );
    expect(outcomes).toEqual([
      { kind: 'online', device: '' },
      { kind: 'online', device: 'shelf7' },
      { kind: 'values' },
      { kind: 'values' },
      { kind: 'offline', device: 'shelf7' },
    ]);
  });

  test('counts from 255 on to 0', () => {
    const data = Array.from({ length: 256 }, (_, n) => message('NDATA', { seq: (n + 1) % 256 }));
    expect(run(nodeBirth(), ...data).outcomes.slice(1)).toEqual(
      data.map(() => ({ kind: 'values' })),
    );
  });

  test('is asked once for a rebirth after a gap, and its values wait for it', () => {
    const { outcomes } = run(
      nodeBirth(),
      message('NDATA', { seq: 2 }),
      message('NDATA', { seq: 3 }),
      nodeBirth(1),
      message('NDATA', { seq: 1 }),
    );
    expect(outcomes).toEqual([
      { kind: 'online', device: '' },
      { kind: 'doubtful', reason: 'gap', asksRebirth: true },
      { kind: 'doubtful', reason: 'not-born', asksRebirth: false },
      { kind: 'online', device: '' },
      { kind: 'values' },
    ]);
  });

  test.each([
    ['data before the birth', [message('NDATA', { seq: 0 })], 'not-born'],
    ['a device that was not born', [nodeBirth(), shelf('DDATA', 1)], 'not-born'],
    [
      'a device after its death',
      [nodeBirth(), shelf('DBIRTH', 1), shelf('DDEATH', 2), shelf('DDATA', 3)],
      'not-born',
    ],
    [
      'a message twice',
      [nodeBirth(), message('NDATA', { seq: 1 }), message('NDATA', { seq: 1 })],
      'gap',
    ],
    ['data without a number', [nodeBirth(), message('NDATA')], 'gap'],
  ] as const)('does not give out %s', (_case, messages, reason) => {
    expect(last(...messages)).toMatchObject({ kind: 'doubtful', reason });
  });

  test('dies only of the last will that belongs to its birth', () => {
    const death = (bd_seq: number) => message('NDEATH', { bd_seq });
    expect(last(nodeBirth(4), death(3))).toEqual({ kind: 'nothing' });
    expect(last(nodeBirth(4), death(4))).toEqual({ kind: 'offline', device: '' });
    expect(last(nodeBirth(4), death(4), message('NDATA', { seq: 1 }))).toMatchObject({
      kind: 'doubtful',
    });
  });

  test('is not moved by commands', () => {
    expect(last(nodeBirth(), message('NCMD'))).toEqual({ kind: 'nothing' });
  });

  test('names and types of the birth decode what comes after it', () => {
    const topic = (type: string) => `spBv1.0/store1/${type}/gw1/shelf7`;
    const datatypes = { Level: 'Int8' };
    const birth = message('DBIRTH', {
      seq: 1,
      device: 'shelf7',
      aliases: { '1': 'Level' },
      datatypes,
    });
    const { session } = run(nodeBirth(), birth);
    // Alias 1, int 251, and nothing else: -5 only for who knows the birth.
    const bytes = Uint8Array.of(0x12, 0x05, 0x10, 0x01, 0x50, 0xfb, 0x01, 0x18, 0x02);
    const decode = (context: object) =>
      decodeOnce(sparkplugB, {
        chunks: [bytes],
        direction: 'device->host',
        context: { ...context },
        topic: topic('DDATA'),
      });
    expect(decode(sparkplugContext(session, 'shelf7'))).toMatchObject({ metrics: { Level: -5 } });
    expect(decode({})).toMatchObject({ metrics: {}, unresolved: { '1': 251 } });
    expect(decode(sparkplugContext(session, 'other'))).toMatchObject({ metrics: {} });
  });

  test('keeps no more than its limit of devices', () => {
    const births = Array.from({ length: devicesPerNodeLimit + 50 }, (_, n) =>
      message('DBIRTH', { seq: (n + 1) % 256, device: `d${n}` }),
    );
    expect(run(nodeBirth(), ...births).session.births.size).toBe(devicesPerNodeLimit + 1);
  });
});

test('on a line that loses, repeats and swaps messages, values come only in an unbroken row from a birth', () => {
  const stream = fc
    .array(fc.constantFrom('NBIRTH', 'NDATA', 'NDATA', 'NDATA', 'DBIRTH', 'DDATA'), {
      maxLength: 40,
    })
    .map((types) => {
      let seq = -1;
      return types.map((type) => {
        seq = type === 'NBIRTH' ? 0 : (seq + 1) % 256;
        return message(type, { seq, ...(type.startsWith('D') && { device: 'shelf7' }) });
      });
    });
  const faults = fc.array(fc.tuple(fc.nat(), fc.constantFrom('lose', 'repeat', 'swap')), {
    maxLength: 4,
  });
  fc.assert(
    fc.property(stream, faults, (sent, troubles) => {
      const arrived = [...sent];
      for (const [where, trouble] of troubles) {
        if (arrived.length === 0) break;
        const at = where % arrived.length;
        const [taken] = arrived.splice(at, 1);
        if (taken === undefined || trouble === 'lose') continue;
        arrived.splice(trouble === 'swap' ? at + 1 : at, 0, taken);
        if (trouble === 'repeat') arrived.splice(at, 0, taken);
      }
      const { outcomes } = run(...arrived);
      let last: unknown = null;
      arrived.forEach(({ seq, type }, index) => {
        const outcome = outcomes[index];
        if (outcome?.kind === 'doubtful') last = null;
        else if (type === 'NBIRTH') last = seq;
        else {
          expect(seq).toBe((Number(last ?? Number.NaN) + 1) % 256);
          last = seq;
        }
      });
    }),
  );
});
