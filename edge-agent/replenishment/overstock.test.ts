import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import { quantityMessage } from '@stockhand/proto/vocabulary/quantity.ts';
import { beforeEach, expect, test } from 'vitest';
import { action, jam, runningStore, type SampleStore } from '../sample-store.ts';
import { openExceptions } from '../views.ts';
import { overstockOf } from './overstock.ts';

const dayMs = 24 * 3_600_000;
let store: SampleStore;

function countBin(count: number): void {
  const value = { placeId: 'B7', gtin: jam, counted: quantityMessage(count, 'pieces') };
  store.take(action('max', 0, { case: 'countBin', value }));
}

/** To the hour in which the store opens, a day later. */
function nextMorning(): void {
  const opensMs = store.state.catalogue.facts.store.opensMinute * 60_000;
  store.nowMs = Math.floor(store.nowMs / dayMs + 1) * dayMs + opensMs;
  store.take({ kind: 'timer', purpose: 'minute', dueAtMs: store.nowMs });
}

const told = () => openExceptions(store.state).filter(({ type }) => type === 'overstock');
const jamProduct = () => {
  const product = store.state.catalogue.productByGtin.get(jam);
  if (product === undefined) throw new Error('the sample store sells jam');
  return product;
};

beforeEach(() => {
  store = runningStore();
});

test('what the slots hold twice over is never too much, whatever sells', () => {
  countBin(16);
  expect(overstockOf(store.state, jamProduct(), 0.001)).toBeNull();
});

test('is told once to a manager, goes back in whole cases when somebody says so, and ends', () => {
  countBin(1_500);
  nextMorning();
  const [one] = told();
  expect(one).toMatchObject({ subjects: [jam], ownerRole: 'manager' });
  nextMorning();
  expect(told()).toHaveLength(1);
  const value = { exceptionId: one?.exceptionId, answer: 'send back' };
  store.take(action('max', 0, { case: 'answerException', value }));
  const [task] = [...store.state.tasks.open.values()].filter(
    ({ type }) => type === TaskType.RETURN,
  );
  expect(task).toMatchObject({ gtin: jam, fromPlaceId: 'B7' });
  expect((task?.quantity ?? 0) % jamProduct().casePack).toBe(0);
  expect(task?.quantity ?? 0).toBeGreaterThan(0);
});

test('is over when it has sold down, and not told again', () => {
  countBin(1_500);
  nextMorning();
  expect(told()).toHaveLength(1);
  countBin(12);
  nextMorning();
  expect(told()).toEqual([]);
});
