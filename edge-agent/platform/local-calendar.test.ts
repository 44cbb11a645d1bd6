import { describe, expect, it } from 'vitest';
import { LocalCalendar } from './local-calendar.ts';

const berlin = (businessDayEndMinute: number) =>
  new LocalCalendar({ timeZone: 'Europe/Berlin', businessDayEndMinute });

describe('the calendar of the store', () => {
  it.each([
    ['2026-11-23T09:14:05Z', 10, 60, '2026-11-23'],
    ['2026-07-01T22:30:00Z', 0, 120, '2026-07-02'],
    // The two hours from 2 to 3 o'clock at the end of summer time, told apart by their offset.
    ['2026-10-25T00:30:00Z', 2, 120, '2026-10-25'],
    ['2026-10-25T01:30:00Z', 2, 60, '2026-10-25'],
    // The hour that summer time leaves out.
    ['2026-03-29T00:59:00Z', 1, 60, '2026-03-29'],
    ['2026-03-29T01:00:00Z', 3, 120, '2026-03-29'],
  ])('%s is hour %i at offset %i of %s', (instant, localHour, utcOffsetMinutes, businessDay) => {
    const nowMs = Date.parse(instant);
    expect(berlin(0).moment(nowMs)).toEqual({ nowMs, localHour, utcOffsetMinutes, businessDay });
  });

  it('counts what is sold after midnight for the day before until the day ends', () => {
    const calendar = berlin(4 * 60);
    expect(calendar.moment(Date.parse('2026-11-24T02:59:00Z')).businessDay).toBe('2026-11-23');
    expect(calendar.moment(Date.parse('2026-11-24T03:00:00Z')).businessDay).toBe('2026-11-24');
  });

  it('takes over a changed zone', () => {
    const calendar = berlin(0);
    const nowMs = Date.parse('2026-11-23T09:14:05Z');
    calendar.moment(nowMs);
    calendar.change({ timeZone: 'Asia/Kolkata', businessDayEndMinute: 0 });
    expect(calendar.moment(nowMs)).toMatchObject({ localHour: 14, utcOffsetMinutes: 330 });
  });

  it('refuses a zone that does not exist', () => {
    expect(
      () => new LocalCalendar({ timeZone: 'Europe/Nowhere', businessDayEndMinute: 0 }),
    ).toThrow(RangeError);
  });
});
