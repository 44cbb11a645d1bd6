/**
 * The bar that shows a slot: what is believed to be there, what the task adds, and the room left.
 *
 * Shares are parts per million of the capacity. More than the capacity (an overfull shelf, or a
 * capacity that is out of date) fills the bar and no more, so that the bar never lies by shrinking.
 *
 * Example: capacity 24, on the shelf 3, task 12: 125,000 there, 500,000 to add, 375,000 free.
 */
import type { Amount } from './quantity.ts';

export interface ShelfGauge {
  therePpm: number;
  addPpm: number;
}

const whole = 1_000_000;

export function shelfGauge(
  there: Amount | undefined,
  add: Amount | undefined,
  capacity: Amount | undefined,
): ShelfGauge | undefined {
  if (capacity === undefined || capacity.count <= 0 || there === undefined) return undefined;
  const share = (amount: Amount) =>
    Math.min(whole, Math.max(0, Math.round((amount.count / capacity.count) * whole)));
  const therePpm = share(there);
  const addPpm = add === undefined ? 0 : Math.min(share(add), whole - therePpm);
  return { therePpm, addPpm };
}
