/** The score of a forecast as tables for people. */
import type { ForecastScore } from '../demand/forecast-score.ts';
import type { HoursScore } from '../demand/hours-score.ts';

const percent = (value: number) => `${(100 * value).toFixed(1)} %`;

export function scoreTable(score: ForecastScore): string {
  const daily = [
    ['', 'WAPE', 'WPE', 'WAPE in stock', 'WPE in stock', 'RMSSE'],
    ...score.daily.map((row) => [
      row.name,
      row.wape.toFixed(4),
      percent(row.wpe),
      row.wapeInStock.toFixed(4),
      percent(row.wpeInStock),
      row.rmsse.toFixed(3),
    ]),
  ];
  const quantiles = [
    ['quantile', 'pinball', 'actual below', 'at or below'],
    ...score.quantiles.map(({ quantile, pinball, covers: [below, upTo] }) => [
      `${quantile}`,
      pinball.toFixed(4),
      percent(below),
      percent(upTo),
    ]),
  ];
  const stockout = [
    ['out of stock by hour', 'AUC', 'Brier', 'share', 'calibration gap'],
    ...score.stockout.map(({ days, auc, brier, share, calibrationGap }) => [
      days === 'first' ? 'first day' : 'all days',
      auc.toFixed(4),
      brier.toFixed(4),
      percent(share),
      percent(calibrationGap),
    ]),
  ];
  const tenths = [
    ['chance told, all days', 'hours', 'told', 'happened'],
    ...(score.stockout.at(-1)?.reliability ?? []).map(({ told, happened, count }) => [
      `from ${Math.floor(told * 10) * 10} %`,
      `${count}`,
      percent(told),
      percent(happened),
    ]),
  ];
  return [
    `${score.days} days, ${score.daysInStock} of them without stockout`,
    ...[daily, quantiles, stockout, tenths].map(table),
  ].join('\n\n');
}

/** The next four hours, asked at every full hour of the day with what was known then. */
export function hoursTable({ looks, looksInStock, units, out, outShare }: HoursScore): string {
  return [
    `Next four hours, from ${looks} hours with stock (${looksInStock} with stock in all four)`,
    table([
      ['units sold', 'WAPE', 'WPE'],
      ...units.map((row) => [row.name, row.wape.toFixed(4), percent(row.wpe)]),
    ]),
    table([
      [`out within them (${percent(outShare)})`, 'AUC', 'Brier'],
      ...out.map((row) => [row.name, row.auc.toFixed(4), row.brier.toFixed(4)]),
    ]),
  ].join('\n\n');
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) => {
      return row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  ');
    })
    .join('\n');
}
