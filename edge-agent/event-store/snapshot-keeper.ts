/** When the state is kept as a snapshot: every 50,000 events or 15 minutes, and at the end. */
import { modelVersion, type State, serializeState } from '../agent.ts';
import type { Clock, EventLog, Log } from '../ports.ts';

export const snapshotEveryEvents = 50_000;
export const snapshotEveryMs = 15 * 60_000;

export interface SnapshotKeeperOptions {
  log: EventLog;
  clock: Clock;
  logger: Log;
}

export class SnapshotKeeper {
  readonly #options: SnapshotKeeperOptions;
  #position = 0;
  #keptAtMs: number;

  constructor(options: SnapshotKeeperOptions) {
    this.#options = options;
    this.#keptAtMs = options.clock.monotonicMs();
  }

  /** The state was built anew from the snapshot at this position; 0 for none. */
  beginAt(position: number): void {
    this.#position = position;
  }

  /** @param chainHash hash of the last event that is folded into the state. */
  keepIfDue(state: Readonly<State>, chainHash: Uint8Array): void {
    const events = state.position - this.#position;
    const ageMs = this.#options.clock.monotonicMs() - this.#keptAtMs;
    if (events >= snapshotEveryEvents || ageMs >= snapshotEveryMs) this.keep(state, chainHash);
  }

  keep(state: Readonly<State>, chainHash: Uint8Array): void {
    const { log, clock, logger } = this.#options;
    this.#keptAtMs = clock.monotonicMs();
    const { position } = state;
    if (position === this.#position) return;
    try {
      log.saveSnapshot({ position, chainHash, modelVersion, state: serializeState(state) });
      this.#position = position;
      const durationMs = Math.round(clock.monotonicMs() - this.#keptAtMs);
      logger.debug({ position, durationMs }, 'snapshot-kept');
    } catch (error) {
      // The log is whole without it; only the next start takes longer.
      logger.warn({ err: error }, 'snapshot-failed');
    }
  }
}
