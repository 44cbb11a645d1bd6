import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countedFrames } from './counted.ts';
import type { Cut, Framer } from './cut.ts';
import { enclosedFrames } from './enclosed.ts';
import { terminatedFrames } from './terminated.ts';

const text = (cut: Cut) => String.fromCharCode(...cut.bytes);
const bytes = (from: string) => Uint8Array.from(from, (character) => character.charCodeAt(0));

/** What comes out, in short: frames as they are, junk as reason and text. */
function cut(framer: Framer, ...chunks: string[]): string[] {
  const cuts = [...chunks.flatMap((chunk) => framer.push(bytes(chunk))), ...framer.end()];
  return cuts.map((one) => (one.kind === 'frame' ? text(one) : `${one.error}: ${text(one)}`));
}

describe('frames with a terminator', () => {
  test('any run of line ends is one', () => {
    expect(cut(terminatedFrames(), 'a\r\n\r\nb\n', 'c\rd')).toEqual([
      'a\r',
      'b\n',
      'c\r',
      'no-terminator: d',
    ]);
  });

  test('a line that is too long is discarded to its end', () => {
    expect(cut(terminatedFrames({ limitBytes: 4 }), 'abcdefgh\rij\r')).toEqual([
      'oversize: abcd',
      'oversize: efgh',
      'ij\r',
    ]);
    expect(cut(terminatedFrames({ limitBytes: 4 }), 'abcdefg\rij\r')).toEqual([
      'oversize: abcd',
      'oversize: efg\r',
      'ij\r',
    ]);
  });
});

describe('frames between two bytes', () => {
  const framer = () => enclosedFrames({ start: 0x28, end: 0x29, idle: [0x20], limitBytes: 8 });

  test('junk between frames is handed out, idle bytes are not', () => {
    expect(cut(framer(), 'x(ab) yz(c)')).toEqual(['no-start: x', '(ab)', 'no-start: yz', '(c)']);
  });

  test('a new start gives up the frame before', () => {
    expect(cut(framer(), '(a(b)(c')).toEqual(['truncated: (a', '(b)', 'no-terminator: (c']);
  });

  test('a frame over the bound is discarded, and the next one found', () => {
    expect(cut(framer(), '(abcdefghij(k)')).toEqual(['oversize: (abcdefg', 'no-start: hij', '(k)']);
  });

  test('check bytes behind the end belong to the frame', () => {
    const checked = () => enclosedFrames({ start: 0x28, end: 0x29, trailing: 2 });
    expect(cut(checked(), '(ab)()(c)1')).toEqual(['(ab)()', 'truncated: (c)1']);
  });
});

test('counted frames skip what cannot be a length', () => {
  const frameLength = (first: number) =>
    first >= 0x31 && first <= 0x39 ? first - 0x30 : undefined;
  const framer = countedFrames({ frameLength, limitBytes: 9 });
  expect(cut(framer, '3abx2c', '4de')).toEqual(['3ab', 'bad-length: x', '2c', 'truncated: 4de']);
});

const framers: [string, () => Framer][] = [
  ['terminated', () => terminatedFrames({ limitBytes: 16 })],
  ['enclosed', () => enclosedFrames({ start: 2, end: 13, trailing: 1, limitBytes: 16 })],
  [
    'counted',
    () => countedFrames({ frameLength: (n) => (n < 12 ? n : undefined), limitBytes: 16 }),
  ],
];

test.each(framers)('%s: every byte comes out once and in order, however it is split', (_, make) => {
  const stream = fc.array(fc.oneof(fc.constantFrom(2, 10, 13, 32), fc.nat({ max: 255 })));
  fc.assert(
    fc.property(stream, fc.array(fc.nat({ max: 9 })), (raw, sizes) => {
      const all = Uint8Array.from(raw);
      const whole = make();
      const expected = [...whole.push(all), ...whole.end()];
      const pieces = make();
      const found: Cut[] = [];
      let at = 0;
      for (const size of [...sizes, all.length]) {
        found.push(...pieces.push(all.subarray(at, at + size)));
        at += size;
      }
      found.push(...pieces.end());
      expect(found).toEqual(expected);
      const idle = (byte: number) => byte === 13 || byte === 10;
      const out = expected.flatMap((one) => [...one.bytes]).filter((byte) => !idle(byte));
      expect(out).toEqual(raw.filter((byte) => !idle(byte)));
    }),
  );
});
