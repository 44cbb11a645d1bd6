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

/** "14:30" on the day of `nowMs`, Unix milliseconds; undefined when it is no time. */
export function timeOfDayMs(text: string, nowMs: number): number | undefined {
  const [, hours, minutes] = timeForm.exec(text) ?? [];
  if (hours === undefined || minutes === undefined) return undefined;
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined;
  const time = new Date(nowMs);
  time.setHours(Number(hours), Number(minutes), 0, 0);
  return time.getTime();
}

/** "14:30" of Unix milliseconds, for a time field. */
export function timeFieldText(ms: number): string {
  const time = new Date(ms);
  return [time.getHours(), time.getMinutes()].map((part) => `${part}`.padStart(2, '0')).join(':');
}

/** A shift that is longer is a mistake; the agent refuses it, too. */
const longestMs = 16 * 3_600_000;

const usualShiftMs = 8 * 3_600_000;

/** What a time field begins with: the end that is known, a usual shift after the start at most. */
export function usualEnd(fromMs: number, endMs: number): number {
  return endMs > fromMs ? Math.min(endMs, fromMs + usualShiftMs) : fromMs + usualShiftMs;
}

/**
 * From and until as typed. An end that is not after its start is on the day after it, or today, where that
 * is the night that runs; what is over is meant for tomorrow. Undefined when it is no span of a day's work.
 * Days are those of the calendar: some have 23 or 25 hours.
 */
export function spanOf(from: string, until: string, nowMs: number): ShiftSpan | undefined {
  const [fromMs, endMs] = [timeOfDayMs(from, nowMs), timeOfDayMs(until, nowMs)];
  if (fromMs === undefined || endMs === undefined) return undefined;
  const isOvernight = endMs <= fromMs;
  const isRunning = isOvernight && endMs > nowMs;
  const isOver = !isOvernight && endMs <= nowMs;
  const fromDay = isRunning ? -1 : isOver ? 1 : 0;
  const span = {
    fromMs: daysLater(fromMs, fromDay),
    untilMs: daysLater(endMs, isOvernight ? fromDay + 1 : fromDay),
  };
  return span.untilMs - span.fromMs > longestMs ? undefined : span;
}

/** The same time by the clock, so many days later. */
function daysLater(ms: number, days: number): number {
  const time = new Date(ms);
  time.setDate(time.getDate() + days);
  return time.getTime();
}
