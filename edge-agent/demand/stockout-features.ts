/** What the chance of a stockout in one hour of a day looks at, as of the morning of the origin. */
import { type History, recentMean } from './history.ts';
import { isStockedOut, weekday } from './series.ts';

export const stockoutFeatureCount = 25;

/** Shares of stocked-out days by hour over windows, worked out once for an origin. */
export interface StockoutPast {
  /** Windows of 1, 3, 7, 14 and 28 days; 24 shares each. */
  shares: readonly Float64Array[];
  /** Store-wide, last 7 days. */
  store: Float64Array;
}

const windows = [1, 3, 7, 14, 28] as const;

export function stockoutPast({ series, store }: History, origin: number): StockoutPast {
  const shares = windows.map((count) => {
    const share = new Float64Array(24);
    let known = 0;
    for (let index = Math.max(0, origin - count); index < origin; index += 1) {
      const stockouts = series.days[index]?.stockouts;
      if (stockouts === null || stockouts === undefined) continue;
      known += 1;
      for (let hour = 0; hour < 24; hour += 1) {
        if (isStockedOut(stockouts, hour)) share[hour] = (share[hour] as number) + 1;
      }
    }
    for (let hour = 0; hour < 24; hour += 1)
      share[hour] = (share[hour] as number) / Math.max(1, known);
    return share;
  });
  const storeShare = new Float64Array(24);
  const last = series.days[origin - 1]?.day ?? 0;
  let known = 0;
  for (let back = 0; back < 7; back += 1) {
    const of = store.stockoutShares.get(last - back);
    if (of === undefined) continue;
    known += 1;
    for (let hour = 0; hour < 24; hour += 1)
      storeShare[hour] = (storeShare[hour] as number) + (of[hour] as number);
  }
  for (let hour = 0; hour < 24; hour += 1)
    storeShare[hour] = (storeShare[hour] as number) / Math.max(1, known);
  return { shares, store: storeShare };
}

export function writeStockoutFeatures(
  history: History,
  past: StockoutPast,
  origin: number,
  target: number,
  hour: number,
  into: Float32Array,
  at: number,
): void {
  const { series, stockoutHours, levels, demand } = history;
  const day = series.days[target];
  const before = series.days[origin - 1];
  if (day === undefined || before === undefined) return;
  const [one, three, seven, fourteen, twentyEight] = past.shares as readonly [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const mean = (share: Float64Array) => share.reduce((sum, value) => sum + value, 0) / 24;
  const near = (share: Float64Array) =>
    ((share[Math.max(0, hour - 1)] as number) +
      (share[hour] as number) +
      (share[Math.min(23, hour + 1)] as number)) /
    3;
  const level = levels.middle[origin] as number;
  const values = [
    hour,
    target - origin,
    weekday(day.day),
    one[hour] as number,
    three[hour] as number,
    seven[hour] as number,
    fourteen[hour] as number,
    twentyEight[hour] as number,
    near(three),
    near(seven),
    near(twentyEight),
    mean(one),
    mean(three),
    mean(seven),
    mean(twentyEight),
    one[23] as number,
    past.store[hour] as number,
    sameWeekdayShare(history, origin, day.day, hour),
    level,
    recentMean(demand, origin, 3) / Math.max(level, 0.03),
    day.discount - before.discount,
    day.discount,
    day.activity ? 1 : 0,
    day.holiday ? 1 : 0,
    recentMean(stockoutHours, origin, 3) - recentMean(stockoutHours, origin, 14),
  ];
  into.set(values, at);
}

function sameWeekdayShare({ series }: History, origin: number, day: number, hour: number): number {
  let [out, known] = [0, 0];
  for (let index = origin - 1; index >= 0 && known < 4; index -= 1) {
    const entry = series.days[index];
    if (entry === undefined || entry.stockouts === null || (day - entry.day) % 7 !== 0) continue;
    known += 1;
    if (isStockedOut(entry.stockouts, hour)) out += 1;
  }
  return known === 0 ? Number.NaN : out / known;
}
