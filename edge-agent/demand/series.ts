/**
 * Sales history as the forecast takes it: one series per store and product, one entry per day, with
 * what a store knows beforehand (discount, holiday, activity) also for days that have not come.
 */

export interface SalesDay {
  /** Days since 1970-01-01. */
  day: number;
  /** 1 is the full price, 0.8 is 20 % off. */
  discount: number;
  holiday: boolean;
  activity: boolean;
  /** Units by hour; null for a day that has not come. */
  units: Float64Array | null;
  /** 24 bits, the most significant is hour 0: out of stock then; null for a day that has not come. */
  stockouts: number | null;
}

export interface SalesSeries {
  storeId: string;
  productId: string;
  /** Categories from coarse to fine; empty when nobody told. */
  categories: readonly string[];
  /** One per calendar day, without gaps, oldest first. */
  days: SalesDay[];
}

const millisecondsOfDay = 86_400_000;

/** Days since 1970-01-01 of an ISO date; NaN for no date. */
export function dayNumber(isoDate: string): number {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(isoDate)) return Number.NaN;
  const ms = Date.parse(`${isoDate}T00:00:00Z`);
  // 30 February is taken for 2 March by some engines: the text must come back.
  return isoDateOf(ms / millisecondsOfDay) === isoDate ? ms / millisecondsOfDay : Number.NaN;
}

export function isoDateOf(day: number): string {
  const ms = day * millisecondsOfDay;
  return Number.isFinite(ms) ? new Date(ms).toISOString().slice(0, 10) : '';
}

/** Monday is 0. */
export function weekday(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

export function isStockedOut(stockouts: number, hour: number): boolean {
  return ((stockouts >> (23 - hour)) & 1) === 1;
}

export function stockoutHours(stockouts: number): number {
  let count = 0;
  for (let bits = stockouts & 0xffffff; bits !== 0; bits &= bits - 1) count += 1;
  return count;
}

export function totalUnits(day: SalesDay): number {
  let sum = 0;
  for (const units of day.units ?? []) sum += units;
  return sum;
}
