/**
 * What may be looked at within a day, at a full hour: all earlier days, and today's sales and empty hours
 * so far.
 *
 * What was put on the shelf is not in the file, but what was sold before the shelf was empty is: if on
 * other days it was empty after some 12 units, then 11 units sold since the shelf was last filled leave
 * little. Example: usually 12, sold 11 so far, 2 wanted in the next four hours: likely out.
 */
import { levelOf } from './day-features.ts';
import type { Member } from './forecast-panel.ts';
import { isStockedOut, weekday } from './series.ts';
import type { StockoutView } from './stockout-features.ts';

/** How far ahead the window reaches. */
export const windowHours = 4;
export const hoursFeatures = 44;
const least = 0.005;
/** Days that a usual hour counts as, beside what was seen. */
const priorDays = 4;

export interface HoursView {
  member: Member;
  stockout: StockoutView;
  /** Share of the store's sales by hour. */
  profile: Float64Array;
  /** Units by hour, [day × 24 + hour]; NaN where unknown. */
  units: Float32Array;
  /** Sums over earlier days of units in hours with stock, and of such hours: [day × 24 + hour]. */
  unitsBefore: Float32Array;
  daysBefore: Float32Array;
  /** Mean units sold before the shelf was first empty, over such days before each day; NaN without any. */
  supply: Float32Array;
  store: StoreHours;
}

/** Sums over all series of a store by hour: [day × 24 + hour]. */
export interface StoreHours {
  units: Float32Array;
  out: Float32Array;
  series: Float32Array;
}

/** Units usually sold in these hours when there is stock, from the last `days` days. */
export function usualUnits(
  { member, profile, unitsBefore, daysBefore }: HoursView,
  day: number,
  from: number,
  until: number,
  days: number,
): number {
  const level = levelOf(member, day);
  const early = Math.max(0, day - days) * 24;
  let sum = 0;
  for (let hour = from; hour < until; hour += 1) {
    const at = day * 24 + hour;
    const units = (unitsBefore[at] as number) - (unitsBefore[early + hour] as number);
    const count = (daysBefore[at] as number) - (daysBefore[early + hour] as number);
    const prior = priorDays * level * (profile[hour] as number);
    sum += Math.max(0, units + prior) / (count + priorDays);
  }
  return Math.max(least, sum);
}

/** Units sold in these hours of a day; NaN where unknown. */
export function soldUnits({ units }: HoursView, day: number, from: number, until: number): number {
  let sum = 0;
  for (let hour = from; hour < until; hour += 1) sum += units[day * 24 + hour] ?? Number.NaN;
  return sum;
}

/** Hours without stock among these; NaN where unknown. */
export function outHours({ member }: HoursView, day: number, from: number, until: number): number {
  const bits = member.history.stockouts[day] ?? -1;
  if (bits < 0) return Number.NaN;
  let count = 0;
  for (let hour = from; hour < until; hour += 1) count += isStockedOut(bits, hour) ? 1 : 0;
  return count;
}

/** Writes what is known at `hour` of `day` of the hours from then on to `values`, from `at` on. */
export function writeHoursFeatures(
  view: HoursView,
  firstDay: number,
  day: number,
  hour: number,
  values: Float32Array,
  at: number,
): void {
  const { member, stockout, supply } = view;
  const { history } = member;
  const until = hour + windowHours;
  const base = usualUnits(view, day, hour, until, 28);
  let index = at;
  const put = (value: number) => {
    values[index] = value;
    index += 1;
  };
  const against = (value: number, usual: number) => Math.log((value + 0.1) / (usual + 0.1));
  put(Math.log(base));
  put(hour);
  put(weekday(firstDay + day));
  put(history.holiday[day] as number);
  put((history.holiday[day] as number) - (history.holiday[day - 1] ?? 0));
  put(history.discount[day] as number);
  put((history.discount[day] as number) - (member.discount14[day] as number));
  put((history.activity[day] as number) - (member.activity14[day] as number));
  put(against(usualUnits(view, day, hour, until, 7), base));
  put(against(meanOfDays(view, day, hour, 14), base));
  put(against(soldUnits(view, day - 1, hour, until), base));
  put(against(soldUnits(view, day - 7, hour, until), base));
  put((member.wanted3[day] as number) / levelOf(member, day));
  put(member.out3[day] as number);
  put(member.zero14[day] as number);
  put(member.spread14[day] as number);
  // Today so far, of this product and of the whole store.
  for (const from of [0, Math.max(0, hour - 4), hour - 1]) {
    put(against(soldUnits(view, day, from, hour), usualUnits(view, day, from, hour, 28)));
  }
  put(soldUnits(view, day, 0, hour));
  const [rush, rushBefore] = storeRush(view, day, hour);
  put(rush);
  put(rushBefore);
  putStockouts(view, day, hour, put);
  // What was on the shelf, from what was sold before it was empty on other days.
  const refilled = newestOut(history.stockouts[day] as number, hour);
  const sold = soldUnits(view, day, refilled + 1, hour);
  const usualSupply = supply[day] as number;
  put(sold - usualSupply);
  put((sold + base) / (usualSupply + 0.1));
  put(sold / (levelOf(member, day) + 0.05));
  put(hour - refilled);
  put(stockout.store.quick[day * 24 + Math.min(23, until)] as number);
  put(storeOutToday(view, day, hour));
}

/** Empty hours: the shares of the coming hours, and yesterday's and today's. */
function putStockouts(
  view: HoursView,
  day: number,
  hour: number,
  put: (value: number) => void,
): void {
  const { shares, product, store } = view.stockout;
  const cell = day * 24 + hour;
  const until = hour + windowHours;
  const end = day * 24 + until - 1;
  put(shares.quick[cell] as number);
  put(shares.quick[end] as number);
  put(shares.week[cell] as number);
  put(shares.week[end] as number);
  put(shares.month[end] as number);
  put((shares.week[end] as number) - (shares.week[cell - 1] as number));
  put((shares.month[end] as number) - (shares.month[cell - 1] as number));
  put(store.month[end] as number);
  put((store.month[end] as number) - (store.month[cell] as number));
  put(product.month[end] as number);
  put(outHours(view, day - 1, hour, until));
  put(outHours(view, day - 2, hour, until));
  put(outHours(view, day - 7, hour, until));
  put(outHours(view, day - 1, 0, 24));
  put(outHours(view, day, 0, hour));
  put(outHours(view, day - 1, 20, 24));
}

/** The newest empty hour of the day before `hour`; -1 without any. */
function newestOut(bits: number, hour: number): number {
  let newest = hour - 1;
  while (newest >= 0 && !isStockedOut(bits, newest)) newest -= 1;
  return newest;
}

/** Mean units of the same hours on the last days, empty shelves included: the forecast to beat. */
export function meanOfDays(view: HoursView, day: number, hour: number, days: number): number {
  let [sum, count] = [0, 0];
  for (let t = Math.max(0, day - days); t < day; t += 1) {
    const units = soldUnits(view, t, hour, hour + windowHours);
    if (Number.isNaN(units)) continue;
    sum += units;
    count += 1;
  }
  return count === 0 ? Number.NaN : sum / count;
}

/** Sales of the whole store today and in the last four hours, against the same hours a week ago. */
function storeRush({ store }: HoursView, day: number, hour: number): [number, number] {
  const ratio = (from: number) => {
    let [now, before] = [0, 0];
    for (let one = from; one < hour; one += 1) {
      now += store.units[day * 24 + one] as number;
      before += store.units[(day - 7) * 24 + one] ?? Number.NaN;
    }
    return now / before;
  };
  return [ratio(0), ratio(Math.max(0, hour - 4))];
}

/** Share of the store's series that were empty in the last hour. */
function storeOutToday({ store }: HoursView, day: number, hour: number): number {
  const at = day * 24 + hour - 1;
  return (store.out[at] as number) / (store.series[at] as number);
}
