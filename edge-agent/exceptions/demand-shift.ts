/**
 * A product that suddenly sells far more than it used to: a promotion that nobody announced, a display
 * that was moved, the weather. The refills follow by themselves, for the fast rate of demand feels it
 * (demand/store-demand.ts); a manager is told because orders and staff may have to follow, too.
 *
 * Told when the last hours sold at least twice what was expected, and so much more that chance hardly does
 * it: four standard deviations of a demand whose hours differ by a half, whose days differ by a quarter, and
 * whose rate is only as well known as so many sold units tell. Over when less than half as much again is
 * sold.
 *
 * Example: 8 expected in the last hours after 100 units sold in all, 33 sold:
 * (33 − 8) / √(8 + 64 · (0.25 + 0.06 + 0.01)) = 4.7, told.
 */
import { recentFactor } from '../demand/store-demand.ts';
import type { Recorder } from '../events/recorder.ts';
import { upliftPpmAt } from '../orders/promotion.ts';
import { raiseException, resolveException } from './exception-book.ts';

const shiftFactor = 2;
const overFactor = 1.5;
const deviationsLimit = 4;
/** Fewer units prove nothing. */
const leastUnits = 6;
/** Hours differ by a half (a product’s own from its category’s), days by a quarter: variance of the expectation, as a share of its square. */
const hourVariance = 0.25;
/** The last hours are made of so many. */
const afterPromotionMs = 4 * 3_600_000;
const dayVariance = 0.0625;

/** Days of trading after which a product is known well enough to say what is unusual. */
const leastDays = 3;
/** Once told, a product is not told again before. */
const tellAgainMs = 20 * 3_600_000;

/** Looks at all products after an hour has ended. */
export function noticeDemandShifts(recorder: Recorder): void {
  const { demand, catalogue, exceptions } = recorder.state;
  const { nowMs } = recorder.moment;
  for (const [gtin, record] of demand.byGtin) {
    const { recentUnits, recentExpected } = record;
    const causeKey = `demand-shift/${gtin}`;
    if (exceptions.has(causeKey)) {
      if (recentFactor(record) < overFactor) resolveException(recorder, causeKey, 'as usual again');
      continue;
    }
    if (record.days < leastDays || nowMs - record.toldAtMs < tellAgainMs) continue;
    // An announced promotion is no surprise, nor what the last hours still have of it.
    if (upliftPpmAt(recorder.state, gtin, nowMs) > 0) continue;
    if (upliftPpmAt(recorder.state, gtin, nowMs - afterPromotionMs) > 0) continue;
    if (recentUnits < leastUnits || recentUnits < shiftFactor * recentExpected) continue;
    const share = hourVariance + dayVariance + 1 / Math.max(1, record.units);
    const spread = Math.sqrt(recentExpected + share * recentExpected * recentExpected);
    if (recentUnits - recentExpected < deviationsLimit * Math.max(spread, 1)) continue;
    const name = catalogue.productByGtin.get(gtin)?.name ?? gtin;
    raiseException(recorder, {
      type: 'demand-shift',
      causeKey,
      subjects: [gtin],
      evidence: `${name}: ${Math.round(recentUnits)} sold in the last hours, ${Math.round(recentExpected)} expected.`,
    });
  }
}
