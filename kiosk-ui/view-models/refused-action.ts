/**
 * What to tell whoever was second: somebody else has the task, or has done it, or nobody wants it any more.
 *
 * Two refusals of one task are one story (taken and finished while offline): the later, weightier word
 * stays. Example: Ben took and finished a refill without contact while Anna did it: "Refill Jam: Anna did it
 * at 14:05. What you placed is not counted, somebody counts the shelf."
 */
import { timestampMs } from '@bufbuild/protobuf/wkt';
import {
  type ActRequest,
  type ActResponse,
  TaskStatus,
} from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';

export interface Conflict {
  taskId: string;
  title: string;
  met: 'held' | 'done' | 'unwanted' | 'expired';
  /** Empty when nobody did it. */
  holderName: string;
  /** Unix milliseconds; undefined while it is open. */
  closedMs: number | undefined;
  /** The person had done the work: goods may be there twice. */
  wasDone: boolean;
  isCountAsked: boolean;
}

const metByStatus: Readonly<Partial<Record<TaskStatus, Conflict['met']>>> = {
  [TaskStatus.CLAIMED]: 'held',
  [TaskStatus.STARTED]: 'held',
  [TaskStatus.PAUSED]: 'held',
  [TaskStatus.DONE]: 'done',
  [TaskStatus.DONE_SHORT]: 'done',
  [TaskStatus.CANCELLED]: 'unwanted',
  [TaskStatus.EXPIRED]: 'expired',
};

const conflictReasons: ReadonlySet<string> = new Set(['task-taken', 'task-closed']);

/** Undefined when the refusal is about something else. */
export function conflictOf({ action }: ActRequest, answer: ActResponse): Conflict | undefined {
  const met = metByStatus[answer.taskStatus];
  if (!conflictReasons.has(answer.reason) || met === undefined) return undefined;
  if (action.value === undefined || !('taskId' in action.value)) return undefined;
  return {
    taskId: action.value.taskId,
    title: answer.taskTitle,
    met,
    holderName: answer.holderName,
    closedMs: answer.closedAt === undefined ? undefined : timestampMs(answer.closedAt),
    wasDone: action.case === 'completeTask',
    isCountAsked: answer.countAsked,
  };
}

/** One story for each task, newest last. */
export function withConflict(conflicts: readonly Conflict[], next: Conflict): Conflict[] {
  const before = conflicts.find(({ taskId }) => taskId === next.taskId);
  const others = conflicts.filter((one) => one !== before);
  const isWeightier = next.wasDone || before?.wasDone !== true;
  return [...others, isWeightier || before === undefined ? next : before];
}
