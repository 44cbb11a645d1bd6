/**
 * What a task is about, for a screen that must not call everything a refill: where to take it from, where
 * to bring it, and whether less than asked needs a reason.
 *
 * | kind | from | to | less than asked |
 * |---|---|---|---|
 * | refill | bin | slot | why |
 * | put-away | dock | bin | why |
 * | pick | bin or slot | collect shelf | why |
 * | move | place | place | why |
 * | waste, return | slot or place | – | why |
 * | check-cold | dock | – | why |
 * | mark-down | – | slot | why |
 * | change-price, change-planogram | – | slot | asks for no figure |
 * | count, look | – | slot or bin | asks for no figure |
 * | check-sensor | – | slot | asks for no figure, and always for a finding |
 * | receive | dock | – | its delivery is checked line by line |
 *
 * Example: a pick with a slot takes from "Aisle 1 · A2" and goes to the collect shelf.
 */
import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import type { Task } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';

export type TaskKind =
  | 'refill'
  | 'count'
  | 'look'
  | 'receive'
  | 'put-away'
  | 'pick'
  | 'move'
  | 'waste'
  | 'mark-down'
  | 'change-price'
  | 'change-planogram'
  | 'check-cold'
  | 'check-sensor'
  | 'return';

const kindByType: Readonly<Record<TaskType, TaskKind>> = {
  [TaskType.UNSPECIFIED]: 'refill',
  [TaskType.REFILL]: 'refill',
  [TaskType.COUNT]: 'count',
  [TaskType.LOOK]: 'look',
  [TaskType.RECEIVE]: 'receive',
  [TaskType.PUT_AWAY]: 'put-away',
  [TaskType.COLLECT_PICK]: 'pick',
  [TaskType.MOVE]: 'move',
  [TaskType.WASTE]: 'waste',
  [TaskType.MARK_DOWN]: 'mark-down',
  [TaskType.CHANGE_PRICE]: 'change-price',
  [TaskType.CHANGE_PLANOGRAM]: 'change-planogram',
  [TaskType.CHECK_COLD]: 'check-cold',
  [TaskType.RETURN]: 'return',
  [TaskType.CHECK_SENSOR]: 'check-sensor',
};

export function kindOf({ type }: Task): TaskKind {
  return kindByType[type] ?? 'refill';
}

/** A place by its name, or one of the store's two special places where master data names none. */
export type Stop = { kind: 'named'; name: string } | { kind: 'dock' } | { kind: 'collect-shelf' };

export interface TaskRoute {
  from: Stop | undefined;
  to: Stop | undefined;
}

export function routeOf(task: Task): TaskRoute {
  const slot = named([task.slotName, task.slotId]);
  const from = named([task.fromPlaceName || task.fromPlaceId]);
  const to = named([task.toPlaceName || task.toPlaceId]);
  // Without master data of its own the dock is known by an id that says nothing to people.
  const dock: Stop = named([task.fromPlaceName]) ?? { kind: 'dock' };
  switch (kindOf(task)) {
    case 'refill':
      return { from, to: slot };
    case 'waste':
    case 'return':
      return { from: slot ?? from, to: undefined };
    case 'check-cold':
      return { from: dock, to: undefined };
    case 'mark-down':
    case 'change-price':
    case 'change-planogram':
      return { from: undefined, to: slot };
    case 'count':
    case 'look':
    case 'check-sensor':
      return { from: undefined, to: slot ?? from };
    case 'receive':
      return { from: dock, to: undefined };
    case 'put-away':
      return { from: dock, to };
    case 'pick':
      return { from: slot ?? from, to: named([task.toPlaceName]) ?? { kind: 'collect-shelf' } };
    case 'move':
      return { from, to: to ?? slot };
  }
}

const askingKinds: ReadonlySet<TaskKind> = new Set([
  'refill',
  'put-away',
  'pick',
  'move',
  'waste',
  'return',
  'check-cold',
  'mark-down',
]);

/** Less than the task asks for is something to explain. */
export function asksForQuantity(kind: TaskKind): boolean {
  return askingKinds.has(kind);
}

/** Done is not enough said: what was found is asked in any case. */
export function asksForFinding(kind: TaskKind): boolean {
  return kind === 'check-sensor';
}

function named(parts: readonly string[]): Stop | undefined {
  const name = parts.filter(Boolean).join(' · ');
  return name === '' ? undefined : { kind: 'named', name };
}
