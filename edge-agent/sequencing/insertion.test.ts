import { expect, test } from 'vitest';
import type { PlanProblem } from './problem.ts';
import { seededFraction } from './seeded-fraction.ts';
import { solve } from './solve.ts';

/** Jobs on a line, ten units long each; one worker begins at 0 and walks. */
function onALine(places: Record<string, number>, more: Record<string, object> = {}): PlanProblem {
  const ids = Object.keys(places);
  const apart = (from: string, to: string) => Math.abs((places[from] ?? 0) - (places[to] ?? 0));
  return {
    jobs: ids.map((id) => ({ id, duration: 10, due: 1_000, ...more[id] })),
    workers: [{ id: 'w1' }],
    setup: ids.map((from) => ids.map((to) => apart(from, to))),
    initial: ids.map((id) => places[id] ?? 0),
    wayWeight: 1,
  };
}

function completed(problem: PlanProblem, jobs: string[]): string[] {
  const warmStart = [{ worker: 'w1', jobs }];
  const budget = { isSpent: () => true };
  const answer = solve({ ...problem, warmStart }, { random: seededFraction(1), budget });
  return (answer.assignments[0]?.jobs ?? []).map(({ id }) => id);
}

test('a new job goes where it lies on the way, and the others keep their order', () => {
  const problem = onALine({ milk: 10, jam: 90, flour: 20, salt: 80 });
  expect(completed(problem, ['milk', 'jam'])).toEqual(['milk', 'flour', 'salt', 'jam']);
  expect(completed(problem, ['jam', 'milk'])[0]).toBe('jam');
});

test('what is next stays next, unless something presses', () => {
  const calm = onALine({ milk: 50, jam: 90, flour: 49 });
  expect(completed(calm, ['milk', 'jam'])).toEqual(['milk', 'flour', 'jam']);
  const pressing = onALine({ milk: 50, jam: 90, flour: 49 }, { flour: { due: 0, weight: 50 } });
  expect(completed(pressing, ['milk', 'jam'])).toEqual(['flour', 'milk', 'jam']);
});
