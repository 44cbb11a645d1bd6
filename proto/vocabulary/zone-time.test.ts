import { expect, test } from 'vitest';
import { clockText, dayClockText, timeOfDayMs } from './zone-time.ts';

const iso = (atMs: number) => new Date(atMs).toISOString();
const hours = (count: number) => count * 60;

test.each([
  ['an afternoon', '2026-11-23T08:00:00Z', 'Europe/Berlin', hours(14), '2026-11-23T13:00:00.000Z'],
  [
    'the next morning',
    '2026-11-23T08:00:00Z',
    'Europe/Berlin',
    hours(30),
    '2026-11-24T05:00:00.000Z',
  ],
  ['tomorrow there', '2026-11-23T20:00:00Z', 'Asia/Tokyo', hours(6), '2026-11-23T21:00:00.000Z'],
  [
    'yesterday there',
    '2026-11-23T03:00:00Z',
    'America/New_York',
    hours(23),
    '2026-11-23T04:00:00.000Z',
  ],
  [
    'a half-hour zone',
    '2026-11-23T03:00:00Z',
    'Asia/Kolkata',
    hours(9),
    '2026-11-23T03:30:00.000Z',
  ],
  [
    'after summer time began',
    '2026-03-29T00:30:00Z',
    'Europe/Berlin',
    hours(20),
    '2026-03-29T18:00:00.000Z',
  ],
  [
    'after summer time ended',
    '2026-10-24T23:30:00Z',
    'Europe/Berlin',
    hours(20),
    '2026-10-25T19:00:00.000Z',
  ],
  [
    'an hour left out',
    '2026-03-29T00:30:00Z',
    'Europe/Berlin',
    hours(2.5),
    '2026-03-29T01:30:00.000Z',
  ],
])('the time of day: %s', (_name, now, zone, minute, expected) => {
  expect(iso(timeOfDayMs(minute, Date.parse(now), zone))).toBe(expected);
});

test('a time is shown by the clock of the zone', () => {
  const atMs = Date.parse('2026-11-23T23:05:00Z');
  expect(['Europe/Berlin', 'Asia/Kolkata', 'UTC'].map((zone) => clockText(atMs, zone))).toEqual([
    '00:05',
    '04:35',
    '23:05',
  ]);
});

test('another day there is told with its weekday', () => {
  const [atMs, nowMs] = [Date.parse('2026-11-23T23:05:00Z'), Date.parse('2026-11-23T12:00:00Z')];
  const shown = (zone: string) => dayClockText(atMs, nowMs, zone);
  expect(['Europe/Berlin', 'America/New_York'].map(shown)).toEqual(['Tue 00:05', '18:05']);
});
