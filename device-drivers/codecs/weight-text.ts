/**
 * Weights as text: a reading keeps the digits that the scale sent, because their number is the
 * precision. `0002.340` is `2.340` (zeros in front say nothing, zeros behind do), `-0000.5` is
 * `-0.5`, `00012` with three decimals by set-up is `0.012`. No float is involved anywhere.
 */

import type { CodecContext, Json } from '../codec.ts';

/**
 * Without the spaces around it, and only them: `trim` would also take a tab, a line feed or 0xA0,
 * into which a damaged digit, sign or `k` can turn, and make another weight of it.
 */
export function trimSpaces(text: string): string {
  return withoutPadding(text).replace(/ +$/, '');
}

/** The same of a field that stands at the right: a space behind it would be a lost digit. */
export function withoutPadding(text: string): string {
  return text.replace(/^ +/, '');
}

const decimalForm = /^([+-]?)(\d+)(?:\.(\d+))?$/;

/** Canonical decimal string, or undefined when the text is not one plain number. */
export function readDecimal(text: string): string | undefined {
  const match = decimalForm.exec(text);
  if (match === null) {
    return undefined;
  }
  const [, sign = '', whole = '', decimals] = match;
  const digits = whole.replace(/^0+(?=\d)/, '');
  const minus = sign === '-' ? '-' : '';
  return decimals === undefined ? `${minus}${digits}` : `${minus}${digits}.${decimals}`;
}

/** No scale shows more; a setting beyond it is a mistake. */
const decimalsLimit = 9;

/**
 * Digits without a point, whose last `decimals` places are decimals by the scale's set-up. Negative
 * `decimals` are fixed zeros that the scale leaves out (increments of ten). Undefined when there is
 * anything but digits, or more than nine decimals.
 */
export function placePoint(digits: string, decimals: number, negative = false): string | undefined {
  if (!/^\d+$/.test(digits) || Math.abs(decimals) > decimalsLimit) {
    return undefined;
  }
  const sign = negative ? '-' : '';
  if (decimals <= 0) {
    return readDecimal(`${sign}${digits}${'0'.repeat(-decimals)}`);
  }
  const padded = digits.padStart(decimals + 1, '0');
  const point = padded.length - decimals;
  return readDecimal(`${sign}${padded.slice(0, point)}.${padded.slice(point)}`);
}

/** Digits of a canonical decimal without its point, and how many of them are decimals. */
export function splitDecimal(value: string): {
  negative: boolean;
  digits: string;
  decimals: number;
} {
  const match = decimalForm.exec(value);
  if (match === null) {
    throw new RangeError(`the weight ${JSON.stringify(value)} is not a decimal string`);
  }
  const [, sign = '', whole = '', decimals = ''] = match;
  return { negative: sign === '-', digits: `${whole}${decimals}`, decimals: decimals.length };
}

/** Unit names as our readings say them, by how scales write them (compared in lower case). */
const unitNames: Readonly<Record<string, string>> = {
  ct: 'ct',
  dwt: 'dwt',
  g: 'g',
  gn: 'gn',
  kg: 'kg',
  lb: 'lb',
  lbs: 'lb',
  mg: 'mg',
  oz: 'oz',
  ozt: 'ozt',
  t: 't',
  tl: 'tl',
  ton: 'ton',
};

/** Our name of a weight unit, or undefined for anything that is no unit of weight. */
export function readUnit(text: string): string | undefined {
  const name = trimSpaces(text).toLowerCase();
  return Object.hasOwn(unitNames, name) ? unitNames[name] : undefined;
}

/** A text setting of the device's profile, or undefined. */
export function textSetting(context: CodecContext, name: string): string | undefined {
  const value: Json | undefined = context[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A whole-number setting of the device's profile, or undefined. */
export function numberSetting(context: CodecContext, name: string): number | undefined {
  const value: Json | undefined = context[name];
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
}
