/**
 * What the values of element strings say in units and dates. The fourth digit of many identifiers
 * counts the decimals: (3103) 000195 is 0.195 kg. Values stay decimal texts, because their number
 * of decimals is part of what was measured.
 */
import { applicationIdentifier } from './application-identifiers.ts';
import { currencyLettersByNumber } from './code-lists.ts';
import { isoDate, readLongDate, readShortDate } from './dates.ts';
import type { Element } from './element-string.ts';

/** Puts the decimal point in front of the last `decimals` digits; drops leading zeros. */
export function withDecimals(digits: string, decimals: number): string {
  const padded = digits.padStart(decimals + 1, '0');
  const whole = padded.slice(0, padded.length - decimals).replace(/^0+(?=[0-9])/, '');
  return decimals === 0 ? whole : `${whole}.${padded.slice(padded.length - decimals)}`;
}

/** The value of the first element with this identifier. */
export function elementValue(elements: readonly Element[], identifier: string): string | undefined {
  return elements.find((element) => element.identifier === identifier)?.value;
}

function dateOf({ identifier, value }: Element, currentYear: number): string | undefined {
  const [first, second] = applicationIdentifier(identifier)?.components ?? [];
  const check = first?.checks[0];
  if (check === undefined) return undefined;
  const length = first?.maxLength ?? 0;
  const text = value.slice(0, length);
  const rest = value.slice(length);
  const date =
    check === 'yyyymmdd' || check === 'yyyymmd0'
      ? readLongDate(text, check === 'yyyymmd0')
      : check === 'yymmdd' || check === 'yymmd0'
        ? readShortDate(text, check === 'yymmd0', currentYear)
        : undefined;
  if (date === undefined) return undefined;
  if (rest === '' || rest === '9999') return isoDate(date);
  if (second?.checks[0] === 'yymmdd') {
    const until = readShortDate(rest, false, currentYear);
    return until === undefined ? isoDate(date) : `${isoDate(date)}/${isoDate(until)}`;
  }
  const time = rest.match(/../g) ?? [];
  return `${isoDate(date)}T${time.length === 1 ? `${time[0]}:00` : time.join(':')}`;
}

/** ISO 8601 dates, times and periods (`from/to`) by identifier. */
export function datesOf(elements: readonly Element[], currentYear: number): Record<string, string> {
  const dates: Record<string, string> = {};
  for (const element of elements) {
    const date = dateOf(element, currentYear);
    if (date !== undefined) dates[element.identifier] = date;
  }
  return dates;
}

/** Net weight (310n) in kg or (320n) in lb. */
export function weightOf(
  elements: readonly Element[],
): { value: string; unit: 'kg' | 'lb' } | undefined {
  for (const { identifier, value } of elements) {
    const unit = identifier.startsWith('310') ? 'kg' : identifier.startsWith('320') ? 'lb' : '';
    if (unit !== '' && identifier.length === 4) {
      return { value: withDecimals(value, Number(identifier.charAt(3))), unit };
    }
  }
  return undefined;
}

/**
 * Price of the item, (392n) without or (393n) with a currency. Currencies outside of the list of
 * letters keep their ISO 4217 number.
 */
export function priceOf(
  elements: readonly Element[],
): { amount: string; currency?: string } | undefined {
  for (const { identifier, value } of elements) {
    if (identifier.length !== 4) continue;
    const decimals = Number(identifier.charAt(3));
    if (identifier.startsWith('392')) return { amount: withDecimals(value, decimals) };
    if (identifier.startsWith('393')) {
      const number = value.slice(0, 3);
      const currency = currencyLettersByNumber.get(number) ?? number;
      return { amount: withDecimals(value.slice(3), decimals), currency };
    }
  }
  return undefined;
}
