/** ISO dates as days that can be counted, without a clock or zone (proleptic Gregorian calendar). */

const isoDate = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
const msPerDay = 86_400_000;

/** True for a date that exists: "2026-02-29" does not. */
export function isIsoDate(text: string): boolean {
  const match = isoDate.exec(text);
  if (match === null) return false;
  return isoOfDay(dayNumberOf(text)) === text;
}

/** The ISO date `days` after (below zero: before) an ISO date. */
export function shiftDay(isoDay: string, days: number): string {
  return isoOfDay(dayNumberOf(isoDay) + days);
}

/** Days from one ISO date to another; below zero when it lies before. */
export function daysBetween(from: string, to: string): number {
  return dayNumberOf(to) - dayNumberOf(from);
}

/** The later of two ISO dates, which compare as text. */
export function laterDay(one: string, other: string): string {
  if (one < other) return other;
  return one;
}

function dayNumberOf(isoDay: string): number {
  const match = isoDate.exec(isoDay);
  if (match === null) throw new RangeError(`not an ISO date: ${isoDay}`);
  return Math.round(Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])) / msPerDay);
}

function isoOfDay(dayNumber: number): string {
  return new Date(dayNumber * msPerDay).toISOString().slice(0, 10);
}
