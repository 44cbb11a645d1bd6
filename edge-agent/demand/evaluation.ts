/** Compares a forecast, and simple ones beside it, with what came. */
import { baselines } from './baselines.ts';
import { quantileLevels, type SeriesForecast } from './forecast.ts';
import { brier, coverage, type Pair, pinball, rmsse, rocAuc, wape, wpe } from './scores.ts';
import { dayNumber, isStockedOut, type SalesDay, type SalesSeries, totalUnits } from './series.ts';

export interface MethodScore {
  /** All days; days without any hour of stockout. */
  wape: number;
  wpe: number;
  wapeInStock: number;
  wpeInStock: number;
  rmsse: number;
}

export interface Evaluation {
  series: number;
  days: number;
  daysInStock: number;
  methods: Record<string, MethodScore>;
  pinball: Record<string, number>;
  coverage: Record<string, number>;
  stockoutHours: {
    share: number;
    auc: number;
    aucFirstDay: number;
    brier: number;
    /** In stock when the forecast was made, out within the first four opening hours of the day. */
    meanChance: number;
  };
}

interface Scored {
  all: Pair[];
  inStock: Pair[];
  rmsses: number[];
}

/** `actual` holds the same series with what came after the cutoff; the others are left out. */
export function evaluate(
  forecasts: readonly SeriesForecast[],
  actual: readonly SalesSeries[],
  cutoff: number,
): Evaluation {
  const byKey = new Map(actual.map((series) => [`${series.storeId}\n${series.productId}`, series]));
  const scored: Record<string, Scored> = {};
  const of = (name: string) => {
    scored[name] ??= { all: [], inStock: [], rmsses: [] };
    return scored[name];
  };
  const quantilePairs: Record<string, Pair[]> = {};
  const chances: number[] = [];
  const happened: number[] = [];
  const firstDay: { chances: number[]; happened: number[] } = { chances: [], happened: [] };
  let [days, daysInStock, seriesCount] = [0, 0, 0];
  for (const { storeId, productId, days: predicted } of forecasts) {
    const series = byKey.get(`${storeId}\n${productId}`);
    const came = predicted.flatMap((one, ahead) => {
      const day = dayNumber(one.date);
      const entry = series?.days.find((candidate) => candidate.day === day);
      const isKnown = entry !== undefined && entry.units !== null && entry.stockouts !== null;
      return isKnown ? [{ one, ahead, entry: entry as KnownDay }] : [];
    });
    if (series === undefined || came.length === 0) continue;
    seriesCount += 1;
    const history = series.days
      .filter(({ day, units }) => day < cutoff && units !== null)
      .map(totalUnits);
    const perMethod: Record<string, Pair[]> = {};
    for (const { one, ahead, entry } of came) {
      const sold = totalUnits(entry);
      const isInStock = entry.stockouts === 0;
      days += 1;
      if (isInStock) daysInStock += 1;
      const add = (name: string, onAllDays: number, onDaysInStock: number) => {
        of(name).all.push({ predicted: onAllDays, actual: sold });
        if (isInStock) of(name).inStock.push({ predicted: onDaysInStock, actual: sold });
        perMethod[name] ??= [];
        perMethod[name].push({ predicted: onAllDays, actual: sold });
      };
      add('stockhand', one.meanSales, one.mean);
      for (const [name, baseline] of Object.entries(baselines)) {
        const value = baseline(history, ahead + 1);
        add(name, value, value);
      }
      if (isInStock) {
        for (const level of quantileLevels) {
          const name = `${level}`;
          quantilePairs[name] ??= [];
          quantilePairs[name].push({ predicted: one.q[name] ?? 0, actual: sold });
        }
      }
      for (let hour = 0; hour < 24; hour += 1) {
        const chance = one.pStockoutByHour[hour] ?? 0;
        const isOut = isStockedOut(entry.stockouts, hour) ? 1 : 0;
        chances.push(chance);
        happened.push(isOut);
        if (ahead > 0) continue;
        firstDay.chances.push(chance);
        firstDay.happened.push(isOut);
      }
    }
    for (const [name, pairs] of Object.entries(perMethod)) {
      const value = rmsse(pairs, history);
      if (Number.isFinite(value)) of(name).rmsses.push(value);
    }
  }
  const average = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    series: seriesCount,
    days,
    daysInStock,
    methods: Object.fromEntries(
      Object.entries(scored).map(([name, { all, inStock, rmsses }]) => [
        name,
        {
          wape: wape(all),
          wpe: wpe(all),
          wapeInStock: wape(inStock),
          wpeInStock: wpe(inStock),
          rmsse: average(rmsses),
        },
      ]),
    ),
    pinball: mapValues(quantilePairs, (pairs, name) => pinball(pairs, Number(name))),
    coverage: mapValues(quantilePairs, coverage),
    stockoutHours: {
      share: average(happened),
      meanChance: average(chances),
      auc: rocAuc(chances, happened),
      aucFirstDay: rocAuc(firstDay.chances, firstDay.happened),
      brier: brier(chances, happened),
    },
  };
}

type KnownDay = SalesDay & { units: Float64Array; stockouts: number };

function mapValues<From, To>(
  record: Record<string, From>,
  to: (value: From, name: string) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, to(value, name)]));
}
