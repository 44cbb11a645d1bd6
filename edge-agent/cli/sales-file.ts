/**
 * Reads sales histories from CSV, plain or gzipped, in two forms that its header tells apart:
 *
 * - a line per day: store_id, product_id, dt, discount, holiday, activity, …, stockout_hex, hourly_sales
 *   (24 bits, the most significant is hour 0; 24 values joined by |, empty is 0);
 * - a line per hour: store_id, product_id, hour_start, units, available[, promo, holiday].
 */
import { createReadStream, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { dayNumber, type SalesDay, type SalesSeries } from '../demand/series.ts';
import { UsageError } from './data-folder.ts';

const dayColumns = ['store_id', 'product_id', 'dt', 'stockout_hex', 'hourly_sales'];
const hourColumns = ['store_id', 'product_id', 'hour_start', 'units', 'available'];

/** The days of each series as they stand in the file. */
type Found = Map<string, { storeId: string; productId: string; days: Map<number, SalesDay> }>;

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
    return (this.#fields[this.#columns.get(column) ?? -1] ?? '').trim();
  }

  /** An empty or missing field is `missing`. */
  number(column: string, missing: number): number {
    const text = this.text(column);
    if (text === '') return missing;
    const value = Number(text);
    return Number.isFinite(value) ? value : this.fault(column, text, 'a number');
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
  const found: Found = new Map();
  await eachLine(file, (columns) => {
    const missing = (needed: readonly string[]) => needed.filter((name) => !columns.has(name));
    if (missing(dayColumns).length === 0) return (line) => takeDay(found, line);
    if (missing(hourColumns).length === 0) return (line) => takeHour(found, line);
    const [byDay, byHour] = [missing(dayColumns), missing(hourColumns)];
    const closer = byDay.length <= byHour.length ? byDay : byHour;
    throw new UsageError(`${file}, line 1: the header lacks ${closer.join(', ')}.`);
  });
  if (found.size === 0) throw new UsageError(`${file} holds no sales.`);
  return [...found.values()].map(({ storeId, productId, days }) => ({
    storeId,
    productId,
    categories: categories.get(productId) ?? [],
    days: [...days.values()].sort((one, other) => one.day - other.day),
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
        columns = new Map(names.map((name, index) => [name.trim(), index]));
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

function seriesOf(found: Found, line: Line) {
  const [storeId, productId] = [line.text('store_id'), line.text('product_id')];
  if (storeId === '') line.fault('store_id', storeId, 'an id');
  if (productId === '') line.fault('product_id', productId, 'an id');
  const key = `${storeId}\n${productId}`;
  let series = found.get(key);
  if (series === undefined) {
    series = { storeId, productId, days: new Map() };
    found.set(key, series);
  }
  return series;
}

function takeDay(found: Found, line: Line): void {
  const series = seriesOf(found, line);
  const date = line.text('dt');
  const day = dayNumber(date);
  if (Number.isNaN(day)) line.fault('dt', date, 'an ISO date such as 2024-06-19');
  if (series.days.has(day)) line.fault('dt', date, 'each day of a series once');
  const sales = line.text('hourly_sales');
  const hex = line.text('stockout_hex');
  if (hex !== '' && !/^[0-9a-fA-F]{6}$/.test(hex)) {
    line.fault('stockout_hex', hex, 'six hexadecimal digits');
  }
  series.days.set(day, {
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
  return Float64Array.from(parts, (part) => {
    const units = part === '' ? 0 : Number(part);
    return units >= 0 ? units : line.fault('hourly_sales', part, 'a number, 0 or more');
  });
}

function takeHour(found: Found, line: Line): void {
  const series = seriesOf(found, line);
  const text = line.text('hour_start');
  const form = /^(\d{4}-\d{2}-\d{2})[T ](\d{2})(?::\d{2}){0,2}/.exec(text);
  const day = dayNumber(form?.[1] ?? '');
  const hour = Number(form?.[2]);
  if (Number.isNaN(day) || !(hour < 24)) {
    line.fault('hour_start', text, 'a local time such as 2024-06-19T07:00');
  }
  let entry = series.days.get(day);
  if (entry === undefined) {
    entry = { day, discount: 1, holiday: false, activity: false, units: null, stockouts: null };
    series.days.set(day, entry);
  }
  entry.holiday ||= line.flag('holiday');
  entry.activity ||= line.flag('promo');
  if (line.text('units') === '') return;
  const units = line.number('units', 0);
  if (units < 0) line.fault('units', `${units}`, 'a number, 0 or more');
  // Hours that the file does not list sold nothing, and were open for nobody.
  entry.units ??= new Float64Array(24);
  entry.stockouts ??= 0;
  entry.units[hour] = units;
  if (line.text('available') !== '' && !line.flag('available')) {
    entry.stockouts |= 1 << (23 - hour);
  }
}
