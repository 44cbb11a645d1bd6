/**
 * Holds forecasts of the next four hours against what happened: fitted on days before the cutoff, then
 * asked at every full hour from 6 to 20 of each day after it, knowing all that came before that hour.
 *
 * Only hours count before which the product was in stock. Units are compared where it stays in stock for
 * the four hours, beside the mean of the same hours on the last 14 days, with and without their empty
 * hours; the chance of an empty hour beside the share of the last 14 days that had one in the same hours.
 */
import type { Random } from './demand-fit.ts';
import { panelOf } from './forecast-panel.ts';
import {
  type HoursView,
  meanOfDays,
  outHours,
  soldUnits,
  usualUnits,
  windowHours,
} from './hours-features.ts';
import { firstHour, fitHours, forecastHours, isInStock, lastHour } from './hours-fit.ts';
import { hoursViewsOf } from './hours-views.ts';
import { brier, type Pair, rocAuc, wape, wpe } from './scores.ts';
import type { SalesSeries } from './series.ts';
import { stockoutViewsOf } from './stockout-fit.ts';

const usualDays = 14;

export interface HoursScore {
  /** Looks ahead from an hour with stock. */
  looks: number;
  /** Of these, the ones with stock in all four hours. */
  looksInStock: number;
  units: { name: string; wape: number; wpe: number }[];
  out: { name: string; auc: number; brier: number }[];
  /** Share of the looks after which an hour was empty. */
  outShare: number;
}

/** Undefined when no day of the horizon has sales. */
export function scoreHours(
  series: readonly SalesSeries[],
  cutoffDay: number,
  horizonDays: number,
  random: Random,
): HoursScore | undefined {
  const past = panelOf(series, cutoffDay, 0);
  const fit = fitHours(past, random);
  const all = panelOf(series, cutoffDay + horizonDays, 0, past);
  const { firstDay, cutoff: end } = all.calendar;
  const { cutoff } = past.calendar;
  const units: Record<string, Pair[]> = { forecast: [], [sameHours]: [], [sameHoursInStock]: [] };
  const chances: Record<string, number[]> = { forecast: [], [shareOfDays]: [] };
  const happened: number[] = [];
  for (const view of hoursViewsOf(all, stockoutViewsOf(all, cutoff))) {
    for (let day = cutoff; day < end; day += 1) {
      for (let hour = firstHour; hour <= lastHour; hour += 1) {
        if (!isInStock(view, day, hour)) continue;
        const expected = forecastHours(fit, view, firstDay, day, hour);
        const isOut = outHours(view, day, hour, hour + windowHours) > 0;
        happened.push(isOut ? 1 : 0);
        chances.forecast?.push(expected.pOut);
        chances[shareOfDays]?.push(outShare(view, day, hour));
        if (isOut) continue;
        const actual = soldUnits(view, day, hour, hour + windowHours);
        units.forecast?.push({ actual, predicted: expected.units });
        // A series that begins after the cutoff has no such mean: 0.
        units[sameHours]?.push({ actual, predicted: meanOfDays(view, day, hour, usualDays) || 0 });
        const predicted = usualUnits(view, day, hour, hour + windowHours, usualDays);
        units[sameHoursInStock]?.push({ actual, predicted });
      }
    }
  }
  if (happened.length === 0) return undefined;
  return {
    looks: happened.length,
    looksInStock: units.forecast?.length ?? 0,
    units: Object.entries(units).map(([name, pairs]) => ({
      name,
      wape: wape(pairs),
      wpe: wpe(pairs),
    })),
    out: Object.entries(chances).map(([name, all]) => ({
      name,
      auc: rocAuc(all, happened),
      brier: brier(all, happened),
    })),
    outShare: happened.reduce((sum, one) => sum + one, 0) / happened.length,
  };
}

const sameHours = '14 days, same hours';
const sameHoursInStock = '14 days, same hours in stock';
const shareOfDays = 'share of 14 days';

function outShare(view: HoursView, day: number, hour: number): number {
  let [out, known] = [0, 0];
  for (let t = Math.max(0, day - usualDays); t < day; t += 1) {
    const hours = outHours(view, t, hour, hour + windowHours);
    if (Number.isNaN(hours)) continue;
    known += 1;
    if (hours > 0) out += 1;
  }
  return known === 0 ? 0 : out / known;
}
