import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
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
import { balance, bin, customer } from '../stock/ledger.ts';
import { collectShelf } from '../stock/store-places.ts';
import type { TaskRecord } from '../tasks/task-book.ts';
import { openExceptions, shelfQuantity } from '../views.ts';
import { collectHoldMs } from './collect-order.ts';
import { pickUrgency } from './collect-work.ts';
import { freeSupply, refillSupply } from './supply.ts';

const pieces = (count: number) => quantityMessage(count, 'pieces');
const hourMs = 3_600_000;
let store: SampleStore;
let commands: number;

/** Jam: 12 in A1, 8 in A2, 20 in B7 and 4 in B9; milk: 16 in B1, 24 in B9. Milk can stand in for jam. */
beforeEach(() => {
  store = runningStore();
  const masterData = sampleMasterData('2026-11-23T07:00:00Z/2');
  for (const product of masterData.products) {
    if (product.gtin === jam) product.substitutes = [milk];
  }
  store.take(masterDataCommand(3, masterData));
  commands = 3;
});

type Lines = [gtin: string, count: number][];

function place(orderId: string, lines: Lines, more: object = {}) {
  commands += 1;
  const promiseAt = timestampFromMs(store.nowMs + 3 * hourMs);
  const orderLines = lines.map(([gtin, count]) => ({ gtin, quantity: pieces(count) }));
  const value = { orderId, promiseAt, lines: orderLines, ...more };
  return command(commands, { case: 'placeCollectOrder', value });
}

function picks(orderId = 'K1'): TaskRecord[] {
  return [...store.state.tasks.open.values()].filter(
    (task) => task.type === TaskType.COLLECT_PICK && task.orderId === orderId,
  );
}

/** Ben takes the task and says what he put on the collect shelf. */
function pick(task: TaskRecord, count: number, shortReason = '') {
  const { taskId, version } = task;
  store.take(action('ben', version, { case: 'startTask', value: { taskId } }));
  const value = { taskId, quantity: pieces(count), shortReason };
  return store.take(action('ben', task.version, { case: 'completeTask', value }));
}

const handOver = (orderId = 'K1') =>
  action('anna', 0, { case: 'handOverOrder', value: { orderId } });

describe('a customer’s order', () => {
  test('is reserved, picked from its bin, ready and handed over', () => {
    expect(store.cases(place('K1', [[jam, 3]]))).toEqual([
      'collectOrderPlaced',
      'commandApplied',
      'itemsReserved',
      'taskCreated',
    ]);
    expect(refillSupply(store.state, jam)).toBe(21);
    const [task] = picks();
    if (task === undefined) throw new Error('a pick');
    expect(task).toMatchObject({ gtin: jam, quantity: 3, fromPlaceId: 'B7', slotId: '' });
    expect(task.explanation).toBe('Order K1 wants 3 of Jam, promised in 180 min.');
    expect(store.outcome(handOver())).toMatchObject({ refusals: [{ reason: 'wrong-status' }] });
    const cases = pick(task, 3).events.map(({ payload }) => payload.case);
    expect(cases).toEqual([
      'itemsPicked',
      'itemsMoved',
      'reservationReleased',
      'taskDone',
      'collectOrderReady',
    ]);
    expect(balance(store.state.ledger, jam, collectShelf)).toBe(3);
    expect(balance(store.state.ledger, jam, bin('B7'))).toBe(17);
    expect(store.cases(handOver())).toEqual(['itemsMoved', 'collectOrderCollected']);
    expect(balance(store.state.ledger, jam, customer)).toBe(3);
    expect(store.outcome(handOver())).toMatchObject({ refusals: [{ reason: 'already-answered' }] });
    expect(store.outcome(place('K1', [[jam, 1]]))).toMatchObject({
      refusals: [{ reason: 'already-answered' }],
    });
  });

  test('never gets what another one has: the second takes what is left', () => {
    store.take(place('K1', [[milk, 38]]));
    store.take(place('K2', [[milk, 5]]));
    const reserved = (orderId: string) =>
      store.state.collect.orders.get(orderId)?.lines[0]?.reserved;
    expect([reserved('K1'), reserved('K2')]).toEqual([38, 2]);
    expect(freeSupply(store.state, milk)).toBe(0);
    expect(refillSupply(store.state, milk)).toBe(0);
    expect(
      picks('K1').map(({ fromPlaceId, slotId, quantity }) => [fromPlaceId, slotId, quantity]),
    ).toEqual([
      ['B9', '', 24],
      ['', 'B1', 14],
    ]);
  });

  test('takes sound lines and refuses the others one by one', () => {
    const outcome = store.outcome(
      place('K1', [
        ['96385074', 1],
        [jam, 2],
        [milk, 0],
      ]),
    );
    expect(outcome).toMatchObject({
      refusals: [
        { reason: 'unknown-product', field: 'lines[0].gtin' },
        { reason: 'out-of-range', field: 'lines[2].quantity' },
      ],
    });
    expect(store.state.collect.orders.get('K1')?.lines).toHaveLength(1);
  });

  test('that is short in one place is looked for in the next, and the place is counted', () => {
    store.take(place('K1', [[jam, 3]]));
    const [first] = picks();
    if (first === undefined) throw new Error('a pick');
    pick(first, 1, 'backroom-empty');
    expect(balance(store.state.ledger, jam, bin('B7'))).toBe(0);
    expect(picks()).toMatchObject([{ fromPlaceId: 'B9', quantity: 2 }]);
    const [second] = picks();
    if (second !== undefined) pick(second, 2);
    expect(store.state.collect.orders.get('K1')?.readyAtMs).toBeGreaterThan(0);
  });

  test('picked from a slot leaves the slot with less', () => {
    store.take(place('K1', [[milk, 30]]));
    const fromSlot = picks().find(({ slotId }) => slotId === 'B1');
    if (fromSlot === undefined) throw new Error('a pick from the slot');
    pick(fromSlot, 6);
    expect(shelfQuantity(store.state, 'B1')).toBe(10);
  });
});

describe('what is not there', () => {
  test('asks for a substitute once, and the answer is picked instead', () => {
    store.take(place('K1', [[jam, 46]]));
    const [open] = openExceptions(store.state);
    expect(open).toMatchObject({ type: 'substitution-needed', answers: [milk, 'leave out'] });
    expect(open?.evidence).toBe('Order K1 lacks 2 of Jam; instead: Milk.');
    const value = { exceptionId: open?.exceptionId ?? '', answer: milk };
    expect(store.cases(action('anna', 0, { case: 'answerException', value }))).toEqual([
      'exceptionAnswered',
      'substitutionChosen',
      'itemsReserved',
      'taskCreated',
    ]);
    expect(picks().filter(({ gtin }) => gtin === milk)).toMatchObject([{ quantity: 2 }]);
    expect(openExceptions(store.state)).toEqual([]);
  });

  test('that is found after all cannot be substituted any more', () => {
    store.take(place('K1', [[jam, 60]]));
    const [proposed] = store.state.proposals.substitutions.values();
    const substitutionId = proposed?.substitutionId ?? '';
    expect(substitutionId).not.toBe('');
    const found = (counted: number) => {
      const value = { placeId: 'B7', gtin: jam, counted: pieces(counted) };
      store.take(action('max', 0, { case: 'countBin', value }));
    };
    const before = proposed?.quantity ?? 0;
    found(20 + 6);
    const [less] = store.state.proposals.substitutions.values();
    expect(less?.quantity).toBe(before - 6);
    found(20 + 60);
    expect(store.state.proposals.substitutions.size).toBe(0);
    const value = { substitutionId, gtin: milk };
    expect(store.outcome(action('anna', 0, { case: 'chooseSubstitute', value }))).toMatchObject({
      refusals: [{ reason: 'already-answered' }],
    });
  });

  test('and comes too late is asked for as soon as that is told', () => {
    commands += 1;
    const lines = [{ line: 1, gtin: jam, quantity: pieces(60) }];
    const expectedAt = timestampFromMs(store.nowMs + hourMs);
    const notice = { deliveryId: 'D1', noticeVersion: 1, expectedAt, lines };
    store.take(command(commands, { case: 'announceDelivery', value: notice }));
    store.take(place('K1', [[jam, 60]]));
    expect(openExceptions(store.state)).toEqual([]);
    commands += 1;
    const later = timestampFromMs(store.nowMs + 9 * hourMs);
    const delay = { deliveryId: 'D1', expectedAt: later, reason: 'ice' };
    expect(store.cases(command(commands, { case: 'delayDelivery', value: delay }))).toContain(
      'substitutionProposed',
    );
  });

  test('and whose own delivery comes too late is asked for, too', () => {
    commands += 1;
    const lines = [{ line: 1, gtin: jam, quantity: pieces(60) }];
    const expectedAt = timestampFromMs(store.nowMs + 9 * hourMs);
    const notice = { deliveryId: 'D1', noticeVersion: 1, expectedAt, lines };
    store.take(command(commands, { case: 'announceDelivery', value: notice }));
    expect(store.cases(place('K1', [[jam, 60]], { deliveryId: 'D1' }))).toContain(
      'substitutionProposed',
    );
  });

  test('that is cancelled needs no substitute', () => {
    store.take(place('K1', [[jam, 60]]));
    commands += 1;
    store.take(command(commands, { case: 'cancelCollectOrder', value: { orderId: 'K1' } }));
    expect(store.state.proposals.substitutions.size).toBe(0);
  });

  test('may be left out, on the substitution itself', () => {
    store.take(place('K1', [[jam, 46]]));
    const [proposed] = store.state.proposals.substitutions.values();
    const substitutionId = proposed?.substitutionId ?? '';
    const choose = (gtin: string) =>
      store.outcome(
        action('anna', 0, { case: 'chooseSubstitute', value: { substitutionId, gtin } }),
      );
    expect(choose('04000000000099')).toMatchObject({ refusals: [{ reason: 'bad-field' }] });
    expect(choose('')).toEqual({ kind: 'accepted' });
    expect(choose('')).toMatchObject({ refusals: [{ reason: 'already-answered' }] });
    for (const task of picks()) pick(task, task.quantity);
    expect(store.state.collect.orders.get('K1')?.readyAtMs).toBeGreaterThan(0);
  });

  test('waits for the delivery that carries it, and is picked when it is received', () => {
    commands += 1;
    const lines = [{ line: 1, gtin: jam, quantity: pieces(6) }];
    const expectedAt = timestampFromMs(store.nowMs + hourMs);
    const notice = { deliveryId: 'D1', noticeVersion: 1, expectedAt, lines };
    store.take(command(commands, { case: 'announceDelivery', value: notice }));
    store.take(place('K1', [[jam, 46]], { deliveryId: 'D1' }));
    expect(openExceptions(store.state)).toEqual([]);
    store.take(action('anna', 0, { case: 'arriveDelivery', value: { deliveryId: 'D1' } }));
    const received = { deliveryId: 'D1', line: 1, received: pieces(6) };
    store.take(action('anna', 0, { case: 'receiveLine', value: received }));
    expect(store.state.collect.orders.get('K1')?.lines[0]?.reserved).toBe(46);
    expect(picks().some(({ fromPlaceId }) => fromPlaceId === 'dock')).toBe(true);
  });

  test('of a delivery that comes short is asked for at the dock', () => {
    commands += 1;
    const lines = [{ line: 1, gtin: jam, quantity: pieces(6) }];
    const expectedAt = timestampFromMs(store.nowMs + hourMs);
    const notice = { deliveryId: 'D1', noticeVersion: 1, expectedAt, lines };
    store.take(command(commands, { case: 'announceDelivery', value: notice }));
    store.take(place('K1', [[jam, 46]], { deliveryId: 'D1' }));
    store.take(action('anna', 0, { case: 'arriveDelivery', value: { deliveryId: 'D1' } }));
    const received = { deliveryId: 'D1', line: 1, received: pieces(1) };
    store.take(action('anna', 0, { case: 'receiveLine', value: received }));
    const types = openExceptions(store.state).map(({ type }) => type);
    expect(types.sort()).toEqual(['delivery-short', 'substitution-needed']);
  });
});

describe('an order that is over', () => {
  test('cancelled gives back what was reserved and what was picked', () => {
    store.take(
      place('K1', [
        [jam, 3],
        [milk, 2],
      ]),
    );
    const [first] = picks();
    if (first !== undefined) pick(first, 3);
    commands += 1;
    const value = { orderId: 'K1' };
    expect(store.cases(command(commands, { case: 'cancelCollectOrder', value }))).toEqual([
      'taskCancelled',
      'reservationReleased',
      'collectOrderReleased',
      'taskCreated',
      'commandApplied',
    ]);
    expect(store.state.collect.reserved.size).toBe(0);
    const [move] = [...store.state.tasks.open.values()].filter(
      ({ type }) => type === TaskType.MOVE,
    );
    expect(move).toMatchObject({ gtin: jam, quantity: 3, toPlaceId: 'B7' });
    if (move !== undefined) pick(move, 3);
    expect(balance(store.state.ledger, jam, bin('B7'))).toBe(20);
  });

  test('not collected is released a day after its promise, once', () => {
    store.take(place('K1', [[jam, 3]]));
    const [first] = picks();
    if (first !== undefined) pick(first, 3);
    store.nowMs += 3 * hourMs + collectHoldMs;
    const tick = () => store.cases({ kind: 'timer', purpose: 'minute', dueAtMs: store.nowMs });
    const released = tick().filter((name) => name === 'collectOrderReleased');
    expect(released).toHaveLength(1);
    store.nowMs += 60_000;
    expect(tick()).not.toContain('collectOrderReleased');
  });
});

test('a pick is the more urgent the nearer its promise', () => {
  const cases: [hours: number, ppm: number][] = [
    [-1, 970_000],
    [0.75, 970_000],
    [4, 350_000],
    [10, 350_000],
  ];
  for (const [hours, ppm] of cases) expect(pickUrgency(hours * hourMs)).toBe(ppm);
  expect(pickUrgency(2 * hourMs)).toBeGreaterThan(pickUrgency(3 * hourMs));
});
