/** Random problems and an exhaustive search, for tests of the solver. */
import { prepare } from './preparation.ts';
import type { PlanProblem } from './problem.ts';
import { totalCost } from './schedule.ts';
import { seededFraction } from './seeded-fraction.ts';

/** A small problem with skills, carts, deadlines, releases, shifts and, for odd seeds, precedence. */
export function smallProblem(seed: number): PlanProblem {
  const fraction = seededFraction(seed);
  const integer = (below: number) => Math.floor(fraction() * below);
  const count = 5 + integer(2);
  const workerCount = 2 + integer(2);
  const jobs = Array.from({ length: count }, (_, index) => ({
    id: `j${index}`,
    duration: 1 + integer(20),
    due: 5 + integer(40),
    weight: 1 + integer(5),
    release: integer(3) === 0 ? integer(20) : 0,
    capacity: 1 + integer(4),
    ...(integer(4) === 0 && { deadline: 25 + integer(40) }),
    ...(integer(3) === 0 && { skills: ['chilled'] }),
  }));
  const workers = Array.from({ length: workerCount }, (_, index) => ({
    id: `w${index}`,
    start: integer(6),
    cart: 4 + integer(6),
    skills: index === 0 || integer(2) === 0 ? ['chilled'] : [],
    ...(integer(3) === 0 && { end: 60 + integer(30) }),
  }));
  const way = () => 1 + integer(8);
  return {
    jobs,
    workers,
    setup: jobs.map((_, from) => jobs.map((_, to) => (from === to ? 0 : way()))),
    initial: jobs.map(way),
    unload: jobs.map(way),
    ...(seed % 2 === 1 && { precedence: [['j0', 'j1'] as [string, string]] }),
  };
}

/** The least cost over every assignment and every order, by trying all of them. */
export function exhaustiveCost(problem: PlanProblem): number {
  const prepared = prepare(problem);
  const routes: number[][] = prepared.workers.map(() => []);
  let best = Number.POSITIVE_INFINITY;
  const place = (index: number): void => {
    const job = prepared.jobs[index];
    if (job === undefined) {
      best = Math.min(best, totalCost(prepared, routes));
      return;
    }
    for (const worker of job.workers) {
      const route = routes[worker];
      if (route === undefined) continue;
      for (let at = 0; at <= route.length; at += 1) {
        route.splice(at, 0, index);
        place(index + 1);
        route.splice(at, 1);
      }
    }
  };
  place(0);
  return best;
}

/** A single-machine problem without extras. */
export function singleProblem(seed: number, count: number): PlanProblem {
  const fraction = seededFraction(seed);
  const integer = (below: number) => Math.floor(fraction() * below);
  const jobs = Array.from({ length: count }, (_, index) => ({
    id: `${index}`,
    duration: 50 + integer(100),
    due: integer(count * 90),
    weight: integer(11),
  }));
  return {
    jobs,
    workers: [{ id: 'w1' }],
    setup: jobs.map((_, from) => jobs.map((_, to) => (from === to ? 0 : integer(60)))),
    initial: jobs.map(() => integer(60)),
  };
}
