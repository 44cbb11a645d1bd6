import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import { expect, test } from 'vitest';
import { command, momentAt, runningStore, startMs } from '../sample-store.ts';
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
