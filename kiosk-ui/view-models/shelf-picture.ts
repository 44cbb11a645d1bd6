/**
 * The picture of a slot that answers "why was I sent here?": what is believed to be there, how sure that
 * is, and the levels that it should hold.
 *
 * Everything is a share of the capacity in parts per million, cut to the bar's ends, so that an overfull
 * shelf fills the bar and no more. Levels of nothing are left out, and so is a par that is the capacity:
 * the bar's own end says it.
 *
 * Example: capacity 12, par 12, reorder point 4, minimum 2, believed 3 (2 to 4): the bar is filled to
 * 250,000, is unsure from 166,667 to 333,333, with marks at 166,667 (minimum) and 333,333 (refill).
 */
import type { SlotNeed } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { type Amount, amountOf } from './quantity.ts';

export interface LevelMark {
  kind: 'minimum' | 'reorder' | 'par';
  ppm: number;
  amount: Amount;
}

export interface ShelfPicture {
  /** Undefined when nothing is known of the slot. */
  believedPpm: number | undefined;
  /** The truth is between these with 80 %. */
  leastPpm: number;
  mostPpm: number;
  marks: LevelMark[];
}

const whole = 1_000_000;

/** Undefined when the slot has no capacity to compare with. */
export function shelfPicture(need: SlotNeed): ShelfPicture | undefined {
  const capacity = amountOf(need.capacity)?.count ?? 0;
  if (capacity <= 0) return undefined;
  const share = (count: number) =>
    Math.min(whole, Math.max(0, Math.round((count / capacity) * whole)));
  const believed = amountOf(need.believed);
  const level = (kind: LevelMark['kind'], amount: Amount | undefined): LevelMark[] =>
    amount === undefined || amount.count <= 0 || (kind === 'par' && amount.count >= capacity)
      ? []
      : [{ kind, ppm: share(amount.count), amount }];
  return {
    believedPpm: believed && share(believed.count),
    leastPpm: share(amountOf(need.least)?.count ?? believed?.count ?? 0),
    mostPpm: share(amountOf(need.most)?.count ?? believed?.count ?? 0),
    marks: [
      ...level('minimum', amountOf(need.presentationMinimum)),
      ...level('reorder', amountOf(need.reorderPoint)),
      ...level('par', amountOf(need.par)),
    ],
  };
}
