/** What a fit of stockouts by hour may look at, on the morning `origin` for an hour of day `target`. */
import { levelOf } from './day-features.ts';
import type { Member } from './forecast-panel.ts';
import { stockoutHours, weekday } from './series.ts';

export const stockoutFeatures = 30;

/** Shares of stockout by hour before each day: [day × 24 + hour], for one half-life. */
export interface HourShares {
  quick: Float32Array;
  week: Float32Array;
  month: Float32Array;
}

export function hourSharesOf(stockouts: Int32Array, usual: Float64Array): HourShares {
  const fold = (halfLifeDays: number, priorDays: number) => {
    const keep = 0.5 ** (1 / halfLifeDays);
    const shares = new Float32Array(stockouts.length * 24);
    const sums = usual.map((share) => share * priorDays);
    let weight = priorDays;
    for (let t = 0; t < stockouts.length; t += 1) {
      const bits = stockouts[t] as number;
      for (let hour = 0; hour < 24; hour += 1) {
        shares[t * 24 + hour] = (sums[hour] as number) / weight;
        if (bits >= 0) sums[hour] = keep * (sums[hour] as number) + ((bits >> (23 - hour)) & 1);
      }
      if (bits >= 0) weight = keep * weight + 1;
    }
    return shares;
  };
  return { quick: fold(1.5, 0.5), week: fold(5, 1), month: fold(20, 2) };
}

export interface StockoutView {
  member: Member;
  shares: HourShares;
  /** Shares of all series of the store, and of all series of the product, over the newest weeks. */
  store: HourShares;
  product: HourShares;
}

export function writeStockoutFeatures(
  { member, shares, store, product }: StockoutView,
  firstDay: number,
  origin: number,
  target: number,
  hour: number,
  values: Float32Array,
  at: number,
): void {
  const { history } = member;
  const { stockouts } = history;
  const last = origin - 1;
  const cell = origin * 24 + hour;
  const before = stockouts[last] ?? -1;
  const state = (bits: number, of: number) => (bits < 0 ? Number.NaN : (bits >> (23 - of)) & 1);
  const weekBefore = stockouts[target - 7 * Math.ceil((target - last) / 7)] ?? -1;
  const usualDiscount = member.discount14[origin] as number;
  const discount = history.discount[target] as number;
  let index = at;
  const put = (value: number) => {
    values[index] = value;
    index += 1;
  };
  put(hour);
  put(target - last);
  put(state(before, hour));
  put(state(before, 23));
  put(before < 0 ? Number.NaN : stockoutHours(before));
  put(before < 0 ? Number.NaN : Math.clz32(before & 0xffffff) - 8);
  put(state(stockouts[last - 1] ?? -1, hour));
  put(stockoutHours(Math.max(0, stockouts[last - 1] ?? 0)));
  put(state(weekBefore, hour));
  put(shares.quick[cell] as number);
  put(shares.week[cell] as number);
  put(shares.month[cell] as number);
  put(shares.quick[origin * 24 + Math.max(0, hour - 2)] as number);
  put(shares.week[origin * 24 + Math.min(23, hour + 2)] as number);
  put(shares.week[origin * 24 + 23] as number);
  put(shares.week[origin * 24 + 8] as number);
  put(store.quick[cell] as number);
  put(store.month[cell] as number);
  put(product.quick[cell] as number);
  put(product.month[cell] as number);
  put(member.out3[origin] as number);
  put(member.out14[origin] as number);
  put(Math.log(levelOf(member, origin)));
  put((member.wanted3[origin] as number) / levelOf(member, origin));
  put((history.sales[last] ?? Number.NaN) / levelOf(member, origin));
  put(discount - usualDiscount);
  put(discount);
  put(weekday(firstDay + target));
  put(history.activity[target] as number);
  put(member.category.sold3[origin] as number);
}
