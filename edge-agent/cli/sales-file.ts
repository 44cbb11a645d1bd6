/**
 * Reads sales histories from CSV, plain or gzipped, in two forms that its header tells apart:
 *
 * - a line per day: store_id, product_id, dt, discount, holiday, activity, …, stockout_hex, hourly_sales
 *   (24 bits, the most significant is hour 0; 24 values joined by |, empty is 0);
 * - a line per hour: store_id, product_id, hour_start, units, available[, promo, holiday].
 *
 * The lines of a series stand in order of time, each day or hour once; series may be mixed. A line that
 * stands too early or twice is refused, as it tells of a file that was joined wrongly: 3 units at 07:00 and
 * again 3 units at 07:00 are 3 or 6, and nobody here can know.
 */
import { createReadStream, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { dayNumber, isoDateOf, type SalesDay, type SalesSeries } from '../demand/series.ts';
import { UsageError } from './data-folder.ts';

const dayColumns = ['store_id', 'product_id', 'dt', 'stockout_hex', 'hourly_sales'];
const hourColumns = ['store_id', 'product_id', 'hour_start', 'units', 'available'];

/** Dates further apart than this are a slip of the pen: 2204 for 2024. */
const spanLimitDays = 3_660;
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

interface FoundSeries {
  storeId: string;
  productId: string;
  days: SalesDay[];
  /** Time of the newest line, in hours since 1970, and as it is written. */
  newestHour: number;
  newest: string;
}

/** What the lines so far gave. */
interface Found {
  series: Map<string, FoundSeries>;
  /** The first line's date: others are held against it. */
  firstDay: number;
}

class Line {
  readonly #file: string;
  readonly #number: number;
  readonly #columns: ReadonlyMap<string, number>;
  readonly #fields: readonly string[];

  constructor(file: string, number: number, columns: ReadonlyMap<string, number>, text: string) {
    this.#file = file;
    this.#number = number;
    this.#columns = columns;
    this.#fields = text.split(',');
    if (this.#fields.length !== columns.size) {
      this.fault('the line', `${this.#fields.length} fields`, `${columns.size}, as in the header`);
    }
  }

  /** @throws UsageError */
  fault(column: string, found: string, expected: string): never {
    throw new UsageError(
      `${this.#file}, line ${this.#number}, ${column}: found ${JSON.stringify(found.slice(0, 60))}, expected ${expected}.`,
    );
  }

  text(column: string): string {
    const text = (this.#fields[this.#columns.get(column) ?? -1] ?? '').trim();
    return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
  }

  /** An empty or missing field is `missing`. */
  number(column: string, missing: number): number {
    const text = this.text(column);
    return text === '' ? missing : this.amount(column, text);
  }

  /** A number from 0 on. */
  amount(column: string, text: string): number {
    const value = decimal.test(text) ? Number(text) : Number.NaN;
    if (value >= 0 && value < Number.POSITIVE_INFINITY) return value;
    return this.fault(column, text, 'a number, 0 or more');
  }

  flag(column: string): boolean {
    const text = this.text(column).toLowerCase();
    if (text === '' || text === '0' || text === 'false') return false;
    if (text === '1' || text === 'true') return true;
    return this.fault(column, text, '0 or 1');
  }
}

/** @throws UsageError that names line, column, what was found and what was expected */
export async function readSales(
  file: string,
  categories: ReadonlyMap<string, readonly string[]>,
): Promise<SalesSeries[]> {
  const found: Found = { series: new Map(), firstDay: Number.NaN };
  await eachLine(file, (columns) => {
    const missing = (needed: readonly string[]) => needed.filter((name) => !columns.has(name));
    if (missing(dayColumns).length === 0) return (line) => takeDay(found, line);
    if (missing(hourColumns).length === 0) return (line) => takeHour(found, line);
    const [byDay, byHour] = [missing(dayColumns), missing(hourColumns)];
    const closer = byDay.length <= byHour.length ? byDay : byHour;
    throw new UsageError(
      `${file}, line 1: the header lacks ${closer.join(', ')}; expected ${dayColumns.join(',')} (a line a day) or ${hourColumns.join(',')} (a line an hour).`,
    );
  });
  if (found.series.size === 0) throw new UsageError(`${file} holds no sales.`);
  return [...found.series.values()].map(({ storeId, productId, days }) => ({
    storeId,
    productId,
    categories: categories.get(productId) ?? [],
    days,
  }));
}

/** Categories by product: every column but product_id, in the order of the file. */
export async function readProducts(file: string): Promise<Map<string, readonly string[]>> {
  const categories = new Map<string, readonly string[]>();
  await eachLine(file, (columns) => {
    if (!columns.has('product_id')) {
      throw new UsageError(`${file}, line 1: the header lacks product_id.`);
    }
    const names = [...columns.keys()].filter((name) => name !== 'product_id');
    return (line) => {
      categories.set(
        line.text('product_id'),
        names.map((name) => line.text(name)),
      );
    };
  });
  return categories;
}

async function eachLine(
  file: string,
  begin: (columns: ReadonlyMap<string, number>) => (line: Line) => void,
): Promise<void> {
  if (!existsSync(file)) throw new UsageError(`There is no file ${file}.`);
  const raw = createReadStream(file);
  const stream = file.endsWith('.gz') ? raw.pipe(createGunzip()) : raw;
  let take: ((line: Line) => void) | undefined;
  let columns: ReadonlyMap<string, number> = new Map();
  let number = 0;
  try {
    for await (const text of createInterface({
      input: stream,
      crlfDelay: Number.POSITIVE_INFINITY,
    })) {
      number += 1;
      if (text.trim() === '') continue;
      if (take === undefined) {
        const names = text.replace(/^\uFEFF/, '').split(',');
        columns = new Map(
          names.map((name, index) => [name.trim().replace(/^"(.*)"$/, '$1'), index]),
        );
        if (columns.size < names.length) {
          throw new UsageError(`${file}, line 1: a column stands twice in ${text.slice(0, 200)}.`);
        }
        take = begin(columns);
      } else take(new Line(file, number, columns, text));
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(
      `${file} cannot be read: ${error instanceof Error ? error.message : error}`,
    );
  }
}

/** The series of the line, which must be newer than those before it. */
function seriesOf(
  found: Found,
  line: Line,
  column: string,
  { day, hour }: { day: number; hour: number },
): FoundSeries {
  const [storeId, productId] = [line.text('store_id'), line.text('product_id')];
  if (storeId === '') line.fault('store_id', storeId, 'an id');
  if (productId === '') line.fault('product_id', productId, 'an id');
  const text = line.text(column);
  if (Number.isNaN(found.firstDay)) found.firstDay = day;
  if (Math.abs(day - found.firstDay) > spanLimitDays) {
    const first = isoDateOf(found.firstDay);
    line.fault(column, text, `a date within ${spanLimitDays} days of the first line's, ${first}`);
  }
  const key = `${storeId}\n${productId}`;
  const hours = day * 24 + hour;
  const series = found.series.get(key) ?? {
    storeId,
    productId,
    days: [],
    newestHour: Number.NEGATIVE_INFINITY,
    newest: '',
  };
  if (hours <= series.newestHour) {
    const rule = hours === series.newestHour ? 'each time once' : 'lines in order of time';
    line.fault(
      column,
      text,
      `a time after ${series.newest} of store ${storeId}, product ${productId} (${rule})`,
    );
  }
  series.newestHour = hours;
  series.newest = text;
  found.series.set(key, series);
  return series;
}

function takeDay(found: Found, line: Line): void {
  const date = line.text('dt');
  const day = dayNumber(date);
  if (Number.isNaN(day)) line.fault('dt', date, 'an ISO date such as 2024-06-19');
  const series = seriesOf(found, line, 'dt', { day, hour: 0 });
  const sales = line.text('hourly_sales');
  const hex = line.text('stockout_hex');
  if (hex !== '' && !/^[0-9a-fA-F]{6}$/.test(hex)) {
    line.fault('stockout_hex', hex, 'six hexadecimal digits');
  }
  series.days.push({
    day,
    discount: line.number('discount', 1),
    holiday: line.flag('holiday'),
    activity: line.flag('activity'),
    // Some writers keep the 24 empty fields of a day to come: without stockout bits it is no day of 0.
    units: sales === '' || (hex === '' && /^\|+$/.test(sales)) ? null : hourlyUnits(line, sales),
    stockouts: hex === '' ? null : Number.parseInt(hex, 16),
  });
}

function hourlyUnits(line: Line, text: string): Float64Array {
  const parts = text.split('|');
  if (parts.length !== 24) line.fault('hourly_sales', text, '24 values joined by |');
  return Float64Array.from(parts, (part) =>
    part.trim() === '' ? 0 : line.amount('hourly_sales', part.trim()),
  );
}

function takeHour(found: Found, line: Line): void {
  const text = line.text('hour_start');
  const form = /^(\d{4}-\d{2}-\d{2})[T ](\d{2})(:00){0,2}(\.0+)?(Z|[+-]\d{2}:?\d{2})?$/.exec(text);
  const day = dayNumber(form?.[1] ?? '');
  const hour = Number(form?.[2]);
  if (Number.isNaN(day) || !(hour < 24)) {
    line.fault('hour_start', text, 'a full hour of local time such as 2024-06-19T07:00');
  }
  const series = seriesOf(found, line, 'hour_start', { day, hour });
  let entry = series.days.at(-1);
  if (entry?.day !== day) {
    entry = { day, discount: 1, holiday: false, activity: false, units: null, stockouts: null };
    series.days.push(entry);
  }
  entry.holiday ||= line.flag('holiday');
  entry.activity ||= line.flag('promo');
  if (line.text('units') === '') return;
  // Hours that the file does not list sold nothing, and were open for nobody.
  entry.units ??= new Float64Array(24);
  entry.stockouts ??= 0;
  entry.units[hour] = line.number('units', 0);
  if (line.text('available') !== '' && !line.flag('available')) {
    entry.stockouts |= 1 << (23 - hour);
  }
}
