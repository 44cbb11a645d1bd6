/** Hours and minutes of the store's local day, from agent time and the offset of that moment. */

const minutesOfDay = 1_440;

/** Minute of the local day, 0 to 1,439. */
export function localMinuteOf(atMs: number, utcOffsetMinutes: number): number {
  const minutes = Math.floor(atMs / 60_000) + utcOffsetMinutes;
  return ((minutes % minutesOfDay) + minutesOfDay) % minutesOfDay;
}

/** Hour of the local day, 0 to 23. */
export function localHourOf(atMs: number, utcOffsetMinutes: number): number {
  return Math.floor(localMinuteOf(atMs, utcOffsetMinutes) / 60);
}
