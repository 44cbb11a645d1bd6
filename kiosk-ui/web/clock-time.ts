import { type Timestamp, timestampMs } from '@bufbuild/protobuf/wkt';

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { weekday: 'short' });

/** "14:30"; with its weekday when that is another day than `nowMs` is. */
export function clockTime(moment: Timestamp | undefined, nowMs: number): string {
  return moment === undefined ? '–' : clockTimeAt(timestampMs(moment), nowMs);
}

/** The same for Unix milliseconds. */
export function clockTimeAt(date: number, nowMs: number): string {
  const isToday = new Date(date).toDateString() === new Date(nowMs).toDateString();
  return isToday ? clock.format(date) : `${day.format(date)} ${clock.format(date)}`;
}
