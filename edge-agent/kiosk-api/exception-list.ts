/** What waits for somebody's word, as a kiosk shows it: exceptions, approvals, substitutions. */
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  type ApprovalView,
  ApprovalViewSchema,
  type ExceptionView,
  ExceptionViewSchema,
  type ListExceptionsResponse,
  ListExceptionsResponseSchema,
  type PlacedOrderView,
  PlacedOrderViewSchema,
  type SubstitutionView,
  SubstitutionViewSchema,
} from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { type ApprovalRecord, maySay } from '../approvals/approval.ts';
import type { StaffRoleName } from '../catalogue/catalogue.ts';
import type { ExceptionRecord } from '../exceptions/exception.ts';
import type { PlacedOrderRecord, SubstitutionRecord } from '../orders/proposal.ts';
import type { PersonRecord } from '../ports.ts';
import type { State } from '../state.ts';
import { openExceptions, quantityOf } from '../views.ts';

/** More than this no one reads at once; the most severe and oldest are shown. */
export const shownExceptionsLimit = 200;

/** Orders that went to HQ are shown so long. */
const ordersShownMs = 3 * 24 * 3_600_000;

/** Who asks, and whom the store knows by name. */
export interface ListCaller {
  personRef: string;
  role: StaffRoleName;
  people: readonly PersonRecord[];
}

export function exceptionList(
  state: Readonly<State>,
  caller: ListCaller,
  nowMs: number,
  asOfPosition: number,
): ListExceptionsResponse {
  return create(ListExceptionsResponseSchema, {
    asOfPosition: BigInt(asOfPosition),
    now: timestampFromMs(nowMs),
    exceptions: openExceptions(state)
      .slice(0, shownExceptionsLimit)
      .map((one) => exceptionView(state, one, caller)),
    approvals: [...state.approvals.open.values()]
      .slice(0, shownExceptionsLimit)
      .map((one) => approvalView(state, one, caller)),
    substitutions: [...state.proposals.substitutions.values()]
      .slice(0, shownExceptionsLimit)
      .map((one) => substitutionView(state, one)),
    placedOrders: [...state.proposals.placed.values()]
      .filter(({ placedAtMs }) => nowMs - placedAtMs < ordersShownMs)
      .toReversed()
      .slice(0, shownExceptionsLimit)
      .map((one) => placedOrderView(state, one)),
  });
}

function exceptionView(
  state: Readonly<State>,
  one: ExceptionRecord,
  { role }: ListCaller,
): ExceptionView {
  const { exceptionId, type, severity, ownerRole, evidence, answers } = one;
  return create(ExceptionViewSchema, {
    exceptionId,
    type,
    severity,
    ownerRole,
    evidence,
    facts: one.facts.map(({ text, position }) => ({ text, position: BigInt(position) })),
    subjects: one.subjects.map((id) => ({ id, name: nameOf(state, id) })),
    answers: [...answers],
    raisedAt: timestampFromMs(one.raisedAtMs),
    deadline: timestampFromMs(one.deadlineMs),
    answerable: answers.length > 0 && maySay(role, ownerRole),
  });
}

/** Product, place or fixture of the id; empty for what has no name. */
function nameOf(state: Readonly<State>, id: string): string {
  const { productByGtin, placeById, slotById } = state.catalogue;
  const slot = slotById.get(id);
  const fixture = placeById.get(slot?.fixturePlaceId ?? '')?.name;
  return productByGtin.get(id)?.name ?? placeById.get(id)?.name ?? fixture ?? '';
}

function approvalView(
  state: Readonly<State>,
  one: ApprovalRecord,
  { personRef, role, people }: ListCaller,
): ApprovalView {
  const { approvalId, explanation, requiredRole, requestedBy, action } = one;
  return create(ApprovalViewSchema, {
    approvalId,
    explanation,
    requiredRole,
    valueMinorUnits: BigInt(one.valueMinorUnits),
    currency: state.catalogue.facts.store.currency,
    requestedByName: people.find((person) => person.personRef === requestedBy)?.name ?? '',
    expiresAt: timestampFromMs(one.expiresAtMs),
    action: action.kind,
    gtin: action.gtin,
    productName: nameOf(state, action.gtin),
    decidable: maySay(role, requiredRole) && personRef !== requestedBy,
  });
}

function placedOrderView(state: Readonly<State>, one: PlacedOrderRecord): PlacedOrderView {
  const { proposalId, gtin, quantity, kind, placedAtMs, status, orderNumber, reason } = one;
  const times = one.expectedAtMs > 0 ? { expectedAt: timestampFromMs(one.expectedAtMs) } : {};
  return create(PlacedOrderViewSchema, {
    proposalId,
    gtin,
    productName: nameOf(state, gtin),
    quantity: quantityOf(state, gtin, quantity),
    kind,
    placedAt: timestampFromMs(placedAtMs),
    status,
    orderNumber,
    reason,
    ...times,
  });
}

function substitutionView(state: Readonly<State>, one: SubstitutionRecord): SubstitutionView {
  const { substitutionId, gtin, quantity, candidateGtins, orderId, slotId } = one;
  return create(SubstitutionViewSchema, {
    substitutionId,
    gtin,
    productName: nameOf(state, gtin),
    quantity: quantityOf(state, gtin, quantity),
    candidates: candidateGtins.map((id) => ({ id, name: nameOf(state, id) })),
    orderId,
    slotId,
  });
}
