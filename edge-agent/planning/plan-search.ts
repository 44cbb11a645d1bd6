/**
 * From a snapshot of the store to a proposed plan: the sequencing problem is built (minutes on foot
 * between any two tasks, carts, hours of work), solved from the plan so far, and read back.
 *
 * A stretch of work between two breaks is a worker of its own, so breaks are kept; what somebody has in
 * their hands stays with them, first, whatever its skill and the size of their cart (stretches.ts); where
 * they have gone with it, nobody else is sent. Between two refills on one cart one walks from bin to bin and from
 * slot to slot; before any other task from where the last one ended to where the next begins. A task that cannot keep
 * its deadline is planned again without one, as late work that weighs most: a promise that cannot be
 * kept is still served soonest.
 *
 * A new plan must be worth it: the plan so far, with what is new put in where it costs least, stays unless
 * the new one is better by a twentieth, and by three minutes of one weight or on foot.
 */
import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import type { StoreMap } from '../catalogue/store-map.ts';
import type { PlanAnswer, PlanProblem, PlanWorker } from '../sequencing/problem.ts';
import { seededFraction } from '../sequencing/seeded-fraction.ts';
import type { SearchBudget } from '../sequencing/sequence-search.ts';
import { solve } from '../sequencing/solve.ts';
import type { PlanSnapshot, SnapshotTask } from './plan-snapshot.ts';
import type { Hands } from './shifts.ts';
import { shareOut, type Tables } from './stretches.ts';
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
const worthwhileSeconds = 180;

/**
 * What the plan pays beside seconds of lateness by weight (1 to 100). A second on foot costs as much as a
 * second of the calmest late task: what is in time is done along the way, what presses does not wait for a
 * shorter one. Each second until a task has ended costs a thirtieth of that, so that calm work is
 * spread over everybody instead of left to whoever stands nearest. Figures: README.md.
 */
export const planPrices = { wayWeight: 1, endWeight: 0.03 } as const;

/**
 * `budget` ends the search for a better order; the plan so far is completed in any case. Where there are
 * deadlines, `half` ends a first search that finds out which of them are lost.
 */
export function findPlan(
  all: PlanSnapshot,
  map: StoreMap,
  budget: SearchBudget,
  half: SearchBudget = budget,
): FoundPlan {
  const [snapshot, gone] = withoutGone(all);
  const hardProblem = problemOf(snapshot, map, new Set());
  const hasDeadlines = snapshot.tasks.some(({ deadlineMs }) => deadlineMs !== null);
  const first = solve(hardProblem, options(snapshot, hasDeadlines ? half : budget));
  const lost = new Set(
    first.notScheduled
      .map(({ id }) => id)
      .filter((id) => snapshot.tasks.some((one) => one.taskId === id && one.deadlineMs !== null)),
  );
  const problem = lost.size === 0 ? hardProblem : problemOf(snapshot, map, lost);
  // What is lost goes into what was found where it costs least, and the search goes on from there.
  const warmStart = first.assignments.map(({ worker, jobs }) => ({
    worker,
    jobs: jobs.map(({ id }) => id),
  }));
  const best =
    lost.size === 0 ? first : solve({ ...problem, warmStart }, options(snapshot, budget));
  const kept = snapshot.previous.size === 0 ? null : solve(problem, options(snapshot, noSearch));
  const isKept = kept !== null && !isWorthwhile(best, kept);
  const plan = planOf(snapshot, isKept ? kept : best, isKept);
  return { ...plan, unplanned: [...plan.unplanned, ...gone] };
}

/** Without work in the hands of people who have gone: it is not anybody else's as long as they have it. */
function withoutGone(snapshot: PlanSnapshot): [PlanSnapshot, FoundPlan['unplanned']] {
  const atWork = new Set(snapshot.hands.map(({ personRef }) => personRef));
  const isGone = ({ heldBy }: SnapshotTask) => heldBy !== '' && !atWork.has(heldBy);
  const reason = 'whoever has it in hands is not at work';
  const gone = snapshot.tasks.filter(isGone).map(({ taskId }) => ({ taskId, reason }));
  if (gone.length === 0) return [snapshot, gone];
  return [{ ...snapshot, tasks: snapshot.tasks.filter((task) => !isGone(task)) }, gone];
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
  const { tasks, hands, nowMs, doorPlaceId, precedence } = snapshot;
  const seconds = (from: string, to: string) =>
    Math.round(map.distance(from, to) / walkCentimetresPerSecond);
  const inSeconds = (atMs: number) => Math.round((atMs - nowMs) / 1_000);
  const carts = new Map<string, number>();
  for (const one of hands) carts.set(one.personRef, cartOf(one));
  const largestCart = Math.max(0, ...carts.values());
  const jobs = tasks.map((task) => {
    const { taskId, durationSeconds, dueAtMs, weight, deadlineMs, cases, skills, heldBy } = task;
    const isLost = lostDeadlines.has(taskId);
    const isHard = deadlineMs !== null && !isLost;
    return {
      id: taskId,
      duration: Math.max(0, durationSeconds - walkWithin(task, seconds)),
      due: inSeconds(dueAtMs),
      weight: isLost ? weight * lostDeadlineFactor : weight,
      ...(isHard && { deadline: Math.max(0, inSeconds(deadlineMs)) }),
      // What no cart holds at once takes a whole cart.
      capacity: Math.min(cases, carts.get(heldBy) ?? largestCart),
      // Whoever has it in hands does it.
      skills: heldBy === '' ? skills : [],
    };
  });
  const tables = {
    jobs,
    setup: tasks.map((from) => tasks.map((to) => wayBetween(from, to, seconds))),
    initial: tasks.map((task) => seconds(doorPlaceId, task.first) + walkWithin(task, seconds)),
    unload: tasks.map(({ last }) => seconds(last, doorPlaceId)),
  };
  return { ...tables, ...staffOf(snapshot, tables), ...planPrices, precedence };
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

const cartOf = ({ cartCases }: Hands) => (cartCases > 0 ? cartCases : usualCartCases);

/** One worker for each stretch, by its place in `hands`, with what is held there, and the plan so far. */
function staffOf(
  { hands, tasks, nowMs, previous }: PlanSnapshot,
  tables: Tables,
): Required<Pick<PlanProblem, 'workers' | 'warmStart'>> {
  const placeById = new Map(tasks.map(({ taskId }, place) => [taskId, place]));
  const workers: PlanWorker[] = [];
  const warmStart: { worker: string; jobs: string[] }[] = [];
  const idsOf = (places: readonly number[] = []) =>
    places.flatMap((place) => tasks[place]?.taskId ?? []);
  for (const personRef of new Set(hands.map((one) => one.personRef))) {
    const stretches = hands.flatMap((one, index) =>
      one.personRef === personRef
        ? [
            {
              id: `${index}`,
              start: Math.max(0, Math.round((one.fromMs - nowMs) / 1_000)),
              end: Math.round((one.untilMs - nowMs) / 1_000),
              skills: [...one.skills],
              cart: cartOf(one),
            },
          ]
        : [],
    );
    const route = (previous.get(personRef) ?? []).flatMap((id) => placeById.get(id) ?? []);
    const ofPerson = [...tasks.keys()].filter((place) => tasks[place]?.heldBy === personRef);
    const held = inOrderOf(route, ofPerson);
    const planned = route.filter((place) => tasks[place]?.heldBy === '');
    const share = shareOut(tables, stretches, held, planned);
    share.workers.forEach((worker, at) => {
      workers.push({ ...worker, locked: idsOf(share.held[at]) });
      if (previous.has(personRef)) {
        warmStart.push({ worker: worker.id, jobs: idsOf(share.planned[at]) });
      }
    });
  }
  workers.sort((one, other) => Number(one.id) - Number(other.id));
  return { workers, warmStart };
}

/** As they stand in a route; what is not there comes last. */
function inOrderOf(route: readonly number[], places: readonly number[]): number[] {
  const known = new Set(places);
  const inRoute = route.filter((place) => known.has(place));
  const first = new Set(inRoute);
  return [...inRoute, ...places.filter((place) => !first.has(place))];
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
