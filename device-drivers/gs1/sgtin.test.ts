import { checkDigitOf, parseGtin } from '@stockhand/proto/vocabulary/gs1-keys.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSgtin96, writeSgtin96 } from './sgtin.ts';

describe('readSgtin96', () => {
  it('reads the example of the Tag Data Standard', () => {
    expect(readSgtin96('3074257BF7194E4000001A85')).toEqual({
      gtin: '80614141123458',
      serial: '6789',
      uri: 'urn:epc:id:sgtin:0614141.812345.6789',
      filter: 3,
      companyPrefix: '0614141',
    });
  });

  it.each([
    ['', 'empty'],
    ['3074257BF7194E4000001A8', 'bad-length'],
    ['3074257BF7194E4000001A85FF', 'bad-length'],
    ['3074257BF7194E4000001AXX', 'bad-epc'],
    ['3174257BF4499602D2000000', 'not-sgtin'],
    ['3674257BF7194E4000001A85', 'not-sgtin'],
    ['E2801160600002043D5A0B5C', 'bad-header'],
    ['000000000000000000000000', 'bad-header'],
    // Partition 7 is not in use.
    ['307C257BF7194E4000001A85', 'bad-epc'],
    // A company prefix of 24 bits above 9,999,999.
    ['3077FFFFFF194E4000001A85', 'bad-epc'],
  ])('refuses %s as %s', (text, error) => {
    expect(readSgtin96(text)).toMatchObject({ kind: 'reject', error });
  });

  it('reads what was written, for every length of company prefix', () => {
    const digits = fc.string({
      unit: fc.constantFrom(...'0123456789'),
      minLength: 13,
      maxLength: 13,
    });
    fc.assert(
      fc.property(
        digits,
        fc.integer({ min: 6, max: 12 }),
        fc.bigInt({ min: 0n, max: (1n << 38n) - 1n }),
        fc.nat(7),
        (payload, companyDigits, serial, filter) => {
          const gtin = parseGtin(payload + checkDigitOf(payload));
          if (!gtin.ok) throw new Error(gtin.detail);
          const company = gtin.value.slice(1, 1 + companyDigits);
          const text = writeSgtin96(gtin.value, company, serial.toString(), filter);
          expect(readSgtin96(text)).toMatchObject({
            gtin: gtin.value,
            serial: serial.toString(),
            filter,
            companyPrefix: company,
          });
        },
      ),
    );
  });

  it('refuses to write what does not fit', () => {
    const gtin = parseGtin('80614141123458');
    if (!gtin.ok) throw new Error(gtin.detail);
    expect(() => writeSgtin96(gtin.value, '0614142', '1')).toThrow(RangeError);
    expect(() => writeSgtin96(gtin.value, '06141', '1')).toThrow(RangeError);
    expect(() => writeSgtin96(gtin.value, '0614141', '01')).toThrow(RangeError);
    expect(() => writeSgtin96(gtin.value, '0614141', (1n << 38n).toString())).toThrow(RangeError);
    expect(() => writeSgtin96(gtin.value, '0614141', '1', 8)).toThrow(RangeError);
  });

  it('never throws at random tags', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 12, maxLength: 12 }), (bytes) => {
        const text = `30${Array.from(bytes.subarray(1), (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
        const result = readSgtin96(text);
        if (!('kind' in result)) expect(parseGtin(result.gtin).ok).toBe(true);
      }),
    );
  });
});
