/**
 * Times as devices write them: ISO 8601 with `Z`, +hh:mm or +hhmm, or local without a zone. The
 * calendar is checked; nothing is rolled over.
 */

export interface IsoTime {
  /** As sent, with `T` between date and time. */
  text: string;
  /** The same instant as `…Z` with the same number of decimals; absent for a local time. */
  utc?: string;
}

const form =
  /^([0-9]{4})-([0-9]{2})-([0-9]{2})[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?$/;

function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && day > 0;
}

function offsetMinutes(zone: string): number | null {
  if (zone === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(-2));
  if (hours > 14 || minutes > 59) return null;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

/** Null when `text` is no time. */
export function parseIsoTime(text: string): IsoTime | null {
  const match = form.exec(text);
  if (match === null) return null;
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '00'] = match;
  const [fraction = '', zone] = [match[7], match[8]];
  if (!isDay(Number(year), Number(month), Number(day))) return null;
  // 60 is a leap second; it counts as the second after.
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return null;
  const parsed: IsoTime = { text: text.replace(' ', 'T') };
  if (zone === undefined) return parsed;
  const offset = offsetMinutes(zone);
  if (offset === null) return null;
  const local = Date.UTC(+year, +month - 1, +day, +hour, +minute, +second);
  const utc = new Date(local - offset * 60_000).toISOString().slice(0, 19);
  return { ...parsed, utc: `${utc}${fraction}Z` };
}

const lastDayMs = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/**
 * Unix seconds or milliseconds as a time in UTC; which of them, the size tells until the year 5138.
 * Null for what is no time of this era.
 */
export function unixTimeText(value: number): string | null {
  const ms = Math.abs(value) < 1e11 ? value * 1000 : value;
  return ms >= 0 && ms <= lastDayMs ? new Date(ms).toISOString() : null;
}

/** True for "2026-03-01". */
export function isIsoDay(text: string): boolean {
  const match = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(text);
  return match !== null && isDay(Number(match[1]), Number(match[2]), Number(match[3]));
}
