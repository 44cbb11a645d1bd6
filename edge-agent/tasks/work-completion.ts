/**
 * What a person says at the end of a task, for every type of task. The word is absolute ("24 put away",
 * "7 counted"), so that saying it twice changes nothing, and less than asked needs a reason.
 *
 * | type | the quantity is | what follows |
 * |---|---|---|
 * | refill | placed in the slot | see completion.ts |
 * | receive | sound goods of the task's only open line | the line is checked |
 * | put-away | put into the bin | dock → bin; nothing found, or "dock-empty", is a count of the dock |
 * | count | counted in the slot or bin | a count, or an approval when it moves much value |
 * | look | seen in the slot; 0 is empty | 0 is a count; more says that it is not empty |
 * | collect-pick | put on the collect shelf | bin, dock or slot → collect shelf |
 * | move | moved | from one place to the other |
 * | waste | taken out of sale | slot or place → waste |
 * | return | sent back | place → supplier |
 * | check-cold | still good | the rest goes to quarantine, to be wasted |
 * | mark-down | given the lower price | only what the task says |
 * | change-price | (none) | only what the task says |
 * | check-sensor | in the slot; the finding is its reason | a count, and the sensor is heard again (sensor-check.ts) |
 * | change-planogram | of the new product in the slot | a count of the slot |
 *
 * Example: "count bin B9", 24 jars on record, quantity 22: ItemsCounted 22 (24 expected), TaskDone.
 */
import { CountReason } from '@stockhand/proto/events/v1alpha/stock_events_pb.js';
import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import type { CompleteTask } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { countWithinLimits } from '../approvals/approval-book.ts';
import { bookPick } from '../collect/pick.ts';
import { refusal, refused } from '../errors.ts';
import type { Recorder } from '../events/recorder.ts';
import { checkOpenLine } from '../inbound/receiving.ts';
import type { Outcome, Refusal } from '../input.ts';
import { quantityOf } from '../stock/base-unit.ts';
import { tellDiscrepancy } from '../stock/bin-count.ts';
import { expectedAt, recordCount } from '../stock/count.ts';
import { balance, bin, salesFloor } from '../stock/ledger.ts';
import { lotNameOf, scannedLot, takenLots } from '../stock/lot-naming.ts';
import { quantityField } from '../stock/quantity-field.ts';
import { accountAt, dock } from '../stock/store-places.ts';
import { ensureStock } from '../stock/withdrawal.ts';
import type { Person } from './actions.ts';
import { completeTask, scanFaultOf } from './completion.ts';
import { bookGoods } from './goods-tasks.ts';
import { bookSensorCheck } from './sensor-check.ts';
import type { TaskRecord } from './task-book.ts';
import { reasonFaultOf, taskFor } from './task-steps.ts';

export interface Completion {
  outcome: Outcome;
  /** Slot that somebody found empty; empty otherwise. */
  reportedSlotId: string;
}

export function completeAnyTask(
  recorder: Recorder,
  person: Person,
  action: CompleteTask,
  seenVersion: number,
): Completion {
  const open = recorder.state.tasks.open.get(action.taskId);
  const type = open?.type ?? TaskType.REFILL;
  if (type === TaskType.REFILL || type === TaskType.UNSPECIFIED) {
    return plain(completeTask(recorder, person, action, seenVersion));
  }
  const answer = taskFor(recorder, person, action.taskId, 'complete', seenVersion);
  if ('fault' in answer) return plain(refused(answer.fault));
  const { task } = answer;
  const quantity = quantityFor(recorder, task, action);
  if (typeof quantity !== 'number') return plain(refused(quantity));
  const scanFault = task.gtin === '' ? null : scanFaultOf(recorder, task, action.scan);
  if (scanFault !== null) return plain(refused(scanFault));
  const fault = carryOut(recorder, person, task, quantity, action);
  if (fault !== null) return plain(refused(fault));
  if (recorder.state.tasks.open.has(task.taskId)) end(recorder, person, task, quantity, action);
  const isEmpty = type === TaskType.LOOK && quantity === 0;
  const outcome: Outcome = { kind: 'accepted', taskId: task.taskId };
  return { outcome, reportedSlotId: isEmpty ? task.slotId : '' };
}

function plain(outcome: Outcome): Completion {
  return { outcome, reportedSlotId: '' };
}

/** Types whose task asks for so much, so that less is short and more is too much. */
const askingTypes: ReadonlySet<TaskType> = new Set([
  TaskType.PUT_AWAY,
  TaskType.COLLECT_PICK,
  TaskType.MOVE,
  TaskType.WASTE,
  TaskType.RETURN,
  TaskType.CHECK_COLD,
  TaskType.MARK_DOWN,
]);

/** More of it than the task is about is another matter: a lead moves it by hand. */
const boundedTypes: ReadonlySet<TaskType> = new Set([
  TaskType.COLLECT_PICK,
  TaskType.WASTE,
  TaskType.RETURN,
  TaskType.CHECK_COLD,
  TaskType.MARK_DOWN,
]);

function quantityFor(recorder: Recorder, task: TaskRecord, action: CompleteTask): number | Refusal {
  const baseUnits = quantityField(recorder.state, task.gtin, action.quantity, 'quantity');
  if (typeof baseUnits !== 'number') return baseUnits;
  if (!askingTypes.has(task.type)) return baseUnits;
  // More may stand at the dock than the record knows; a customer gets no more than was ordered.
  if (baseUnits > task.quantity && boundedTypes.has(task.type)) {
    return refusal('out-of-range', 'quantity', baseUnits, `at most ${task.quantity}`);
  }
  if (baseUnits >= task.quantity) return baseUnits;
  if (action.shortReason === '') {
    const expected = `${task.quantity}, or why it is less`;
    return refusal('short-reason-missing', 'shortReason', '', expected);
  }
  return reasonFaultOf('shortReason', action.shortReason) ?? baseUnits;
}

/** Books what was done; answers a refusal when it cannot be. */
function carryOut(
  recorder: Recorder,
  person: Person,
  task: TaskRecord,
  quantity: number,
  { shortReason, scan }: CompleteTask,
): Refusal | null {
  switch (task.type) {
    case TaskType.RECEIVE:
      return checkOpenLine(recorder, task, quantity, scan);
    case TaskType.PUT_AWAY:
      transfer(recorder, task, quantity, scan);
      if (quantity < task.quantity && (quantity === 0 || shortReason === 'dock-empty')) {
        countDockEmpty(recorder, task);
      }
      return null;
    case TaskType.MOVE:
      transfer(recorder, task, quantity, scan);
      return null;
    case TaskType.COUNT:
      count(recorder, person, task, quantity);
      return null;
    case TaskType.LOOK:
      if (quantity === 0) {
        const { gtin, slotId } = task;
        const reason = CountReason.DOUBT;
        recordCount(recorder, { gtin, account: salesFloor, slotId, counted: 0, reason });
      } else {
        const { gtin, slotId, taskId } = task;
        recorder.record('shelfLooked', { slotId, gtin, isEmpty: false, taskId });
      }
      return null;
    case TaskType.COLLECT_PICK:
      bookPick(recorder, task, quantity, { shortReason, scan });
      return null;
    case TaskType.WASTE:
    case TaskType.RETURN:
    case TaskType.CHECK_COLD:
      bookGoods(recorder, task, quantity, scan);
      return null;
    case TaskType.CHECK_SENSOR:
      return bookSensorCheck(recorder, task, quantity, shortReason);
    case TaskType.CHANGE_PLANOGRAM: {
      const { gtin, slotId } = task;
      const reason = CountReason.DOUBT;
      return (
        capacityFault(recorder, task, quantity) ??
        counted(recorder, { gtin, slotId, quantity, reason })
      );
    }
    case TaskType.MARK_DOWN:
    case TaskType.CHANGE_PRICE:
      return null;
    default:
      return refusal('wrong-status', 'taskId', task.taskId, 'a task of a known type');
  }
}

function end(
  recorder: Recorder,
  person: Person,
  task: TaskRecord,
  quantity: number,
  action: CompleteTask,
): void {
  const { taskId, gtin, orderId, deliveryId } = task;
  const amount = quantityOf(recorder.state, gtin, quantity);
  const fields = { taskId, personRef: person.ref, quantity: amount };
  const correlation = { correlationId: orderId === '' ? deliveryId : orderId };
  if (askingTypes.has(task.type) && quantity < task.quantity) {
    const reason = action.shortReason;
    recorder.record('taskDoneShort', { ...fields, reason }, correlation);
  } else {
    recorder.record('taskDone', { ...fields, confirmedByScan: action.scan }, correlation);
  }
}

function capacityFault({ state }: Recorder, { slotId }: TaskRecord, quantity: number) {
  const capacity = state.catalogue.slotById.get(slotId)?.capacity ?? quantity;
  return quantity > capacity
    ? refusal('more-than-capacity', 'quantity', quantity, `at most ${capacity}`)
    : null;
}

/** What somebody placed in a slot that is new is what is there. */
function counted(
  recorder: Recorder,
  {
    gtin,
    slotId,
    quantity,
    reason,
  }: { gtin: string; slotId: string; quantity: number; reason: CountReason },
): null {
  recordCount(recorder, { gtin, account: salesFloor, slotId, counted: quantity, reason });
  return null;
}

/** From place to place; what the record did not know there is contradicted. */
function transfer(recorder: Recorder, task: TaskRecord, quantity: number, scan: string): void {
  if (quantity === 0) return;
  const { state } = recorder;
  const { taskId, gtin, type } = task;
  const isPutAway = type === TaskType.PUT_AWAY;
  const from = isPutAway ? dock : accountAt(state, task.fromPlaceId);
  const to = isPutAway ? bin(task.toPlaceId) : accountAt(state, task.toPlaceId);
  const causedBy = ensureStock(recorder, gtin, from, quantity, `task ${taskId}`);
  const own = lotNameOf(state, gtin, task);
  const named = scannedLot(recorder, gtin, scan) ?? own;
  const taking = { gtin, account: from, quantity, named, occasion: `task ${taskId}` };
  const lots = takenLots(recorder, taking);
  const fields = { gtin, from, to, quantity: quantityOf(state, gtin, quantity), lots };
  if (isPutAway) recorder.record('itemsPutAway', { ...fields, taskId }, { causedBy });
  else recorder.record('itemsMoved', { ...fields, reason: `task ${taskId}` }, { causedBy });
}

/** Nothing of it is left at the dock, whatever was booked when it was received. */
function countDockEmpty(recorder: Recorder, { gtin }: TaskRecord): void {
  if (balance(recorder.state.ledger, gtin, dock) === 0) return;
  const reason = CountReason.DOUBT;
  recordCount(recorder, { gtin, account: dock, slotId: '', counted: 0, reason });
}

function count(recorder: Recorder, person: Person, task: TaskRecord, counted: number): void {
  const { state } = recorder;
  const { gtin, slotId, fromPlaceId } = task;
  const account = slotId === '' ? accountAt(state, fromPlaceId) : salesFloor;
  const reason = CountReason.DOUBT;
  const one = { gtin, account, slotId, counted, reason };
  const expected = expectedAt(state, one);
  const position = countWithinLimits(recorder, person, one);
  if (position === null || slotId !== '') return;
  tellDiscrepancy(recorder, { gtin, placeId: fromPlaceId, expected, counted, causedBy: position });
}
