/** What the events of click-and-collect do to the orders and to what is reserved. */
import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { CollectOrderPlaced } from '@stockhand/proto/events/v1alpha/order_events_pb.js';
import type {
  ItemsReserved,
  ReservationReleased,
} from '@stockhand/proto/events/v1alpha/stock_events_pb.js';
import { baseUnitsOf } from '@stockhand/proto/vocabulary/quantity.ts';
import { forgetSubstitutions } from '../orders/proposal.ts';
import type { State } from '../state.ts';
import { type CollectLineRecord, closedOrdersKept, missingOf } from './collect-order.ts';

export function applyCollectOrderPlaced(
  state: State,
  placed: CollectOrderPlaced,
  atMs: number,
): void {
  const { orderId, promiseAt, deliveryId } = placed;
  state.collect.orders.set(orderId, {
    orderId,
    placedAtMs: atMs,
    promiseAtMs: promiseAt === undefined ? atMs : timestampMs(promiseAt),
    deliveryId,
    lines: placed.lines.map(({ gtin, quantity }) => newLine(gtin, baseUnitsOf(quantity))),
    readyAtMs: 0,
  });
}

function newLine(gtin: string, ordered: number): CollectLineRecord {
  return { gtin, ordered, reserved: 0, picked: 0, isClosed: false };
}

export function applyItemsReserved(
  state: State,
  reserved: ItemsReserved,
  touched: Set<string>,
): void {
  const { gtin, orderId } = reserved;
  const quantity = baseUnitsOf(reserved.quantity);
  const line = findLine(state, orderId, gtin);
  if (line !== undefined) {
    line.reserved += quantity;
    askForLess(state, orderId, line);
  }
  addReserved(state, gtin, quantity, touched);
}

export function applyReservationReleased(
  state: State,
  released: ReservationReleased,
  touched: Set<string>,
): void {
  const { gtin, orderId, reason } = released;
  const quantity = baseUnitsOf(released.quantity);
  const line = findLine(state, orderId, gtin);
  if (line !== undefined) {
    line.reserved -= quantity;
    if (reason === 'picked') line.picked += quantity;
  }
  addReserved(state, gtin, -quantity, touched);
}

/** What is reserved after all needs no substitute. */
function askForLess(state: State, orderId: string, line: CollectLineRecord): void {
  const { substitutions } = state.proposals;
  const missing = missingOf(line);
  for (const one of [...substitutions.values()]) {
    if (one.orderId !== orderId || one.gtin !== line.gtin) continue;
    if (missing === 0) substitutions.delete(one.substitutionId);
    else one.quantity = Math.min(one.quantity, missing);
  }
}

/** Collected or released: the order is over. */
export function applyCollectOrderOver(state: State, orderId: string): void {
  forgetSubstitutions(state.proposals, (one) => one.orderId === orderId);
  const { orders, closed } = state.collect;
  orders.delete(orderId);
  closed.add(orderId);
  if (closed.size <= closedOrdersKept) return;
  const [oldest] = closed;
  if (oldest !== undefined) closed.delete(oldest);
}

/** Another product takes the place of a line, or nothing does. */
export function substituteLine(
  state: State,
  orderId: string,
  gtin: string,
  substituteGtin: string,
  quantity: number,
): void {
  const order = state.collect.orders.get(orderId);
  const line = findLine(state, orderId, gtin);
  if (order === undefined || line === undefined) return;
  line.isClosed = true;
  if (substituteGtin === '') return;
  const other = findLine(state, orderId, substituteGtin);
  if (other === undefined) order.lines.push(newLine(substituteGtin, quantity));
  else {
    other.ordered += quantity;
    other.isClosed = false;
  }
}

export function findLine(
  state: Readonly<State>,
  orderId: string,
  gtin: string,
): CollectLineRecord | undefined {
  return state.collect.orders.get(orderId)?.lines.find((line) => line.gtin === gtin);
}

function addReserved(state: State, gtin: string, quantity: number, touched: Set<string>): void {
  const { reserved } = state.collect;
  const after = (reserved.get(gtin) ?? 0) + quantity;
  if (after > 0) reserved.set(gtin, after);
  else reserved.delete(gtin);
  for (const slot of state.catalogue.slotsByGtin.get(gtin) ?? []) touched.add(slot.slotId);
}
