import SqliteDatabase, { type Database } from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RawReading } from '../ports.ts';
import { RawReadingPages, rawReadingLimit, rawReadings } from './raw-readings.ts';
import { migrate } from './schema.ts';

let database: Database;

beforeEach(() => {
  database = new SqliteDatabase(':memory:');
  migrate(database);
});

afterEach(() => {
  database.close();
});

const said = (receivedAtMs: number, more: Partial<RawReading> = {}): RawReading => ({
  receivedAtMs,
  result: 'accepted',
  deviceId: 'plate-1',
  source: 'mqtt',
  topic: 'stockhand/v1/4000001000005/plate-1/reading',
  payload: Buffer.from('{"weight":{"value":"2.450"}}'),
  ...more,
});
const all = { deviceId: '', result: '', sinceMs: 0 };
const times = (filter: Partial<typeof all> = {}) =>
  [...rawReadings(database, { ...all, ...filter })].map(({ receivedAtMs }) => receivedAtMs);

test('whatever was said comes back byte for byte, newest first', () => {
  const reading = fc.record({
    receivedAtMs: fc.integer({ min: 0, max: 4_000_000_000_000 }),
    result: fc.constantFrom('accepted', 'unchanged', 'duplicate', 'refused'),
    deviceId: fc.string({ unit: 'grapheme', maxLength: 20 }),
    source: fc.constantFrom('mqtt', 'serial', 'http'),
    topic: fc.string({ unit: 'grapheme', maxLength: 100 }),
    payload: fc.uint8Array({ maxLength: 200 }),
  });
  fc.assert(
    fc.property(fc.array(fc.array(reading, { maxLength: 8 }), { maxLength: 5 }), (commits) => {
      database.exec('DELETE FROM raw_readings');
      // Without an age limit: the times here are in no order.
      const pages = new RawReadingPages(database, { ...rawReadingLimit, ageMs: Infinity });
      for (const commit of commits) pages.keep(commit);
      const found = [...rawReadings(database, { ...all, sinceMs: Number.NEGATIVE_INFINITY })];
      const expected = commits.flat().reverse();
      expect(found).toEqual(
        expected.map((one) => ({
          ...one,
          payload: Buffer.from(one.payload),
          payloadLength: one.payload.length,
        })),
      );
    }),
    { numRuns: 60 },
  );
});

test('of a great payload the beginning is kept, with its length', () => {
  const payload = Buffer.alloc(rawReadingLimit.payloadBytes + 9, 'x');
  new RawReadingPages(database).keep([said(1, { payload }), said(2)]);
  const [small, great] = [...rawReadings(database, all)];
  expect(small?.payload.toString()).toBe('{"weight":{"value":"2.450"}}');
  expect(great?.payload).toEqual(payload.subarray(0, rawReadingLimit.payloadBytes));
  expect(great?.payloadLength).toBe(payload.length);
});

test('what is older than the limit goes, as new readings come', () => {
  const pages = new RawReadingPages(database, { ageMs: 100, bytes: 1e9 });
  for (const atMs of [1, 2, 3, 50, 110]) pages.keep([said(atMs)]);
  expect(times()).toEqual([110, 50]);
});

test('bytes stay under their limit from then on, also after a restart', () => {
  const limit = { ageMs: 1e12, bytes: 2_000 };
  for (let start = 0; start < 3; start += 1) {
    const pages = new RawReadingPages(database, limit);
    for (let index = 0; index < 40; index += 1) {
      pages.keep([said(start * 100 + index), said(start * 100 + index)]);
      const sum = database.prepare('SELECT sum(length(page)) FROM raw_readings').pluck().get();
      expect(sum).toBeLessThanOrEqual(limit.bytes);
    }
    expect(times()[0]).toBe(start * 100 + 39);
  }
  expect(times().length).toBeGreaterThan(10);
});

test('a commit that was rolled back leaves no gap in what is counted', () => {
  const pages = new RawReadingPages(database);
  pages.keep([said(1)]);
  const failing = database.transaction(() => {
    pages.keep([said(2)]);
    throw new Error('planted');
  });
  expect(failing).toThrow('planted');
  pages.forgetCounts();
  pages.keep([said(3)]);
  expect(times()).toEqual([3, 1]);
  expect(database.prepare('SELECT number FROM raw_readings ORDER BY number').pluck().all()).toEqual(
    [1, 2],
  );
});

test('the filter asks for a device, a result and a time', () => {
  const pages = new RawReadingPages(database);
  pages.keep([said(1), said(2, { deviceId: 'plate-11' }), said(3, { result: 'duplicate' })]);
  pages.keep([said(4), said(5, { deviceId: 'scale-1', result: 'refused' })]);
  expect(times({ deviceId: 'plate-1' })).toEqual([4, 3, 1]);
  expect(times({ deviceId: 'plate-1', result: 'duplicate' })).toEqual([3]);
  expect(times({ sinceMs: 3 })).toEqual([5, 4, 3]);
  expect(times({ deviceId: 'nobody' })).toEqual([]);
});

test('a page that is cut short is not read as something else', () => {
  for (const count of [1, 100]) {
    database.exec('DELETE FROM raw_readings');
    new RawReadingPages(database).keep(Array.from({ length: count }, () => said(1)));
    database.exec('UPDATE raw_readings SET page = substr(page, 1, length(page) - 9)');
    expect(() => times()).toThrow();
  }
});

test('what is said over and over takes little', () => {
  new RawReadingPages(database).keep(Array.from({ length: 500 }, (_, index) => said(index)));
  const length = database.prepare('SELECT length(page) FROM raw_readings').pluck().get();
  expect(length).toBeLessThan(500 * 20);
  expect(times()).toHaveLength(500);
});
