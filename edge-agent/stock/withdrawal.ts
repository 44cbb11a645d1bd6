/**
 * Takes stock out of an account of the store without ever making it negative.
 *
 * When the record knows less than what demonstrably left, the missing quantity first comes from
 * lost-and-found, as a StockContradicted event: the contradiction is a fact that people can look at, not
 * a minus sign. Example: the record says 2 on the sales floor, the till sells 3: one piece is
 * contradicted, then three are sold, and the record stands at zero.
 */

import { quantityMessage, quantityText } from '@stockhand/proto/vocabulary/quantity.ts';
import type { Recorder } from '../events/recorder.ts';
import { baseUnitOf } from './base-unit.ts';
import { type AccountRef, balance } from './ledger.ts';

/** Makes sure that the account holds `quantity`; answers the contradiction's position or 0. */
export function ensureStock(
  recorder: Recorder,
  gtin: string,
  account: AccountRef,
  quantity: number,
  occasion: string,
): number {
  const onRecord = balance(recorder.state.ledger, gtin, account);
  if (onRecord >= quantity) return 0;
  const unit = baseUnitOf(recorder.state, gtin);
  const had = quantityText(onRecord, unit);
  return recorder.record('stockContradicted', {
    gtin,
    account,
    missing: quantityMessage(quantity - onRecord, unit),
    explanation: `${occasion} took ${quantityText(quantity, unit)}, the record knew ${had}`,
  });
}
