/**
 * Who is at work, and until when: by the roster that HQ sends, as leads change it (somebody is ill, comes
 * later, stays on). Whoever is signed in without a shift is at work until the store closes, and a
 * person whose shift is over but who is signed in is as good as gone: their shift ends when it ends.
 *
 * Example: the roster has Anna from 6 to 14 with a break at 10, Ben is signed in without a shift, Cem
 * is ill (his shift was ended at 5:50). At 9 the hands are Anna 9-10 and 10:15-14, and Ben until closing.
 */

import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import type { RosterApplied, Shift } from '@stockhand/proto/events/v1alpha/plan_events_pb.js';
import type { ChangeShift } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import type { ApplyRoster } from '@stockhand/proto/sync/v1alpha/sync_service_pb.js';
import type { StaffRoleName } from '../catalogue/catalogue.ts';
import { closingMinute } from '../catalogue/opening-hours.ts';
import { refusal, refused } from '../errors.ts';
import type { Recorder } from '../events/recorder.ts';
import type { Moment, Outcome, Refusal } from '../input.ts';
import type { State } from '../state.ts';
import { reasonFaultOf } from '../tasks/task-steps.ts';
import type { ShiftRecord } from './planning-book.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** A shift that is longer is a mistake. */
const longestShiftMs = 16 * 60 * minuteMs;
/** How far ahead rosters go. */
const rosterDays = 42;
/** Shifts that ended longer ago are forgotten. */
const keptMs = 2 * dayMs;
const mostBreaks = 6;
const mostCartCases = 200;
export const shiftsLimit = 5_000;

/** Who does the work of a store; integrators and support look after devices. */
export const workingRoles: ReadonlySet<StaffRoleName> = new Set(['associate', 'lead', 'manager']);

/** A stretch of work without a break. */
export interface Hands {
  personRef: string;
  fromMs: number;
  untilMs: number;
  skills: readonly string[];
  cartCases: number;
}

/**
 * Everybody who works from now on until the store closes, or longer where the shift goes on, one entry per
 * stretch between breaks.
 */
export function handsFrom(state: Readonly<State>, moment: Moment): Hands[] {
  const { nowMs } = moment;
  const closesAtMs = closingTimeMs(state, moment);
  const present = new Set([...state.sessions.values()].map(({ personRef }) => personRef));
  const hands: Hands[] = [];
  for (const { personRef, role, skills } of state.catalogue.facts.staff) {
    if (!workingRoles.has(role)) continue;
    const shifts = shiftsAround(state, personRef, nowMs, closesAtMs);
    if (shifts.length === 0 && !present.has(personRef)) continue;
    const usual = { startsAtMs: nowMs, endsAtMs: closesAtMs, breaks: [], cartCases: 0 };
    for (const shift of shifts.length === 0 ? [usual] : shifts) {
      const fromMs = Math.max(nowMs, shift.startsAtMs);
      for (const stretch of withoutBreaks(fromMs, shift.endsAtMs, shift.breaks)) {
        hands.push({ personRef, ...stretch, skills, cartCases: shift.cartCases });
      }
    }
  }
  return hands;
}

/**
 * A person's shifts of the day: those that begin by the time it closes (who fills at night may begin then), and
 * that ended a while ago at most.
 */
function shiftsAround(
  state: Readonly<State>,
  personRef: string,
  nowMs: number,
  closesAtMs: number,
): ShiftRecord[] {
  return (state.planning.shifts.get(personRef) ?? []).filter(
    ({ startsAtMs, endsAtMs }) => endsAtMs > nowMs - dayMs / 2 && startsAtMs <= closesAtMs,
  );
}

/** By person, the shift of the day that runs, or comes next, or was the last. */
export function shiftsOfDay(state: Readonly<State>, moment: Moment): ShiftRecord[] {
  const closesAtMs = closingTimeMs(state, moment);
  return [...state.planning.shifts.keys()].flatMap((personRef) => {
    const shifts = shiftsAround(state, personRef, moment.nowMs, closesAtMs);
    return shifts.find(({ endsAtMs }) => endsAtMs > moment.nowMs) ?? shifts.at(-1) ?? [];
  });
}

/** Next time the store closes; the end of the day in which it never closes. */
export function closingTimeMs(state: Readonly<State>, moment: Moment): number {
  const { nowMs, utcOffsetMinutes } = moment;
  const offsetMs = utcOffsetMinutes * minuteMs;
  const midnightMs = Math.floor((nowMs + offsetMs) / dayMs) * dayMs - offsetMs;
  const today = midnightMs + closingMinute(state.catalogue.facts.store) * minuteMs;
  return today > nowMs ? today : today + dayMs;
}

function withoutBreaks(
  fromMs: number,
  untilMs: number,
  breaks: ShiftRecord['breaks'],
): { fromMs: number; untilMs: number }[] {
  const stretches: { fromMs: number; untilMs: number }[] = [];
  let atMs = fromMs;
  const sorted = [...breaks].sort((one, other) => one.startsAtMs - other.startsAtMs);
  for (const { startsAtMs, endsAtMs } of sorted) {
    if (startsAtMs > atMs) stretches.push({ fromMs: atMs, untilMs: Math.min(startsAtMs, untilMs) });
    atMs = Math.max(atMs, endsAtMs);
  }
  stretches.push({ fromMs: atMs, untilMs });
  return stretches.filter((stretch) => stretch.untilMs > stretch.fromMs);
}

/** The roster of HQ; a fault refuses all of it. */
export function applyRoster(recorder: Recorder, { shifts }: ApplyRoster): Refusal[] {
  const { state, moment } = recorder;
  const faults = shifts.flatMap((shift, index) => {
    const fault = shiftFault(state, moment.nowMs, shift, `shifts[${index}]`);
    return fault === null ? [] : [fault];
  });
  if (faults.length === 0) faults.push(...overlapFaults(shifts));
  if (shifts.length > shiftsLimit) {
    faults.unshift(refusal('too-many', 'shifts', shifts.length, `at most ${shiftsLimit}`));
  }
  if (faults.length > 0) return faults;
  recorder.record('rosterApplied', { shifts });
  return [];
}

/** A lead's word on one shift. */
export function changeShift(
  recorder: Recorder,
  changedBy: string,
  { shift, reason }: ChangeShift,
): Outcome {
  if (shift === undefined) return refused(refusal('missing-field', 'shift', '', 'a shift'));
  const { state, moment } = recorder;
  const fault = shiftFault(state, moment.nowMs, shift, 'shift') ?? reasonFaultOf('reason', reason);
  if (fault !== null) return refused(fault);
  recorder.record('shiftChanged', { shift, changedBy, reason });
  return { kind: 'accepted' };
}

function shiftFault(
  state: Readonly<State>,
  nowMs: number,
  shift: Shift,
  at: string,
): Refusal | null {
  const { personRef, startsAt, endsAt, breaks, cartCases } = shift;
  if (!state.catalogue.staffByRef.has(personRef)) {
    return refusal('unknown-person', `${at}.personRef`, personRef, 'a person of the master data');
  }
  if (startsAt === undefined) return refusal('missing-field', `${at}.startsAt`, '', 'a time');
  if (endsAt === undefined) return refusal('missing-field', `${at}.endsAt`, '', 'a time');
  const [startsAtMs, endsAtMs] = [timestampMs(startsAt), timestampMs(endsAt)];
  if (endsAtMs < startsAtMs || endsAtMs - startsAtMs > longestShiftMs) {
    const expected = 'from 0 to 16 hours after startsAt';
    return refusal('out-of-range', `${at}.endsAt`, endsAtMs, expected);
  }
  if (startsAtMs < nowMs - 2 * dayMs || startsAtMs > nowMs + rosterDays * dayMs) {
    const expected = `within ${rosterDays} days`;
    return refusal('out-of-range', `${at}.startsAt`, startsAtMs, expected);
  }
  if (breaks.length > mostBreaks) {
    return refusal('too-many', `${at}.breaks`, breaks.length, `at most ${mostBreaks}`);
  }
  if (cartCases > mostCartCases) {
    return refusal('out-of-range', `${at}.cartCases`, cartCases, `at most ${mostCartCases}`);
  }
  for (const [index, one] of breaks.entries()) {
    const field = `${at}.breaks[${index}]`;
    if (one.startsAt === undefined || one.endsAt === undefined) {
      return refusal('missing-field', field, '', 'startsAt and endsAt');
    }
    const [from, until] = [timestampMs(one.startsAt), timestampMs(one.endsAt)];
    if (from < startsAtMs || until > endsAtMs || until <= from) {
      return refusal('out-of-range', field, `${from} to ${until}`, 'a time within the shift');
    }
  }
  return null;
}

/** Nobody works in two shifts at once. */
function overlapFaults(shifts: readonly Shift[]): Refusal[] {
  const known = new Map<string, ShiftRecord[]>();
  return shifts.flatMap((shift, index) => {
    const record = shiftRecord(shift);
    const own = known.get(shift.personRef) ?? [];
    if (record === null) return [];
    known.set(shift.personRef, [...own, record]);
    if (!own.some((one) => isAtOnce(one, record))) return [];
    const expected = 'a time outside of the person’s other shifts';
    return [refusal('out-of-range', `shifts[${index}].startsAt`, record.startsAtMs, expected)];
  });
}

/** The new shifts of a person count from the first of them on; what ended before it stays. */
export function applyRosterApplied(state: State, { shifts }: RosterApplied, nowMs: number): void {
  const { planning } = state;
  const byPerson = Map.groupBy(
    shifts.flatMap((shift) => shiftRecord(shift) ?? []),
    ({ personRef }) => personRef,
  );
  for (const [personRef, added] of byPerson) {
    const fromMs = Math.min(...added.map(({ startsAtMs }) => startsAtMs));
    const before = (planning.shifts.get(personRef) ?? []).filter(
      ({ startsAtMs, endsAtMs }) => endsAtMs <= fromMs && startsAtMs < fromMs,
    );
    planning.shifts.set(personRef, inOrder([...before, ...added]));
  }
  for (const [personRef, known] of planning.shifts) {
    const kept = known.filter(({ endsAtMs }) => endsAtMs >= nowMs - keptMs);
    if (kept.length === 0) planning.shifts.delete(personRef);
    else planning.shifts.set(personRef, kept);
  }
}

/** Takes the place of the shifts that it meets, or else of the one that begins within half a day of it. */
export function noteShift(state: State, shift: Shift | undefined): void {
  const record = shift === undefined ? null : shiftRecord(shift);
  if (record === null) return;
  const { shifts } = state.planning;
  const known = shifts.get(record.personRef) ?? [];
  const apart = (one: ShiftRecord) => Math.abs(one.startsAtMs - record.startsAtMs);
  const met = known.filter((one) => isAtOnce(one, record));
  const nearest = [...known].sort((one, other) => apart(one) - apart(other))[0];
  if (met.length === 0 && nearest !== undefined && apart(nearest) < dayMs / 2) met.push(nearest);
  const left = known.filter((one) => !met.includes(one));
  shifts.set(record.personRef, inOrder([...left, record]));
}

function isAtOnce(one: ShiftRecord, other: ShiftRecord): boolean {
  if (one.startsAtMs === other.startsAtMs) return true;
  return one.startsAtMs < other.endsAtMs && other.startsAtMs < one.endsAtMs;
}

const inOrder = (shifts: ShiftRecord[]) =>
  shifts.sort((one, other) => one.startsAtMs - other.startsAtMs);

function shiftRecord({
  personRef,
  startsAt,
  endsAt,
  breaks,
  cartCases,
}: Shift): ShiftRecord | null {
  if (startsAt === undefined || endsAt === undefined) return null;
  return {
    personRef,
    startsAtMs: timestampMs(startsAt),
    endsAtMs: timestampMs(endsAt),
    breaks: breaks.flatMap((one) =>
      one.startsAt === undefined || one.endsAt === undefined
        ? []
        : [{ startsAtMs: timestampMs(one.startsAt), endsAtMs: timestampMs(one.endsAt) }],
    ),
    cartCases,
  };
}

/** A shift as messages carry it. */
export function shiftMessage(record: ShiftRecord) {
  const { personRef, startsAtMs, endsAtMs, breaks, cartCases } = record;
  return {
    personRef,
    startsAt: timestampFromMs(startsAtMs),
    endsAt: timestampFromMs(endsAtMs),
    breaks: breaks.map((one) => ({
      startsAt: timestampFromMs(one.startsAtMs),
      endsAt: timestampFromMs(one.endsAtMs),
    })),
    cartCases,
  };
}
