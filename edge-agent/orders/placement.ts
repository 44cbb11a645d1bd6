/**
 * An order that somebody approved goes to HQ, which places it. It goes up twice, as a call at once and as
 * the event `OrderPlaced` with the stream, under one idempotency key: the proposal's. HQ takes the first,
 * so a call that was lost costs nothing but time, and no order is placed twice. Until HQ answers it is
 * provisional, and the kiosk says so.
 *
 * Example: o-01234567-88 asks for 24 jars; a lead grants it at 10:02 while the link is down. The event
 * waits in the log; at 11:30 HQ hears it and answers "accepted, PO-4711, tomorrow 06:00".
 */
import { timestampMs } from '@bufbuild/protobuf/wkt';
import type {
  OrderAnswered,
  OrderPlaced,
} from '@stockhand/proto/events/v1alpha/order_events_pb.js';
import type { AnswerOrder } from '@stockhand/proto/sync/v1alpha/sync_service_pb.js';
import { baseUnitsOf } from '@stockhand/proto/vocabulary/quantity.ts';
import type { ApprovalRecord } from '../approvals/approval.ts';
import { refusal } from '../errors.ts';
import type { Recorder } from '../events/recorder.ts';
import type { Refusal } from '../input.ts';
import type { State } from '../state.ts';
import { quantityOf } from '../stock/base-unit.ts';
import { placedOrdersKept } from './proposal.ts';

const answerTextLimit = 200;

/** Sends an approved order on its way. */
export function placeOrder(recorder: Recorder, approval: ApprovalRecord, causedBy: number): void {
  const { action, valueMinorUnits } = approval;
  if (action.kind !== 'order') return;
  const { proposalId, gtin, quantity, orderKind } = action;
  if (recorder.state.proposals.placed.has(proposalId)) return;
  recorder.record(
    'orderPlaced',
    {
      proposalId,
      gtin,
      quantity: quantityOf(recorder.state, gtin, quantity),
      kind: orderKind,
      valueMinorUnits: BigInt(valueMinorUnits),
    },
    { causedBy },
  );
}

/** HQ's word on an order. The first one holds; the same again changes nothing. */
export function answerOrder(recorder: Recorder, answer: AnswerOrder): Refusal[] {
  const { proposalId, accepted, orderNumber, reason, expectedAt } = answer;
  const order = recorder.state.proposals.placed.get(proposalId);
  if (order === undefined) {
    return [refusal('unknown-order', 'proposalId', proposalId, 'an order that the store placed')];
  }
  const status = accepted ? 'accepted' : 'refused';
  if (order.status === status && order.orderNumber === orderNumber) return [];
  if (order.status !== 'placed') {
    return [
      refusal('already-answered', 'proposalId', proposalId, `an order not yet ${order.status}`),
    ];
  }
  const [name, text] = accepted ? ['orderNumber', orderNumber] : ['reason', reason];
  if (text.trim() === '' || text.length > answerTextLimit) {
    return [refusal('bad-field', name, text, `1 to ${answerTextLimit} characters`)];
  }
  const times = expectedAt === undefined ? {} : { expectedAt };
  recorder.record('orderAnswered', {
    proposalId,
    accepted,
    orderNumber: accepted ? orderNumber : '',
    reason: reason.slice(0, answerTextLimit),
    ...times,
  });
  return [];
}

export function applyOrderPlaced(state: State, placed: OrderPlaced, atMs: number): void {
  const { proposalId, gtin, quantity, kind, valueMinorUnits } = placed;
  const book = state.proposals.placed;
  book.set(proposalId, {
    proposalId,
    gtin,
    quantity: baseUnitsOf(quantity),
    kind,
    valueMinorUnits: Number(valueMinorUnits),
    placedAtMs: atMs,
    status: 'placed',
    orderNumber: '',
    reason: '',
    expectedAtMs: 0,
  });
  if (book.size <= placedOrdersKept) return;
  const [oldest] = book.keys();
  if (oldest !== undefined) book.delete(oldest);
}

export function applyOrderAnswered(state: State, answered: OrderAnswered): void {
  const { proposalId, accepted, orderNumber, reason, expectedAt } = answered;
  const order = state.proposals.placed.get(proposalId);
  if (order === undefined) return;
  state.proposals.placed.set(proposalId, {
    ...order,
    status: accepted ? 'accepted' : 'refused',
    orderNumber,
    reason,
    expectedAtMs: expectedAt === undefined ? 0 : timestampMs(expectedAt),
  });
}
