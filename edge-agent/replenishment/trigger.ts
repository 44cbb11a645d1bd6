/**
 * When a slot needs goods: minimum and maximum with hysteresis, and the chance to stand empty.
 *
 * A need arises when the believed quantity is at or below the reorder point, when staff report the slot
 * empty, or when it is likely to run empty before somebody could come again (stockout-outlook.ts); it
 * asks for what fills the slot to par. It ends only when the quantity is clearly above: half the way
 * from reorder point to par, and the risk gone. Between the two an open need stays and no new one
 * arises, so that a sensor swinging around the reorder point raises one task and not ten.
 *
 * Example: par 12, reorder point 4, presentation minimum 2. At 4 the need arises and wants 8. At 6 it
 * still stands and wants 6. At 8 it is met. At 7 without a need none arises - unless seven are wanted
 * within the next two hours.
 *
 * A policy may put another rule in the place of risk and reorder point (policy/README.md); that a slot
 * is reported, empty or below its presentation minimum, and the hysteresis, hold in any case.
 *
 * Urgency in parts per million: reported empty 950,000; empty 900,000 and up to 49,000 by what is wanted
 * of it; below the presentation minimum 600,000 to 900,000; at or below the reorder point 200,000 to
 * 600,000, by how far; likely to run empty 200,000 to 850,000, by how likely.
 */
import { NeedReason } from '@stockhand/proto/events/v1alpha/replenishment_events_pb.js';
import { type BaseUnit, quantityText } from '@stockhand/proto/vocabulary/quantity.ts';
import type { Slot } from '../catalogue/catalogue.ts';
import { thresholds } from '../policy/settings.ts';
import { type SlotOutlook, windowMinutes } from './stockout-outlook.ts';

/** Numbers of the policy in force; see policy/settings.ts. */
export interface TriggerLevels {
  /** Chance to run empty in the window from which on a need arises, and below which it may end. */
  riskLimitPpm: number;
  riskCalmPpm: number;
  /** From here on a slot counts as empty, whatever the likeliest quantity is. */
  emptyLimitPpm: number;
  /** A walk for less than this share of par is made for no risk alone. */
  worthwhileSharePpm: number;
}

export const builtInLevels: TriggerLevels = {
  riskLimitPpm: thresholds['refill.riskLimitPpm'].builtIn,
  riskCalmPpm: thresholds['refill.riskCalmPpm'].builtIn,
  emptyLimitPpm: thresholds['refill.emptyLimitPpm'].builtIn,
  worthwhileSharePpm: thresholds['refill.worthwhileSharePpm'].builtIn,
};
/** Units wanted in the window at which an empty slot is half way to its greatest urgency. */
const halfUrgentMilliUnits = 4_000;

export interface SlotSituation {
  slot: Slot;
  onShelf: number;
  inBackroom: number;
  /** Staff said that it is empty, and nothing has been seen in it since. */
  isReported: boolean;
  hasOpenNeed: boolean;
  outlook: SlotOutlook;
}

export type Verdict =
  | { kind: 'enough' }
  | { kind: 'needed'; wanted: number; reason: NeedReason; urgencyPpm: number };

/** The quantity at which an open need ends. */
export function recoveryLevel(slot: Slot): number {
  const band = Math.max(1, Math.ceil((slot.par - slot.reorderPoint) / 2));
  return Math.min(slot.par, slot.reorderPoint + band);
}

/** The built-in rule `refill.raise`: what holds where the policy names none. */
export function isRaised(situation: SlotSituation, levels: TriggerLevels = builtInLevels): boolean {
  const { slot, onShelf, hasOpenNeed, outlook } = situation;
  if (onShelf <= slot.reorderPoint || outlook.pEmptyPpm >= levels.emptyLimitPpm) return true;
  const isWorthwhile = (slot.par - onShelf) * 1_000_000 >= slot.par * levels.worthwhileSharePpm;
  const riskPpm = hasOpenNeed ? levels.riskCalmPpm : levels.riskLimitPpm;
  return isWorthwhile && outlook.pEmptySoonPpm >= riskPpm;
}

/** `byRule`: what the rule of the policy says; null: the built-in one holds. */
export function judgeSlot(
  situation: SlotSituation,
  levels: TriggerLevels = builtInLevels,
  byRule: boolean | null = null,
): Verdict {
  const { slot, onShelf, hasOpenNeed, isReported } = situation;
  const wanted = slot.par - onShelf;
  if (wanted <= 0) return { kind: 'enough' };
  // Hard rules, which no policy switches off; an empty slot is below any reorder point.
  const isHard = isReported || onShelf <= 0 || onShelf < slot.presentationMinimum;
  const isStillOpen = hasOpenNeed && onShelf < recoveryLevel(slot);
  if (!(isHard || isStillOpen || (byRule ?? isRaised(situation, levels)))) {
    return { kind: 'enough' };
  }
  const reason = reasonOf(situation, levels, byRule === true);
  return { kind: 'needed', wanted, reason, urgencyPpm: urgencyOf(situation, reason) };
}

/** The sum behind a need, for staff: what is there, what is wanted, what the backroom has. */
export function explainNeed(
  situation: SlotSituation,
  wanted: number,
  unit: BaseUnit,
  { riskLimitPpm }: TriggerLevels = builtInLevels,
): string {
  const { slot, onShelf, inBackroom, outlook } = situation;
  const shelf = situation.isReported
    ? 'Reported empty'
    : `Shelf has ${quantityText(onShelf, unit)}`;
  const limit = quantityText(slot.reorderPoint, unit);
  const fill = `${quantityText(wanted, unit)} fill it to ${quantityText(slot.par, unit)}`;
  const backroom =
    inBackroom === 0
      ? 'the backroom has none'
      : `the backroom has ${quantityText(inBackroom, unit)}`;
  const percent = Math.round(outlook.pEmptySoonPpm / 10_000);
  const isSoon = onShelf > 0 && outlook.pEmptySoonPpm >= riskLimitPpm;
  const risk = isSoon ? ` Empty within ${windowMinutes / 60} h: ${percent} % sure.` : '';
  return `${shelf}, refill starts at ${limit}; ${fill}, ${backroom}.${risk}`;
}

function reasonOf(
  { slot, onShelf, isReported, outlook }: SlotSituation,
  { emptyLimitPpm, riskCalmPpm }: TriggerLevels,
  isByRule: boolean,
): NeedReason {
  if (isReported) return NeedReason.REPORTED_BY_STAFF;
  if (onShelf === 0 || outlook.pEmptyPpm >= emptyLimitPpm) return NeedReason.EMPTY;
  if (onShelf < slot.presentationMinimum) return NeedReason.BELOW_PRESENTATION_MINIMUM;
  if (onShelf <= slot.reorderPoint) return NeedReason.BELOW_REORDER_POINT;
  if (isByRule || outlook.pEmptySoonPpm >= riskCalmPpm) return NeedReason.LIKELY_EMPTY_SOON;
  return NeedReason.BELOW_REORDER_POINT;
}

function urgencyOf({ slot, onShelf, outlook }: SlotSituation, reason: NeedReason): number {
  if (reason === NeedReason.REPORTED_BY_STAFF) return 950_000;
  const { wantedMilliUnits, pEmptySoonPpm } = outlook;
  if (reason === NeedReason.EMPTY) {
    return 900_000 + share(wantedMilliUnits, wantedMilliUnits + halfUrgentMilliUnits, 49_000);
  }
  const risk = 200_000 + share(pEmptySoonPpm, 1_000_000, 650_000);
  if (reason === NeedReason.BELOW_PRESENTATION_MINIMUM) {
    const depth = slot.presentationMinimum - onShelf;
    return Math.max(risk, 600_000 + share(depth, slot.presentationMinimum, 300_000));
  }
  const depth = Math.max(0, slot.reorderPoint - onShelf);
  const span = slot.reorderPoint - slot.presentationMinimum;
  return Math.max(risk, 200_000 + share(depth, span, 400_000));
}

/** `part` / `whole` of `span`, rounded down, at most `span`. */
function share(part: number, whole: number, span: number): number {
  return whole <= 0 ? 0 : Math.min(span, Math.floor((part * span) / whole));
}
