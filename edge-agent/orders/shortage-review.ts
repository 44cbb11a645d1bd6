/**
 * What follows when a slot wants goods and the backroom has none: first a listed substitute, then an order
 * proposal, when it is worth one.
 *
 * Nothing is proposed for a product that a delivery brings within a day or an order of which is on its way,
 * nor for one whose last proposal is younger than a day, nor while a count of it is asked for (the record is in doubt: count first). An
 * order is worth it when the margin lost in a day is more than what an order costs. How much is the (s, S)
 * rule's: from what the store has up to S, in whole cases. Each proposal waits for somebody's approval.
 *
 * Example: crisps are out, 20 a day are wanted at a margin of 0.75, an order costs 5.00: 15.00 are at
 * stake, so up to S are proposed, and a lead is asked.
 */
import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import { quantityText } from '@stockhand/proto/vocabulary/quantity.ts';
import { worthOf } from '../approvals/approval.ts';
import { mayAsk, requestApproval } from '../approvals/approval-book.ts';
import { requiredRole } from '../approvals/approval-limits.ts';
import { baseUnitsPerUnit, type Product } from '../catalogue/catalogue.ts';
import { candidatesFor } from '../collect/substitution.ts';
import { refillSupply } from '../collect/supply.ts';
import { demandAhead, demandUnitOf } from '../demand/store-demand.ts';
import { localMinuteOf } from '../events/local-time.ts';
import type { Recorder } from '../events/recorder.ts';
import { isCover } from '../inbound/delivery.ts';
import type { Need } from '../replenishment/need.ts';
import type { State } from '../state.ts';
import { baseUnitOf, quantityOf } from '../stock/base-unit.ts';
import { balance, salesFloor } from '../stock/ledger.ts';
import { workActor } from '../tasks/task-creation.ts';
import { meanDemandLimit, poissonChances, reorderPolicy } from './reorder-policy.ts';
import { sourcingOf } from './warehouse-stock.ts';

/** Costs in minor units of the store's currency, until a policy says otherwise. */
export const emergencyOrderMinorUnits = 500;
/** Of holding one unit for a day, as a share of its price. */
const holdingShareOfPrice = 0.005;
const dayMs = 24 * 3_600_000;
/** So long an order that HQ has not answered counts as one: a store works for days without HQ. */
const unansweredMs = 7 * dayMs;
/** Opening minutes of a day looked ahead. */
const aheadMinutes = 14 * 60;

/** Looks at the needs that this step raised or changed and that the backroom cannot serve. */
export function reviewShortages(recorder: Recorder): void {
  for (const { payload } of recorder.events.slice()) {
    if (payload.case !== 'needArose' && payload.case !== 'needChanged') continue;
    const slotId = recorder.state.slotByNeed.get(payload.value.needId);
    const need = slotId === undefined ? undefined : recorder.state.needs.get(slotId);
    if (need === undefined || need.onShelf > 0) continue;
    if (refillSupply(recorder.state, need.gtin) > 0) continue;
    proposeSubstitute(recorder, need);
    proposeOrder(recorder, need);
  }
}

/** Another product for the empty slot, if master data lists one and the backroom has it. */
function proposeSubstitute(recorder: Recorder, need: Need): void {
  const { state } = recorder;
  const { gtin, slotId, needId, wanted } = need;
  for (const one of state.proposals.substitutions.values()) {
    if (one.slotId === slotId && one.gtin === gtin) return;
  }
  const candidateGtins = candidatesFor(state, gtin, wanted).filter(
    (other) => refillSupply(state, other) > 0,
  );
  if (candidateGtins.length === 0) return;
  const substitutionId = `s-${state.epoch.slice(0, 8)}-${recorder.nextPosition()}`;
  const quantity = quantityOf(state, gtin, wanted);
  recorder.record(
    'substitutionProposed',
    { substitutionId, gtin, candidateGtins, quantity, slotId },
    { actor: workActor, correlationId: needId },
  );
}

function proposeOrder(recorder: Recorder, need: Need): void {
  const { state, moment } = recorder;
  const { gtin, needId, slotId } = need;
  const product = state.catalogue.productByGtin.get(gtin);
  if (product === undefined || product.marginMinorUnits <= 0) return;
  const last = state.proposals.orders.get(gtin);
  if (last !== undefined && moment.nowMs - last.proposedAtMs < dayMs) return;
  if (isOrdered(state, gtin, moment.nowMs) || !mayAsk(state)) return;
  if (isComing(state, gtin, moment.nowMs) || isInDoubt(state, gtin)) return;
  const proposal = emergencyQuantity(
    state,
    product,
    localMinuteOf(recorder.moment.nowMs, recorder.moment.utcOffsetMinutes),
  );
  if (proposal === null) return;
  const { lostMinorUnits } = proposal;
  const {
    kind,
    quantity,
    explanation: sourced,
  } = sourcingOf(state, product, proposal.quantity, moment.nowMs);
  const unit = baseUnitOf(state, gtin);
  const valueMinorUnits = worthOf(state, gtin, quantity);
  const sums =
    `${product.name} is out: ${quantityText(quantity, unit)} for one day’s demand and the order’s` +
    ` cost; about ${lostMinorUnits} minor units of margin are lost a day.`;
  const explanation = [sums, sourced].filter((sentence) => sentence !== '').join(' ');
  const fields = {
    proposalId: `o-${state.epoch.slice(0, 8)}-${recorder.nextPosition()}`,
    gtin,
    quantity: quantityOf(state, gtin, quantity),
    kind,
    explanation,
    valueMinorUnits: BigInt(valueMinorUnits),
    slotId,
    needId,
  };
  recorder.record('orderProposed', fields, { actor: workActor, correlationId: needId });
  const role = requiredRole(recorder, valueMinorUnits);
  requestApproval(recorder, {
    requiredRole: role === 'associate' ? 'lead' : role,
    valueMinorUnits,
    requestedBy: '',
    explanation,
    subjects: [gtin, slotId],
    action: { case: 'order', value: fields },
  });
}

/** Base units to order and the margin at stake; null when it is not worth an order. */
export function emergencyQuantity(
  state: Readonly<State>,
  product: Product,
  localMinute: number,
): { quantity: number; lostMinorUnits: number } | null {
  const { demand, catalogue } = state;
  const ahead = demandAhead(demand, catalogue, product, localMinute, aheadMinutes);
  const unit = demandUnitOf(product);
  const share = unit / baseUnitsPerUnit(product);
  const marginOfUnit = product.marginMinorUnits * share;
  const lostMinorUnits = Math.round(ahead.mean * marginOfUnit);
  if (lostMinorUnits <= emergencyOrderMinorUnits) return null;
  const mean = Math.min(ahead.mean, meanDemandLimit);
  const holdingCost = Math.max(0.01, product.priceMinorUnits * share * holdingShareOfPrice);
  const { orderUpTo } = reorderPolicy(poissonChances(mean), {
    orderCost: emergencyOrderMinorUnits,
    holdingCost,
    shortageCost: Math.max(0.01, marginOfUnit),
  });
  const held = balance(state.ledger, product.gtin, salesFloor);
  const missing = Math.max(1, orderUpTo) * unit - held;
  if (missing <= 0) return null;
  const pack = product.casePack > 0 ? product.casePack : unit;
  // The planogram bounds what is kept: two days' room of all its slots at most.
  let room = 0;
  for (const { capacity } of catalogue.slotsByGtin.get(product.gtin) ?? []) room += 2 * capacity;
  const most = room > 0 ? Math.max(pack, Math.floor(room / pack) * pack) : Number.POSITIVE_INFINITY;
  return { quantity: Math.min(most, Math.ceil(missing / pack) * pack), lostMinorUnits };
}

/** A delivery brings the product within a day. */
function isComing(state: Readonly<State>, gtin: string, nowMs: number): boolean {
  for (const delivery of state.deliveries.values()) {
    const { expectedAtMs, lines } = delivery;
    if (expectedAtMs > nowMs + dayMs || !isCover(delivery, nowMs)) continue;
    for (const line of lines.values()) if (line.gtin === gtin && line.received < 0) return true;
  }
  return false;
}

/** An order of it waits for HQ's answer, or HQ said when it comes. */
function isOrdered({ proposals }: Readonly<State>, gtin: string, nowMs: number): boolean {
  for (const order of proposals.placed.values()) {
    if (order.gtin !== gtin) continue;
    if (order.status === 'placed' && nowMs - order.placedAtMs < unansweredMs) return true;
    if (order.status === 'accepted' && nowMs < order.expectedAtMs) return true;
  }
  return false;
}

/** Somebody is asked to count the product: what the record says is in doubt. */
function isInDoubt(state: Readonly<State>, gtin: string): boolean {
  for (const { type, gtin: counted } of state.tasks.open.values()) {
    if (type === TaskType.COUNT && counted === gtin) return true;
  }
  return false;
}
