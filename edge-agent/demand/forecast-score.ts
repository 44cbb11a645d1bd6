/** Holds a forecast and the simple ones against what happened. */
import { baselines } from './baselines.ts';
import { quantiles, type SeriesForecast } from './forecast.ts';
import {
  brier,
  calibrationGap,
  coverage,
  type Pair,
  pinball,
  type Reliability,
  reliability,
  rmsse,
  rocAuc,
  wape,
  wpe,
} from './scores.ts';
import { dayNumber, type SalesDay, type SalesSeries, totalUnits } from './series.ts';

export interface DailyScore {
  name: string;
  wape: number;
  wpe: number;
  wapeInStock: number;
  wpeInStock: number;
  rmsse: number;
}

export interface ForecastScore {
  days: number;
  daysInStock: number;
  daily: DailyScore[];
  /** Days without stockout: pinball loss over mean units, and the share at or below. */
  quantiles: {
    quantile: number;
    pinball: number;
    coverage: number;
    covers: readonly [number, number];
  }[];
  stockout: {
    days: string;
    auc: number;
    brier: number;
    share: number;
    calibrationGap: number;
    reliability: Reliability[];
  }[];
}

interface Tally {
  all: Pair[];
  inStock: Pair[];
  rmsse: number[];
}

/** Undefined when no day of the forecast has sales to hold it against. */
export function scoreForecast(
  series: readonly SalesSeries[],
  forecasts: readonly SeriesForecast[],
  cutoffDay: number,
): ForecastScore | undefined {
  const tallies = new Map<string, Tally>();
  const byQuantile = quantiles.map((): Pair[] => []);
  const hours = {
    first: { chances: [] as number[], out: [] as number[] },
    all: { chances: [] as number[], out: [] as number[] },
  };
  series.forEach((one, index) => {
    const history: number[] = [];
    const actuals = new Map<number, SalesDay>();
    for (const day of one.days) {
      if (day.units === null) continue;
      if (day.day < cutoffDay) history.push(totalUnits(day));
      else actuals.set(day.day, day);
    }
    const days = (forecasts[index]?.days ?? []).flatMap((day, ahead) => {
      const actual = actuals.get(dayNumber(day.date));
      return actual ? [{ ...day, ahead, actual, units: totalUnits(actual) }] : [];
    });
    add(
      tallies,
      'forecast',
      history,
      days.map((day) => ({
        actual: day.units,
        isInStock: day.actual.stockouts === 0,
        predicted: day.meanSales,
        predictedInStock: day.mean,
      })),
    );
    for (const [name, baseline] of Object.entries(baselines)) {
      add(
        tallies,
        name,
        history,
        days.map((day) => {
          const predicted = baseline(history, day.ahead + 1);
          return {
            actual: day.units,
            isInStock: day.actual.stockouts === 0,
            predicted,
            predictedInStock: predicted,
          };
        }),
      );
    }
    for (const { actual, units, q, pStockoutByHour, ahead } of days) {
      if (actual.stockouts === 0) {
        quantiles.forEach((quantile, at) => {
          byQuantile[at]?.push({ predicted: q[quantile] ?? 0, actual: units });
        });
      }
      pStockoutByHour.forEach((chance, hour) => {
        const out = ((actual.stockouts ?? 0) >> (23 - hour)) & 1;
        for (const tally of ahead === 0 ? [hours.first, hours.all] : [hours.all]) {
          tally.chances.push(chance);
          tally.out.push(out);
        }
      });
    }
  });
  const own = tallies.get('forecast');
  if (!own || own.all.length === 0) return undefined;
  return {
    days: own.all.length,
    daysInStock: own.inStock.length,
    daily: [...tallies].map(([name, tally]) => dailyScore(name, tally)),
    quantiles: quantiles.map((quantile, at) => {
      const pairs = byQuantile[at] ?? [];
      // Where units come in steps, P(actual ≤ q) jumps past the quantile: both sides of the step are told.
      const below = pairs.filter(({ predicted, actual }) => actual < predicted - 1e-9).length;
      const upper = coverage(pairs);
      return {
        quantile,
        pinball: pinball(pairs, quantile),
        coverage: upper,
        covers: [below / pairs.length, upper] as const,
      };
    }),
    stockout: Object.entries(hours).map(([days, { chances, out }]) => ({
      days,
      auc: rocAuc(chances, out),
      brier: brier(chances, out),
      share: out.reduce((sum, one) => sum + one, 0) / out.length,
      calibrationGap: calibrationGap(reliability(chances, out)),
      reliability: reliability(chances, out),
    })),
  };
}

interface Scored {
  actual: number;
  isInStock: boolean;
  predicted: number;
  predictedInStock: number;
}

function add(
  tallies: Map<string, Tally>,
  name: string,
  history: readonly number[],
  days: readonly Scored[],
): void {
  const tally = tallies.get(name) ?? { all: [], inStock: [], rmsse: [] };
  tallies.set(name, tally);
  for (const { actual, isInStock, predicted, predictedInStock } of days) {
    tally.all.push({ actual, predicted });
    if (isInStock) tally.inStock.push({ actual, predicted: predictedInStock });
  }
  const scaled = rmsse(days, history);
  if (Number.isFinite(scaled)) tally.rmsse.push(scaled);
}

function dailyScore(name: string, { all, inStock, rmsse: scaled }: Tally): DailyScore {
  return {
    name,
    wape: wape(all),
    wpe: wpe(all),
    wapeInStock: wape(inStock),
    wpeInStock: wpe(inStock),
    rmsse: scaled.reduce((sum, one) => sum + one, 0) / scaled.length,
  };
}
