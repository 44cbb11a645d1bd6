/** What the forecast of a day's units looks at, as of the morning of the origin. */
import { type History, recentMean } from './history.ts';
import { weekday } from './series.ts';

export const demandFeatureCount = 31;
/** Below this a level says nothing. */
export const leastLevel = 0.03;

/** Writes the features of `target` (index of a day) as known on the morning of `origin`. */
export function writeDemandFeatures(
  history: History,
  origin: number,
  target: number,
  into: Float32Array,
  at: number,
): void {
  const { series, store, sales, demand, stockoutHours, levels } = history;
  const day = series.days[target];
  const before = series.days[origin - 1];
  if (day === undefined || before === undefined) return;
  const level = Math.max(levels.middle[origin] as number, leastLevel);
  const relative = (value: number) => value / level;
  const discount = recentOf(origin, (index) => series.days[index]?.discount ?? 1, 14);
  const activity = recentOf(origin, (index) => (series.days[index]?.activity ? 1 : 0), 14);
  const originDay = before.day;
  const storeTotal = (count: number) => {
    let [sum, known] = [0, 0];
    for (let back = 0; back < count; back += 1) {
      const total = store.totals.get(originDay - back);
      if (total === undefined) continue;
      sum += total;
      known += 1;
    }
    return known === 0 ? Number.NaN : sum / known;
  };
  const values = [
    Math.log(level),
    relative(levels.slow[origin] as number),
    relative(levels.fast[origin] as number),
    relative(recentMean(demand, origin, 3)),
    relative(recentMean(demand, origin, 7)),
    relative(recentMean(demand, origin, 14)),
    relative(recentMean(demand, origin, 28)),
    relative(demand[origin - 1] ?? Number.NaN),
    relative(demand[origin - 2] ?? Number.NaN),
    relative(recentMean(sales, origin, 7)),
    relative(sameWeekday(history, origin, day.day)),
    relative(spread(demand, origin, 14)),
    zeroShare(sales, origin, 14),
    recentMean(stockoutHours, origin, 3),
    recentMean(stockoutHours, origin, 7),
    recentMean(stockoutHours, origin, 28),
    stockoutHours[origin - 1] ?? 0,
    target - origin,
    weekday(day.day),
    store.weekdayFactors[weekday(day.day)] ?? 1,
    day.discount,
    day.discount - discount,
    day.discount - before.discount,
    discountEffect(history, origin),
    day.holiday ? 1 : 0,
    day.activity ? 1 : 0,
    (day.activity ? 1 : 0) - activity,
    storeTotal(7) / storeTotal(28),
    storeTotal(1) / storeTotal(7),
    relative(recentMean(demand, origin - 7, 7)),
    Math.min(origin, 60),
  ];
  into.set(values, at);
}

function recentOf(origin: number, value: (index: number) => number, count: number): number {
  let sum = 0;
  const from = Math.max(0, origin - count);
  for (let index = from; index < origin; index += 1) sum += value(index);
  return sum / Math.max(1, origin - from);
}

/** Mean of the last four days of the target's weekday. */
function sameWeekday({ series, demand }: History, origin: number, day: number): number {
  let [sum, known] = [0, 0];
  for (let index = origin - 1; index >= 0 && known < 4; index -= 1) {
    const entry = series.days[index];
    const value = demand[index] as number;
    if (entry === undefined || Number.isNaN(value) || (day - entry.day) % 7 !== 0) continue;
    sum += value;
    known += 1;
  }
  return known === 0 ? Number.NaN : sum / known;
}

function spread(values: Float64Array, origin: number, count: number): number {
  const mean = recentMean(values, origin, count);
  let [sum, known] = [0, 0];
  for (let index = Math.max(0, origin - count); index < origin; index += 1) {
    const value = values[index] as number;
    if (Number.isNaN(value)) continue;
    sum += (value - mean) ** 2;
    known += 1;
  }
  return known === 0 ? Number.NaN : Math.sqrt(sum / known);
}

function zeroShare(values: Float64Array, origin: number, count: number): number {
  let [zeros, known] = [0, 0];
  for (let index = Math.max(0, origin - count); index < origin; index += 1) {
    const value = values[index] as number;
    if (Number.isNaN(value)) continue;
    known += 1;
    if (value === 0) zeros += 1;
  }
  return known === 0 ? Number.NaN : zeros / known;
}

/** Mean demand on discounted days over that on the others, in the last eight weeks. */
function discountEffect({ series, demand }: History, origin: number): number {
  const sums = [0, 0];
  const counts = [0, 0];
  for (let index = Math.max(0, origin - 56); index < origin; index += 1) {
    const value = demand[index] as number;
    if (Number.isNaN(value)) continue;
    const kind = (series.days[index]?.discount ?? 1) < 0.9 ? 1 : 0;
    sums[kind] = (sums[kind] ?? 0) + value;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  const [full = 0, reduced = 0] = counts;
  if (full < 3 || reduced < 3 || (sums[0] ?? 0) === 0) return Number.NaN;
  return (sums[1] ?? 0) / reduced / ((sums[0] ?? 1) / full);
}
