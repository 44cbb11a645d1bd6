import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkDigitOf,
  hasValidCheckDigit,
  isGln,
  isGtin,
  isSscc,
  parseGln,
  parseGtin,
  parseSscc,
  printedGtin,
} from './gs1-keys.ts';

const digits = (length: number) =>
  fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length })
    .map((list) => list.join(''));

describe('parseGtin', () => {
  it.each([
    ['4006381333931', '04006381333931'],
    ['96385074', '00000096385074'],
    ['023456000073', '00023456000073'],
    ['80614141123458', '80614141123458'],
    ['09506000134352', '09506000134352'],
  ])('reads %s as %s', (text, gtin) => {
    expect(parseGtin(text)).toEqual({ ok: true, value: gtin });
  });

  it.each([
    ['', 'empty'],
    ['400638133393', 'bad-check-digit'],
    ['4006381333930', 'bad-check-digit'],
    ['40063813339', 'bad-length'],
    ['123456789012345', 'bad-length'],
    ['400638133393A', 'bad-charset'],
    [' 4006381333931', 'bad-charset'],
    ['٤006381333931', 'bad-charset'],
  ])('refuses %j as %s', (text, error) => {
    expect(parseGtin(text)).toMatchObject({ ok: false, error });
  });

  it('says which check digit was expected', () => {
    const result = parseGtin('4006381333930');
    expect(result.ok ? '' : result.detail).toBe(
      'GTIN 4006381333930 ends in 0, its check digit is 1',
    );
  });
});

describe('parseGln and parseSscc', () => {
  it('read their keys and refuse other lengths', () => {
    expect(parseGln('9506000134352')).toEqual({ ok: true, value: '9506000134352' });
    expect(parseSscc('106141412345678908')).toEqual({ ok: true, value: '106141412345678908' });
    expect(parseGln('106141412345678908')).toMatchObject({ ok: false, error: 'bad-length' });
    expect(parseSscc('9506000134352')).toMatchObject({ ok: false, error: 'bad-length' });
    expect(parseSscc('106141412345678900')).toMatchObject({ ok: false, error: 'bad-check-digit' });
  });

  it('agree with their predicates', () => {
    expect(isGln('9506000134352')).toBe(true);
    expect(isSscc('106141412345678908')).toBe(true);
    expect(isGtin('4006381333931')).toBe(false);
    expect(isGtin('04006381333931')).toBe(true);
  });
});

describe('printedGtin', () => {
  it.each([
    ['00000096385074', '96385074'],
    ['04006381333931', '4006381333931'],
    ['80614141123458', '80614141123458'],
  ])('prints %s as %s', (gtin, printed) => {
    const parsed = parseGtin(gtin);
    expect(parsed.ok && printedGtin(parsed.value)).toBe(printed);
  });
});

describe('check digit laws', () => {
  it('a body with its check digit is valid, and with any other digit it is not', () => {
    fc.assert(
      fc.property(digits(13), fc.integer({ min: 1, max: 9 }), (body, shift) => {
        const check = checkDigitOf(body);
        expect(hasValidCheckDigit(body + check)).toBe(true);
        expect(hasValidCheckDigit(body + ((Number(check) + shift) % 10))).toBe(false);
      }),
    );
  });

  it('finds every single misread digit', () => {
    fc.assert(
      fc.property(digits(17), fc.nat(17), fc.integer({ min: 1, max: 9 }), (body, place, shift) => {
        const key = body + checkDigitOf(body);
        const wrong = String((Number(key.charAt(place)) + shift) % 10);
        expect(isSscc(key.slice(0, place) + wrong + key.slice(place + 1))).toBe(false);
      }),
    );
  });

  it('does not throw on any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const parse of [parseGtin, parseGln, parseSscc]) {
          expect(typeof parse(text).ok).toBe('boolean');
        }
      }),
    );
  });

  it('refuses to compute a check digit of anything but digits', () => {
    expect(() => checkDigitOf('12a')).toThrow(RangeError);
  });
});
