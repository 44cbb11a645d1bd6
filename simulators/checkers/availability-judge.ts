/**
 * Measures true on-shelf availability: slot-minutes in opening hours with at least one piece, over all
 * slot-minutes. It sees the truth; policies cannot import it.
 */
import { world } from '../store/reference-store.ts';
import type { StorePlan } from '../store/store-plan.ts';
import type { TrueStock } from '../store/true-stock.ts';

const hourMs = 3_600_000;

export class AvailabilityJudge {
  readonly #plan: StorePlan;
  readonly #nowMs: () => number;
  readonly #midnightMs: number;
  readonly #emptySinceMs = new Map<string, number>();
  #emptyMs = 0;

  /** @param midnightMs a local midnight; the judged time begins there. */
  constructor(plan: StorePlan, stock: TrueStock, nowMs: () => number, midnightMs: number) {
    this.#plan = plan;
    this.#nowMs = nowMs;
    this.#midnightMs = midnightMs;
    stock.onChange(({ slotId }, pieces) => this.#changed(slotId, pieces));
  }

  /** Figures from the beginning until now. */
  verdict(): { trueAvailability: number; stockoutMinutes: number } {
    const nowMs = this.#nowMs();
    let emptyMs = this.#emptyMs;
    for (const sinceMs of this.#emptySinceMs.values()) emptyMs += this.#openMs(sinceMs, nowMs);
    const slotMs = this.#plan.slots.length * this.#openMs(this.#midnightMs, nowMs);
    return {
      trueAvailability: slotMs === 0 ? 1 : 1 - emptyMs / slotMs,
      stockoutMinutes: emptyMs / 60_000,
    };
  }

  #changed(slotId: string, pieces: number): void {
    const nowMs = this.#nowMs();
    const sinceMs = this.#emptySinceMs.get(slotId);
    if (pieces === 0 && sinceMs === undefined) this.#emptySinceMs.set(slotId, nowMs);
    if (pieces > 0 && sinceMs !== undefined) {
      this.#emptySinceMs.delete(slotId);
      this.#emptyMs += this.#openMs(sinceMs, nowMs);
    }
  }

  /** Opening time between two instants. */
  #openMs(fromMs: number, toMs: number): number {
    const dayMs = 24 * hourMs;
    let open = 0;
    const firstDay = Math.floor((fromMs - this.#midnightMs) / dayMs);
    for (let day = firstDay; this.#midnightMs + day * dayMs < toMs; day += 1) {
      const midnightMs = this.#midnightMs + day * dayMs;
      const opens = Math.max(fromMs, midnightMs + world.opensHour * hourMs);
      const closes = Math.min(toMs, midnightMs + world.closesHour * hourMs);
      open += Math.max(0, closes - opens);
    }
    return open;
  }
}
