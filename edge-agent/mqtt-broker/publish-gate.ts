/**
 * How much one device may say. A bucket per device: `burst` publishes at once (what a sensor saved up
 * through a radio gap), then `perSecond`. What is over waits unacknowledged, in its order, so the device
 * slows down and nothing is dropped.
 *
 * Example: with 200 a second and a burst of 5,000, a sensor that kept 6,000 readings through an outage
 * is done with 5,000 at once and with the rest in five seconds.
 */
import type { Clock } from '../ports.ts';

export interface RateLimit {
  perSecond: number;
  burst: number;
}

interface Bucket {
  /** When it would be full again, in monotonic milliseconds. */
  fullAtMs: number;
  /** Those that wait for their turn, in order, with the connection that they came over. */
  waiting: { dueAtMs: number; connection: object; pass: () => void }[];
  cancelWake: () => void;
}

export class PublishGate {
  readonly #limit: RateLimit;
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();

  constructor(limit: RateLimit, clock: Clock) {
    this.#limit = limit;
    this.#clock = clock;
  }

  /** Publishes that wait for their turn, of all devices. */
  get waiting(): number {
    let count = 0;
    for (const bucket of this.#buckets.values()) count += bucket.waiting.length;
    return count;
  }

  /** Calls `pass` at once or when the device's turn has come: one device's in the order of the calls. */
  admit(deviceId: string, connection: object, pass: () => void): void {
    const bucket = this.#bucket(deviceId);
    const nowMs = this.#clock.monotonicMs();
    const costMs = 1_000 / this.#limit.perSecond;
    bucket.fullAtMs = Math.max(nowMs, bucket.fullAtMs) + costMs;
    const dueAtMs = bucket.fullAtMs - this.#limit.burst * costMs;
    if (dueAtMs <= nowMs && bucket.waiting.length === 0) {
      pass();
      return;
    }
    bucket.waiting.push({ dueAtMs, connection, pass });
    if (bucket.waiting.length === 1) this.#wake(bucket, dueAtMs - nowMs);
  }

  /**
   * A connection ended. What it had waiting was never acknowledged and comes again over the next one, so
   * it is let go with what it cost. A bucket that is not full stays: leaving buys no new burst.
   */
  forget(deviceId: string, connection: object): void {
    const bucket = this.#buckets.get(deviceId);
    if (!bucket) return;
    const staying = bucket.waiting.filter((one) => one.connection !== connection);
    bucket.fullAtMs -= ((bucket.waiting.length - staying.length) * 1_000) / this.#limit.perSecond;
    bucket.waiting = staying;
    if (staying.length > 0) return;
    bucket.cancelWake();
    if (bucket.fullAtMs <= this.#clock.monotonicMs()) this.#buckets.delete(deviceId);
  }

  #bucket(deviceId: string): Bucket {
    const known = this.#buckets.get(deviceId);
    if (known) return known;
    const bucket: Bucket = { fullAtMs: 0, waiting: [], cancelWake: () => {} };
    this.#buckets.set(deviceId, bucket);
    return bucket;
  }

  #wake(bucket: Bucket, delayMs: number): void {
    bucket.cancelWake();
    bucket.cancelWake = this.#clock.schedule(Math.max(0, delayMs), () => {
      const nowMs = this.#clock.monotonicMs();
      const later = bucket.waiting.findIndex((one) => one.dueAtMs > nowMs);
      const due = bucket.waiting.splice(0, later === -1 ? bucket.waiting.length : later);
      for (const { pass } of due) pass();
      const [next] = bucket.waiting;
      if (next) this.#wake(bucket, next.dueAtMs - nowMs);
    });
  }
}
