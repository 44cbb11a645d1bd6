/**
 * Customers' orders from the reservation to the collect shelf.
 *
 * As soon as an order is placed, what the store has and nobody reserved is reserved for it, and pick
 * tasks are made: bins first, then the dock, then slots. What is not there waits for the delivery that
 * carries it; where none does, somebody chooses a substitute. Each pick books what was taken; the last
 * one makes the order ready. An order that is cancelled or not collected gives everything back.
 *
 * The log has one writer, so to look and to reserve is one step: two orders never get the same jar.
 *
 * Example: 3 jars wanted by 16:00, 2 in bin B7, 5 in slot A1: ItemsReserved 3, pick 2 from B7 and 1 from
 * A1. The slot has none any more: done short, counted 0, substitution-needed.
 */
import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import { quantityText } from '@stockhand/proto/vocabulary/quantity.ts';
import type { Recorder } from '../events/recorder.ts';
import { resolveException } from '../exceptions/exception-book.ts';
import { isCover } from '../inbound/delivery.ts';
import type { State } from '../state.ts';
import { baseUnitOf, quantityOf } from '../stock/base-unit.ts';
import { balance } from '../stock/ledger.ts';
import { collectShelf, homeBinOf, placeOfKind } from '../stock/store-places.ts';
import { cancelTask, createTask, workActor } from '../tasks/task-creation.ts';
import {
  type CollectLineRecord,
  type CollectOrderRecord,
  isComplete,
  missingOf,
} from './collect-order.ts';
import { needSubstitute, substituteKey } from './substitution.ts';
import { freeSupply, supplyPlaces } from './supply.ts';

/** A pick whose promise is so near is as urgent as an empty shelf. */
const lastCallMs = 45 * 60_000;
/** A pick whose promise is so far off can wait. */
const calmMs = 4 * 3_600_000;
const lastCallPpm = 970_000;
const calmPpm = 350_000;

/** How urgent a pick is, in parts per million, by the time left until its promise. */
export function pickUrgency(leftMs: number): number {
  if (leftMs <= lastCallMs) return lastCallPpm;
  if (leftMs >= calmMs) return calmPpm;
  const share = (calmMs - leftMs) / (calmMs - lastCallMs);
  return calmPpm + Math.floor(share * (lastCallPpm - calmPpm));
}

/** Looks at all open orders that this step's events may have moved. */
export function reviewCollectOrders(recorder: Recorder): void {
  const { collect } = recorder.state;
  if (collect.orders.size === 0 || !recorder.events.some(isTelling)) return;
  for (const order of [...collect.orders.values()]) {
    if (order.readyAtMs > 0) continue;
    for (const line of [...order.lines]) serveLine(recorder, order, line);
    tellReady(recorder, order);
  }
}

const telling: ReadonlySet<string> = new Set([
  'collectOrderPlaced',
  'itemsReceived',
  'itemsCounted',
  'itemsAdjusted',
  'itemsReturned',
  'reservationReleased',
  'substitutionChosen',
  'deliveryAccepted',
  'deliveryRefused',
  // What will not come in time helps nobody, and somebody must choose.
  'deliveryDelayed',
  'transportReported',
]);

function isTelling(event: { payload: { case: string } }): boolean {
  return telling.has(event.payload.case);
}

/** Reserves what can be had and makes its picks; asks for a substitute where nothing will come. */
function serveLine(recorder: Recorder, order: CollectOrderRecord, line: CollectLineRecord): void {
  const { state } = recorder;
  const { orderId } = order;
  const { gtin } = line;
  const wanted = Math.min(missingOf(line), freeSupply(state, gtin));
  if (wanted > 0) {
    const places = supplyPlaces(state, gtin);
    const fields = { gtin, orderId, quantity: quantityOf(state, gtin, wanted) };
    const causedBy = recorder.record('itemsReserved', fields, {
      actor: workActor,
      correlationId: orderId,
    });
    let left = wanted;
    for (const place of places) {
      if (left === 0) break;
      const promised = pickedFrom(state, gtin, place.placeId, place.slotId);
      const quantity = Math.min(left, place.quantity - promised);
      if (quantity <= 0) continue;
      createPick(recorder, order, gtin, quantity, place, causedBy);
      left -= quantity;
    }
    // Tasks of others may hold what the record shows; the fullest place is then tried for the rest.
    const [first] = places;
    if (left > 0 && first !== undefined) createPick(recorder, order, gtin, left, first, causedBy);
  }
  if (missingOf(line) === 0) resolveException(recorder, substituteKey(orderId, gtin), 'found');
  else if (!isOnItsWay(recorder, order, gtin)) needSubstitute(recorder, order, line);
}

function createPick(
  recorder: Recorder,
  order: CollectOrderRecord,
  gtin: string,
  quantity: number,
  place: { placeId: string; slotId: string },
  causedBy: number,
): void {
  const { state } = recorder;
  const { orderId, promiseAtMs } = order;
  const name = state.catalogue.productByGtin.get(gtin)?.name ?? gtin;
  const leftMs = promiseAtMs - recorder.moment.nowMs;
  const minutes = Math.round(leftMs / 60_000);
  const when = minutes >= 0 ? `promised in ${minutes} min` : `promised ${-minutes} min ago`;
  const text = quantityText(quantity, baseUnitOf(state, gtin));
  createTask(
    recorder,
    {
      type: TaskType.COLLECT_PICK,
      gtin,
      quantity,
      slotId: place.slotId,
      fromPlaceId: place.placeId,
      toPlaceId: placeOfKind(state, 'click-and-collect'),
      orderId,
      dueAtMs: promiseAtMs,
      urgencyPpm: pickUrgency(leftMs),
      explanation: `Order ${orderId} wants ${text} of ${name}, ${when}.`,
    },
    causedBy,
  );
}

/** What open picks will take from a place already. */
function pickedFrom(state: State, gtin: string, placeId: string, slotId: string): number {
  let sum = 0;
  for (const task of state.tasks.open.values()) {
    if (task.type !== TaskType.COLLECT_PICK || task.gtin !== gtin) continue;
    if (task.fromPlaceId === placeId && task.slotId === slotId) sum += task.quantity;
  }
  return sum;
}

/**
 * A delivery brings the product in time, and it is not checked yet. The order's own delivery counts no
 * longer than others when it comes after the promise: somebody must choose then.
 */
function isOnItsWay(
  { state, moment: { nowMs } }: Recorder,
  order: CollectOrderRecord,
  gtin: string,
): boolean {
  const { promiseAtMs } = order;
  for (const delivery of state.deliveries.values()) {
    const isHere = delivery.arrivedAtMs > 0;
    if (!isHere && delivery.expectedAtMs > promiseAtMs) continue;
    if (!isCover(delivery, nowMs)) continue;
    for (const line of delivery.lines.values()) {
      if (line.gtin === gtin && line.received < 0) return true;
    }
  }
  return false;
}

function tellReady(recorder: Recorder, order: CollectOrderRecord): void {
  if (!isComplete(order)) return;
  const { orderId } = order;
  recorder.record('collectOrderReady', { orderId }, { actor: workActor, correlationId: orderId });
}

/** Gives everything back: reservations at once, picked goods as tasks to bring them back. */
export function releaseOrder(recorder: Recorder, order: CollectOrderRecord, reason: string): void {
  const { state } = recorder;
  const { orderId } = order;
  const circumstances = { actor: workActor, correlationId: orderId };
  for (const task of [...state.tasks.open.values()]) {
    if (task.orderId === orderId) cancelTask(recorder, task.taskId, `order-${reason}`);
  }
  const picked = order.lines.filter((line) => line.picked > 0);
  for (const { gtin, reserved } of order.lines) {
    resolveException(recorder, substituteKey(orderId, gtin), reason);
    if (reserved === 0) continue;
    const quantity = quantityOf(state, gtin, reserved);
    const fields = { gtin, orderId, quantity, reason: 'cancelled' };
    recorder.record('reservationReleased', fields, circumstances);
  }
  recorder.record('collectOrderReleased', { orderId, reason }, circumstances);
  for (const { gtin, picked: units } of picked) {
    const quantity = Math.min(units, balance(state.ledger, gtin, collectShelf));
    if (quantity === 0) continue;
    const name = state.catalogue.productByGtin.get(gtin)?.name ?? gtin;
    createTask(recorder, {
      type: TaskType.MOVE,
      gtin,
      quantity,
      fromPlaceId: placeOfKind(state, 'click-and-collect'),
      toPlaceId: homeBinOf(state, gtin),
      orderId,
      urgencyPpm: 250_000,
      explanation: `Order ${orderId} is ${reason}: bring ${name} back.`,
    });
  }
}
