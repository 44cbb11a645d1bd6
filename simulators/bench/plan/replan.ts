/**
 * Replanning: a plan is there, one task is new; how long until the live planner has one that names it. It
 * searches as long as its budget lasts; what comes on top is making the problem fit for the search and
 * the first plan. The limit is the patience of a person who looks at the kiosk.
 */
import { searchBudgetMs } from '@stockhand/edge-agent/planner/planner.ts';
import { planPrices } from '@stockhand/edge-agent/planning/plan-search.ts';
import { seededFraction } from '@stockhand/edge-agent/sequencing/seeded-fraction.ts';
import { solve } from '@stockhand/edge-agent/sequencing/solve.ts';
import type { BenchSettings } from '../main.ts';
import { type BenchResult, judged } from '../report.ts';
import { storeProblem } from './store-problem.ts';

const patienceMs = 100;
const sizes = [50, 100, 300, 1_000].flatMap((tasks) =>
  [2, 4, 8, 16].map((people) => ({ tasks, people })),
);
export function measureReplans({ rounds, progress }: BenchSettings): BenchResult[] {
  return sizes.flatMap(({ tasks, people }) => {
    const problem = { ...storeProblem(tasks, people), ...planPrices };
    const first = solve(problem, { random: seededFraction(1), budget: after(20_000) });
    const warmStart = first.assignments.map(({ worker, jobs }) => ({
      worker,
      jobs: jobs.map(({ id }) => id).filter((id) => id !== '0'),
    }));
    const times: number[] = [];
    for (let round = 0; round < rounds * 5; round += 1) {
      const startedMs = performance.now();
      const isSpent = () => performance.now() - startedMs >= searchBudgetMs;
      solve({ ...problem, warmStart }, { random: seededFraction(round), budget: { isSpent } });
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
        goal: tasks > 300 ? 2.5 : 1,
      });
    });
  });
}

const after = (count: number) => ({ isSpent: (done: number) => done >= count });
