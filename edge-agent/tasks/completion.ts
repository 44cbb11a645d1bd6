/**
 * A refill is done: what was placed goes from the bins through the person's hands into the slot.
 *
 * The person says what they placed in all, not a difference. The scan, if there is one, must be of the
 * task's product (its own code or its case's). Less than asked needs a reason. The ledger takes the
 * goods from the bin that the task named first, then from the product's other bins, and what no bin had
 * on record is contradicted, for the goods are demonstrably on the shelf now.
 *
 * Example: asked 10 from bin B7, which has 6 on record, and B9 has 3. Placed 10: picked 6 from B7 and
 * 3 from B9, one contradicted and picked from B7; stocked 10; TaskDone.
 */

import { AccountKind, CountReason } from '@stockhand/proto/events/v1alpha/stock_events_pb.js';
import type { CompleteTask } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { findProduct } from '../catalogue/product-lookup.ts';
import { refusal, refused } from '../errors.ts';
import type { Recorder } from '../events/recorder.ts';
import type { Outcome, Refusal } from '../input.ts';
import { findNeed } from '../replenishment/need-events.ts';
import { meetNeed } from '../replenishment/review.ts';
import { quantityOf } from '../stock/base-unit.ts';
import { recordBinCount } from '../stock/bin-count.ts';
import { recordCount } from '../stock/count.ts';
import {
  type AccountRef,
  accountKey,
  balance,
  bin,
  binsHolding,
  hands,
  salesFloor,
} from '../stock/ledger.ts';
import { lotMessages, scannedLot, takenLots } from '../stock/lot-naming.ts';
import { expiredAt, lotsAt } from '../stock/lots.ts';
import { quantityField } from '../stock/quantity-field.ts';
import { accountAt } from '../stock/store-places.ts';
import { ensureStock } from '../stock/withdrawal.ts';
import type { Person } from './actions.ts';
import type { TaskRecord } from './task-book.ts';
import { reasonFaultOf, taskFor } from './task-steps.ts';

export function completeTask(
  recorder: Recorder,
  person: Person,
  action: CompleteTask,
  seenVersion: number,
): Outcome {
  const { state } = recorder;
  const answer = taskFor(recorder, person, action.taskId, 'complete', seenVersion);
  if ('fault' in answer) return refused(answer.fault);
  const { task } = answer;
  const placed = placedQuantity(recorder, task, action);
  if (typeof placed !== 'number') return refused(placed);
  const scanFault = scanFaultOf(recorder, task, action.scan);
  if (scanFault !== null) return refused(scanFault);
  const { taskId, needId, gtin } = task;
  const correlation = { correlationId: needId };
  const left = leftInBin(recorder, task, action);
  if (left !== null && typeof left !== 'number') return refused(left);
  moveGoods(recorder, task, placed, action.scan);
  // What is left at the dock is nobody's count: the next line may be received at this moment.
  if (left !== null && isFromBin(recorder, task)) {
    recordBinCount(recorder, gtin, task.fromPlaceId, left, CountReason.CYCLE);
  }
  const quantity = quantityOf(state, gtin, placed);
  const fields = { taskId, personRef: person.ref, quantity };
  if (placed < task.quantity) {
    recorder.record('taskDoneShort', { ...fields, reason: action.shortReason }, correlation);
    learnFromShortness(recorder, task, action.shortReason);
  } else {
    recorder.record('taskDone', { ...fields, confirmedByScan: action.scan }, correlation);
    const need = findNeed(state, needId);
    if (need !== undefined) meetNeed(recorder, need);
  }
  recorder.touchedSlots.add(task.slotId);
  return { kind: 'accepted', taskId };
}

/**
 * Why it was less is a fact about stock: a full shelf holds its capacity, an empty bin holds nothing.
 * Both were seen by a person, so both are counts.
 */
function learnFromShortness(recorder: Recorder, task: TaskRecord, reason: string): void {
  const { gtin, slotId, fromPlaceId } = task;
  if (reason === 'shelf-full') {
    const counted = recorder.state.catalogue.slotById.get(slotId)?.capacity ?? 0;
    recordCount(recorder, {
      gtin,
      account: salesFloor,
      slotId,
      counted,
      reason: CountReason.DOUBT,
    });
  } else if (reason === 'backroom-empty' && fromPlaceId !== '') {
    // What is not on the dock any more may be on its way to a bin: that counts nothing.
    const { kind } = accountAt(recorder.state, fromPlaceId);
    if (kind === AccountKind.DOCK) return;
    recordBinCount(recorder, gtin, fromPlaceId, 0, CountReason.DOUBT);
  }
}

function placedQuantity(
  recorder: Recorder,
  task: TaskRecord,
  action: CompleteTask,
): number | Refusal {
  const { state } = recorder;
  const placed = quantityField(state, task.gtin, action.quantity, 'quantity');
  if (typeof placed !== 'number') return placed;
  const capacity = state.catalogue.slotById.get(task.slotId)?.capacity ?? task.quantity;
  if (placed > capacity) {
    return refusal('more-than-capacity', 'quantity', placed, `at most ${capacity}`);
  }
  if (placed >= task.quantity) return placed;
  if (action.shortReason === '') {
    const expected = `${task.quantity}, or why it is less`;
    return refusal('short-reason-missing', 'shortReason', '', expected);
  }
  return reasonFaultOf('shortReason', action.shortReason) ?? placed;
}

/** What the person saw left in the bin; null when nobody looked. */
function leftInBin(
  recorder: Recorder,
  task: TaskRecord,
  action: CompleteTask,
): number | Refusal | null {
  if (action.leftInBin === undefined) return null;
  return quantityField(recorder.state, task.gtin, action.leftInBin, 'leftInBin');
}

function isFromBin({ state }: Recorder, { fromPlaceId }: TaskRecord): boolean {
  return fromPlaceId !== '' && accountAt(state, fromPlaceId).kind === AccountKind.BACKROOM_BIN;
}

export function scanFaultOf(recorder: Recorder, task: TaskRecord, scan: string): Refusal | null {
  if (scan === '') return null;
  const currentYear = Number(recorder.moment.businessDay.slice(0, 4));
  const gtin = findProduct(recorder.state.catalogue, scan, currentYear);
  return gtin === task.gtin && scan.isWellFormed()
    ? null
    : refusal('wrong-product', 'scan', scan, task.gtin);
}

function moveGoods(recorder: Recorder, task: TaskRecord, placed: number, scan: string): void {
  if (placed === 0) return;
  const { state } = recorder;
  const { taskId, gtin, slotId } = task;
  const correlation = { correlationId: task.needId };
  const bins = binsHolding(state.ledger, gtin);
  const named = task.fromPlaceId === '' ? (bins[0]?.placeId ?? '') : task.fromPlaceId;
  const account = accountAt(state, named);
  const places = bins.map(({ placeId, quantity }) => ({ from: bin(placeId), quantity }));
  if (account.kind === AccountKind.DOCK) {
    places.push({ from: account, quantity: balance(state.ledger, gtin, account) });
  }
  const key = accountKey(account);
  places.sort(
    (one, other) => Number(accountKey(other.from) === key) - Number(accountKey(one.from) === key),
  );
  let left = placed;
  const scanned = scannedLot(recorder, gtin, scan);
  const occasion = `task ${taskId}`;
  const pick = (from: AccountRef, quantity: number, causedBy = 0): void => {
    const taking = { gtin, account: from, quantity, named: scanned, isForSale: true, occasion };
    const lots = takenLots(recorder, taking);
    const fields = { gtin, from, to: hands(taskId), taskId, lots };
    const amount = quantityOf(state, gtin, quantity);
    recorder.record('itemsPicked', { ...fields, quantity: amount }, { ...correlation, causedBy });
    left -= quantity;
  };
  // Goods that are still good first, from every place; then what is there at all.
  for (const { from, quantity } of places) {
    const good = quantity - expiredAt(state, gtin, from, state.businessDay);
    if (left > 0 && good > 0) pick(from, Math.min(left, good));
  }
  for (const { from } of places) {
    const rest = left > 0 ? balance(state.ledger, gtin, from) : 0;
    if (rest > 0) pick(from, Math.min(left, rest));
  }
  if (left > 0) {
    const causedBy = ensureStock(recorder, gtin, account, left, occasion);
    pick(account, left, causedBy);
  }
  const from = hands(taskId);
  const lots = lotMessages(state, gtin, lotsAt(state, gtin, from));
  recorder.record(
    'itemsStocked',
    { gtin, quantity: quantityOf(state, gtin, placed), from, slotId, taskId, lots },
    correlation,
  );
}
