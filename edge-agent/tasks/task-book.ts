/** Tasks as the core keeps them: the open ones, and the last closed ones for late questions. */
import type { Priority } from '@stockhand/proto/events/v1alpha/plan_events_pb.js';
import type { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import { TaskStatus } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';

export interface TaskRecord {
  taskId: string;
  /** Grows with each change. */
  version: number;
  /** Version of the last change of status: what a person who acts must have seen. */
  statusVersion: number;
  type: TaskType;
  status: TaskStatus;
  needId: string;
  slotId: string;
  gtin: string;
  /** Base units to place. */
  quantity: number;
  fromPlaceId: string;
  /** Where to bring it, when it is no slot. */
  toPlaceId: string;
  deliveryId: string;
  /** Lines of the delivery that a receive task is about. */
  lines: number[];
  orderId: string;
  /** The lot that it is about, when it is about one; empty otherwise. */
  lot: string;
  bestBefore: string;
  /** When it has to be done; 0 when whenever there is time. */
  dueAtMs: number;
  /** When somebody took it; 0 while nobody has. */
  claimedAtMs: number;
  /** When it was begun, or gone on with; 0 while it was not. */
  startedAtMs: number;
  urgencyPpm: number;
  /** Where a lead has put it; UNSPECIFIED: as reckoned. */
  priority: Priority;
  explanation: string;
  /** When the explanation was true. */
  explainedAtMs: number;
  /** Person reference; empty when nobody has it. */
  claimedBy: string;
  /** Why it is blocked, short, released or cancelled; empty otherwise. */
  reason: string;
  /** Base units placed; 0 until it is done. */
  placed: number;
  createdPosition: number;
  createdAtMs: number;
  closedAtMs: number;
}

export interface TaskBook {
  /** Open, claimed, started, paused and blocked ones by id, in the order of their creation. */
  open: Map<string, TaskRecord>;
  /** Done, short, cancelled and expired ones, oldest first; bounded by `closedTasksKept`. */
  closed: Map<string, TaskRecord>;
}

/** Closed tasks that a late kiosk action can still be answered about. */
export const closedTasksKept = 2_000;

/** Somebody has it: claimed, started, or put down for a while. */
export function isHeld({ status }: Readonly<TaskRecord>): boolean {
  return (
    status === TaskStatus.CLAIMED || status === TaskStatus.STARTED || status === TaskStatus.PAUSED
  );
}
