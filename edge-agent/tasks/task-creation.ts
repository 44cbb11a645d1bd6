/**
 * Creates tasks that serve no need of a slot: receive, put away, count, look, pick for a customer, move.
 * Ids are made of epoch and position, so that replay gives the same ones.
 */
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { ActorKind } from '@stockhand/proto/events/v1alpha/event_pb.js';
import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import type { EventActor } from '../events/event.ts';
import type { Recorder } from '../events/recorder.ts';
import { quantityOf } from '../stock/base-unit.ts';
import type { TaskRecord } from './task-book.ts';

export const workActor: EventActor = { kind: ActorKind.RULE, id: 'work', detail: '1' };

/** Open tasks at most: more than people of a hypermarket do in a week. */
export const openTasksLimit = 20_000;

export interface NewTask {
  type: TaskType;
  gtin: string;
  /** Base units of the product; lines for a receive task of several. */
  quantity: number;
  urgencyPpm: number;
  /** One sentence for staff: why. */
  explanation: string;
  slotId?: string;
  fromPlaceId?: string;
  toPlaceId?: string;
  deliveryId?: string;
  lines?: number[];
  orderId?: string;
  /** The lot that it is about. */
  lot?: string;
  bestBefore?: string;
  /** 0 or absent: whenever there is time. */
  dueAtMs?: number;
}

/** Answers the id, or null when there are too many already. */
export function createTask(recorder: Recorder, task: NewTask, causedBy = 0): string | null {
  const { state } = recorder;
  if (state.tasks.open.size >= openTasksLimit) return null;
  const { gtin, quantity, dueAtMs = 0, deliveryId = '', orderId = '', lines = [], ...rest } = task;
  const taskId = `t-${state.epoch.slice(0, 8)}-${recorder.nextPosition()}`;
  recorder.record(
    'taskCreated',
    {
      ...rest,
      taskId,
      gtin,
      quantity: quantityOf(state, gtin, quantity),
      deliveryId,
      orderId,
      lines,
      ...(dueAtMs > 0 && { dueAt: timestampFromMs(dueAtMs) }),
    },
    { actor: workActor, correlationId: orderId === '' ? deliveryId : orderId, causedBy },
  );
  return taskId;
}

/** The open task of that type about a slot, or a bin and product; undefined when there is none. */
export function findOpenTask(
  recorder: Recorder,
  isIt: (task: TaskRecord) => boolean,
): TaskRecord | undefined {
  for (const task of recorder.state.tasks.open.values()) if (isIt(task)) return task;
  return undefined;
}

export interface CountPlace {
  gtin: string;
  /** The slot to count, or empty. */
  slotId: string;
  /** The bin to count, or empty. */
  placeId: string;
}

/** Asks for a count of a slot or bin, unless one is open; answers the task's id. */
export function askForCount(
  recorder: Recorder,
  { gtin, slotId, placeId }: CountPlace,
  urgencyPpm: number,
  explanation: string,
): string | null {
  const open = findOpenTask(
    recorder,
    (task) =>
      task.type === TaskType.COUNT &&
      task.gtin === gtin &&
      task.slotId === slotId &&
      task.fromPlaceId === placeId,
  );
  if (open !== undefined) return open.taskId;
  const where = { gtin, slotId, fromPlaceId: placeId };
  return createTask(recorder, {
    type: TaskType.COUNT,
    ...where,
    quantity: 0,
    urgencyPpm,
    explanation,
  });
}

/** Asks somebody to look whether a slot is empty, unless one is open; answers the task's id. */
export function askForLook(
  recorder: Recorder,
  slotId: string,
  urgencyPpm: number,
  explanation: string,
): string | null {
  const gtin = recorder.state.catalogue.slotById.get(slotId)?.gtin;
  if (gtin === undefined) return null;
  const open = findOpenTask(
    recorder,
    (task) => task.type === TaskType.LOOK && task.slotId === slotId,
  );
  if (open !== undefined) return open.taskId;
  return createTask(recorder, {
    type: TaskType.LOOK,
    gtin,
    slotId,
    quantity: 0,
    urgencyPpm,
    explanation,
  });
}

/** Ends a task that is no longer wanted, whoever has it. */
export function cancelTask(recorder: Recorder, taskId: string, reason: string): void {
  if (!recorder.state.tasks.open.has(taskId)) return;
  recorder.record('taskCancelled', { taskId, reason }, { actor: workActor });
}
