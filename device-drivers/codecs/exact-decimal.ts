/**
 * Decimal text as documents hold it: kept to the digit, and calculated with exactly. 0.1 × 3 is 0.3,
 * and a price of 0.990 stays 0.990.
 */
import { type Decimal, parseDecimal } from '@stockhand/proto/vocabulary/decimal.ts';
import { JsonNumber, type LexicalJson } from './json-text.ts';
import { refuse } from './refusal.ts';

/** 10^18 is more than any figure of a store, and 18 decimals are finer than any. */
const exponentLimit = 18;

/** "1.5e3" as "1500". Refuses what would be a text of absurd length. */
function withoutExponent(text: string, name: string): string {
  const match = /^([+-]?)([0-9]+)(?:\.([0-9]+))?[eE]([+-]?[0-9]{1,4})$/.exec(text);
  if (match === null) return text;
  const [, sign = '', whole = '', fraction = '', power = '0'] = match;
  const exponent = Number(power);
  if (Math.abs(exponent) > exponentLimit) return refuse('out-of-range', `${name} is ${text}`);
  const decimals = fraction.length - exponent;
  const digits = whole + fraction + '0'.repeat(Math.max(0, -decimals));
  if (decimals <= 0) return sign + digits;
  const padded = digits.padStart(decimals + 1, '0');
  return `${sign}${padded.slice(0, -decimals)}.${padded.slice(-decimals)}`;
}

/** "+03.10" as "3.10": no plus, no zeros in front, the decimals as sent; null for no number. */
export function plainDecimal(text: string): string | null {
  if (parseDecimal(text) === null) return null;
  const [, sign = '', digits = ''] = /^([+-]?)0*([0-9].*)$/.exec(text) ?? [];
  return sign === '-' && /[1-9]/.test(digits) ? `-${digits}` : digits;
}

/**
 * The decimal text of a JSON number, or of a number sent as text. Refuses with bad-number what is
 * no plain number (NaN, a comma, an empty text), and with wrong-type what is neither.
 */
export function decimalOf(value: LexicalJson | undefined, name: string): string {
  if (value instanceof JsonNumber) {
    const plain = plainDecimal(withoutExponent(value.text, name));
    return plain ?? refuse('out-of-range', `${name} has too many digits`);
  }
  if (typeof value !== 'string') return refuse('wrong-type', `${name} must be a number`);
  const plain = plainDecimal(value.trim());
  return plain ?? refuse('bad-number', `${name} is "${value.slice(0, 24)}"`);
}

export function negated(text: string): string {
  if (!/[1-9]/.test(text)) return text;
  return text.startsWith('-') ? text.slice(1) : `-${text}`;
}

export function unsigned(text: string): string {
  return isNegative(text) ? negated(text) : text;
}

export function isNegative(text: string): boolean {
  return text.startsWith('-');
}

function exactly(text: string): Decimal {
  const decimal = parseDecimal(text);
  if (decimal === null) throw new RangeError(`not a decimal: ${JSON.stringify(text)}`);
  return decimal;
}

function textOf({ unscaled, scale }: Decimal): string {
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const point = digits.length - scale;
  const fraction = digits.slice(point).replace(/0+$/, '');
  const text = fraction === '' ? digits.slice(0, point) : `${digits.slice(0, point)}.${fraction}`;
  return unscaled < 0n ? `-${text}` : text;
}

/** text × factor + offset, exactly and without zeros behind the last digit. */
export function linear(text: string, factor: string, offset: string): string {
  const [value, by, plus] = [exactly(text), exactly(factor), exactly(offset)];
  const scale = Math.max(value.scale + by.scale, plus.scale);
  const product = value.unscaled * by.unscaled * 10n ** BigInt(scale - value.scale - by.scale);
  return textOf({ unscaled: product + plus.unscaled * 10n ** BigInt(scale - plus.scale), scale });
}
