import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { divideRounded, parseDecimal, scaleDecimal, wholeNumberOf } from './decimal.ts';
import { micrometresOf, milligramsOf, ppmOfPercent } from './measure.ts';
import { baseUnitsOf, quantityMessage, quantityText, readQuantity } from './quantity.ts';

describe('decimal text', () => {
  test.each([
    ['2.450', { unscaled: 2450n, scale: 3 }],
    ['-3', { unscaled: -3n, scale: 0 }],
    ['+0.5', { unscaled: 5n, scale: 1 }],
    ['007', { unscaled: 7n, scale: 0 }],
    ['', null],
    ['.5', null],
    ['5.', null],
    ['1e3', null],
    ['1,5', null],
    [' 1', null],
    ['NaN', null],
    ['Infinity', null],
    ['١', null],
    ['0'.repeat(33), null],
  ])('%j is read or refused exactly', (text, expected) => {
    expect(parseDecimal(text)).toEqual(expected);
  });

  test('is scaled exactly where binary fractions are not', () => {
    const decimal = parseDecimal('1.005');
    expect(decimal && scaleDecimal(decimal, 100n, 1n)).toBe(101);
    const negative = parseDecimal('-1.005');
    expect(negative && scaleDecimal(negative, 100n, 1n)).toBe(-101);
  });

  test('is whole only when it is', () => {
    expect(wholeNumberOf({ unscaled: 300n, scale: 2 })).toBe(3);
    expect(wholeNumberOf({ unscaled: 301n, scale: 2 })).toBeNull();
    expect(wholeNumberOf({ unscaled: 10n ** 20n, scale: 0 })).toBeNull();
  });

  test('division rounds half away from zero', () => {
    const cases: [dividend: number, divisor: number, quotient: number][] = [
      [5, 2, 3],
      [-5, 2, -3],
      [4, 3, 1],
      [-4, 3, -1],
      [-1, 3, 0],
      [0, 7, 0],
    ];
    for (const [dividend, divisor, quotient] of cases) {
      expect(divideRounded(dividend, divisor)).toBe(quotient);
    }
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 1, max: 1_000_000 }), (a, b) => {
        const exact = scaleDecimal({ unscaled: BigInt(a), scale: 0 }, 1n, BigInt(b));
        // Zero has no sign here.
        expect(divideRounded(a, b) + 0).toBe(exact === null ? null : exact + 0);
      }),
    );
  });
});

describe('measures', () => {
  test.each([
    ['2.450', 'kg', 2_450_000],
    ['0.1', 'g', 100],
    ['7', 'mg', 7],
    ['1', 'lb', 453_592],
    ['16', 'oz', 453_592],
    ['-0.0005', 'g', -1],
  ])('%s %s is a whole number of milligrams', (value, unit, expected) => {
    expect(milligramsOf(value, unit)).toEqual({ ok: true, value: expected });
  });

  test('refuse bad numbers, unknown units and impossible values by name', () => {
    expect(milligramsOf('1', 'stone')).toMatchObject({ error: 'bad-unit' });
    expect(milligramsOf('1', '')).toMatchObject({ error: 'bad-unit' });
    expect(milligramsOf('heavy', 'kg')).toMatchObject({ error: 'bad-number' });
    expect(milligramsOf('9999999999', 'kg')).toMatchObject({ error: 'out-of-range' });
    expect(ppmOfPercent('100.1')).toMatchObject({ error: 'out-of-range' });
    expect(ppmOfPercent('-1')).toMatchObject({ error: 'out-of-range' });
  });

  test('distances and fill levels', () => {
    expect(micrometresOf('31.5', 'cm')).toEqual({ ok: true, value: 315_000 });
    expect(micrometresOf('0.9', 'm')).toEqual({ ok: true, value: 900_000 });
    expect(ppmOfPercent('62.5')).toEqual({ ok: true, value: 625_000 });
  });
});

describe('quantities', () => {
  test('go into a message and come back', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1_000_000, max: 1_000_000 }),
        fc.constantFrom('pieces', 'milligrams'),
        (count, unit) => {
          const message = quantityMessage(count, unit);
          expect(baseUnitsOf(message)).toBe(count);
          expect(readQuantity(message, unit)).toEqual({ ok: true, baseUnits: count });
        },
      ),
    );
    expect(baseUnitsOf(undefined)).toBe(0);
    expect(() => quantityMessage(0.5, 'pieces')).toThrow(RangeError);
  });

  test('from outside are set, in the right unit and in bounds, or refused', () => {
    expect(readQuantity(undefined, 'pieces')).toMatchObject({ error: 'missing-quantity' });
    const grams = quantityMessage(1, 'milligrams');
    expect(readQuantity(grams, 'pieces')).toEqual({
      ok: false,
      error: 'wrong-unit',
      expected: 'pieces',
    });
    const huge = quantityMessage(Number.MAX_SAFE_INTEGER, 'milligrams');
    expect(readQuantity(huge, 'milligrams')).toMatchObject({ error: 'out-of-range' });
  });

  test.each([
    [12, 'pieces', '12'],
    [1_250_000, 'milligrams', '1.250 kg'],
    [-250_999, 'milligrams', '-0.250 kg'],
    [-999, 'milligrams', '0.000 kg'],
  ] as const)('%d %s reads %s', (count, unit, text) => {
    expect(quantityText(count, unit)).toBe(text);
  });
});
