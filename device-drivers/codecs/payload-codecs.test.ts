/**
 * Laws of all codecs whose messages arrive whole (MQTT devices and tills): the golden vectors mean what
 * they mean in any pieces, what breaks off is refused, what was written reads back, and no bytes make
 * a decoder throw.
 */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Codec,
  type CodecContext,
  type Direction,
  type Meaning,
  type Reject,
  rejectReasons,
} from '../codec.ts';
import { hexBytes } from './hex-text.ts';
import { mqttCodecs } from './mqtt.ts';
import { decodeOnce } from './stream.ts';
import { tillCodecs } from './till.ts';

interface Vector {
  id: string;
  protocol: string;
  direction: Direction;
  bytes_hex: string;
  meaning: Meaning;
  context?: CodecContext;
  topic?: string;
}

function vectorsOf(name: string): Vector[] {
  const file = new URL(`../fixtures/${name}`, import.meta.url);
  // The fixtures are our own files; a row of another shape fails its test.
  return (JSON.parse(readFileSync(file, 'utf8')) as { vectors: Vector[] }).vectors;
}

const vectors = [...vectorsOf('mqtt-vectors.json'), ...vectorsOf('till-vectors.json')];
const codecs: readonly Codec[] = [...mqttCodecs, ...tillCodecs];

function codecOf(protocol: string): Codec {
  const codec = codecs.find((one) => one.protocol === protocol);
  if (codec === undefined) throw new Error(`no codec ${protocol}`);
  return codec;
}

const bytesOf = (vector: Vector): Uint8Array => hexBytes(vector.bytes_hex) ?? new Uint8Array();

function read(vector: Vector, chunks: readonly Uint8Array[]): Meaning {
  const { direction, context = {}, topic } = vector;
  const input = { chunks, direction, context, ...(topic !== undefined && { topic }) };
  return decodeOnce(codecOf(vector.protocol), input);
}

test('every protocol has vectors that are read and vectors that are refused', () => {
  for (const { protocol } of codecs) {
    const kinds = vectors.filter((one) => one.protocol === protocol).map((one) => one.meaning.kind);
    expect(kinds).toContain('reject');
    expect(kinds.filter((kind) => kind !== 'reject').length).toBeGreaterThan(3);
  }
});

describe.each(vectors)('$id', (vector) => {
  const bytes = bytesOf(vector);

  test('means what its source says', () => {
    expect(read(vector, [bytes])).toMatchObject(vector.meaning);
  });

  test('means the same in pieces', () => {
    const whole = read(vector, [bytes]);
    const step = Math.max(1, Math.floor(bytes.length / 16));
    for (let at = 0; at <= bytes.length; at += step) {
      expect(read(vector, [bytes.subarray(0, at), bytes.subarray(at)])).toEqual(whole);
    }
  });
});

const documents = vectors.filter(
  ({ bytes_hex, meaning, topic = '' }) =>
    /^(?:7b|5b|3c)/.test(bytes_hex) &&
    meaning.kind !== 'reject' &&
    // These are not read at all.
    !/bridge\/(?:devices|event)|RESULT$/.test(topic),
);

test.each(documents)('$id: cut short anywhere it is refused', (vector) => {
  const bytes = bytesOf(vector);
  for (let length = 0; length < bytes.length; length += 1) {
    const part = read(vector, [bytes.subarray(0, length)]);
    // An empty payload is a cleared retained message.
    expect(length === 0 ? ['reject', 'cleared', 'command'] : ['reject']).toContain(part.kind);
  }
});

/** Undefined where the codec says that it has no words for it. */
function encoded(codec: Codec, meaning: Meaning, context: CodecContext): Uint8Array | undefined {
  try {
    return codec.encode(meaning, context);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const comparedMembers = ['values', 'lines', 'metrics', 'label', 'seq', 'data_hex', 'online'];

describe.each(codecs)('$protocol', (codec) => {
  const own = vectors.filter(({ protocol }) => protocol === codec.protocol);

  test('reads back what it wrote', () => {
    const understood = own.filter(({ meaning }) => meaning.kind !== 'reject');
    const written = understood.flatMap((vector) => {
      const meaning = read(vector, [bytesOf(vector)]);
      const bytes = encoded(codec, meaning, vector.context ?? {});
      return bytes === undefined ? [] : [{ meaning, again: read(vector, [bytes]) }];
    });
    expect(written.length).toBeGreaterThan(0);
    for (const { meaning, again } of written) {
      const members = comparedMembers.filter((name) => name in meaning);
      const expected = Object.fromEntries(members.map((name) => [name, meaning[name]]));
      expect(again).toMatchObject({ kind: meaning.kind, ...expected });
    }
  });

  test('says what it cannot write', () => {
    expect(() => codec.encode({ kind: 'poem' }, {})).toThrow(RangeError);
  });

  test('takes damaged payloads or refuses them with a known reason, and never throws', () => {
    const places = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 4 });
    fc.assert(
      fc.property(fc.constantFrom(...own), places, fc.nat(), (vector, changes, cut) => {
        const bytes = bytesOf(vector).slice();
        for (const [at, to] of changes) if (bytes.length > 0) bytes[at % bytes.length] = to;
        const kept = cut % 3 === 0 ? bytes.subarray(0, cut % (bytes.length + 1)) : bytes;
        const meaning = read(vector, [kept]);
        if (meaning.kind === 'reject') expect(rejectReasons).toContain((meaning as Reject).error);
        // What JSON cannot say (NaN, undefined) would not survive being printed.
        expect(JSON.parse(JSON.stringify(meaning))).toEqual(meaning);
      }),
      { numRuns: 300 },
    );
  });

  test('refuses random bytes or finds nothing of weight in them', () => {
    const topic = own.find(
      (one) => one.topic !== undefined && one.meaning.kind !== 'reject',
    )?.topic;
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const context = own[0]?.context ?? {};
        const direction = 'device->host';
        const input = { chunks: [bytes], direction, context } as const;
        const meaning = decodeOnce(codec, { ...input, ...(topic !== undefined && { topic }) });
        expect(typeof meaning.kind).toBe('string');
        expect(meaning.kind).not.toBe('sale');
      }),
      { numRuns: 300 },
    );
  });

  test('refuses what is larger than any device sends, without keeping it', () => {
    const [vector] = own;
    if (vector === undefined) throw new Error('no vectors');
    const meaning = read(
      vector,
      Array.from({ length: 40 }, () => new Uint8Array(65_536)),
    );
    expect(meaning).toMatchObject({ kind: 'reject', error: 'oversize' });
  });
});
