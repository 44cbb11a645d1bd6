/**
 * What will be left over of a product's lots at their best-before, if it sells as expected.
 *
 * What expires first is sold first (stock/lots.ts), so until the day of a lot everything that expires
 * before it and the lot itself compete for the same demand. Undated goods are younger than nothing and
 * leave first of all. Demand is the mean of the product's days; what it does not reach is left over.
 *
 * Example: 29 November, 3 a day. 8 until 30 November: 6 are sold, 2 are left over. 10 until 5 December:
 * 21 sold by then, 8 - 2 of them went to the first lot, so all 10 are sold.
 */
import { openMinutesOfDay } from '../catalogue/opening-hours.ts';
import { demandAhead, demandUnitOf } from '../demand/store-demand.ts';
import { daysBetween } from '../events/business-day.ts';
import type { State } from '../state.ts';
import { accountRefOf, isSaleable } from './ledger.ts';
import { byExpiry, isExpired, type LotName, type LotStock } from './lots.ts';

export interface LeftOver extends LotName {
  /** Base units in the store. */
  quantity: number;
  /** Base units that demand does not reach. */
  left: number;
}

/** Lots of the product in the whole store that are still good, first expired first. */
export function leftOvers(state: Readonly<State>, gtin: string): LeftOver[] {
  const product = state.catalogue.productByGtin.get(gtin);
  if (product === undefined) return [];
  const { businessDay, catalogue, demand } = state;
  const { store } = catalogue.facts;
  const ahead = demandAhead(demand, catalogue, product, store.opensMinute, openMinutesOfDay(store));
  const soldADay = ahead.mean * demandUnitOf(product);
  const { lots, undated } = goodsOf(state, gtin);
  // What was there before, and how much of that will not be sold in its own time.
  let [earlier, lost] = [undated, 0];
  return lots.map((lot) => {
    const days = daysBetween(businessDay, lot.bestBefore) + 1;
    const sold = soldADay * days;
    const free = Math.max(0, sold - (earlier - lost));
    const left = Math.max(0, Math.ceil(lot.quantity - free - 1e-9));
    earlier += lot.quantity;
    lost += left;
    return { ...lot, left };
  });
}

/** Dated lots of all accounts of the store that are not expired, joined by name; and the undated rest. */
function goodsOf(state: Readonly<State>, gtin: string): { lots: LotStock[]; undated: number } {
  const joined = new Map<string, LotStock>();
  let dated = 0;
  for (const [account, held] of state.lots.get(gtin) ?? []) {
    if (!isSaleable(accountRefOf(account).kind)) continue;
    for (const one of held) {
      dated += one.quantity;
      if (one.bestBefore === '' || isExpired(one, state.businessDay)) continue;
      const key = `${one.bestBefore}/${one.lot}`;
      const known = joined.get(key);
      joined.set(key, { ...one, quantity: one.quantity + (known?.quantity ?? 0) });
    }
  }
  let held = 0;
  for (const [account, quantity] of state.ledger.get(gtin) ?? []) {
    if (isSaleable(accountRefOf(account).kind)) held += quantity;
  }
  return { lots: [...joined.values()].sort(byExpiry), undated: Math.max(0, held - dated) };
}
