/**
 * Forecasts daily units and empty hours of many series at once, from nothing but their sales history and
 * what a store knows beforehand. See README.md for what was measured.
 */
import { dayFeatures, levelOf, writeDayFeatures } from './day-features.ts';
import { type DemandFit, fitDemand, type Random } from './demand-fit.ts';
import { DemandSpread } from './demand-spread.ts';
import { panelOf } from './forecast-panel.ts';
import { isoDateOf, type SalesSeries } from './series.ts';
import { fitStockouts, stockoutChances } from './stockout-fit.ts';

export interface DayForecast {
  date: string;
  /** Units wanted if it is in stock. */
  mean: number;
  /** Units sold, empty shelves included. */
  meanSales: number;
  /** Of units wanted. */
  q: Record<string, number>;
  pStockoutByHour: number[];
}

export interface SeriesForecast {
  storeId: string;
  productId: string;
  days: DayForecast[];
}

export interface ForecastSettings {
  /** First day that is forecast, in days since 1970-01-01. */
  cutoffDay: number;
  horizonDays: number;
  random: Random;
}

export const quantiles = [0.1, 0.5, 0.9, 0.95] as const;
/** The features hold the unrest of the series in the last place. */
const unrestFeature = dayFeatures - 1;

export function forecast(
  series: readonly SalesSeries[],
  { cutoffDay, horizonDays, random }: ForecastSettings,
): SeriesForecast[] {
  const panel = panelOf(series, cutoffDay, horizonDays);
  const { firstDay, cutoff } = panel.calendar;
  const demand = fitDemand(panel, horizonDays, random);
  const stockout = fitStockouts(panel, horizonDays, random);
  const spread = spreadOf(demand);
  const row = new Float32Array(dayFeatures);
  return panel.members.map((member, index) => {
    const view = stockout.views[index];
    const level = levelOf(member, cutoff);
    const days = Array.from({ length: horizonDays }, (_, ahead): DayForecast => {
      const target = cutoff + ahead;
      writeDayFeatures(member, firstDay, cutoff, target, row, 0);
      const mean = level * Math.exp(demand.wanted.score(row, 0));
      const unrest = row[unrestFeature] as number;
      const values = spread.of({ expected: mean, unrest });
      return {
        date: isoDateOf(firstDay + target),
        mean: rounded(mean),
        meanSales: rounded(level * Math.exp(demand.sold.score(row, 0))),
        q: Object.fromEntries(
          quantiles.map((quantile, at) => [quantile, rounded(values[at] ?? mean)]),
        ),
        pStockoutByHour: view
          ? stockoutChances(stockout, view, firstDay, cutoff, target).map(rounded)
          : [],
      };
    });
    const { storeId, productId } = member.history.series;
    return { storeId, productId, days };
  });
}

function spreadOf({ wanted, spreadRows }: DemandFit): DemandSpread {
  const { values, offsets, targets, count } = spreadRows;
  const rows = Array.from({ length: count }, (_, row) => ({
    expected: Math.exp((offsets[row] as number) + wanted.score(values, row * dayFeatures)),
    unrest: values[row * dayFeatures + unrestFeature] as number,
    actual: targets[row] as number,
  }));
  return new DemandSpread(rows, quantiles);
}

const rounded = (value: number) => Math.round(value * 1e4) / 1e4;
