/**
 * What people do without a plan, on problems of a store: take what has waited longest, or what lies
 * nearest. Weighted lateness and time on foot of both beside those of the search, as the live
 * plan prices it, and with ways for nothing.
 */
import { planPrices } from '@stockhand/edge-agent/planning/plan-search.ts';
import type { PlanAnswer, PlanProblem } from '@stockhand/edge-agent/sequencing/problem.ts';
import { seededFraction } from '@stockhand/edge-agent/sequencing/seeded-fraction.ts';
import { solve } from '@stockhand/edge-agent/sequencing/solve.ts';
import type { BenchSettings } from '../main.ts';
import { type BenchResult, judged } from '../report.ts';
import { storeProblem } from './store-problem.ts';

const sizes = [
  { tasks: 50, people: 2 },
  { tasks: 100, people: 4 },
  { tasks: 300, people: 8 },
] as const;

/** A step of somebody's round: the way there, back through the door when the cart is full. */
type Round = { time: number; room: number; last: number; route: number[] };

/** Whoever is free first takes the job for which `rank` is least. */
function habit(
  problem: PlanProblem,
  rank: (place: number, way: number) => number,
): NonNullable<PlanProblem['warmStart']> {
  const { jobs, workers, setup, initial, unload = [] } = problem;
  const rounds = workers.map(
    ({ cart = 0 }): Round => ({ time: 0, room: cart, last: -1, route: [] }),
  );
  const left = new Set(jobs.keys());
  const wayOf = ({ last, room }: Round, place: number) => {
    if (last < 0) return initial[place] ?? 0;
    const isFull = (jobs[place]?.capacity ?? 0) > room;
    return isFull ? (unload[last] ?? 0) + (initial[place] ?? 0) : (setup[last]?.[place] ?? 0);
  };
  while (left.size > 0) {
    const who = rounds.reduce(
      (first, round, at) => (round.time < (rounds[first]?.time ?? 0) ? at : first),
      0,
    );
    const [round, worker] = [rounds[who], workers[who]];
    if (round === undefined || worker === undefined) break;
    const able = [...left].filter((place) =>
      (jobs[place]?.skills ?? []).every((skill) => worker.skills?.includes(skill)),
    );
    const [next] = able.sort(
      (one, other) => rank(one, wayOf(round, one)) - rank(other, wayOf(round, other)),
    );
    if (next === undefined) {
      round.time = Number.POSITIVE_INFINITY;
      continue;
    }
    const capacity = jobs[next]?.capacity ?? 0;
    round.time += wayOf(round, next) + (jobs[next]?.duration ?? 0);
    round.room = (capacity > round.room ? (worker.cart ?? 0) : round.room) - capacity;
    round.last = next;
    round.route.push(next);
    left.delete(next);
  }
  return rounds.map(({ route }, at) => ({
    worker: workers[at]?.id ?? '',
    jobs: route.map((place) => jobs[place]?.id ?? ''),
  }));
}

export function measureHabits({ progress }: BenchSettings): BenchResult[] {
  return sizes.flatMap(({ tasks, people }) => {
    const problem = storeProblem(tasks, people);
    const asIs = (warmStart: NonNullable<PlanProblem['warmStart']>) =>
      searched({ ...problem, warmStart }, 0);
    const oldest = asIs(habit(problem, (place) => place));
    const nearest = asIs(habit(problem, (_place, way) => way));
    const plain = searched(problem, 1);
    const priced = searched({ ...problem, ...planPrices }, 1);
    progress(`habits on ${tasks} tasks and ${people} people`);
    const size = `${tasks} tasks, ${people} people`;
    return [
      ...beside(`${size}: plan`, priced, 'oldest first', oldest, 1, 1),
      ...beside(`${size}: plan`, priced, 'nearest first', nearest, 1, 1.5),
      ...beside(`${size}: plan`, priced, 'plan, ways free', plain, 1.1, 1),
    ];
  });
}

function searched(problem: PlanProblem, seconds: number): PlanAnswer {
  const endMs = performance.now() + seconds * 1_000;
  const isSpent = () => seconds === 0 || performance.now() >= endMs;
  return solve(problem, { random: seededFraction(1), budget: { isSpent } });
}

function beside(
  name: string,
  plan: PlanAnswer,
  limit: string,
  other: PlanAnswer,
  latenessGoal: number,
  waysGoal: number,
): BenchResult[] {
  const row = (unit: string, value: number, limitValue: number, goal: number) =>
    judged({
      name,
      unit,
      better: 'lower',
      value,
      limit: { name: limit, value: limitValue },
      ratio: value / Math.max(limitValue, 1),
      goal,
    });
  return [
    row('weighted lateness', plan.objective, other.objective, latenessGoal),
    row('seconds on foot', plan.ways, other.ways, waysGoal),
  ];
}
