import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import { TemperatureClass } from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
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
import { balance, bin, quarantine } from '../stock/ledger.ts';
import { dock } from '../stock/store-places.ts';
import type { TaskRecord } from '../tasks/task-book.ts';
import { openExceptions, openTasks, walkFor } from '../views.ts';

const pieces = (count: number) => quantityMessage(count, 'pieces');
const minuteMs = 60_000;
const sscc = '340123450000000017';
let store: SampleStore;
let commands: number;

/** Milk is chilled; jam in cases of 6, milk in cases of 12. */
beforeEach(() => {
  store = runningStore();
  const masterData = sampleMasterData('2026-11-23T07:00:00Z/2');
  for (const product of masterData.products) {
    if (product.gtin === milk) product.temperatureClass = TemperatureClass.CHILLED;
  }
  store.take(masterDataCommand(3, masterData));
  commands = 3;
});

type Line = { line: number; gtin: string; count: number; sscc?: string };

function announce(lines: Line[], deliveryId = 'D1', noticeVersion = 1) {
  commands += 1;
  const expectedAt = timestampFromMs(store.nowMs + 30 * minuteMs);
  const noticeLines = lines.map(({ count, ...line }) => ({ ...line, quantity: pieces(count) }));
  const value = { deliveryId, noticeVersion, expectedAt, lines: noticeLines };
  return command(commands, { case: 'announceDelivery', value });
}

const act = (person: string, name: string, value: object) =>
  store.take(action(person, 0, { case: name, value }));
const arrive = (deliveryId = 'D1') => act('anna', 'arriveDelivery', { deliveryId });
const receive = (line: number, received: number, damaged = 0, more = {}) =>
  act('anna', 'receiveLine', {
    deliveryId: 'D1',
    line,
    received: pieces(received),
    damaged: pieces(damaged),
    ...more,
  });
const tick = (minutes: number) => {
  store.nowMs += minutes * minuteMs;
  return store.cases({ kind: 'timer', purpose: 'minute', dueAtMs: store.nowMs });
};
const tasksOf = (type: TaskType) => openTasks(store.state).filter((task) => task.type === type);
const types = () => openExceptions(store.state).map(({ type }) => type);

function begin(task: TaskRecord | undefined, person = 'ben'): string {
  if (task === undefined) throw new Error('a task');
  const { taskId, version } = task;
  store.take(action(person, version, { case: 'startTask', value: { taskId } }));
  return taskId;
}

function complete(taskId: string, count: number, shortReason = '', person = 'ben') {
  const version = store.state.tasks.open.get(taskId)?.version ?? 0;
  const value = { taskId, quantity: pieces(count), shortReason };
  return store.take(action(person, version, { case: 'completeTask', value }));
}

describe('receive tasks', () => {
  test('are of twenty cases or of one logistic unit, cold ones apart, first and due', () => {
    store.take(
      announce([
        { line: 1, gtin: jam, count: 90 },
        { line: 2, gtin: jam, count: 60 },
        { line: 3, gtin: milk, count: 24 },
        { line: 4, gtin: jam, count: 6, sscc },
      ]),
    );
    arrive();
    const arrivedAtMs = store.nowMs;
    const tasks = tasksOf(TaskType.RECEIVE);
    expect(tasks.map(({ lines }) => lines)).toEqual([[3], [1], [2], [4]]);
    expect(tasks[0]).toMatchObject({ dueAtMs: arrivedAtMs + 30 * minuteMs, deliveryId: 'D1' });
    expect(tasks[1]?.dueAtMs).toBe(0);
    expect(walkFor(store.state)).toEqual([tasks[0]]);
  });

  test('end with their last line, whoever checks it', () => {
    store.take(
      announce([
        { line: 1, gtin: jam, count: 6 },
        { line: 2, gtin: jam, count: 12 },
      ]),
    );
    arrive();
    const taskId = begin(tasksOf(TaskType.RECEIVE)[0]);
    expect(complete(taskId, 2).outcome).toMatchObject({ refusals: [{ reason: 'wrong-status' }] });
    receive(1, 6);
    expect(tasksOf(TaskType.RECEIVE)).toHaveLength(1);
    const { events } = complete(taskId, 11);
    expect(events.map(({ payload }) => payload.case)).toContain('taskDone');
    expect(types()).toEqual(['delivery-short']);
    expect(tasksOf(TaskType.RECEIVE)).toEqual([]);
    expect(store.state.deliveries.size).toBe(0);
  });
});

describe('put-away tasks', () => {
  test('follow what stands at the dock, and bring it to its bin', () => {
    store.take(
      announce([
        { line: 1, gtin: jam, count: 6 },
        { line: 2, gtin: jam, count: 12 },
      ]),
    );
    arrive();
    receive(1, 6);
    expect(tasksOf(TaskType.PUT_AWAY)).toMatchObject([{ quantity: 6, toPlaceId: 'B7' }]);
    receive(2, 12);
    expect(tasksOf(TaskType.PUT_AWAY)).toMatchObject([{ quantity: 18 }]);
    const taskId = begin(tasksOf(TaskType.PUT_AWAY)[0]);
    complete(taskId, 12, 'bin-full');
    expect(balance(store.state.ledger, jam, bin('B7'))).toBe(32);
    expect(tasksOf(TaskType.PUT_AWAY)).toMatchObject([{ quantity: 6 }]);
    const rest = begin(tasksOf(TaskType.PUT_AWAY)[0]);
    complete(rest, 0, 'nothing there');
    expect(balance(store.state.ledger, jam, dock)).toBe(0);
    expect(openTasks(store.state)).toEqual([]);
  });

  test('give way to a refill from the dock while the bins are empty, and the other way round', () => {
    act('anna', 'countBin', { placeId: 'B7', gtin: jam, counted: pieces(0) });
    act('anna', 'countBin', { placeId: 'B9', gtin: jam, counted: pieces(0) });
    act('anna', 'reportEmpty', { slotId: 'A1' });
    expect(openTasks(store.state)).toEqual([]);
    store.take(announce([{ line: 1, gtin: jam, count: 24 }]));
    arrive();
    receive(1, 24);
    const [refill] = tasksOf(TaskType.REFILL);
    expect(refill).toMatchObject({ slotId: 'A1', quantity: 12, fromPlaceId: 'dock' });
    const taskId = begin(refill);
    expect(tasksOf(TaskType.PUT_AWAY)).toEqual([]);
    complete(taskId, 12);
    expect(balance(store.state.ledger, jam, dock)).toBe(12);
    const putAway = begin(tasksOf(TaskType.PUT_AWAY)[0]);
    act('anna', 'reportEmpty', { slotId: 'A2' });
    expect(tasksOf(TaskType.REFILL)).toEqual([]);
    complete(putAway, 12);
    expect(tasksOf(TaskType.REFILL)).toMatchObject([{ slotId: 'A2', fromPlaceId: 'B7' }]);
  });
});

describe('goods that stand too long', () => {
  test('in the cold chain are told once for a delivery, and stay until somebody has checked', () => {
    store.take(
      announce([
        { line: 1, gtin: milk, count: 12 },
        { line: 2, gtin: milk, count: 12 },
      ]),
    );
    arrive();
    receive(1, 12);
    expect(tick(29)).toEqual([]);
    expect(tick(2)).toEqual(['exceptionRaised', 'taskCreated']);
    expect(tick(5)).toEqual([]);
    expect(openExceptions(store.state)[0]).toMatchObject({
      type: 'cold-chain-breach',
      evidence: 'Milk (chilled) stood at the dock for more than 30 minutes.',
    });
    receive(2, 12);
    complete(begin(tasksOf(TaskType.PUT_AWAY)[0]), 24);
    expect(types()).toEqual(['cold-chain-breach']);
  });

  test('in the cold chain are told also when those that bear less were answered before', () => {
    const masterData = sampleMasterData('2026-11-23T07:00:00Z/3');
    for (const product of masterData.products) {
      if (product.gtin === milk) product.temperatureClass = TemperatureClass.CHILLED;
      if (product.gtin === jam) product.temperatureClass = TemperatureClass.FROZEN;
    }
    commands += 1;
    store.take(masterDataCommand(commands, masterData));
    store.take(
      announce([
        { line: 1, gtin: milk, count: 12 },
        { line: 2, gtin: jam, count: 12 },
      ]),
    );
    arrive();
    receive(1, 12);
    receive(2, 12);
    tick(21);
    const [frozen] = openExceptions(store.state);
    expect(frozen).toMatchObject({ type: 'cold-chain-breach', subjects: ['D1', jam] });
    const exceptionId = frozen?.exceptionId ?? '';
    act('lea', 'answerException', { exceptionId, answer: 'checked, still good' });
    expect(tick(5)).toEqual([]);
    expect(tick(5)).toEqual(['exceptionRaised', 'taskCreated']);
    tick(5);
    const breaches = openExceptions(store.state).filter(({ type }) => type === 'cold-chain-breach');
    expect(breaches.map(({ subjects }) => subjects)).toEqual([['D1', milk]]);
  });

  test('and bear it are told after hours, until they are put away', () => {
    store.take(announce([{ line: 1, gtin: jam, count: 12 }]));
    arrive();
    receive(1, 12);
    tick(239);
    expect(types()).toEqual([]);
    tick(3);
    expect(types()).toEqual(['unusual-dwell']);
    complete(begin(tasksOf(TaskType.PUT_AWAY)[0]), 12);
    expect(types()).toEqual([]);
  });
});

describe('what no notice says', () => {
  test('arrives by its SSCC, is received line by line, and accepted by a lead', () => {
    const { events } = act('anna', 'scanLogisticUnit', { sscc: `]C1 00${sscc}`.replace(' ', '') });
    expect(events.map(({ payload }) => payload.case)).toEqual([
      'deliveryArrived',
      'exceptionRaised',
      'logisticUnitScanned',
      'taskCreated',
    ]);
    expect(act('anna', 'scanLogisticUnit', { sscc }).outcome).toEqual({ kind: 'unchanged' });
    const extra = { deliveryId: sscc, line: 0, gtin: jam, received: pieces(6) };
    expect(act('anna', 'receiveLine', extra).outcome).toEqual({ kind: 'accepted' });
    expect(act('anna', 'receiveLine', extra).outcome).toEqual({ kind: 'unchanged' });
    expect(act('anna', 'receiveLine', { ...extra, gtin: '96385074' }).outcome).toMatchObject({
      refusals: [{ reason: 'unknown-product' }],
    });
    expect(types()).toEqual(['delivery-unannounced', 'delivery-over']);
    expect(act('anna', 'closeDelivery', { deliveryId: sscc }).outcome).toMatchObject({
      refusals: [{ reason: 'not-allowed' }],
    });
    act('lea', 'closeDelivery', { deliveryId: sscc });
    expect(types()).toEqual(['delivery-over']);
    expect(store.state.deliveries.size).toBe(0);
    expect(arrive(sscc).outcome).toMatchObject({ refusals: [{ reason: 'already-answered' }] });
  });

  test('is no SSCC when its check digit is wrong', () => {
    const { outcome } = act('anna', 'scanLogisticUnit', { sscc: '340123450000000018' });
    expect(outcome).toMatchObject({ refusals: [{ reason: 'bad-field' }] });
  });
});

describe('closing a delivery', () => {
  test('takes what nobody checked as not come, in one exception', () => {
    store.take(
      announce([
        { line: 1, gtin: jam, count: 6 },
        { line: 2, gtin: milk, count: 12 },
      ]),
    );
    arrive();
    const { events } = act('lea', 'closeDelivery', { deliveryId: 'D1' });
    const cases = events.map(({ payload }) => payload.case);
    expect(cases.filter((name) => name === 'exceptionRaised')).toHaveLength(1);
    expect(cases.filter((name) => name === 'exceptionMerged')).toHaveLength(1);
    expect(cases.filter((name) => name === 'invoiceHoldRequested')).toHaveLength(2);
    expect(openExceptions(store.state)[0]?.facts.map(({ text }) => text)).toEqual([
      'Jam, line 1 of D1: 6 of 6 did not come.',
      'Milk, line 2 of D1: 12 of 12 did not come.',
    ]);
    expect(openTasks(store.state)).toEqual([]);
  });

  test('refuses all of it with a reason, before anything is received', () => {
    store.take(announce([{ line: 1, gtin: jam, count: 6 }]));
    arrive();
    const refuse = (reason: string) =>
      act('lea', 'closeDelivery', { deliveryId: 'D1', refuse: true, reason });
    expect(refuse('').outcome).toMatchObject({ refusals: [{ reason: 'missing-field' }] });
    expect(refuse('wrong store').outcome).toEqual({ kind: 'accepted' });
    expect(openTasks(store.state)).toEqual([]);
    expect(balance(store.state.ledger, jam, dock)).toBe(0);
  });

  test('does not refuse what is received in part', () => {
    store.take(
      announce([
        { line: 1, gtin: jam, count: 6 },
        { line: 2, gtin: jam, count: 6 },
      ]),
    );
    arrive();
    receive(1, 4, 2);
    const value = { deliveryId: 'D1', refuse: true, reason: 'late' };
    expect(act('lea', 'closeDelivery', value).outcome).toMatchObject({
      refusals: [{ reason: 'wrong-status' }],
    });
    expect(balance(store.state.ledger, jam, quarantine)).toBe(2);
  });
});

test('a notice keeps its sound lines, and a later one what is checked', () => {
  const bad = { line: 2, gtin: '96385074', count: 1 };
  const outcome = store.outcome(announce([{ line: 1, gtin: jam, count: 6 }, bad]));
  expect(outcome).toMatchObject({ refusals: [{ field: 'lines[1].gtin' }] });
  expect([...(store.state.deliveries.get('D1')?.lines.keys() ?? [])]).toEqual([1]);
  store.take(
    announce(
      [
        { line: 1, gtin: jam, count: 6 },
        { line: 3, gtin: milk, count: 12 },
      ],
      'D1',
      2,
    ),
  );
  arrive();
  receive(1, 6);
  store.take(announce([{ line: 3, gtin: milk, count: 24 }], 'D1', 3));
  const lines = store.state.deliveries.get('D1')?.lines;
  expect(lines?.get(1)?.received).toBe(6);
  expect(lines?.get(3)?.announced).toBe(24);
});
