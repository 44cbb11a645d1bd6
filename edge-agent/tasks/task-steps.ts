/**
 * Claim, start, block and release: who may change a task from which status, and against which version.
 *
 * The questions are asked in the order in which the answer helps most: does the task exist, is it still
 * open, does someone else have it, is the step allowed now, has it changed since it was seen.
 */
import type { BlockTask, PauseTask } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { TaskStatus } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { refusal, refused } from '../errors.ts';
import type { Recorder } from '../events/recorder.ts';
import type { Outcome, Refusal } from '../input.ts';
import type { Person } from './actions.ts';
import { statusAfter, statusName, type TaskChange } from './life-cycle.ts';
import { isHeld, type TaskRecord } from './task-book.ts';

/** Longest reason that people may give. */
const reasonTextLimit = 500;

/** Leads and managers may act on a task that someone else has. */
function mayReassign(person: Person): boolean {
  return person.role === 'lead' || person.role === 'manager';
}

export type TaskAnswer = { task: TaskRecord } | { fault: Refusal };

/** The task, if this person may change it so. `mayOverride`: leads may take it out of others' hands. */
export function taskFor(
  recorder: Recorder,
  person: Person,
  taskId: string,
  change: TaskChange,
  seenVersion: number,
  mayOverride = false,
): TaskAnswer {
  const { tasks } = recorder.state;
  const task = tasks.open.get(taskId);
  if (task === undefined) {
    const closed = tasks.closed.get(taskId);
    if (closed === undefined) {
      return { fault: refusal('unknown-task', 'taskId', taskId, 'a task of the board') };
    }
    return { fault: refusal('task-closed', 'taskId', statusName(closed.status), 'an open task') };
  }
  if (isHeld(task) && task.claimedBy !== person.ref && !(mayOverride && mayReassign(person))) {
    return { fault: refusal('task-taken', 'taskId', taskId, 'a task that nobody else has') };
  }
  if (statusAfter(task.status, change) === null) {
    const reason = task.status === TaskStatus.OPEN ? 'task-not-claimed' : 'wrong-status';
    const expected = `a status from which one may ${change}`;
    return { fault: refusal(reason, 'taskId', statusName(task.status), expected) };
  }
  if (seenVersion < task.statusVersion || seenVersion > task.version) {
    const expected = `version ${task.version}`;
    return { fault: refusal('stale-version', 'seenVersion', seenVersion, expected) };
  }
  return { task };
}

export function claimTask(
  recorder: Recorder,
  person: Person,
  taskId: string,
  seenVersion: number,
): Outcome {
  const task = recorder.state.tasks.open.get(taskId);
  const isMine = task?.claimedBy === person.ref && task.status !== TaskStatus.BLOCKED;
  if (isMine) return { kind: 'unchanged' };
  const answer = taskFor(recorder, person, taskId, 'claim', seenVersion);
  if ('fault' in answer) return refused(answer.fault);
  const correlation = { correlationId: answer.task.needId };
  recorder.record('taskClaimed', { taskId, personRef: person.ref }, correlation);
  return { kind: 'accepted', taskId };
}

/** Starting a task that nobody has takes it, too: one touch for "next task". */
export function startTask(
  recorder: Recorder,
  person: Person,
  taskId: string,
  seenVersion: number,
): Outcome {
  const open = recorder.state.tasks.open.get(taskId);
  if (open?.status === TaskStatus.STARTED && open.claimedBy === person.ref) {
    return { kind: 'unchanged' };
  }
  const change = open?.status === TaskStatus.OPEN ? 'claim' : 'start';
  const answer = taskFor(recorder, person, taskId, change, seenVersion);
  if ('fault' in answer) return refused(answer.fault);
  const correlation = { correlationId: answer.task.needId };
  const fields = { taskId, personRef: person.ref };
  if (change === 'claim') recorder.record('taskClaimed', fields, correlation);
  recorder.record('taskStarted', fields, correlation);
  return { kind: 'accepted', taskId };
}

/** Puts a started task down; starting it again goes on. */
export function pauseTask(
  recorder: Recorder,
  person: Person,
  { taskId, reason }: PauseTask,
  seenVersion: number,
): Outcome {
  const reasonFault = optionalReasonFault(reason);
  if (reasonFault !== null) return refused(reasonFault);
  const open = recorder.state.tasks.open.get(taskId);
  if (open?.status === TaskStatus.PAUSED && open.claimedBy === person.ref) {
    return { kind: 'unchanged' };
  }
  const answer = taskFor(recorder, person, taskId, 'pause', seenVersion);
  if ('fault' in answer) return refused(answer.fault);
  const correlation = { correlationId: answer.task.needId };
  recorder.record('taskPaused', { taskId, personRef: person.ref, reason }, correlation);
  return { kind: 'accepted', taskId };
}

export function blockTask(
  recorder: Recorder,
  person: Person,
  action: BlockTask,
  seenVersion: number,
): Outcome {
  const { taskId, reason } = action;
  const reasonFault = reasonFaultOf('reason', reason);
  if (reasonFault !== null) return refused(reasonFault);
  const answer = taskFor(recorder, person, taskId, 'block', seenVersion, true);
  if ('fault' in answer) return refused(answer.fault);
  const correlation = { correlationId: answer.task.needId };
  recorder.record('taskBlocked', { taskId, personRef: person.ref, reason }, correlation);
  return { kind: 'accepted', taskId };
}

/** Gives a task back: one's own, a blocked one, or as a lead somebody else's. */
export function releaseTask(
  recorder: Recorder,
  person: Person,
  taskId: string,
  seenVersion: number,
): Outcome {
  const answer = taskFor(recorder, person, taskId, 'release', seenVersion, true);
  if ('fault' in answer) return refused(answer.fault);
  const { task } = answer;
  const holder = task.claimedBy === '' ? person.ref : task.claimedBy;
  const reason = holder === person.ref ? 'given-back' : 'taken-back-by-lead';
  const correlation = { correlationId: task.needId };
  recorder.record('taskReleased', { taskId, personRef: holder, reason }, correlation);
  // While it was in someone's hands its need was left alone; now the slot is looked at again.
  recorder.touchedSlots.add(task.slotId);
  return { kind: 'accepted', taskId };
}

/** A reason that may be left out: in bounds when it is given. */
export function optionalReasonFault(reason: string): Refusal | null {
  if (reason.length <= reasonTextLimit && reason.isWellFormed()) return null;
  return refusal('bad-field', 'reason', reason, `at most ${reasonTextLimit} characters`);
}

/**
 * A reason must say something, in bounds. Text with half a character (a lone surrogate) would come
 * back from the log as another text, and replay would differ from what was.
 */
export function reasonFaultOf(field: string, reason: string): Refusal | null {
  if (reason.trim() !== '' && reason.length <= reasonTextLimit && reason.isWellFormed())
    return null;
  const expected = `a reason of 1 to ${reasonTextLimit} characters`;
  return refusal(reason === '' ? 'missing-field' : 'bad-field', field, reason, expected);
}
