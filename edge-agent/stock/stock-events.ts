/** What the stock events do to the ledger and to the belief of the slots. */
import { TillLineKind } from '@stockhand/proto/device/v1alpha/till_sale_pb.js';
import type {
  Account,
  ItemsAdjusted,
  ItemsCounted,
  ItemsMoved,
  ItemsPicked,
  ItemsPutAway,
  ItemsReceived,
  ItemsReturned,
  ItemsSold,
  ItemsStocked,
  LotQuantity,
  StockContradicted,
} from '@stockhand/proto/events/v1alpha/stock_events_pb.js';
import { AccountKind, CountReason } from '@stockhand/proto/events/v1alpha/stock_events_pb.js';
import { baseUnitsOf } from '@stockhand/proto/vocabulary/quantity.ts';
import { noteSold } from '../demand/store-demand.ts';
import { bookLine, receiptName } from '../ingest/receipt-book.ts';
import { notePredictedRefill, notePredictedSale } from '../replenishment/prediction-events.ts';
import type { State } from '../state.ts';
import {
  type AccountRef,
  balance,
  customer,
  lostAndFound,
  moveStock,
  salesFloor,
  supplier,
} from './ledger.ts';
import { countLots, isSameLot, lotStockOf, lotsAt, moveLots, relabelLots } from './lots.ts';
import {
  countShelf,
  sellFromShelves,
  stockShelf,
  unsellToShelves,
  wasCountedSince,
} from './shelf.ts';
import { dock } from './store-places.ts';

/**
 * A sale. One that happened before the product's last count (a till that was offline) is already in
 * that count: it explains a part of its difference and moves no stock a second time.
 */
export function applyItemsSold(
  state: State,
  sold: ItemsSold,
  occurredAtMs: number,
  touched: Set<string>,
): void {
  const quantity = baseUnitsOf(sold.quantity);
  const slots = state.catalogue.slotsByGtin.get(sold.gtin) ?? [];
  noteSold(state.demand, state.catalogue, sold.gtin, quantity);
  notePredictedSale(state, sold.gtin, quantity, occurredAtMs);
  if (wasCountedSince(state.shelves, slots, occurredAtMs)) {
    moveStock(state.ledger, sold.gtin, lostAndFound, customer, quantity);
  } else {
    move(state, sold.gtin, salesFloor, customer, quantity);
    const moved = sellFromShelves(state.shelves, slots, quantity, occurredAtMs);
    for (const slotId of moved) touched.add(slotId);
  }
  const name = receiptName(sold.workstation, sold.receipt);
  bookLine(state.receipts, sold.tillBusinessDay, name, sold.line, TillLineKind.SALE);
}

export function applyItemsReturned(
  state: State,
  returned: ItemsReturned,
  touched: Set<string>,
): void {
  const quantity = baseUnitsOf(returned.quantity);
  move(state, returned.gtin, customer, accountOf(returned.to), quantity);
  if (returned.isVoid) {
    noteSold(state.demand, state.catalogue, returned.gtin, -quantity);
    const slots = state.catalogue.slotsByGtin.get(returned.gtin) ?? [];
    for (const slotId of unsellToShelves(state.shelves, slots, quantity)) touched.add(slotId);
  }
  const name = receiptName(returned.workstation, returned.receipt);
  const kind = returned.isVoid ? TillLineKind.VOID : TillLineKind.RETURN;
  bookLine(state.receipts, returned.tillBusinessDay, name, returned.line, kind);
}

export function applyItemsReceived(
  state: State,
  received: ItemsReceived,
  atMs: number,
  touched: Set<string>,
): void {
  const { gtin, quantity, to, deliveryId } = received;
  if (to?.kind === AccountKind.DOCK && !state.dockClocks.has(gtin)) {
    const arrivedAtMs = state.deliveries.get(deliveryId)?.arrivedAtMs ?? 0;
    const sinceMs = arrivedAtMs > 0 ? arrivedAtMs : atMs;
    state.dockClocks.set(gtin, { gtin, deliveryId, sinceMs });
  }
  move(state, gtin, supplier, accountOf(to), baseUnitsOf(quantity), received.lots);
  touchSlots(state, gtin, touched);
}

/** Put-away, move and pick: from one account of the store to another. */
export function applyTransfer(
  state: State,
  transfer: ItemsPutAway | ItemsMoved | ItemsPicked,
  touched: Set<string>,
): void {
  const { gtin, quantity, from, to } = transfer;
  move(state, gtin, accountOf(from), accountOf(to), baseUnitsOf(quantity), transfer.lots);
  if (from?.kind === AccountKind.DOCK && balance(state.ledger, gtin, dock) === 0) {
    state.dockClocks.delete(gtin);
  }
  touchSlots(state, gtin, touched);
}

/** Put into a bin: the next delivery of the product goes there, too, when no slot names its bin. */
export function applyItemsPutAway(state: State, putAway: ItemsPutAway, touched: Set<string>): void {
  const { gtin, to } = putAway;
  if (to?.kind === AccountKind.BACKROOM_BIN) state.lastBins.set(gtin, to.placeId);
  applyTransfer(state, putAway, touched);
}

/** Into somebody's hands; taken from a slot, that slot holds as much less. */
export function applyItemsPicked(
  state: State,
  picked: ItemsPicked,
  atMs: number,
  touched: Set<string>,
): void {
  const slot = state.catalogue.slotById.get(picked.slotId);
  if (slot !== undefined) {
    sellFromShelves(state.shelves, [slot], baseUnitsOf(picked.quantity), atMs);
  }
  applyTransfer(state, picked, touched);
}

export function applyItemsStocked(
  state: State,
  stocked: ItemsStocked,
  atMs: number,
  touched: Set<string>,
): void {
  const quantity = baseUnitsOf(stocked.quantity);
  move(state, stocked.gtin, accountOf(stocked.from), salesFloor, quantity, stocked.lots);
  const slot = state.catalogue.slotById.get(stocked.slotId);
  if (slot === undefined) return;
  const casePack = state.catalogue.productByGtin.get(slot.gtin)?.casePack ?? 0;
  notePredictedRefill(state, slot.slotId);
  stockShelf(state.shelves, slot, { quantity, casePack, atMs });
  touched.add(slot.slotId);
}

/**
 * A count replaces the record. One slot counted: the sales floor then holds that and what is believed
 * of the product's other slots. The whole sales floor counted: its slots are filled in the order of
 * the planogram, for nobody said what lay where.
 */
export function applyItemsCounted(
  state: State,
  counted: ItemsCounted,
  atMs: number,
  touched: Set<string>,
): void {
  const quantity = baseUnitsOf(counted.counted);
  const account = accountOf(counted.account);
  const slots = state.catalogue.slotsByGtin.get(counted.gtin) ?? [];
  // The stock that the ERP says a store starts with was seen by nobody at this instant.
  const seenAtMs = counted.reason === CountReason.OPENING ? 0 : atMs;
  touchSlots(state, counted.gtin, touched);
  let target = quantity;
  if (account.kind === AccountKind.SALES_FLOOR) {
    if (counted.slotId === '') {
      let left = quantity;
      for (const slot of slots) {
        const inSlot = Math.min(left, slot.capacity);
        countShelf(state.shelves, slot, inSlot, seenAtMs);
        left -= inSlot;
      }
    } else {
      for (const slot of slots) {
        if (slot.slotId === counted.slotId) countShelf(state.shelves, slot, quantity, seenAtMs);
        else target += state.shelves.get(slot.slotId)?.quantity ?? 0;
      }
    }
  }
  const difference = target - balance(state.ledger, counted.gtin, account);
  if (difference !== 0) move(state, counted.gtin, lostAndFound, account, difference);
  if (counted.lots.length > 0) applyCountedLots(state, counted, account, target);
  if (account.kind === AccountKind.DOCK && target === 0) state.dockClocks.delete(counted.gtin);
}

export function applyItemsAdjusted(
  state: State,
  adjusted: ItemsAdjusted,
  touched: Set<string>,
): void {
  const { gtin, quantity, account } = adjusted;
  move(state, gtin, lostAndFound, accountOf(account), baseUnitsOf(quantity));
  touchSlots(state, gtin, touched);
}

export function applyStockContradicted(state: State, contradicted: StockContradicted): void {
  const { gtin, missing, account, lot } = contradicted;
  if (lot === undefined) move(state, gtin, lostAndFound, accountOf(account), baseUnitsOf(missing));
  else relabelLots(state, gtin, accountOf(account), lotStockOf(lot));
}

/** The ledger and, beside it, the lots of a product that has them tracked. */
function move(
  state: State,
  gtin: string,
  from: AccountRef,
  to: AccountRef,
  quantity: number,
  lots: readonly LotQuantity[] = [],
): void {
  moveLots(state, gtin, from, to, quantity, lots.map(lotStockOf));
  moveStock(state.ledger, gtin, from, to, quantity);
}

/**
 * One of several slots counted says nothing of the lots in the others: what it held of each lot is there,
 * at least, and goods that had no name or another one get it.
 */
function applyCountedLots(
  state: State,
  { gtin, slotId, lots }: ItemsCounted,
  account: AccountRef,
  total: number,
): void {
  const seen = lots.map(lotStockOf);
  const isOnlySlot = (state.catalogue.slotsByGtin.get(gtin) ?? []).length <= 1;
  if (slotId === '' || isOnlySlot) {
    countLots(state, gtin, account, seen, total);
    return;
  }
  for (const one of seen) {
    const held = lotsAt(state, gtin, account).find((other) => isSameLot(one, other));
    const lacking = one.quantity - (held?.quantity ?? 0);
    if (lacking > 0) relabelLots(state, gtin, account, { ...one, quantity: lacking });
  }
}

/** An account as the ledger names it; the unset one is lost-and-found, so that nothing vanishes. */
export function accountOf(account: Account | undefined): AccountRef {
  return account === undefined ? lostAndFound : { kind: account.kind, placeId: account.placeId };
}

function touchSlots(state: State, gtin: string, touched: Set<string>): void {
  for (const slot of state.catalogue.slotsByGtin.get(gtin) ?? []) touched.add(slot.slotId);
}
