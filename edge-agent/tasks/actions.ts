/**
 * What people do at a kiosk or handheld, decided once, here: two people who take one task at the same
 * moment get one yes and one "task-taken".
 *
 * An action carries its own id, so that sending it again after a lost answer is one action, and the
 * version of the task that the person saw. It conflicts when the task's status has changed since; a
 * changed quantity or urgency is no conflict, for the person's word is absolute ("10 placed") anyway.
 *
 * Example: Anna and Ben both see t-1a2b3c4d-97 open at version 1. Anna's ClaimTask makes it version 2.
 * Ben's is refused: task-taken. Anna's, sent again with the same id: duplicate.
 */
import { CountReason } from '@stockhand/proto/events/v1alpha/stock_events_pb.js';
import type { ActRequest } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import type { Role } from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import { countWithinLimits, decideApproval } from '../approvals/approval-book.ts';
import type { StaffRoleName } from '../catalogue/catalogue.ts';
import { handOverOrder } from '../collect/pick.ts';
import { chooseSubstitute } from '../collect/substitution.ts';
import { refusal, refused } from '../errors.ts';
import type { Recorder } from '../events/recorder.ts';
import { answerWithEffect } from '../exceptions/answer-effects.ts';
import { closeDelivery } from '../inbound/delivery-closing.ts';
import { arriveDelivery, putAway, receiveLine, scanLogisticUnit } from '../inbound/receiving.ts';
import { approveDevice, blockDevice } from '../ingest/device-standing.ts';
import { actionName, isPlainId, plainIdExpectation } from '../ingest/identity.ts';
import { personActor } from '../ingest/sessions.ts';
import type { Outcome, Refusal } from '../input.ts';
import { overridePriority } from '../planning/priority.ts';
import { changeShift } from '../planning/shifts.ts';
import { countBin } from '../stock/bin-count.ts';
import { recordCount } from '../stock/count.ts';
import { moveGoods } from '../stock/goods-movement.ts';
import { salesFloor } from '../stock/ledger.ts';
import { readLots } from '../stock/lot-naming.ts';
import type { LotStock } from '../stock/lots.ts';
import { quantityField } from '../stock/quantity-field.ts';
import { noticeDoubleWork } from './double-work.ts';
import { blockTask, claimTask, pauseTask, releaseTask, startTask } from './task-steps.ts';
import { completeAnyTask } from './work-completion.ts';

type ActionCase = NonNullable<ActRequest['action']['case']>;

const everyone: readonly StaffRoleName[] = ['associate', 'lead', 'manager'];
const leads: readonly StaffRoleName[] = ['lead', 'manager'];
const managers: readonly StaffRoleName[] = ['manager'];

/** Who may do what. */
export const rolesByAction: Readonly<Record<ActionCase, readonly StaffRoleName[]>> = {
  claimTask: everyone,
  startTask: everyone,
  completeTask: everyone,
  blockTask: everyone,
  releaseTask: everyone,
  reportEmpty: everyone,
  countSlot: leads,
  arriveDelivery: everyone,
  receiveLine: everyone,
  putAway: everyone,
  countBin: everyone,
  answerException: everyone,
  approveDevice: managers,
  blockDevice: managers,
  scanLogisticUnit: everyone,
  closeDelivery: leads,
  decideApproval: leads,
  handOverOrder: everyone,
  chooseSubstitute: everyone,
  moveGoods: everyone,
  pauseTask: everyone,
  overridePriority: leads,
  changeShift: leads,
};

/** The person who acts, as master data knows them. */
export interface Person {
  ref: string;
  role: StaffRoleName;
}

export interface ActionInput {
  action: ActRequest;
  personRef: string;
  role: Role;
  sessionId: string;
}

export interface ActionResult {
  outcome: Outcome;
  /** Slot that the action reports empty; empty otherwise. */
  reportedSlotId: string;
}

export function takeAction(recorder: Recorder, input: ActionInput): ActionResult {
  const { action, personRef, role, sessionId } = input;
  const { state } = recorder;
  recorder.attribute(actionName(action.actionId), personActor(personRef, role));
  if (!isPlainId(action.actionId)) {
    return plain(refused(refusal('bad-field', 'actionId', action.actionId, plainIdExpectation)));
  }
  if (state.actionIds.has(action.actionId)) return plain({ kind: 'duplicate' });
  if (state.sessions.get(sessionId)?.personRef !== personRef) {
    const expected = 'the person’s own session, signed in';
    return plain(refused(refusal('not-signed-in', 'sessionId', '(not shown)', expected)));
  }
  const member = state.catalogue.staffByRef.get(personRef);
  if (member === undefined) {
    const expected = 'a person of the master data';
    return plain(refused(refusal('unknown-person', 'personRef', personRef, expected)));
  }
  if (action.action.case === undefined) {
    return plain(refused(refusal('missing-field', 'action', '', 'an action')));
  }
  const allowed = rolesByAction[action.action.case];
  if (!allowed.includes(member.role)) {
    return plain(refused(refusal('not-allowed', 'role', member.role, allowed.join(' or '))));
  }
  return act(recorder, action, { ref: personRef, role: member.role });
}

function act(recorder: Recorder, request: ActRequest, person: Person): ActionResult {
  const { action, seenVersion } = request;
  switch (action.case) {
    case 'claimTask':
      return plain(claimTask(recorder, person, action.value.taskId, seenVersion));
    case 'startTask':
      return plain(startTask(recorder, person, action.value.taskId, seenVersion));
    case 'completeTask': {
      const completion = completeAnyTask(recorder, person, action.value, seenVersion);
      if (completion.outcome.kind === 'refused') noticeDoubleWork(recorder, person, action.value);
      return completion;
    }
    case 'blockTask':
      return plain(blockTask(recorder, person, action.value, seenVersion));
    case 'releaseTask':
      return plain(releaseTask(recorder, person, action.value.taskId, seenVersion));
    case 'reportEmpty': {
      const { slotId } = action.value;
      return { outcome: countSlot(recorder, null, slotId, 0), reportedSlotId: slotId };
    }
    case 'countSlot': {
      const { slotId, counted, lots: said } = action.value;
      const slot = recorder.state.catalogue.slotById.get(slotId);
      if (slot === undefined) return plain(refused(unknownSlot(slotId)));
      const quantity = quantityField(recorder.state, slot.gtin, counted, 'counted');
      if (typeof quantity !== 'number') return plain(refused(quantity));
      const lots = readLots(recorder.state, slot.gtin, said, quantity);
      if (!Array.isArray(lots)) return plain(refused(lots));
      return plain(countSlot(recorder, person, slotId, quantity, lots));
    }
    case 'arriveDelivery':
      return plain(arriveDelivery(recorder, action.value));
    case 'receiveLine':
      return plain(receiveLine(recorder, action.value));
    case 'putAway':
      return plain(putAway(recorder, action.value));
    case 'moveGoods':
      return plain(moveGoods(recorder, person, action.value));
    case 'countBin':
      return plain(countBin(recorder, person, action.value));
    case 'answerException': {
      const { exceptionId, answer } = action.value;
      return plain(answerWithEffect(recorder, person, exceptionId, answer));
    }
    case 'scanLogisticUnit':
      return plain(scanLogisticUnit(recorder, action.value.sscc));
    case 'closeDelivery':
      return plain(closeDelivery(recorder, action.value));
    case 'handOverOrder':
      return plain(handOverOrder(recorder, action.value.orderId));
    case 'chooseSubstitute':
      return plain(chooseSubstitute(recorder, action.value));
    case 'decideApproval': {
      const decision = { ...action.value, decidedBy: person.ref, role: person.role };
      return plain(decideApproval(recorder, decision));
    }
    case 'pauseTask':
      return plain(pauseTask(recorder, person, action.value, seenVersion));
    case 'overridePriority':
      return plain(overridePriority(recorder, person.ref, action.value));
    case 'changeShift':
      return plain(changeShift(recorder, person.ref, action.value));
    case 'approveDevice':
      return plain(approveDevice(recorder, action.value));
    case 'blockDevice':
      return plain(blockDevice(recorder, action.value));
    default:
      return plain(refused(refusal('missing-field', 'action', '', 'an action')));
  }
}

/** A slot may be overfull, but not beyond recognition. */
const countFactorLimit = 4;

/** `person` is null for a report that moves what it moves: an empty shelf is seen, not reckoned. */
function countSlot(
  recorder: Recorder,
  person: Person | null,
  slotId: string,
  counted: number,
  lots: readonly LotStock[] = [],
): Outcome {
  const slot = recorder.state.catalogue.slotById.get(slotId);
  if (slot === undefined) return refused(unknownSlot(slotId));
  const most = slot.capacity * countFactorLimit;
  if (counted < 0 || counted > most) {
    return refused(refusal('out-of-range', 'counted', counted, `0 to ${most}`));
  }
  const reason = counted === 0 ? CountReason.DOUBT : CountReason.CYCLE;
  const count = { gtin: slot.gtin, account: salesFloor, slotId, counted, reason, lots };
  if (person === null) recordCount(recorder, count);
  else countWithinLimits(recorder, person, count);
  return { kind: 'accepted' };
}

function unknownSlot(slotId: string): Refusal {
  return refusal('unknown-slot', 'slotId', slotId, 'a slot of the master data');
}

function plain(outcome: Outcome): ActionResult {
  return { outcome, reportedSlotId: '' };
}
