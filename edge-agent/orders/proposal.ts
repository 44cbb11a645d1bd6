/** What the store proposed: orders for empty backrooms, substitutes, and promotions that it heard of. */
import type { LotName } from '../stock/lots.ts';
import type { WarehouseStock } from './warehouse-stock.ts';

export interface OrderProposalRecord {
  proposalId: string;
  gtin: string;
  quantity: number;
  proposedAtMs: number;
}

export interface SubstitutionRecord {
  substitutionId: string;
  gtin: string;
  candidateGtins: string[];
  quantity: number;
  /** The customer's order that it is for; empty for a slot. */
  orderId: string;
  slotId: string;
}

export interface PromotionRecord {
  promotionId: string;
  gtins: string[];
  startsAtMs: number;
  endsAtMs: number;
  /** Demand beyond the usual, in parts per million of it. */
  upliftPpm: number;
}

/** An order that was approved and went to HQ. */
export interface PlacedOrderRecord {
  proposalId: string;
  gtin: string;
  quantity: number;
  /** "emergency" or "transfer". */
  kind: string;
  valueMinorUnits: number;
  placedAtMs: number;
  /** `placed`: provisional, HQ has not answered. */
  status: 'placed' | 'accepted' | 'refused';
  orderNumber: string;
  reason: string;
  /** 0 where HQ did not say. */
  expectedAtMs: number;
}

export interface ProposalBook {
  /** The last proposal for a product, by GTIN. */
  orders: Map<string, OrderProposalRecord>;
  /** What went to HQ, by proposal id, oldest first; bounded by `placedOrdersKept`. */
  placed: Map<string, PlacedOrderRecord>;
  /** Open ones by id. */
  substitutions: Map<string, SubstitutionRecord>;
  /** Coming and running ones by id. */
  promotions: Map<string, PromotionRecord>;
  /** Lots for which a lower price was proposed, by `gtin/bestBefore/lot`; gone with the lot. */
  markdowns: Set<string>;
  /** What the warehouse last said that it can send. */
  warehouse: WarehouseStock;
}

export const placedOrdersKept = 500;
/** Open substitutions and promotions at most. */
export const substitutionsLimit = 2_000;
export const promotionsLimit = 2_000;
/** Candidates that a substitution names. */
export const candidatesLimit = 5;
/** Lots whose markdown is remembered. */
export const markdownsLimit = 5_000;

/** A lot of a product, as `markdowns` remembers it. */
export const markdownKey = (gtin: string, { lot, bestBefore }: LotName) =>
  `${gtin}/${bestBefore}/${lot}`;

/** Nobody need choose any more: what was missing is there, or nobody wants it. */
export function forgetSubstitutions(
  { substitutions }: ProposalBook,
  isOver: (one: Readonly<SubstitutionRecord>) => boolean,
): void {
  for (const one of [...substitutions.values()]) {
    if (isOver(one)) substitutions.delete(one.substitutionId);
  }
}
