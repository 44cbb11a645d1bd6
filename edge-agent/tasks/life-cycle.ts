/**
 * The life of a task: which change is allowed from which status. One table for all types.
 *
 * A task is open until someone takes it (claimed) and begins it (started); it ends done, done short or
 * cancelled. Who cannot go on puts it down for a while (paused), gives it back (open again) or says what
 * is in the way (blocked); a blocked task is released or cancelled. What nobody took before it lost its
 * sense expires. Planned and offered are no statuses of their own: the plan says which tasks are in
 * somebody's route, and which is the next there.
 *
 * Example: Anna claims and starts a refill, finds the aisle closed and blocks it. Her lead releases it
 * when the aisle is free; Ben claims and finishes it.
 */
import { TaskStatus } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';

export type TaskChange =
  | 'claim'
  | 'start'
  | 'complete'
  | 'complete-short'
  | 'pause'
  | 'block'
  | 'release'
  | 'cancel'
  | 'expire'
  | 'adjust';

type OpenStatus =
  | TaskStatus.OPEN
  | TaskStatus.CLAIMED
  | TaskStatus.STARTED
  | TaskStatus.PAUSED
  | TaskStatus.BLOCKED;

/** Status after an allowed change; what is not listed is not allowed. */
export const transitions: Readonly<
  Record<OpenStatus, Readonly<Partial<Record<TaskChange, TaskStatus>>>>
> = {
  [TaskStatus.OPEN]: {
    claim: TaskStatus.CLAIMED,
    block: TaskStatus.BLOCKED,
    cancel: TaskStatus.CANCELLED,
    expire: TaskStatus.EXPIRED,
    adjust: TaskStatus.OPEN,
  },
  [TaskStatus.CLAIMED]: {
    start: TaskStatus.STARTED,
    complete: TaskStatus.DONE,
    'complete-short': TaskStatus.DONE_SHORT,
    block: TaskStatus.BLOCKED,
    release: TaskStatus.OPEN,
    cancel: TaskStatus.CANCELLED,
  },
  [TaskStatus.STARTED]: {
    pause: TaskStatus.PAUSED,
    complete: TaskStatus.DONE,
    'complete-short': TaskStatus.DONE_SHORT,
    block: TaskStatus.BLOCKED,
    release: TaskStatus.OPEN,
    cancel: TaskStatus.CANCELLED,
  },
  [TaskStatus.PAUSED]: {
    start: TaskStatus.STARTED,
    complete: TaskStatus.DONE,
    'complete-short': TaskStatus.DONE_SHORT,
    block: TaskStatus.BLOCKED,
    release: TaskStatus.OPEN,
    cancel: TaskStatus.CANCELLED,
  },
  [TaskStatus.BLOCKED]: {
    release: TaskStatus.OPEN,
    cancel: TaskStatus.CANCELLED,
  },
};

/** The status that a change leads to, or null when it is not allowed. */
export function statusAfter(status: TaskStatus, change: TaskChange): TaskStatus | null {
  return transitions[status as OpenStatus]?.[change] ?? null;
}

/** Done, done short, cancelled and expired: nothing changes such a task any more. */
export function isClosed(status: TaskStatus): boolean {
  return (
    status === TaskStatus.DONE ||
    status === TaskStatus.DONE_SHORT ||
    status === TaskStatus.CANCELLED ||
    status === TaskStatus.EXPIRED
  );
}

/** For people: "open", "claimed", … */
export function statusName(status: TaskStatus): string {
  return TaskStatus[status].toLowerCase().replace('_', ' ');
}
