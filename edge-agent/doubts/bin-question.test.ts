import { AccountKind, CountReason } from '@stockhand/proto/events/v1alpha/stock_events_pb.js';
import { quantityMessage } from '@stockhand/proto/vocabulary/quantity.ts';
import { describe, expect, test } from 'vitest';
import { policyOf } from '../policy/policy.ts';
import {
  action,
  command,
  jam,
  jarsReading,
  runningStore,
  type SampleStore,
} from '../sample-store.ts';
import { nextTask } from '../views.ts';
import { leftToTell } from './bin-question.ts';
import { doubtKey } from './doubt-book.ts';

const pieces = (count: number) => quantityMessage(count, 'pieces');
const hourMs = 3_600_000;

/** Jam's slot needs 8 from bin B7; cases of 6. */
function storeWithBin(recorded: number): SampleStore {
  const store = runningStore();
  const account = { kind: AccountKind.BACKROOM_BIN, placeId: 'B7' };
  const lines = [{ gtin: jam, account, quantity: pieces(recorded) }];
  store.take(command(3, { case: 'applyOpeningStock', value: { lines } }));
  store.take(jarsReading(1, 4));
  return store;
}

function refillOf({ state }: SampleStore) {
  const task = nextTask(state);
  if (task === undefined) throw new Error('a refill expected');
  return task;
}

function refill(store: SampleStore, leftInBin: number): void {
  const { taskId } = refillOf(store);
  store.take(action('anna', 1, { case: 'startTask', value: { taskId } }));
  const value = { taskId, quantity: pieces(8), leftInBin: pieces(leftInBin) };
  store.take(action('anna', 3, { case: 'completeTask', value }));
}

describe('who takes goods from a bin', () => {
  test('tells what is left where nobody has confirmed the record', () => {
    const store = storeWithBin(32);
    expect(leftToTell(store.state, refillOf(store))).toBe(24);
  });

  test('is left alone for as long as the policy trusts a count, unless hardly any should be left', () => {
    const store = storeWithBin(32);
    const task = { ...refillOf(store) };
    refill(store, 24);
    const { state } = store;
    const counted = store.log.flatMap(({ payload }) =>
      payload.case === 'itemsCounted' && payload.value.reason !== CountReason.OPENING
        ? payload.value
        : [],
    );
    expect(counted.map(({ account }) => account?.placeId)).toEqual(['B7']);
    expect(leftToTell(state, task)).toBeNull();
    // 24 - 18 leaves a case.
    expect(leftToTell(state, { ...task, quantity: 18 })).toBe(6);
    const policy = policyOf(state.policy);
    const confirmedAtMs = state.doubts.confirmedAtMs.get(doubtKey(jam, 'B7')) ?? 0;
    // Jam sells more than five a day.
    const untilMs = confirmedAtMs + policy.threshold('count.busyHours') * hourMs;
    expect(leftToTell({ ...state, lastRecordedAtMs: untilMs - 1 }, task)).toBeNull();
    expect(leftToTell({ ...state, lastRecordedAtMs: untilMs }, task)).toBe(16);
  });

  test('finds what is too much as well: a record that is too low becomes an exception', () => {
    const store = storeWithBin(20);
    refill(store, 24);
    const [exception] = store.state.exceptions.values();
    expect(exception?.type).toBe('stock-discrepancy');
    expect(exception?.evidence).toMatch(/holds 24, the record said 12/);
  });

  test('is not asked of what comes from the dock, or of other tasks', () => {
    const store = storeWithBin(32);
    const task = refillOf(store);
    expect(leftToTell(store.state, { ...task, fromPlaceId: '' })).toBeNull();
    expect(leftToTell(store.state, { ...task, fromPlaceId: 'dock' })).toBeNull();
  });
});
