import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  chanceOf,
  chanceOfAtLeast,
  chanceOfAtMost,
  demandOver,
  outlook,
  quantileOfUnits,
} from './unit-demand.ts';

const demands = fc.record({
  mean: fc.double({ min: 0.01, max: 40, noNaN: true }),
  shape: fc.double({ min: 0.2, max: 200, noNaN: true }),
});

/** The negative binomial by the logarithm of the gamma function (Lanczos), independent of the recursion. */
function chance(units: number, { mean, shape }: { mean: number; shape: number }): number {
  const log =
    logGamma(units + shape) -
    logGamma(shape) -
    logGamma(units + 1) +
    shape * Math.log(shape / (shape + mean)) +
    units * Math.log(mean / (shape + mean));
  return Math.exp(log);
}

function logGamma(x: number): number {
  const factors = [
    676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406,
    12.507343278686905, -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
  ];
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  let sum = 0.9999999999998099;
  factors.forEach((factor, index) => {
    sum += factor / (x + index);
  });
  const t = x + factors.length - 1.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

test('the chance of at least so many equals the sum of the closed form', () => {
  fc.assert(
    fc.property(demands, fc.nat(30), (demand, units) => {
      let below = 0;
      for (let one = 0; one < units; one += 1) below += chance(one, demand);
      expect(chanceOfAtLeast(demand, units)).toBeCloseTo(1 - below, 8);
    }),
  );
});

test('the expected shortage equals the sum over all demands', () => {
  fc.assert(
    fc.property(demands, fc.nat(20), (demand, stock) => {
      const cells = Array<number>(stock + 1).fill(0);
      cells[stock] = 1;
      let short = demand.mean;
      for (let units = 0; units < stock; units += 1) {
        let tail = 1;
        for (let one = 0; one <= units; one += 1) tail -= chance(one, demand);
        short -= tail;
      }
      expect(outlook(cells, 1, demand).expectedShortUnits).toBeCloseTo(short, 6);
    }),
  );
});

test('more stock is never emptier, and no demand empties nothing', () => {
  fc.assert(
    fc.property(demands, fc.nat(30), (demand, units) => {
      expect(chanceOfAtLeast(demand, units + 1)).toBeLessThanOrEqual(
        chanceOfAtLeast(demand, units),
      );
    }),
  );
  expect(outlook([0.25, 0.75], 1, { mean: 0, shape: 2 }).pEmpty).toBe(0.25);
});

test('the chance of so many equals the closed form, also far out where its first term is 0', () => {
  fc.assert(
    fc.property(demands, fc.nat(60), (demand, units) => {
      expect(chanceOf(demand, units)).toBeCloseTo(chance(units, demand), 9);
    }),
  );
  // Nearly Poisson with mean 900: P(0) = e^-900 is 0 as a number, yet the peak is 1 / √(2π · 900).
  const peak = chanceOf({ mean: 900, shape: 1e9 }, 900);
  expect(peak).toBeCloseTo(1 / Math.sqrt(2 * Math.PI * 900), 5);
  expect(chanceOf({ mean: 2, shape: 1 }, 1.5)).toBe(0);
  // The normal distribution with the same spread: 900 + 2 · 30 is passed with 2.3 %.
  expect(chanceOfAtLeast({ mean: 900, shape: 1e9 }, 960)).toBeCloseTo(0.0228, 2);
  expect(chanceOfAtLeast({ mean: 900, shape: 1e9 }, 1100)).toBeLessThan(1e-8);
});

test('a Poisson demand whose rate is drawn from a gamma distribution has these chances', () => {
  // Brute force: the midpoint rule over the rate, for shape 2 (density r² λ e^(-rλ), r = shape / mean).
  const demand = { mean: 3, shape: 2 };
  const rate = demand.shape / demand.mean;
  const step = 0.001;
  for (const units of [0, 1, 4, 9]) {
    let sum = 0;
    let factorial = 1;
    for (let one = 2; one <= units; one += 1) factorial *= one;
    for (let lambda = step / 2; lambda < 60; lambda += step) {
      const poisson = (Math.exp(-lambda) * lambda ** units) / factorial;
      sum += poisson * rate * rate * lambda * Math.exp(-rate * lambda) * step;
    }
    expect(chanceOf(demand, units)).toBeCloseTo(sum, 6);
  }
});

test('at most, exactly and at least fit together, and with shape 1 it is geometric', () => {
  fc.assert(
    fc.property(demands, fc.nat(40), (demand, units) => {
      expect(chanceOfAtMost(demand, units) + chanceOfAtLeast(demand, units + 1)).toBeCloseTo(1, 9);
      const step = chanceOfAtMost(demand, units) - chanceOfAtMost(demand, units - 1);
      expect(step).toBeCloseTo(chanceOf(demand, units), 9);
      const { mean } = demand;
      const tail = (mean / (1 + mean)) ** units;
      expect(chanceOfAtLeast({ mean, shape: 1 }, units)).toBeCloseTo(tail, 9);
    }),
  );
});

test('a quantile is the least stock that is enough', () => {
  fc.assert(
    fc.property(demands, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (demand, level) => {
      const units = quantileOfUnits(demand, level);
      expect(chanceOfAtMost(demand, units)).toBeGreaterThanOrEqual(level);
      if (units > 0) expect(chanceOfAtMost(demand, units - 1)).toBeLessThan(level);
    }),
  );
});

test('hours under one unknown rate spread more than hours of their own', () => {
  const four = demandOver([1, 1, 2, 0], 2);
  expect(four).toEqual({ mean: 4, shape: 2 });
  // Independent hours of shape 2 and mean 4 / 4 add up to shape 8: a thinner tail.
  expect(chanceOfAtLeast(four, 12)).toBeGreaterThan(chanceOfAtLeast({ mean: 4, shape: 8 }, 12));
});
