import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { ShiftSchema } from '@stockhand/proto/events/v1alpha/plan_events_pb.js';
import { describe, expect, it } from 'vitest';
import { action, command, momentAt, runningStore, startMs } from '../sample-store.ts';
import { closingTimeMs, handsFrom } from './shifts.ts';

const hour = (hours: number) => startMs + hours * 3_600_000;
const at = (hours: number) => timestampFromMs(hour(hours));
const shift = (personRef: string, from: number, until: number, pause?: [number, number]) =>
  create(ShiftSchema, {
    personRef,
    startsAt: at(from),
    endsAt: at(until),
    breaks: pause === undefined ? [] : [{ startsAt: at(pause[0]), endsAt: at(pause[1]) }],
  });
const roster = (sequence: number, ...shifts: ReturnType<typeof shift>[]) =>
  command(sequence, { case: 'applyRoster', value: { shifts } });
const changed = (one: ReturnType<typeof shift>, reason = 'ill') =>
  action('lea', 0, { case: 'changeShift', value: { shift: one, reason } });

describe('who is at work', () => {
  it('is whoever is signed in, until the store closes, where there is no roster', () => {
    const { state } = runningStore();
    const hands = handsFrom(state, momentAt(hour(1)));
    expect(hands.map(({ personRef }) => personRef)).toEqual(['anna', 'ben', 'lea', 'max']);
    // 21:00; the sample's moment has no offset.
    expect(hands[0]?.untilMs).toBe(Date.UTC(2026, 10, 23, 21));
  });

  it('is by roster, without breaks, and beyond closing where the shift goes on', () => {
    const store = runningStore();
    store.take(
      roster(3, shift('anna', 0, 5, [1, 1.25]), shift('ben', 4, 16), shift('lea', 12, 15)),
    );
    const hands = handsFrom(store.state, momentAt(hour(0.5)));
    const ofOne = (ref: string) =>
      hands
        .filter(({ personRef }) => personRef === ref)
        .map(({ fromMs, untilMs }) => [fromMs, untilMs]);
    expect(ofOne('anna')).toEqual([
      [hour(0.5), hour(1)],
      [hour(1.25), hour(5)],
    ]);
    // The store closes after twelve hours; Lea fills the shelves then.
    expect(ofOne('ben')).toEqual([[hour(4), hour(16)]]);
    expect(ofOne('lea')).toEqual([[hour(12), hour(15)]]);
  });

  it('is by the shift of the day, where the roster holds many', () => {
    const store = runningStore();
    store.take(roster(3, shift('anna', 0, 5), shift('anna', 24, 29), shift('ben', 25, 33)));
    const ofOne = (ref: string, atHour: number) =>
      handsFrom(store.state, momentAt(hour(atHour)))
        .filter(({ personRef }) => personRef === ref)
        .map(({ fromMs, untilMs }) => [fromMs, untilMs]);
    expect(ofOne('anna', 1)).toEqual([[hour(1), hour(5)]]);
    expect(ofOne('anna', 25)).toEqual([[hour(25), hour(29)]]);
    // Signed in on a day without a shift: until closing at 21:00.
    expect(ofOne('ben', 1)).toEqual([[hour(1), hour(12)]]);
    store.take(changed(shift('anna', 0, 2)));
    expect(ofOne('anna', 1)).toEqual([[hour(1), hour(2)]]);
    expect(ofOne('anna', 3)).toEqual([]);
    expect(ofOne('anna', 25)).toEqual([[hour(25), hour(29)]]);
  });

  it('does not end a night shift when the roster of the next days comes in it', () => {
    const store = runningStore();
    store.take(roster(3, shift('anna', 13, 21)));
    store.take(roster(4, shift('anna', 37, 45)));
    const until = (atHour: number) => handsFrom(store.state, momentAt(hour(atHour)))[0]?.untilMs;
    expect(until(14)).toBe(hour(21));
    expect(until(38)).toBe(hour(45));
    store.take(roster(5, shift('anna', 14, 20)));
    expect(until(14)).toBe(hour(20));
    expect(store.state.planning.shifts.get('anna')).toHaveLength(1);
  });

  it('refuses a roster that has somebody in two places', () => {
    const store = runningStore();
    const outcome = store.outcome(roster(3, shift('anna', 0, 8), shift('anna', 6, 10)));
    expect(outcome).toMatchObject({ refusals: [{ field: 'shifts[1].startsAt' }] });
  });

  it('follows a lead who says that somebody is ill', () => {
    const store = runningStore();
    store.take(roster(3, shift('anna', 0, 8)));
    expect(store.cases(changed(shift('anna', 0, 0)))).toEqual(['shiftChanged']);
    const refs = handsFrom(store.state, momentAt(hour(0.5))).map(({ personRef }) => personRef);
    expect(refs).not.toContain('anna');
  });

  it('closes at midnight where the store says nothing else', () => {
    const { state } = runningStore();
    state.catalogue.facts.store.closesMinute = 0;
    state.catalogue.facts.store.opensMinute = 0;
    expect(closingTimeMs(state, momentAt(startMs))).toBe(Date.UTC(2026, 10, 24));
  });

  it('closes after midnight where the hours say so', () => {
    const { state } = runningStore();
    Object.assign(state.catalogue.facts.store, { opensMinute: 360, closesMinute: 90 });
    const closes = (time: string) => closingTimeMs(state, momentAt(Date.parse(time)));
    expect(closes('2026-11-23T20:00:00Z')).toBe(Date.UTC(2026, 10, 24, 1, 30));
    expect(closes('2026-11-24T01:00:00Z')).toBe(Date.UTC(2026, 10, 24, 1, 30));
    expect(closes('2026-11-24T02:00:00Z')).toBe(Date.UTC(2026, 10, 25, 1, 30));
  });

  it.each([
    ['an unknown person', shift('zoe', 0, 8), 'shifts[0].personRef'],
    ['an end before the beginning', shift('anna', 8, 0), 'shifts[0].endsAt'],
    ['twenty hours', shift('anna', 0, 20), 'shifts[0].endsAt'],
    ['a day next year', shift('anna', 9_000, 9_001), 'shifts[0].startsAt'],
    ['a break outside of it', shift('anna', 0, 8, [7, 9]), 'shifts[0].breaks[0]'],
  ])('refuses a roster with %s and changes nothing', (_name, one, field) => {
    const store = runningStore();
    const outcome = store.outcome(roster(3, one));
    expect(outcome).toMatchObject({ kind: 'refused', refusals: [{ field }] });
    expect(store.state.planning.shifts.size).toBe(0);
  });

  it('lets only leads change shifts, and asks for the reason', () => {
    const store = runningStore();
    const value = { shift: shift('ben', 0, 0), reason: 'ill' };
    const byAnna = action('anna', 0, { case: 'changeShift', value });
    expect(store.outcome(byAnna)).toMatchObject({ refusals: [{ reason: 'not-allowed' }] });
    expect(store.outcome(changed(shift('ben', 0, 0), ''))).toMatchObject({
      refusals: [{ reason: 'missing-field', field: 'reason' }],
    });
  });
});
