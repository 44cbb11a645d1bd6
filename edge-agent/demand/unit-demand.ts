/**
 * Units wanted in a coming time as a negative binomial: a Poisson process whose rate is only known as a
 * gamma distribution. Mean m and shape r give P(0) = (r/(r+m))^r and
 * P(k+1) = P(k) · (k+r)/(k+1) · m/(m+r); as r grows it becomes the Poisson distribution.
 */

export interface UnitDemand {
  mean: number;
  shape: number;
}

export interface StockOutlook {
  /** Chance that all is gone by then, 0 to 1. */
  pEmpty: number;
  /** Units that will be wanted and not be there, on average. */
  expectedShortUnits: number;
}

/**
 * What a stock that is itself a distribution (chance by quantity, `unitsPerCell` units of demand in
 * each step) comes to under the demand.
 */
export function outlook(
  cells: readonly number[],
  unitsPerCell: number,
  demand: UnitDemand,
): StockOutlook {
  const { mean, shape } = demand;
  if (!(mean > 0)) return { pEmpty: cells[0] ?? 0, expectedShortUnits: 0 };
  const ratio = mean / (mean + shape);
  let chance = Math.exp(shape * Math.log(shape / (shape + mean)));
  let atLeast = 1;
  let short = mean;
  let pEmpty = 0;
  let expectedShortUnits = 0;
  let units = 0;
  for (let cell = 0; cell < cells.length; cell += 1) {
    const until = Math.ceil(cell * unitsPerCell);
    for (; units < until; units += 1) {
      atLeast = Math.max(0, atLeast - chance);
      short = Math.max(0, short - atLeast);
      chance *= ((units + shape) / (units + 1)) * ratio;
    }
    const weight = cells[cell] ?? 0;
    pEmpty += weight * atLeast;
    expectedShortUnits += weight * short;
  }
  return { pEmpty: Math.min(1, pEmpty), expectedShortUnits };
}

/** The chance that at least so many units are wanted. */
export function chanceOfAtLeast(demand: UnitDemand, units: number): number {
  if (units <= 0) return 1;
  const cells = Array<number>(units + 1).fill(0);
  cells[units] = 1;
  return outlook(cells, 1, demand).pEmpty;
}
