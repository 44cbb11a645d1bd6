import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CodecContext, Json } from '../codec.ts';
import { bytesOf } from './ascii.ts';
import { benchOf, rejected, status } from './codec-bench.ts';
import { toledoContinuous } from './toledo-continuous.ts';
import { toledoCheck } from './toledo-continuous-encode.ts';

const bench = benchOf(toledoContinuous);

function frame(words: readonly number[], digits = '000500000000'): string {
  return `\x02${String.fromCharCode(...words)}${digits}\r`;
}

function checked(text: string): string {
  return text + String.fromCharCode(toledoCheck(bytesOf(text)));
}

const kg = { kind: 'weight', unit: 'kg', stable: true, net: false };

describe('frames of Toledo Continuous', () => {
  test.each<[string, Record<string, Json>, CodecContext?]>([
    [frame([0x2d, 0x30, 0x20]), { ...kg, value: '0.500', tare: '0.000' }],
    [checked(frame([0x2d, 0x30, 0x20])), { ...kg, value: '0.500' }, { checksum: true }],
    [`${frame([0x2d, 0x30, 0x20])}/`, { ...kg, value: '0.500' }],
    [`${frame([0x2d, 0x30, 0x20])}0`, rejected('bad-checksum')],
    [`${frame([0x2d, 0x30, 0x20])}0`, { ...kg, value: '0.500' }, { checksum: false }],
    [`${frame([0x2d, 0x30, 0x20])}\n`, { ...kg, value: '0.500' }],
    [frame([0x2d, 0x30, 0x20], '000500'), { ...kg, value: '0.500' }],
    [checked(frame([0x2d, 0x30, 0x20], '000500')), { ...kg, value: '0.500' }, { checksum: true }],
    [frame([0x2d, 0x30, 0x20], '   500     0'), { ...kg, value: '0.500', tare: '0.000' }],
    [frame([0x2d, 0x31, 0x20], '000500000125'), { value: '0.500', net: true, tare: '0.125' }],
    [frame([0x2d, 0x32, 0x20]), { ...kg, value: '-0.500' }],
    [frame([0x2d, 0x38, 0x20]), { ...kg, value: '0.500', stable: false }],
    [frame([0x2d, 0x30, 0x28]), { ...kg, value: '0.500', print: true }],
    [frame([0x2c, 0x20, 0x20], '000250000000'), { value: '2.50', unit: 'lb' }],
    [frame([0x2a, 0x30, 0x20]), { value: '500' }],
    [frame([0x29, 0x30, 0x20]), { value: '5000' }],
    [frame([0x28, 0x30, 0x20]), { value: '50000' }],
    [frame([0x2b, 0x30, 0x20]), { value: '50.0' }],
    [frame([0x2e, 0x30, 0x20]), { value: '0.0500' }],
    [frame([0x2f, 0x30, 0x20]), { value: '0.00500' }],
    [frame([0x2d, 0x20, 0x21]), { value: '0.500', unit: 'g' }],
    [frame([0x2d, 0x34, 0x20]), status('out-of-range')],
    [frame([0x2d, 0x34, 0x20], '            '), status('out-of-range')],
    [frame([0x2d, 0x3c, 0x20]), status('out-of-range', 'motion')],
    [frame([0x2d, 0x70, 0x20]), status('power-up-not-zeroed')],
    [frame([0x6d, 0x30, 0x30]), { ...kg, value: '0.500' }],
    [frame([0x6d, 0x30, 0x31]), { value: '0.500', unit: 'lb' }],
    [frame([0x2d, 0x10, 0x20]), { ...kg, value: '0.500' }, { dialect: 'fairbanks' }],
    [`\x02-0 0005${frame([0x2d, 0x30, 0x20])}`, { ...kg, value: '0.500' }],
    [frame([0x2d, 0x10, 0x20]), rejected('bad-status')],
    [frame([0x6d, 0x30, 0x20]), rejected('bad-status')],
    [frame([0x2d, 0x30, 0x30]), rejected('bad-status')],
    [frame([0x2d, 0x30, 0x27]), rejected('bad-unit')],
    [frame([0x2d, 0x30, 0x20]), rejected('bad-unit'), { unit: 'lb' }],
    [frame([0x2d, 0x30, 0x20], '0005x0000000'), rejected('bad-number')],
    [frame([0x2d, 0x30, 0x20], '00050000000'), rejected('bad-length')],
    [`${frame([0x2d, 0x30, 0x20])}0`, rejected('bad-checksum'), { checksum: true }],
    [frame([0x2d, 0x30, 0x20]), rejected('truncated'), { checksum: true }],
    [frame([0x2d, 0x30, 0x20]).slice(0, -1), rejected('truncated')],
    ['000500000000\r', rejected('no-start')],
  ])('%j', (text, meaning, context) => {
    expect(bench.read(text, context)).toMatchObject(meaning);
  });
});

test.each([
  ['P', 'print'],
  ['T', 'tare'],
  ['Z', 'zero'],
  ['C', 'clear-tare'],
])('%s is %s, both ways', (wire, name) => {
  expect(bench.readCommand(`${wire}\r\n`)).toMatchObject({ kind: 'command', name });
  expect(bench.write({ kind: 'command', name })).toBe(`${wire}\r\n`);
});

test('any weight survives the way there and back', () => {
  const weight = fc.tuple(
    fc.constantFrom('', '-'),
    fc.nat({ max: 999 }),
    fc.constantFrom('kg', 'lb', 'g', 'oz'),
    fc.boolean(),
    fc.boolean(),
    fc.boolean(),
  );
  fc.assert(
    fc.property(weight, fc.boolean(), ([sign, whole, unit, stable, net, print], checksum) => {
      const value = `${sign}${whole}.125`;
      const meaning = { kind: 'weight', value, unit, stable, net, print, tare: '0.250' };
      expect(bench.read(bench.write(meaning, { checksum }), { checksum })).toEqual(meaning);
    }),
  );
});

/** A frame whose checksum is STX, so that it looks like the beginning of the next frame. */
const checkedBySTX = checked(frame([0x2d, 0x38, 0x20], '079989000000'));

test('a checksum that looks like STX is told from the next frame', () => {
  expect(checkedBySTX.at(-1)).toBe('\x02');
  const plain = frame([0x2d, 0x30, 0x20]);
  const twice = { kind: 'sequence', items: [{ value: '79.989' }, { value: '0.500' }] };
  expect(bench.read(`${checkedBySTX}${checked(plain)}`)).toMatchObject(twice);
  expect(bench.read(`${checkedBySTX.slice(0, -1)}${plain}`)).toMatchObject(twice);
  expect(bench.read(checkedBySTX)).toMatchObject({ value: '79.989' });
});
