/**
 * The sequencing search: its sum over the sixty shipped instances beside the proven optima, with
 * the rules EDD, WSPT and ATCS in the same table, and how long a replan of a store's open tasks takes.
 */
import { prepare } from '@stockhand/edge-agent/sequencing/preparation.ts';
import {
  apparentTardinessCost,
  earliestDueFirst,
  weightedShortestFirst,
} from '@stockhand/edge-agent/sequencing/rules.ts';
import { exhaustiveCost, smallProblem } from '@stockhand/edge-agent/sequencing/sample-problems.ts';
import { totalCost } from '@stockhand/edge-agent/sequencing/schedule.ts';
import { seededFraction } from '@stockhand/edge-agent/sequencing/seeded-fraction.ts';
import { Sequence, type SequenceProblem } from '@stockhand/edge-agent/sequencing/sequence.ts';
import { solve } from '@stockhand/edge-agent/sequencing/solve.ts';
import { thisMachine } from '../machine.ts';
import type { BenchSettings } from '../main.ts';
import { type BenchReport, type BenchResult, judged } from '../report.ts';
import { measureHabits } from './habits.ts';
import { type Instance, readInstances } from './instances.ts';
import { measureReplans } from './replan.ts';

/** Seconds of search, and the share of the optimum that is wanted after them. */
const searches = [
  { seconds: 0.1, goal: 1.02 },
  { seconds: 1, goal: 1.005 },
  { seconds: 5, goal: 1.003 },
] as const;

/** Problems that trying everything can answer, and moves of the search on each. */
const smallCount = 100;
const smallIterations = 4_000;

export async function measurePlan(settings: BenchSettings): Promise<BenchReport> {
  const instances = readInstances();
  const optimum = instances.reduce((sum, one) => sum + one.optimum, 0);
  const rules = {
    EDD: earliestDueFirst,
    WSPT: weightedShortestFirst,
    ATCS: apparentTardinessCost,
  };
  const results: BenchResult[] = Object.entries(rules).map(([name, rule]) => {
    const sum = instances.reduce((all, { problem }) => {
      const flat = flatProblem(problem);
      return all + new Sequence(flat, rule(flat)).cost;
    }, 0);
    return atMost(`${name}, sum`, 'lateness', sum, 'proven optima', optimum, 10);
  });
  for (const { seconds, goal } of searches) {
    if (seconds > settings.seconds * 2.5) continue;
    results.push(...searchedFor(instances, seconds, goal, optimum, settings));
  }
  results.push(smallProblems(settings), ...measureHabits(settings), ...measureReplans(settings));
  return { bench: 'plan', machine: { ...thisMachine(), seed: 1 }, results };
}

function searchedFor(
  instances: readonly Instance[],
  seconds: number,
  goal: number,
  optimum: number,
  { progress }: BenchSettings,
): BenchResult[] {
  let sum = 0;
  let optimal = 0;
  let [zeros, solvedZeros] = [0, 0];
  for (const { number, problem, optimum: least } of instances) {
    const startedMs = performance.now();
    const { objective } = solve(problem, {
      random: seededFraction(1),
      budget: { isSpent: () => performance.now() - startedMs >= seconds * 1_000 },
    });
    sum += objective;
    if (objective <= least) optimal += 1;
    if (least === 0) {
      zeros += 1;
      if (objective === 0) solvedZeros += 1;
    }
    progress(`${seconds} s, instance ${number}: ${objective} of ${least}`);
  }
  const share = seconds >= 5 ? 0.8 : 0;
  return [
    atMost(`search of ${seconds} s, sum`, 'lateness', sum, 'proven optima', optimum, goal),
    atLeast(`search of ${seconds} s, optimal`, optimal, 'instances', instances.length, share),
    atLeast(
      `search of ${seconds} s, zero optima`,
      solvedZeros,
      'of them',
      zeros,
      seconds >= 5 ? 1 : 0,
    ),
  ];
}

/** Two or three people, carts, skills, deadlines, precedence: beside what trying everything finds. */
function smallProblems({ progress }: BenchSettings): BenchResult {
  let near = 0;
  for (let seed = 1; seed <= smallCount; seed += 1) {
    const problem = smallProblem(seed);
    const prepared = prepare(problem);
    const { assignments } = solve(problem, {
      random: seededFraction(seed),
      budget: { isSpent: (iterations) => iterations >= smallIterations },
    });
    const indexOf = new Map(prepared.jobs.map(({ id }, index) => [id, index]));
    const routes = assignments.map(({ jobs }) => jobs.flatMap(({ id }) => indexOf.get(id) ?? []));
    if (totalCost(prepared, routes) <= exhaustiveCost(problem) * 1.01) near += 1;
  }
  progress(`small problems: ${near} of ${smallCount}`);
  return atLeast('small problems within 1 %', near, 'all tried out', smallCount, 1);
}

function flatProblem({ jobs, setup, initial }: Instance['problem']): SequenceProblem {
  return {
    count: jobs.length,
    durations: Float64Array.from(jobs, ({ duration }) => duration),
    dues: Float64Array.from(jobs, ({ due }) => due ?? 0),
    weights: Float64Array.from(jobs, ({ weight }) => weight ?? 1),
    setup: Float64Array.from(setup.flat()),
    initial: Float64Array.from(initial),
  };
}

function atMost(
  name: string,
  unit: string,
  value: number,
  limit: string,
  limitValue: number,
  goal: number,
): BenchResult {
  return judged({
    name,
    unit,
    better: 'lower',
    value,
    limit: { name: limit, value: limitValue },
    ratio: value / limitValue,
    goal,
  });
}

function atLeast(
  name: string,
  value: number,
  limit: string,
  limitValue: number,
  goal: number,
): BenchResult {
  return judged({
    name,
    unit: 'instances',
    better: 'higher',
    value,
    limit: { name: limit, value: limitValue },
    ratio: value / limitValue,
    goal,
  });
}
