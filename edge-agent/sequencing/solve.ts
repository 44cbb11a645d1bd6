/**
 * Solves a sequencing problem: the fast search for one sequence where there is one worker and nothing
 * else to keep (1|s_ij|Σ w_j T_j), the search for routes otherwise.
 *
 * Pure: chance and the end of the search come in. Example: `solve(problem, { random, budget })` with a
 * budget of 5,000 iterations gives the same answer for the same seed, on any machine.
 */
import { insertionLimit, insertNew } from './insertion.ts';
import { followsReason } from './precedence.ts';
import { type Prepared, prepare } from './preparation.ts';
import type { PlanAnswer, PlanProblem } from './problem.ts';
import { dispatched, lowerBound, searchRoutes } from './route-search.ts';
import { costOf, timing } from './schedule.ts';
import type { SequenceProblem } from './sequence.ts';
import { type Fraction, type SearchBudget, searchSequence } from './sequence-search.ts';

export interface SolveOptions {
  /** A seeded stream of numbers from 0 to 1. */
  random: Fraction;
  budget: SearchBudget;
  /** Told of each better plan: its cost, with 1e9 and more for each unit of weight left out. */
  improved?(cost: number): void;
}

/** A job that nothing is due for is due at the end of all days. */
const farDue = 1e12;

export function solve(problem: PlanProblem, options: SolveOptions): PlanAnswer {
  const prepared = prepare(problem);
  const improved = options.improved ?? (() => {});
  const start = startRoutes(problem, prepared);
  const plan = isOneSequence(prepared)
    ? solveSequence(prepared, options, improved, start)
    : searchRoutes(prepared, options.random, options.budget, improved, start);
  return answerOf(prepared, plan.routes, plan.iterations);
}

function isOneSequence({ jobs, workers, hasPrecedence, wayWeight, endWeight }: Prepared): boolean {
  const [worker] = workers;
  if (workers.length !== 1 || hasPrecedence || wayWeight + endWeight > 0 || worker === undefined)
    return false;
  const { start, end, locked } = worker;
  if (start !== 0 || Number.isFinite(end) || locked.length > 0) return false;
  return jobs.every(
    ({ release, deadline, capacity }) =>
      release === 0 && !Number.isFinite(deadline) && capacity === 0,
  );
}

function solveSequence(
  prepared: Prepared,
  { random, budget }: SolveOptions,
  improved: (cost: number) => void,
  start: readonly (readonly number[])[] | undefined,
): { routes: number[][]; iterations: number } {
  const { jobs, setup, initial, places } = prepared;
  const count = jobs.length;
  const problem: SequenceProblem = {
    count,
    durations: Float64Array.from(jobs, ({ duration }) => duration),
    dues: Float64Array.from(jobs, ({ due }) => Math.min(due, farDue)),
    weights: Float64Array.from(jobs, ({ weight }) => weight),
    setup: new Float64Array(count * count),
    initial: Float64Array.from(jobs, ({ place }) => initial[place] ?? 0),
  };
  jobs.forEach((from, row) => {
    jobs.forEach((to, column) => {
      problem.setup[row * count + column] = setup[from.place * places + to.place] ?? 0;
    });
  });
  const result = searchSequence(problem, random, budget, improved, start?.[0]);
  return { routes: [result.order], iterations: result.iterations };
}

/** Routes of the warm start, completed by what it does not name; undefined without one. */
function startRoutes(problem: PlanProblem, prepared: Prepared): number[][] | undefined {
  if (problem.warmStart === undefined) return undefined;
  const indexById = new Map(prepared.jobs.map(({ id }, index) => [id, index]));
  const workerById = new Map(prepared.workers.map(({ id }, worker) => [id, worker]));
  const routes = prepared.workers.map(({ locked }) => [...locked]);
  const placed = new Set(routes.flat());
  for (const { worker, jobs } of problem.warmStart) {
    const who = workerById.get(worker);
    for (const id of jobs) {
      const index = indexById.get(id);
      if (who === undefined || index === undefined || placed.has(index)) continue;
      if (!prepared.jobs[index]?.workers.includes(who)) continue;
      routes[who]?.push(index);
      placed.add(index);
    }
  }
  const added = [...prepared.jobs.keys()].filter((index) => !placed.has(index));
  if (added.length > insertionLimit) return dispatched(prepared, routes);
  insertNew(prepared, routes, added);
  return routes;
}

function answerOf(prepared: Prepared, routes: number[][], iterations: number): PlanAnswer {
  const { jobs, workers, notScheduled, faults } = prepared;
  const times = timing(prepared, routes);
  const { starts, ends, tardiness, ways } = times;
  const isOut = (index: number) => Number.isNaN(starts[index] ?? Number.NaN);
  const leftOut = jobs.flatMap(({ id, deadline, before }, index) => {
    if (!isOut(index)) return [];
    const culprit = jobs[before.find(isOut) ?? -1];
    if (culprit !== undefined) return [{ id, reason: followsReason(culprit.id) }];
    const reason = Number.isFinite(deadline)
      ? `deadline ${deadline} cannot be met beside the other jobs`
      : 'it does not fit into the shift beside the other jobs';
    return [{ id, reason }];
  });
  return {
    objective: tardiness,
    cost: costOf(prepared, times),
    ways,
    // A job that is left out costs no tardiness, so the bound of all says nothing then.
    bound: leftOut.length > 0 ? 0 : lowerBound(prepared),
    assignments: workers.map(({ id }, worker) => ({
      worker: id,
      jobs: (routes[worker] ?? []).flatMap((index) => {
        const [job, start, end] = [jobs[index], starts[index], ends[index]];
        if (job === undefined || start === undefined || end === undefined) return [];
        return Number.isNaN(start) ? [] : [{ id: job.id, start, end }];
      }),
    })),
    notScheduled: [...notScheduled, ...leftOut],
    faults,
    iterations,
  };
}
