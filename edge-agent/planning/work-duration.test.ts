import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import { quantityMessage } from '@stockhand/proto/vocabulary/quantity.ts';
import { describe, expect, it } from 'vitest';
import { action, jarsReading, runningStore, type SampleStore } from '../sample-store.ts';
import { nextTask } from '../views.ts';
import { emptyPlanning } from './planning-book.ts';
import { durationSeconds, learnPace, pacePpm, pacesKept, stepsOf } from './work-duration.ts';

const refill = (store: SampleStore) => {
  store.take(jarsReading(1, 4));
  const task = nextTask(store.state);
  if (task === undefined) throw new Error('no refill');
  return task;
};

describe('how long work takes', () => {
  it('adds up cases, pieces and a scan', () => {
    const store = runningStore();
    const steps = stepsOf(store.state, store.state.catalogue.storeMap, refill(store));
    // Eight jars: two cases of six to take, eight jars to place.
    expect(steps).toEqual([
      { name: 'take', seconds: 30 },
      { name: 'walk to slot', seconds: 0 },
      { name: 'place', seconds: 34 },
    ]);
  });

  it('learns from the median, drawn to what is expected while little is known', () => {
    const planning = emptyPlanning();
    expect(pacePpm(planning, TaskType.REFILL)).toBe(1_000_000);
    for (let count = 0; count < 11; count += 1) learnPace(planning, TaskType.REFILL, 100, 150);
    expect(pacePpm(planning, TaskType.REFILL)).toBe(Math.round(((11 * 1.5 + 8) / 19) * 1e6));
    // One slip of ten times as long moves the median by nothing.
    learnPace(planning, TaskType.REFILL, 100, 1_000);
    expect(pacePpm(planning, TaskType.REFILL)).toBe(Math.round(((12 * 1.5 + 8) / 20) * 1e6));
    expect(pacePpm(planning, TaskType.COUNT)).toBe(1_000_000);
  });

  it('keeps so many and no more, and learns nothing from breaks', () => {
    const planning = emptyPlanning();
    learnPace(planning, TaskType.LOOK, 3, 4_000);
    learnPace(planning, TaskType.LOOK, 0, 10);
    expect(planning.paces.size).toBe(0);
    for (let count = 0; count < 40; count += 1) learnPace(planning, TaskType.LOOK, 3, 3);
    expect(planning.paces.get('LOOK')).toHaveLength(pacesKept);
  });

  it('is learned from tasks that are done, the wait before them left out', () => {
    const store = runningStore();
    const { taskId } = refill(store);
    const before = durationSeconds(
      store.state,
      store.state.catalogue.storeMap,
      refillRecord(store, taskId),
    );
    store.nowMs += 600_000;
    store.take(action('anna', 1, { case: 'startTask', value: { taskId } }));
    // The clock of the sample store moves by a second with each input.
    store.nowMs += 2 * before * 1_000 - 1_000;
    store.take(action('anna', 3, { case: 'completeTask', value: { taskId, quantity: pieces(8) } }));
    expect(store.state.planning.paces.get('REFILL')).toEqual([2_000_000]);
  });
});

it('counts from a task that ended short, too', () => {
  const store = runningStore();
  const { taskId } = refill(store);
  const value = { taskId, quantity: pieces(1), shortReason: 'no more' };
  store.take(action('anna', 1, { case: 'startTask', value: { taskId } }));
  store.take(action('anna', 3, { case: 'completeTask', value }));
  const { lastEndedAtMs, paces } = store.state.planning;
  expect(lastEndedAtMs.get('anna')).toBe(store.state.lastRecordedAtMs);
  expect(paces.size).toBe(0);
});

const pieces = (count: number) => quantityMessage(count, 'pieces');

function refillRecord(store: SampleStore, taskId: string) {
  const task = store.state.tasks.open.get(taskId);
  if (task === undefined) throw new Error('not open');
  return task;
}
