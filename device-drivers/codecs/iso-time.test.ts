import { describe, expect, test } from 'vitest';
import { isIsoDay, parseIsoTime, unixTimeText } from './iso-time.ts';

describe('times of devices', () => {
  test.each([
    ['2026-03-01T12:00:00+03:00', '2026-03-01T09:00:00Z'],
    ['2026-03-01T09:00:00.123456789+0000', '2026-03-01T09:00:00.123456789Z'],
    ['2026-03-01 09:00:00Z', '2026-03-01T09:00:00Z'],
    ['2026-01-01T00:30:00+01:00', '2025-12-31T23:30:00Z'],
    ['2026-10-25T02:30:00+02:00', '2026-10-25T00:30:00Z'],
    ['2026-10-25T02:30:00+01:00', '2026-10-25T01:30:00Z'],
    ['2028-02-29T23:59:60Z', '2028-03-01T00:00:00Z'],
    ['2026-03-01T09:00-0330', '2026-03-01T12:30:00Z'],
  ])('%s is %s', (text, utc) => {
    expect(parseIsoTime(text)?.utc).toBe(utc);
  });

  test('a local time has no instant', () => {
    expect(parseIsoTime('2026-03-01T09:00:00')).toEqual({ text: '2026-03-01T09:00:00' });
  });

  test.each([
    '2026-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-10T00:00:00Z',
    '2026-03-00T00:00:00Z',
    '2026-03-01T24:00:00Z',
    '2026-03-01T09:60:00Z',
    '2026-03-01T09:00:00+15:00',
    '2026-03-01T09:00:00+01:60',
    '2026-3-1T09:00:00Z',
    '2026-03-01',
    '1772355600',
    'yesterday',
    '',
  ])('"%s" is refused', (text) => {
    expect(parseIsoTime(text)).toBeNull();
  });

  test('Unix seconds and milliseconds are told apart by their size', () => {
    expect([1_772_355_600, 1_772_355_600_250, 0, -1, 1e20, Number.NaN].map(unixTimeText)).toEqual([
      '2026-03-01T09:00:00.000Z',
      '2026-03-01T09:00:00.250Z',
      '1970-01-01T00:00:00.000Z',
      null,
      null,
      null,
    ]);
  });

  test('days are of the calendar', () => {
    expect(
      ['2026-03-01', '2028-02-29', '2026-02-29', '2026-3-1', '20260301'].map(isIsoDay),
    ).toEqual([true, true, false, false, false]);
  });
});
