/**
 * The stock ledger: how much of each product each account holds, in base units (pieces, milligrams).
 *
 * It is double-entry: every entry moves a quantity from one account to another, so that per product
 * all accounts together are always zero. What came in is what the supplier account lacks; what a till
 * sold is in the customer account. Accounts inside the store never go below zero: a sale of more than
 * the record knows first brings the missing quantity from lost-and-found, visibly, as a
 * StockContradicted event.
 *
 * Example: 24 received into bin B1 (supplier −24, B1 +24), 10 picked and stocked (B1 14, sales floor
 * 10), 3 sold (sales floor 7, customer 3): −24 + 14 + 7 + 3 = 0.
 */
import { AccountKind } from '@stockhand/proto/events/v1alpha/stock_events_pb.js';

/** By GTIN, then by account key. Accounts at zero are not kept. */
export type Ledger = Map<string, Map<string, number>>;

export interface AccountRef {
  kind: AccountKind;
  /** Bin, cart or task; empty for accounts that the store has one of. */
  placeId: string;
}

export const salesFloor: AccountRef = { kind: AccountKind.SALES_FLOOR, placeId: '' };
export const customer: AccountRef = { kind: AccountKind.CUSTOMER, placeId: '' };
export const supplier: AccountRef = { kind: AccountKind.SUPPLIER, placeId: '' };
export const quarantine: AccountRef = { kind: AccountKind.QUARANTINE, placeId: '' };
export const lostAndFound: AccountRef = { kind: AccountKind.LOST_AND_FOUND, placeId: '' };

export function bin(placeId: string): AccountRef {
  return { kind: AccountKind.BACKROOM_BIN, placeId };
}

export function hands(taskId: string): AccountRef {
  return { kind: AccountKind.HANDS, placeId: taskId };
}

/** Outside the store or unknown: these may stand below zero. */
export function isBoundary(kind: AccountKind): boolean {
  return (
    kind === AccountKind.CUSTOMER ||
    kind === AccountKind.SUPPLIER ||
    kind === AccountKind.WASTE ||
    kind === AccountKind.LOST_AND_FOUND
  );
}

/** Keys of the accounts that a store has one of: asked for at every step, and never made twice. */
const keysWithoutPlace: string[] = [];

export function accountKey({ kind, placeId }: AccountRef): string {
  if (placeId !== '') return `${kind}/${placeId}`;
  const known = keysWithoutPlace[kind];
  if (known !== undefined) return known;
  const key = `${kind}/`;
  keysWithoutPlace[kind] = key;
  return key;
}

/** The account of a key that `accountKey` made. */
export function accountRefOf(key: string): AccountRef {
  const slash = key.indexOf('/');
  return { kind: Number(key.slice(0, slash)), placeId: key.slice(slash + 1) };
}

/** Goods of this account may still be sold. */
export function isSaleable(kind: AccountKind): boolean {
  return !isBoundary(kind) && kind !== AccountKind.QUARANTINE;
}

export function balance(ledger: Ledger, gtin: string, account: AccountRef): number {
  return ledger.get(gtin)?.get(accountKey(account)) ?? 0;
}

/** Moves `quantity` (a whole number; below zero moves back) from one account to another. */
export function moveStock(
  ledger: Ledger,
  gtin: string,
  from: AccountRef,
  to: AccountRef,
  quantity: number,
): void {
  if (!Number.isSafeInteger(quantity)) throw new RangeError(`not a whole quantity: ${quantity}`);
  let accounts = ledger.get(gtin);
  if (accounts === undefined) {
    accounts = new Map();
    ledger.set(gtin, accounts);
  }
  add(accounts, accountKey(from), -quantity);
  add(accounts, accountKey(to), quantity);
  if (accounts.size === 0) ledger.delete(gtin);
}

export interface BinBalance {
  placeId: string;
  quantity: number;
}

const binPrefix = `${AccountKind.BACKROOM_BIN}/`;

/** Backroom bins that hold the product, greatest quantity first, then by place id. */
export function binsHolding(ledger: Ledger, gtin: string): BinBalance[] {
  const bins: BinBalance[] = [];
  for (const [key, quantity] of ledger.get(gtin) ?? []) {
    if (key.startsWith(binPrefix)) bins.push({ placeId: key.slice(binPrefix.length), quantity });
  }
  return bins.sort(
    (one, other) => other.quantity - one.quantity || (one.placeId < other.placeId ? -1 : 1),
  );
}

/** What all backroom bins hold of the product together. */
export function inBins(ledger: Ledger, gtin: string): number {
  const accounts = ledger.get(gtin);
  if (accounts === undefined) return 0;
  let sum = 0;
  for (const [key, quantity] of accounts) if (key.startsWith(binPrefix)) sum += quantity;
  return sum;
}

/** Sum over all accounts of a product: zero, always. */
export function sumOfAccounts(ledger: Ledger, gtin: string): number {
  let sum = 0;
  for (const quantity of ledger.get(gtin)?.values() ?? []) sum += quantity;
  return sum;
}

function add(accounts: Map<string, number>, key: string, quantity: number): void {
  const after = (accounts.get(key) ?? 0) + quantity;
  if (after === 0) accounts.delete(key);
  else accounts.set(key, after);
}
