/**
 * The rule of thumb that suspicion is compared with: a product that should have sold so much and sold
 * nothing is checked (a zero-sales streak, as shops' reports use it).
 *
 * Example: limit 6. Tea sells 0.5 an hour at these hours; after twelve open hours without a sale it is
 * checked, and its streak begins again.
 */

export interface StreakCheck {
  gtin: string;
  atMs: number;
  /** What should have been sold since the last sale. */
  expectedPieces: number;
}

interface Streak {
  gtin: string;
  /** How much was missed after each hour of it. */
  hours: { atMs: number; missed: number }[];
}

/** Each product's streaks, as hours pass; `checks` answers what the rule would have checked. */
export class StreakRule {
  readonly #streaks: Streak[] = [];
  /** Those that no sale has ended, by GTIN. */
  readonly #open = new Map<string, Streak>();

  /** An hour ended in which the product was sold or not, and should have sold so many pieces. */
  hour(gtin: string, atMs: number, isSold: boolean, expectedPieces: number): void {
    if (isSold) {
      this.#open.delete(gtin);
      return;
    }
    let streak = this.#open.get(gtin);
    if (streak === undefined) {
      streak = { gtin, hours: [] };
      this.#open.set(gtin, streak);
      this.#streaks.push(streak);
    }
    const before = streak.hours.at(-1)?.missed ?? 0;
    streak.hours.push({ atMs, missed: before + expectedPieces });
  }

  /** What is checked when so much missed is too much: once each time that it is missed again. */
  checks(limitPieces: number): StreakCheck[] {
    const checks: StreakCheck[] = [];
    for (const { gtin, hours } of this.#streaks) {
      let checked = 0;
      for (const { atMs, missed } of hours) {
        if (missed - checked < limitPieces) continue;
        checks.push({ gtin, atMs, expectedPieces: missed - checked });
        checked = missed;
      }
    }
    return checks.sort((one, other) => one.atMs - other.atMs);
  }

  /** The strictest limit with which it checks at least so often, and its checks; none when it cannot. */
  asOften(count: number): StreakCheck[] {
    for (let limit = 20; limit > 0.25; limit -= 0.25) {
      const checks = this.checks(limit);
      if (checks.length >= count) return checks.slice(0, count);
    }
    return this.checks(0.25);
  }
}
