/**
 * What waiting until the next chance is expected to lose, against what one refill costs: money that
 * ranks and decides, never books.
 *
 * Example: 1.6 units are expected to be wanted and not there within two hours, at a margin of 1.25:
 * waiting loses 2.00. A walk costs 0.80, so the refill is worth it. Once the need is open, it stands
 * until the loss is below half the cost, so that a loss that swings around the cost raises one task.
 * Without a margin in master data each unit counts with the policy's penalty.
 */
import { baseUnitsPerUnit, type Slot } from '../catalogue/catalogue.ts';
import { demandUnitOf } from '../demand/store-demand.ts';
import { upliftPpmAt } from '../orders/promotion.ts';
import type { Policy } from '../policy/policy.ts';
import type { Facts } from '../policy/settings.ts';
import type { State } from '../state.ts';
import type { SlotSituation, TriggerLevels } from './trigger.ts';

export interface WaitingMoney {
  expectedLossMinorUnits: number;
  refillCostMinorUnits: number;
}

const levelsByPolicy = new WeakMap<Policy, TriggerLevels>();

/** Read out once for each policy: the trigger runs at every reading. */
export function levelsOf(policy: Policy): TriggerLevels {
  const known = levelsByPolicy.get(policy);
  if (known !== undefined) return known;
  const levels = {
    riskLimitPpm: policy.threshold('refill.riskLimitPpm'),
    riskCalmPpm: policy.threshold('refill.riskCalmPpm'),
    emptyLimitPpm: policy.threshold('refill.emptyLimitPpm'),
    worthwhileSharePpm: policy.threshold('refill.worthwhileSharePpm'),
  };
  levelsByPolicy.set(policy, levels);
  return levels;
}

/** `shortMilliUnits`: demand units expected to be wanted and not there, in thousandths. */
export function waitingMoney(
  state: Readonly<State>,
  policy: Policy,
  slot: Slot,
  shortMilliUnits: number,
): WaitingMoney {
  const product = state.catalogue.productByGtin.get(slot.gtin);
  const penalty = policy.threshold('refill.penaltyMinorUnits');
  const marginOfUnit =
    product !== undefined && product.marginMinorUnits > 0
      ? (product.marginMinorUnits * demandUnitOf(product)) / baseUnitsPerUnit(product)
      : penalty;
  return {
    expectedLossMinorUnits: Math.round((shortMilliUnits * marginOfUnit) / 1_000),
    refillCostMinorUnits: policy.threshold('refill.costMinorUnits'),
  };
}

/** What the rule `refill.raise` decides over. */
export function refillFacts(
  state: Readonly<State>,
  policy: Policy,
  situation: SlotSituation,
  nowMs: number,
): Facts {
  const { slot, onShelf, inBackroom, hasOpenNeed, outlook } = situation;
  const product = state.catalogue.productByGtin.get(slot.gtin);
  const levels = levelsOf(policy);
  const money = waitingMoney(state, policy, slot, outlook.shortMilliUnits);
  const cost = hasOpenNeed
    ? Math.floor(money.refillCostMinorUnits / 2)
    : money.refillCostMinorUnits;
  return {
    slotId: slot.slotId,
    gtin: slot.gtin,
    category: product?.category ?? '',
    temperature: product?.temperatureClass ?? 'ambient',
    promotion: upliftPpmAt(state, slot.gtin, nowMs) > 0,
    hasOpenNeed,
    onHand: BigInt(onShelf),
    backroom: BigInt(inBackroom),
    minimum: BigInt(slot.presentationMinimum),
    reorderPoint: BigInt(slot.reorderPoint),
    par: BigInt(slot.par),
    capacity: BigInt(slot.capacity),
    wanted: BigInt(slot.par - onShelf),
    pEmptyNowPpm: BigInt(outlook.pEmptyPpm),
    pEmptyBeforeNextChancePpm: BigInt(outlook.pEmptySoonPpm),
    expectedLossMinorUnits: BigInt(money.expectedLossMinorUnits),
    refillCostMinorUnits: BigInt(cost),
    riskLimitPpm: BigInt(hasOpenNeed ? levels.riskCalmPpm : levels.riskLimitPpm),
    emptyLimitPpm: BigInt(levels.emptyLimitPpm),
    worthwhileSharePpm: BigInt(levels.worthwhileSharePpm),
  };
}

/** The reason in money, for staff; empty where waiting loses nothing. */
export function explainWaiting({
  expectedLossMinorUnits: loss,
  refillCostMinorUnits: cost,
}: WaitingMoney): string {
  if (loss <= 0) return '';
  const text = (minorUnits: number) => (minorUnits / 100).toFixed(2);
  return ` Waiting would lose about ${text(loss)}, a walk costs ${text(cost)}.`;
}
