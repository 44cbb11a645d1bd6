import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import { TaskSchema } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { expect, it } from 'vitest';
import { asksForQuantity, kindOf, routeOf } from './task-kind.ts';

const task = (
  type: TaskType,
  init: Omit<MessageInitShape<typeof TaskSchema>, '$typeName' | 'type'> = {},
) => create(TaskSchema, { type, ...init });
const named = (name: string) => ({ kind: 'named', name });
const slot = { slotId: 'A2', slotName: 'Aisle 1' };

it.each([
  [
    task(TaskType.REFILL, { ...slot, fromPlaceName: 'Bin 7' }),
    { from: named('Bin 7'), to: named('Aisle 1 · A2') },
  ],
  [task(TaskType.COUNT, slot), { from: undefined, to: named('Aisle 1 · A2') }],
  [
    task(TaskType.COUNT, { fromPlaceId: 'B9', fromPlaceName: 'Bin 9' }),
    { from: undefined, to: named('Bin 9') },
  ],
  [
    task(TaskType.PUT_AWAY, { fromPlaceId: 'dock', toPlaceName: 'Bin 7' }),
    { from: { kind: 'dock' }, to: named('Bin 7') },
  ],
  [
    task(TaskType.COLLECT_PICK, { ...slot, fromPlaceId: 'F1', toPlaceId: 'collect' }),
    { from: named('Aisle 1 · A2'), to: { kind: 'collect-shelf' } },
  ],
  [task(TaskType.RECEIVE, { deliveryId: 'D1' }), { from: { kind: 'dock' }, to: undefined }],
  [
    task(TaskType.MOVE, { fromPlaceName: 'Bin 7', toPlaceName: 'Bin 9' }),
    { from: named('Bin 7'), to: named('Bin 9') },
  ],
])('%s', (one, route) => {
  expect(routeOf(one)).toEqual(route);
});

it('asks why it is less only where so much was asked for', () => {
  const asking = [TaskType.REFILL, TaskType.PUT_AWAY, TaskType.COLLECT_PICK, TaskType.MOVE];
  for (const type of asking) expect(asksForQuantity(kindOf(task(type)))).toBe(true);
  const free = [TaskType.COUNT, TaskType.LOOK, TaskType.RECEIVE];
  for (const type of free) expect(asksForQuantity(kindOf(task(type)))).toBe(false);
});
