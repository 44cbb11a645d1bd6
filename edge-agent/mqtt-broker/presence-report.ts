/**
 * Who is connected, told to the core. What a failing disk did not take is told again until it is taken:
 * otherwise a device that left meanwhile would be online for ever. Only the latest of a device counts.
 */
import type { Clock, Log, RunningAgent } from '../ports.ts';
import type { State } from '../state.ts';

/** Pause before what was not taken is told again. */
export const presenceRetryMs = 2_000;

export interface Presence {
  online: boolean;
  reason: string;
}

export interface PresenceReportOptions {
  agent: RunningAgent<State>;
  clock: Clock;
  logger: Log;
}

export class PresenceReport {
  readonly #options: PresenceReportOptions;
  /** What each device was last said to be, while the core has not taken it. */
  readonly #untaken = new Map<string, Presence>();
  #cancelRetry: (() => void) | null = null;
  #stopped = false;

  constructor(options: PresenceReportOptions) {
    this.#options = options;
  }

  tell(deviceId: string, presence: Presence): void {
    this.#untaken.set(deviceId, presence);
    const { agent, clock, logger } = this.#options;
    agent.submit({ kind: 'device-state', deviceId, ...presence }).then(
      () => {
        if (this.#untaken.get(deviceId) === presence) this.#untaken.delete(deviceId);
      },
      (error: unknown) => {
        if (this.#stopped || this.#cancelRetry) return;
        logger.warn({ err: error }, 'presence-not-recorded');
        this.#cancelRetry = clock.schedule(presenceRetryMs, () => this.#retry());
      },
    );
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelRetry?.();
  }

  #retry(): void {
    this.#cancelRetry = null;
    for (const [deviceId, presence] of [...this.#untaken]) this.tell(deviceId, presence);
  }
}
