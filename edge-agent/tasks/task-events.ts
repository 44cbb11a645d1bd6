/** What the task events do to the task book. A change that the life cycle forbids is a bug: it stops. */
import { timestampMs } from '@bufbuild/protobuf/wkt';
import { Priority } from '@stockhand/proto/events/v1alpha/plan_events_pb.js';
import { AccountKind } from '@stockhand/proto/events/v1alpha/stock_events_pb.js';
import type { TaskChanged, TaskCreated } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import { TaskStatus } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { baseUnitsOf } from '@stockhand/proto/vocabulary/quantity.ts';
import { refillSupply } from '../collect/supply.ts';
import type { StoreEvent } from '../events/event.ts';
import { noteEnded, noteTaken } from '../planning/work-duration.ts';
import { findNeed } from '../replenishment/need-events.ts';
import type { State } from '../state.ts';
import { accountAt } from '../stock/store-places.ts';
import { isClosed, statusAfter, statusName, type TaskChange } from './life-cycle.ts';
import { closedTasksKept, type TaskRecord } from './task-book.ts';

export function applyTaskCreated(state: State, created: TaskCreated, event: StoreEvent): void {
  state.tasks.open.set(created.taskId, {
    taskId: created.taskId,
    version: 1,
    statusVersion: 1,
    type: created.type,
    status: TaskStatus.OPEN,
    needId: created.needId,
    slotId: created.slotId,
    gtin: created.gtin,
    quantity: baseUnitsOf(created.quantity),
    fromPlaceId: created.fromPlaceId,
    toPlaceId: created.toPlaceId,
    deliveryId: created.deliveryId,
    lines: [...created.lines],
    orderId: created.orderId,
    lot: created.lot,
    bestBefore: created.bestBefore,
    dueAtMs: created.dueAt === undefined ? 0 : timestampMs(created.dueAt),
    claimedAtMs: 0,
    startedAtMs: 0,
    urgencyPpm: created.urgencyPpm,
    priority: Priority.UNSPECIFIED,
    explanation: created.explanation,
    explainedAtMs: event.recordedAtMs,
    claimedBy: '',
    reason: '',
    placed: 0,
    createdPosition: event.position,
    createdAtMs: event.recordedAtMs,
    closedAtMs: 0,
  });
  const need = findNeed(state, created.needId);
  if (need !== undefined) need.taskId = created.taskId;
}

export function applyTaskChanged(state: State, changed: TaskChanged, event: StoreEvent): void {
  const task = changeTask(state, changed.taskId, 'adjust');
  task.quantity = baseUnitsOf(changed.quantity);
  task.urgencyPpm = changed.urgencyPpm;
  if (task.explanation !== changed.explanation) task.explainedAtMs = event.recordedAtMs;
  task.explanation = changed.explanation;
}

/** What happened to a task, beside its new status. */
export interface TaskFacts {
  personRef: string;
  reason?: string;
  placed?: number;
}

/** Claimed, started, paused, released, blocked, done, done short, cancelled or expired. */
export function applyTaskStep(
  state: State,
  taskId: string,
  change: Exclude<TaskChange, 'adjust'>,
  facts: TaskFacts,
  event: StoreEvent,
): void {
  const task = changeTask(state, taskId, change);
  task.statusVersion = task.version;
  const isNobodys = change === 'release' || change === 'cancel' || change === 'expire';
  task.claimedBy = isNobodys ? '' : facts.personRef;
  task.reason = facts.reason ?? '';
  task.placed = facts.placed ?? 0;
  if (change === 'claim') task.claimedAtMs = event.recordedAtMs;
  if (change === 'start') task.startedAtMs = event.recordedAtMs;
  if (change === 'release') [task.claimedAtMs, task.startedAtMs] = [0, 0];
  if (change === 'complete') noteTaken(state, task, event.recordedAtMs);
  if (change === 'complete-short') noteEnded(state, facts.personRef, event.recordedAtMs);
  if (isClosed(task.status)) closeTask(state, task, event);
}

function changeTask(state: State, taskId: string, change: TaskChange): TaskRecord {
  const task = state.tasks.open.get(taskId);
  if (task === undefined) throw new Error(`task ${taskId} is not open: cannot ${change}`);
  const status = statusAfter(task.status, change);
  if (status === null) {
    throw new Error(`task ${taskId} is ${statusName(task.status)}: cannot ${change}`);
  }
  task.status = status;
  task.version += 1;
  return task;
}

function closeTask(state: State, task: TaskRecord, event: StoreEvent): void {
  const { open, closed } = state.tasks;
  open.delete(task.taskId);
  task.closedAtMs = event.recordedAtMs;
  closed.set(task.taskId, task);
  if (closed.size > closedTasksKept) {
    const [oldest] = closed.keys();
    if (oldest !== undefined) closed.delete(oldest);
  }
  if (task.status === TaskStatus.DONE || task.status === TaskStatus.DONE_SHORT) {
    state.tasksDoneToday += 1;
  }
  const need = findNeed(state, task.needId);
  if (need === undefined || need.taskId !== task.taskId) return;
  need.taskId = '';
  if (task.status !== TaskStatus.DONE_SHORT) return;
  // A bin that was found empty is counted so: what the record still has lies elsewhere, and may be fetched.
  const isBinCounted = task.reason === 'backroom-empty' && isBin(state, task.fromPlaceId);
  need.heldAtBackroom = isBinCounted ? -1 : refillSupply(state, task.gtin);
}

function isBin(state: Readonly<State>, placeId: string): boolean {
  return placeId !== '' && accountAt(state, placeId).kind === AccountKind.BACKROOM_BIN;
}
