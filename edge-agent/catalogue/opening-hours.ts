/**
 * When the store is open, by local minutes of the day. Closing before opening means closing after midnight:
 * open from 06:00 to 01:00 is open from 0 to 60 and from 360 to 1440. Opening and closing at the same
 * minute (nothing said, say) is open all day.
 *
 * On the two days a year on which the clock changes, what lies behind the change is an hour off until it has
 * come: the core knows the offset of now only.
 */
import type { StoreFacts } from './catalogue.ts';

export const dayMinutes = 1_440;

type Hours = Pick<StoreFacts, 'opensMinute' | 'closesMinute'>;

/** Without a break within one day, minutes from its midnight. */
export interface OpenStretch {
  fromMinute: number;
  untilMinute: number;
}

/** One, or two where the store closes after midnight; in order. */
export function openStretches({ opensMinute, closesMinute }: Hours): OpenStretch[] {
  if (opensMinute % dayMinutes === closesMinute % dayMinutes)
    return [{ fromMinute: 0, untilMinute: dayMinutes }];
  if (opensMinute < closesMinute) return [{ fromMinute: opensMinute, untilMinute: closesMinute }];
  const evening = { fromMinute: opensMinute, untilMinute: dayMinutes };
  return closesMinute === 0 ? [evening] : [{ fromMinute: 0, untilMinute: closesMinute }, evening];
}

/** Open minutes between two minutes of one day. */
export function openMinutesOf(
  stretches: readonly OpenStretch[],
  fromMinute: number,
  untilMinute: number,
): number {
  let open = 0;
  for (const stretch of stretches) {
    const from = Math.max(fromMinute, stretch.fromMinute);
    open += Math.max(0, Math.min(untilMinute, stretch.untilMinute) - from);
  }
  return open;
}

/** Open minutes of a whole day. */
export function openMinutesOfDay(hours: Hours): number {
  return openMinutesOf(openStretches(hours), 0, dayMinutes);
}

/** Minute of the day at which the store closes, 1 to 1440; midnight where it never does. */
export function closingMinute({ opensMinute, closesMinute }: Hours): number {
  const isAlwaysOpen = opensMinute % dayMinutes === closesMinute % dayMinutes;
  return isAlwaysOpen || closesMinute === 0 ? dayMinutes : closesMinute;
}
