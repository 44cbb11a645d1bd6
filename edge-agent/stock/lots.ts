/**
 * Which lots the goods of an account are of, for products whose master data asks for it.
 *
 * The ledger says how much an account holds; beside it, each account knows how much of that is of which
 * lot. What no known lot covers is undated: the stock of a store that begins to track lots, what a count
 * found on top, what a customer brought back. So the known lots and the undated rest are the account's
 * quantity, always, and no lot is below zero.
 *
 * What is taken without anybody naming a lot leaves in this order: undated goods first, for all that was
 * received since tracking began is dated and therefore younger; then first expired, first out. For a till
 * this is an assumption, since nobody sees which pack a customer took; a count that looks at lots
 * corrects it. Dates are compared as ISO text.
 *
 * Example: the sales floor holds 10: 2 undated, 3 best before 1 December, 5 best before 8 December. A till
 * sells 4: the 2 undated and 2 of 1 December are gone, 1 + 5 are left.
 */
import type { LotQuantity } from '@stockhand/proto/events/v1alpha/stock_events_pb.js';
import { baseUnitsOf } from '@stockhand/proto/vocabulary/quantity.ts';
import type { State } from '../state.ts';
import { type AccountRef, accountKey, balance, isBoundary } from './ledger.ts';

/** What tells one lot from another. */
export interface LotName {
  /** The producer's code; empty for products tracked by date only, and where nobody said. */
  lot: string;
  /** ISO date of the last good day; empty where nobody said. */
  bestBefore: string;
}

export interface LotStock extends LotName {
  /** Base units, above zero. */
  quantity: number;
}

/** By GTIN, then by account key: the known lots, first expired first. Undated goods are not in it. */
export type Lots = Map<string, Map<string, LotStock[]>>;

/** Lots of one product that an account tells apart; those that expire last are undated on top of that. */
export const lotsPerAccountLimit = 60;

export function isLotTracked(state: Readonly<State>, gtin: string): boolean {
  const tracking = state.catalogue.productByGtin.get(gtin)?.lotTracking;
  return tracking !== undefined && tracking !== 'none';
}

/** Known lots of the product in the account, first expired first. */
export function lotsAt(
  state: Readonly<State>,
  gtin: string,
  account: AccountRef,
): readonly LotStock[] {
  return state.lots.get(gtin)?.get(accountKey(account)) ?? [];
}

/** What the account holds of no known lot. */
export function undatedAt(state: Readonly<State>, gtin: string, account: AccountRef): number {
  return balance(state.ledger, gtin, account) - sumOf(lotsAt(state, gtin, account));
}

/** What the account holds whose last good day lies before `today`. */
export function expiredAt(
  state: Readonly<State>,
  gtin: string,
  account: AccountRef,
  today: string,
): number {
  return sumOf(lotsAt(state, gtin, account).filter((one) => isExpired(one, today)));
}

export function isExpired({ bestBefore }: LotName, today: string): boolean {
  return bestBefore !== '' && today !== '' && bestBefore < today;
}

/** How lots are taken when nobody names one. */
export interface Taking {
  /** Scanned: taken first. */
  named?: LotName | null;
  /** Leaves out what is expired at the day. */
  freshOn?: string;
}

/**
 * The lots of which `quantity` is taken from the account; what is missing to it is undated or not there.
 * The state stays as it is.
 */
export function lotsToTake(
  state: Readonly<State>,
  gtin: string,
  account: AccountRef,
  quantity: number,
  { named = null, freshOn = '' }: Taking = {},
): LotStock[] {
  const held = lotsAt(state, gtin, account);
  if (held.length === 0) return [];
  const isNamed = (one: LotName) => named !== null && isSameLot(one, named);
  const taken: LotStock[] = [];
  let left = quantity;
  const take = (one: LotStock) => {
    const part = Math.min(left, one.quantity);
    if (part > 0) taken.push({ ...one, quantity: part });
    left -= part;
  };
  for (const one of held) if (isNamed(one)) take(one);
  left -= Math.min(left, undatedAt(state, gtin, account));
  for (const one of held) if (!isNamed(one) && !isExpired(one, freshOn)) take(one);
  return taken;
}

/**
 * Moves lots along with what the ledger moves; call it before `moveStock`. `named` are the lots that the
 * event names; what they do not cover leaves as the file's head says. Outside the store no lots are kept.
 */
export function moveLots(
  state: State,
  gtin: string,
  from: AccountRef,
  to: AccountRef,
  quantity: number,
  named: readonly LotStock[],
): void {
  if (!isLotTracked(state, gtin) || quantity === 0) return;
  if (quantity < 0) {
    moveLots(state, gtin, to, from, -quantity, named);
    return;
  }
  const moving = isBoundary(from.kind)
    ? clipped(named, quantity)
    : takeLots(state, gtin, from, quantity, named);
  if (!isBoundary(to.kind)) addLots(state, gtin, to, moving);
}

/** Names goods that the account holds: they are of this lot, whatever the record said of them. */
export function relabelLots(state: State, gtin: string, account: AccountRef, lot: LotStock): void {
  if (!isLotTracked(state, gtin) || isBoundary(account.kind)) return;
  const held = lotsAt(state, gtin, account);
  const own = held.find((one) => isSameLot(one, lot))?.quantity ?? 0;
  let left = Math.min(lot.quantity, balance(state.ledger, gtin, account) - own);
  if (left <= 0) return;
  const named = left;
  // Undated goods take the name first, then those that would have been taken next.
  left -= Math.min(left, Math.max(0, undatedAt(state, gtin, account)));
  for (const one of held) {
    if (left <= 0 || isSameLot(one, lot)) continue;
    const part = Math.min(left, one.quantity);
    reduce(state, gtin, account, one, part);
    left -= part;
  }
  addLots(state, gtin, account, [{ ...lot, quantity: named }]);
}

/** What a person saw of each lot replaces what the record said; the rest of the account is undated. */
export function countLots(
  state: State,
  gtin: string,
  account: AccountRef,
  counted: readonly LotStock[],
  total: number,
): void {
  if (!isLotTracked(state, gtin)) return;
  setLots(state, gtin, account, []);
  addLots(state, gtin, account, clipped(counted, total));
}

/** Forgets the lots of products that are not tracked any more, and dates of those tracked otherwise. */
export function forgetUntracked(state: State): void {
  for (const gtin of [...state.lots.keys()]) {
    if (!isLotTracked(state, gtin)) state.lots.delete(gtin);
  }
}

/** The lot in an event. */
export function lotStockOf({ lot, bestBefore, quantity }: LotQuantity): LotStock {
  return { lot, bestBefore, quantity: baseUnitsOf(quantity) };
}

export function isSameLot(one: LotName, other: LotName): boolean {
  return one.lot === other.lot && one.bestBefore === other.bestBefore;
}

/** Undated last: of those that say nothing of their date nobody knows that they expire. */
export function byExpiry(one: LotName, other: LotName): number {
  if (one.bestBefore !== other.bestBefore) {
    if (one.bestBefore === '') return 1;
    if (other.bestBefore === '') return -1;
    return one.bestBefore < other.bestBefore ? -1 : 1;
  }
  if (one.lot === other.lot) return 0;
  return one.lot < other.lot ? -1 : 1;
}

export function sumOf(lots: readonly LotStock[]): number {
  let sum = 0;
  for (const { quantity } of lots) sum += quantity;
  return sum;
}

/** The first of the lots that fit into `quantity`. */
function clipped(lots: readonly LotStock[], quantity: number): LotStock[] {
  let left = quantity;
  const fitting: LotStock[] = [];
  for (const one of lots) {
    const part = Math.min(left, one.quantity);
    if (part > 0) fitting.push({ ...one, quantity: part });
    left -= part;
  }
  return fitting;
}

/** Takes the named lots as far as they are there, then what comes first; answers those that were known. */
function takeLots(
  state: State,
  gtin: string,
  from: AccountRef,
  quantity: number,
  named: readonly LotStock[],
): LotStock[] {
  const taken: LotStock[] = [];
  let left = quantity;
  const undated = undatedAt(state, gtin, from);
  const take = (one: LotName, most: number) => {
    const held = lotsAt(state, gtin, from).find((other) => isSameLot(other, one))?.quantity ?? 0;
    const part = Math.min(left, most, held);
    if (part <= 0) return;
    taken.push({ lot: one.lot, bestBefore: one.bestBefore, quantity: part });
    reduce(state, gtin, from, one, part);
    left -= part;
  };
  for (const one of named) take(one, one.quantity);
  left -= Math.min(left, Math.max(0, undated));
  for (const one of [...lotsAt(state, gtin, from)]) take(one, one.quantity);
  return taken;
}

function reduce(state: State, gtin: string, at: AccountRef, lot: LotName, by: number): void {
  const lots = lotsAt(state, gtin, at).flatMap((one) => {
    if (!isSameLot(one, lot)) return [one];
    return one.quantity > by ? [{ ...one, quantity: one.quantity - by }] : [];
  });
  setLots(state, gtin, at, lots);
}

function addLots(state: State, gtin: string, at: AccountRef, added: readonly LotStock[]): void {
  if (added.length === 0) return;
  const lots = [...lotsAt(state, gtin, at)];
  for (const { lot, bestBefore, quantity } of added) {
    // Neither code nor date: that is undated stock.
    if (quantity <= 0 || (lot === '' && bestBefore === '')) continue;
    const index = lots.findIndex((one) => isSameLot(one, { lot, bestBefore }));
    const before = lots[index];
    if (before === undefined) lots.push({ lot, bestBefore, quantity });
    else lots[index] = { ...before, quantity: before.quantity + quantity };
  }
  setLots(state, gtin, at, lots.sort(byExpiry).slice(0, lotsPerAccountLimit));
}

function setLots(state: State, gtin: string, at: AccountRef, lots: LotStock[]): void {
  const accounts = state.lots.get(gtin) ?? new Map<string, LotStock[]>();
  if (lots.length > 0) accounts.set(accountKey(at), lots);
  else accounts.delete(accountKey(at));
  if (accounts.size > 0) state.lots.set(gtin, accounts);
  else state.lots.delete(gtin);
}
