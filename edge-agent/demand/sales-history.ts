/**
 * What is known of one series on each morning, computed once for all mornings so that fits can look
 * back from any of them.
 *
 * Sales of a day with an empty shelf are less than what was wanted. Such a day is scaled up by the share
 * of the store's usual sales that falls into the hours with stock: sold 3 until noon, then out, and the
 * store sells 40 % by noon: wanted 3 / 0.4 = 7.5. Below a share of 0.3 the day says too little and is
 * skipped. Example of a level: half-life 3 days, wanted 4, 4, then 8: about 5.6.
 *
 * Index `t` of each array is a day of the shared calendar; figures `before` a day use days < t only.
 */
import { isStockedOut, type SalesSeries, totalUnits } from './series.ts';

const leastShare = 0.3;

export interface SalesHistory {
  series: SalesSeries;
  /** First day with a row, as index of the calendar. */
  begin: number;
  /** Units sold; NaN where nothing is known. */
  sales: Float32Array;
  /** Units wanted; NaN where unknown or hardly on the shelf. */
  wanted: Float32Array;
  /** 24 bits by day, -1 where unknown. */
  stockouts: Int32Array;
  /** Share of the day's usual sales that falls into hours without stock; NaN where unknown. */
  outShare: Float32Array;
  discount: Float32Array;
  holiday: Uint8Array;
  activity: Uint8Array;
}

export interface Calendar {
  /** Days since 1970-01-01 of index 0. */
  firstDay: number;
  days: number;
  /** Index of the first day that is forecast. */
  cutoff: number;
}

export function calendarOf(
  series: readonly SalesSeries[],
  cutoffDay: number,
  horizonDays: number,
): Calendar {
  let firstDay = cutoffDay;
  for (const { days } of series) firstDay = Math.min(firstDay, days[0]?.day ?? firstDay);
  const cutoff = cutoffDay - firstDay;
  return { firstDay, days: cutoff + horizonDays, cutoff };
}

/** Share of the sales of each store by hour, on days without stockout where there are such. */
export function hourProfiles(
  series: readonly SalesSeries[],
  cutoffDay: number,
): Map<string, Float64Array> {
  const sums = new Map<string, Float64Array>();
  for (const { storeId, days } of series) {
    const sum = sums.get(storeId) ?? new Float64Array(24);
    sums.set(storeId, sum);
    for (const { day, units, stockouts } of days) {
      if (day >= cutoffDay || units === null || stockouts !== 0) continue;
      for (let hour = 0; hour < 24; hour += 1) {
        sum[hour] = (sum[hour] as number) + (units[hour] as number);
      }
    }
  }
  for (const sum of sums.values()) {
    const total = sum.reduce((all, one) => all + one, 0);
    // Without any such day all hours weigh the same; a little for each keeps shares above 0.
    for (let hour = 0; hour < 24; hour += 1) {
      sum[hour] = ((sum[hour] as number) + total * 1e-4 + 1e-6) / (total * 1.0024 + 24e-6);
    }
  }
  return sums;
}

export function historyOf(
  series: SalesSeries,
  calendar: Calendar,
  profile: Float64Array,
): SalesHistory {
  const { days, cutoff, firstDay } = calendar;
  const history: SalesHistory = {
    series,
    begin: Math.max(0, (series.days[0]?.day ?? firstDay) - firstDay),
    sales: new Float32Array(days).fill(Number.NaN),
    wanted: new Float32Array(days).fill(Number.NaN),
    stockouts: new Int32Array(days).fill(-1),
    outShare: new Float32Array(days).fill(Number.NaN),
    discount: new Float32Array(days).fill(1),
    holiday: new Uint8Array(days),
    activity: new Uint8Array(days),
  };
  const told = new Uint8Array(days);
  for (const day of series.days) {
    const t = day.day - firstDay;
    if (t >= days) break;
    told[t] = 1;
    history.discount[t] = day.discount;
    history.holiday[t] = day.holiday ? 1 : 0;
    history.activity[t] = day.activity ? 1 : 0;
    if (t >= cutoff || day.units === null) continue;
    const units = totalUnits(day);
    const stockouts = day.stockouts ?? 0;
    let out = 0;
    for (let hour = 0; hour < 24; hour += 1) {
      // An hour in which something was sold had stock for a while: half of it counts as out.
      if (isStockedOut(stockouts, hour)) {
        out += (profile[hour] as number) * ((day.units[hour] as number) > 0 ? 0.5 : 1);
      }
    }
    history.sales[t] = units;
    history.stockouts[t] = stockouts;
    history.outShare[t] = out;
    if (1 - out >= leastShare) history.wanted[t] = units / (1 - out);
  }
  fillUntold(history, told);
  return history;
}

/** A day without a line goes on as the day before; its weekday tells whether it is a holiday. */
function fillUntold({ begin, discount, holiday, activity }: SalesHistory, told: Uint8Array): void {
  for (let t = begin + 1; t < told.length; t += 1) {
    if (told[t] === 1) continue;
    discount[t] = discount[t - 1] as number;
    activity[t] = activity[t - 1] as number;
    holiday[t] = holiday[t - 7] ?? 0;
  }
}

/** Exponentially weighted mean of the known values before each day, drawn to `prior` at first. */
export function levelsBefore(
  values: Float32Array,
  halfLifeDays: number,
  prior: number,
  priorDays: number,
): Float32Array {
  const keep = 0.5 ** (1 / halfLifeDays);
  const levels = new Float32Array(values.length);
  let weight = priorDays;
  let sum = prior * priorDays;
  for (let t = 0; t < values.length; t += 1) {
    levels[t] = weight > 0 ? sum / weight : prior;
    const value = values[t] as number;
    if (Number.isNaN(value)) continue;
    sum = keep * sum + value;
    weight = keep * weight + 1;
  }
  return levels;
}
