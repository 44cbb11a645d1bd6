/** A seeded stream of numbers for the search: mulberry32 (Tommy Ettinger), 32 bits of state. */
import type { Fraction } from './sequence-search.ts';

/** The same seed gives the same numbers from 0 (inclusive) to 1 (exclusive) on any machine. */
export function seededFraction(seed: number): Fraction {
  let state = Math.trunc(seed) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}
