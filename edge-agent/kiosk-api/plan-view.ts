/**
 * The plan for people: routes on the map, load against hands, advice, and what if there were more people.
 * Associates see their own route; leads and managers see everybody's.
 */
import { create } from '@bufbuild/protobuf';
import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import {
  type ExtraHands,
  type ShowPlanResponse,
  ShowPlanResponseSchema,
  WhatIfSchema,
} from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import type { StaffRoleName } from '../catalogue/catalogue.ts';
import { placeKinds } from '../catalogue/master-data.ts';
import type { Moment } from '../input.ts';
import {
  labourAdvice,
  labourHours,
  loadFigures,
  outcomeOf,
  type Routes,
  whatIfSentence,
} from '../planning/labour-view.ts';
import type { FoundPlan } from '../planning/plan-search.ts';
import { type PlanSnapshot, snapshotOf } from '../planning/plan-snapshot.ts';
import {
  closingTimeMs,
  type Hands,
  shiftMessage,
  shiftsOfDay,
  workingRoles,
} from '../planning/shifts.ts';
import type { PersonRecord } from '../ports.ts';
import type { State } from '../state.ts';
import { callError } from './call-errors.ts';
import { taskTitle } from './task-title.ts';

export interface PlanCaller {
  personRef: string;
  role: StaffRoleName;
}

const seesAll = ({ role }: PlanCaller) => role !== 'associate';

export interface PlanFacts {
  moment: Moment;
  people: readonly PersonRecord[];
  caller: PlanCaller;
  asOfPosition: number;
}

/** People that one question may add. */
const extraHandsLimit = 20;
const longestExtraMs = 16 * 3_600_000;
/** Stretches of people who do not exist have references that master data cannot hold. */
const extraRef = (index: number) => `?${index + 1}`;

const messageKinds = new Map([...placeKinds].map(([message, kind]) => [kind, message]));

/** The extra people of a question as the search counts them. @throws ConnectError bad-field */
export function extraHands(asked: readonly ExtraHands[], nowMs: number): Hands[] {
  if (asked.length > extraHandsLimit) {
    throw callError('bad-field', { field: 'what_if', expected: `at most ${extraHandsLimit}` });
  }
  return asked.map(({ from, until, skills }, index) => {
    const fromMs = from === undefined ? nowMs : Math.max(nowMs, timestampMs(from));
    const untilMs = until === undefined ? 0 : timestampMs(until);
    if (untilMs <= fromMs || untilMs - fromMs > longestExtraMs) {
      const expected = 'after from, within 16 hours';
      throw callError('bad-field', { field: `what_if[${index}].until`, expected });
    }
    return { personRef: extraRef(index), fromMs, untilMs, skills, cartCases: 0 };
  });
}

export function planView(state: Readonly<State>, facts: PlanFacts): ShowPlanResponse {
  const { moment, people, caller, asOfPosition } = facts;
  const { plan } = state.planning;
  const snapshot = snapshotOf(state, state.catalogue.storeMap, moment);
  const routes: Routes = plan?.routes ?? new Map();
  const nameByRef = new Map(people.map(({ personRef, name }) => [personRef, name]));
  const planned = new Set(
    [...routes.values()].flatMap((stops) => stops.map(({ taskId }) => taskId)),
  );
  const undone = snapshot.tasks.filter(({ taskId }) => plan?.unplanned.has(taskId) ?? false);
  // What came up a moment ago is in the next plan.
  const known = snapshot.tasks.filter(({ taskId }) => planned.has(taskId)).concat(undone);
  const load = loadFigures(known, moment.nowMs, snapshot.hands, routes);
  const nameOf = {
    person: (ref: string) => nameByRef.get(ref) ?? ref,
    task: (taskId: string) => titleOf(state, taskId),
  };
  const { places, walkways } = state.catalogue.facts;
  return create(ShowPlanResponseSchema, {
    asOfPosition: BigInt(asOfPosition),
    routes: routeViews(state, snapshot, routes, caller, nameOf.person),
    unplanned: undone.map(({ taskId, dueAtMs }) => ({
      taskId,
      title: nameOf.task(taskId),
      reason: plan?.unplanned.get(taskId) ?? '',
      dueAt: timestampFromMs(dueAtMs),
      priority: state.tasks.open.get(taskId)?.priority ?? 0,
    })),
    hours: labourHours(state, moment, snapshot.hands, routes).map(({ fromMs, ...figures }) => ({
      from: timestampFromMs(fromMs),
      ...figures,
    })),
    // It names people who have the day off.
    advice: seesAll(caller)
      ? labourAdvice(state, load, snapshot.hands, undone, nameOf, moment.nowMs)
      : [],
    load,
    map: places.map(({ placeId, name, kind, xCentimetres, yCentimetres }) => ({
      placeId,
      name,
      kind: messageKinds.get(kind) ?? 0,
      xCentimetres,
      yCentimetres,
    })),
    walks: walkways.map(({ fromPlaceId, toPlaceId }) => ({ fromPlaceId, toPlaceId })),
    ...(plan !== null && { plannedAt: timestampFromMs(plan.madeAtMs), occasion: plan.occasion }),
    // When others come and go, and that they are ill, is no associate's business.
    shifts: shiftsOfDay(state, moment)
      .filter(({ personRef }) => seesAll(caller) || personRef === caller.personRef)
      .map(shiftMessage),
    ...(seesAll(caller) && { staff: staffViews(state, snapshot, nameOf.person) }),
    now: timestampFromMs(moment.nowMs),
    closesAt: timestampFromMs(closingTimeMs(state, moment)),
  });
}

/** Adds how it would be with the extra people. */
export function withWhatIf(
  view: ShowPlanResponse,
  snapshot: PlanSnapshot,
  extra: readonly Hands[],
  plans: { now: FoundPlan; then: FoundPlan },
  titles: ReadonlyMap<string, string>,
): ShowPlanResponse {
  const { tasks, nowMs, hands } = snapshot;
  const before = outcomeOf(tasks, nowMs, hands, plans.now.routes);
  const after = outcomeOf(tasks, nowMs, [...hands, ...extra], plans.then.routes);
  const sentence = whatIfSentence(before, after, (taskId) => titles.get(taskId) ?? taskId);
  const [now, then] = [before.load, after.load];
  return { ...view, whatIf: create(WhatIfSchema, { now, then, sentence }) };
}

function routeViews(
  state: Readonly<State>,
  { tasks }: PlanSnapshot,
  routes: Routes,
  caller: PlanCaller,
  nameOf: (ref: string) => string,
) {
  const taskById = new Map(tasks.map((task) => [task.taskId, task]));
  return [...routes]
    .filter(([personRef]) => seesAll(caller) || personRef === caller.personRef)
    .map(([personRef, stops]) => ({
      personRef,
      personName: nameOf(personRef),
      stops: stops.flatMap(({ taskId, startsAtMs, endsAtMs }) => {
        const task = taskById.get(taskId);
        const open = state.tasks.open.get(taskId);
        if (task === undefined || open === undefined) return [];
        return [
          {
            taskId,
            title: taskTitle(state, open),
            fromPlaceId: task.first,
            placeId: task.last,
            startsAt: timestampFromMs(startsAtMs),
            endsAt: timestampFromMs(endsAtMs),
            dueAt: timestampFromMs(task.dueAtMs),
            reason: state.planning.plan?.reasons.get(taskId) ?? '',
            explanation: open.explanation,
            status: open.status,
            priority: open.priority,
            isHard: task.deadlineMs !== null,
          },
        ];
      }),
    }));
}

/** As one line; the id of a task that is open no more. */
/** What the tasks of a snapshot are called, by id. */
export function titlesOf(state: Readonly<State>, { tasks }: PlanSnapshot): Map<string, string> {
  return new Map(tasks.map(({ taskId }) => [taskId, titleOf(state, taskId)]));
}

function titleOf(state: Readonly<State>, taskId: string): string {
  const task = state.tasks.open.get(taskId);
  return task === undefined ? taskId : taskTitle(state, task);
}

/** Everybody whom the plan may send, with what is left of their day. */
function staffViews(
  state: Readonly<State>,
  { hands }: PlanSnapshot,
  nameOf: (ref: string) => string,
) {
  const present = new Set([...state.sessions.values()].map(({ personRef }) => personRef));
  return state.catalogue.facts.staff
    .filter(({ role }) => workingRoles.has(role))
    .map(({ personRef, skills }) => {
      const own = hands.filter((one) => one.personRef === personRef);
      const [first, last] = [own[0], own.at(-1)];
      return {
        personRef,
        personName: nameOf(personRef),
        isSignedIn: present.has(personRef),
        skills: [...skills],
        ...(first !== undefined && { worksFrom: timestampFromMs(first.fromMs) }),
        ...(last !== undefined && { worksUntil: timestampFromMs(last.untilMs) }),
      };
    });
}
