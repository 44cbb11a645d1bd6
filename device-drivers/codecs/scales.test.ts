/**
 * Laws that hold for every scale protocol: the captured vectors mean what they mean, however the
 * line splits them and whatever noise stands around them, and no bytes make a decoder throw.
 */

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Codec, CodecContext, Direction, Meaning } from '../codec.ts';
import { scaleCodecs } from './scales.ts';
import { decodeOnce, isDiscarded } from './stream.ts';

interface Vector {
  id: string;
  protocol: string;
  direction: Direction;
  bytes_hex: string;
  meaning: Meaning;
  context?: CodecContext;
}

const fixture = new URL('../fixtures/scale-vectors.json', import.meta.url);
const vectors: Vector[] = JSON.parse(readFileSync(fixture, 'utf8')).vectors;

function codecOf(protocol: string): Codec {
  const codec = scaleCodecs.find((one) => one.protocol === protocol);
  if (codec === undefined) {
    throw new Error(`no codec ${protocol}`);
  }
  return codec;
}

function bytesOfHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function read(vector: Vector, chunks: readonly Uint8Array[]): Meaning {
  const { direction, context = {} } = vector;
  return decodeOnce(codecOf(vector.protocol), { chunks, direction, context });
}

/** Meanings of all frames that were understood. */
function readings(vector: Vector, chunks: readonly Uint8Array[]): Meaning[] {
  const { direction, context = {} } = vector;
  const decoder = codecOf(vector.protocol).decoder({ direction, context });
  const results = [...chunks.flatMap((chunk) => decoder.push(chunk)), ...decoder.end()];
  return results.map(({ meaning }) => meaning).filter((meaning) => meaning.kind !== 'reject');
}

const joined = (...parts: readonly Uint8Array[]) => Uint8Array.from(parts.flatMap((p) => [...p]));

test('every protocol has its own name', () => {
  expect(new Set(scaleCodecs.map((codec) => codec.protocol)).size).toBe(scaleCodecs.length);
});

describe.each(vectors)('$id ($protocol)', (vector) => {
  const bytes = bytesOfHex(vector.bytes_hex);

  test('means what its source says', () => {
    expect(read(vector, [bytes])).toMatchObject(vector.meaning);
  });

  test('means the same split at every byte and in single bytes', () => {
    const whole = read(vector, [bytes]);
    for (let at = 0; at <= bytes.length; at += 1) {
      expect(read(vector, [bytes.subarray(0, at), bytes.subarray(at)])).toEqual(whole);
    }
    expect(
      read(
        vector,
        [...bytes].map((byte) => Uint8Array.of(byte)),
      ),
    ).toEqual(whole);
  });

  test('cut short it gives no other reading', () => {
    const whole = readings(vector, [bytes]);
    for (let length = 0; length < bytes.length; length += 1) {
      const part = readings(vector, [bytes.subarray(0, length)]);
      for (const meaning of part) {
        expect(whole).toContainEqual(meaning);
      }
    }
  });

  test('twice in a row it gives the same twice', () => {
    const once = readings(vector, [bytes]);
    expect(readings(vector, [joined(bytes, bytes)])).toEqual([...once, ...once]);
  });
});

const toHost = vectors.filter((vector) => vector.direction === 'device->host');

/** Protocols without a mark at the start of a line: printable noise would join the line. */
const startless: readonly string[] = ['ohaus', 'cas-10', 'magellan-single-cable'];

describe.each(toHost)('$id among noise', (vector) => {
  const bytes = bytesOfHex(vector.bytes_hex);
  // Bytes that are no start, end, answer or digit in any of the protocols.
  const noise = fc.uint8Array({ maxLength: 40 }).map((raw) => raw.map((byte) => 0xe0 | (byte & 8)));

  // What trimming takes for blank and nothing else would; a line end cuts a line, which only a
  // checksum could tell.
  const damage = [0x00, 0x09, 0x0b, 0x0c, 0x85, 0xa0];

  test('gives the same readings', () => {
    const whole = readings(vector, [bytes]);
    const lineEnd = Uint8Array.of(...(startless.includes(vector.protocol) ? [13] : []));
    fc.assert(
      fc.property(noise, noise, (before, after) => {
        const among = joined(before, before.length > 0 ? lineEnd : Uint8Array.of(), bytes, after);
        expect(readings(vector, [among])).toEqual(whole);
      }),
      { numRuns: 40 },
    );
  });

  test('a damaged byte never gives another weight', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: bytes.length - 1 }),
        fc.oneof(fc.constantFrom(...damage), fc.integer({ min: 128, max: 255 })),
        (at, to) => {
          const damaged = bytes.slice();
          damaged[at] = to;
          const weights = readings(vector, [damaged]).filter(({ kind }) => kind === 'weight');
          const original = readings(vector, [bytes]).filter(({ kind }) => kind === 'weight');
          for (const weight of weights) {
            const amounts = original.map(({ value, unit }) => `${value} ${unit}`);
            expect(amounts).toContain(`${weight['value']} ${weight['unit']}`);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe.each(scaleCodecs)('$protocol', (codec) => {
  const alphabet = fc.constantFrom(
    ...[2, 3, 4, 5, 6, 10, 13, 17, 21, 27, 32, 43, 45, 46, 48, 49, 53, 57, 63, 83, 84, 68, 71],
    ...[76, 78, 44, 103, 107, 0x81, 0xe4, 0xff, 0],
  );
  const stream = fc.array(fc.oneof(alphabet, fc.nat({ max: 255 })), { maxLength: 700 });
  const direction = fc.constantFrom<Direction>('device->host', 'host->device');

  test('never throws, and takes any bytes the same in any pieces', () => {
    fc.assert(
      fc.property(stream, direction, fc.array(fc.nat({ max: 60 })), (raw, way, sizes) => {
        const bytes = Uint8Array.from(raw);
        const whole = codec.decoder({ direction: way, context: {} });
        const expected = [...whole.push(bytes), ...whole.end()];
        const pieces = codec.decoder({ direction: way, context: {} });
        const found = [];
        let at = 0;
        for (const size of [...sizes, bytes.length]) {
          found.push(...pieces.push(bytes.subarray(at, at + size)));
          at += size;
        }
        found.push(...pieces.end());
        expect(found).toEqual(expected);
      }),
      { numRuns: 150 },
    );
  });

  test('keeps no more than a frame of endless noise', () => {
    const decoder = codec.decoder({ direction: 'device->host', context: {} });
    const results = Array.from({ length: 40 }, () => decoder.push(new Uint8Array(100).fill(0x41)));
    const handedOut = results.flat().reduce((sum, { frame }) => sum + frame.length, 0);
    expect(handedOut).toBeGreaterThanOrEqual(4000 - 256);
    expect(results.flat().every(({ meaning }) => isDiscarded(meaning))).toBe(true);
  });

  test('says what it cannot write', () => {
    expect(() => codec.encode({ kind: 'poem' }, {})).toThrow(RangeError);
    expect(() => codec.encode({ kind: 'command', name: 'fly' }, {})).toThrow(RangeError);
  });
});

describe('writing', () => {
  test.each(vectors.filter(({ meaning }) => meaning.kind !== 'reject'))(
    'reads back what it wrote for $id',
    (vector) => {
      const codec = codecOf(vector.protocol);
      const context = vector.context ?? {};
      const meaning = read(vector, [bytesOfHex(vector.bytes_hex)]);
      const again = codec.encode(meaning, context);
      expect(read(vector, [again])).toEqual(meaning);
    },
  );
});
