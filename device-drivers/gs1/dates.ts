/**
 * Dates in GS1 element strings: YYMMDD, with the century left out (GS1 General Specifications 7.12).
 *
 * The century is the one that puts the year nearest to today: a year 51 or more ahead of the
 * current one belongs to the century before, one 50 or more behind it to the century after. A day
 * of 00 stands for the last day of the month. A date that does not exist is an error: 30 February
 * is never read as 2 March, because a wrong best-before date sells spoiled food or wastes good food.
 *
 * Example, in 2026: 270200 is 2027-02-28; 991231 is 1999-12-31; 261301 is refused.
 */

export interface CalendarDate {
  year: number;
  /** 1-12. */
  month: number;
  /** 1-31; of a day 00, the last day of the month. */
  day: number;
}

/** The full year of a two-digit one, seen from `currentYear`. */
export function fullYear(twoDigits: number, currentYear: number): number {
  const century = currentYear - (currentYear % 100);
  const difference = twoDigits - (currentYear % 100);
  if (difference >= 51) return century - 100 + twoDigits;
  if (difference <= -50) return century + 100 + twoDigits;
  return century + twoDigits;
}

function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/** Number of days in a month, 1-12. */
export function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** A date of eight digits YYYYMMDD. `undefined` when no such day exists. */
export function readLongDate(text: string, mayOmitDay: boolean): CalendarDate | undefined {
  if (!/^[0-9]{8}$/.test(text)) return undefined;
  const year = Number(text.slice(0, 4));
  const month = Number(text.slice(4, 6));
  const day = Number(text.slice(6));
  if (month < 1 || month > 12) return undefined;
  const lastDay = daysInMonth(year, month);
  if (day === 0) return mayOmitDay ? { year, month, day: lastDay } : undefined;
  return day > lastDay ? undefined : { year, month, day };
}

/**
 * A date of six digits YYMMDD. `undefined` when no such day exists.
 * @param mayOmitDay day 00 is allowed and means the last day of the month
 */
export function readShortDate(
  text: string,
  mayOmitDay: boolean,
  currentYear: number,
): CalendarDate | undefined {
  if (!/^[0-9]{6}$/.test(text)) return undefined;
  const year = fullYear(Number(text.slice(0, 2)), currentYear);
  return readLongDate(`${String(year).padStart(4, '0')}${text.slice(2)}`, mayOmitDay);
}

/** ISO 8601, e.g. `2027-02-28`. */
export function isoDate({ year, month, day }: CalendarDate): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
}
