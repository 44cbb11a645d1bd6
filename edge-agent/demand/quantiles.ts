/**
 * Quantiles from how the past scattered: the ratio of actual to forecast has its own quantiles for series
 * that sell little and for those that sell much, found in groups of equal size.
 */
import type { Pair } from './scores.ts';

export interface Scatter {
  /** Ratio of each quantile to the mean, for a forecast of that size. */
  ratiosFor(mean: number): readonly number[];
}

const groups = 10;
/** A group of fewer says nothing. */
const leastGroup = 30;

export function ratioQuantiles(pairs: readonly Pair[], levels: readonly number[]): Scatter {
  const sorted = pairs
    .filter(({ predicted }) => predicted > 0)
    .sort((one, other) => one.predicted - other.predicted);
  const count = Math.max(1, Math.min(groups, Math.floor(sorted.length / leastGroup)));
  const centres: number[] = [];
  const ratios: number[][] = [];
  for (let group = 0; group < count; group += 1) {
    const from = Math.floor((group * sorted.length) / count);
    const part = sorted.slice(from, Math.floor(((group + 1) * sorted.length) / count));
    const found = part
      .map(({ predicted, actual }) => actual / predicted)
      .sort((one, other) => one - other);
    centres.push(Math.log(part[Math.floor(part.length / 2)]?.predicted ?? 1));
    ratios.push(levels.map((level) => quantile(found, level)));
  }
  return { ratiosFor: (mean) => between(centres, ratios, Math.log(Math.max(mean, 1e-6))) };
}

/** Linear between the order statistics; 1 where there are none. */
function quantile(sorted: readonly number[], level: number): number {
  if (sorted.length === 0) return 1;
  const at = level * (sorted.length - 1);
  const low = sorted[Math.floor(at)] ?? 1;
  const high = sorted[Math.ceil(at)] ?? low;
  return low + (at - Math.floor(at)) * (high - low);
}

function between(
  centres: readonly number[],
  ratios: readonly (readonly number[])[],
  at: number,
): readonly number[] {
  const above = centres.findIndex((centre) => centre >= at);
  if (above < 0) return ratios.at(-1) ?? [];
  const [low, high] = [ratios[above - 1], ratios[above]];
  if (low === undefined || high === undefined) return high ?? [];
  const [from, to] = [centres[above - 1] ?? 0, centres[above] ?? 0];
  const share = to > from ? (at - from) / (to - from) : 1;
  return low.map((ratio, index) => ratio + share * ((high[index] ?? ratio) - ratio));
}
