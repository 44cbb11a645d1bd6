/**
 * Replanning: a plan is there, one task is new; how long until a better one is found that names it. The
 * limit is the patience of a person who looks at the kiosk.
 */
import type { PlanProblem } from '@stockhand/edge-agent/sequencing/problem.ts';
import { seededFraction } from '@stockhand/edge-agent/sequencing/seeded-fraction.ts';
import { solve } from '@stockhand/edge-agent/sequencing/solve.ts';
import type { BenchSettings } from '../main.ts';
import { type BenchResult, judged } from '../report.ts';

const patienceMs = 100;
const sizes = [
  { tasks: 50, people: 2 },
  { tasks: 100, people: 4 },
  { tasks: 300, people: 8 },
  { tasks: 1_000, people: 16 },
] as const;
/** Moves of the search in one replan. */
const replanIterations = 5_000;

export function measureReplans({ rounds, progress }: BenchSettings): BenchResult[] {
  return sizes.flatMap(({ tasks, people }) => {
    const problem = storeProblem(tasks, people);
    const first = solve(problem, { random: seededFraction(1), budget: after(20_000) });
    const warmStart = first.assignments.map(({ worker, jobs }) => ({
      worker,
      jobs: jobs.map(({ id }) => id).filter((id) => id !== '0'),
    }));
    const times: number[] = [];
    for (let round = 0; round < rounds * 5; round += 1) {
      const startedMs = performance.now();
      solve(
        { ...problem, warmStart },
        { random: seededFraction(round), budget: after(replanIterations) },
      );
      times.push(performance.now() - startedMs);
    }
    times.sort((one, other) => one - other);
    progress(`replan of ${tasks} tasks and ${people} people: ${times.length} times`);
    return [0.5, 0.99].map((share) => {
      const value = times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
      return judged({
        name: `replan of ${tasks} tasks, ${people} people, p${share * 100}`,
        unit: 'ms',
        better: 'lower',
        value,
        limit: { name: 'patience', value: patienceMs },
        ratio: value / patienceMs,
        goal: tasks > 300 ? 10 : 1,
      });
    });
  });
}

const after = (count: number) => ({ isSpent: (done: number) => done >= count });

/** Refills on a floor of 60 × 40 m, seconds, three hours of work for everybody. */
function storeProblem(tasks: number, people: number): PlanProblem {
  const fraction = seededFraction(tasks);
  const places = Array.from({ length: tasks }, () => [60 * fraction(), 40 * fraction()] as const);
  const seconds = (one: readonly [number, number], other: readonly [number, number]) =>
    Math.round((Math.abs(one[0] - other[0]) + Math.abs(one[1] - other[1])) / 1.2);
  return {
    jobs: places.map((_, index) => ({
      id: `${index}`,
      duration: 60 + Math.floor(120 * fraction()),
      due: Math.floor(14_400 * fraction()),
      weight: 1 + Math.floor(9 * fraction()),
      capacity: 1 + Math.floor(3 * fraction()),
      ...(fraction() < 0.1 && { skills: ['chilled'] }),
    })),
    workers: Array.from({ length: people }, (_, index) => ({
      id: `w${index}`,
      cart: 12,
      skills: index % 2 === 0 ? ['chilled'] : [],
    })),
    setup: places.map((from) => places.map((to) => seconds(from, to))),
    initial: places.map((to) => seconds([0, 0], to)),
    unload: places.map((from) => seconds(from, [0, 0])),
  };
}
