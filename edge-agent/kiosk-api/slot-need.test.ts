import { timestampMs } from '@bufbuild/protobuf/wkt';
import { NeedReason } from '@stockhand/proto/events/v1alpha/replenishment_events_pb.js';
import { quantityMessage } from '@stockhand/proto/vocabulary/quantity.ts';
import { expect, test } from 'vitest';
import { jarsReading, momentAt, runningStore } from '../sample-store.ts';
import { openTasks } from '../views.ts';
import { taskExplanation } from './slot-need.ts';

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
