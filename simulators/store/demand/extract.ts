/**
 * Makes `hourly-demand.json` from the day lines of FreshRetailNet-50K (CC-BY-4.0, see ORIGIN.md): the
 * mean demand of each product and hour, in pieces. Run by hand, once:
 *
 *     node simulators/store/demand/extract.ts HOURLY.csv.gz PRODUCTS.csv.gz
 *
 * 0.1 of the source's unit is one piece. Sales of an hour in which the product was out of stock say
 * nothing of demand; such hours are filled by the mean of the same hour on days with stock. What no
 * day could tell (an hour that was never in stock) is filled by the product's mean hour, and counted.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const piecesPerUnit = 10;
const hours = 24;

interface Series {
  storeId: string;
  productId: string;
  soldPieces: number[];
  daysInStock: number[];
}

const rows = (file: string): string[][] =>
  gunzipSync(readFileSync(file))
    .toString('utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));

function readSeries(file: string): Series[] {
  const series = new Map<string, Series>();
  for (const [storeId = '', productId = '', , , , , , , stockoutHex = '', sales = ''] of rows(
    file,
  )) {
    const key = `${storeId}/${productId}`;
    const one = series.get(key) ?? {
      storeId,
      productId,
      soldPieces: new Array<number>(hours).fill(0),
      daysInStock: new Array<number>(hours).fill(0),
    };
    series.set(key, one);
    const stockoutBits = Number.parseInt(stockoutHex, 16);
    const sold = sales.split('|');
    for (let hour = 0; hour < hours; hour += 1) {
      // The most significant of 24 bits is hour 0.
      if ((stockoutBits >> (hours - 1 - hour)) & 1) continue;
      one.soldPieces[hour] = (one.soldPieces[hour] ?? 0) + Number(sold[hour] || 0) * piecesPerUnit;
      one.daysInStock[hour] = (one.daysInStock[hour] ?? 0) + 1;
    }
  }
  return [...series.values()];
}

function hourlyMeans(series: Series): { means: number[]; neverInStock: number } {
  const means = series.soldPieces.map((sold, hour) => {
    const days = series.daysInStock[hour] ?? 0;
    return days === 0 ? null : sold / days;
  });
  const known = means.filter((mean) => mean !== null);
  const typical = known.reduce((sum, mean) => sum + mean, 0) / Math.max(1, known.length);
  return {
    means: means.map((mean) => Math.round((mean ?? typical) * 1_000) / 1_000),
    neverInStock: means.length - known.length,
  };
}

const [hourlyFile, productsFile] = process.argv.slice(2);
if (!hourlyFile || !productsFile) {
  console.error('Usage: node simulators/store/demand/extract.ts HOURLY.csv.gz PRODUCTS.csv.gz');
  process.exit(2);
}
const categoryOf = new Map(
  rows(productsFile).map(([, category = '', , , productId = '']) => [productId, category]),
);
let filledHours = 0;
const products = readSeries(hourlyFile).map((series) => {
  const { means, neverInStock } = hourlyMeans(series);
  filledHours += neverInStock;
  const category = categoryOf.get(series.productId) ?? '';
  return { source: `${series.storeId}/${series.productId}`, category, piecesPerHour: means };
});
products.sort((one, other) => (one.source < other.source ? -1 : 1));
const target = join(import.meta.dirname, 'hourly-demand.json');
const lines = products.map((product) => `    ${JSON.stringify(product)}`).join(',\n');
writeFileSync(target, `{\n  "filledHours": ${filledHours},\n  "products": [\n${lines}\n  ]\n}\n`);
console.log(`${products.length} series, ${filledHours} hours never in stock and filled`);
