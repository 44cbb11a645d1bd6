/**
 * How much HQ's forecast of a product's day counts beside the store's own belief.
 *
 * Both are scored on the same days: the store's and HQ's figure for the hours in which the product was
 * on the shelf, against what was sold in them. Bates and Granger (The Combination of Forecasts,
 * Operational Research Quarterly 20(4), 1969) weigh by the inverse of the squared errors:
 * `own² / (own² + hq²)` for HQ. Few days say little, so that is drawn towards one half as if two equal
 * days had been seen before: `weight = (n · own² / (own² + hq²) + 1) / (n + 2)`, `n` days, all faded by
 * a tenth each scored day. From the third day on an HQ whose squared errors are nine times the store's
 * counts nothing; it is scored on, and counts again when it is better. No figure of HQ's moves the day
 * beyond four times the store's own, or below a quarter.
 *
 * Example: five days, the store 2 units off in each, HQ 1: (5 · 4 / 5 + 1) / 7 = 0.71 for HQ, 0.29 for
 * the store. It says 20 and HQ 30: 0.71 · 30 + 0.29 · 20 = 27.1 are expected.
 */

export interface ForecastScore {
  /** Scored days, faded. */
  days: number;
  /** Squared errors in units of demand, faded: of the store and of HQ. */
  ownSquares: number;
  hqSquares: number;
}

/** Equal days that are taken as seen before the first. */
const equalDays = 2;
const scoreDiscount = 0.9;
/** Scored days before HQ can be ignored, and how many times the store's its squared errors then are. */
const daysToIgnore = 3;
const squaresToIgnore = 9;
/** HQ's figure counts as at most so many times the store's, and as no less than that part of it. */
const mostTimes = 4;

export function emptyScore(): ForecastScore {
  return { days: 0, ownSquares: 0, hqSquares: 0 };
}

/** A day is over: what both had expected, and what was sold, in the same hours. */
export function scoreDay(score: ForecastScore, own: number, hq: number, sold: number): void {
  // Faded first: of daily ones at most ten days count, so three whole days are 1 + 0.9 + 0.81.
  score.days = score.days * scoreDiscount + 1;
  score.ownSquares = score.ownSquares * scoreDiscount + (own - sold) ** 2;
  score.hqSquares = score.hqSquares * scoreDiscount + (hq - sold) ** 2;
}

/** The weight of HQ's forecast, 0 to 1; the store's own has the rest. */
export function hqWeight({ days, ownSquares, hqSquares }: ForecastScore): number {
  const seenToIgnore = (1 - scoreDiscount ** daysToIgnore) / (1 - scoreDiscount);
  if (days > seenToIgnore - 1e-9 && hqSquares > squaresToIgnore * ownSquares) return 0;
  const squares = ownSquares + hqSquares;
  const ofHq = squares > 0 ? ownSquares / squares : 0.5;
  return (days * ofHq + equalDays / 2) / (days + equalDays);
}

/** The mean of a day of both, in the unit of the two. */
export function combinedMean(own: number, hq: number, weight: number): number {
  const bounded = Math.min(own * mostTimes, Math.max(own / mostTimes, hq));
  return weight * bounded + (1 - weight) * own;
}
