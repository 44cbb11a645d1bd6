/**
 * What a lead says about somebody's day, as the shift that the agent is told: gone now, here until a time,
 * or from one time to another.
 *
 * What lies behind stays as it was, and breaks that no longer fit are left out. Whoever goes before the
 * shift has begun has a shift of no length. Example: Anna has 6:00 to 14:00 with a break at 10:00; at 9:30
 * she goes home ill: 6:00 to 9:30, no break.
 */
import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import type { Shift } from '@stockhand/proto/events/v1alpha/plan_events_pb.js';
import { clockText, timeOfDayMs } from '@stockhand/proto/vocabulary/zone-time.ts';

export interface ShiftSpan {
  fromMs: number;
  untilMs: number;
}

/** The span of a shift that ends now. */
export function endedNow(shift: Shift | undefined, nowMs: number): ShiftSpan {
  const fromMs = shift?.startsAt === undefined ? nowMs : timestampMs(shift.startsAt);
  return { fromMs, untilMs: Math.max(fromMs, nowMs) };
}

/** The message of a span, with what it can keep of the shift before. */
export function shiftOf(personRef: string, { fromMs, untilMs }: ShiftSpan, before?: Shift) {
  const breaks = (before?.breaks ?? []).filter(
    ({ startsAt, endsAt }) =>
      startsAt !== undefined &&
      endsAt !== undefined &&
      timestampMs(startsAt) >= fromMs &&
      timestampMs(endsAt) <= untilMs,
  );
  return {
    personRef,
    startsAt: timestampFromMs(fromMs),
    endsAt: timestampFromMs(untilMs),
    breaks,
    cartCases: before?.cartCases ?? 0,
  };
}

const timeForm = /^(\d{1,2}):(\d{2})$/;
const minutesOfDay = 24 * 60;

/** Minute of the day of "14:30"; undefined when it is no time. */
function minuteOf(text: string): number | undefined {
  const [, hours, minutes] = timeForm.exec(text) ?? [];
  if (hours === undefined || minutes === undefined) return undefined;
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined;
  return Number(hours) * 60 + Number(minutes);
}

/** "14:30" of Unix milliseconds by the store's clock, for a time field. */
export function timeFieldText(ms: number, timeZone: string): string {
  return clockText(ms, timeZone);
}

/** A shift that is longer is a mistake; the agent refuses it, too. */
const longestMs = 16 * 3_600_000;

const usualShiftMs = 8 * 3_600_000;

/** What a time field begins with: the end that is known, a usual shift after the start at most. */
export function usualEnd(fromMs: number, endMs: number): number {
  return endMs > fromMs ? Math.min(endMs, fromMs + usualShiftMs) : fromMs + usualShiftMs;
}

/**
 * From and until as typed, by the clock of `timeZone` (IANA). An end that is not after its start is on the day
 * after it, or today, where that is the night that runs; what is over is meant for tomorrow. Undefined when it
 * is no span of a day's work. Days are those of the calendar: some have 23 or 25 hours.
 */
export function spanOf(
  from: string,
  until: string,
  nowMs: number,
  timeZone: string,
): ShiftSpan | undefined {
  const [fromMinute, endMinute] = [minuteOf(from), minuteOf(until)];
  if (fromMinute === undefined || endMinute === undefined) return undefined;
  const at = (minute: number, day: number) =>
    timeOfDayMs(minute + day * minutesOfDay, nowMs, timeZone);
  const isOvernight = endMinute <= fromMinute;
  const isAhead = at(endMinute, 0) > nowMs;
  const isRunning = isOvernight && isAhead;
  const isOver = !isOvernight && !isAhead;
  const fromDay = isRunning ? -1 : isOver ? 1 : 0;
  const span = {
    fromMs: at(fromMinute, fromDay),
    untilMs: at(endMinute, isOvernight ? fromDay + 1 : fromDay),
  };
  return span.untilMs - span.fromMs > longestMs ? undefined : span;
}
