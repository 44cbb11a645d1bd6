/**
 * A lead puts a task before all others, or behind them, and says why: the plan obeys, and the store learns
 * from it how much tasks of that type count.
 *
 * Each such choice moves the weight of the task's type by a tenth towards what was chosen, within half
 * and twice what the rules say (or the bounds that HQ gave); taking a choice back unlearns nothing, for
 * it was a choice, too. Only orders among open tasks that nobody has are changed.
 *
 * Example: twice a week Dora puts a click-and-collect pick first. After three times picks weigh
 * 1.1³ = 1.33 of what they did, and come first by themselves when it is close.
 */

import {
  Priority,
  type PriorityOverridden,
} from '@stockhand/proto/events/v1alpha/plan_events_pb.js';
import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import type { OverridePriority } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { refusal, refused } from '../errors.ts';
import type { Recorder } from '../events/recorder.ts';
import type { Outcome } from '../input.ts';
import type { State } from '../state.ts';
import { isHeld } from '../tasks/task-book.ts';
import { reasonFaultOf } from '../tasks/task-steps.ts';

const ppmOfOne = 1_000_000;
const stepPpm = 1_100_000;

/** Bounds of what may be learned where HQ gives none. */
const usualBoundsPpm = { least: 500_000, most: 2_000_000 } as const;

export function overridePriority(
  recorder: Recorder,
  personRef: string,
  { taskId, priority, reason }: OverridePriority,
): Outcome {
  const { state } = recorder;
  const task = state.tasks.open.get(taskId);
  if (task === undefined) {
    return refused(refusal('unknown-task', 'taskId', taskId, 'an open task of the board'));
  }
  if (isHeld(task)) {
    return refused(refusal('task-taken', 'taskId', taskId, 'a task that nobody has in hands'));
  }
  if (priority === Priority.UNSPECIFIED || Priority[priority] === undefined) {
    const expected = 'FIRST, LAST or AS_RECKONED';
    return refused(refusal('bad-field', 'priority', priority, expected));
  }
  const fault = reasonFaultOf('reason', reason);
  if (fault !== null) return refused(fault);
  const isReckoned = task.priority === Priority.UNSPECIFIED && priority === Priority.AS_RECKONED;
  if (task.priority === priority || isReckoned) return { kind: 'unchanged' };
  recorder.record(
    'priorityOverridden',
    {
      taskId,
      priority,
      personRef,
      reason,
      taskType: task.type,
      typeWeightPpm: learned(state, task.type, priority),
    },
    { correlationId: task.needId },
  );
  return { kind: 'accepted', taskId };
}

function learned(state: Readonly<State>, type: TaskType, priority: Priority): number {
  const known = learnedWeightPpm(state, type);
  if (priority === Priority.AS_RECKONED) return known;
  const moved =
    priority === Priority.FIRST ? (known * stepPpm) / ppmOfOne : (known * ppmOfOne) / stepPpm;
  return Math.round(withinBounds(state, moved));
}

/** How much tasks of a type count, within the bounds that HQ gives now, in parts per million. */
export function learnedWeightPpm(state: Readonly<State>, type: TaskType): number {
  return withinBounds(state, state.planning.typeWeights.get(TaskType[type]) ?? ppmOfOne);
}

function withinBounds(state: Readonly<State>, weightPpm: number): number {
  const { learnedWeightLeastPpm, learnedWeightMostPpm } = state.catalogue.facts.store;
  const least = learnedWeightLeastPpm || usualBoundsPpm.least;
  const most = Math.max(least, learnedWeightMostPpm || usualBoundsPpm.most);
  return Math.min(most, Math.max(least, weightPpm));
}

export function applyPriorityOverridden(state: State, overridden: PriorityOverridden): void {
  const { taskId, priority, taskType, typeWeightPpm } = overridden;
  state.planning.typeWeights.set(TaskType[taskType], typeWeightPpm);
  const task = state.tasks.open.get(taskId);
  if (task === undefined) return;
  task.priority = priority === Priority.AS_RECKONED ? Priority.UNSPECIFIED : priority;
  task.version += 1;
}
