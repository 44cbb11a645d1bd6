/**
 * Takes a proposed plan in: what a search found beside the core counts only after it was checked here.
 *
 * Meanwhile the store went on: tasks that are closed, blocked or in other hands by now are left out, and so
 * is work for people who have gone or may not do it; no fault. What somebody took meanwhile stays in
 * their route. A person whom master data does not know, a task twice, or times that make no sense are a
 * fault of the search, and refuse the whole plan. A plan that says what the one before said changes
 * nothing, as long as its times are about the same.
 *
 * Each change that somebody could notice is told with its reason: a task that goes to another person,
 * and the task that now comes next where another one was.
 *
 * Example: Anna's next was t-5. An urgent refill t-9 came up: the plan puts it first. Changes:
 * {t-9, Anna, "urgent: Shelf has 0 pieces"}.
 */
import { create } from '@bufbuild/protobuf';
import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import { ActorKind } from '@stockhand/proto/events/v1alpha/event_pb.js';
import type {
  PersonPlan,
  PlanProposed,
  PlanPublished,
} from '@stockhand/proto/events/v1alpha/plan_events_pb.js';
import { PlannedStopSchema } from '@stockhand/proto/events/v1alpha/plan_events_pb.js';
import { TaskStatus } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { refusal, refused } from '../errors.ts';
import type { EventActor, StoreEvent } from '../events/event.ts';
import type { Recorder } from '../events/recorder.ts';
import type { Outcome, Refusal } from '../input.ts';
import type { State } from '../state.ts';
import { isHeld } from '../tasks/task-book.ts';
import { skillsNeeded } from './plan-snapshot.ts';
import type { PlannedStopRecord, PlanRecord } from './planning-book.ts';
import { handsFrom } from './shifts.ts';

const plannerActor: EventActor = { kind: ActorKind.RULE, id: 'planner', detail: '1' };

export function takePlan(recorder: Recorder, proposed: PlanProposed): Outcome {
  const { state } = recorder;
  const based = Number(proposed.basedOnPosition);
  recorder.attribute(`plan/${based}`, plannerActor);
  const fault = planFault(state, proposed);
  if (fault !== null) return refused(fault);
  const atWork = new Set(handsFrom(state, recorder.moment).map(({ personRef }) => personRef));
  const people = withTaken(
    state,
    proposed.people.map((one) => withoutGone(state, one, atWork)),
  );
  const unplanned = proposed.unplanned.filter(({ taskId }) => isWaiting(state, taskId));
  if (isSame(state.planning.plan, people, unplanned)) return { kind: 'unchanged' };
  recorder.record('planPublished', {
    planId: `p-${state.epoch.slice(0, 8)}-${recorder.nextPosition()}`,
    basedOnPosition: proposed.basedOnPosition,
    occasion: proposed.occasion,
    people,
    unplanned,
    weightedLateSeconds: proposed.weightedLateSeconds,
    changes: changesOf(state, people, proposed.occasion),
  });
  return { kind: 'accepted' };
}

function planFault(state: Readonly<State>, proposed: PlanProposed): Refusal | null {
  const based = Number(proposed.basedOnPosition);
  if (based > state.position) {
    return refusal('out-of-range', 'basedOnPosition', based, `at most ${state.position}`);
  }
  const seen = new Set<string>();
  for (const [index, { personRef, stops }] of proposed.people.entries()) {
    const at = `people[${index}]`;
    if (!state.catalogue.staffByRef.has(personRef)) {
      return refusal('unknown-person', `${at}.personRef`, personRef, 'a person of the master data');
    }
    let freeMs = 0;
    for (const [place, { taskId, startsAt, endsAt }] of stops.entries()) {
      const field = `${at}.stops[${place}]`;
      if (seen.has(taskId)) return refusal('bad-field', `${field}.taskId`, taskId, 'each once');
      seen.add(taskId);
      const [from, until] = [startsAt, endsAt].map((time) => (time ? timestampMs(time) : -1));
      if (from === undefined || until === undefined || from < 0 || until < from) {
        return refusal('out-of-range', `${field}.endsAt`, `${from} to ${until}`, 'a span of time');
      }
      if (from < freeMs) {
        return refusal(
          'out-of-range',
          `${field}.startsAt`,
          from,
          'not before the stop before ends',
        );
      }
      freeMs = until;
    }
  }
  return null;
}

const isWaiting = (state: Readonly<State>, taskId: string) => {
  const task = state.tasks.open.get(taskId);
  return task !== undefined && task.status !== TaskStatus.BLOCKED;
};

function withoutGone(
  state: Readonly<State>,
  { personRef, stops }: PersonPlan,
  atWork: ReadonlySet<string>,
) {
  const skills = new Set(state.catalogue.staffByRef.get(personRef)?.skills);
  const left = stops.filter(({ taskId }) => {
    const task = state.tasks.open.get(taskId);
    if (task === undefined || !isWaiting(state, taskId)) return false;
    if (isHeld(task)) return task.claimedBy === personRef;
    return atWork.has(personRef) && skillsNeeded(state, task).every((skill) => skills.has(skill));
  });
  return { personRef, stops: left };
}

type People = ReturnType<typeof withoutGone>[];

/** What somebody took while the search ran stays in their route, first, as it was planned before. */
function withTaken(state: Readonly<State>, people: People): People {
  const known = new Set(people.flatMap(({ stops }) => stops.map(({ taskId }) => taskId)));
  return people.map(({ personRef, stops }) => {
    const taken = (state.planning.plan?.routes.get(personRef) ?? []).filter(({ taskId }) => {
      const task = state.tasks.open.get(taskId);
      return (
        !known.has(taskId) && task !== undefined && isHeld(task) && task.claimedBy === personRef
      );
    });
    const first = taken.map(({ taskId, startsAtMs, endsAtMs }) =>
      create(PlannedStopSchema, {
        taskId,
        startsAt: timestampFromMs(startsAtMs),
        endsAt: timestampFromMs(endsAtMs),
      }),
    );
    return { personRef, stops: [...first, ...stops] };
  });
}

/** Times that have moved by less are the same for people. */
const sameMs = 10 * 60_000;

function isSame(
  plan: PlanRecord | null,
  people: People,
  unplanned: readonly { taskId: string; reason: string }[],
): boolean {
  if (plan === null || plan.unplanned.size !== unplanned.length) return false;
  if (unplanned.some(({ taskId, reason }) => plan.unplanned.get(taskId) !== reason)) return false;
  if (plan.routes.size !== people.length) return false;
  return people.every(({ personRef, stops }) => {
    const route = plan.routes.get(personRef);
    if (route === undefined || route.length !== stops.length) return false;
    return stops.every(({ taskId, startsAt }, index) => {
      const before = route[index];
      if (before?.taskId !== taskId || startsAt === undefined) return false;
      return Math.abs(timestampMs(startsAt) - before.startsAtMs) < sameMs;
    });
  });
}

function changesOf(state: Readonly<State>, people: People, occasion: string) {
  const { plan } = state.planning;
  if (plan === null) return [];
  const before = new Map<string, string>();
  for (const [personRef, stops] of plan.routes) {
    for (const { taskId } of stops) before.set(taskId, personRef);
  }
  return people.flatMap(({ personRef, stops }) => {
    const moved = stops.filter(({ taskId }) => {
      const was = before.get(taskId);
      return was !== undefined && was !== personRef && !isInHands(state, taskId);
    });
    const next = stops.find(({ taskId }) => !isInHands(state, taskId));
    const oldNext = plan.routes
      .get(personRef)
      ?.find(({ taskId }) => state.tasks.open.has(taskId) && !isInHands(state, taskId));
    const isOvertaken =
      next !== undefined && oldNext !== undefined && next.taskId !== oldNext.taskId;
    const changed = new Set(moved.map(({ taskId }) => taskId));
    if (isOvertaken) changed.add(next.taskId);
    return [...changed].map((taskId) => ({ taskId, personRef, reason: occasion }));
  });
}

function isInHands(state: Readonly<State>, taskId: string): boolean {
  const task = state.tasks.open.get(taskId);
  return task !== undefined && isHeld(task);
}

/** The plan of the log becomes the plan of the state; reasons of earlier changes stay with their tasks. */
export function applyPlanPublished(state: State, plan: PlanPublished, event: StoreEvent): void {
  const routes = new Map<string, PlannedStopRecord[]>();
  const planned = new Set<string>();
  for (const { personRef, stops } of plan.people) {
    routes.set(
      personRef,
      stops.map(({ taskId, startsAt, endsAt }) => {
        planned.add(taskId);
        return {
          taskId,
          startsAtMs: startsAt === undefined ? 0 : timestampMs(startsAt),
          endsAtMs: endsAt === undefined ? 0 : timestampMs(endsAt),
        };
      }),
    );
  }
  const reasons = new Map(
    [...(state.planning.plan?.reasons ?? [])].filter(([taskId]) => planned.has(taskId)),
  );
  for (const { taskId, reason } of plan.changes) reasons.set(taskId, reason);
  state.planning.plan = {
    planId: plan.planId,
    madeAtMs: event.recordedAtMs,
    occasion: plan.occasion,
    routes,
    unplanned: new Map(plan.unplanned.map(({ taskId, reason }) => [taskId, reason])),
    reasons,
    weightedLateSeconds: Number(plan.weightedLateSeconds),
  };
}
