import { create } from '@bufbuild/protobuf';
import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import { PlanProposedSchema } from '@stockhand/proto/events/v1alpha/plan_events_pb.js';
import { expect, test } from 'vitest';
import { command, jarsReading, momentAt, runningStore, startMs } from '../sample-store.ts';
import { planView } from './plan-view.ts';

const at = (hours: number) => timestampFromMs(startMs + hours * 3_600_000);

test('leads see the shift of the day of everybody; associates see only their own', () => {
  const store = runningStore();
  const shifts = [
    { personRef: 'anna', startsAt: at(0), endsAt: at(8) },
    { personRef: 'anna', startsAt: at(24), endsAt: at(32) },
    { personRef: 'ben', startsAt: at(0), endsAt: at(0) },
  ];
  store.take(command(3, { case: 'applyRoster', value: { shifts } }));
  const seenBy = (personRef: string, role: 'associate' | 'lead') => {
    const facts = { moment: momentAt(startMs), people: [], asOfPosition: 1 };
    return planView(store.state, { ...facts, caller: { personRef, role } }).shifts.map((shift) => [
      shift.personRef,
      shift.startsAt && timestampMs(shift.startsAt),
    ]);
  };
  expect(seenBy('lea', 'lead')).toEqual([
    ['anna', startMs],
    ['ben', startMs],
  ]);
  expect(seenBy('anna', 'associate')).toEqual([['anna', startMs]]);
});

test('whom to ask is told to leads only', () => {
  const store = runningStore();
  store.take(jarsReading(1, 0));
  const [taskId = ''] = store.state.tasks.open.keys();
  const gone = { personRef: 'ben', startsAt: at(0), endsAt: at(0) };
  store.take(command(3, { case: 'applyRoster', value: { shifts: [gone] } }));
  const proposed = create(PlanProposedSchema, {
    basedOnPosition: BigInt(store.state.position),
    unplanned: [{ taskId, reason: 'no hands' }],
  });
  store.take({ kind: 'plan', proposed });
  const adviceTo = (personRef: string, role: 'associate' | 'lead') => {
    const facts = { moment: momentAt(startMs + 60_000), people: [], asOfPosition: 1 };
    return planView(store.state, { ...facts, caller: { personRef, role } }).advice.join(' ');
  };
  expect(adviceTo('lea', 'lead')).toContain('Not at work now: ben');
  expect(adviceTo('anna', 'associate')).toBe('');
});
