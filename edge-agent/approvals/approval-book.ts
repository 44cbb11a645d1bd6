/**
 * Asks for approvals, takes the first word of somebody who may give it, and carries out what was granted.
 * The agent is the one arbiter: whoever answers second, at the kiosk or at HQ, is told so.
 */

import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { ApprovalRequestedSchema } from '@stockhand/proto/events/v1alpha/exception_events_pb.js';
import { quantityText } from '@stockhand/proto/vocabulary/quantity.ts';
import type { StaffRoleName } from '../catalogue/catalogue.ts';
import { refusal, refused } from '../errors.ts';
import type { Recorder } from '../events/recorder.ts';
import { raiseException, resolveException } from '../exceptions/exception-book.ts';
import type { Outcome, Refusal } from '../input.ts';
import { placeOrder } from '../orders/placement.ts';
import { ruleActor } from '../policy/decision.ts';
import type { State } from '../state.ts';
import { baseUnitOf, quantityOf } from '../stock/base-unit.ts';
import { type Count, expectedAt, recordCount } from '../stock/count.ts';
import { accountKey, balance } from '../stock/ledger.ts';
import { lotMessages } from '../stock/lot-naming.ts';
import { accountOf } from '../stock/stock-events.ts';
import type { Person } from '../tasks/actions.ts';
import { askForMarkdown } from '../tasks/goods-tasks.ts';
import { optionalReasonFault } from '../tasks/task-steps.ts';
import {
  type ApprovalRecord,
  approvalMs,
  maySay,
  openApprovalsLimit,
  type PendingCount,
  worthOf,
} from './approval.ts';
import { requiredRole } from './approval-limits.ts';

/** The rule that every approval is asked for by, with the policy that it stands in. */
const rule = 'approval.required';
const ruleFacts = ({ state }: Recorder) => ({ rule, policyVersion: state.policy.version });

export function approvalKey(approvalId: string): string {
  return `approval-needed/${approvalId}`;
}

/**
 * Records a person's count, or asks for somebody's word when it moves more than the role may move.
 * Answers the count's position, or null when it waits.
 */
export function countWithinLimits(recorder: Recorder, person: Person, count: Count): number | null {
  const { state } = recorder;
  const expected = expectedAt(state, count);
  const valueMinorUnits = worthOf(state, count.gtin, count.counted - expected);
  const required = requiredRole(recorder, valueMinorUnits, person.role);
  if (maySay(person.role, required)) return recordCount(recorder, count);
  const same = openCountOf(state, count);
  if (same?.action.kind === 'count' && same.action.counted === count.counted) return null;
  if (same !== undefined) expire(recorder, same);
  const { gtin } = count;
  const unit = baseUnitOf(state, gtin);
  const name = state.catalogue.productByGtin.get(gtin)?.name ?? gtin;
  const place = count.slotId === '' ? count.account.placeId : count.slotId;
  const difference = `${quantityText(count.counted, unit)}, the record says ${quantityText(expected, unit)}`;
  requestApproval(recorder, {
    requiredRole: required,
    valueMinorUnits,
    requestedBy: person.ref,
    explanation: `${name} at ${place}: counted ${difference}.`,
    subjects: [gtin, place],
    action: {
      case: 'count',
      value: {
        gtin,
        account: count.account,
        slotId: count.slotId,
        counted: quantityOf(state, gtin, count.counted),
        expected: quantityOf(state, gtin, expected),
        reason: count.reason,
        lots: lotMessages(state, gtin, count.lots ?? []),
      },
    },
  });
  return null;
}

/** Who counted later knows better: what waits of the same place is not granted any more. */
export function withdrawOvertaken(recorder: Recorder): void {
  if (recorder.state.approvals.open.size === 0) return;
  for (const { payload } of recorder.events.slice()) {
    if (payload.case !== 'itemsCounted') continue;
    const { gtin, slotId } = payload.value;
    const same = openCountOf(recorder.state, {
      gtin,
      slotId,
      account: accountOf(payload.value.account),
    });
    if (same !== undefined) expire(recorder, same);
  }
}

function openCountOf(
  state: Readonly<State>,
  count: Pick<Count, 'gtin' | 'account' | 'slotId'>,
): ApprovalRecord | undefined {
  const key = accountKey(count.account);
  for (const approval of state.approvals.open.values()) {
    const { action } = approval;
    if (action.kind !== 'count' || action.gtin !== count.gtin) continue;
    if (action.slotId === count.slotId && accountKey(action.account) === key) return approval;
  }
  return undefined;
}

export interface ApprovalRequest {
  requiredRole: StaffRoleName;
  valueMinorUnits: number;
  /** Empty for a rule. */
  requestedBy: string;
  explanation: string;
  subjects: string[];
  action: NonNullable<MessageInitShape<typeof ApprovalRequestedSchema>['action']>;
}

/** Whether a proposal may wait for a word. A person's count always may: one waits for each place at most. */
export function mayAsk({ approvals }: Readonly<State>): boolean {
  return approvals.open.size < openApprovalsLimit;
}

/** Lets something wait for a word. */
export function requestApproval(recorder: Recorder, request: ApprovalRequest): void {
  const { state, moment } = recorder;
  const approvalId = `a-${state.epoch.slice(0, 8)}-${recorder.nextPosition()}`;
  const { requiredRole, valueMinorUnits, requestedBy, explanation, subjects, action } = request;
  const causedBy = recorder.record(
    'approvalRequested',
    {
      approvalId,
      requiredRole,
      valueMinorUnits: BigInt(valueMinorUnits),
      requestedBy,
      expiresAt: timestampFromMs(moment.nowMs + approvalMs),
      explanation,
      action,
      ...ruleFacts(recorder),
    },
    { actor: ruleActor(recorder, rule) },
  );
  raiseException(recorder, {
    type: 'approval-needed',
    causeKey: approvalKey(approvalId),
    subjects: [approvalId, ...subjects],
    evidence: explanation,
    ownerRole: requiredRole,
    causedBy,
  });
}

export interface Decision {
  approvalId: string;
  granted: boolean;
  reason: string;
  /** Person reference, or "hq". */
  decidedBy: string;
  role: StaffRoleName;
}

/** Takes the first word; carries out what was granted. */
export function decideApproval(recorder: Recorder, decision: Decision): Outcome {
  const fault = decisionFaultOf(recorder, decision);
  if (fault !== null) return refused(fault);
  const { approvalId, granted, reason, decidedBy, role } = decision;
  const approval = recorder.state.approvals.open.get(approvalId);
  if (approval === undefined) return { kind: 'unchanged' };
  const fields = { approvalId, decidedBy, role, reason, ...ruleFacts(recorder) };
  const causedBy = recorder.record(granted ? 'approvalGranted' : 'approvalRefused', fields);
  resolveException(recorder, approvalKey(approvalId), granted ? 'granted' : 'refused');
  if (granted && approval.action.kind === 'count') {
    recordCount(recorder, countByNow(recorder.state, approval.action), causedBy);
  }
  if (granted && approval.action.kind === 'markdown') askForMarkdown(recorder, approval.action);
  if (granted) placeOrder(recorder, approval, causedBy);
  return { kind: 'accepted' };
}

/**
 * A count that waited, as it would be now: what came and went since then did so all the same. Of a product
 * with several slots nobody knows which of them it was.
 */
function countByNow(
  { ledger, catalogue }: Readonly<State>,
  { gtin, account, slotId, counted, onRecord, reason, lots }: PendingCount,
): Count {
  const isShared = slotId !== '' && (catalogue.slotsByGtin.get(gtin)?.length ?? 0) > 1;
  const moved = isShared ? 0 : balance(ledger, gtin, account) - onRecord;
  const byNow = Math.max(0, counted + moved);
  return { gtin, account, slotId, counted: byNow, reason, lots: moved === 0 ? lots : [] };
}

function decisionFaultOf(recorder: Recorder, decision: Decision): Refusal | null {
  const { approvalId, granted, reason, decidedBy, role } = decision;
  const { open, closed } = recorder.state.approvals;
  const { nowMs } = recorder.moment;
  const approval = open.get(approvalId);
  // What is past its time is closed with the next look at due work; nobody decides it until then.
  const isOver = approval === undefined || approval.expiresAtMs <= nowMs;
  if (isOver) {
    const code =
      approval !== undefined || closed.has(approvalId) ? 'already-answered' : 'unknown-approval';
    return refusal(code, 'approvalId', approvalId, 'an approval that waits');
  }
  if (!maySay(role, approval.requiredRole)) {
    return refusal('not-allowed', 'role', role, `${approval.requiredRole} or above`);
  }
  if (granted) {
    // The budget that held when it was asked for may be spent by now.
    const able = requiredRole(recorder, approval.valueMinorUnits, role);
    if (able !== role) return refusal('not-allowed', 'role', role, `${able} or above, for today`);
  }
  if (decidedBy === approval.requestedBy) {
    return refusal('not-allowed', 'personRef', decidedBy, 'somebody other than who asked');
  }
  if (!granted && reason.trim() === '') {
    return refusal('missing-field', 'reason', reason, 'why it is refused');
  }
  return optionalReasonFault(reason);
}

/** What nobody decided in time changes nothing. */
export function expireApprovals(recorder: Recorder): void {
  const { nowMs } = recorder.moment;
  for (const approval of [...recorder.state.approvals.open.values()]) {
    if (approval.expiresAtMs <= nowMs) expire(recorder, approval);
  }
}

function expire(recorder: Recorder, { approvalId }: ApprovalRecord): void {
  recorder.record('approvalExpired', { approvalId }, { actor: ruleActor(recorder, rule) });
  resolveException(recorder, approvalKey(approvalId), 'expired');
}
