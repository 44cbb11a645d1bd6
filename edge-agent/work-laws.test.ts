/**
 * Laws of deliveries, customers' orders, tasks of all types, exceptions and approvals, over random days:
 * replay gives the same state, everything twice is everything once, stock is conserved, what is reserved
 * is what orders have reserved, and nothing is raised, offered or decided twice.
 */
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import { PlaceKind, TemperatureClass } from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import { quantityMessage } from '@stockhand/proto/vocabulary/quantity.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { serializeState } from './agent.ts';
import type { Input } from './input.ts';
import { expectReplayIsLive } from './replay-law.ts';
import {
  action,
  command,
  jam,
  masterDataCommand,
  milk,
  runningStore,
  type SampleStore,
  sale,
  sampleMasterData,
} from './sample-store.ts';
import { isBoundary, sumOfAccounts } from './stock/ledger.ts';

const pieces = (count: number) => quantityMessage(count, 'pieces');
const minuteMs = 60_000;

type Deed =
  | {
      kind: 'announce';
      delivery: number;
      jam: number;
      milk: number;
      version: number;
      late: boolean;
    }
  | { kind: 'delay'; delivery: number; minutes: number }
  | { kind: 'arrive'; delivery: number }
  | { kind: 'receive'; delivery: number; line: number; received: number; damaged: number }
  | { kind: 'close'; delivery: number; refuse: boolean }
  | { kind: 'put-away'; gtin: string; quantity: number }
  | { kind: 'order'; order: number; jam: number; milk: number; minutes: number }
  | { kind: 'cancel'; order: number }
  | { kind: 'hand-over'; order: number }
  | { kind: 'task'; nth: number; person: string; verb: string; quantity: number; reason: string }
  | { kind: 'work'; nth: number; person: string; share: number; reason: string }
  | { kind: 'count-bin'; person: string; gtin: string; quantity: number }
  | { kind: 'answer'; person: string; nth: number }
  | { kind: 'decide'; person: string; granted: boolean }
  | { kind: 'sell'; gtin: string; quantity: number }
  | { kind: 'empty'; slotId: string }
  | { kind: 'minutes'; minutes: number };

const record = <T extends { kind: string }>(
  kind: T['kind'],
  model: { [Key in Exclude<keyof T, 'kind'>]: fc.Arbitrary<T[Key]> },
) => fc.record({ kind: fc.constant(kind), ...model }) as unknown as fc.Arbitrary<T>;
type Of<Kind extends Deed['kind']> = Extract<Deed, { kind: Kind }>;

const which = fc.integer({ min: 1, max: 2 });
const some = fc.integer({ min: 0, max: 30 });
const gtin = fc.constantFrom(jam, milk);
const person = fc.constantFrom('anna', 'ben', 'lea', 'max');

const deed: fc.Arbitrary<Deed> = fc.oneof(
  record<Of<'announce'>>('announce', {
    delivery: which,
    jam: fc.integer({ min: 0, max: 24 }),
    milk: fc.integer({ min: 8, max: 24 }),
    version: fc.integer({ min: 1, max: 3 }),
    late: fc.boolean(),
  }),
  record<Of<'delay'>>('delay', { delivery: which, minutes: fc.integer({ min: 0, max: 90 }) }),
  { weight: 3, arbitrary: record<Of<'arrive'>>('arrive', { delivery: which }) },
  {
    weight: 6,
    arbitrary: record<Of<'receive'>>('receive', {
      delivery: which,
      line: fc.integer({ min: 0, max: 3 }),
      received: some,
      damaged: fc.constantFrom(0, 0, 2),
    }),
  },
  record<Of<'close'>>('close', { delivery: which, refuse: fc.boolean() }),
  record<Of<'put-away'>>('put-away', { gtin, quantity: some }),
  {
    weight: 2,
    arbitrary: record<Of<'order'>>('order', {
      order: which,
      jam: fc.constantFrom(0, 1, 2, 60),
      milk: fc.constantFrom(0, 1, 3),
      minutes: fc.integer({ min: -30, max: 300 }),
    }),
  },
  record<Of<'cancel'>>('cancel', { order: which }),
  { weight: 2, arbitrary: record<Of<'hand-over'>>('hand-over', { order: which }) },
  {
    weight: 6,
    arbitrary: record<Of<'task'>>('task', {
      nth: fc.nat(5),
      person,
      verb: fc.constantFrom(
        'startTask',
        'startTask',
        'completeTask',
        'completeTask',
        'completeTask',
        'blockTask',
        'releaseTask',
        'pauseTask',
      ),
      quantity: fc.oneof(fc.constant(-1), some),
      reason: fc.constantFrom('backroom-empty', 'shelf-empty', 'dock-empty', 'full', ''),
    }),
  },
  {
    weight: 14,
    arbitrary: record<Of<'work'>>('work', {
      nth: fc.nat(5),
      person,
      share: fc.constantFrom(1, 1, 1, 0.5, 0),
      reason: fc.constantFrom('backroom-empty', 'shelf-empty', 'dock-empty', 'full'),
    }),
  },
  record<Of<'count-bin'>>('count-bin', { person, gtin, quantity: some }),
  { weight: 2, arbitrary: record<Of<'answer'>>('answer', { person, nth: fc.nat(3) }) },
  {
    weight: 2,
    arbitrary: record<Of<'decide'>>('decide', { person, granted: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: record<Of<'sell'>>('sell', { gtin, quantity: fc.integer({ min: 1, max: 6 }) }),
  },
  record<Of<'empty'>>('empty', { slotId: fc.constantFrom('A1', 'A2', 'B1') }),
  {
    weight: 2,
    arbitrary: record<Of<'minutes'>>('minutes', { minutes: fc.integer({ min: 1, max: 700 }) }),
  },
);

/** A store with a dock, chilled milk, a substitute for jam and prices that make counts dear. */
function workingStore(): SampleStore {
  const store = runningStore();
  const masterData = sampleMasterData('2026-11-23T07:00:00Z/2');
  masterData.places.push(
    ...[
      { placeId: 'DOCK', kind: PlaceKind.DOCK, name: 'Dock' },
      { placeId: 'CC', kind: PlaceKind.CLICK_AND_COLLECT, name: 'Collect shelf' },
    ].map(
      (place) => ({ ...sampleMasterData().places[0], ...place }) as (typeof masterData.places)[0],
    ),
  );
  for (const product of masterData.products) {
    if (product.gtin === milk) product.temperatureClass = TemperatureClass.CHILLED;
    if (product.gtin !== jam) continue;
    product.substitutes = [milk];
    product.price = {
      $typeName: 'stockhand.quantity.v1alpha.Money',
      minorUnits: 4_900n,
      currency: 'EUR',
    };
    product.margin = {
      $typeName: 'stockhand.quantity.v1alpha.Money',
      minorUnits: 900n,
      currency: 'EUR',
    };
  }
  store.take(masterDataCommand(3, masterData));
  return store;
}

class Day {
  readonly store: SampleStore = workingStore();
  readonly inputs: { input: Input; atMs: number }[] = [];
  private commands = 3;
  private actions = 0;
  private receipts = 0;

  do(one: Deed): void {
    if (one.kind === 'work') this.work(one);
    else this.take(this.inputOf(one));
  }

  /** Somebody takes a task, begins and ends it. */
  private work({ nth, person, share, reason }: Of<'work'>): void {
    const open = [...this.store.state.tasks.open.values()];
    const task = open[nth % Math.max(1, open.length)];
    if (task === undefined) return;
    const { taskId, version } = task;
    this.take(this.act(person, { case: 'startTask', value: { taskId } }, version));
    const quantity = pieces(Math.floor(task.quantity * share));
    const value = { taskId, quantity, shortReason: reason };
    this.take(this.act(person, { case: 'completeTask', value }, task.version));
  }

  private take(input: Input | null): void {
    if (input === null) return;
    this.store.take(input);
    this.inputs.push({ input, atMs: this.store.nowMs });
  }

  private command(init: Parameters<typeof command>[1]): Input {
    this.commands += 1;
    return command(this.commands, init);
  }

  private act(personRef: string, init: { case: string; value: object }, version = 0): Input {
    this.actions += 1;
    return action(personRef, version, init, `a-${this.actions}`);
  }

  private inputOf(one: Exclude<Deed, { kind: 'work' }>): Input | null {
    switch (one.kind) {
      case 'announce':
      case 'delay':
      case 'order':
      case 'cancel':
        return this.fromHq(one);
      case 'arrive':
        return this.act('anna', {
          case: 'arriveDelivery',
          value: { deliveryId: `D${one.delivery}` },
        });
      case 'receive': {
        const { line, received, damaged } = one;
        const quantities = { received: pieces(received), damaged: pieces(damaged) };
        const value = { deliveryId: `D${one.delivery}`, line, gtin: jam, ...quantities };
        return this.act('ben', { case: 'receiveLine', value });
      }
      case 'close': {
        const { refuse } = one;
        const value = { deliveryId: `D${one.delivery}`, refuse, reason: 'wrong store' };
        return this.act('lea', { case: 'closeDelivery', value });
      }
      case 'put-away': {
        const value = { gtin: one.gtin, quantity: pieces(one.quantity), toPlaceId: 'B9' };
        return this.act('anna', { case: 'putAway', value });
      }
      case 'hand-over':
        return this.act('anna', { case: 'handOverOrder', value: { orderId: `K${one.order}` } });
      case 'task':
        return this.onTask(one);
      case 'count-bin': {
        const value = { placeId: 'B7', gtin: one.gtin, counted: pieces(one.quantity) };
        return this.act(one.person, { case: 'countBin', value });
      }
      case 'answer':
      case 'decide':
        return this.word(one);
      case 'sell':
        this.receipts += 1;
        return sale(`${this.receipts}`, [{ code: one.gtin, quantity: `${one.quantity}` }]);
      case 'empty':
        return this.act('anna', { case: 'reportEmpty', value: { slotId: one.slotId } });
      case 'minutes': {
        this.store.nowMs += one.minutes * minuteMs;
        const dueAtMs = Math.floor(this.store.nowMs / minuteMs) * minuteMs;
        return { kind: 'timer', purpose: 'minute', dueAtMs };
      }
    }
  }

  private fromHq(one: Of<'announce'> | Of<'delay'> | Of<'order'> | Of<'cancel'>): Input {
    const inMinutes = (minutes: number) => timestampFromMs(this.store.nowMs + minutes * minuteMs);
    switch (one.kind) {
      case 'announce': {
        const lines = [
          { line: 1, gtin: jam, quantity: pieces(one.jam) },
          { line: 2, gtin: milk, quantity: pieces(one.milk) },
          { line: 3, gtin: '96385074', quantity: pieces(1) },
        ];
        const expectedAt = inMinutes(one.late ? -20 : 60);
        const value = {
          deliveryId: `D${one.delivery}`,
          noticeVersion: one.version,
          expectedAt,
          lines,
        };
        return this.command({ case: 'announceDelivery', value });
      }
      case 'delay': {
        const value = { deliveryId: `D${one.delivery}`, expectedAt: inMinutes(one.minutes) };
        return this.command({ case: 'delayDelivery', value });
      }
      case 'order': {
        const lines = [
          { gtin: jam, quantity: pieces(one.jam) },
          { gtin: milk, quantity: pieces(one.milk) },
        ];
        const value = { orderId: `K${one.order}`, promiseAt: inMinutes(one.minutes), lines };
        return this.command({ case: 'placeCollectOrder', value });
      }
      case 'cancel':
        return this.command({ case: 'cancelCollectOrder', value: { orderId: `K${one.order}` } });
    }
  }

  private onTask(one: Of<'task'>): Input | null {
    const open = [...this.store.state.tasks.open.values()];
    const task = open[one.nth % Math.max(1, open.length)];
    if (task === undefined) return null;
    const { taskId, version } = task;
    const quantity = one.quantity < 0 ? task.quantity : one.quantity;
    const value =
      one.verb === 'completeTask'
        ? { taskId, quantity: pieces(quantity), shortReason: one.reason }
        : { taskId, reason: 'why' };
    return this.act(one.person, { case: one.verb, value }, version);
  }

  private word(one: Of<'answer'> | Of<'decide'>): Input | null {
    const { exceptions, approvals } = this.store.state;
    if (one.kind === 'answer') {
      const all = [...exceptions.values()];
      const open = all.at(-1 - (one.nth % Math.max(1, all.length)));
      if (open === undefined) return null;
      const answer = open.answers[one.nth % 2] ?? 'nonsense';
      const value = { exceptionId: open.exceptionId, answer };
      return this.act(one.person, { case: 'answerException', value });
    }
    const [waiting] = approvals.open.values();
    if (waiting === undefined) return null;
    const value = { approvalId: waiting.approvalId, granted: one.granted, reason: 'seen' };
    return this.act(one.person, { case: 'decideApproval', value });
  }
}

function dayOf(list: Deed[]): Day {
  const day = new Day();
  for (const one of list) day.do(one);
  return day;
}

const deeds = fc.array(deed, { minLength: 1, maxLength: 80, size: 'max' });
const runs = { numRuns: 50 };

/** Events and exception types that the random days must contain, or they prove nothing of them. */
const expectedKinds = [
  'deliveryAnnounced',
  'deliveryDelayed',
  'deliveryArrived',
  'deliveryLineChecked',
  'deliveryAccepted',
  'deliveryRefused',
  'invoiceHoldRequested',
  'itemsPutAway',
  'itemsPicked',
  'itemsReserved',
  'reservationReleased',
  'collectOrderPlaced',
  'collectOrderReady',
  'collectOrderCollected',
  'collectOrderReleased',
  'substitutionProposed',
  'substitutionChosen',
  'exceptionMerged',
  'exceptionAnswered',
  'exceptionEscalated',
  'exceptionResolved',
  'approvalRequested',
  'approvalGranted',
  'approvalRefused',
  'approvalExpired',
  'orderProposed',
  'taskDoneShort',
  'taskChanged',
  'delivery-late',
  'delivery-short',
  'delivery-over',
  'delivery-damaged',
  'delivery-unannounced',
  'substitution-needed',
  'task-overdue',
  'unusual-dwell',
  'cold-chain-breach',
  'approval-needed',
  'stock-discrepancy',
];

test('the days that are tried reach every kind of work', () => {
  const seen = new Set<string>();
  for (const list of fc.sample(deeds, { numRuns: 150, seed: 5 })) {
    const { log } = dayOf(list).store;
    for (const { payload } of log) {
      seen.add(payload.case);
      if (payload.case === 'exceptionRaised') seen.add(payload.value.type);
    }
  }
  const missing = expectedKinds.filter((kind) => !seen.has(kind));
  expect(missing).toEqual([]);
});

describe('over any day of deliveries and orders', () => {
  test('replay of the encoded log gives the state byte for byte, also from any snapshot', () => {
    fc.assert(
      fc.property(deeds, fc.nat(), (list, cut) => {
        expectReplayIsLive(dayOf(list).store, cut);
      }),
      runs,
    );
  });

  test('delivering everything twice changes nothing', () => {
    fc.assert(
      fc.property(deeds, (list) => {
        const once = dayOf(list);
        const twice = workingStore();
        for (const { input, atMs } of once.inputs) {
          twice.nowMs = atMs - 1_000;
          const first = twice.take(input);
          twice.nowMs = atMs - 1_000;
          const before = serializeState(twice.state);
          const { outcome, events } = twice.take(input);
          expect(events).toEqual([]);
          // What is only asked of somebody again (a count that waits already) left nothing to know it by.
          if (first.events.length > 0) expect(outcome.kind).not.toBe('accepted');
          expect(serializeState(twice.state)).toEqual(before);
        }
        expect(serializeState(twice.state)).toEqual(serializeState(once.store.state));
      }),
      runs,
    );
  });

  test('no stock is made or lost, and what is reserved is what open orders reserved', () => {
    fc.assert(
      fc.property(deeds, (list) => {
        const { state } = dayOf(list).store;
        for (const [product, accounts] of state.ledger) {
          expect(sumOfAccounts(state.ledger, product)).toBe(0);
          for (const [key, quantity] of accounts) {
            if (!isBoundary(Number(key.split('/')[0]))) expect(quantity).toBeGreaterThan(0);
          }
        }
        const reserved = new Map<string, number>();
        for (const { lines } of state.collect.orders.values()) {
          for (const line of lines) {
            expect(line.reserved).toBeGreaterThanOrEqual(0);
            expect(line.reserved + line.picked).toBeLessThanOrEqual(line.ordered);
            if (line.reserved === 0) continue;
            reserved.set(line.gtin, (reserved.get(line.gtin) ?? 0) + line.reserved);
          }
        }
        expect([...state.collect.reserved].sort()).toEqual([...reserved].sort());
      }),
      runs,
    );
  });

  test('nothing is offered, raised or decided twice', () => {
    fc.assert(
      fc.property(deeds, (list) => {
        const { log, state } = dayOf(list).store;
        const open = new Map<string, string>();
        const decided = new Set<string>();
        for (const { payload } of log) {
          if (payload.case === 'exceptionRaised') {
            const { causeKey, exceptionId } = payload.value;
            expect([...open.values()]).not.toContain(causeKey);
            open.set(exceptionId, causeKey);
          } else if (payload.case === 'exceptionAnswered' || payload.case === 'exceptionResolved') {
            expect(open.delete(payload.value.exceptionId)).toBe(true);
          } else if (
            payload.case === 'approvalGranted' ||
            payload.case === 'approvalRefused' ||
            payload.case === 'approvalExpired'
          ) {
            expect(decided.has(payload.value.approvalId)).toBe(false);
            decided.add(payload.value.approvalId);
          }
        }
        expect([...state.exceptions.keys()].sort()).toEqual([...open.values()].sort());
        const putAways = [...state.tasks.open.values()].filter(
          ({ type }) => type === TaskType.PUT_AWAY,
        );
        expect(new Set(putAways.map((task) => task.gtin)).size).toBe(putAways.length);
      }),
      runs,
    );
  });
});
