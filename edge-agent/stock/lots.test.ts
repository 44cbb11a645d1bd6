/** Lots beside the ledger: laws over random moves, and the order in which lots leave. */
import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import { quantityMessage } from '@stockhand/proto/vocabulary/quantity.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { apply, createState, deserializeState, serializeState } from '../agent.ts';
import { decodeEvent, encodeEvent, firstPreviousHash } from '../events/event-codec.ts';
import type { Input } from '../input.ts';
import {
  action,
  cheese,
  command,
  epoch,
  jam,
  masterDataCommand,
  milk,
  type SampleStore,
  sale,
  sampleMasterData,
  storeGln,
  trackingStore,
} from '../sample-store.ts';
import type { State } from '../state.ts';
import { bin, isBoundary, quarantine, salesFloor } from './ledger.ts';
import { byExpiry, isLotTracked, lotsAt, sumOf, undatedAt } from './lots.ts';
import { dock } from './store-places.ts';

const pieces = (count: number) => quantityMessage(count, 'pieces');

let notices = 10;
/** Announces and arrives a delivery of one line of milk. */
function milkAtDock(store: SampleStore, count: number, said = {}): string {
  notices += 1;
  const deliveryId = `D${notices}`;
  const lines = [{ line: 1, gtin: milk, quantity: pieces(count), ...said }];
  const expectedAt = { seconds: BigInt(Math.floor(store.nowMs / 1_000)), nanos: 0 };
  store.take(
    command(notices, {
      case: 'announceDelivery',
      value: { deliveryId, noticeVersion: 1, expectedAt, lines },
    }),
  );
  store.take(action('anna', 0, { case: 'arriveDelivery', value: { deliveryId } }));
  return deliveryId;
}

function receive(deliveryId: string, count: number, said = {}): Input {
  const value = { deliveryId, line: 1, received: pieces(count), ...said };
  return action('anna', 0, { case: 'receiveLine', value });
}

function countBin(count: number, lots: object[] = []): Input {
  const value = { placeId: 'B9', gtin: milk, counted: pieces(count), lots };
  return action('max', 0, { case: 'countBin', value });
}

const one = { lot: 'A1', bestBefore: '2026-12-01' };
const two = { lot: 'A2', bestBefore: '2026-12-08' };

/** B9 holds 4 undated, 3 of lot A1 and 5 of lot A2. */
function storeWithLots(): SampleStore {
  const store = trackingStore();
  store.take(
    countBin(12, [
      { ...two, quantity: pieces(5) },
      { ...one, quantity: pieces(3) },
    ]),
  );
  expect(lotsAt(store.state, milk, bin('B9'))).toEqual([
    { ...one, quantity: 3 },
    { ...two, quantity: 5 },
  ]);
  return store;
}

function moveTo(toPlaceId: string, count: number, more = {}): Input {
  const value = { gtin: milk, quantity: pieces(count), fromPlaceId: 'B9', toPlaceId, ...more };
  return action('lea', 0, { case: 'moveGoods', value });
}

describe('what comes in', () => {
  test.each([
    ['the label', { scan: ']C10104000000000013152612051010A7' }, '10A7', '2026-12-05'],
    ['by hand', { lots: [{ lot: 'H1', bestBefore: '2026-12-02' }] }, 'H1', '2026-12-02'],
    ['the notice', {}, 'N1', '2026-12-03'],
  ])('is of the lot that is known from %s', (_source, said, lot, bestBefore) => {
    const store = trackingStore();
    const delivery = milkAtDock(store, 12, { lot: 'N1', bestBefore: '2026-12-03' });
    expect(store.outcome(receive(delivery, 12, said)).kind).toBe('accepted');
    expect(lotsAt(store.state, milk, dock)).toEqual([{ lot, bestBefore, quantity: 12 }]);
  });

  test('is as old as its shelf life allows when nobody says more', () => {
    const store = trackingStore();
    store.take(receive(milkAtDock(store, 12), 12));
    expect(lotsAt(store.state, milk, dock)).toEqual([
      { lot: '', bestBefore: '2026-12-03', quantity: 12 },
    ]);
  });

  test('goes to quarantine with its lot when it is damaged', () => {
    const store = trackingStore();
    const delivery = milkAtDock(store, 12, one);
    store.take(receive(delivery, 10, { damaged: pieces(2) }));
    expect(lotsAt(store.state, milk, quarantine)).toEqual([{ ...one, quantity: 2 }]);
  });

  test.each([
    [[{ lot: 'x'.repeat(21), bestBefore: '' }], 'bad-field'],
    [[{ lot: 'A', bestBefore: '2026-02-30' }], 'bad-date'],
    [[{ ...one, quantity: pieces(13) }], 'out-of-range'],
    [[{ ...one, quantity: quantityMessage(5, 'milligrams') }], 'wrong-unit'],
  ])('is refused with lots that make no sense', (lots, reason) => {
    const store = trackingStore();
    const delivery = milkAtDock(store, 12);
    const outcome = store.outcome(receive(delivery, 12, { lots }));
    expect(outcome).toMatchObject({ kind: 'refused', refusals: [{ reason }] });
    expect(lotsAt(store.state, milk, dock)).toEqual([]);
  });
});

describe('what goes out', () => {
  test('leaves undated first, then first expired first', () => {
    const store = storeWithLots();
    store.take(moveTo('quarantine', 5, { reason: 'recall' }));
    expect(lotsAt(store.state, milk, bin('B9'))).toEqual([
      { ...one, quantity: 2 },
      { ...two, quantity: 5 },
    ]);
    expect(undatedAt(store.state, milk, bin('B9'))).toBe(0);
    expect(lotsAt(store.state, milk, quarantine)).toEqual([{ ...one, quantity: 1 }]);
  });

  test('is of the lot that was scanned', () => {
    const store = storeWithLots();
    store.take(moveTo('quarantine', 4, { scan: ']C101040000000000131526120810A2' }));
    expect(lotsAt(store.state, milk, quarantine)).toEqual([{ ...two, quantity: 4 }]);
    expect(lotsAt(store.state, milk, bin('B9'))).toEqual([
      { ...one, quantity: 3 },
      { ...two, quantity: 1 },
    ]);
  });

  test('contradicts the record when it is of a lot that was not there', () => {
    const store = storeWithLots();
    const step = store.take(moveTo('quarantine', 6, { scan: ']C101040000000000131526122010A9' }));
    const [first] = step.events;
    expect(first?.payload).toMatchObject({
      case: 'stockContradicted',
      value: { lot: { lot: 'A9', bestBefore: '2026-12-20' } },
    });
    const left = lotsAt(store.state, milk, bin('B9'));
    expect(left).toEqual([
      { ...one, quantity: 1 },
      { ...two, quantity: 5 },
    ]);
    expect(sumOf(lotsAt(store.state, milk, quarantine))).toBe(6);
  });

  test('a refill names and takes the lot that expires first, and sales go on with it', () => {
    const store = storeWithLots();
    store.take(
      countBin(8, [
        { ...one, quantity: pieces(3) },
        { ...two, quantity: pieces(5) },
      ]),
    );
    store.take(sale('1', [{ code: milk, quantity: '14' }]));
    const task = [...store.state.tasks.open.values()].find(({ gtin }) => gtin === milk);
    expect(task?.type).toBe(TaskType.REFILL);
    const taskId = task?.taskId ?? '';
    store.take(action('anna', 1, { case: 'claimTask', value: { taskId } }));
    const quantity = pieces(task?.quantity ?? 0);
    store.take(action('anna', 2, { case: 'completeTask', value: { taskId, quantity } }));
    expect(lotsAt(store.state, milk, salesFloor)).toEqual([
      { ...one, quantity: 3 },
      { ...two, quantity: 5 },
    ]);
    expect(undatedAt(store.state, milk, salesFloor)).toBe(2);
    store.take(sale('2', [{ code: milk, quantity: '4' }]));
    expect(lotsAt(store.state, milk, salesFloor)).toEqual([
      { ...one, quantity: 1 },
      { ...two, quantity: 5 },
    ]);
  });
});

test('products that are tracked no more have no lots, and the ledger stays', () => {
  const store = storeWithLots();
  const before = store.state.ledger.get(milk);
  store.take(masterDataCommand(90, sampleMasterData('2026-11-23T06:00:00Z/3')));
  expect(store.state.lots.size).toBe(0);
  expect(store.state.ledger.get(milk)).toEqual(before);
});

type Deed =
  | { kind: 'receive'; count: number; lot: string; day: number }
  | { kind: 'count'; count: number; lot: string; share: number }
  | { kind: 'move'; count: number; from: string; to: string; scan: string }
  | { kind: 'sell'; count: number; gtin: string }
  | { kind: 'refill'; share: number };

const some = fc.integer({ min: 1, max: 30 });
const lot = fc.constantFrom('', 'A1', 'A2', 'A3');
const deeds = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant('receive'),
      count: some,
      lot,
      day: fc.integer({ min: 1, max: 28 }),
    }),
    fc.record({
      kind: fc.constant('count'),
      count: some,
      lot,
      share: fc.integer({ min: 0, max: 30 }),
    }),
    fc.record({
      kind: fc.constant('move'),
      count: some,
      from: fc.constantFrom('B7', 'B9', 'dock', 'quarantine', 'slot'),
      to: fc.constantFrom('B7', 'B9', 'quarantine', 'waste', 'supplier', 'slot'),
      scan: fc.constantFrom(
        '',
        ']C101040000000000131526120110A1',
        ']C101040000000000131526122010A9',
      ),
    }),
    fc.record({
      kind: fc.constant('sell'),
      count: some,
      gtin: fc.constantFrom(milk, milk, jam, cheese),
    }),
    fc.record({ kind: fc.constant('refill'), share: fc.integer({ min: 0, max: 2 }) }),
  ) as fc.Arbitrary<Deed>,
  { minLength: 1, maxLength: 40, size: 'max' },
);

function inputOf(store: SampleStore, deed: Deed, nth: number): Input {
  switch (deed.kind) {
    case 'receive': {
      const bestBefore = `2026-12-${String(deed.day).padStart(2, '0')}`;
      return receive(milkAtDock(store, deed.count), deed.count, {
        lots: deed.lot === '' ? [] : [{ lot: deed.lot, bestBefore }],
      });
    }
    case 'count': {
      const quantity = pieces(Math.min(deed.count, deed.share));
      const lots = deed.lot === '' ? [] : [{ lot: deed.lot, bestBefore: '2026-12-01', quantity }];
      return countBin(deed.count, lots);
    }
    case 'move': {
      const from =
        deed.from === 'slot' ? { fromPlaceId: '', fromSlotId: 'B1' } : { fromPlaceId: deed.from };
      const to = deed.to === 'slot' ? { toPlaceId: '', toSlotId: 'B1' } : {};
      return moveTo(deed.to, deed.count, { ...from, ...to, reason: 'law', scan: deed.scan });
    }
    case 'sell':
      return sale(`r${nth}`, [{ code: deed.gtin, quantity: String(deed.count) }]);
    default: {
      const task = [...store.state.tasks.open.values()].find((open) => open.gtin === milk);
      const quantity = pieces(Math.floor(((task?.quantity ?? 0) * deed.share) / 2));
      const taskId = task?.taskId ?? '';
      store.take(action('anna', task?.version ?? 0, { case: 'claimTask', value: { taskId } }));
      const value = { taskId, quantity, shortReason: 'shelf-full' };
      return action('anna', (task?.version ?? 0) + 1, { case: 'completeTask', value });
    }
  }
}

/** In every account of the store: lots above zero, in order, and together at most what the account holds. */
function checkLots(state: Readonly<State>): void {
  for (const [gtin, accounts] of state.lots) {
    expect(isLotTracked(state, gtin)).toBe(true);
    for (const [key, lots] of accounts) {
      const held = state.ledger.get(gtin)?.get(key) ?? 0;
      expect(isBoundary(Number(key.slice(0, key.indexOf('/'))))).toBe(false);
      expect(lots.length).toBeGreaterThan(0);
      for (const { quantity } of lots) expect(quantity).toBeGreaterThan(0);
      expect([...lots].sort(byExpiry)).toEqual(lots);
      expect(sumOf(lots)).toBeLessThanOrEqual(held);
    }
  }
}

function inStore(state: Readonly<State>, name: string): number {
  let sum = 0;
  for (const lots of state.lots.get(milk)?.values() ?? []) {
    sum += sumOf(lots.filter((held) => held.lot === name));
  }
  return sum;
}

describe('over random moves', () => {
  test('lots are part of what their accounts hold, replay gives the same, twice is once', () => {
    let moved = 0;
    fc.assert(
      fc.property(deeds, (list) => {
        const store = trackingStore();
        list.forEach((deed, nth) => {
          const input = inputOf(store, deed, nth);
          const before = inStore(store.state, 'A2');
          const { events } = store.take(input);
          checkLots(store.state);
          // A lot grows by receipts, counts and contradictions only.
          const names = events.map(({ payload }) => payload.case);
          const mayGrow = ['itemsReceived', 'itemsCounted', 'stockContradicted'];
          if (!mayGrow.some((name) => names.includes(name as never))) {
            expect(inStore(store.state, 'A2')).toBeLessThanOrEqual(before);
          }
          if (names.includes('itemsMoved')) moved += 1;
          // The day's look at what expires comes with some input; then nothing more is due.
          store.nowMs += 60_000;
          store.take({ kind: 'timer', purpose: 'minute', dueAtMs: store.nowMs });
          const position = store.state.position;
          store.take(input);
          expect(store.state.position).toBe(position);
        });
        const frame = { storeGln, epoch: new Uint8Array(16), previousHash: firstPreviousHash };
        const replayed = createState({ storeGln, epoch });
        for (const event of store.log)
          apply(replayed, decodeEvent(encodeEvent(event, frame)).event);
        const bytes = serializeState(store.state);
        expect(serializeState(replayed)).toEqual(bytes);
        expect(serializeState(deserializeState(bytes))).toEqual(bytes);
      }),
      { numRuns: 60 },
    );
    expect(moved).toBeGreaterThan(20);
  });
});
