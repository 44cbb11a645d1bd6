/**
 * The forecast: units wanted and units sold for the coming days, with quantiles, and the chance of a
 * stockout for each hour.
 *
 * Three forests are trained on the given series themselves, at origins before the cutoff, as if each were
 * today: demand on days without stockout, sales on all days, and the stockout of an hour. Each begins
 * at a level of the series (exponential smoothing of demand freed of stockouts) and learns what to
 * multiply it with. Quantiles are those of how demand scattered around the forecast at the last origin,
 * for series that sell as much.
 */
import { demandFeatureCount, leastLevel, writeDemandFeatures } from './demand-features.ts';
import { type Forest, type TrainingSet, trainForest } from './gradient-boosting.ts';
import { type History, historyOf, knownDays, storeContexts } from './history.ts';
import { ratioQuantiles, type Scatter } from './quantiles.ts';
import { isoDateOf, isStockedOut, type SalesSeries, totalUnits } from './series.ts';
import {
  type StockoutPast,
  stockoutFeatureCount,
  stockoutPast,
  writeStockoutFeatures,
} from './stockout-features.ts';

export const quantileLevels = [0.1, 0.5, 0.9, 0.95] as const;

export interface ForecastDay {
  date: string;
  /** Units wanted, were it in stock all day. */
  mean: number;
  /** Units sold, stockouts included. */
  meanSales: number;
  q: Record<string, number>;
  pStockoutByHour: number[];
}

export interface SeriesForecast {
  storeId: string;
  productId: string;
  days: ForecastDay[];
}

export interface ForecastOptions {
  /** First day that is forecast, in days since 1970-01-01. */
  cutoff: number;
  horizonDays: number;
  /** A seeded stream of numbers from 0 to 1. */
  random(): number;
  progress?(step: string): void;
}

/** Days of history that a series must have to teach anything. */
const leastHistory = 10;
/** Origins lie at most so many days before the cutoff, this far apart. */
const originsReach = 42;
const originStep = 3;
/** Rows that a forest is trained on at most. */
const demandRows = 60_000;
const stockoutRows = 120_000;
/** Units are small numbers; counting in quarters keeps leaves from being smoothed away. */
const unitScale = 4;

const demandForest = {
  loss: 'poisson',
  trees: 140,
  depth: 5,
  learningRate: 0.06,
  leafWeight: 20,
  rowShare: 0.6,
  featureShare: 0.6,
} as const;
const stockoutForest = {
  loss: 'logistic',
  trees: 120,
  depth: 6,
  learningRate: 0.1,
  leafWeight: 15,
  rowShare: 0.6,
  featureShare: 0.6,
} as const;

interface Origin {
  history: History;
  /** Index of the first day that is forecast. */
  at: number;
}

export function forecast(all: readonly SalesSeries[], options: ForecastOptions): SeriesForecast[] {
  const { cutoff, horizonDays, random } = options;
  const progress = options.progress ?? (() => {});
  const contexts = storeContexts(all, cutoff);
  const histories = all.flatMap((series) => {
    const store = contexts.get(series.storeId);
    return store === undefined ? [] : [historyOf(series, store, cutoff)];
  });
  const origins = trainingOrigins(histories, cutoff);
  const latest = origins.filter(({ history, at }) => at === endOf(history, cutoff) - 7);
  const earlier = origins.filter((origin) => !latest.includes(origin));
  progress('demand, to see how it scatters');
  const trial = trainUnits(earlier.length > 0 ? earlier : origins, 'demand', {
    ...demandForest,
    trees: 70,
    random,
  });
  const scatter = scatterOf(trial, latest);
  progress('demand');
  const demand = trainUnits(origins, 'demand', { ...demandForest, random });
  progress('sales');
  const sales = trainUnits(origins, 'sales', { ...demandForest, random });
  progress('stockouts');
  const stockouts = trainStockouts(origins, { ...stockoutForest, random }, random);
  progress('the coming days');
  return histories.map((history) => {
    const { storeId, productId } = history.series;
    const from = endOf(history, cutoff);
    const past = stockoutPast(history, from);
    const days = Array.from({ length: horizonDays }, (_, ahead): ForecastDay => {
      const target = from + ahead;
      const mean = unitsOf(demand, history, from, target);
      return {
        date: isoDateOf(cutoff + ahead),
        mean: rounded(mean),
        meanSales: rounded(unitsOf(sales, history, from, target)),
        q: quantilesOf(scatter, mean),
        pStockoutByHour: chancesOf(stockouts, history, past, from, target),
      };
    });
    return { storeId, productId, days };
  });
}

const rounded = (value: number) => Math.round(value * 10_000) / 10_000;

/** Index of the first day at or after the cutoff. */
function endOf({ series }: History, cutoff: number): number {
  const first = series.days[0]?.day ?? cutoff;
  return Math.max(0, cutoff - first);
}

function trainingOrigins(histories: readonly History[], cutoff: number): Origin[] {
  const origins: Origin[] = [];
  for (const history of histories) {
    if (knownDays(history.series, cutoff) < leastHistory + 1) continue;
    const end = endOf(history, cutoff);
    for (let back = 1; back <= originsReach; back += back < 7 ? 6 : originStep) {
      const at = end - back;
      if (at >= leastHistory) origins.push({ history, at });
    }
  }
  return origins;
}

/** Days of an origin whose outcome is known. */
function targetsOf({ history, at }: Origin): number[] {
  const targets: number[] = [];
  for (let target = at; target < at + 7; target += 1) {
    if (!Number.isNaN(history.sales[target] ?? Number.NaN)) targets.push(target);
  }
  return targets;
}

function offsetOf({ levels }: History, origin: number): number {
  return Math.log(unitScale * Math.max(levels.middle[origin] as number, leastLevel));
}

interface Row {
  origin: Origin;
  target: number;
}

function trainUnits(
  origins: readonly Origin[],
  kind: 'demand' | 'sales',
  settings: Parameters<typeof trainForest>[1],
): Forest {
  let rows: Row[] = origins.flatMap((origin) =>
    targetsOf(origin)
      .filter((target) => kind === 'sales' || origin.history.stockoutHours[target] === 0)
      .map((target) => ({ origin, target })),
  );
  const share = demandRows / rows.length;
  if (share < 1) rows = rows.filter(() => settings.random() < share);
  const set: TrainingSet = {
    values: new Float32Array(rows.length * demandFeatureCount),
    features: demandFeatureCount,
    targets: new Float32Array(rows.length),
    offsets: new Float32Array(rows.length),
  };
  rows.forEach(({ origin: { history, at }, target }, row) => {
    writeDemandFeatures(history, at, target, set.values, row * demandFeatureCount);
    set.targets[row] = unitScale * (history.sales[target] as number);
    set.offsets[row] = offsetOf(history, at);
  });
  return trainForest(set, settings);
}

const buffer = new Float32Array(Math.max(demandFeatureCount, stockoutFeatureCount));

function unitsOf(forest: Forest, history: History, origin: number, target: number): number {
  if (origin === 0 || history.series.days[target] === undefined) return levelOf(history, origin);
  writeDemandFeatures(history, origin, target, buffer, 0);
  return Math.exp(Math.min(forest.score(buffer, 0) + offsetOf(history, origin), 20)) / unitScale;
}

function levelOf({ levels }: History, origin: number): number {
  return levels.middle[Math.min(origin, levels.middle.length - 1)] ?? 0;
}

/** How demand scattered around the trial forecast on days without stockout. */
function scatterOf(trial: Forest, latest: readonly Origin[]): Scatter {
  const pairs = latest.flatMap(({ history, at }) =>
    targetsOf({ history, at })
      .filter((target) => history.stockoutHours[target] === 0)
      .map((target) => ({
        predicted: unitsOf(trial, history, at, target),
        actual: totalUnits(history.series.days[target] ?? { ...emptyDay }),
      })),
  );
  return ratioQuantiles(pairs, quantileLevels);
}

const emptyDay = {
  day: 0,
  discount: 1,
  holiday: false,
  activity: false,
  units: null,
  stockouts: null,
};

function quantilesOf(scatter: Scatter, mean: number): Record<string, number> {
  const ratios = scatter.ratiosFor(mean);
  return Object.fromEntries(
    quantileLevels.map((level, at) => [`${level}`, rounded(mean * (ratios[at] ?? 1))]),
  );
}

function trainStockouts(
  origins: readonly Origin[],
  settings: Parameters<typeof trainForest>[1],
  random: () => number,
): Forest {
  const all = origins.reduce((sum, origin) => sum + targetsOf(origin).length * 24, 0);
  const share = Math.min(1, stockoutRows / Math.max(1, all));
  const rows: { row: Row; past: StockoutPast; hour: number; isOut: boolean }[] = [];
  for (const origin of origins) {
    const past = stockoutPast(origin.history, origin.at);
    for (const target of targetsOf(origin)) {
      const stockouts = origin.history.series.days[target]?.stockouts;
      if (stockouts === null || stockouts === undefined) continue;
      for (let hour = 0; hour < 24; hour += 1) {
        if (random() >= share) continue;
        rows.push({ row: { origin, target }, past, hour, isOut: isStockedOut(stockouts, hour) });
      }
    }
  }
  const set: TrainingSet = {
    values: new Float32Array(rows.length * stockoutFeatureCount),
    features: stockoutFeatureCount,
    targets: Float32Array.from(rows, ({ isOut }) => (isOut ? 1 : 0)),
    offsets: new Float32Array(rows.length).fill(-1),
  };
  rows.forEach(({ row: { origin, target }, past, hour }, index) => {
    const at = index * stockoutFeatureCount;
    writeStockoutFeatures(origin.history, past, origin.at, target, hour, set.values, at);
  });
  return trainForest(set, settings);
}

function chancesOf(
  forest: Forest,
  history: History,
  past: StockoutPast,
  origin: number,
  target: number,
): number[] {
  return Array.from({ length: 24 }, (_, hour) => {
    if (origin === 0 || history.series.days[target] === undefined) return 0;
    writeStockoutFeatures(history, past, origin, target, hour, buffer, 0);
    return rounded(1 / (1 + Math.exp(1 - forest.score(buffer, 0))));
  });
}
