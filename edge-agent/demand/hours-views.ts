/** Hourly sums and supplies of all series, as of every day, for forecasts within the day. */
import type { Panel } from './forecast-panel.ts';
import type { HoursView, StoreHours } from './hours-features.ts';
import { isStockedOut } from './series.ts';
import type { StockoutView } from './stockout-features.ts';

/** Weight that a day of empty shelf loses with each later such day. */
const supplyKeep = 0.8;

export function hoursViewsOf(
  { calendar, profiles }: Panel,
  stockoutViews: readonly StockoutView[],
): HoursView[] {
  const { days, cutoff, firstDay } = calendar;
  const stores = new Map<string, StoreHours>();
  return stockoutViews.map((stockout): HoursView => {
    const { member } = stockout;
    const { series, stockouts } = member.history;
    const store = stores.get(series.storeId) ?? {
      units: new Float32Array(days * 24),
      out: new Float32Array(days * 24),
      series: new Float32Array(days * 24),
    };
    stores.set(series.storeId, store);
    const units = new Float32Array(days * 24).fill(Number.NaN);
    for (const day of series.days) {
      const t = day.day - firstDay;
      if (t < cutoff && day.units !== null) units.set(day.units, t * 24);
    }
    addTo(store, units, stockouts);
    return {
      member,
      stockout,
      profile: profiles.get(series.storeId) ?? new Float64Array(24).fill(1 / 24),
      units,
      ...sumsBefore(units, stockouts),
      supply: suppliesBefore(units, stockouts),
      store,
    };
  });
}

function addTo(store: StoreHours, units: Float32Array, stockouts: Int32Array): void {
  for (let at = 0; at < units.length; at += 1) {
    const value = units[at] as number;
    const bits = stockouts[Math.floor(at / 24)] as number;
    if (Number.isNaN(value) || bits < 0) continue;
    store.units[at] = (store.units[at] as number) + value;
    store.series[at] = (store.series[at] as number) + 1;
    store.out[at] = (store.out[at] as number) + (isStockedOut(bits, at % 24) ? 1 : 0);
  }
}

function sumsBefore(
  units: Float32Array,
  stockouts: Int32Array,
): Pick<HoursView, 'unitsBefore' | 'daysBefore'> {
  const unitsBefore = new Float32Array(units.length);
  const daysBefore = new Float32Array(units.length);
  for (let at = 24; at < units.length; at += 1) {
    const before = at - 24;
    const bits = stockouts[Math.floor(before / 24)] as number;
    const value = units[before] as number;
    const counts = !Number.isNaN(value) && bits >= 0 && !isStockedOut(bits, at % 24);
    unitsBefore[at] = (unitsBefore[before] as number) + (counts ? value : 0);
    daysBefore[at] = (daysBefore[before] as number) + (counts ? 1 : 0);
  }
  return { unitsBefore, daysBefore };
}

/** What was sold from the first hour with stock until the shelf was empty, newest days counting most. */
function suppliesBefore(units: Float32Array, stockouts: Int32Array): Float32Array {
  const supplies = new Float32Array(stockouts.length).fill(Number.NaN);
  let [sum, weight] = [0, 0];
  for (let t = 0; t < stockouts.length; t += 1) {
    if (weight > 0) supplies[t] = sum / weight;
    const bits = stockouts[t] as number;
    if (bits <= 0) continue;
    let hour = 0;
    while (hour < 24 && isStockedOut(bits, hour)) hour += 1;
    let sold = 0;
    for (; hour < 24 && !isStockedOut(bits, hour); hour += 1) {
      sold += units[t * 24 + hour] as number;
    }
    if (hour === 24 || Number.isNaN(sold)) continue;
    sum = supplyKeep * sum + sold;
    weight = supplyKeep * weight + 1;
  }
  return supplies;
}
