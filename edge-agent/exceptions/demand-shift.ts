/**
 * A product that suddenly sells far more than it used to: a promotion that nobody announced, a display
 * that was moved, the weather. The refills follow by themselves, for the fast rate of demand feels it
 * (demand/store-demand.ts); a manager is told because orders and staff may have to follow, too.
 *
 * After each hour the sales of the last one, two, four, eight and twelve hours of the day are held against
 * what was expected of them. Chance is a negative binomial: the rate of a product is known from so many sales only, days
 * differ (σ 0.25), and so do its hours from those of its category. The least of the chances, times as
 * many as were looked at, is the product's p-value. (With one to three hours 26 of 72 planted promotions of
 * six seeds went unnamed, with these 14, at as many false words.)
 *
 * Among many products some are always unlikely. Therefore all p-values of the hour go through the
 * procedure of Benjamini and Hochberg (Journal of the Royal Statistical Society B 57, 1995): sorted, the
 * i-th of n may be at most q·i/n. With q = 0.01 one hour in a hundred without any shift raises a false
 * one, less than two in a fortnight of 14-hour days. Where four products or more pass with q = 0.2, they
 * are told, too: a leaflet lifts many at once, and four together by chance are as rare.
 *
 * Example: in a store of 300 products, 16 sold in four hours where 3 were expected of a product known from
 * 200 sales: p = 0.00002, which is below 0.01/300: told. 12 sold, p = 0.002: told with three others only.
 */
import { type DemandRecord, dayFactorVariance } from '../demand/store-demand.ts';
import { chanceOfAtLeast } from '../demand/unit-demand.ts';
import type { Recorder } from '../events/recorder.ts';
import { raiseException, resolveException } from './exception-book.ts';

/** Less than twice the expected is nobody's business, however sure it is. */
const shiftFactor = 2;
/** Over when less than half as much again as expected is sold. */
const overFactor = 1.5;
/** Fewer units prove nothing. */
const leastUnits = 3;
/** Last hours that are looked at together: a slow seller shows what has changed in half a day only. */
const spans: readonly number[] = [1, 2, 4, 8, 12];
/** How much an hour of a product differs from what its category says: variance of its share. */
const hourVariance = 0.05;
/** q for a product alone, and for so many together. */
const aloneRate = 0.01;
const togetherRate = 0.2;
const leastTogether = 4;

/** Days of trading after which a product is known well enough to say what is unusual. */
const leastDays = 1.3;
/** Once told, a product is not told again before. */
const tellAgainMs = 20 * 3_600_000;

interface Surprise {
  gtin: string;
  chance: number;
  hours: number;
  sold: number;
  expected: number;
}

/** Looks at all products after an hour has ended. */
export function noticeDemandShifts(recorder: Recorder): void {
  const { demand, catalogue, exceptions } = recorder.state;
  const { nowMs } = recorder.moment;
  const surprises: Surprise[] = [];
  let looked = 0;
  for (const [gtin, record] of demand.byGtin) {
    if (record.days < leastDays || record.lately.length === 0) continue;
    looked += 1;
    const surprise = surpriseOf(gtin, record);
    if (surprise !== null) surprises.push(surprise);
  }
  for (const { type, causeKey, subjects } of [...exceptions.values()]) {
    if (type !== 'demand-shift') continue;
    const record = demand.byGtin.get(subjects[0] ?? '');
    if (record === undefined || latelyFactor(record) < overFactor) {
      resolveException(recorder, causeKey, 'as usual again');
    }
  }
  for (const { gtin, hours, sold, expected } of unlikely(surprises, looked)) {
    const { toldAtMs = 0 } = demand.byGtin.get(gtin) ?? {};
    if (toldAtMs > 0 && nowMs - toldAtMs < tellAgainMs) continue;
    const name = catalogue.productByGtin.get(gtin)?.name ?? gtin;
    const span = hours === 1 ? 'the last hour' : `the last ${hours} hours`;
    raiseException(recorder, {
      type: 'demand-shift',
      causeKey: `demand-shift/${gtin}`,
      subjects: [gtin],
      evidence: `${name}: ${Math.round(sold)} sold in ${span}, ${expected.toFixed(1)} expected.`,
    });
  }
}

/** The unlikeliest of the product's last hours; null when nothing is unusual. */
function surpriseOf(gtin: string, { units, lately }: DemandRecord): Surprise | null {
  let best: Surprise | null = null;
  const looks = spans.filter((hours) => hours <= lately.length).length;
  let [sold, expected] = [0, 0];
  lately.toReversed().forEach((hour, index) => {
    sold += hour.sold;
    expected += hour.expected;
    const hours = index + 1;
    if (!spans.includes(hours) || sold < leastUnits || sold < shiftFactor * expected) return;
    const shape = 1 / (1 / units + dayFactorVariance + hourVariance / hours);
    const one = chanceOfAtLeast({ mean: expected, shape }, Math.floor(sold));
    const chance = Math.min(1, one * looks);
    if (best === null || chance < best.chance) best = { gtin, chance, hours, sold, expected };
  });
  return best;
}

/** Those that chance hardly explains, given that so many products were looked at. */
function unlikely(surprises: readonly Surprise[], looked: number): readonly Surprise[] {
  const sorted = surprises.toSorted((one, other) => one.chance - other.chance);
  const passing = (rate: number) =>
    sorted.findLastIndex(({ chance }, index) => chance <= (rate * (index + 1)) / looked) + 1;
  const together = passing(togetherRate);
  return sorted.slice(0, together >= leastTogether ? together : passing(aloneRate));
}

/** What was sold in the last hours, times the expected. */
function latelyFactor({ lately }: DemandRecord): number {
  let [sold, expected] = [0, 0];
  for (const hour of lately.slice(-3)) {
    sold += hour.sold;
    expected += hour.expected;
  }
  return (1 + sold) / (1 + expected);
}
