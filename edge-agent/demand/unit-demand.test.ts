import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chanceOfAtLeast, outlook } from './unit-demand.ts';

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
