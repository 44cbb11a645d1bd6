import { NeedReason } from '@stockhand/proto/events/v1alpha/replenishment_events_pb.js';
import { AccountKind } from '@stockhand/proto/events/v1alpha/stock_events_pb.js';
import { quantityMessage } from '@stockhand/proto/vocabulary/quantity.ts';
import { describe, expect, test } from 'vitest';
import { action, command, jam, jarsReading, milk, runningStore, sale } from '../sample-store.ts';
import { balance, bin, salesFloor } from '../stock/ledger.ts';
import {
  backroomQuantity,
  nextTask,
  openTasks,
  salesFloorQuantity,
  shelfQuantity,
} from '../views.ts';

function pieces(count: number) {
  return quantityMessage(count, 'pieces');
}

describe('refilling', () => {
  test('a slot that runs low gets one need and one task, met by doing it', () => {
    const store = runningStore();
    expect(store.cases(jarsReading(1, 4))).toEqual(['shelfObserved', 'needArose', 'taskCreated']);
    const task = nextTask(store.state);
    expect(task).toMatchObject({ slotId: 'A1', quantity: 8, fromPlaceId: 'B7', version: 1 });
    expect(task?.taskId).toMatch(/^t-01234567-[0-9]+$/);
    const taskId = task?.taskId ?? '';
    expect(store.outcome(action('anna', 1, { case: 'startTask', value: { taskId } }))).toEqual({
      kind: 'accepted',
      taskId,
    });
    const done = action('anna', 3, {
      case: 'completeTask',
      value: { taskId, quantity: pieces(8), scan: '4006381333931' },
    });
    expect(store.cases(done)).toEqual(['itemsPicked', 'itemsStocked', 'taskDone', 'needMet']);
    expect(shelfQuantity(store.state, 'A1')).toBe(12);
    expect(balance(store.state.ledger, jam, bin('B7'))).toBe(12);
    expect(store.state.tasksDoneToday).toBe(1);
    expect(store.outcome(done)).toEqual({ kind: 'duplicate' });
    expect(store.cases(jarsReading(2, 12))).toEqual(['shelfObserved']);
    expect(shelfQuantity(store.state, 'A1')).toBe(12);
  });

  test('a plate that sees the refill before it is reported does not count it twice', () => {
    const store = runningStore();
    store.take(jarsReading(1, 4));
    const taskId = nextTask(store.state)?.taskId ?? '';
    store.take(action('anna', 1, { case: 'startTask', value: { taskId } }));
    store.take(jarsReading(2, 12));
    expect(openTasks(store.state)).toHaveLength(1);
    store.take(action('anna', 3, { case: 'completeTask', value: { taskId, quantity: pieces(8) } }));
    expect(shelfQuantity(store.state, 'A1')).toBe(12);
  });

  test('a plate that sees goods go before the till sells them does not count them twice', () => {
    const store = runningStore();
    store.take(jarsReading(1, 10));
    store.take(sale('1', [{ code: jam, quantity: '2' }]));
    expect(shelfQuantity(store.state, 'A1')).toBe(10);
    expect(shelfQuantity(store.state, 'A2')).toBe(8);
    store.take(sale('2', [{ code: jam, quantity: '1' }]));
    expect(shelfQuantity(store.state, 'A2')).toBe(7);
  });

  test('a quantity swinging around the reorder point raises one need', () => {
    const store = runningStore();
    const cases = [4, 5, 4, 6, 3, 7, 4].flatMap((jars, index) =>
      store.cases(jarsReading(index + 1, jars)),
    );
    expect(cases.filter((name) => name === 'needArose')).toHaveLength(1);
    expect(cases.filter((name) => name === 'taskCreated')).toHaveLength(1);
    expect(store.cases(jarsReading(20, 8))).toEqual([
      'readingsMissed',
      'shelfObserved',
      'taskCancelled',
      'needMet',
    ]);
  });

  test('a need follows the slot while nobody has begun, and stands still in someone’s hands', () => {
    const store = runningStore();
    store.take(jarsReading(1, 4));
    expect(store.cases(jarsReading(2, 0))).toEqual([
      'shelfObserved',
      'shelfRanEmpty',
      'needChanged',
      'taskChanged',
    ]);
    const task = nextTask(store.state);
    expect(task?.quantity).toBe(12);
    expect(task?.urgencyPpm).toBeGreaterThanOrEqual(900_000);
    const taskId = task?.taskId ?? '';
    // Quantity and urgency changed since version 1, its status did not: no conflict.
    store.take(action('anna', 1, { case: 'claimTask', value: { taskId } }));
    expect(store.cases(jarsReading(3, 12))).toEqual(['shelfObserved', 'shelfRecovered']);
    expect(store.cases(action('anna', 3, { case: 'releaseTask', value: { taskId } }))).toEqual([
      'taskReleased',
      'taskCancelled',
      'needMet',
    ]);
  });

  test('without backroom stock there is a need and no task, until stock is counted there', () => {
    const store = runningStore();
    const count = (quantity: number) => ({
      case: 'applyOpeningStock' as const,
      value: {
        lines: ['B7', 'B9'].map((placeId) => ({
          gtin: jam,
          account: { kind: AccountKind.BACKROOM_BIN, placeId },
          quantity: pieces(quantity),
        })),
      },
    });
    store.take(command(3, count(0)));
    expect(store.cases(jarsReading(1, 2)).slice(0, 2)).toEqual(['shelfObserved', 'needArose']);
    expect(store.state.needs.get('A1')?.explanation).toMatch(
      /^Shelf has 2, refill starts at 4; 10 fill it to 12, the backroom has none\. Empty within 2 h: \d+ % sure\.$/,
    );
    expect(store.cases(command(4, count(3)))).toContain('taskCreated');
    expect(nextTask(store.state)).toMatchObject({ quantity: 6 });
    expect(store.cases(command(5, count(0)))).toContain('taskCancelled');
  });

  test('a short refill does not send people to the same empty bin again', () => {
    const store = runningStore();
    store.take(jarsReading(1, 2));
    const taskId = nextTask(store.state)?.taskId ?? '';
    store.take(action('anna', 1, { case: 'startTask', value: { taskId } }));
    const short = { taskId, quantity: pieces(1) };
    expect(store.outcome(action('anna', 3, { case: 'completeTask', value: short }))).toMatchObject({
      refusals: [{ reason: 'short-reason-missing' }],
    });
    const value = { ...short, shortReason: 'bin is empty' };
    expect(store.cases(action('anna', 3, { case: 'completeTask', value }))).toEqual([
      'itemsPicked',
      'itemsStocked',
      'taskDoneShort',
      'needChanged',
    ]);
    store.take(jarsReading(2, 1));
    expect(openTasks(store.state)).toEqual([]);
    expect(store.state.needs.size).toBe(1);
    store.nowMs += 86_400_000;
    expect(store.cases(jarsReading(3, 2))).toContain('taskCreated');
  });

  test('a bin that was found empty leaves the other one to be asked', () => {
    const store = runningStore();
    store.take(jarsReading(1, 2));
    const taskId = nextTask(store.state)?.taskId ?? '';
    store.take(action('anna', 1, { case: 'startTask', value: { taskId } }));
    const value = { taskId, quantity: pieces(0), shortReason: 'backroom-empty' };
    store.take(action('anna', 3, { case: 'completeTask', value }));
    expect(openTasks(store.state).filter(({ slotId }) => slotId === 'A1')).toMatchObject([
      { fromPlaceId: 'B9', quantity: 4 },
    ]);
  });

  test('a bin that was found empty holds back nothing that comes later', () => {
    const store = runningStore();
    const none = { placeId: 'B9', gtin: jam, counted: pieces(0) };
    store.take(action('anna', 0, { case: 'countBin', value: none }));
    store.take(jarsReading(1, 2));
    const taskId = nextTask(store.state)?.taskId ?? '';
    store.take(action('anna', 1, { case: 'startTask', value: { taskId } }));
    const value = { taskId, quantity: pieces(0), shortReason: 'backroom-empty' };
    store.take(action('anna', 3, { case: 'completeTask', value }));
    expect(balance(store.state.ledger, jam, bin('B7'))).toBe(0);
    expect(openTasks(store.state).filter(({ slotId }) => slotId === 'A1')).toEqual([]);
    // Fewer than the record had claimed.
    const came = { gtin: jam, quantity: pieces(6), toPlaceId: 'B9' };
    store.take(action('anna', 0, { case: 'putAway', value: came }));
    expect(openTasks(store.state).filter(({ slotId }) => slotId === 'A1')).toMatchObject([
      { fromPlaceId: 'B9', quantity: 6 },
    ]);
  });

  test('goods that no bin had on record are contradicted, not refused', () => {
    const store = runningStore();
    store.take(
      command(3, {
        case: 'applyOpeningStock',
        value: {
          lines: ['B7', 'B9'].map((placeId) => ({
            gtin: jam,
            account: { kind: AccountKind.BACKROOM_BIN, placeId },
            quantity: pieces(2),
          })),
        },
      }),
    );
    store.take(jarsReading(1, 1));
    const taskId = nextTask(store.state)?.taskId ?? '';
    store.take(action('anna', 1, { case: 'startTask', value: { taskId } }));
    const value = { taskId, quantity: pieces(9) };
    expect(store.cases(action('anna', 3, { case: 'completeTask', value }))).toEqual([
      'itemsPicked',
      'itemsPicked',
      'stockContradicted',
      'itemsPicked',
      'itemsStocked',
      'taskDone',
      'needMet',
      'recordDoubted',
    ]);
    expect(backroomQuantity(store.state, jam)).toBe(0);
  });

  test('what staff report empty is counted as empty and most urgent', () => {
    const store = runningStore();
    const report = action('anna', 0, { case: 'reportEmpty', value: { slotId: 'B1' } });
    expect(store.cases(report)).toEqual([
      'itemsCounted',
      'shelfRanEmpty',
      'needArose',
      'taskCreated',
    ]);
    expect(store.state.needs.get('B1')?.reason).toBe(NeedReason.REPORTED_BY_STAFF);
    expect(salesFloorQuantity(store.state, milk)).toBe(0);
    expect(balance(store.state.ledger, milk, salesFloor)).toBe(0);
  });
});
