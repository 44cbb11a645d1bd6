import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import { quantityMessage } from '@stockhand/proto/vocabulary/quantity.ts';
import { beforeEach, describe, expect, test } from 'vitest';
import { action, jarsReading, runningStore, type SampleStore } from '../sample-store.ts';
import { openExceptions } from '../views.ts';

let store: SampleStore;

/** The plate of slot A1 hangs. */
beforeEach(() => {
  store = runningStore();
  store.take(jarsReading(1, 10));
  const still = { value: '5.450 kg', words: 12 };
  store.take({ kind: 'sensor-still', deviceId: 'plate-1', ...still });
});

function checks() {
  return [...store.state.tasks.open.values()].filter(({ type }) => type === TaskType.CHECK_SENSOR);
}

function complete(jars: number, shortReason: string) {
  const taskId = checks()[0]?.taskId ?? '';
  store.take(action('anna', 1, { case: 'startTask', value: { taskId } }));
  const quantity = quantityMessage(jars, 'pieces');
  const value = { taskId, quantity, shortReason };
  return store.outcome(action('anna', 3, { case: 'completeTask', value }));
}

const isHeard = () => !store.state.distrustedDevices.has('plate-1');
const faults = () => openExceptions(store.state).filter(({ type }) => type === 'sensor-fault');

describe('a sensor that is not believed', () => {
  test('is one task, which says what to do', () => {
    expect(checks()).toHaveLength(1);
    expect(checks()[0]).toMatchObject({ slotId: 'A1' });
    expect(checks()[0]?.explanation).toMatch(/plate-1: .* known weight/);
  });

  test('is heard again when it was set right, its slot is counted, and its exception is over', () => {
    expect(complete(7, 'recalibrated')).toMatchObject({ kind: 'accepted' });
    expect(isHeard()).toBe(true);
    expect(faults()).toEqual([]);
    expect(checks()).toEqual([]);
    expect(store.state.shelves.get('A1')?.quantity).toBe(7);
    expect([...store.state.tasks.closed.values()].at(-1)?.reason).toBe('');
    store.take(jarsReading(2, 6));
    expect(store.state.shelves.get('A1')?.quantity).toBe(6);
  });

  test('stays unheard when it is broken, though the slot was counted', () => {
    expect(complete(7, 'broken')).toMatchObject({ kind: 'accepted' });
    expect(isHeard()).toBe(false);
    expect(faults()).toHaveLength(1);
    expect(store.state.shelves.get('A1')?.quantity).toBe(7);
    store.take(jarsReading(2, 3));
    expect(store.state.shelves.get('A1')?.quantity).toBe(7);
  });

  test('is not checked without a finding', () => {
    for (const finding of ['', 'looked at it']) {
      const outcome = complete(7, finding);
      expect(outcome).toMatchObject({ refusals: [{ reason: 'unknown-finding' }] });
    }
    expect(checks()).toHaveLength(1);
    expect(isHeard()).toBe(false);
  });

  test('is nobody’s task any more when the lead has answered', () => {
    const exceptionId = faults()[0]?.exceptionId ?? '';
    const value = { exceptionId, answer: 'replaced' };
    store.take(action('lea', 0, { case: 'answerException', value }));
    expect(isHeard()).toBe(true);
    expect(checks()).toEqual([]);
  });

  test('or when it is approved anew', () => {
    store.take(action('max', 0, { case: 'approveDevice', value: { deviceId: 'plate-1' } }));
    expect(isHeard()).toBe(true);
    expect(checks()).toEqual([]);
    expect(faults()).toEqual([]);
  });
});
