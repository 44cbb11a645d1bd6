/**
 * What the past of a series says, worked out once: sales by day, demand as it would have been without
 * stockouts, and levels as of each day, so that features of any origin are a look-up.
 *
 * Demand on a day with stockouts is its sales over the share of a day's sales that the hours in stock
 * usually have. Example: sold out from 18 on, when a quarter of the day is still to come: 6 sold make 8
 * wanted. A day with hardly an hour in stock says nothing.
 */
import { isStockedOut, type SalesSeries, stockoutHours, totalUnits, weekday } from './series.ts';

/** Hours in stock that have less of a day's sales than this say nothing of its demand. */
const leastShare = 0.35;

export interface StoreContext {
  /** Share of a day's sales by hour, in this store. */
  profile: Float64Array;
  /** Sales by weekday over the mean of all. */
  weekdayFactors: Float64Array;
  /** By day of the series: sales of the whole store. */
  totals: Map<number, number>;
  /** By day: share of products out of stock, for each hour. */
  stockoutShares: Map<number, Float64Array>;
}

export interface History {
  series: SalesSeries;
  store: StoreContext;
  /** By index of the day; NaN where it has not come. */
  sales: Float64Array;
  /** Without stockouts; where a day says nothing, the level before it. */
  demand: Float64Array;
  stockoutHours: Float64Array;
  /** Levels as of the morning of each day, one longer than the days. */
  levels: { slow: Float64Array; middle: Float64Array; fast: Float64Array };
}

/** Days known before the cutoff, in one series. */
export function knownDays(series: SalesSeries, cutoff: number): number {
  let count = 0;
  for (const { day, units } of series.days) if (day < cutoff && units !== null) count += 1;
  return count;
}

/** Hours, weekdays and totals of each store, from what lies before the cutoff. */
export function storeContexts(
  all: readonly SalesSeries[],
  cutoff: number,
): Map<string, StoreContext> {
  const contexts = new Map<string, StoreContext>();
  const counts = new Map<
    StoreContext,
    { sold: Float64Array; open: Float64Array; products: Map<number, number> }
  >();
  for (const series of all) {
    let context = contexts.get(series.storeId);
    if (context === undefined) {
      context = {
        profile: new Float64Array(24),
        weekdayFactors: new Float64Array(7).fill(1),
        totals: new Map(),
        stockoutShares: new Map(),
      };
      contexts.set(series.storeId, context);
      counts.set(context, {
        sold: new Float64Array(24),
        open: new Float64Array(24),
        products: new Map(),
      });
    }
    const count = counts.get(context);
    if (count === undefined) continue;
    for (const entry of series.days) {
      const { day, units, stockouts } = entry;
      if (day >= cutoff || units === null || stockouts === null) continue;
      context.totals.set(day, (context.totals.get(day) ?? 0) + totalUnits(entry));
      count.products.set(day, (count.products.get(day) ?? 0) + 1);
      let shares = context.stockoutShares.get(day);
      if (shares === undefined) {
        shares = new Float64Array(24);
        context.stockoutShares.set(day, shares);
      }
      for (let hour = 0; hour < 24; hour += 1) {
        if (isStockedOut(stockouts, hour)) shares[hour] = (shares[hour] as number) + 1;
        else {
          count.sold[hour] = (count.sold[hour] as number) + (units[hour] as number);
          count.open[hour] = (count.open[hour] as number) + 1;
        }
      }
    }
  }
  for (const [context, { sold, open, products }] of counts) {
    finishContext(context, sold, open, products);
  }
  return contexts;
}

function finishContext(
  context: StoreContext,
  sold: Float64Array,
  open: Float64Array,
  products: ReadonlyMap<number, number>,
): void {
  let sum = 0;
  for (let hour = 0; hour < 24; hour += 1) {
    const rate = (sold[hour] as number) / Math.max(1, open[hour] as number);
    context.profile[hour] = rate;
    sum += rate;
  }
  for (let hour = 0; hour < 24; hour += 1) {
    context.profile[hour] = sum > 0 ? (context.profile[hour] as number) / sum : 1 / 24;
  }
  for (const [day, shares] of context.stockoutShares) {
    const count = products.get(day) ?? 1;
    for (let hour = 0; hour < 24; hour += 1) shares[hour] = (shares[hour] as number) / count;
  }
  const byWeekday = Array.from({ length: 7 }, () => ({ sum: 0, days: 0 }));
  const recent = [...context.totals].sort(([one], [other]) => one - other).slice(-28);
  for (const [day, total] of recent) {
    const entry = byWeekday[weekday(day)];
    if (entry === undefined) continue;
    entry.sum += total;
    entry.days += 1;
  }
  const mean = recent.reduce((all, [, total]) => all + total, 0) / Math.max(1, recent.length);
  byWeekday.forEach(({ sum: total, days }, at) => {
    context.weekdayFactors[at] = days > 0 && mean > 0 ? total / days / mean : 1;
  });
}

export function historyOf(series: SalesSeries, store: StoreContext, cutoff: number): History {
  const { days } = series;
  const sales = new Float64Array(days.length).fill(Number.NaN);
  const demand = new Float64Array(days.length).fill(Number.NaN);
  const out = new Float64Array(days.length);
  const levels = {
    slow: new Float64Array(days.length + 1),
    middle: new Float64Array(days.length + 1),
    fast: new Float64Array(days.length + 1),
  };
  let known = 0;
  days.forEach((entry, at) => {
    const { units, stockouts, day } = entry;
    const [slow, middle, fast] = [levels.slow[at], levels.middle[at], levels.fast[at]] as [
      number,
      number,
      number,
    ];
    if (day >= cutoff || units === null || stockouts === null) {
      levels.slow[at + 1] = slow;
      levels.middle[at + 1] = middle;
      levels.fast[at + 1] = fast;
      return;
    }
    const sold = totalUnits(entry);
    sales[at] = sold;
    out[at] = stockoutHours(stockouts);
    let share = 0;
    for (let hour = 0; hour < 24; hour += 1) {
      if (!isStockedOut(stockouts, hour)) share += store.profile[hour] as number;
    }
    const wanted = share >= leastShare ? sold / share : Math.max(sold, middle);
    demand[at] = wanted;
    // The first days count in full, as in a plain mean.
    known += 1;
    const step = (level: number, rate: number) =>
      level + Math.max(rate, 1 / known) * (wanted - level);
    levels.slow[at + 1] = step(slow, 0.04);
    levels.middle[at + 1] = step(middle, 0.12);
    levels.fast[at + 1] = step(fast, 0.3);
  });
  return { series, store, sales, demand, stockoutHours: out, levels };
}

/** Mean of the last `count` values before an index that are known; NaN for none. */
export function recentMean(values: Float64Array, before: number, count: number): number {
  let [sum, known] = [0, 0];
  for (let at = Math.max(0, before - count); at < before; at += 1) {
    const value = values[at] as number;
    if (Number.isNaN(value)) continue;
    sum += value;
    known += 1;
  }
  return known === 0 ? Number.NaN : sum / known;
}
