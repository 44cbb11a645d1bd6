/**
 * Which lot goods are of, as people, labels and notices say it, and what events say of it.
 *
 * A label says it best: GS1 AI 10 (lot), 15 (best before) and 17 (expiry); where both dates stand, the
 * earlier one counts. Next comes what somebody typed, then the supplier's notice, then the day of receipt
 * plus the product's shelf life. Of a product that is tracked by date only, the producer's lot is left
 * out, so that goods of one date stay one lot.
 *
 * Example: "]C1010406381333393115261220" + "10A7": jam of lot A7, best before 20 December 2026.
 */
import { interpretScan } from '@stockhand/device-drivers/gs1/interpretation.ts';
import type { LotQuantity } from '@stockhand/proto/events/v1alpha/stock_events_pb.js';
import type { Quantity } from '@stockhand/proto/quantity/v1alpha/quantity_pb.js';
import { quantityText } from '@stockhand/proto/vocabulary/quantity.ts';
import { lookupTextLimit } from '../catalogue/product-lookup.ts';
import { refusal } from '../errors.ts';
import { isIsoDate, shiftDay } from '../events/business-day.ts';
import type { Recorder } from '../events/recorder.ts';
import type { Refusal } from '../input.ts';
import type { State } from '../state.ts';
import { baseUnitOf, quantityOf } from './base-unit.ts';
import type { AccountRef } from './ledger.ts';
import {
  isLotTracked,
  isSameLot,
  type LotName,
  type LotStock,
  lotsAt,
  lotsToTake,
  sumOf,
} from './lots.ts';
import { quantityField } from './quantity-field.ts';

/** Characters of a lot, GS1 General Specifications, AI (10): X..20. */
export const lotTextLimit = 20;
/** Lots that one message may name of one product. */
export const namedLotsLimit = 20;

/** The lot as this product keeps it; null for one that is not tracked, or when nothing is said. */
export function lotNameOf(
  state: Readonly<State>,
  gtin: string,
  said: { lot: string; bestBefore: string },
): LotName | null {
  const tracking = state.catalogue.productByGtin.get(gtin)?.lotTracking ?? 'none';
  if (tracking === 'none') return null;
  const lot = tracking === 'lot' ? said.lot : '';
  return lot === '' && said.bestBefore === '' ? null : { lot, bestBefore: said.bestBefore };
}

/** What the label says of the lot; null when it says nothing, or the product is not tracked. */
export function scannedLot(recorder: Recorder, gtin: string, scan: string): LotName | null {
  const { state, moment } = recorder;
  if (scan === '' || scan.length > lookupTextLimit || !isLotTracked(state, gtin)) return null;
  const currentYear = Number(moment.businessDay.slice(0, 4));
  const meaning = interpretScan(scan.trim(), { currentYear });
  const facts = meaning.kind === 'gtin' && 'isRestricted' in meaning ? meaning : undefined;
  if (facts === undefined) return null;
  const { lot = '', bestBefore = '', useBy = '' } = facts;
  const dates = [bestBefore, useBy].filter((date) => date !== '').sort();
  return completed(state, gtin, lotNameOf(state, gtin, { lot, bestBefore: dates[0] ?? '' }));
}

/** A lot code alone means the lot of that code that the store has; its date is known then. */
function completed(state: Readonly<State>, gtin: string, name: LotName | null): LotName | null {
  if (name === null || name.bestBefore !== '' || name.lot === '') return name;
  for (const lots of state.lots.get(gtin)?.values() ?? []) {
    const known = lots.find(({ lot }) => lot === name.lot);
    if (known !== undefined) return { lot: known.lot, bestBefore: known.bestBefore };
  }
  return name;
}

/** Lots that a message names among `quantity` of a product, or what is wrong with them. */
export function readLots(
  state: Readonly<State>,
  gtin: string,
  lots: readonly LotQuantity[],
  quantity: number,
): LotStock[] | Refusal {
  if (lots.length > namedLotsLimit) {
    return refusal('too-many', 'lots', lots.length, `at most ${namedLotsLimit}`);
  }
  const read: LotStock[] = [];
  for (const [index, one] of lots.entries()) {
    const at = `lots[${index}]`;
    const fault = lotFault(one, at);
    if (fault !== null) return fault;
    const amount =
      one.quantity === undefined && lots.length === 1
        ? quantity
        : quantityField(state, gtin, one.quantity, `${at}.quantity`);
    if (typeof amount !== 'number') return amount;
    const name = lotNameOf(state, gtin, one);
    if (name !== null && amount > 0) read.push({ ...name, quantity: amount });
  }
  if (sumOf(read) > quantity) {
    const most = quantityText(quantity, baseUnitOf(state, gtin));
    return refusal('out-of-range', 'lots', sumOf(read), `together at most ${most}`);
  }
  return read;
}

/** What is wrong with the words of a lot; null when nothing is. */
export function lotFault(
  { lot, bestBefore }: { lot: string; bestBefore: string },
  at: string,
): Refusal | null {
  if (lot.length > lotTextLimit || !/^[\x20-\x7e]*$/.test(lot)) {
    return refusal('bad-field', `${at}.lot`, lot, `at most ${lotTextLimit} ASCII characters`);
  }
  if (bestBefore !== '' && !isIsoDate(bestBefore)) {
    return refusal('bad-date', `${at}.bestBefore`, bestBefore, 'an ISO date, "2026-12-20"');
  }
  return null;
}

/** The date of goods that came today and of which nobody said more; null when it cannot be known. */
export function assumedLot(recorder: Recorder, gtin: string): LotName | null {
  const { state, moment } = recorder;
  const days = state.catalogue.productByGtin.get(gtin)?.shelfLifeDays ?? 0;
  if (days === 0) return null;
  return lotNameOf(state, gtin, { lot: '', bestBefore: shiftDay(moment.businessDay, days) });
}

/** The lots of an event. */
export function lotMessages(
  state: Readonly<State>,
  gtin: string,
  lots: readonly LotStock[],
): { lot: string; bestBefore: string; quantity: Quantity }[] {
  return lots.map(({ lot, bestBefore, quantity }) => {
    return { lot, bestBefore, quantity: quantityOf(state, gtin, quantity) };
  });
}

export interface LotTaking {
  gtin: string;
  account: AccountRef;
  quantity: number;
  /** The lot that was scanned; null for what expires first. */
  named: LotName | null;
  /** Expired goods are left where they are, as far as there are others. */
  isForSale?: boolean;
  occasion: string;
}

/**
 * Of which lots goods are taken, for the event that takes them. A lot that was scanned and that the
 * record does not know there in that quantity is a contradiction, told as an event; the account must hold
 * the quantity (`ensureStock`).
 */
export function takenLots(recorder: Recorder, taking: LotTaking) {
  const { state, moment } = recorder;
  const { gtin, account, quantity, named, isForSale = false, occasion } = taking;
  if (!isLotTracked(state, gtin)) return [];
  if (named !== null) {
    const held = lotsAt(state, gtin, account).find((one) => isSameLot(one, named))?.quantity ?? 0;
    if (held < quantity) {
      const unit = baseUnitOf(state, gtin);
      const lacking = quantityOf(state, gtin, quantity - held);
      recorder.record('stockContradicted', {
        gtin,
        account,
        missing: lacking,
        lot: { ...named, quantity: lacking },
        explanation: `${occasion} took ${quantityText(quantity, unit)} of lot ${lotText(named)}, the record knew ${quantityText(held, unit)}`,
      });
    }
  }
  const freshOn = isForSale ? moment.businessDay : '';
  const lots = lotsToTake(state, gtin, account, quantity, { named, freshOn });
  return lotMessages(state, gtin, lots);
}

/** For people: "A7, best before 2026-12-20". */
export function lotText({ lot, bestBefore }: LotName): string {
  const date = bestBefore === '' ? '' : `best before ${bestBefore}`;
  return [lot, date].filter((part) => part !== '').join(', ');
}
