import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isIsoDate, laterDay, shiftDay } from './business-day.ts';

test.each([
  ['2026-11-23', true],
  ['2024-02-29', true],
  ['2026-02-29', false],
  ['2026-13-01', false],
  ['2026-00-10', false],
  ['2026-11-31', false],
  ['26-11-23', false],
  ['2026-11-23T00:00', false],
  ['', false],
])('%j is a date: %s', (text, expected) => {
  expect(isIsoDate(text)).toBe(expected);
});

test('days shift over months, years and leap days, and back', () => {
  expect(shiftDay('2024-02-28', 2)).toBe('2024-03-01');
  expect(shiftDay('2026-01-01', -1)).toBe('2025-12-31');
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 40_000 }),
      fc.integer({ min: -9_000, max: 9_000 }),
      (day, days) => {
        const start = shiftDay('1970-01-01', day + 10_000);
        const moved = shiftDay(start, days);
        expect(isIsoDate(moved)).toBe(true);
        expect(shiftDay(moved, -days)).toBe(start);
        expect(laterDay(start, moved)).toBe(days > 0 ? moved : start);
      },
    ),
  );
  expect(() => shiftDay('soon', 1)).toThrow(RangeError);
});
