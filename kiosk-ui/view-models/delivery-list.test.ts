import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { DeliveryViewSchema } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { expect, it } from 'vitest';
import { deliveryCard, deliveryCards, deliveryNamed, linesInOrder } from './delivery-list.ts';
import { quantityOf } from './quantity.ts';

const minute = 60_000;
const at = (minutes: number) => timestampFromMs(minutes * minute);
const pieces = (count: number) => quantityOf({ unit: 'pieces', count });
const delivery = (init: Omit<MessageInitShape<typeof DeliveryViewSchema>, '$typeName'>) =>
  create(DeliveryViewSchema, init);

const here = delivery({
  deliveryId: 'D3',
  expectedAt: at(90),
  arrivedAt: at(100),
  unitsSeen: ['U1'],
  lines: [
    { line: 1, announced: pieces(12), received: pieces(9), damaged: pieces(1) },
    { line: 2, announced: pieces(24), coldUntil: at(130) },
    { line: 3, announced: pieces(6), coldUntil: at(120), received: pieces(6) },
    { line: 4, announced: pieces(6), sscc: 'U2', coldUntil: at(125) },
  ],
});

it('shows what is here first, then what is late, then what is due', () => {
  const cards = deliveryCards([
    delivery({ deliveryId: 'D1', expectedAt: at(200) }),
    delivery({ deliveryId: 'D2', expectedAt: at(60), late: true }),
    delivery({ deliveryId: 'D0', expectedAt: at(150) }),
    delivery({ deliveryId: 'D4', arrivedAt: at(50) }),
    here,
  ]);
  expect(cards.map(({ delivery: { deliveryId }, standing }) => [deliveryId, standing])).toEqual([
    ['D3', 'here'],
    ['D4', 'here'],
    ['D2', 'late'],
    ['D0', 'due'],
    ['D1', 'due'],
  ]);
});

it('counts what is checked and off, and runs the clock of cold goods that nobody has checked', () => {
  expect(deliveryCard(here)).toMatchObject({
    linesChecked: 2,
    linesOff: 1,
    sinceMs: 100 * minute,
    coldUntilMs: 125 * minute,
  });
  expect(deliveryCard(delivery({ deliveryId: 'X' })).coldUntilMs).toBeUndefined();
});

it('finds a delivery by its id and by its logistic units, seen or announced', () => {
  expect(deliveryNamed([here], 'D3')).toBe(here);
  expect(deliveryNamed([here], 'U1')).toBe(here);
  expect(deliveryNamed([here], 'U2')).toBe(here);
  expect(deliveryNamed([here], 'U3')).toBeUndefined();
  expect(deliveryNamed([here], '')).toBeUndefined();
});

it('lists lines that wait first, cold ones before others', () => {
  expect(linesInOrder(here.lines).map(({ line }) => line)).toEqual([4, 2, 3, 1]);
});
