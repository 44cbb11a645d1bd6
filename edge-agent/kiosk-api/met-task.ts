/**
 * What a refused action met, for whoever was second: which task, who has it or ended it, and whether
 * somebody is asked to count because of it.
 */
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import type { ActRequest } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import type { PersonRecord } from '../ports.ts';
import type { State } from '../state.ts';
import { countPlaceOf } from '../tasks/double-work.ts';
import type { TaskRecord } from '../tasks/task-book.ts';
import { findTask } from '../views.ts';
import { taskTitle } from './task-title.ts';

export function metTask(
  state: Readonly<State>,
  taskId: string,
  people: readonly PersonRecord[],
  action: ActRequest['action']['case'],
) {
  const task = findTask(state, taskId);
  if (task === undefined) return {};
  const holder = people.find(({ personRef }) => personRef === task.claimedBy);
  return {
    taskTitle: taskTitle(state, task),
    holderName: holder?.name ?? task.claimedBy,
    taskStatus: task.status,
    ...(task.closedAtMs > 0 && { closedAt: timestampFromMs(task.closedAtMs) }),
    countAsked: action === 'completeTask' && isCountAsked(state, task),
  };
}

function isCountAsked(state: Readonly<State>, task: Readonly<TaskRecord>): boolean {
  const place = countPlaceOf(task);
  if (place === null) return false;
  return [...state.tasks.open.values()].some(
    ({ type, gtin, slotId, fromPlaceId }) =>
      type === TaskType.COUNT &&
      gtin === place.gtin &&
      slotId === place.slotId &&
      fromPlaceId === place.placeId,
  );
}
