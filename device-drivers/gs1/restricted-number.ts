/**
 * Restricted circulation numbers (RCN): EAN codes that a store or a country gives out itself, above
 * all for goods that are weighed or priced at the counter. GTIN-13 with prefix 02 or 20-29 and
 * GTIN-12 with prefix 2 have one meaning per country, decided by its GS1 organisation; prefix 04
 * (GTIN-12: 4) and GTIN-8 with prefix 0 or 2 have one per company.
 *
 * What the digits mean is a template per country and prefix: P item (with the prefix), C check digit
 * of the value, V value with a fixed number of decimals. There is no template of the world: with
 * no region, or where the region has none for the prefix, the number is opaque and looked up whole.
 *
 * For stock one key per product is needed: the same number with value and its check digit set to
 * zero and the last digit computed anew. (Over a value of zeros the inner check digit is 0, too.)
 *
 * Example, Germany: 2330714002396 has template PPPPPPCVVVVV for prefix 23: item 3071, check digit 4,
 * value 00239: 2.39 EUR; stock key 2330710000006. Sources: GS1 General Specifications 2.1.11 to
 * 2.1.12 and the pages of the national organisations: gs1-germany (SAN-4), gs1uk, gs1.se, gs1.fi,
 * gs1lv, gs1.dk; Norway follows Sweden, as found on Norwegian goods; US: GS1 US RCN-12 layout.
 */
import { isDigits } from '@stockhand/proto/vocabulary/gs1-keys.ts';
import { type Reject, reject } from '../codec.ts';
import { checkDigitOf, measureCheckDigitOf } from './check-digit.ts';
import { withDecimals } from './element-values.ts';
import { type Gtin, parseGtin } from './gtin.ts';

/** `value`: digits whose meaning the template does not say. */
export type Measure = 'price' | 'weight' | 'count' | 'value';

/** How a restricted number is composed. */
export interface RestrictedNumberTemplate {
  /**
   * One letter for each of the 13 digits but the last: P item (the first two are the prefix), C
   * check digit of the value, V value.
   */
  layout: string;
  measure: Measure;
  decimals: number;
}

/** Whether the layout of a template is complete: 12 letters, prefix first, at most one C. */
export function isRestrictedNumberLayout(layout: string): boolean {
  const values = layout.split('V').length - 1;
  const isChecked = layout.includes('C');
  return (
    /^PP[PCV]{10}$/.test(layout) &&
    layout.indexOf('C') === layout.lastIndexOf('C') &&
    (isChecked ? values === 4 || values === 5 : values > 0)
  );
}

/** Which regions have templates; the currency is that of prices in it. */
export const restrictedNumberRegions = [
  'DE',
  'DK',
  'EE',
  'FI',
  'GB',
  'LT',
  'LV',
  'NO',
  'SE',
  'US',
] as const;
export type RestrictedNumberRegion = (typeof restrictedNumberRegions)[number];

type Templates = Readonly<Record<string, RestrictedNumberTemplate>>;

function template(layout: string, measure: Measure, decimals: number): RestrictedNumberTemplate {
  return { layout, measure, decimals };
}

const scandinavian: Templates = {
  20: template('PPPPPPPPVVVV', 'price', 2),
  21: template('PPPPPPPPVVVV', 'price', 1),
  22: template('PPPPPPPPVVVV', 'price', 0),
  23: template('PPPPPPPPVVVV', 'weight', 3),
  24: template('PPPPPPPPVVVV', 'weight', 2),
  25: template('PPPPPPPPVVVV', 'weight', 1),
};

const weightsOnly: Templates = {
  23: template('PPPPPPPPVVVV', 'weight', 3),
  24: template('PPPPPPPPVVVV', 'weight', 2),
  25: template('PPPPPPPPVVVV', 'weight', 1),
};

const regions: Record<RestrictedNumberRegion, { currency: string; templates: Templates }> = {
  DE: {
    currency: 'EUR',
    templates: {
      22: template('PPPPPPCVVVVV', 'price', 2),
      23: template('PPPPPPCVVVVV', 'price', 2),
      25: template('PPPPPPCVVVVV', 'count', 0),
      26: template('PPPPPPCVVVVV', 'count', 0),
      28: template('PPPPPPCVVVVV', 'weight', 3),
      29: template('PPPPPPCVVVVV', 'weight', 3),
    },
  },
  DK: {
    currency: 'DKK',
    templates: {
      21: template('PPPPPPVVVVVV', 'price', 2),
      22: template('PPPPPPVVVVVV', 'price', 2),
      23: template('PPPPPPVVVVVV', 'price', 2),
      24: template('PPPPPPVVVVVV', 'price', 2),
      26: template('PPPPPPVVVVVV', 'weight', 3),
      27: template('PPPPPPPVVVVV', 'weight', 3),
      28: template('PPPPPPVVVVVV', 'weight', 3),
    },
  },
  EE: { currency: 'EUR', templates: weightsOnly },
  FI: { currency: 'EUR', templates: weightsOnly },
  GB: { currency: 'GBP', templates: { 20: template('PPPPPPPCVVVV', 'price', 2) } },
  LT: { currency: 'EUR', templates: weightsOnly },
  LV: { currency: 'EUR', templates: weightsOnly },
  NO: { currency: 'NOK', templates: scandinavian },
  SE: { currency: 'SEK', templates: scandinavian },
  // The UPC-A 2IIIIIVPPPP as the GTIN-13 that scanners send.
  US: { currency: 'USD', templates: { '02': template('PPPPPPPCVVVV', 'price', 2) } },
};

export interface RestrictedNumberSettings {
  /** ISO 3166-1 alpha-2 code of the country whose rules hold, e.g. `DE`. */
  region?: string;
  /** Templates of the house, by two-digit prefix; they go before those of the region. */
  templates?: Readonly<Record<string, RestrictedNumberTemplate>>;
  /** Currency of prices; default: that of the region. */
  currency?: string;
  /** Take numbers whose inner check digit is wrong. Default: refuse them. */
  ignoresMeasureCheckDigit?: boolean;
}

export interface RestrictedNumber {
  /** The number as scanned, 14 digits. */
  gtin: Gtin;
  /** The number without its measure: one per product. Equals `gtin` when there is no template. */
  stockKey: Gtin;
  /** Who decides what the number means. */
  scope: 'region' | 'company';
  /** Region whose template was used. */
  region?: string;
  /** The digits that name the item, without prefix. */
  itemReference: string;
  /** Decimal text. */
  price?: string;
  currency?: string;
  /** Decimal text, kilograms. */
  weightKg?: string;
  count?: number;
  /** Digits of a value that is price or weight, the template does not say which. */
  value?: string;
}

/** The 13 digits of a GTIN whose prefix makes it a restricted number; `undefined` otherwise. */
function restrictedDigits(
  gtin: Gtin,
): { digits: string; scope: RestrictedNumber['scope'] } | undefined {
  if (!gtin.startsWith('0')) return undefined;
  const digits = gtin.slice(1);
  if (/^00000[02]/.test(digits)) return { digits, scope: 'company' };
  if (/^(02|2)/.test(digits)) return { digits, scope: 'region' };
  if (digits.startsWith('04')) return { digits, scope: 'company' };
  return undefined;
}

/** True when the number is one that a store, company or country gives out itself. */
export function isRestrictedNumber(gtin: Gtin): boolean {
  return restrictedDigits(gtin) !== undefined;
}

function parsed(text: string): Gtin {
  const gtin = parseGtin(text);
  if (!gtin.ok) throw new Error(gtin.detail);
  return gtin.value;
}

function digitsAt(digits: string, layout: string, letter: string): string {
  return [...layout].map((here, index) => (here === letter ? digits.charAt(index) : '')).join('');
}

function knownRegion(region: string | undefined): RestrictedNumberRegion | undefined {
  return restrictedNumberRegions.find((known) => known === region?.toUpperCase());
}

/**
 * Takes a restricted number apart. `undefined` when the GTIN is none, so that it is an ordinary
 * product; a reject when the check digit of its value is wrong.
 */
export function readRestrictedNumber(
  gtin: Gtin,
  settings: RestrictedNumberSettings,
): RestrictedNumber | Reject | undefined {
  const found = restrictedDigits(gtin);
  if (found === undefined) return undefined;
  const { digits, scope } = found;
  const prefix = digits.slice(0, 2);
  const region = knownRegion(settings.region);
  const rules = region === undefined ? undefined : regions[region];
  const used =
    settings.templates?.[prefix] ?? (scope === 'region' ? rules?.templates[prefix] : undefined);
  const base = { gtin, scope, ...(region !== undefined && scope === 'region' && { region }) };
  if (used === undefined) {
    // The prefix of an RCN-8 is one digit behind the zeros that fill it up.
    const start = digits.startsWith('00000') ? 6 : 2;
    return { ...base, stockKey: gtin, itemReference: digits.slice(start, 12) };
  }
  return measured(base, digits, used, settings, rules?.currency);
}

function measured(
  base: Pick<RestrictedNumber, 'gtin' | 'scope' | 'region'>,
  digits: string,
  used: RestrictedNumberTemplate,
  settings: RestrictedNumberSettings,
  regionCurrency: string | undefined,
): RestrictedNumber | Reject {
  const { layout, measure, decimals } = used;
  const checkAt = layout.indexOf('C');
  const value = digitsAt(digits, layout, 'V');
  if (checkAt !== -1 && settings.ignoresMeasureCheckDigit !== true) {
    const expected = measureCheckDigitOf(value);
    if (digits.charAt(checkAt) !== expected) {
      const detail = `the check digit of ${value} is ${expected}, found ${digits.charAt(checkAt)}`;
      return reject('bad-price-check-digit', detail);
    }
  }
  const zeroed = [...digits.slice(0, 12)]
    .map((digit, index) => (layout.charAt(index) === 'P' ? digit : '0'))
    .join('');
  const currency = settings.currency ?? regionCurrency;
  return {
    ...base,
    stockKey: parsed(zeroed + checkDigitOf(zeroed)),
    itemReference: digitsAt(digits, layout, 'P').slice(2),
    ...(measure === 'price' && { price: withDecimals(value, decimals) }),
    ...(measure === 'price' && currency !== undefined && { currency }),
    ...(measure === 'weight' && { weightKg: withDecimals(value, decimals) }),
    ...(measure === 'count' && { count: Number(value) }),
    ...(measure === 'value' && { value }),
  };
}

export interface RestrictedNumberParts {
  /** Two-digit prefix, e.g. `23`. */
  prefix: string;
  /** The digits of the item, without prefix; filled up with zeros on the left. */
  itemReference: string;
  /** The value as digits, without decimal point; filled up with zeros on the left. */
  value: string;
}

/**
 * Composes the GTIN-13 of a counter label; for simulators and the label tester. Throws a
 * RangeError when a part does not fit the template.
 */
export function composeRestrictedNumber(
  parts: RestrictedNumberParts,
  { layout }: RestrictedNumberTemplate,
): string {
  const count = (letter: string) => layout.split(letter).length - 1;
  const item = parts.prefix + parts.itemReference.padStart(count('P') - parts.prefix.length, '0');
  const value = parts.value.padStart(count('V'), '0');
  if (item.length !== count('P') || value.length !== count('V') || !isDigits(item + value)) {
    throw new RangeError(`does not fit ${layout}: ${item} and ${value}`);
  }
  const itemDigits = [...item];
  const valueDigits = [...value];
  const payload = [...layout]
    .map((letter) => {
      if (letter === 'C') return measureCheckDigitOf(value);
      return (letter === 'V' ? valueDigits : itemDigits).shift() ?? '';
    })
    .join('');
  return payload + checkDigitOf(payload);
}
