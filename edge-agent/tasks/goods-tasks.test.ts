import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import {
  LotTracking,
  PlaceKind,
  PlaceSchema,
  TemperatureClass,
} from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import { MoneySchema } from '@stockhand/proto/quantity/v1alpha/quantity_pb.js';
import { quantityMessage } from '@stockhand/proto/vocabulary/quantity.ts';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  action,
  command,
  jam,
  masterDataCommand,
  milk,
  runningStore,
  type SampleStore,
  sampleMasterData,
} from '../sample-store.ts';
import { leftOvers } from '../stock/best-before.ts';
import { balance, bin, quarantine, salesFloor, supplier } from '../stock/ledger.ts';
import { dock, waste } from '../stock/store-places.ts';
import { openExceptions } from '../views.ts';
import type { TaskRecord } from './task-book.ts';

const dayMs = 24 * 3_600_000;
const pieces = (count: number) => quantityMessage(count, 'pieces');
let store: SampleStore;

/** Milk is kept apart by date, chilled, and costs 1.00, jam `jamPrice`; the store has a dock. */
function dataOf(version: string, jamPrice = 249n) {
  const data = sampleMasterData(version);
  data.places.push(create(PlaceSchema, { placeId: 'DOCK', kind: PlaceKind.DOCK, name: 'Dock' }));
  for (const product of data.products) {
    const minorUnits = product.gtin === jam ? jamPrice : 100n;
    product.price = create(MoneySchema, { minorUnits, currency: 'EUR' });
    if (product.gtin !== milk) continue;
    product.lotTracking = LotTracking.BEST_BEFORE;
    product.bestBeforeWarningDays = 3;
    product.temperatureClass = TemperatureClass.CHILLED;
  }
  return data;
}

beforeEach(() => {
  store = runningStore();
  store.take(masterDataCommand(3, dataOf('2026-11-23T07:00:00Z/2')));
});

const tasksOf = (type: TaskType): TaskRecord[] =>
  [...store.state.tasks.open.values()].filter((task) => task.type === type);

function holdMilk(lots: { bestBefore: string; count: number }[]): void {
  const total = lots.reduce((sum, { count }) => sum + count, 0);
  const named = lots.map(({ bestBefore, count }) => ({
    lot: '',
    bestBefore,
    quantity: pieces(count),
  }));
  const value = { placeId: 'B9', gtin: milk, counted: pieces(total), lots: named };
  store.take(action('max', 0, { case: 'countBin', value }));
}

function passMinute(): void {
  store.nowMs += 60_000;
  store.take({ kind: 'timer', purpose: 'minute', dueAtMs: store.nowMs });
}

function complete(task: TaskRecord | undefined, count: number, shortReason = '') {
  const taskId = task?.taskId ?? '';
  store.take(action('lea', task?.version ?? 0, { case: 'claimTask', value: { taskId } }));
  const value = { taskId, quantity: pieces(count), shortReason };
  const version = store.state.tasks.open.get(taskId)?.version ?? 0;
  return store.outcome(action('lea', version, { case: 'completeTask', value }));
}

describe('what expired', () => {
  test('is taken out of sale once, and what was not there is counted', () => {
    holdMilk([{ bestBefore: '2026-11-22', count: 5 }]);
    passMinute();
    passMinute();
    const [task, ...others] = tasksOf(TaskType.WASTE);
    expect(others).toEqual([]);
    expect(task).toMatchObject({ gtin: milk, fromPlaceId: 'B9', quantity: 5 });
    expect(complete(task, 6).kind).toBe('refused');
    expect(complete(task, 4)).toMatchObject({ kind: 'refused' });
    expect(complete(task, 4, 'not-there').kind).toBe('accepted');
    expect(balance(store.state.ledger, milk, waste)).toBe(4);
    expect(balance(store.state.ledger, milk, bin('B9'))).toBe(1);
    expect(tasksOf(TaskType.COUNT)).toHaveLength(1);
  });

  test('is left alone when somebody counted it away', () => {
    holdMilk([{ bestBefore: '2026-11-22', count: 5 }]);
    passMinute();
    expect(tasksOf(TaskType.WASTE)).toHaveLength(1);
    holdMilk([]);
    passMinute();
    expect(tasksOf(TaskType.WASTE)).toEqual([]);
  });
});

describe('what will be left over', () => {
  test('is what demand does not reach, first expired first sold', () => {
    const slots = store.state.catalogue.slotsByGtin.get(milk) ?? [];
    store.take(
      action('max', 0, {
        case: 'countSlot',
        value: { slotId: slots[0]?.slotId, counted: pieces(0) },
      }),
    );
    holdMilk([
      { bestBefore: '2026-11-23', count: 40 },
      { bestBefore: '2026-11-24', count: 4 },
    ]);
    const [first, second] = leftOvers(store.state, milk);
    const daily = 40 - (first?.left ?? 0);
    expect(daily).toBeGreaterThan(0);
    expect(daily).toBeLessThan(40);
    // The second day's demand is the second lot's alone.
    expect(second?.left).toBe(Math.max(0, 4 - daily));
  });

  test('is proposed at a lower price once; granted, somebody puts the labels on', () => {
    holdMilk([{ bestBefore: '2026-11-24', count: 200 }]);
    passMinute();
    passMinute();
    const proposed = store.log.filter(({ payload }) => payload.case === 'markdownProposed');
    expect(proposed).toHaveLength(1);
    expect(tasksOf(TaskType.MARK_DOWN)).toEqual([]);
    const [approval] = store.state.approvals.open.values();
    expect(approval?.action.kind).toBe('markdown');
    const value = { approvalId: approval?.approvalId, granted: true, reason: '' };
    expect(store.outcome(action('max', 0, { case: 'decideApproval', value })).kind).toBe(
      'accepted',
    );
    const [task] = tasksOf(TaskType.MARK_DOWN);
    expect(task?.explanation).toContain('30 % off');
    expect(complete(task, task?.quantity ?? 0).kind).toBe('accepted');
    store.nowMs += dayMs;
    passMinute();
    expect(store.log.filter(({ payload }) => payload.case === 'markdownProposed')).toHaveLength(1);
  });
});

describe('cold goods that stood at the dock for too long', () => {
  beforeEach(() => {
    const lines = [{ line: 1, gtin: milk, quantity: pieces(12) }];
    const expectedAt = timestampFromMs(store.nowMs);
    const value = { deliveryId: 'D1', noticeVersion: 1, expectedAt, lines };
    store.take(command(4, { case: 'announceDelivery', value }));
    store.take(action('anna', 0, { case: 'arriveDelivery', value: { deliveryId: 'D1' } }));
    const received = { deliveryId: 'D1', line: 1, received: pieces(12) };
    store.take(action('anna', 0, { case: 'receiveLine', value: received }));
    store.nowMs += 31 * 60_000;
    passMinute();
  });

  test('are checked: what is too warm is set aside and wasted', () => {
    const [check] = tasksOf(TaskType.CHECK_COLD);
    expect(check).toMatchObject({ gtin: milk, quantity: 12 });
    expect(complete(check, 9, 'too-warm').kind).toBe('accepted');
    expect(balance(store.state.ledger, milk, dock)).toBe(9);
    expect(balance(store.state.ledger, milk, quarantine)).toBe(3);
    const [task] = tasksOf(TaskType.WASTE);
    expect(complete(task, 3).kind).toBe('accepted');
    expect(balance(store.state.ledger, milk, waste)).toBe(3);
  });

  test('go back when somebody says so', () => {
    const exceptionId = openExceptions(store.state).find(
      ({ type }) => type === 'cold-chain-breach',
    )?.exceptionId;
    const value = { exceptionId, answer: 'send back' };
    store.take(action('lea', 0, { case: 'answerException', value }));
    const before = balance(store.state.ledger, milk, supplier);
    expect(complete(tasksOf(TaskType.RETURN)[0], 12).kind).toBe('accepted');
    expect(balance(store.state.ledger, milk, supplier)).toBe(before + 12);
  });
});

describe('new master data', () => {
  const next = () => dataOf('2026-11-23T08:00:00Z/3', 199n);

  test('asks for price labels before the store opens next', () => {
    store.take(masterDataCommand(4, next()));
    const tasks = tasksOf(TaskType.CHANGE_PRICE);
    expect(tasks.map(({ slotId }) => slotId)).toContain('A1');
    const task = tasks.find(({ slotId }) => slotId === 'A1');
    expect(task?.explanation).toContain('1.99 EUR');
    expect((task?.dueAtMs ?? 0) - store.nowMs).toBeLessThanOrEqual(dayMs);
    expect(complete(task, 0).kind).toBe('accepted');
  });

  test('asks for the other product in a slot, and takes what was placed for a count', () => {
    const data = next();
    for (const slot of data.slots) if (slot.slotId === 'A2') slot.gtin = milk;
    store.take(masterDataCommand(4, data));
    const [task] = tasksOf(TaskType.CHANGE_PLANOGRAM);
    expect(task).toMatchObject({ slotId: 'A2', gtin: milk });
    expect(task?.explanation).toContain('It was Jam');
    expect(complete(task, 900)).toMatchObject({ kind: 'refused' });
    expect(complete(task, 6).kind).toBe('accepted');
    expect(store.state.shelves.get('A2')?.quantity).toBe(6);
    expect(balance(store.state.ledger, milk, salesFloor)).toBeGreaterThanOrEqual(6);
  });

  test('withdraws what older data asked for', () => {
    const data = next();
    for (const slot of data.slots) if (slot.slotId === 'A2') slot.gtin = milk;
    store.take(masterDataCommand(4, data));
    const back = dataOf('2026-11-23T09:00:00Z/4');
    store.take(masterDataCommand(5, back));
    const open = tasksOf(TaskType.CHANGE_PLANOGRAM).map(({ gtin }) => gtin);
    expect(open).toEqual([jam]);
  });
});
