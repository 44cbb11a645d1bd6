/** Draws of the virtual world. */
import type { RandomStream } from './random.ts';

/** Normal by the polar method of Marsaglia (1964). */
export function drawNormal(random: RandomStream, mean: number, deviation: number): number {
  while (true) {
    const x = 2 * random.fraction() - 1;
    const y = 2 * random.fraction() - 1;
    const square = x * x + y * y;
    if (square > 0 && square < 1) {
      return mean + deviation * x * Math.sqrt((-2 * Math.log(square)) / square);
    }
  }
}

/** Log-normal with mean 1: a day that is busier or calmer than the others. */
export function drawDayFactor(random: RandomStream, sigma: number): number {
  return Math.exp(drawNormal(random, (-sigma * sigma) / 2, sigma));
}

/**
 * Poisson by Knuth's product of uniforms; large means are split into parts of at most 30, for the
 * product underflows beyond about 700.
 */
export function drawPoisson(random: RandomStream, mean: number): number {
  let count = 0;
  for (let left = mean; left > 0; left -= 30) {
    const limit = Math.exp(-Math.min(left, 30));
    for (let product = random.fraction(); product > limit; product *= random.fraction()) count += 1;
  }
  return count;
}

export function isDrawn(random: RandomStream, probability: number): boolean {
  return random.fraction() < probability;
}
