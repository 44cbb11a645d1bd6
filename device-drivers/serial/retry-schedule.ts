/**
 * When to try again: a value, so that it can be tested without waiting.
 */
import type { Random } from '../ports.ts';

export interface RetrySettings {
  firstDelayMs: number;
  /** Each delay is this times the one before. */
  growth: number;
  longestDelayMs: number;
  /** Share of the delay that chance may take away, 0…1. */
  jitter: number;
}

/** A device that comes back is found by the folder watch or within a second. */
export const reopenRetry: RetrySettings = {
  firstDelayMs: 250,
  growth: 1.6,
  longestDelayMs: 1_000,
  jitter: 0.2,
};

/** The delays of one series of attempts, without end. */
export function* retryDelaysMs(settings: RetrySettings, random: Random): Generator<number, never> {
  let delayMs = settings.firstDelayMs;
  while (true) {
    yield Math.round(delayMs * (1 - settings.jitter * random.fraction()));
    delayMs = Math.min(settings.longestDelayMs, delayMs * settings.growth);
  }
}
