import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkPairOf, measureCheckDigitOf } from './check-digit.ts';

const digits = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: length, maxLength: length });

describe('measureCheckDigitOf', () => {
  it.each([
    // GS1 General Specifications 7.9.3 and 7.9.4.
    ['2875', '9'],
    ['14685', '6'],
    ['1234', '9'],
    ['00012', '9'],
    ['00239', '4'],
    ['0000', '0'],
    ['00000', '0'],
  ])('of %s is %s', (value, check) => {
    expect(measureCheckDigitOf(value)).toBe(check);
  });

  it.each([4, 5])('changes when one of %i digits is misread', (length) => {
    fc.assert(
      fc.property(
        digits(length),
        fc.nat(length - 1),
        fc.integer({ min: 1, max: 9 }),
        (value, at, shift) => {
          const wrong = String((Number(value.charAt(at)) + shift) % 10);
          const misread = value.slice(0, at) + wrong + value.slice(at + 1);
          expect(measureCheckDigitOf(misread)).not.toBe(measureCheckDigitOf(value));
        },
      ),
    );
  });

  it('refuses other lengths and letters', () => {
    expect(() => measureCheckDigitOf('123')).toThrow(RangeError);
    expect(() => measureCheckDigitOf('12a4')).toThrow(RangeError);
  });
});

describe('checkPairOf', () => {
  it.each([
    ['1987654Ad4X4bL5ttr2310c', '2K'],
    ['12345678901234567890123', 'NT'],
    ['', '22'],
  ])('of %j is %s', (key, pair) => {
    expect(checkPairOf(key)).toBe(pair);
  });

  it('knows no pair for characters that keys may not hold, nor for overlong keys', () => {
    expect(checkPairOf('12 34')).toBeUndefined();
    expect(checkPairOf('1'.repeat(91))).toBeUndefined();
  });
});
