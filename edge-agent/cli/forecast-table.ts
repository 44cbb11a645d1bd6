/** The score of a forecast as tables for people. */
import type { ForecastScore } from '../demand/forecast-score.ts';

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
    ['out of stock by hour', 'AUC', 'Brier', 'share'],
    ...score.stockout.map(({ days, auc, brier, share }) => [
      days === 'first' ? 'first day' : 'all days',
      auc.toFixed(4),
      brier.toFixed(4),
      percent(share),
    ]),
  ];
  return [
    `${score.days} days, ${score.daysInStock} of them without stockout`,
    ...[daily, quantiles, stockout].map(table),
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
