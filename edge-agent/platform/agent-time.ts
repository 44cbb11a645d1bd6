/**
 * Agent time: the monotonic clock plus an offset, so that no step of the wall clock reaches the log
 * unseen. It never goes back within a log.
 *
 * Each question compares agent time with the wall clock. A small difference (up to five minutes) is
 * taken over: forwards at once, backwards by standing still until the wall clock has caught up. A
 * jump further ahead is held: agent time goes on at its own pace until someone confirms the new
 * time, for a wrong clock would make receipts, expiries and certificates of a day that has not come.
 * A jump far back is held in the same way.
 *
 * Example: the battery of the board is empty and the machine starts in 1970. The log's last event is
 * of yesterday, so agent time goes on from there; when the network sets the clock right, that is a
 * jump ahead of a day and waits for confirmation.
 */
import type { Clock } from '../ports.ts';

export const heldJumpMs = 5 * 60_000;

export interface HeldJump {
  agentMs: number;
  wallMs: number;
}

export class AgentTime {
  readonly #clock: Clock;
  #offsetMs: number;
  #lastMs: number;
  #held: HeldJump | null = null;

  /** @param floorMs time of the last event in the log: agent time begins no earlier. */
  constructor(clock: Clock, floorMs: number) {
    this.#clock = clock;
    const wallMs = clock.wallMs();
    this.#lastMs = Math.max(floorMs, wallMs);
    // At the start there is no time of our own to compare with: the wall clock is taken, except
    // that the log's last event is a floor.
    this.#offsetMs = this.#lastMs - clock.monotonicMs();
  }

  /** Whole Unix milliseconds. */
  nowMs(): number {
    const ownMs = this.#clock.monotonicMs() + this.#offsetMs;
    const wallMs = this.#clock.wallMs();
    const aheadMs = wallMs - ownMs;
    if (Math.abs(aheadMs) > heldJumpMs) {
      this.#held = { agentMs: Math.round(ownMs), wallMs };
    } else {
      this.#held = null;
      this.#offsetMs += aheadMs;
    }
    const nowMs = Math.round(this.#clock.monotonicMs() + this.#offsetMs);
    this.#lastMs = Math.max(this.#lastMs, nowMs);
    return this.#lastMs;
  }

  /** The jump that waits for a person, or null. */
  get held(): HeldJump | null {
    return this.#held;
  }

  /** A person says that the wall clock is right. */
  confirm(): void {
    this.#offsetMs += this.#clock.wallMs() - (this.#clock.monotonicMs() + this.#offsetMs);
    this.#held = null;
  }
}
