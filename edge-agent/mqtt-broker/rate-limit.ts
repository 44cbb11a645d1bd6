/**
 * How much one device may say. A bucket per device: `burst` publishes at once (what a sensor saved up
 * through a radio gap), then `perSecond`. What is over waits unacknowledged, so the device slows down
 * and nothing is dropped.
 */
import type { Clock } from '../ports.ts';

export interface RateLimit {
  perSecond: number;
  burst: number;
}

export class RateLimiter {
  readonly #limit: RateLimit;
  readonly #clock: Clock;
  /** When the bucket of each device would be full again, in monotonic milliseconds. */
  readonly #fullAtMs = new Map<string, number>();

  constructor(limit: RateLimit, clock: Clock) {
    this.#limit = limit;
    this.#clock = clock;
  }

  /** Milliseconds that this publish must wait; 0 for none. */
  takeMs(deviceId: string): number {
    const nowMs = this.#clock.monotonicMs();
    const costMs = 1_000 / this.#limit.perSecond;
    const fullAtMs = Math.max(nowMs, this.#fullAtMs.get(deviceId) ?? 0) + costMs;
    this.#fullAtMs.set(deviceId, fullAtMs);
    return Math.max(0, fullAtMs - nowMs - this.#limit.burst * costMs);
  }

  forget(deviceId: string): void {
    this.#fullAtMs.delete(deviceId);
  }
}
