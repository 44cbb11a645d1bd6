/**
 * What time brings, looked at once a minute: late deliveries, exceptions that nobody answered, approvals
 * that expire, goods that stand at the dock for too long, orders that nobody collects, tasks overdue.
 *
 * Each finding is an event of its own, raised once, so it does not matter which input the look comes
 * with: a reading, a sale, or the minute's timer in a quiet night.
 */
import { TaskStatus } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { expireApprovals } from '../approvals/approval-book.ts';
import { collectHoldMs } from '../collect/collect-order.ts';
import { releaseOrder } from '../collect/collect-work.ts';
import { agentActor, type Recorder } from '../events/recorder.ts';
import { escalateOverdue, raiseException, resolveException } from '../exceptions/exception-book.ts';
import { watchDockClocks } from '../inbound/cold-chain.ts';
import { noticeLateDeliveries } from '../inbound/delivery-commands.ts';
import { scorePredictions } from '../replenishment/prediction-review.ts';
import { quantityOf } from '../stock/base-unit.ts';
import { watchBestBefore } from './best-before-work.ts';
import { expireTasks } from './expiry.ts';
import { isHeld, type TaskRecord } from './task-book.ts';

const minuteMs = 60_000;
/** In somebody's hands for longer than this, a task is asked about. */
export const inHandsLimitMs = 90 * minuteMs;
/** So long before an open pick's promise its urgency is raised. */
const hurryMs = 45 * minuteMs;
const hurryPpm = 970_000;

/** Looks with the first input of each minute. */
export function doDueWork(recorder: Recorder): void {
  const { state, moment } = recorder;
  const minute = Math.floor(moment.nowMs / minuteMs);
  if (minute === state.dueWorkMinute) return;
  state.dueWorkMinute = minute;
  noticeLateDeliveries(recorder);
  expireApprovals(recorder);
  escalateOverdue(recorder);
  watchDockClocks(recorder);
  releaseUncollected(recorder);
  watchTasks(recorder);
  expireTasks(recorder);
  watchBestBefore(recorder);
  scorePredictions(recorder);
}

function releaseUncollected(recorder: Recorder): void {
  const { nowMs } = recorder.moment;
  for (const order of [...recorder.state.collect.orders.values()]) {
    const { promiseAtMs, readyAtMs } = order;
    // One that became ready late waits from then on.
    const waitsSinceMs = Math.max(promiseAtMs, readyAtMs);
    if (nowMs - waitsSinceMs > collectHoldMs) releaseOrder(recorder, order, 'not-collected');
  }
}

function watchTasks(recorder: Recorder): void {
  const { nowMs } = recorder.moment;
  for (const task of [...recorder.state.tasks.open.values()]) {
    const { dueAtMs, claimedAtMs, status, deliveryId, orderId } = task;
    // Cold goods have their own exception (inbound/cold-chain.ts).
    if (dueAtMs > 0 && nowMs > dueAtMs && deliveryId === '') {
      tellOverdue(recorder, task, `was due ${minutesSince(dueAtMs, nowMs)} minutes ago`, '');
    } else if (isHeld(task) && claimedAtMs > 0 && nowMs - claimedAtMs > inHandsLimitMs) {
      const minutes = minutesSince(claimedAtMs, nowMs);
      const words = `has been in somebody’s hands for ${minutes} minutes`;
      // Asked anew each time the limit has passed: "it is going on" holds no goods back for ever.
      const times = Math.floor((nowMs - claimedAtMs) / inHandsLimitMs);
      const round = `/${Math.floor(claimedAtMs / minuteMs)}/${times}`;
      if (!isAsked(recorder, task.taskId)) tellOverdue(recorder, task, words, round);
    } else if (dueAtMs > 0 && orderId !== '' && dueAtMs - nowMs <= hurryMs) {
      if (status === TaskStatus.OPEN) hurry(recorder, task);
    }
  }
  for (const { type, causeKey } of [...recorder.state.exceptions.values()]) {
    if (type !== 'task-overdue') continue;
    const [taskId = '', since] = causeKey.slice(overduePrefix.length).split('/');
    const task = recorder.state.tasks.open.get(taskId);
    if (task === undefined) resolveException(recorder, causeKey, 'task closed');
    else if (since !== undefined && `${Math.floor(task.claimedAtMs / minuteMs)}` !== since) {
      resolveException(recorder, causeKey, 'given back');
    }
  }
}

const overduePrefix = 'task-overdue/';

/** Somebody is asked about it already, in whatever round. */
function isAsked({ state }: Recorder, taskId: string): boolean {
  for (const key of state.exceptions.keys()) {
    if (key.startsWith(`${overduePrefix}${taskId}/`)) return true;
  }
  return false;
}

function tellOverdue(recorder: Recorder, task: TaskRecord, words: string, round: string): void {
  const { taskId, slotId, gtin, explanation } = task;
  raiseException(recorder, {
    type: 'task-overdue',
    causeKey: `${overduePrefix}${taskId}${round}`,
    subjects: [taskId, slotId, gtin].filter((one) => one !== ''),
    evidence: `The task ${words}: ${explanation}`,
    isLasting: true,
  });
}

/** A pick that was calm when it was made is so no more. */
function hurry(recorder: Recorder, task: TaskRecord): void {
  if (task.urgencyPpm >= hurryPpm) return;
  const { taskId, gtin, quantity, explanation } = task;
  const amount = quantityOf(recorder.state, gtin, quantity);
  const fields = { taskId, quantity: amount, urgencyPpm: hurryPpm, explanation };
  recorder.record('taskChanged', fields, { actor: agentActor });
}

function minutesSince(thenMs: number, nowMs: number): number {
  return Math.round((nowMs - thenMs) / minuteMs);
}
