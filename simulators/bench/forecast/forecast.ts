/**
 * The forecast on real sales of five stores, held against what came, at four cutoffs and for each store
 * alone; and how long 1,000 series take.
 */
import { join } from 'node:path';
import { hoursTable, scoreTable } from '@stockhand/edge-agent/cli/forecast-table.ts';
import { readProducts, readSales } from '@stockhand/edge-agent/cli/sales-file.ts';
import { forecast } from '@stockhand/edge-agent/demand/forecast.ts';
import { type ForecastScore, scoreForecast } from '@stockhand/edge-agent/demand/forecast-score.ts';
import { type HoursScore, scoreHours } from '@stockhand/edge-agent/demand/hours-score.ts';
import { dayNumber, type SalesSeries } from '@stockhand/edge-agent/demand/series.ts';
import { seededFraction } from '@stockhand/edge-agent/sequencing/seeded-fraction.ts';
import { thisMachine } from '../machine.ts';
import type { BenchSettings } from '../main.ts';
import { type BenchReport, type BenchResult, judged } from '../report.ts';

const folder = join(import.meta.dirname, 'retail-hourly');
/** The last is that of the issue: the last seven of ninety days. */
const cutoffs = ['2024-05-22', '2024-06-05', '2024-06-12', '2024-06-19'] as const;
const horizonDays = 7;
const timedSeries = 1_000;
const timeLimitSeconds = 10;

export async function measureForecast({ progress }: BenchSettings): Promise<BenchReport> {
  const categories = await readProducts(join(folder, 'products.csv.gz'));
  const readMs = performance.now();
  const series = await readSales(join(folder, 'hourly.csv.gz'), categories);
  const readSeconds = (performance.now() - readMs) / 1_000;
  const results: BenchResult[] = [];
  const detail: string[] = [];
  for (const cutoff of cutoffs) {
    progress(`five stores from ${cutoff} on`);
    const score = scored(series, cutoff);
    detail.push(`Five stores, seven days from ${cutoff} on: ${scoreTable(score)}`, '');
    results.push(...judgements(`from ${cutoff}`, score));
    const hours = scoreHours(series, dayNumber(cutoff), horizonDays, seededFraction(1));
    if (hours === undefined) continue;
    detail.push(hoursTable(hours), '');
    results.push(...hoursJudgements(`from ${cutoff}`, hours));
  }
  const last = cutoffs[cutoffs.length - 1] ?? cutoffs[0];
  for (const storeId of new Set(series.map((one) => one.storeId))) {
    progress(`store ${storeId} alone`);
    const alone = series.filter((one) => one.storeId === storeId);
    results.push(...judgements(`store ${storeId} alone`, scored(alone, last)));
  }
  progress(`${timedSeries} series`);
  results.push(timed(series, last, (readSeconds * timedSeries) / series.length));
  return {
    bench: 'forecast',
    machine: { ...thisMachine(), seed: 1 },
    detail: detail.flatMap((part) => part.split('\n')),
    results,
  };
}

function scored(series: readonly SalesSeries[], cutoff: string): ForecastScore {
  const cutoffDay = dayNumber(cutoff);
  const forecasts = forecast(series, { cutoffDay, horizonDays, random: seededFraction(1) });
  const score = scoreForecast(series, forecasts, cutoffDay);
  if (score === undefined) throw new Error(`The shipped sales end before ${cutoff}.`);
  return score;
}

function judgements(name: string, { daily, quantiles, stockout }: ForecastScore): BenchResult[] {
  const own = daily.find((row) => row.name === 'forecast');
  const beside = daily.find((row) => row.name === 'fitted smoothing');
  if (!own || !beside) return [];
  const row = (
    figure: string,
    better: 'higher' | 'lower',
    value: number,
    limit: { name: string; value: number },
    goal: number,
  ) => {
    const ratio = value / limit.value;
    return judged({ name: `${figure}, ${name}`, unit: '1', better, value, limit, ratio, goal });
  };
  const smoothing = (value: number) => ({ name: 'fitted smoothing', value });
  const far = Math.max(...quantiles.map((one) => Math.abs(one.coverage - one.quantile)));
  const [first, all] = stockout;
  return [
    row('WAPE', 'lower', own.wape, smoothing(beside.wape), 0.96),
    row('WAPE in stock', 'lower', own.wapeInStock, smoothing(beside.wapeInStock), 0.97),
    row('bias, amount', 'lower', Math.abs(own.wpe), { name: 'goal', value: 0.03 }, 1),
    row('coverage, worst gap', 'lower', far, { name: 'goal', value: 0.03 }, 1),
    row('AUC first day', 'higher', first?.auc ?? 0, { name: 'goal', value: 0.82 }, 1),
    row('AUC seven days', 'higher', all?.auc ?? 0, { name: 'goal', value: 0.775 }, 1),
    row('calibration gap', 'lower', all?.calibrationGap ?? 1, { name: 'goal', value: 0.03 }, 1),
  ];
}

function hoursJudgements(name: string, { units, out }: HoursScore): BenchResult[] {
  const [own, beside] = units;
  if (!own || !beside) return [];
  const auc = out[0]?.auc ?? 0;
  const of = (figure: string) => `${figure}, ${name}`;
  return [
    judged({
      name: of('WAPE of four hours'),
      unit: '1',
      better: 'lower',
      value: own.wape,
      limit: { name: beside.name, value: beside.wape },
      ratio: own.wape / beside.wape,
      goal: 0.95,
    }),
    judged({
      name: of('AUC out in four hours'),
      unit: '1',
      better: 'higher',
      value: auc,
      limit: { name: 'goal', value: 0.72 },
      ratio: auc / 0.72,
      goal: 1,
    }),
  ];
}

/** As many series as wanted, some of them twice under another store's name. */
function timed(series: readonly SalesSeries[], cutoff: string, readSeconds: number): BenchResult {
  const many = Array.from({ length: timedSeries }, (_, index): SalesSeries => {
    const one = series[index % series.length] as SalesSeries;
    return index < series.length ? one : { ...one, storeId: `${one.storeId} again` };
  });
  const startedMs = performance.now();
  forecast(many, { cutoffDay: dayNumber(cutoff), horizonDays, random: seededFraction(1) });
  const seconds = (performance.now() - startedMs) / 1_000 + readSeconds;
  return judged({
    name: `${timedSeries} series, reading included`,
    unit: 's',
    better: 'lower',
    value: seconds,
    limit: { name: 'goal', value: timeLimitSeconds },
    ratio: seconds / timeLimitSeconds,
    goal: 1,
  });
}
