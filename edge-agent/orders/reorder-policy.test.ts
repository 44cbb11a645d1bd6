import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newsvendorQuantity } from './newsvendor.ts';
import { periodCost, poissonChances, reorderPolicy } from './reorder-policy.ts';

const reference = { orderCost: 64, holdingCost: 1, shortageCost: 9 };

describe('(s, S) for Poisson demand, K = 64, h = 1, p = 9 (Zheng and Federgruen 1991, table 1)', () => {
  const cases = [
    { mean: 10, reorderLevel: 6, orderUpTo: 40, cost: 35.02 },
    { mean: 20, reorderLevel: 14, orderUpTo: 62, cost: 49.17 },
    { mean: 50, reorderLevel: 42, orderUpTo: 108, cost: 70.98 },
  ];
  test.each(cases)('mean $mean: ($reorderLevel, $orderUpTo)', (one) => {
    const policy = reorderPolicy(poissonChances(one.mean), reference);
    expect(policy).toMatchObject({ reorderLevel: one.reorderLevel, orderUpTo: one.orderUpTo });
    expect(policy.costPerPeriod.toFixed(2)).toBe(one.cost.toFixed(2));
  });
});

/** Cost of (s, S) by the stationary chances of the stock position: no formula shared with the search. */
function simulatedCost(chances: readonly number[], s: number, top: number): number {
  const span = top - s;
  let weights: number[] = Array.from({ length: span }, () => 1 / span);
  for (let round = 0; round < 3_000; round += 1) {
    const next: number[] = weights.map(() => 0);
    weights.forEach((weight, below) => {
      chances.forEach((chance, demand) => {
        const to = below + demand >= span ? 0 : below + demand;
        next[to] = (next[to] ?? 0) + weight * chance;
      });
    });
    // The lazy chain has the same stationary chances, and forgets a demand that comes in step, too.
    weights = weights.map((weight, below) => (weight + (next[below] ?? 0)) / 2);
  }
  let cost = 0;
  weights.forEach((weight, below) => {
    const order = chances.reduce((sum, chance, d) => sum + (below + d >= span ? chance : 0), 0);
    cost += weight * (periodCost(chances, reference, top - below) + reference.orderCost * order);
  });
  return cost;
}

test('no neighbour of the policy found is cheaper, whatever the demand', () => {
  const demand = fc
    .array(fc.integer({ min: 0, max: 20 }), { minLength: 3, maxLength: 6 })
    .filter((list) => list.slice(1).some((weight) => weight > 0) && (list[0] ?? 0) > 0);
  fc.assert(
    fc.property(
      demand,
      fc.integer({ min: -2, max: 2 }),
      fc.integer({ min: -2, max: 2 }),
      (list, ds, dS) => {
        const total = list.reduce((sum, weight) => sum + weight, 0);
        const chances = list.map((weight) => weight / total);
        const found = reorderPolicy(chances, reference);
        const own = simulatedCost(chances, found.reorderLevel, found.orderUpTo);
        expect(own).toBeCloseTo(found.costPerPeriod, 4);
        const s = found.reorderLevel + ds;
        const top = Math.max(s + 1, found.orderUpTo + dS);
        expect(simulatedCost(chances, s, top)).toBeGreaterThanOrEqual(own - 1e-6);
      },
    ),
    { numRuns: 40 },
  );
});

test('chances of a Poisson demand sum to one, also where e^-mean is nothing in floats', () => {
  for (const mean of [0, 0.001, 1, 10, 746, 2_000]) {
    const chances = poissonChances(mean);
    expect(chances.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 9);
    const found = chances.reduce((sum, chance, units) => sum + chance * units, 0);
    expect(found).toBeCloseTo(mean, 6);
  }
  expect(() => poissonChances(-1)).toThrow(RangeError);
  expect(() => reorderPolicy(poissonChances(0), reference)).toThrow(RangeError);
  expect(() => reorderPolicy(poissonChances(5), { ...reference, orderCost: 0 })).toThrow(
    RangeError,
  );
});

test('a newsvendor buys what suffices as often as a unit short is dearer than one left over', () => {
  const chances = poissonChances(10);
  const cases = [
    { short: 75, left: 25, expected: 12 },
    { short: 50, left: 50, expected: 10 },
    { short: 1, left: 99, expected: 3 },
    { short: 0, left: 1, expected: 0 },
  ];
  for (const { short, left, expected } of cases) {
    expect(newsvendorQuantity(chances, short, left)).toBe(expected);
  }
  expect(newsvendorQuantity(chances, 1, 0)).toBe(chances.length - 1);
  expect(() => newsvendorQuantity(chances, 0, 0)).toThrow(RangeError);
});
