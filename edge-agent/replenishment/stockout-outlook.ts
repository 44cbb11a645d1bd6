/**
 * How likely a slot is to stand empty before somebody could come again, given what is believed to be in
 * it and what shoppers will want: the window that triggers and urgencies are made of.
 *
 * The store's demand for a product is shared by its slots as their capacities are. Example: 6 believed in
 * the slot, 5 an hour wanted: empty within two hours with 0.9, four units short on average.
 */
import { ppm } from '../belief/distribution.ts';
import type { Catalogue, Slot } from '../catalogue/catalogue.ts';
import { demandAhead, demandUnitOf } from '../demand/store-demand.ts';
import { outlook } from '../demand/unit-demand.ts';
import type { State } from '../state.ts';
import type { ShelfRecord } from '../stock/shelf.ts';

/** Opening minutes in which a refill that is raised now is done even on a busy day. */
export const windowMinutes = 120;

export interface SlotOutlook {
  /** Chance that nothing is there now, in parts per million. */
  pEmptyPpm: number;
  /** Chance that it is empty before the window has passed, in parts per million. */
  pEmptySoonPpm: number;
  /** Demand units that will be wanted in the window and not be there, in thousandths. */
  shortMilliUnits: number;
  /** Demand units wanted in the window, in thousandths. */
  wantedMilliUnits: number;
}

/** `localMinute`: minute of the local day, 0 to 1,439. */
export function lookAhead(
  state: Readonly<State>,
  slot: Slot,
  shelf: ShelfRecord,
  localMinute: number,
): SlotOutlook {
  const product = state.catalogue.productByGtin.get(slot.gtin);
  const pEmptyPpm = ppm(shelf.belief.cells[0] ?? 0);
  if (product === undefined) {
    return { pEmptyPpm, pEmptySoonPpm: pEmptyPpm, shortMilliUnits: 0, wantedMilliUnits: 0 };
  }
  const { catalogue } = state;
  const ahead = demandAhead(state.demand, catalogue, product, localMinute, windowMinutes);
  const share = demandShare(catalogue, slot);
  const demand = { mean: ahead.mean * share, shape: ahead.shape };
  const unitsPerCell = shelf.belief.unit / demandUnitOf(product);
  const { pEmpty, expectedShortUnits } = outlook(shelf.belief.cells, unitsPerCell, demand);
  return {
    pEmptyPpm,
    pEmptySoonPpm: ppm(pEmpty),
    shortMilliUnits: Math.round(expectedShortUnits * 1_000),
    wantedMilliUnits: Math.round(demand.mean * 1_000),
  };
}

/** Part of the store's demand for its product that goes to this slot, from 0 to 1. */
export function demandShare({ slotsByGtin }: Catalogue, slot: Slot): number {
  let capacity = 0;
  for (const { capacity: one } of slotsByGtin.get(slot.gtin) ?? []) capacity += one;
  return capacity > 0 ? slot.capacity / capacity : 1;
}
