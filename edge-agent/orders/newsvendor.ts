/**
 * How much to have for a single occasion (a promotion, a holiday) of which nothing can be reordered: the
 * least quantity whose chance to suffice reaches shortage / (shortage + leftover), by what a unit short
 * and a unit left over cost (Arrow, Harris, Marschak 1951).
 *
 * Example: a unit short loses 75 cents of margin, one left over 25: the quantity that suffices in three
 * of four cases. With Poisson demand of mean 10 that is 12.
 */
import type { DemandChances } from './reorder-policy.ts';

/** The best quantity in units. Throws a RangeError when a cost is below zero, or both are zero. */
export function newsvendorQuantity(
  chances: DemandChances,
  shortageCost: number,
  leftoverCost: number,
): number {
  if (!(shortageCost >= 0 && leftoverCost >= 0 && shortageCost + leftoverCost > 0)) {
    throw new RangeError('costs must not be below zero, nor both zero');
  }
  const wanted = shortageCost / (shortageCost + leftoverCost);
  let chance = 0;
  for (let units = 0; units < chances.length; units += 1) {
    chance += chances[units] ?? 0;
    if (chance >= wanted) return units;
  }
  return Math.max(0, chances.length - 1);
}
