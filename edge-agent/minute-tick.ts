/**
 * Tells the core once a minute that time has moved on, so that what is due in a quiet store (a truck that
 * does not come, an approval that expires) is noticed without a reading or a sale; and whether HQ has
 * been out of reach for long.
 */
import { minuteTimer, syncFreshTimer, syncStaleTimer } from './ingest/timers.ts';
import type { Clock, RunningAgent } from './ports.ts';
import type { State } from './state.ts';

const minuteMs = 60_000;
/** HQ out of reach for longer than this is somebody's business. */
export const syncStaleMs = 30 * minuteMs;

export interface MinuteTickOptions {
  agent: Pick<RunningAgent<State>, 'submit' | 'moment'>;
  clock: Clock;
  /** False while HQ is out of reach; null when the store has no HQ. */
  hqConnected(): boolean | null;
}

export class MinuteTick {
  readonly #options: MinuteTickOptions;
  #cancel: (() => void) | undefined;
  /** Monotonic time since which HQ is out of reach. */
  #lostSinceMs: number | null = null;
  #isStaleTold = false;

  constructor(options: MinuteTickOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#cancel !== undefined) return;
    this.#schedule();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #schedule(): void {
    const { agent, clock } = this.#options;
    const waitMs = minuteMs - (agent.moment().nowMs % minuteMs);
    this.#cancel = clock.schedule(waitMs, () => {
      this.#tick();
      this.#schedule();
    });
  }

  #tick(): void {
    const { agent } = this.#options;
    const dueAtMs = Math.floor(agent.moment().nowMs / minuteMs) * minuteMs;
    this.#submit(minuteTimer, dueAtMs);
    this.#watchSync(dueAtMs);
  }

  #watchSync(dueAtMs: number): void {
    const { clock, hqConnected } = this.#options;
    const isConnected = hqConnected();
    if (isConnected !== false) {
      if (this.#isStaleTold) this.#submit(syncFreshTimer, dueAtMs);
      this.#lostSinceMs = null;
      this.#isStaleTold = false;
      return;
    }
    this.#lostSinceMs ??= clock.monotonicMs();
    if (this.#isStaleTold || clock.monotonicMs() - this.#lostSinceMs < syncStaleMs) return;
    this.#isStaleTold = true;
    this.#submit(syncStaleTimer, dueAtMs);
  }

  #submit(purpose: string, dueAtMs: number): void {
    this.#options.agent.submit({ kind: 'timer', purpose, dueAtMs }).catch(() => {
      // The disk failed: the loop says so, and the next minute asks again.
      if (purpose === syncStaleTimer) this.#isStaleTold = false;
    });
  }
}
