import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import { TaskStatus } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { quantityMessage } from '@stockhand/proto/vocabulary/quantity.ts';
import { describe, expect, test } from 'vitest';
import { metTask } from '../kiosk-api/met-task.ts';
import { action, jarsReading, runningStore } from '../sample-store.ts';
import { nextTask, openTasks } from '../views.ts';

const people = [{ personRef: 'anna', name: 'Anna', badgeHash: '', pinHash: '' }];

describe('work that two people did', () => {
  function storeWithRefill() {
    const store = runningStore();
    store.take(jarsReading(1, 4));
    const task = nextTask(store.state);
    if (task === undefined) throw new Error('a refill expected');
    const complete = {
      case: 'completeTask',
      value: { taskId: task.taskId, quantity: quantityMessage(task.quantity, 'pieces') },
    };
    return { store, taskId: task.taskId, version: task.version, complete };
  }

  const counts = (store: ReturnType<typeof runningStore>) =>
    openTasks(store.state).filter(({ type }) => type === TaskType.COUNT);

  test('counts once for the first, is refused to the second, and the slot is counted', () => {
    const { store, taskId, version, complete } = storeWithRefill();
    store.take(action('anna', version, { case: 'claimTask', value: { taskId } }));
    store.take(action('anna', version + 1, complete));
    const late = action('ben', version + 1, complete);
    expect(store.outcome(late)).toMatchObject({ refusals: [{ reason: 'task-closed' }] });
    expect(counts(store)).toMatchObject([{ slotId: 'A1' }]);
    expect(metTask(store.state, taskId, people, 'completeTask')).toMatchObject({
      taskTitle: 'Refill Jam, Aisle 1',
      holderName: 'Anna',
      taskStatus: TaskStatus.DONE,
      countAsked: true,
    });
    expect(metTask(store.state, taskId, people, 'claimTask')).toMatchObject({ countAsked: false });
    store.outcome(late);
    expect(counts(store)).toHaveLength(1);
  });

  test('while a colleague still has it, the second is told who, and the slot is counted', () => {
    const { store, taskId, version, complete } = storeWithRefill();
    store.take(action('anna', version, { case: 'claimTask', value: { taskId } }));
    const late = action('ben', version, complete);
    expect(store.outcome(late)).toMatchObject({ refusals: [{ reason: 'task-taken' }] });
    expect(counts(store)).toHaveLength(1);
    expect(metTask(store.state, taskId, people, 'completeTask')).toMatchObject({
      holderName: 'Anna',
      taskStatus: TaskStatus.CLAIMED,
    });
  });

  test('a claim that came too late leaves goods that the next one would place again', () => {
    const { store, taskId, version, complete } = storeWithRefill();
    // Ben is offline; Anna takes it and gives it back.
    store.take(action('anna', version, { case: 'claimTask', value: { taskId } }));
    store.take(action('anna', version + 1, { case: 'releaseTask', value: { taskId } }));
    const claim = action('ben', version, { case: 'claimTask', value: { taskId } });
    expect(store.outcome(claim)).toMatchObject({ refusals: [{ reason: 'stale-version' }] });
    const placed = action('ben', version, complete);
    expect(store.outcome(placed)).toMatchObject({ refusals: [{ reason: 'task-not-claimed' }] });
    expect(counts(store)).toMatchObject([{ slotId: 'A1' }]);
  });

  test('nothing is counted when the second placed nothing, or only wanted to take it', () => {
    const { store, taskId, version } = storeWithRefill();
    store.take(action('anna', version, { case: 'claimTask', value: { taskId } }));
    store.take(action('ben', version, { case: 'claimTask', value: { taskId } }));
    const none = {
      case: 'completeTask',
      value: { taskId, quantity: quantityMessage(0, 'pieces'), shortReason: 'backroom-empty' },
    };
    expect(store.outcome(action('ben', version, none))).toMatchObject({ kind: 'refused' });
    expect(counts(store)).toEqual([]);
  });
});
