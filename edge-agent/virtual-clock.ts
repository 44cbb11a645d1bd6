/** Time that passes only when a test says so. */
import type { Clock } from './ports.ts';

export class VirtualClock implements Clock {
  readonly #startMs: number;
  #passedMs = 0;
  #timers: { dueMs: number; callback: () => void }[] = [];
  #idle: (() => void)[] = [];

  /** @param startMs the wall clock's Unix milliseconds at the beginning. */
  constructor(startMs: number) {
    this.#startMs = startMs;
  }

  wallMs(): number {
    return this.#startMs + this.#passedMs;
  }

  monotonicMs(): number {
    return this.#passedMs;
  }

  schedule(delayMs: number, callback: () => void): () => void {
    const timer = { dueMs: this.#passedMs + delayMs, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  }

  whenIdle(callback: () => void): () => void {
    this.#idle.push(callback);
    return () => {
      this.#idle = this.#idle.filter((one) => one !== callback);
    };
  }

  /** The event loop has drained its reads. */
  becomeIdle(): void {
    for (const callback of this.#idle.splice(0)) callback();
  }

  /** Timers fire in the order of their due times, those that they set among them. */
  pass(ms: number): void {
    const untilMs = this.#passedMs + ms;
    while (true) {
      const due = this.#timers
        .filter((timer) => timer.dueMs <= untilMs)
        .sort((one, other) => one.dueMs - other.dueMs)[0];
      if (!due) break;
      this.#timers = this.#timers.filter((timer) => timer !== due);
      this.#passedMs = Math.max(this.#passedMs, due.dueMs);
      due.callback();
    }
    this.#passedMs = untilMs;
  }
}
