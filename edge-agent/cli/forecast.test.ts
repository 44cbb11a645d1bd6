import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const folder = mkdtempSync(join(tmpdir(), 'forecast-'));
const command = join(import.meta.dirname, 'forecast.ts');

function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [command, ...args], (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

function fileOf(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const dayHeader =
  'store_id,product_id,dt,discount,holiday,activity,precip_mm,temp_c,stockout_hex,hourly_sales';

function dayLines(days: number, emptyFrom = days): string {
  const lines = [dayHeader];
  for (const product of ['4', '007']) {
    for (let day = 0; day < days; day += 1) {
      const date = new Date(Date.UTC(2024, 2, 28 + day)).toISOString().slice(0, 10);
      const hours = Array.from({ length: 24 }, (_, hour) => (hour > 7 && hour < 18 ? '0.5' : ''));
      const known = day < emptyFrom ? `00003f,${hours.join('|')}` : ',';
      lines.push(`18,${product},${date},1,0,0,0,20,${known}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

const forecastSchema = z.strictObject({
  storeId: z.string(),
  productId: z.string(),
  days: z.array(
    z.strictObject({
      date: z.string(),
      mean: z.number(),
      meanSales: z.number(),
      q: z.strictObject({
        '0.1': z.number(),
        '0.5': z.number(),
        '0.9': z.number(),
        '0.95': z.number(),
      }),
      pStockoutByHour: z.array(z.number()).length(24),
    }),
  ),
});

const parsed = (out: string) =>
  out
    .trim()
    .split('\n')
    .map((line) => forecastSchema.parse(JSON.parse(line)));

describe('stockhand forecast', () => {
  it('answers a line per series from the day lines, packed, with empty fields to come', async () => {
    const file = fileOf('days.csv.gz', gzipSync(dayLines(47, 40)));
    const { code, out } = await run('--sales', file, '--horizon-days', '7', '--json');
    expect(code).toBe(0);
    const forecasts = parsed(out);
    expect(forecasts.map(({ productId }) => productId)).toEqual(['4', '007']);
    expect(forecasts[0]?.days.map(({ date }) => date)).toEqual([
      '2024-05-07',
      '2024-05-08',
      '2024-05-09',
      '2024-05-10',
      '2024-05-11',
      '2024-05-12',
      '2024-05-13',
    ]);
    expect(forecasts[0]?.days[0]?.meanSales).toBeCloseTo(5, 0);
  });

  it('reads hours, too', async () => {
    const lines = ['store_id,product_id,hour_start,units,available,promo,holiday'];
    for (let day = 0; day < 30; day += 1) {
      const date = new Date(Date.UTC(2024, 2, 28 + day)).toISOString().slice(0, 10);
      for (let hour = 8; hour < 18; hour += 1) {
        const text = `${date}T${String(hour).padStart(2, '0')}:00`;
        lines.push(`18,4,${text},1,${hour < 16 ? 1 : 0},0,0`);
      }
    }
    const { code, out } = await run('--sales', fileOf('hours.csv', lines.join('\r\n')), '--json');
    expect(code).toBe(0);
    const [day] = parsed(out)[0]?.days ?? [];
    expect(day?.date).toBe('2024-04-27');
    expect(day?.meanSales).toBeCloseTo(10, 0);
    expect(day?.pStockoutByHour[17]).toBeGreaterThan(day?.pStockoutByHour[9] ?? 1);
  });

  it('scores itself beside eight simple forecasts', async () => {
    const file = fileOf('scored.csv', dayLines(47));
    const { code, out } = await run('--sales', file, '--cutoff', '2024-05-07', '--score');
    expect(code).toBe(0);
    expect(out).toContain('14 days, 0 of them without stockout');
    for (const name of ['forecast', 'seasonal naive', 'fitted smoothing', 'croston', 'tsb']) {
      expect(out).toMatch(new RegExp(`^${name} +\\d`, 'm'));
    }
    expect(out).toMatch(/^Next four hours, from \d+ hours with stock/m);
    const json = await run('--sales', file, '--cutoff', '2024-05-07', '--score', '--json');
    const { daily, stockout, nextHours } = z
      .object({
        daily: z.array(z.object({ name: z.string(), wape: z.number() })).length(9),
        stockout: z.array(z.object({ calibrationGap: z.number() })).length(2),
        nextHours: z.object({ looks: z.number(), units: z.array(z.object({ wape: z.number() })) }),
      })
      .parse(JSON.parse(json.out));
    expect(daily[0]?.wape).toBeLessThan(0.05);
    expect(stockout[1]?.calibrationGap).toBeLessThan(0.05);
    // Two products, seven days; in stock from 6 to 17 before the hours from 6 to 18.
    expect(nextHours.looks).toBe(2 * 7 * 13);
    expect(nextHours.units[0]?.wape).toBeLessThan(0.1);
  });

  const day = '18,4,2024-03-28,1,0,0,0,20,00003f,';
  it.each([
    ['a date', `${day.replace('03-28', '02-30')}${'|'.repeat(23)}`, 'dt: found "2024-02-30"'],
    ['hours', `${day}1|2`, 'hourly_sales: found "1|2", expected 24 values'],
    ['a number', `${day}x${'|'.repeat(23)}`, 'hourly_sales: found "x"'],
    ['stockout bits', day.replace('00003f', '3f') + '|'.repeat(23), 'stockout_hex: found "3f"'],
    ['a flag', day.replace(',0,0,0,', ',maybe,0,0,') + '|'.repeat(23), 'holiday: found "maybe"'],
    ['the fields', '18,4', 'found "2 fields", expected 10'],
    ['units without end', `${day}Infinity${'|'.repeat(23)}`, 'hourly_sales: found "Infinity"'],
    ['units below 0', `${day}-1${'|'.repeat(23)}`, 'found "-1", expected a number, 0 or more'],
  ])('names line and column of %s that makes no sense', async (_, line, expected) => {
    const { code, err } = await run('--sales', fileOf('bad.csv', `${dayHeader}\n${line}\n`));
    expect(code).toBe(2);
    expect(err).toContain('bad.csv, line 2');
    expect(err).toContain(expected);
  });

  it.each([
    ['a day twice', ['2024-03-28', '2024-03-29', '2024-03-29'], 'line 4, dt', 'each time once'],
    ['days out of order', ['2024-03-29', '2024-03-28'], 'line 3, dt', 'in order of time'],
    ['a far century', ['2024-03-28', '2204-03-29'], 'line 3, dt', 'within 3660 days'],
  ])('refuses %s in a series', async (_, dates, place, rule) => {
    const lines = dates.map((one) => `${day.replace('2024-03-28', one)}${'|'.repeat(23)}`);
    const { code, err } = await run(
      '--sales',
      fileOf('order.csv', [dayHeader, ...lines].join('\n')),
    );
    expect(code).toBe(2);
    for (const part of [place, dates.at(-1) ?? '', rule]) expect(err).toContain(part);
  });

  it('refuses an hour twice, a half hour, and a column that stands twice', async () => {
    const header = 'store_id,product_id,hour_start,units,available';
    const hours = (...starts: string[]) =>
      fileOf('hour.csv', [header, ...starts.map((start) => `18,4,${start},1,1`)].join('\n'));
    const twice = await run('--sales', hours('2024-03-28T07:00', '2024-03-28 07:00:00'));
    const half = await run('--sales', hours('2024-03-28T07:30'));
    const column = await run('--sales', fileOf('column.csv', `${header},units\n`));
    expect([twice.code, half.code, column.code]).toEqual([2, 2, 2]);
    expect(twice.err).toContain('line 3, hour_start');
    expect(half.err).toContain('expected a full hour');
    expect(column.err).toContain('stands twice');
  });

  it('tells of a file, a header and a cutoff that do not fit', async () => {
    const missing = await run('--sales', join(folder, 'nowhere.csv'));
    const header = await run('--sales', fileOf('header.csv', 'store,product\n1,2\n'));
    const early = await run('--sales', fileOf('few.csv', dayLines(3)), '--cutoff', '2024-01-01');
    const late = await run('--sales', fileOf('few.csv', dayLines(3)), '--score');
    const far = await run('--sales', fileOf('few.csv', dayLines(3)), '--cutoff', '2204-04-01');
    expect([missing, header, early, late, far].map(({ code }) => code)).toEqual([2, 2, 2, 2, 2]);
    expect(far.err).toContain('2204-04-01 is too late');
    const horizon = await run('--sales', 'any.csv', '--horizon-days', '99');
    expect([horizon.code, (await run('--help')).code]).toEqual([2, 0]);
    expect(horizon.err).toContain('from 1 to 28');
    expect(missing.err).toContain('nowhere.csv');
    expect(header.err).toContain('line 1');
    expect(early.err).toContain('no sales before 2024-01-01');
    expect(late.err).toContain('--score needs an earlier --cutoff');
  });
});
