import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create, fromBinary } from '@bufbuild/protobuf';
import { OrderPlacedSchema } from '@stockhand/proto/events/v1alpha/order_events_pb.js';
import { CommandSchema } from '@stockhand/proto/sync/v1alpha/sync_service_pb.js';
import { quantityMessage } from '@stockhand/proto/vocabulary/quantity.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { answerOrder } from '../store/order-answer.ts';
import { SqliteHqStore } from '../store/sqlite-hq-store.ts';
import { type PlacedOrder, placedOrderOf } from './placed-order.ts';

const gln = '4000001000005';
const order: PlacedOrder = {
  proposalId: 'o-01234567-88',
  gtin: '04006381333931',
  baseUnits: 24,
  unit: 'pieces',
  kind: 'emergency',
  valueMinorUnits: 4_776,
};
const address = { storeGln: gln, epoch: '00'.repeat(16), lane: 1 };
const yes = { accepted: true, orderNumber: 'PO-4711', reason: '', expectedAtMs: 9_000 };
const no = { accepted: false, orderNumber: '', reason: 'none left', expectedAtMs: null };

let folder: string;
let store: SqliteHqStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hq-orders-'));
  store = new SqliteHqStore(join(folder, 'hq.db'));
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

test('whichever is heard first is kept, and the other changes nothing', () => {
  expect(store.placeOrder(gln, order, 1_000)).toBe(true);
  store.append(address, [], 2_000, null, [order]);
  expect(store.placeOrder(gln, { ...order, baseUnits: 99 }, 3_000)).toBe(false);
  expect(store.orders(9)).toMatchObject([{ ...order, heardBy: 'call', heardAtMs: 1_000 }]);
  store.append(address, [], 4_000, null, [{ ...order, proposalId: 'o-2' }]);
  expect(store.placeOrder(gln, { ...order, proposalId: 'o-2' }, 5_000)).toBe(false);
  expect(store.orders(9).map(({ heardBy }) => heardBy)).toEqual(['event', 'call']);
  // Another store may use the same key.
  expect(store.placeOrder('4000001000012', order, 6_000)).toBe(true);
});

test('the first answer is kept and goes to the store as one command', () => {
  store.placeOrder(gln, order, 1_000);
  expect(answerOrder(store, gln, order.proposalId, yes, 2_000)).toEqual({ ok: true, sequence: 1 });
  expect(answerOrder(store, gln, order.proposalId, no, 3_000)).toMatchObject({ ok: false });
  expect(store.orders(9)).toMatchObject([{ status: 'accepted', orderNumber: 'PO-4711' }]);
  const commands = store.commandsAfter(gln, 0).map(({ bytes }) => fromBinary(CommandSchema, bytes));
  expect(commands).toHaveLength(1);
  expect(commands[0]?.command).toMatchObject({
    case: 'answerOrder',
    value: { proposalId: order.proposalId, accepted: true, orderNumber: 'PO-4711' },
  });
});

test('an answer that says too little goes nowhere', () => {
  store.placeOrder(gln, order, 1_000);
  for (const answer of [
    { ...yes, orderNumber: ' ' },
    { ...no, reason: '' },
    { ...yes, expectedAtMs: Number.NaN },
  ]) {
    expect(answerOrder(store, gln, order.proposalId, answer, 2_000)).toMatchObject({ ok: false });
  }
  expect(answerOrder(store, gln, 'o-9', yes, 2_000)).toMatchObject({ ok: false });
  expect(store.orders(9)[0]?.status).toBe('waiting');
  expect(store.commandsAfter(gln, 0)).toEqual([]);
});

test('what has no key or no quantity is no order', () => {
  const quantity = quantityMessage(24, 'pieces');
  const { proposalId, gtin, kind } = order;
  const whole = { proposalId, gtin, kind, quantity, valueMinorUnits: 4_776n };
  expect(placedOrderOf(create(OrderPlacedSchema, whole))).toEqual(order);
  for (const more of [
    { proposalId: '' },
    { proposalId: 'a b' },
    { quantity: quantityMessage(0, 'pieces') },
  ]) {
    expect(placedOrderOf(create(OrderPlacedSchema, { ...whole, ...more }))).toBeNull();
  }
  expect(placedOrderOf(create(OrderPlacedSchema, { proposalId }))).toBeNull();
  expect(placedOrderOf(undefined)).toBeNull();
});
