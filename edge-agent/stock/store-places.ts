/**
 * Which ledger account a place of the store is. Bins have an account each; of the dock, quarantine,
 * click-and-collect and waste the store has one account, however many places master data lists there.
 *
 * Example: place "DOCK-2" of kind dock is the dock's account; bin "B7" is its own,
 * and so is each cart.
 */
import { AccountKind } from '@stockhand/proto/events/v1alpha/stock_events_pb.js';
import type { PlaceKind } from '../catalogue/catalogue.ts';
import type { State } from '../state.ts';
import { type AccountRef, bin } from './ledger.ts';

export const dock: AccountRef = { kind: AccountKind.DOCK, placeId: '' };
export const collectShelf: AccountRef = { kind: AccountKind.CLICK_AND_COLLECT, placeId: '' };
export const waste: AccountRef = { kind: AccountKind.WASTE, placeId: '' };

const accountByKind: ReadonlyMap<string, AccountKind> = new Map([
  ['dock', AccountKind.DOCK],
  ['click-and-collect', AccountKind.CLICK_AND_COLLECT],
  ['quarantine', AccountKind.QUARANTINE],
  ['waste', AccountKind.WASTE],
  ['sales-floor', AccountKind.SALES_FLOOR],
]);

/** The account of a place; a place that master data does not list is a bin, or the kind it names. */
export function accountAt(state: Readonly<State>, placeId: string): AccountRef {
  const kind = state.catalogue.placeById.get(placeId)?.kind ?? placeId;
  const account = accountByKind.get(kind);
  if (kind === 'cart') return { kind: AccountKind.CART, placeId };
  return account === undefined ? bin(placeId) : { kind: account, placeId: '' };
}

/** The first place of a kind; the kind's own name when master data lists none. */
export function placeOfKind(state: Readonly<State>, kind: PlaceKind): string {
  return state.catalogue.facts.places.find((place) => place.kind === kind)?.placeId ?? kind;
}

/** Where the backroom keeps a product: its home bin, the bin that has most of it, or any bin. */
export function homeBinOf(state: Readonly<State>, gtin: string): string {
  for (const { homeBinPlaceId } of state.catalogue.slotsByGtin.get(gtin) ?? []) {
    if (homeBinPlaceId !== '') return homeBinPlaceId;
  }
  const last = state.lastBins.get(gtin);
  if (last !== undefined && state.catalogue.placeById.has(last)) return last;
  return placeOfKind(state, 'backroom');
}
