/**
 * A pick for a customer is done: what was found goes from its place to the collect shelf.
 *
 * Less than asked is looked for elsewhere; that a place is empty is a count of it, for a person saw so.
 * Example: 3 asked from slot A1, 1 found, "backroom-empty" or "shelf-empty": 1 on the collect shelf, A1
 * counted 0, the other two are reserved and picked elsewhere, or a substitute is asked for.
 */
import { CountReason } from '@stockhand/proto/events/v1alpha/stock_events_pb.js';
import { refusal, refused } from '../errors.ts';
import type { Recorder } from '../events/recorder.ts';
import type { Outcome } from '../input.ts';
import { quantityOf } from '../stock/base-unit.ts';
import { recordCount } from '../stock/count.ts';
import { type AccountRef, balance, customer, hands, salesFloor } from '../stock/ledger.ts';
import { scannedLot, takenLots } from '../stock/lot-naming.ts';
import { accountAt, collectShelf } from '../stock/store-places.ts';
import { ensureStock } from '../stock/withdrawal.ts';
import type { TaskRecord } from '../tasks/task-book.ts';
import { findLine } from './collect-events.ts';

/** Reasons that say that nothing is left where the task sent people. */
const emptyReasons: ReadonlySet<string> = new Set(['backroom-empty', 'shelf-empty']);

export function bookPick(
  recorder: Recorder,
  task: TaskRecord,
  picked: number,
  { shortReason, scan }: { shortReason: string; scan: string },
): void {
  const { state } = recorder;
  const { gtin, orderId, slotId } = task;
  const from = slotId === '' ? accountAt(state, task.fromPlaceId) : salesFloor;
  const correlation = { correlationId: orderId };
  if (picked > 0) moveToShelf(recorder, task, { from, picked, scan });
  const reserved = findLine(state, orderId, gtin)?.reserved ?? 0;
  const release = (quantity: number, reason: string) => {
    if (quantity <= 0) return;
    const fields = { gtin, orderId, reason, quantity: quantityOf(state, gtin, quantity) };
    recorder.record('reservationReleased', fields, correlation);
  };
  release(Math.min(picked, reserved), 'picked');
  if (picked >= task.quantity) return;
  if (emptyReasons.has(shortReason)) {
    const reason = CountReason.DOUBT;
    recordCount(recorder, { gtin, account: from, slotId, counted: 0, reason });
  }
  release(Math.min(task.quantity - picked, reserved - picked), 'not-found');
}

function moveToShelf(
  recorder: Recorder,
  task: TaskRecord,
  { from, picked, scan }: { from: AccountRef; picked: number; scan: string },
): void {
  const { state } = recorder;
  const { taskId, gtin, orderId, slotId } = task;
  const correlation = { correlationId: orderId };
  const quantity = quantityOf(state, gtin, picked);
  const occasion = `task ${taskId}`;
  const causedBy = ensureStock(recorder, gtin, from, picked, occasion);
  const named = scannedLot(recorder, gtin, scan);
  const taking = { gtin, account: from, quantity: picked, named, isForSale: true, occasion };
  const lots = takenLots(recorder, taking);
  const inHands = hands(taskId);
  recorder.record(
    'itemsPicked',
    { gtin, quantity, from, to: inHands, taskId, slotId, lots },
    { ...correlation, causedBy },
  );
  const reason = `order ${orderId}`;
  recorder.record(
    'itemsMoved',
    { gtin, quantity, from: inHands, to: collectShelf, reason, lots },
    correlation,
  );
}

/** The customer took the order: it was paid with the order, not at a till. */
export function handOverOrder(recorder: Recorder, orderId: string): Outcome {
  const { state } = recorder;
  const order = state.collect.orders.get(orderId);
  if (order === undefined) {
    const reason = state.collect.closed.has(orderId) ? 'already-answered' : 'unknown-order';
    return refused(refusal(reason, 'orderId', orderId, 'an order that is ready'));
  }
  if (order.readyAtMs === 0) {
    return refused(refusal('wrong-status', 'orderId', orderId, 'an order that is ready'));
  }
  const correlation = { correlationId: orderId };
  for (const { gtin, picked } of order.lines) {
    const held = balance(state.ledger, gtin, collectShelf);
    const units = Math.min(picked, held);
    if (units === 0) continue;
    const fields = { gtin, quantity: quantityOf(state, gtin, units), reason: `order ${orderId}` };
    recorder.record('itemsMoved', { ...fields, from: collectShelf, to: customer }, correlation);
  }
  recorder.record('collectOrderCollected', { orderId }, correlation);
  return { kind: 'accepted' };
}
