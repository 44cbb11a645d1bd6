/**
 * Units wanted in a coming time as a negative binomial: a Poisson process whose rate is only known as a
 * gamma distribution. Mean m and shape r give P(0) = (r/(r+m))^r and
 * P(k+1) = P(k) · (k+r)/(k+1) · m/(m+r); as r grows it becomes the Poisson distribution.
 */

/** Well above the logarithm of the least number, -745. */
const leastLog = -600;

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
  // Of a large and sure demand P(0) is less than the least number: its logarithm is carried until it shows.
  let hiddenLog = shape * Math.log(shape / (shape + mean));
  let chance = Math.exp(hiddenLog);
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
      const growth = ((units + shape) / (units + 1)) * ratio;
      if (hiddenLog < leastLog) {
        hiddenLog += Math.log(growth);
        chance = Math.exp(hiddenLog);
      } else chance *= growth;
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

/** The chance that exactly so many units are wanted; of all whole numbers from 0 on they sum to 1. */
export function chanceOf(demand: UnitDemand, units: number): number {
  if (!(units >= 0) || !Number.isInteger(units)) return 0;
  const { mean, shape } = demand;
  if (!(mean > 0)) return units === 0 ? 1 : 0;
  let log = shape * Math.log(shape / (shape + mean));
  const logRatio = Math.log(mean / (mean + shape));
  for (let one = 0; one < units; one += 1) log += Math.log((one + shape) / (one + 1)) + logRatio;
  return Math.exp(log);
}

/** The chance that at most so many units are wanted. */
export function chanceOfAtMost(demand: UnitDemand, units: number): number {
  return units < 0 ? 0 : 1 - chanceOfAtLeast(demand, Math.floor(units) + 1);
}

/** Least whole number of units that is enough with chance `level` (0 to below 1). */
export function quantileOfUnits(demand: UnitDemand, level: number): number {
  const { mean, shape } = demand;
  if (!(mean > 0) || !(level > 0)) return 0;
  // Cantelli: beyond mean + deviation · √(level / (1 − level)) lies less than 1 − level.
  const variance = mean + (mean * mean) / shape;
  const most = Math.ceil(mean + Math.sqrt((variance * level) / (1 - level)));
  let [low, high] = [0, most];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (chanceOfAtMost(demand, middle) >= level) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Demand over a time, given the mean a coming hour is expected to have: hours share one unknown rate. */
export function demandOver(hourlyMeans: readonly number[], shape: number): UnitDemand {
  return { mean: hourlyMeans.reduce((sum, mean) => sum + mean, 0), shape };
}
