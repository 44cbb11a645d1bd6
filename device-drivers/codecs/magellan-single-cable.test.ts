import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CodecContext, Meaning } from '../codec.ts';
import { benchOf, rejected, status } from './codec-bench.ts';
import { magellanSingleCable } from './magellan-single-cable.ts';

const bench = benchOf(magellanSingleCable);

describe('one line with barcodes and weights', () => {
  test.each<[string, Meaning, CodecContext?]>([
    ['S1101250\r', { kind: 'weight', value: '1.250', unit: 'kg', stable: true }],
    ['S110125\r', { kind: 'weight', value: '1.25', unit: 'lb', stable: true }],
    ['S14401250\r', { kind: 'weight', value: '1.250', unit: 'kg', stable: true }],
    ['S1440000\r', { kind: 'weight', value: '0.00', unit: 'lb', stable: true }],
    ['S14401250\r', { kind: 'weight', value: '1.250', unit: 'kg' }, { unit: 'kg' }],
    ['S140\r', status('zero-error')],
    ['S141\r', status('motion')],
    ['S142\r', status('over-capacity')],
    ['S143\r', status('zero')],
    ['S145\r', status('under-zero')],
    ['4006381333931\r', { kind: 'scan', data: '4006381333931' }],
    ['S0815\r', { kind: 'scan', data: 'S0815' }],
    [']E04006381333931\r', { kind: 'scan', symbology: 'ean-13', data: '4006381333931' }],
    ['\xe0\xe8S142\r', status('over-capacity')],
    ['S146\r', rejected('unknown-status')],
    ['S14\r', rejected('unknown-status')],
    ['S11125\r', rejected('bad-length')],
    ['S11\r', rejected('bad-length')],
    ['S110125a\r', rejected('bad-number')],
    ['S1411\r', rejected('bad-length')],
    ['S1101250\r', rejected('bad-unit'), { unit: 'lb' }],
    ['S1101250', rejected('no-terminator')],
    ['40063\xe033931\r', rejected('bad-charset')],
  ])('%j', (text, meaning, context) => {
    expect(bench.read(text, context)).toMatchObject(meaning);
  });

  test('keeps scans and weights of one burst apart', () => {
    expect(bench.read('S141\r4006381333931\r\nS14401250\r')).toMatchObject({
      kind: 'sequence',
      items: [{ kind: 'status' }, { kind: 'scan' }, { kind: 'weight', value: '1.250' }],
    });
  });
});

test('asks for the weight and for the reason of silence', () => {
  expect(bench.write({ kind: 'command', name: 'weight' })).toBe('S11\r');
  expect(bench.write({ kind: 'command', name: 'monitor' })).toBe('S14\r');
  expect(bench.readCommand('S11\r')).toMatchObject({ kind: 'command', name: 'weight' });
  expect(bench.readCommand('S99\r')).toMatchObject(rejected('bad-header'));
});

test('any weight survives the way there and back', () => {
  fc.assert(
    fc.property(fc.nat({ max: 99999 }), (grams) => {
      const digits = String(grams).padStart(5, '0');
      const value = `${Number(digits.slice(0, 2))}.${digits.slice(2)}`;
      const meaning = { kind: 'weight', value, unit: 'kg', stable: true };
      expect(bench.read(bench.write(meaning))).toEqual(meaning);
    }),
  );
});
