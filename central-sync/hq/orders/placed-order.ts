/**
 * An order that a store placed, as HQ keeps it. It comes twice, as a call and as the event `OrderPlaced`;
 * both carry the proposal's id as idempotency key, and HQ keeps whichever it hears first.
 *
 * Example: the call of o-01234567-88 comes at 10:02:01 and is kept; its event, an hour later, changes
 * nothing. Had the call been lost, the event would have brought the order.
 */
import type { OrderPlaced } from '@stockhand/proto/events/v1alpha/order_events_pb.js';

export interface PlacedOrder {
  proposalId: string;
  gtin: string;
  /** Pieces, or milligrams of weighed goods. */
  baseUnits: number;
  unit: 'pieces' | 'milligrams';
  /** "emergency" or "transfer". */
  kind: string;
  valueMinorUnits: number;
}

export interface OrderAnswer {
  accepted: boolean;
  /** Of HQ or the ERP; empty when refused. */
  orderNumber: string;
  /** Why it was refused. */
  reason: string;
  expectedAtMs: number | null;
}

export interface OrderRow extends PlacedOrder {
  storeGln: string;
  heardBy: 'call' | 'event';
  heardAtMs: number;
  status: 'waiting' | 'accepted' | 'refused';
  orderNumber: string;
  reason: string;
  answeredAtMs: number;
}

const idPattern = /^[\w.:-]{1,64}$/;
const textLimit = 200;

/** What a message says; null when it has no key or no quantity, and so cannot be an order. */
export function placedOrderOf(message: OrderPlaced | undefined): PlacedOrder | null {
  if (message === undefined || !idPattern.test(message.proposalId)) return null;
  const { proposalId, gtin, quantity, kind, valueMinorUnits } = message;
  const amount = quantity?.amount;
  if (amount?.case === undefined) return null;
  const baseUnits = Number(amount.value);
  if (!(baseUnits > 0) || !Number.isSafeInteger(baseUnits)) return null;
  const order = { proposalId, gtin, baseUnits, unit: amount.case, kind };
  return { ...order, valueMinorUnits: Number(valueMinorUnits) };
}

/** What is wrong with an answer; null when it may go to the store. */
export function answerFaultOf({ accepted, orderNumber, reason, expectedAtMs }: OrderAnswer) {
  const [name, text] = accepted ? ['an order number', orderNumber] : ['a reason', reason];
  if (text.trim() === '' || text.length > textLimit)
    return `${name} of 1 to ${textLimit} characters`;
  if (expectedAtMs !== null && !Number.isSafeInteger(expectedAtMs)) return 'a time, or none';
  return null;
}
