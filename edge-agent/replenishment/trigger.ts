/**
 * When a slot needs goods: the first trigger, minimum and maximum with hysteresis.
 *
 * A need arises when the believed quantity is at or below the reorder point (or staff report the slot
 * empty), and asks for what fills the slot to par. It ends only when the quantity is clearly above:
 * half the way from reorder point to par. Between the two an open need stays and no new one arises, so
 * that a sensor swinging around the reorder point raises one task and not ten.
 *
 * Example: par 12, reorder point 4, presentation minimum 2. At 4 the need arises and wants 8. At 6 it
 * still stands and wants 6. At 8 it is met. At 7 without a need none arises.
 *
 * Urgency in parts per million: empty 900,000 and reported empty 950,000; below the presentation
 * minimum 600,000 to 900,000; at or below the reorder point 200,000 to 600,000, by how far.
 */
import { NeedReason } from '@stockhand/proto/events/v1alpha/replenishment_events_pb.js';
import { type BaseUnit, quantityText } from '@stockhand/proto/vocabulary/quantity.ts';
import type { Slot } from '../catalogue/catalogue.ts';

/** Name and version of this rule, as events name their actor. */
export const triggerRule = { id: 'min-max', version: '1' };

export interface SlotSituation {
  slot: Slot;
  onShelf: number;
  inBackroom: number;
  /** Staff said that it is empty, and nothing has been seen in it since. */
  isReported: boolean;
  hasOpenNeed: boolean;
}

export type Verdict =
  | { kind: 'enough' }
  | { kind: 'needed'; wanted: number; reason: NeedReason; urgencyPpm: number };

/** The quantity at which an open need ends. */
export function recoveryLevel(slot: Slot): number {
  const band = Math.max(1, Math.ceil((slot.par - slot.reorderPoint) / 2));
  return Math.min(slot.par, slot.reorderPoint + band);
}

export function judgeSlot(situation: SlotSituation): Verdict {
  const { slot, onShelf, hasOpenNeed } = situation;
  const wanted = slot.par - onShelf;
  const isLow = onShelf <= slot.reorderPoint;
  const isStillOpen = hasOpenNeed && onShelf < recoveryLevel(slot);
  if (wanted <= 0 || !(isLow || isStillOpen)) return { kind: 'enough' };
  const reason = reasonOf(situation);
  return { kind: 'needed', wanted, reason, urgencyPpm: urgencyOf(slot, onShelf, reason) };
}

/** The sum behind a need, for staff: what is there, what is wanted, what the backroom has. */
export function explainNeed(situation: SlotSituation, wanted: number, unit: BaseUnit): string {
  const { slot, onShelf, inBackroom } = situation;
  const shelf = situation.isReported
    ? 'Reported empty'
    : `Shelf has ${quantityText(onShelf, unit)}`;
  const limit = quantityText(slot.reorderPoint, unit);
  const fill = `${quantityText(wanted, unit)} fill it to ${quantityText(slot.par, unit)}`;
  const backroom =
    inBackroom === 0
      ? 'the backroom has none'
      : `the backroom has ${quantityText(inBackroom, unit)}`;
  return `${shelf}, refill starts at ${limit}; ${fill}, ${backroom}.`;
}

function reasonOf({ slot, onShelf, isReported }: SlotSituation): NeedReason {
  if (onShelf === 0) return isReported ? NeedReason.REPORTED_BY_STAFF : NeedReason.EMPTY;
  if (onShelf < slot.presentationMinimum) return NeedReason.BELOW_PRESENTATION_MINIMUM;
  return NeedReason.BELOW_REORDER_POINT;
}

function urgencyOf(slot: Slot, onShelf: number, reason: NeedReason): number {
  if (reason === NeedReason.REPORTED_BY_STAFF) return 950_000;
  if (reason === NeedReason.EMPTY) return 900_000;
  if (reason === NeedReason.BELOW_PRESENTATION_MINIMUM) {
    return 600_000 + share(slot.presentationMinimum - onShelf, slot.presentationMinimum, 300_000);
  }
  const depth = Math.max(0, slot.reorderPoint - onShelf);
  return 200_000 + share(depth, slot.reorderPoint - slot.presentationMinimum, 400_000);
}

/** `part` / `whole` of `span`, rounded down, at most `span`. */
function share(part: number, whole: number, span: number): number {
  return whole <= 0 ? 0 : Math.min(span, Math.floor((part * span) / whole));
}
