/** Days and hours of a run: it begins at a local midnight and knows no change of the clocks. */

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** Monday 2 March 2026, midnight in Berlin; the next change of the clocks is four weeks away. */
export const firstMidnightMs = Date.UTC(2026, 2, 1, 23);

/** 0 for the first day. */
export const dayIndexOf = (atMs: number) => Math.floor((atMs - firstMidnightMs) / dayMs);

/** Hours since midnight, with fraction. */
export const hourOf = (atMs: number) =>
  (atMs - firstMidnightMs - dayIndexOf(atMs) * dayMs) / hourMs;

/** @param day as scenarios count: the first day is 1. */
export const instantOf = (day: number, hour: number) =>
  firstMidnightMs + (day - 1) * dayMs + hour * hourMs;

/** "11:40". */
export const clockText = (atMs: number) => dayClockText(atMs).split(' ').at(-1) ?? '';

/** "day 4 11:40". */
export function dayClockText(atMs: number): string {
  const minutes = Math.floor((atMs - firstMidnightMs - dayIndexOf(atMs) * dayMs) / minuteMs);
  const two = (value: number) => String(value).padStart(2, '0');
  return `day ${dayIndexOf(atMs) + 1} ${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
