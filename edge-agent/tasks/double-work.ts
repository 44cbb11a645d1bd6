/**
 * Two people did the same work, and one of them heard of it too late: a handheld was offline, or both stood
 * in the same aisle. The first whose word the agent has recorded has done the task; the other's is refused.
 * But goods may have been moved twice, and no record says so: the place is counted, and whoever was second
 * is told who was first.
 *
 * Example: Ben's handheld has no contact. He places 9 jam and says so; meanwhile Anna has placed 9 and the
 * agent knows it. When Ben's word arrives it is refused ("task-closed": Anna, done), and "Count jam in A1"
 * stands on the board: "Placed twice?".
 */
import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import type { CompleteTask } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { TaskStatus } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import type { Recorder } from '../events/recorder.ts';
import { quantityField } from '../stock/quantity-field.ts';
import { findTask } from '../views.ts';
import type { Person } from './actions.ts';
import { isHeld, type TaskRecord } from './task-book.ts';
import { askForCount } from './task-creation.ts';

/** Before an ordinary refill, behind an empty shelf. */
const countUrgencyPpm = 600_000;

/** Types whose second completion moved goods. */
const movingTypes: ReadonlySet<TaskType> = new Set([
  TaskType.REFILL,
  TaskType.PUT_AWAY,
  TaskType.MOVE,
]);

/** Asks for a count where a refused completion may have moved goods that another one moved, too. */
export function noticeDoubleWork(
  recorder: Recorder,
  person: Person,
  { taskId, quantity }: CompleteTask,
): void {
  const { state } = recorder;
  const task = findTask(state, taskId);
  if (task === undefined || !mayBePlacedTwice(task, person)) return;
  const placed = quantityField(state, task.gtin, quantity, 'quantity');
  if (typeof placed !== 'number' || placed === 0) return;
  const place = countPlaceOf(task);
  if (place === null) return;
  askForCount(recorder, place, countUrgencyPpm, 'Two people worked here: goods may be there twice');
}

/** Where the goods of the task end; null where nothing was moved or the place is not known. */
export function countPlaceOf({ type, gtin, slotId, toPlaceId }: Readonly<TaskRecord>) {
  if (!movingTypes.has(type)) return null;
  if (slotId !== '') return { gtin, slotId, placeId: '' };
  return toPlaceId === '' ? null : { gtin, slotId: '', placeId: toPlaceId };
}

/** Whether goods that this person placed are, or will be, placed by somebody else, too. */
function mayBePlacedTwice(task: Readonly<TaskRecord>, person: Person): boolean {
  if (isHeld(task)) return task.claimedBy !== person.ref;
  switch (task.status) {
    case TaskStatus.DONE:
    case TaskStatus.DONE_SHORT:
      return task.claimedBy !== person.ref;
    // Nobody wants it any more, and yet goods were moved.
    case TaskStatus.CANCELLED:
    case TaskStatus.EXPIRED:
      return true;
    // It was not theirs when they did it (a claim that came too late), and stands on the board for others.
    case TaskStatus.OPEN:
    case TaskStatus.BLOCKED:
      return true;
    default:
      return false;
  }
}
