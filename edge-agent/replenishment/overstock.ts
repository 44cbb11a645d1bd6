/**
 * Products of which the store has far more than it will sell: goods that block bins, age, and tie up money.
 *
 * Looked at once in each business day. A product is overstocked when what lies in the backroom and on the
 * shelf lasts longer than `overstock.coverDays` of the policy at its mean demand, and is more than twice what
 * its slots hold. A manager is told, the greatest value first and so many a
 * day at most, once for each product: send the excess back, sell it at a lower price, or let it be. It is over
 * when the cover has fallen below four fifths of the limit. Nothing moves and nothing is spent without that word.
 *
 * Example: 240 jars, slots for 24, 5 a day: 48 days of cover against 28. Excess: 240 - 28 x 5 = 100 jars.
 */
import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import { quantityText } from '@stockhand/proto/vocabulary/quantity.ts';
import { worthOf } from '../approvals/approval.ts';
import type { Product } from '../catalogue/catalogue.ts';
import { demandOfDay } from '../demand/store-demand.ts';
import type { Recorder } from '../events/recorder.ts';
import { raiseException, resolveException } from '../exceptions/exception-book.ts';
import { policyOf } from '../policy/policy.ts';
import type { State } from '../state.ts';
import { baseUnitOf } from '../stock/base-unit.ts';
import { balance, binsHolding, inBins, salesFloor } from '../stock/ledger.ts';
import { askForReturn } from '../tasks/goods-tasks.ts';

/** Products told in one day: more than that nobody decides. */
export const overstocksToldADay = 10;
/** Times what the slots hold, below which a product is never too much. */
const roomFactor = 2;
const calmShare = 0.8;

export const overstockPrefix = 'overstock/';

export interface Overstock {
  gtin: string;
  /** Base units in the store, and those beyond the limit. */
  held: number;
  excess: number;
  coverDays: number;
  valueMinorUnits: number;
}

/** What is too much of a product; null when nothing is. `limitDays` of cover are wanted. */
export function overstockOf(
  state: Readonly<State>,
  product: Product,
  limitDays: number,
): Overstock | null {
  const { gtin } = product;
  const held = inBins(state.ledger, gtin) + Math.max(0, balance(state.ledger, gtin, salesFloor));
  let room = 0;
  for (const { capacity } of state.catalogue.slotsByGtin.get(gtin) ?? []) room += capacity;
  if (held <= roomFactor * room) return null;
  const daily = demandOfDay(state.demand, state.catalogue, product);
  const coverDays = daily > 0 ? held / daily : Number.POSITIVE_INFINITY;
  if (coverDays <= limitDays) return null;
  const excess = Math.floor(held - Math.max(limitDays * daily, roomFactor * room));
  const pack = Math.max(1, product.casePack);
  const whole = Math.floor(Math.min(excess, inBins(state.ledger, gtin)) / pack) * pack;
  if (whole <= 0) return null;
  const valueMinorUnits = worthOf(state, gtin, whole);
  return { gtin, held, excess: whole, coverDays, valueMinorUnits };
}

/** The day's look, and the end of what is too much no more. */
export function noticeOverstock(recorder: Recorder): void {
  const { state } = recorder;
  const limitDays = policyOf(state.policy).threshold('overstock.coverDays');
  for (const { causeKey, type } of [...state.exceptions.values()]) {
    if (type !== 'overstock') continue;
    const product = state.catalogue.productByGtin.get(causeKey.slice(overstockPrefix.length));
    const isOver =
      product === undefined || overstockOf(state, product, limitDays * calmShare) === null;
    if (isOver) resolveException(recorder, causeKey, 'it sells down');
  }
  const found: Overstock[] = [];
  for (const product of state.catalogue.facts.products) {
    if (state.exceptions.has(overstockPrefix + product.gtin)) continue;
    const one = overstockOf(state, product, limitDays);
    if (one !== null) found.push(one);
  }
  found.sort((one, other) => other.valueMinorUnits - one.valueMinorUnits);
  for (const one of found.slice(0, overstocksToldADay)) tell(recorder, one, limitDays);
}

function tell(recorder: Recorder, one: Overstock, limitDays: number): void {
  const { state } = recorder;
  const { gtin, held, excess, coverDays } = one;
  const unit = baseUnitOf(state, gtin);
  const name = state.catalogue.productByGtin.get(gtin)?.name ?? gtin;
  const days = Number.isFinite(coverDays) ? `${Math.round(coverDays)} days` : 'for ever';
  raiseException(recorder, {
    type: 'overstock',
    causeKey: overstockPrefix + gtin,
    subjects: [gtin],
    evidence:
      `${name}: ${quantityText(held, unit)} in the store, enough for ${days} as it sells;` +
      ` ${quantityText(excess, unit)} are beyond ${limitDays} days.`,
    isLasting: true,
  });
}

/** Somebody said "send it back": whole cases from the bins that hold most. */
export function returnExcess(recorder: Recorder, gtin: string, why: string): void {
  const { state } = recorder;
  const product = state.catalogue.productByGtin.get(gtin);
  if (product === undefined) return;
  const limitDays = policyOf(state.policy).threshold('overstock.coverDays');
  let left = overstockOf(state, product, limitDays)?.excess ?? 0;
  for (const { placeId, quantity } of binsHolding(state.ledger, gtin)) {
    const part = Math.min(left, quantity);
    if (part <= 0 || hasReturn(state, gtin, placeId)) continue;
    askForReturn(recorder, { gtin, quantity: part, fromPlaceId: placeId }, why);
    left -= part;
  }
}

function hasReturn(state: Readonly<State>, gtin: string, placeId: string): boolean {
  for (const task of state.tasks.open.values()) {
    if (task.type !== TaskType.RETURN || task.gtin !== gtin) continue;
    if (task.fromPlaceId === placeId) return true;
  }
  return false;
}
