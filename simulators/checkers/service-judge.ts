/** Promises to customers, and chilled goods on their way from the dock to the cold. */
import { minuteMs } from '../kernel/day-clock.ts';

export interface PromiseFacts {
  promiseAtMs: number;
  readyAtMs: number | null;
}

/** Share of the promises that are due by now and were ready in time; 1 when none is due. */
export function promisesKeptShare(promises: readonly PromiseFacts[], nowMs: number): number {
  const due = promises.filter(({ promiseAtMs }) => promiseAtMs <= nowMs);
  const kept = due.filter(({ promiseAtMs, readyAtMs }) => (readyAtMs ?? nowMs + 1) <= promiseAtMs);
  return due.length === 0 ? 1 : kept.length / due.length;
}

export interface ChilledStay {
  arrivedAtMs: number;
  /** Null while it still stands at the dock. */
  putAwayAtMs: number | null;
}

/** Minutes beyond the limit, summed over the lines of chilled and frozen goods. */
export function chilledMinutesOut(
  stays: readonly ChilledStay[],
  limitMinutes: number,
  nowMs: number,
): number {
  return stays.reduce((sum, { arrivedAtMs, putAwayAtMs }) => {
    const minutes = ((putAwayAtMs ?? nowMs) - arrivedAtMs) / minuteMs;
    return sum + Math.max(0, minutes - limitMinutes);
  }, 0);
}
