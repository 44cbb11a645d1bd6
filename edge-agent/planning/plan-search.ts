/**
 * From a snapshot of the store to a proposed plan: the sequencing problem is built (minutes on foot
 * between any two tasks, carts, hours of work), solved from the plan so far, and read back.
 *
 * A stretch of work between two breaks is a worker of its own, so breaks are kept; what somebody has in
 * their hands stays with them, first. Between two refills on one cart one walks from bin to bin and from
 * slot to slot; before any other task from where the last one ended to where the next begins. A task that cannot keep
 * its deadline is planned again without one, as late work that weighs most: a promise that cannot be
 * kept is still served soonest.
 *
 * A new plan must be worth it: the plan so far, completed by what is new, stays unless the new one is
 * better by a twentieth, and by a minute of one weight.
 */
import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import type { StoreMap } from '../catalogue/store-map.ts';
import type { PlanAnswer, PlanProblem, PlanWorker } from '../sequencing/problem.ts';
import { seededFraction } from '../sequencing/seeded-fraction.ts';
import type { SearchBudget } from '../sequencing/sequence-search.ts';
import { solve } from '../sequencing/solve.ts';
import type { PlanSnapshot, SnapshotTask } from './plan-snapshot.ts';
import { lostDeadlineFactor } from './task-worth.ts';
import { usualCartCases, walkCentimetresPerSecond } from './work-duration.ts';

export interface ProposedStop {
  taskId: string;
  startsAtMs: number;
  endsAtMs: number;
}

export interface FoundPlan {
  basedOnPosition: number;
  /** In order, by person reference; everybody who works has an entry. */
  routes: Map<string, ProposedStop[]>;
  unplanned: { taskId: string; reason: string }[];
  weightedLateSeconds: number;
  /** The plan so far was good enough: only what is new was put in. */
  isKept: boolean;
}

/** Part of the cost, and weighted seconds, that a changed order must save. */
const worthwhileShare = 0.05;
const worthwhileSeconds = 60;

/**
 * What the plan pays beside seconds of lateness by weight (1 to 100). A second on foot costs as much as a
 * second of the calmest late task: what is in time is done along the way, what presses does not wait for a
 * shorter one. Each second until a task has ended costs a thirtieth of that, so that calm work is
 * spread over everybody instead of left to whoever stands nearest. Figures: README.md.
 */
export const planPrices = { wayWeight: 1, endWeight: 0.03 } as const;

/** `budget` ends the search for a better order; the plan so far is completed in any case. */
export function findPlan(snapshot: PlanSnapshot, map: StoreMap, budget: SearchBudget): FoundPlan {
  const hardProblem = problemOf(snapshot, map, new Set());
  const first = solve(hardProblem, options(snapshot, budget));
  const lost = new Set(
    first.notScheduled
      .map(({ id }) => id)
      .filter((id) => snapshot.tasks.some((one) => one.taskId === id && one.deadlineMs !== null)),
  );
  const problem = lost.size === 0 ? hardProblem : problemOf(snapshot, map, lost);
  const best = lost.size === 0 ? first : solve(problem, options(snapshot, budget));
  const kept = snapshot.previous.size === 0 ? null : solve(problem, options(snapshot, noSearch));
  const isKept = kept !== null && !isWorthwhile(best, kept);
  return planOf(snapshot, isKept ? kept : best, isKept);
}

const noSearch: SearchBudget = { isSpent: () => true };

function options({ basedOnPosition }: PlanSnapshot, budget: SearchBudget) {
  return { random: seededFraction(basedOnPosition), budget };
}

function isWorthwhile(found: PlanAnswer, kept: PlanAnswer): boolean {
  if (found.notScheduled.length !== kept.notScheduled.length) {
    return found.notScheduled.length < kept.notScheduled.length;
  }
  const saved = kept.cost - found.cost;
  return saved > Math.max(worthwhileSeconds, kept.cost * worthwhileShare);
}

/** Seconds count from the snapshot's moment. */
export function problemOf(
  snapshot: PlanSnapshot,
  map: StoreMap,
  lostDeadlines: ReadonlySet<string>,
): PlanProblem {
  const { tasks, nowMs, doorPlaceId, precedence } = snapshot;
  const seconds = (from: string, to: string) =>
    Math.round(map.distance(from, to) / walkCentimetresPerSecond);
  const inSeconds = (atMs: number) => Math.round((atMs - nowMs) / 1_000);
  const workers = workersOf(snapshot);
  return {
    jobs: tasks.map((task) => {
      const { taskId, durationSeconds, dueAtMs, weight, deadlineMs, cases, skills } = task;
      const isLost = lostDeadlines.has(taskId);
      const isHard = deadlineMs !== null && !isLost;
      return {
        id: taskId,
        duration: Math.max(0, durationSeconds - walkWithin(task, seconds)),
        due: inSeconds(dueAtMs),
        weight: isLost ? weight * lostDeadlineFactor : weight,
        ...(isHard && { deadline: Math.max(0, inSeconds(deadlineMs)) }),
        capacity: cases,
        skills,
      };
    }),
    workers,
    setup: tasks.map((from) => tasks.map((to) => wayBetween(from, to, seconds))),
    initial: tasks.map((task) => seconds(doorPlaceId, task.first) + walkWithin(task, seconds)),
    unload: tasks.map(({ last }) => seconds(last, doorPlaceId)),
    ...planPrices,
    precedence,
    warmStart: warmStartOf(snapshot, workers),
  };
}

type Seconds = (from: string, to: string) => number;

/** From bin to slot: part of a refill's expected time, but on one cart walked once for many. */
const walkWithin = ({ type, first, last }: SnapshotTask, seconds: Seconds) =>
  type === TaskType.REFILL ? seconds(first, last) : 0;

function wayBetween(from: SnapshotTask, to: SnapshotTask, seconds: Seconds): number {
  const isSameCart = from.type === TaskType.REFILL && to.type === TaskType.REFILL;
  // On one cart: on from bin to bin before setting out, then on from slot to slot.
  if (isSameCart) return seconds(from.first, to.first) + seconds(from.last, to.last);
  return seconds(from.last, to.first) + walkWithin(to, seconds);
}

/** One worker for each stretch; only the first of a person can hold what they have in their hands. */
function workersOf({ hands, tasks, nowMs }: PlanSnapshot): PlanWorker[] {
  const seen = new Set<string>();
  return hands.map(({ personRef, fromMs, untilMs, skills, cartCases }, index) => {
    const isFirst = !seen.has(personRef);
    seen.add(personRef);
    const locked = isFirst
      ? tasks.filter(({ heldBy }) => heldBy === personRef).map(({ taskId }) => taskId)
      : [];
    return {
      id: `${index}`,
      start: Math.max(0, Math.round((fromMs - nowMs) / 1_000)),
      end: Math.round((untilMs - nowMs) / 1_000),
      skills: [...skills],
      cart: cartCases > 0 ? cartCases : usualCartCases,
      locked,
    };
  });
}

/** What was planned for a person begins with their first stretch. */
function warmStartOf({ hands, previous }: PlanSnapshot, workers: readonly PlanWorker[]) {
  return [...previous].flatMap(([personRef, jobs]) => {
    const worker = workers[hands.findIndex((one) => one.personRef === personRef)];
    return worker === undefined ? [] : [{ worker: worker.id, jobs }];
  });
}

function planOf(snapshot: PlanSnapshot, answer: PlanAnswer, isKept: boolean): FoundPlan {
  const { hands, nowMs, basedOnPosition } = snapshot;
  const routes = new Map<string, ProposedStop[]>();
  for (const { personRef } of hands) routes.set(personRef, []);
  for (const { worker, jobs } of answer.assignments) {
    const personRef = hands[Number(worker)]?.personRef ?? '';
    for (const { id, start, end } of jobs) {
      routes.get(personRef)?.push({
        taskId: id,
        startsAtMs: nowMs + Math.round(start) * 1_000,
        endsAtMs: nowMs + Math.round(end) * 1_000,
      });
    }
  }
  return {
    basedOnPosition,
    routes,
    unplanned: answer.notScheduled.map(({ id, reason }) => ({ taskId: id, reason })),
    weightedLateSeconds: Math.round(answer.objective),
    isKept,
  };
}
