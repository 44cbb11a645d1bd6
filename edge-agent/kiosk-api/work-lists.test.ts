import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { quantityMessage } from '@stockhand/proto/vocabulary/quantity.ts';
import { expect, test } from 'vitest';
import { action, command, jam, milk, runningStore } from '../sample-store.ts';
import { deliveryList } from './delivery-list.ts';
import { exceptionList } from './exception-list.ts';

const pieces = (count: number) => quantityMessage(count, 'pieces');
const people = [{ personRef: 'anna', name: 'Anna', pinHash: '', badgeHash: '' }];

function workingStore() {
  const store = runningStore();
  const inMinutes = (minutes: number) => timestampFromMs(store.nowMs + minutes * 60_000);
  const lines = [
    { line: 1, gtin: jam, quantity: pieces(12) },
    { line: 2, gtin: milk, quantity: pieces(24) },
  ];
  const notice = { noticeVersion: 1, lines };
  const announce = (sequence: number, deliveryId: string, minutes: number) =>
    store.take(
      command(sequence, {
        case: 'announceDelivery',
        value: { ...notice, deliveryId, expectedAt: inMinutes(minutes) },
      }),
    );
  announce(3, 'D1', 90);
  announce(4, 'D2', -30);
  announce(5, 'D3', 60);
  const order = { orderId: 'K1', promiseAt: inMinutes(120), lines: lines.slice(0, 1) };
  store.take(command(6, { case: 'placeCollectOrder', value: order }));
  store.take(action('anna', 0, { case: 'arriveDelivery', value: { deliveryId: 'D3' } }));
  const received = { deliveryId: 'D3', line: 1, received: pieces(9), damaged: pieces(1) };
  store.take(action('anna', 0, { case: 'receiveLine', value: received }));
  store.nowMs += 60_000;
  store.take({ kind: 'timer', purpose: 'minute', dueAtMs: store.nowMs });
  return store;
}

test('deliveries at the dock come first, then those that are due, with what is checked', () => {
  const { state, nowMs } = workingStore();
  const { deliveries, orders, asOfPosition } = deliveryList(state, nowMs, state.position);
  expect(deliveries.map(({ deliveryId, late }) => [deliveryId, late])).toEqual([
    ['D3', false],
    ['D2', true],
    ['D1', false],
  ]);
  expect(deliveries[0]?.arrivedAt).toBeDefined();
  expect(deliveries[1]?.arrivedAt).toBeUndefined();
  expect(deliveries[0]?.lines[0]).toMatchObject({
    productName: 'Jam',
    announced: pieces(12),
    received: pieces(9),
    damaged: pieces(1),
    casePackPieces: 6,
  });
  expect(deliveries[0]?.lines[1]?.received).toBeUndefined();
  expect(orders).toMatchObject([
    { orderId: 'K1', ready: false, lines: [{ ordered: pieces(12), reserved: pieces(12) }] },
  ]);
  expect(asOfPosition).toBe(BigInt(state.position));
});

test('exceptions are listed with names, and say who may answer them', () => {
  const { state, nowMs } = workingStore();
  const ofAnna = exceptionList(state, { personRef: 'anna', role: 'associate', people }, nowMs, 7);
  const types = ofAnna.exceptions.map(({ type }) => type);
  expect(types.sort()).toEqual(['delivery-damaged', 'delivery-late', 'delivery-short']);
  expect(ofAnna.exceptions.every(({ answerable }) => !answerable)).toBe(true);
  const ofLea = exceptionList(state, { personRef: 'lea', role: 'lead', people }, nowMs, 7);
  const short = ofLea.exceptions.find(({ type }) => type === 'delivery-short');
  expect(short).toMatchObject({ answerable: true, answers: ['accept', 'claim', 'reorder'] });
  expect(short?.facts[0]?.text).toBe('Jam, line 1 of D3: 2 of 12 did not come.');
});
