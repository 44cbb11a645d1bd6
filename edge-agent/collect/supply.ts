/**
 * Where goods of a product can be taken from, and how much of it is nobody's yet.
 *
 * What customers reserved may still lie in a bin or slot, but refills may not take it from the backroom,
 * and no second customer may have it. Example: 20 in the bins, 4 at the dock, 10 in the slots, 6
 * reserved: refills may take 18, a new order 28.
 */
import { AccountKind } from '@stockhand/proto/events/v1alpha/stock_events_pb.js';
import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import type { State } from '../state.ts';
import { type AccountRef, balance, bin, binsHolding, inBins, salesFloor } from '../stock/ledger.ts';
import { expiredAt, isExpired, lotsAt } from '../stock/lots.ts';
import { dock, placeOfKind } from '../stock/store-places.ts';
import { isHeld } from '../tasks/task-book.ts';

export interface SupplyPlace {
  account: AccountRef;
  /** Bin or dock; empty for a slot. */
  placeId: string;
  /** Empty for a bin or the dock. */
  slotId: string;
  quantity: number;
}

/** What refills may take: bins and dock, without what customers reserved. */
export function refillSupply(state: Readonly<State>, gtin: string): number {
  const held = inBins(state.ledger, gtin) + freeAtDock(state, gtin);
  const expired = state.lots.has(gtin) ? expiredSupply(state, gtin) : 0;
  return Math.max(0, held - expired - (state.collect.reserved.get(gtin) ?? 0));
}

/** Expired goods in bins and at the dock: nobody may sell them, so they refill nothing. */
function expiredSupply(state: Readonly<State>, gtin: string): number {
  const { businessDay } = state;
  let expired = freeAtDock(state, gtin) > 0 ? expiredAt(state, gtin, dock, businessDay) : 0;
  for (const { placeId } of binsHolding(state.ledger, gtin)) {
    expired += expiredAt(state, gtin, bin(placeId), businessDay);
  }
  return expired;
}

/**
 * What of a product stands at the dock for everybody: nothing once somebody has begun to put it away, for
 * it is on a cart then, whatever the record says.
 */
export function freeAtDock(state: Readonly<State>, gtin: string): number {
  const atDock = balance(state.ledger, gtin, dock);
  if (atDock === 0) return 0;
  for (const task of state.tasks.open.values()) {
    if (task.gtin === gtin && task.type === TaskType.PUT_AWAY && isHeld(task)) return 0;
  }
  return atDock;
}

/** Where refills take it from: the bins, fullest first, and the dock when the bins have none. */
export function refillPlaces(state: Readonly<State>, gtin: string): SupplyPlace[] {
  const places = supplyPlaces(state, gtin).filter(({ slotId }) => slotId === '');
  const bins = places.filter(({ account }) => account.kind === AccountKind.BACKROOM_BIN);
  const sources = bins.length > 0 ? bins : places;
  return state.lots.has(gtin) ? byFreshness(state, gtin, sources) : sources;
}

/** The places whose goods expire first come first; expired goods do not count. */
function byFreshness(
  state: Readonly<State>,
  gtin: string,
  places: readonly SupplyPlace[],
): SupplyPlace[] {
  const { businessDay } = state;
  const firstDate = ({ account }: SupplyPlace) => {
    const fresh = lotsAt(state, gtin, account).find((lot) => !isExpired(lot, businessDay));
    return fresh?.bestBefore || '9999-12-31';
  };
  return places
    .map((place) => {
      const expired = expiredAt(state, gtin, place.account, businessDay);
      return { place: { ...place, quantity: place.quantity - expired }, date: firstDate(place) };
    })
    .filter(({ place }) => place.quantity > 0)
    .sort((one, other) => (one.date < other.date ? -1 : Number(one.date > other.date)))
    .map(({ place }) => place);
}

/** What a customer may still reserve: all that the store has and nobody reserved. */
export function freeSupply(state: Readonly<State>, gtin: string): number {
  const held = supplyPlaces(state, gtin).reduce((sum, { quantity }) => sum + quantity, 0);
  return Math.max(0, held - (state.collect.reserved.get(gtin) ?? 0));
}

/** Bins first, fullest first, then the dock, then slots, fullest first. */
export function supplyPlaces(state: Readonly<State>, gtin: string): SupplyPlace[] {
  const places: SupplyPlace[] = binsHolding(state.ledger, gtin).map(({ placeId, quantity }) => ({
    account: bin(placeId),
    placeId,
    slotId: '',
    quantity,
  }));
  const atDock = freeAtDock(state, gtin);
  if (atDock > 0) {
    places.push({
      account: dock,
      placeId: placeOfKind(state, 'dock'),
      slotId: '',
      quantity: atDock,
    });
  }
  const slots = (state.catalogue.slotsByGtin.get(gtin) ?? [])
    .map(({ slotId }) => ({ slotId, quantity: state.shelves.get(slotId)?.quantity ?? 0 }))
    .filter(({ quantity }) => quantity > 0)
    .sort((one, other) => other.quantity - one.quantity);
  let onFloor = balance(state.ledger, gtin, salesFloor);
  for (const { slotId, quantity: believed } of slots) {
    const quantity = Math.min(believed, onFloor);
    onFloor -= quantity;
    if (quantity > 0) places.push({ account: salesFloor, placeId: '', slotId, quantity });
  }
  return places;
}
