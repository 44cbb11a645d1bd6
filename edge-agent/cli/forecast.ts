/** `stockhand forecast`: units and stockouts of the coming days, from a file of past sales. */
import { Command, InvalidArgumentError } from 'commander';
import { dayAfterLast, upTo } from '../demand/calendar.ts';
import { type Evaluation, evaluate } from '../demand/evaluation.ts';
import { forecast, type SeriesForecast } from '../demand/forecast.ts';
import { dayNumber, isoDateOf } from '../demand/series.ts';
import { seededFraction } from '../sequencing/seeded-fraction.ts';
import { runCommand, UsageError } from './data-folder.ts';
import { readProducts, readSales } from './sales-file.ts';

interface Options {
  sales: string;
  products?: string;
  horizonDays: number;
  cutoff?: string;
  score?: boolean;
  json?: boolean;
}

const horizonLimit = 28;

function horizon(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= horizonLimit) return value;
  throw new InvalidArgumentError(`A whole number from 1 to ${horizonLimit} is expected.`);
}

async function run(options: Options): Promise<void> {
  const { horizonDays } = options;
  const products =
    options.products === undefined ? new Map() : await readProducts(options.products);
  const all = await readSales(options.sales, products);
  const cutoff = options.cutoff === undefined ? dayAfterLast(all) : dayNumber(options.cutoff);
  if (!Number.isFinite(cutoff)) {
    throw new UsageError(
      `--cutoff takes a date such as 2024-06-19, not "${options.cutoff ?? ''}".`,
    );
  }
  if (!all.some(({ days }) => days.some(({ day, units }) => day < cutoff && units !== null))) {
    throw new UsageError(`${options.sales} has no sales before ${isoDateOf(cutoff)}.`);
  }
  const forecasts = forecast(
    all.map((series) => upTo(series, cutoff, horizonDays)),
    {
      cutoff,
      horizonDays,
      random: seededFraction(1),
      progress: (step) => {
        if (process.stderr.isTTY) process.stderr.write(`\r${`Learning: ${step}`.padEnd(60)}`);
      },
    },
  );
  if (process.stderr.isTTY) process.stderr.write(`\r${' '.repeat(60)}\r`);
  if (options.score) tellScores(evaluate(forecasts, all, cutoff), options.json ?? false);
  else if (options.json) for (const one of forecasts) console.log(JSON.stringify(one));
  else console.log(summary(forecasts, cutoff));
}

function summary(forecasts: readonly SeriesForecast[], cutoff: number): string {
  const shown = forecasts.slice(0, 20).map(({ storeId, productId, days }) => {
    const wanted = days.reduce((sum, { mean }) => sum + mean, 0);
    const sold = days.reduce((sum, { meanSales }) => sum + meanSales, 0);
    const [first] = days;
    return `  store ${storeId}, product ${productId}: ${wanted.toFixed(1)} wanted, ${sold.toFixed(1)} sold; first day ${first?.mean.toFixed(1)} (${first?.q['0.1']?.toFixed(1)} to ${first?.q['0.9']?.toFixed(1)} with 80 %)`;
  });
  const rest =
    forecasts.length > 20 ? [`  … and ${forecasts.length - 20} more; --json has all.`] : [];
  const days = forecasts[0]?.days.length ?? 0;
  return [
    `${forecasts.length} series, ${days} days from ${isoDateOf(cutoff)}:`,
    ...shown,
    ...rest,
  ].join('\n');
}

function tellScores(scores: Evaluation, asJson: boolean): void {
  if (scores.days === 0)
    throw new UsageError('The file holds no sales after the cutoff to compare with.');
  if (asJson) {
    console.log(JSON.stringify(scores));
    return;
  }
  const percent = (value: number) => `${(value * 100).toFixed(1).padStart(7)} %`;
  const rows = Object.entries(scores.methods).map(
    ([name, score]) =>
      `  ${name.padEnd(18)}${score.wape.toFixed(4).padStart(9)}${percent(score.wpe)}${score.wapeInStock.toFixed(4).padStart(10)}${percent(score.wpeInStock)}${score.rmsse.toFixed(3).padStart(9)}`,
  );
  const { stockoutHours } = scores;
  console.log(`${scores.series} series, ${scores.days} days, ${scores.daysInStock} of them without stockout

  method               WAPE      bias   in stock     bias    RMSSE
${rows.join('\n')}

  quantiles (days in stock): ${Object.entries(scores.coverage)
    .map(([level, share]) => `${level}: ${percent(share).trim()} covered`)
    .join(', ')}
  stockout hours: ROC-AUC ${stockoutHours.auc.toFixed(3)}, first day ${stockoutHours.aucFirstDay.toFixed(3)}, Brier ${stockoutHours.brier.toFixed(4)}, expected ${percent(stockoutHours.meanChance).trim()}, came ${percent(stockoutHours.share).trim()}`);
}

const program = new Command('stockhand forecast')
  .description('Forecast units and stockouts of the coming days from a file of past sales.')
  .requiredOption('--sales <file>', 'sales as .csv or .csv.gz, a line per day or per hour')
  .option('--products <file>', 'categories of the products: product_id and more')
  .option('--horizon-days <count>', 'days to forecast', horizon, 7)
  .option('--cutoff <date>', 'first day to forecast; the day after the last sales if left out')
  .option('--score', 'compare with what the file holds after the cutoff, beside simple methods')
  .option(
    '--json',
    'a line per series: {"storeId","productId","days":[{"date","mean","meanSales","q":{…},"pStockoutByHour":[24]}]}; with --score one line of scores',
  )
  .addHelpText(
    'after',
    `
A line per day:  store_id,product_id,dt,discount,holiday,activity,…,stockout_hex,hourly_sales
A line per hour: store_id,product_id,hour_start,units,available[,promo,holiday]

Only what lies before the cutoff is learned from; of later days discount, holiday and activity are used.
"mean" and "q" are units wanted while in stock, "meanSales" units sold with stockouts.

Examples:
  stockhand forecast --sales hourly.csv.gz --json
  stockhand forecast --sales hourly.csv.gz --cutoff 2024-06-19 --score`,
  );

await runCommand(async () => run(program.parse().opts()));
