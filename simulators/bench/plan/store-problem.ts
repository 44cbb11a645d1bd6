/** Sequencing problems as a store meets them: refills on a floor of 60 × 40 m, carts, cold goods for some. */
import type { PlanProblem } from '@stockhand/edge-agent/sequencing/problem.ts';
import { seededFraction } from '@stockhand/edge-agent/sequencing/seeded-fraction.ts';

type Point = readonly [number, number];

/** Times in seconds; jobs stand in the order in which they came up. The same sizes give the same problem. */
export function storeProblem(tasks: number, people: number): PlanProblem {
  const fraction = seededFraction(tasks);
  const places = Array.from({ length: tasks }, (): Point => [60 * fraction(), 40 * fraction()]);
  const door: Point = [0, 0];
  const seconds = (one: Point, other: Point) =>
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
    initial: places.map((to) => seconds(door, to)),
    unload: places.map((from) => seconds(from, door)),
  };
}
