/**
 * How long is left until a deadline, or how long it is over, in the coarse steps that people say.
 *
 * What is left is rounded down, so that nobody is promised a minute that is not there; what is over is
 * rounded down as well. Under 100 minutes it is minutes, under two days hours, then days.
 *
 * Example: 12:30 is due and it is 12:18:20: 11 minutes left. At 12:33:10: over by 3 minutes.
 */
export interface TimeLeft {
  unit: 'minutes' | 'hours' | 'days';
  count: number;
  isOver: boolean;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

export function timeLeft(deadlineMs: number, nowMs: number): TimeLeft {
  const leftMs = Math.abs(deadlineMs - nowMs);
  const isOver = nowMs > deadlineMs;
  if (leftMs < 100 * minuteMs) return { unit: 'minutes', count: whole(leftMs, minuteMs), isOver };
  if (leftMs < 2 * dayMs) return { unit: 'hours', count: whole(leftMs, hourMs), isOver };
  return { unit: 'days', count: whole(leftMs, dayMs), isOver };
}

/** From here on a clock is shown as urgent. */
export const pressingMs = 10 * minuteMs;

/** How a clock is coloured: enough time, hardly any, none. */
export function clockTone(deadlineMs: number, nowMs: number): 'good' | 'pressing' | 'over' {
  if (nowMs > deadlineMs) return 'over';
  return deadlineMs - nowMs <= pressingMs ? 'pressing' : 'good';
}

function whole(milliseconds: number, unitMs: number): number {
  return Math.floor(milliseconds / unitMs);
}
