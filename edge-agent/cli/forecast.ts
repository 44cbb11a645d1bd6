/** `stockhand forecast`: forecasts a sales file, and scores it where the days have come. */
import { InvalidArgumentError } from 'commander';
import { forecast, type SeriesForecast } from '../demand/forecast.ts';
import { scoreForecast } from '../demand/forecast-score.ts';
import { scoreHours } from '../demand/hours-score.ts';
import { dayNumber, isoDateOf, type SalesSeries } from '../demand/series.ts';
import { seededFraction } from '../sequencing/seeded-fraction.ts';
import { commandNamed, runCommand, UsageError } from './data-folder.ts';
import { hoursTable, scoreTable } from './forecast-table.ts';
import { readProducts, readSales } from './sales-file.ts';

interface Options {
  sales: string;
  products?: string;
  horizonDays: number;
  cutoff?: number;
  seed: number;
  score?: boolean;
  json?: boolean;
}

const horizonLimitDays = 28;
/** Sales older than this say nothing of the days after the cutoff. */
const cutoffLimitDays = 90;

function horizon(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= horizonLimitDays) return value;
  throw new InvalidArgumentError(`A whole number from 1 to ${horizonLimitDays} is expected.`);
}

function whole(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError('A whole number, 0 or more, is expected.');
}

function date(text: string): number {
  const day = dayNumber(text);
  if (Number.isNaN(day)) throw new InvalidArgumentError('A date like 2024-06-19 is expected.');
  return day;
}

async function run(options: Options): Promise<void> {
  const categories = options.products
    ? await readProducts(options.products)
    : new Map<string, readonly string[]>();
  const series = await readSales(options.sales, categories);
  const dayAfter = dayAfterSales(series, options.sales);
  const cutoffDay = options.cutoff ?? dayAfter;
  if (cutoffDay > dayAfter + cutoffLimitDays) {
    throw new UsageError(
      `--cutoff ${isoDateOf(cutoffDay)} is too late, expected at most ${cutoffLimitDays} days after the last sales, ${isoDateOf(dayAfter - 1)}.`,
    );
  }
  if (!series.some(({ days }) => days.some(({ day, units }) => units && day < cutoffDay))) {
    throw new UsageError(
      `${options.sales} has no sales before ${isoDateOf(cutoffDay)}: expected a --cutoff after its first day.`,
    );
  }
  const forecasts = forecast(series, {
    cutoffDay,
    horizonDays: options.horizonDays,
    random: seededFraction(options.seed),
  });
  if (!options.score) {
    const lines = options.json ? forecasts.map((one) => JSON.stringify(one)) : forecasts.map(story);
    process.stdout.write(`${lines.join('\n')}\n`);
    return;
  }
  const score = scoreForecast(series, forecasts, cutoffDay);
  if (!score) {
    throw new UsageError(
      `${options.sales} has no sales from ${isoDateOf(cutoffDay)} on: --score needs an earlier --cutoff.`,
    );
  }
  const random = seededFraction(options.seed);
  const nextHours = scoreHours(series, cutoffDay, options.horizonDays, random);
  if (options.json) console.log(JSON.stringify({ ...score, nextHours }));
  else console.log([scoreTable(score), ...(nextHours ? [hoursTable(nextHours)] : [])].join('\n\n'));
}

function dayAfterSales(series: readonly SalesSeries[], file: string): number {
  let last = Number.NEGATIVE_INFINITY;
  for (const { days } of series) {
    for (const { day, units } of days) if (units !== null) last = Math.max(last, day);
  }
  if (last === Number.NEGATIVE_INFINITY) {
    throw new UsageError(`${file} has no day with sales, expected at least one.`);
  }
  return last + 1;
}

function story({ storeId, productId, days }: SeriesForecast): string {
  const rows = days.map(({ date: day, mean, meanSales, q, pStockoutByHour }) => {
    const worst = pStockoutByHour.reduce((high, chance) => Math.max(high, chance), 0);
    return `  ${day}  wanted ${mean.toFixed(2)} (80 %: ${q['0.1']?.toFixed(2)}–${q['0.9']?.toFixed(2)}), sold ${meanSales.toFixed(2)}, out of stock at most ${Math.round(worst * 100)} %`;
  });
  return [`Store ${storeId}, product ${productId}`, ...rows].join('\n');
}

const program = commandNamed('stockhand forecast')
  .description('Forecast daily units and empty hours of each store and product from a sales file.')
  .requiredOption('--sales <path>', 'CSV of sales, plain or gzip')
  .option('--products <path>', 'CSV with product_id and its categories from coarse to fine')
  .option('--horizon-days <count>', 'days to forecast', horizon, 7)
  .option(
    '--cutoff <date>',
    'first day to forecast; only earlier sales are used (the day after the last sales)',
    date,
  )
  .option('--score', 'hold the forecast and eight simple ones against the sales from the cutoff on')
  .option('--seed <number>', 'of the fit', whole, 1)
  .option(
    '--json',
    'one line per series: {"storeId","productId","days":[{"date","mean","meanSales","q","pStockoutByHour"}]}',
  )
  .addHelpText(
    'after',
    `
Answers, a day: "mean" and "q" are units wanted if it is in stock; "meanSales" is units sold, empty
hours included; "pStockoutByHour" has 24 chances, from midnight on.

Sales, told apart by the header:
  store_id,product_id,dt,discount,holiday,activity,stockout_hex,hourly_sales
      one line a day; 24 values joined by | (empty: 0), 6 hexadecimal digits with a bit per hour that was
      out of stock, midnight first; discount 0.8 is 20 % off
  store_id,product_id,hour_start,units,available[,promo,holiday]
      one line an hour: 18,4,2024-03-28T07:00,0.3,1,0,0

The lines of a series stand in order of time, each day or hour once. Bad input ends with 2 and names line
and column.

Lines from the cutoff on may leave sales and stock empty: their discount, holiday and activity are used,
nothing else.

--score answers with daily WAPE and WPE ((forecast - actual) / actual; "in stock" counts days without an
empty hour and takes "mean", else "meanSales"), RMSSE, pinball loss and coverage of "q" on days in stock, and
AUC, Brier score and calibration of the empty hours. It also asks at every full hour from 6 to 20, if the
hour before had stock and with all that was known then, for the next four hours: the units sold, where it
stays in stock, beside the mean of the same hours on 14 days; and whether an hour will be empty.
With --json: {"days","daysInStock","daily","quantiles","stockout","nextHours"}.

Examples:
  stockhand forecast --sales hourly.csv.gz --horizon-days 7 --json
  stockhand forecast --sales hourly.csv.gz --products products.csv.gz --cutoff 2024-06-19 --score`,
  );

// A reader that has seen enough (head, a pager) is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

await runCommand(async () => run(program.parse().opts()));
