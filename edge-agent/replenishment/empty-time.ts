/**
 * When a slot, or the whole store, runs out of a product: the time until empty as a distribution.
 *
 * The chance to be empty by a moment is the chance that as much is wanted by then as is believed to be
 * there (demand/unit-demand.ts); nobody takes anything while the store is closed. Every reckoning of
 * "how long does it last" asks here: the kiosk's "empty at", the due time of a planned refill, and the
 * predictions that are scored afterwards. It looks one day ahead; further would be a guess, and the slot
 * is refilled before.
 *
 * Example: 4 jars, 6 an hour from 17:00, now 16:50: empty by 17:20 with 0.24, by 17:35 with 0.5, by 18:00
 * with 0.83. "Empty at 17:35" is told.
 */
import type { Distribution } from '../belief/distribution.ts';
import type { Catalogue, Product, Slot } from '../catalogue/catalogue.ts';
import { dayMinutes, openMinutesOf, openStretches } from '../catalogue/opening-hours.ts';
import { demandAhead, demandUnitOf } from '../demand/store-demand.ts';
import { outlook } from '../demand/unit-demand.ts';
import type { State } from '../state.ts';
import { balance, inBins } from '../stock/ledger.ts';
import { dock } from '../stock/store-places.ts';
import { demandShare } from './stockout-outlook.ts';

/** Cells of a store's stock at most: what is beyond is not sold in a day. */
const storeCellsLimit = 2_048;

/** Opening minutes among the next `clockMinutes` of the clock. */
export function openMinutesWithin(
  { facts }: Catalogue,
  localMinute: number,
  clockMinutes: number,
): number {
  const stretches = openStretches(facts.store);
  const until = localMinute + clockMinutes;
  let open = 0;
  for (let midnight = 0; midnight < until; midnight += dayMinutes) {
    open += openMinutesOf(stretches, localMinute - midnight, until - midnight);
  }
  return open;
}

/** Minutes by the clock until so many opening minutes have passed. */
export function clockMinutesFor(
  { facts }: Catalogue,
  localMinute: number,
  openMinutes: number,
): number {
  const stretches = openStretches(facts.store);
  let left = openMinutes;
  for (let midnight = 0; ; midnight += dayMinutes) {
    for (const { fromMinute, untilMinute } of stretches) {
      const from = Math.max(localMinute, midnight + fromMinute);
      const open = Math.max(0, midnight + untilMinute - from);
      if (left <= open) return from + left - localMinute;
      left -= open;
    }
  }
}

/** The chance, 0 to 1, that a slot of which this is believed is empty in so many minutes by the clock. */
export function chanceEmptyWithin(
  { catalogue, demand }: Readonly<State>,
  slot: Slot,
  belief: Readonly<Distribution>,
  localMinute: number,
  clockMinutes: number,
): number {
  const product = catalogue.productByGtin.get(slot.gtin);
  if (product === undefined) return belief.cells[0] ?? 0;
  const open = openMinutesWithin(catalogue, localMinute, clockMinutes);
  const ahead = demandAhead(demand, catalogue, product, localMinute, open);
  const ofSlot = { mean: ahead.mean * demandShare(catalogue, slot), shape: ahead.shape };
  return outlook(belief.cells, belief.unit / demandUnitOf(product), ofSlot).pEmpty;
}

/**
 * Minutes by the clock after which the slot is empty with `chance` (0 to 1): with a half, the time that is
 * told. Null when that is more than a day off.
 */
export function minutesUntilEmpty(
  state: Readonly<State>,
  slot: Slot,
  belief: Readonly<Distribution>,
  localMinute: number,
  chance = 0.5,
): number | null {
  const isEmptyWithin = (minutes: number) =>
    chanceEmptyWithin(state, slot, belief, localMinute, minutes) >= chance;
  if (isEmptyWithin(0)) return 0;
  if (!isEmptyWithin(dayMinutes)) return null;
  let [low, high] = [0, dayMinutes];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (isEmptyWithin(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** The chance that slots, bins and dock are all out of the product in so many minutes by the clock. */
export function chanceStoreOutWithin(
  state: Readonly<State>,
  product: Product,
  localMinute: number,
  clockMinutes: number,
): number {
  const { catalogue, demand } = state;
  const open = openMinutesWithin(catalogue, localMinute, clockMinutes);
  const ahead = demandAhead(demand, catalogue, product, localMinute, open);
  const { unit, cells } = storeStock(state, product);
  return outlook(cells, unit / demandUnitOf(product), ahead).pEmpty;
}

/** What is believed of the whole store: the slots, each on its own, and what bins and dock have on record. */
function storeStock(state: Readonly<State>, { gtin }: Product): Distribution {
  const slots = state.catalogue.slotsByGtin.get(gtin) ?? [];
  const beliefs = slots.flatMap(({ slotId }) => state.shelves.get(slotId)?.belief ?? []);
  const unit = Math.max(1, ...beliefs.map((belief) => belief.unit));
  const behind = inBins(state.ledger, gtin) + balance(state.ledger, gtin, dock);
  const from = Math.min(storeCellsLimit, Math.round(Math.max(0, behind) / unit));
  let cells = Array<number>(from + 1).fill(0);
  cells[from] = 1;
  for (const belief of beliefs) cells = sumOf(cells, belief, unit);
  return { unit, cells };
}

function sumOf(cells: readonly number[], belief: Distribution, unit: number): number[] {
  const last = Math.round(((belief.cells.length - 1) * belief.unit) / unit);
  const sum = Array<number>(cells.length + last).fill(0);
  cells.forEach((chance, held) => {
    if (chance === 0) return;
    belief.cells.forEach((other, cell) => {
      const at = held + Math.round((cell * belief.unit) / unit);
      sum[at] = (sum[at] ?? 0) + chance * other;
    });
  });
  return sum;
}
