import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { daysInMonth, fullYear, isoDate, readLongDate, readShortDate } from './dates.ts';

function short(text: string, mayOmitDay = true, currentYear = 2026): string | undefined {
  const date = readShortDate(text, mayOmitDay, currentYear);
  return date && isoDate(date);
}

describe('the century of a two-digit year', () => {
  it.each([
    [26, 2026, 2026],
    [76, 2026, 2076],
    [77, 2026, 1977],
    [99, 2026, 1999],
    [0, 2026, 2000],
    // Late in a century, small numbers belong to the next one.
    [44, 2094, 2144],
    [45, 2094, 2045],
    [0, 2050, 2100],
    [1, 2050, 2001],
  ])('year %i seen from %i is %i', (twoDigits, currentYear, expected) => {
    expect(fullYear(twoDigits, currentYear)).toBe(expected);
  });

  it('is never more than 50 years away', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 99 }),
        fc.integer({ min: 2000, max: 2299 }),
        (yy, now) => {
          const year = fullYear(yy, now);
          expect(year % 100).toBe(yy);
          expect(year - now).toBeGreaterThanOrEqual(-49);
          expect(year - now).toBeLessThanOrEqual(50);
        },
      ),
    );
  });
});

describe('dates', () => {
  it.each([
    ['271231', '2027-12-31'],
    ['270200', '2027-02-28'],
    ['280200', '2028-02-29'],
    ['280229', '2028-02-29'],
    ['991231', '1999-12-31'],
    ['260430', '2026-04-30'],
  ])('reads %s as %s', (text, expected) => {
    expect(short(text)).toBe(expected);
  });

  it.each([
    '270229',
    '270230',
    '260431',
    '261301',
    '260001',
    '260132',
    '26013',
    '2601011',
    '26O101',
  ])('refuses %s and never rolls over', (text) => {
    expect(short(text)).toBeUndefined();
  });

  it('takes day 00 only where the day may be left out', () => {
    expect(short('260600', false)).toBeUndefined();
    expect(readLongDate('20260600', true)).toEqual({ year: 2026, month: 6, day: 30 });
    expect(readLongDate('20260600', false)).toBeUndefined();
  });

  it('knows the length of every month of a leap century and of a common one', () => {
    expect(daysInMonth(2000, 2)).toBe(29);
    expect(daysInMonth(2100, 2)).toBe(28);
    const lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    expect(lengths.map((_, index) => daysInMonth(2026, index + 1))).toEqual(lengths);
  });
});
