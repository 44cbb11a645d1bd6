import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { CollectOrderViewSchema } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { expect, it } from 'vitest';
import { linesReady, orderStanding, ordersInOrder } from './collect-orders.ts';
import { quantityOf } from './quantity.ts';

const pieces = (count: number) => quantityOf({ unit: 'pieces', count });

function order(orderId: string, hour: number, ready: boolean, reserved: number, picked: number) {
  return create(CollectOrderViewSchema, {
    orderId,
    ready,
    promiseAt: timestampFromMs(hour * 3_600_000),
    lines: [
      { gtin: 'jam', ordered: pieces(12), reserved: pieces(reserved), picked: pieces(picked) },
      { gtin: 'milk', ordered: pieces(2), picked: pieces(0), closed: true },
    ],
  });
}

const ready = order('K1', 17, true, 0, 12);
const waits = order('K2', 15, false, 9, 0);
const picking = order('K3', 14, false, 2, 10);

it('tells ready orders, those being picked, and those that wait for goods', () => {
  expect([ready, picking, waits].map(orderStanding)).toEqual(['ready', 'picking', 'waits']);
  expect([ready, picking, waits].map(linesReady)).toEqual([2, 1, 1]);
});

it('lists ready orders first, then by promise', () => {
  expect(ordersInOrder([waits, picking, ready]).map(({ orderId }) => orderId)).toEqual([
    'K1',
    'K3',
    'K2',
  ]);
});
