/**
 * Simple forecasts to stand beside: each takes the daily units so far and answers the level of the coming
 * days, or one figure per day ahead for the seasonal ones.
 *
 * Croston (Operational Research Quarterly 23, 1972), SBA (Syntetos and Boylan, International Journal of
 * Forecasting 21, 2005), TSB (Teunter, Syntetos and Babai, European Journal of Operational Research
 * 214, 2011).
 */

export type Baseline = (history: readonly number[], daysAhead: number) => number;

const last = (history: readonly number[], count: number) => history.slice(-count);
const mean = (values: readonly number[]) =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

export const naive: Baseline = (history) => history.at(-1) ?? 0;

export const seasonalNaive: Baseline = (history, daysAhead) =>
  history[history.length - 7 + ((daysAhead - 1) % 7)] ?? mean(history);

export const meanOf7: Baseline = (history) => mean(last(history, 7));
export const meanOf28: Baseline = (history) => mean(last(history, 28));

export function smoothed(history: readonly number[], alpha: number): number {
  const [first = 0, ...rest] = history;
  return rest.reduce((level, value) => level + alpha * (value - level), first);
}

/** Exponential smoothing with the rate whose one-step errors were least in this series. */
export const fittedSmoothing: Baseline = (history) => {
  let best = 0;
  let bestError = Number.POSITIVE_INFINITY;
  for (const alpha of [0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6]) {
    let level = mean(history.slice(0, 7));
    let error = 0;
    for (const value of history) {
      error += (value - level) ** 2;
      level += alpha * (value - level);
    }
    if (error < bestError) {
      bestError = error;
      best = level;
    }
  }
  return best;
};

const intermittentRate = 0.1;

function crostonRate(history: readonly number[]): number {
  let size = 0;
  let interval = 0;
  let since = 0;
  for (const value of history) {
    since += 1;
    if (value <= 0) continue;
    size = size === 0 ? value : size + intermittentRate * (value - size);
    interval = interval === 0 ? since : interval + intermittentRate * (since - interval);
    since = 0;
  }
  return interval === 0 ? 0 : size / interval;
}

export const croston: Baseline = crostonRate;
export const sba: Baseline = (history) => (1 - intermittentRate / 2) * crostonRate(history);

export const tsb: Baseline = (history) => {
  const sold = history.filter((value) => value > 0);
  let size = mean(sold.slice(0, 3));
  let chance = history.length === 0 ? 0 : sold.length / history.length;
  for (const value of history) {
    chance += intermittentRate * ((value > 0 ? 1 : 0) - chance);
    if (value > 0) size += intermittentRate * (value - size);
  }
  return chance * size;
};

export const baselines: Readonly<Record<string, Baseline>> = {
  naive,
  'seasonal naive': seasonalNaive,
  'mean of 7': meanOf7,
  'mean of 28': meanOf28,
  'fitted smoothing': fittedSmoothing,
  croston,
  sba,
  tsb,
};
