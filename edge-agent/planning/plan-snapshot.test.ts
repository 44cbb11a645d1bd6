import { Priority } from '@stockhand/proto/events/v1alpha/plan_events_pb.js';
import { expect, test } from 'vitest';
import { jarsReading, momentAt, runningStore, startMs } from '../sample-store.ts';
import { plannedTasksLimit, snapshotOf } from './plan-snapshot.ts';

test('of too many tasks, what a lead put first and what has a time are planned before the rest', () => {
  const { state } = storeWithTask();
  const [sample] = state.tasks.open.values();
  if (sample === undefined) throw new Error('a task is expected');
  for (let index = 0; index <= plannedTasksLimit; index += 1) {
    const taskId = `t-${index}`;
    state.tasks.open.set(taskId, { ...sample, taskId, urgencyPpm: 500_000 });
  }
  const calm = { ...sample, urgencyPpm: 1 };
  state.tasks.open.set('first', { ...calm, taskId: 'first', priority: Priority.FIRST });
  state.tasks.open.set('promised', { ...calm, taskId: 'promised', dueAtMs: startMs + 60_000 });
  const { tasks } = snapshotOf(state, state.catalogue.storeMap, momentAt(startMs));
  expect(tasks).toHaveLength(plannedTasksLimit);
  const ids = tasks.map(({ taskId }) => taskId);
  expect(ids).toContain('first');
  expect(ids).toContain('promised');
});

function storeWithTask() {
  const store = runningStore();
  store.take(jarsReading(1, 0));
  return store;
}
