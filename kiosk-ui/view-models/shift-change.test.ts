import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { ShiftSchema } from '@stockhand/proto/events/v1alpha/plan_events_pb.js';
import { describe, expect, it } from 'vitest';
import { endedNow, shiftOf, spanOf, usualEnd } from './shift-change.ts';

const hourMs = 3_600_000;
const zone = 'America/New_York';
/** In November the zone is five hours behind. */
const at = (hours: number, minutes = 0) => Date.UTC(2026, 10, 23, hours + 5, minutes);
const nowMs = at(9, 30);

const shift = create(ShiftSchema, {
  personRef: 'anna',
  startsAt: timestampFromMs(at(6)),
  endsAt: timestampFromMs(at(14)),
  breaks: [{ startsAt: timestampFromMs(at(10)), endsAt: timestampFromMs(at(10, 15)) }],
  cartCases: 12,
});

describe('a lead’s word on somebody’s day', () => {
  it('ends a shift now, without the breaks that do not come any more', () => {
    const span = endedNow(shift, nowMs);
    expect(span).toEqual({ fromMs: at(6), untilMs: nowMs });
    expect(shiftOf('anna', span, shift)).toEqual({
      personRef: 'anna',
      startsAt: timestampFromMs(at(6)),
      endsAt: timestampFromMs(nowMs),
      breaks: [],
      cartCases: 12,
    });
  });

  it('ends one that has not begun where it begins, and one that nobody has now', () => {
    const later = create(ShiftSchema, { ...shift, startsAt: timestampFromMs(at(12)) });
    expect(endedNow(later, nowMs)).toEqual({ fromMs: at(12), untilMs: at(12) });
    expect(endedNow(undefined, nowMs)).toEqual({ fromMs: nowMs, untilMs: nowMs });
  });

  it('keeps breaks that fit', () => {
    expect(shiftOf('anna', { fromMs: at(6), untilMs: at(18) }, shift).breaks).toHaveLength(1);
    expect(shiftOf('ben', { fromMs: at(6), untilMs: at(18) })).toMatchObject({ cartCases: 0 });
  });
});

describe('times as typed', () => {
  it.each([
    ['14:00', '20:00', at(14), at(20)],
    ['22:00', '06:00', at(22), at(6) + 24 * hourMs],
    ['06:00', '09:00', at(6) + 24 * hourMs, at(9) + 24 * hourMs],
  ])('%s to %s is ahead of now', (from, until, fromMs, untilMs) => {
    expect(spanOf(from, until, nowMs, zone)).toEqual({ fromMs, untilMs });
  });

  it('22:00 to 05:00 is the night that runs, after midnight', () => {
    const night = { fromMs: at(22) - 24 * hourMs, untilMs: at(5) };
    expect(spanOf('22:00', '05:00', at(1), zone)).toEqual(night);
  });

  it('keeps the hour where a day has 23 or 25', () => {
    // The night to Sunday 28 March 2027 is an hour shorter in Berlin.
    const night = { fromMs: Date.UTC(2027, 2, 27, 21), untilMs: Date.UTC(2027, 2, 28, 4) };
    expect(night.untilMs - night.fromMs).toBe(7 * hourMs);
    const span = (nowMs: number) => spanOf('22:00', '06:00', nowMs, 'Europe/Berlin');
    expect(span(Date.UTC(2027, 2, 27, 8))).toEqual(night);
    expect(span(Date.UTC(2027, 2, 28, 0))).toEqual(night);
  });

  it.each([
    ['', '20:00'],
    ['14:00', '25:00'],
    ['01:00', '23:00'],
    ['14:00', '14:00'],
  ])('%s to %s is no day’s work', (from, until) => {
    expect(spanOf(from, until, nowMs, zone)).toBeUndefined();
  });

  it('begin with a usual shift, or less when the store closes before', () => {
    expect(usualEnd(at(12), at(18))).toBe(at(18));
    expect(usualEnd(at(8), at(18))).toBe(at(16));
    expect(usualEnd(at(12), at(9))).toBe(at(20));
  });
});
