/** Times as the store's clock shows them, wherever the browser believes to be. */
import { type Timestamp, timestampMs } from '@bufbuild/protobuf/wkt';
import { dayClockText } from '@stockhand/proto/vocabulary/zone-time.ts';

/** A page shows one store. Until its first board is here, the browser's own zone. */
let zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Takes over the zone that the store's board names. */
export function followStoreClock(timeZone: string): void {
  if (timeZone !== '') zone = timeZone;
}

/** IANA name of the zone in which times are shown and typed. */
export function storeTimeZone(): string {
  return zone;
}

/** "14:30"; with its weekday when that is another day than `nowMs` is. */
export function clockTime(moment: Timestamp | undefined, nowMs: number): string {
  return moment === undefined ? '–' : clockTimeAt(timestampMs(moment), nowMs);
}

/** The same for Unix milliseconds. */
export function clockTimeAt(atMs: number, nowMs: number): string {
  return dayClockText(atMs, nowMs, zone);
}
