/**
 * What a task is worth to the plan: when it is due, how much each second of lateness weighs, and what
 * must not happen at all.
 *
 * A refill is due when its slot is expected to run empty (now, when it is empty); its weight is its
 * urgency, from 1 to 100. Goods that must be back in the cold and orders that a customer was promised
 * have a deadline: the plan keeps it, or says that nobody can. What the store learned about a type
 * (`typeWeights`) multiplies the weight, and who may override the order has the last word: first means
 * due now and a hundred times the weight, last means due tomorrow and hardly any.
 *
 * Example: a slot with 6 pieces at 2 an hour and urgency 400,000: due in three hours, weight 40.
 */
import { Priority } from '@stockhand/proto/events/v1alpha/plan_events_pb.js';
import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import { minutesUntilEmpty } from '../replenishment/empty-time.ts';
import type { State } from '../state.ts';
import type { TaskRecord } from '../tasks/task-book.ts';
import { learnedWeightPpm } from './priority.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const ppmOfOne = 1_000_000;
/** Work without a time of its own is wanted within half a day. */
const calmMs = 4 * hourMs;
/** Nothing is planned later than this. */
const farMs = 24 * hourMs;
const firstFactor = 100;
/** What has lost its deadline is served soonest: it weighs so much more. */
export const lostDeadlineFactor = 10;

export interface TaskWorth {
  dueAtMs: number;
  /** Per second of lateness; 1 to 10,000. */
  weight: number;
  /** It must have ended by then; null: late is better than never. */
  deadlineMs: number | null;
}

/** `localMinute`: minute of the local day, 0 to 1,439. */
export function worthOf(
  state: Readonly<State>,
  task: TaskRecord,
  nowMs: number,
  localMinute: number,
): TaskWorth {
  const learned = learnedWeightPpm(state, task.type) / ppmOfOne;
  const weight = Math.max(1, (task.urgencyPpm / 10_000) * learned);
  if (task.priority === Priority.FIRST) {
    return { dueAtMs: nowMs, weight: weight * firstFactor, deadlineMs: null };
  }
  if (task.priority === Priority.LAST) {
    return { dueAtMs: nowMs + farMs, weight: 1 / firstFactor, deadlineMs: null };
  }
  if (task.dueAtMs > 0) {
    const isLost = task.dueAtMs <= nowMs;
    return {
      dueAtMs: task.dueAtMs,
      weight: isLost ? weight * lostDeadlineFactor : weight,
      deadlineMs: isLost ? null : task.dueAtMs,
    };
  }
  if (task.type === TaskType.REFILL) {
    const leftMs = emptyInMs(state, task, localMinute);
    return { dueAtMs: nowMs + Math.min(leftMs, farMs), weight, deadlineMs: null };
  }
  return { dueAtMs: Math.max(nowMs, task.createdAtMs + calmMs), weight, deadlineMs: null };
}

/** Until a slot is as likely empty as not; 0 when it is empty, a day when that is far off. */
export function emptyInMs(state: Readonly<State>, task: TaskRecord, localMinute: number): number {
  const slot = state.catalogue.slotById.get(task.slotId);
  const shelf = state.shelves.get(task.slotId);
  if (slot === undefined || shelf === undefined || shelf.quantity === 0) return 0;
  const minutes = minutesUntilEmpty(state, slot, shelf.belief, localMinute);
  return minutes === null ? farMs : minutes * minuteMs;
}
