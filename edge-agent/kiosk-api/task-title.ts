/** A task as one line for people: "Refill Jam, Aisle 1". */
import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import type { State } from '../state.ts';
import type { TaskRecord } from '../tasks/task-book.ts';

const verbs: Readonly<Partial<Record<TaskType, string>>> = {
  [TaskType.REFILL]: 'Refill',
  [TaskType.COUNT]: 'Count',
  [TaskType.LOOK]: 'Look at',
  [TaskType.RECEIVE]: 'Receive',
  [TaskType.PUT_AWAY]: 'Put away',
  [TaskType.COLLECT_PICK]: 'Pick',
  [TaskType.MOVE]: 'Move',
  [TaskType.WASTE]: 'Take out of sale',
  [TaskType.MARK_DOWN]: 'Reduce',
  [TaskType.CHANGE_PRICE]: 'Change the price of',
  [TaskType.CHANGE_PLANOGRAM]: 'Put in',
  [TaskType.CHECK_COLD]: 'Check',
  [TaskType.RETURN]: 'Send back',
  [TaskType.CHECK_SENSOR]: 'Check the sensor of',
};

export function taskTitle(state: Readonly<State>, task: Readonly<TaskRecord>): string {
  const verb = verbs[task.type] ?? TaskType[task.type].toLowerCase().replaceAll('_', ' ');
  return [`${verb} ${objectOf(state, task)}`, placeOf(state, task)]
    .filter((part) => part !== '')
    .join(', ');
}

function objectOf(state: Readonly<State>, task: TaskRecord): string {
  const product = state.catalogue.productByGtin.get(task.gtin);
  return product?.name ?? (task.orderId || task.deliveryId || task.gtin);
}

function placeOf(state: Readonly<State>, task: TaskRecord): string {
  const slot = state.catalogue.slotById.get(task.slotId);
  const placeId = slot?.fixturePlaceId ?? (task.toPlaceId || task.fromPlaceId);
  return state.catalogue.placeById.get(placeId)?.name ?? '';
}
