import { parseGtin } from '@stockhand/proto/vocabulary/gs1-keys.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  composeRestrictedNumber,
  isRestrictedNumber,
  isRestrictedNumberLayout,
  type RestrictedNumberSettings,
  readRestrictedNumber,
} from './restricted-number.ts';

function read(text: string, settings: RestrictedNumberSettings) {
  const gtin = parseGtin(text);
  if (!gtin.ok) throw new Error(gtin.detail);
  return readRestrictedNumber(gtin.value, settings);
}

describe('restricted numbers of a region', () => {
  it.each<[string, string, object]>([
    ['DE', '2330714002396', { itemReference: '3071', price: '2.39', currency: 'EUR' }],
    ['DE', '2211114002394', { itemReference: '1111', price: '2.39', stockKey: '02211110000004' }],
    ['DE', '2511119000129', { itemReference: '1111', count: 12 }],
    ['DE', '2630719000121', { count: 12 }],
    ['DE', '2811111068708', { weightKg: '6.870', stockKey: '02811110000006' }],
    ['GB', '2011122912346', { price: '12.34', currency: 'GBP', stockKey: '02011122000005' }],
    ['SE', '2088060112343', { price: '12.34', currency: 'SEK', stockKey: '02088060100005' }],
    ['SE', '2188060112340', { price: '123.4' }],
    ['SE', '2288060112347', { price: '1234' }],
    ['SE', '2388060112344', { weightKg: '1.234' }],
    ['se', '2488060112341', { weightKg: '12.34', region: 'SE' }],
    ['SE', '2588060112348', { weightKg: '123.4' }],
    ['NO', '2368091402263', { itemReference: '680914', weightKg: '0.226' }],
    ['NO', '2302148210869', { weightKg: '1.086', stockKey: '02302148200006' }],
    ['FI', '2388060112344', { weightKg: '1.234' }],
    ['EE', '2311111112345', { weightKg: '1.234', stockKey: '02311111100007' }],
    ['LV', '2411111112342', { weightKg: '12.34' }],
    ['LT', '2511111112349', { weightKg: '123.4' }],
    ['DK', '2135040039753', { itemReference: '3504', price: '39.75', currency: 'DKK' }],
    ['DK', '2712341002251', { weightKg: '0.225', stockKey: '02712341000004' }],
    ['DK', '2823570001509', { weightKg: '0.150' }],
  ])('%s: %s', (region, text, expected) => {
    expect(read(text, { region })).toMatchObject(expected);
  });

  it('US: a UPC-A of the deli counter', () => {
    const layout = { layout: 'PPPPPPPCVVVV', measure: 'price' as const, decimals: 2 };
    const parts = { prefix: '02', itemReference: '12345', value: '4321' };
    const label = composeRestrictedNumber(parts, layout);
    const expected = { itemReference: '12345', price: '43.21', currency: 'USD' };
    expect(read(label, { region: 'US' })).toMatchObject(expected);
    expect(read(label.slice(1), { region: 'US' })).toMatchObject(expected);
  });

  it.each<[string, string]>([
    ['SE', '2911111111111'],
    ['DE', '2011111111118'],
    ['GB', '2111111111115'],
    ['FI', '2011111111118'],
  ])('%s has no layout for %s: it is looked up whole', (region, text) => {
    expect(read(text, { region })).toMatchObject({
      region,
      gtin: `0${text}`,
      stockKey: `0${text}`,
    });
  });

  it('is opaque where no region is set, or one without rules', () => {
    for (const settings of [{}, { region: 'FR' }]) {
      const number = read('2330714002396', settings);
      expect(number).toMatchObject({ stockKey: '02330714002396' });
      expect(number).not.toHaveProperty('price');
    }
  });

  it('refuses a wrong inner check digit, unless told to ignore it', () => {
    expect(read('2511118000120', { region: 'DE' })).toMatchObject({
      kind: 'reject',
      error: 'bad-price-check-digit',
    });
    expect(read('2511118000120', { region: 'DE', ignoresMeasureCheckDigit: true })).toMatchObject({
      count: 12,
    });
  });

  it('takes layouts of the house before those of the region', () => {
    const templates = {
      23: { layout: 'PPPPPPPVVVVV', measure: 'weight' as const, decimals: 3 },
    };
    expect(read('2330714002396', { region: 'DE', templates })).toMatchObject({
      itemReference: '30714',
      weightKg: '0.239',
    });
  });
});

describe('whose numbers', () => {
  it.each([
    ['2330714002396', 'region'],
    ['0212345678901', 'region'],
    ['0412345678903', 'company'],
    ['00012348', 'company'],
    ['20012342', 'company'],
  ])('%s belongs to the %s', (text, scope) => {
    const body = text.slice(0, -1);
    const digit = '0123456789'.split('').find((last) => parseGtin(body + last).ok) ?? '';
    expect(read(body + digit, {})).toMatchObject({ scope });
  });

  it.each(['4006381333931', '96385074', '09506000134352', '98765432109213'])(
    '%s is an ordinary product',
    (text) => {
      const gtin = parseGtin(text);
      expect(gtin.ok && isRestrictedNumber(gtin.value)).toBe(false);
      expect(read(text, { region: 'DE' })).toBeUndefined();
    },
  );
});

describe('laws of counter labels', () => {
  const template = { layout: 'PPPPPPCVVVVV', measure: 'price' as const, decimals: 2 };
  const digits = (length: number) =>
    fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: length, maxLength: length });

  it('what was composed reads back, and its stock key does not depend on the value', () => {
    fc.assert(
      fc.property(digits(4), digits(5), digits(5), (item, value, other) => {
        const label = (text: string) =>
          read(
            composeRestrictedNumber({ prefix: '22', itemReference: item, value: text }, template),
            {
              region: 'DE',
            },
          );
        const first = label(value);
        expect(first).toMatchObject({ itemReference: item });
        // The line above would have failed for a reject or nothing.
        const { stockKey, price } = first as { stockKey: string; price: string };
        expect(Number(price) * 100).toBeCloseTo(Number(value));
        expect(label(other)).toMatchObject({ stockKey });
        // The key reads as itself, with a value of nothing.
        expect(read(stockKey, { region: 'DE' })).toMatchObject({ stockKey, price: '0.00' });
      }),
    );
  });

  it('refuses parts that do not fit', () => {
    const parts = { prefix: '22', itemReference: '12345', value: '1' };
    expect(() => composeRestrictedNumber(parts, template)).toThrow(RangeError);
  });

  it.each([
    ['PPPPPPCVVVVV', true],
    ['PPVVVVVPPPPP', true],
    ['PPPPPPPPPPPP', false],
    ['PPCVVVPPPPPP', false],
    ['PPPPPPCVVVV', false],
    ['VVPPPPCVVVVV', false],
  ])('layout %s is complete: %s', (layout, expected) => {
    expect(isRestrictedNumberLayout(layout)).toBe(expected);
  });
});
