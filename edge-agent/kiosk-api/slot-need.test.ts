import { timestampMs } from '@bufbuild/protobuf/wkt';
import { NeedReason } from '@stockhand/proto/events/v1alpha/replenishment_events_pb.js';
import { quantityMessage } from '@stockhand/proto/vocabulary/quantity.ts';
import { expect, test } from 'vitest';
import { jam, jarsReading, momentAt, runningStore } from '../sample-store.ts';
import { openTasks } from '../views.ts';
import { minutesUntilEmpty, taskExplanation } from './slot-need.ts';

const pieces = (count: number) => quantityMessage(count, 'pieces');

test('a refill is explained by what is there, what should be there, and how long it lasts', () => {
  const store = runningStore();
  store.take(jarsReading(1, 3));
  const { state, nowMs } = store;
  const [task] = openTasks(state);
  const answer = taskExplanation(state, task?.taskId ?? '', momentAt(nowMs), state.position);
  expect(answer?.need).toMatchObject({
    slotId: 'A1',
    believed: pieces(3),
    presentationMinimum: pieces(2),
    reorderPoint: pieces(4),
    par: pieces(12),
    capacity: pieces(12),
    inBackroom: pieces(24),
    reason: NeedReason.BELOW_REORDER_POINT,
  });
  expect(answer?.asOfPosition).toBe(BigInt(state.position));
  expect(answer?.now && timestampMs(answer.now)).toBe(nowMs);
});

test('nothing is answered about a task that nobody knows', () => {
  const { state, nowMs } = runningStore();
  expect(taskExplanation(state, 't-1', momentAt(nowMs), 0)).toBeNull();
});

/** Twelve jars a day, all of them in the opening hours from 7:00 to 21:00. */
function sellingStore() {
  const { state } = runningStore();
  const record = {
    units: 120,
    days: 10,
    recentUnits: 0,
    recentExpected: 0,
    lately: [],
    hourUnits: 0,
  };
  state.demand.byGtin.set(jam, { ...record, toldAtMs: 0 });
  const slot = state.catalogue.slotById.get('A1');
  if (slot === undefined) throw new Error('A1 expected');
  return (jars: number, localMinute: number) => minutesUntilEmpty(state, slot, jars, localMinute);
}

test('more lasts longer, an empty slot lasts no time, and a full store lasts beyond the day', () => {
  const lasts = sellingStore();
  expect(lasts(0, 600)).toBe(0);
  const [one, two] = [lasts(1, 600), lasts(2, 600)];
  expect(one).toBeGreaterThan(60);
  expect(two).toBeGreaterThan(one ?? 0);
  expect(lasts(1_000, 600)).toBeNull();
});

test('nobody takes anything at night', () => {
  const lasts = sellingStore();
  const atOpening = lasts(1, 420) ?? 0;
  expect(lasts(1, 300)).toBe(atOpening + 120);
});
