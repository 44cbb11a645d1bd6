import {
  AccountKind,
  type CheckAsked,
  CheckResult,
  DoubtKind,
} from '@stockhand/proto/events/v1alpha/stock_events_pb.js';
import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import { quantityMessage } from '@stockhand/proto/vocabulary/quantity.ts';
import { describe, expect, test } from 'vitest';
import { builtInPolicy } from '../policy/policy.ts';
import {
  action,
  command,
  jam,
  jarsReading,
  milk,
  runningStore,
  type SampleStore,
  sale,
} from '../sample-store.ts';
import { nextTask } from '../views.ts';
import { chanceRight, doubtKey, emptyDoubts } from './doubt-book.ts';
import { suspects } from './suspect-list.ts';

const pieces = (count: number) => quantityMessage(count, 'pieces');

/** Jam’s slot is filled from bin B7, whose record says 6 then: a case, so people usually say it. */
function refilledStore(leftInBin?: number): SampleStore {
  const store = runningStore();
  const account = { kind: AccountKind.BACKROOM_BIN, placeId: 'B7' };
  const lines = [{ gtin: jam, account, quantity: pieces(14) }];
  store.take(command(3, { case: 'applyOpeningStock', value: { lines } }));
  store.take(jarsReading(1, 4));
  const taskId = nextTask(store.state)?.taskId ?? '';
  store.take(action('anna', 1, { case: 'startTask', value: { taskId } }));
  const left = leftInBin === undefined ? {} : { leftInBin: pieces(leftInBin) };
  const value = { taskId, quantity: pieces(8), ...left };
  store.take(action('anna', 3, { case: 'completeTask', value }));
  return store;
}

function askedBy(store: SampleStore): CheckAsked[] {
  return store.log.flatMap(({ payload }) => (payload.case === 'checkAsked' ? payload.value : []));
}

/** The hour ends with a sale of something else. */
function endHour(store: SampleStore): void {
  store.nowMs = Math.floor(store.nowMs / 3_600_000 + 1) * 3_600_000;
  store.take(sale(`end-${store.nowMs}`, [{ code: milk, quantity: '1' }]));
}

function countTaskOf(store: SampleStore): string {
  for (const task of store.state.tasks.open.values()) {
    if (task.type === TaskType.COUNT) return task.taskId;
  }
  throw new Error('a count task expected');
}

function complete(store: SampleStore, taskId: string, quantity: number): string[] {
  store.take(action('ben', 1, { case: 'startTask', value: { taskId } }));
  return store.cases(
    action('ben', 3, { case: 'completeTask', value: { taskId, quantity: pieces(quantity) } }),
  );
}

describe('doubts', () => {
  test('a refill that does not tell how little is left makes the bin a suspect', () => {
    const { state } = refilledStore();
    expect(state.doubts.doubts.get(doubtKey(jam, 'B7'))?.kind).toBe(DoubtKind.LEFT_UNTOLD);
    const [first] = suspects(state, 600);
    expect(first).toMatchObject({ gtin: jam, placeId: 'B7', question: 'count', recorded: 6 });
    expect(first?.valueAtRiskMinorUnits).toBeGreaterThan(0);
  });

  test('one that tells it does not', () => {
    expect(refilledStore(6).state.doubts.doubts.size).toBe(0);
  });

  test('what is worth its minutes is asked once, and the count settles it and teaches', () => {
    const store = refilledStore();
    const before = chanceRight(store.state.doubts, DoubtKind.LEFT_UNTOLD);
    endHour(store);
    endHour(store);
    expect(askedBy(store)).toMatchObject([{ gtin: jam, placeId: 'B7' }]);
    const cases = complete(store, countTaskOf(store), 6);
    expect(cases.slice(0, 2)).toEqual(['itemsCounted', 'taskDone']);
    expect(cases).toContain('checkAnswered');
    expect(store.state.doubts.doubts.size).toBe(0);
    expect(store.state.doubts.checks.size).toBe(0);
    expect(chanceRight(store.state.doubts, DoubtKind.LEFT_UNTOLD)).toBeLessThan(before);
  });

  test('a count that finds a case more says that the doubt was right', () => {
    const store = refilledStore();
    endHour(store);
    complete(store, countTaskOf(store), 12);
    const answers = store.log.flatMap(({ payload }) =>
      payload.case === 'checkAnswered' ? payload.value : [],
    );
    expect(answers).toMatchObject([{ result: CheckResult.RECORD_WRONG }]);
    expect(chanceRight(store.state.doubts, DoubtKind.LEFT_UNTOLD)).toBe(0.6);
  });

  test('no minutes, no questions', () => {
    const store = refilledStore();
    const none = { name: 'check.budgetMinutes', value: 0, layer: 'store' as const };
    store.state.policy = { ...builtInPolicy, version: 'thrifty', settings: [none] };
    endHour(store);
    expect(askedBy(store)).toEqual([]);
  });

  test('one lucky check proves little', () => {
    const book = emptyDoubts();
    book.tallies.set(DoubtKind.SILENT_SLOT, { checked: 1, wrong: 1 });
    expect(chanceRight(book, DoubtKind.SILENT_SLOT)).toBeCloseTo((1 + 0.4) / 5, 9);
  });
});
