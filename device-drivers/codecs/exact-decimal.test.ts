import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimalOf, linear, negated, plainDecimal } from './exact-decimal.ts';
import { JsonNumber } from './json-text.ts';
import { Refusal } from './refusal.ts';

describe('exact decimals', () => {
  test.each([
    ['3', '0.1', '0', '0.3'],
    ['42', '1', '0', '42'],
    ['215', '0.1', '-40', '-18.5'],
    ['-1', '1', '0', '-1'],
    ['0.1', '1', '0.2', '0.3'],
    ['1000', '0.001', '0', '1'],
    ['5', '0', '7', '7'],
    ['-5', '0.2', '1', '0'],
  ])('%s × %s + %s = %s', (text, factor, offset, result) => {
    expect(linear(text, factor, offset)).toBe(result);
  });

  test('agree with whole numbers of a thousandth', () => {
    const thousandths = fc.integer({ min: -1_000_000, max: 1_000_000 });
    const text = (value: number) => (value / 1_000).toFixed(3);
    fc.assert(
      fc.property(thousandths, thousandths, thousandths, (value, factor, offset) => {
        const found = Number(linear(text(value), text(factor), text(offset)));
        expect(found).toBe((value * factor + offset * 1_000) / 1_000_000);
      }),
    );
  });

  test.each([
    ['2', '2'],
    ['1.250', '1.250'],
    ['-0.0', '0.0'],
    ['1e2', '100'],
    ['1.5E+3', '1500'],
    ['125e-2', '1.25'],
    ['1e-3', '0.001'],
    ['-2.50e1', '-25.0'],
  ])('the JSON number %s is %s', (text, plain) => {
    expect(decimalOf(new JsonNumber(text), 'qty')).toBe(plain);
  });

  test.each(['1e19', '1e-19', '1e-400'])('the JSON number %s is out of range', (text) => {
    expect(() => decimalOf(new JsonNumber(text), 'qty')).toThrow(Refusal);
  });

  test.each(['', ' ', '1,5', '1e3', 'NaN', 'Infinity', '0x10', '1.', '.5', '١'])(
    'the text "%s" is no number',
    (text) => {
      expect(() => decimalOf(text, 'qty')).toThrow(
        expect.objectContaining({ reason: 'bad-number' }),
      );
    },
  );

  test('plain text has no plus and no zeros in front', () => {
    expect(['+03.10', '000', '-00.5', '1'].map(plainDecimal)).toEqual(['3.10', '0', '-0.5', '1']);
  });

  test('there is no minus zero', () => {
    expect(['0', '0.00', '1', '-1.5'].map(negated)).toEqual(['0', '0.00', '-1', '1.5']);
  });
});
