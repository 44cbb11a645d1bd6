/** What the events of proposals and promotions do to the store's memory of them. */
import { timestampMs } from '@bufbuild/protobuf/wkt';
import type {
  OrderProposed,
  PromotionAnnounced,
  SubstitutionChosen,
  SubstitutionProposed,
} from '@stockhand/proto/events/v1alpha/order_events_pb.js';
import { baseUnitsOf } from '@stockhand/proto/vocabulary/quantity.ts';
import { substituteLine } from '../collect/collect-events.ts';
import type { State } from '../state.ts';
import { upliftSpanMs, upliftsBetween } from './promotion.ts';
import { promotionsLimit, substitutionsLimit } from './proposal.ts';

export function applyOrderProposed(state: State, proposed: OrderProposed, atMs: number): void {
  const { proposalId, gtin, quantity } = proposed;
  const record = { proposalId, gtin, quantity: baseUnitsOf(quantity), proposedAtMs: atMs };
  state.proposals.orders.set(gtin, record);
}

export function applySubstitutionProposed(state: State, proposed: SubstitutionProposed): void {
  const { substitutionId, gtin, candidateGtins, quantity, orderId, slotId } = proposed;
  const { substitutions } = state.proposals;
  substitutions.set(substitutionId, {
    substitutionId,
    gtin,
    candidateGtins: [...candidateGtins],
    quantity: baseUnitsOf(quantity),
    orderId,
    slotId,
  });
  dropOldest(substitutions, substitutionsLimit);
}

export function applySubstitutionChosen(state: State, chosen: SubstitutionChosen): void {
  const { substitutions } = state.proposals;
  const proposed = substitutions.get(chosen.substitutionId);
  if (proposed === undefined) return;
  substitutions.delete(chosen.substitutionId);
  const { orderId, gtin } = proposed;
  if (orderId === '') return;
  substituteLine(state, orderId, gtin, chosen.substituteGtin, baseUnitsOf(chosen.quantity));
}

export function applyPromotionAnnounced(
  state: State,
  announced: PromotionAnnounced,
  atMs: number,
): void {
  const { promotionId, gtins, startsAt, endsAt, upliftPpm } = announced;
  const { promotions } = state.proposals;
  const startsAtMs = startsAt === undefined ? 0 : timestampMs(startsAt);
  const endsAtMs = endsAt === undefined ? 0 : timestampMs(endsAt);
  promotions.set(promotionId, { promotionId, gtins: [...gtins], startsAtMs, endsAtMs, upliftPpm });
  dropOldest(promotions, promotionsLimit);
  for (const { promotionId: other, endsAtMs: endedAtMs } of [...promotions.values()]) {
    // The hour that it ended in is still to be learned from.
    if (endedAtMs < atMs - upliftSpanMs) promotions.delete(other);
  }
  state.demand.uplifts = upliftsBetween(state, atMs, atMs + upliftSpanMs);
}

function dropOldest(map: Map<string, unknown>, limit: number): void {
  if (map.size <= limit) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}
