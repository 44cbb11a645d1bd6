/**
 * Load against hands for the rest of the day: how many minutes of work the plan holds in each hour, how
 * many minutes people have, what will be late or not done, and what to do about it.
 *
 * Example: four people until 20:00 have 1,440 minutes, the work takes 1,610: 6 tasks stay undone. Advice:
 * let the least urgent wait, or ask Ben, who works tomorrow, to come at four.
 */
import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import { type DeliveryRecord, isUnderWay, lateToleranceMs } from '../inbound/delivery.ts';
import type { Moment } from '../input.ts';
import type { State } from '../state.ts';
import type { ProposedStop } from './plan-search.ts';
import type { SnapshotTask } from './plan-snapshot.ts';
import type { PlannedStopRecord } from './planning-book.ts';
import { closingTimeMs, type Hands } from './shifts.ts';
import { casesOf, pacePpm, startValues } from './work-duration.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

export interface LabourHourFigures {
  fromMs: number;
  handsMinutes: number;
  loadMinutes: number;
  /** Work that deliveries bring which are expected in this hour, and which are no tasks yet. */
  inboundMinutes: number;
}

export interface LoadFigures {
  handsMinutes: number;
  loadMinutes: number;
  tasks: number;
  lateTasks: number;
  unplannedTasks: number;
}

export type Routes = ReadonlyMap<string, readonly (PlannedStopRecord | ProposedStop)[]>;

/** Hour by hour from now to closing, or to the end of the last shift that goes on. */
export function labourHours(
  state: Readonly<State>,
  moment: Moment,
  hands: readonly Hands[],
  routes: Routes,
): LabourHourFigures[] {
  const { nowMs } = moment;
  const endsAtMs = Math.max(closingTimeMs(state, moment), ...hands.map((one) => one.untilMs));
  const busy = [...routes].flatMap(([personRef, stops]) => busySpans(personRef, stops, hands));
  const hours: LabourHourFigures[] = [];
  for (let fromMs = Math.floor(nowMs / hourMs) * hourMs; fromMs < endsAtMs; fromMs += hourMs) {
    const start = Math.max(fromMs, nowMs);
    const untilMs = Math.min(fromMs + hourMs, endsAtMs);
    hours.push({
      fromMs: start,
      handsMinutes: minutesWithin(hands, start, untilMs),
      loadMinutes: minutesWithin(busy, start, untilMs),
      inboundMinutes: inboundMinutes(state, start, untilMs),
    });
  }
  return hours;
}

/** Checking and putting away what is to stand at the dock in this time, at the store's pace. */
function inboundMinutes(state: Readonly<State>, fromMs: number, untilMs: number): number {
  const { planning, deliveries, catalogue } = state;
  const pace = (type: TaskType) => pacePpm(planning, type) / 1_000_000;
  const secondsOfCase =
    startValues.receiveCase * pace(TaskType.RECEIVE) +
    startValues.putAwayCase * pace(TaskType.PUT_AWAY);
  let seconds = 0;
  for (const delivery of deliveries.values()) {
    const atMs = dueAtDockMs(delivery);
    if (!isUnderWay(delivery) || atMs < fromMs || atMs >= untilMs) continue;
    for (const { gtin, announced } of delivery.lines.values()) {
      seconds += casesOf(catalogue.productByGtin.get(gtin), announced) * secondsOfCase;
    }
  }
  return Math.round(seconds / 60);
}

/** The door that is kept for it says more than the notice; an estimate behind it says more still. */
function dueAtDockMs({ appointment, expectedAtMs }: Readonly<DeliveryRecord>): number {
  return Math.max(appointment?.fromMs ?? 0, expectedAtMs);
}

/** The same as one figure, with what is late and what stays undone. */
export function loadFigures(
  tasks: readonly SnapshotTask[],
  nowMs: number,
  hands: readonly Hands[],
  routes: Routes,
): LoadFigures {
  const taskById = new Map(tasks.map((task) => [task.taskId, task]));
  let [loadMs, lateTasks, planned] = [0, 0, 0];
  for (const [personRef, stops] of routes) {
    for (const span of busySpans(personRef, stops, hands)) {
      loadMs += Math.max(0, span.untilMs - Math.max(span.fromMs, nowMs));
    }
    for (const { taskId, endsAtMs } of stops) {
      const task = taskById.get(taskId);
      if (task === undefined) continue;
      planned += 1;
      taskById.delete(taskId);
      if (isLate(task, endsAtMs, nowMs)) lateTasks += 1;
    }
  }
  for (const { durationSeconds } of taskById.values()) loadMs += durationSeconds * 1_000;
  const handsMs = hands.reduce((sum, { fromMs, untilMs }) => sum + untilMs - fromMs, 0);
  return {
    handsMinutes: Math.round(handsMs / minuteMs),
    loadMinutes: Math.round(loadMs / minuteMs),
    tasks: planned + taskById.size,
    lateTasks,
    unplannedTasks: taskById.size,
  };
}

/** What nobody can end by its due time any more is late only beyond its own duration from now. */
function isLate(task: SnapshotTask, endsAtMs: number | undefined, nowMs: number): boolean {
  if (endsAtMs === undefined) return true;
  return endsAtMs > Math.max(task.dueAtMs, nowMs + task.durationSeconds * 1_000);
}

/** From the end of one stop to the end of the next one walks and works; breaks are no work. */
function busySpans(
  personRef: string,
  stops: readonly { startsAtMs: number; endsAtMs: number }[],
  hands: readonly Hands[],
): { fromMs: number; untilMs: number }[] {
  const own = hands.filter((one) => one.personRef === personRef);
  let atMs = own[0]?.fromMs ?? stops[0]?.startsAtMs ?? 0;
  return stops.map(({ startsAtMs, endsAtMs }) => {
    const stretch = own.find(({ fromMs, untilMs }) => startsAtMs >= fromMs && startsAtMs < untilMs);
    const fromMs = Math.max(atMs, stretch?.fromMs ?? startsAtMs);
    atMs = endsAtMs;
    return { fromMs: Math.min(fromMs, startsAtMs), untilMs: endsAtMs };
  });
}

function minutesWithin(
  spans: readonly { fromMs: number; untilMs: number }[],
  fromMs: number,
  untilMs: number,
): number {
  const ms = spans.reduce(
    (sum, span) =>
      sum + Math.max(0, Math.min(span.untilMs, untilMs) - Math.max(span.fromMs, fromMs)),
    0,
  );
  return Math.round(ms / minuteMs);
}

/** What to drop, or whom to ask, as sentences; `nameOf` gives people and tasks a name. */
export function labourAdvice(
  state: Readonly<State>,
  load: LoadFigures,
  hands: readonly Hands[],
  undone: readonly SnapshotTask[],
  nameOf: { person(ref: string): string; task(taskId: string): string },
  nowMs: number,
): string[] {
  const advice: string[] = [];
  const { lateTasks, unplannedTasks, handsMinutes, loadMinutes } = load;
  if (unplannedTasks > 0) {
    const least = [...undone].sort((one, other) => one.weight - other.weight).slice(0, 3);
    const names = least.map(({ taskId }) => nameOf.task(taskId)).join('; ');
    advice.push(
      `${counted(unplannedTasks, 'task')} will not be done today. Least urgent: ${names}.`,
    );
  }
  if (unplannedTasks > 0 || lateTasks > 0) {
    const atWork = new Set(hands.map(({ personRef }) => personRef));
    const free = state.catalogue.facts.staff
      .filter(({ role }) => role === 'associate' || role === 'lead')
      .filter(({ personRef }) => !atWork.has(personRef))
      .slice(0, 3)
      .map(({ personRef }) => nameOf.person(personRef));
    const late = lateTasks > 0 ? `${counted(lateTasks, 'task')} will be late. ` : '';
    if (free.length > 0) advice.push(`${late}Not at work now: ${free.join(', ')}.`);
    else if (late !== '') advice.push(`${late}Everybody is at work.`);
  }
  if (lateTasks + unplannedTasks === 0 && handsMinutes > 2 * loadMinutes && handsMinutes > 120) {
    const spare = Math.floor((handsMinutes - loadMinutes) / 60);
    advice.push(`Hands are free: about ${counted(spare, 'hour')} until closing.`);
  }
  for (const { deliveryId, expectedAtMs, arrivedAtMs } of state.deliveries.values()) {
    if (arrivedAtMs > 0 || expectedAtMs === 0 || nowMs < expectedAtMs + lateToleranceMs) continue;
    advice.push(
      `Delivery ${deliveryId} is late: whoever waited for it has other work until it is here.`,
    );
  }
  return advice;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

export interface PlanOutcome {
  load: LoadFigures;
  /** Tasks that end after they are due, or are in nobody's route. */
  troubledIds: ReadonlySet<string>;
}

/** What becomes of these tasks by a plan. */
export function outcomeOf(
  tasks: readonly SnapshotTask[],
  nowMs: number,
  hands: readonly Hands[],
  routes: Routes,
): PlanOutcome {
  const endById = new Map(
    [...routes.values()].flat().map(({ taskId, endsAtMs }) => [taskId, endsAtMs]),
  );
  const troubled = tasks.filter((task) => isLate(task, endById.get(task.taskId), nowMs));
  return {
    load: loadFigures(tasks, nowMs, hands, routes),
    troubledIds: new Set(troubled.map(({ taskId }) => taskId)),
  };
}

/** Tasks named in one sentence. */
const namedMost = 3;

/**
 * What more people change, and for which tasks. Examples: "With these people: 3 tasks late instead of 9, 0
 * undone instead of 4. In time then: Refill Butter, Refill Cola, Pick Salami and 7 more." and "Everything is
 * done in time already: more people change nothing."
 */
export function whatIfSentence(
  now: PlanOutcome,
  then: PlanOutcome,
  nameOf: (taskId: string) => string,
): string {
  const mended = [...now.troubledIds].filter((taskId) => !then.troubledIds.has(taskId));
  if (now.troubledIds.size === 0 && then.troubledIds.size === 0) {
    return 'Everything is done in time already: more people change nothing.';
  }
  const late = `${counted(then.load.lateTasks, 'task')} late instead of ${now.load.lateTasks}`;
  const undone = `${then.load.unplannedTasks} undone instead of ${now.load.unplannedTasks}`;
  const parts = [`With these people: ${late}, ${undone}.`];
  if (mended.length > 0) parts.push(`In time then: ${listed(mended.map(nameOf))}.`);
  else parts.push('They would not be there in time, or lack the skill, for what is late.');
  return parts.join(' ');
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, namedMost).join(', ');
  return names.length > namedMost ? `${shown} and ${names.length - namedMost} more` : shown;
}
