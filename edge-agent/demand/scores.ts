/** How good a forecast was. Sources of the less usual ones beside them. */

export interface Pair {
  predicted: number;
  actual: number;
}

const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);

/** Sum of absolute errors over the sum of actuals. */
export function wape(pairs: readonly Pair[]): number {
  const errors = pairs.map(({ predicted, actual }) => Math.abs(predicted - actual));
  return sum(errors) / sum(pairs.map(({ actual }) => actual));
}

/** Sum of errors over the sum of actuals: above 0 is too much. */
export function wpe(pairs: readonly Pair[]): number {
  const errors = pairs.map(({ predicted, actual }) => predicted - actual);
  return sum(errors) / sum(pairs.map(({ actual }) => actual));
}

/** Root mean squared scaled error of one series (M5): errors over those of the naive one in the past. */
export function rmsse(pairs: readonly Pair[], history: readonly number[]): number {
  const steps = history.slice(1).map((value, at) => (value - (history[at] ?? 0)) ** 2);
  const scale = sum(steps) / steps.length;
  const errors = pairs.map(({ predicted, actual }) => (predicted - actual) ** 2);
  return Math.sqrt(sum(errors) / errors.length / scale);
}

/** Mean pinball loss of one quantile over the mean actual. */
export function pinball(pairs: readonly Pair[], quantile: number): number {
  const losses = pairs.map(({ predicted, actual }) =>
    actual >= predicted ? quantile * (actual - predicted) : (1 - quantile) * (predicted - actual),
  );
  return sum(losses) / sum(pairs.map(({ actual }) => actual));
}

/** Share of actuals that were at or below the predicted quantile. */
export function coverage(pairs: readonly Pair[]): number {
  return pairs.filter(({ predicted, actual }) => actual <= predicted + 1e-9).length / pairs.length;
}

/** Area under the ROC curve by ranks, equal predictions counting half (Mann and Whitney, 1947). */
export function rocAuc(chances: ArrayLike<number>, happened: ArrayLike<number>): number {
  const order = Int32Array.from({ length: chances.length }, (_, index) => index).sort(
    (one, other) => (chances[one] ?? 0) - (chances[other] ?? 0),
  );
  let [positives, rankSum] = [0, 0];
  for (let from = 0; from < order.length; ) {
    let until = from;
    while (until < order.length && chances[order[until] ?? 0] === chances[order[from] ?? 0])
      until += 1;
    const rank = (from + 1 + until) / 2;
    for (let at = from; at < until; at += 1) {
      if (happened[order[at] ?? 0] !== 1) continue;
      positives += 1;
      rankSum += rank;
    }
    from = until;
  }
  const negatives = order.length - positives;
  if (positives === 0 || negatives === 0) return Number.NaN;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** Mean squared difference between chance and what happened. */
export function brier(chances: ArrayLike<number>, happened: ArrayLike<number>): number {
  let total = 0;
  for (let at = 0; at < chances.length; at += 1) {
    total += ((chances[at] ?? 0) - (happened[at] ?? 0)) ** 2;
  }
  return total / chances.length;
}

export interface Reliability {
  /** Mean chance that was told, and share that happened, among the forecasts of this tenth. */
  told: number;
  happened: number;
  count: number;
}

/** Forecasts in tenths by the chance told (0 to 10 %, …): calibrated when both shares agree in each. */
export function reliability(
  chances: ArrayLike<number>,
  happened: ArrayLike<number>,
): Reliability[] {
  const tenths = Array.from({ length: 10 }, () => ({ told: 0, happened: 0, count: 0 }));
  for (let at = 0; at < chances.length; at += 1) {
    const chance = chances[at] ?? 0;
    const tenth = tenths[Math.min(9, Math.floor(chance * 10))];
    if (!tenth) continue;
    tenth.told += chance;
    tenth.happened += happened[at] ?? 0;
    tenth.count += 1;
  }
  return tenths
    .filter(({ count }) => count > 0)
    .map((tenth) => ({
      told: tenth.told / tenth.count,
      happened: tenth.happened / tenth.count,
      count: tenth.count,
    }));
}

/** Mean distance between what was told and what happened, over all forecasts (expected calibration error). */
export function calibrationGap(tenths: readonly Reliability[]): number {
  const gaps = tenths.map(({ told, happened, count }) => Math.abs(told - happened) * count);
  return sum(gaps) / sum(tenths.map(({ count }) => count));
}
