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

/** Each product's streaks, as hours pass; `checks` answers what the rule would have checked. */
export class StreakRule {
  readonly #missed = new Map<string, number>();
  /** Of each streak: how much was missed after each hour. */
  readonly #streaks: { gtin: string; hours: { atMs: number; missed: number }[] }[] = [];
  readonly #open = new Map<string, { gtin: string; hours: { atMs: number; missed: number }[] }>();

  /** An hour ended in which the product was sold or not, and should have sold so many pieces. */
  hour(gtin: string, atMs: number, isSold: boolean, expectedPieces: number): void {
    if (isSold) {
      this.#missed.delete(gtin);
      this.#open.delete(gtin);
      return;
    }
    const missed = (this.#missed.get(gtin) ?? 0) + expectedPieces;
    this.#missed.set(gtin, missed);
    let streak = this.#open.get(gtin);
    if (streak === undefined) {
      streak = { gtin, hours: [] };
      this.#open.set(gtin, streak);
      this.#streaks.push(streak);
    }
    streak.hours.push({ atMs, missed });
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
      if (checks.length >= count) return checks.slice(0, Math.max(count, 1));
    }
    return this.checks(0.25);
  }
}
