/** Clock times of a zone, for what people read and type; the core carries offsets in its events. */

/** Slow to make, and a store has one zone. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    weekday: 'short',
  });
  formats.set(timeZone, format);
  return format;
}

/** "14:05" of the zone. */
export function clockText(atMs: number, timeZone: string): string {
  const { hour, minute } = partsOf(atMs, timeZone);
  return `${hour}:${minute}`;
}

/** "14:05", or "Tue 14:05" where that is another day there than `nowMs`. */
export function dayClockText(atMs: number, nowMs: number, timeZone: string): string {
  const { weekday, year, month, day } = partsOf(atMs, timeZone);
  const today = partsOf(nowMs, timeZone);
  const isToday = year === today['year'] && month === today['month'] && day === today['day'];
  const clock = clockText(atMs, timeZone);
  return isToday ? clock : `${weekday} ${clock}`;
}

function partsOf(atMs: number, timeZone: string): Record<string, string> {
  const parts = formatOf(timeZone).formatToParts(atMs);
  return Object.fromEntries(parts.map(({ type, value }) => [type, value]));
}

/** What the zone's clock shows, as if it were UTC. */
function shownMs(atMs: number, timeZone: string): number {
  const { year, month, day, hour, minute } = partsOf(atMs, timeZone);
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute));
}

const minuteMs = 60_000;

/**
 * Unix milliseconds at which the zone's clock shows the minute of a day, counted from the day on which
 * `nowMs` lies there: 840 is 14:00 today, 1,440 + 360 is 06:00 tomorrow. A time that a change of the clock
 * leaves out comes as much later as the clock is put forward.
 */
export function timeOfDayMs(minuteOfDay: number, nowMs: number, timeZone: string): number {
  const shown = new Date(shownMs(nowMs, timeZone));
  shown.setUTCHours(0, minuteOfDay, 0, 0);
  const wanted = shown.getTime();
  const offsetAt = (atMs: number) =>
    shownMs(atMs, timeZone) - Math.floor(atMs / minuteMs) * minuteMs;
  // The offset of a guess may be that of the other side of a change; the guess it leads to is near.
  const guess = wanted - offsetAt(wanted);
  const better = wanted - offsetAt(guess);
  return shownMs(better, timeZone) === wanted ? better : Math.max(guess, better);
}
