/**
 * Records that may be wrong, ranked by what a question about them is worth.
 *
 * Each suspect is a product in a bin or a slot, with the chance that its record is wrong, the value at
 * risk (that chance times the margin of what is wanted within a day, a case at most), and the cheapest
 * question that settles it: a look at a slot whose till is silent, a count of one bin; of a product
 * doubted in several bins, each bin is a question of its own. The ranking is value at risk per minute of
 * staff.
 *
 * Example: a slot with 6 on record sold nothing for five hours: empty with 0.6; 9 are wanted within a day
 * at a margin of 0.80, cases of 12: 4.32 at risk, a look takes half a minute, 8.64 a minute.
 */
import { DoubtKind } from '@stockhand/proto/events/v1alpha/stock_events_pb.js';
import { ppm } from '../belief/distribution.ts';
import { baseUnitsPerUnit, type Product } from '../catalogue/catalogue.ts';
import { demandAhead, demandUnitOf } from '../demand/store-demand.ts';
import { policyOf } from '../policy/policy.ts';
import type { State } from '../state.ts';
import { balance, bin } from '../stock/ledger.ts';
import { chanceRight, type Doubt } from './doubt-book.ts';

export interface Suspect {
  gtin: string;
  /** One of both is empty. */
  slotId: string;
  placeId: string;
  kind: DoubtKind;
  evidence: string;
  /** Base units that the record, or for a slot the belief, says. */
  recorded: number;
  chancePpm: number;
  valueAtRiskMinorUnits: number;
  question: 'look' | 'count';
  costSeconds: number;
}

/** Walking there and back to one's work, on average. */
const walkSeconds = 30;
const lookSeconds = 3;
const countPieceSeconds = 2;
/** Opening minutes of a day. */
const dayMinutes = 14 * 60;
/** From here on a silent slot is a suspect, and how much of the belief's chance came true at first. */
const silentChance = 0.25;
const silentGuess = 0.3;
/** A slot's own doubt never counts as sure. */
const mostChance = 0.95;

/** Suspects, the best to ask about first; `localMinute` is the minute of the local day. */
export function suspects(state: Readonly<State>, localMinute: number): Suspect[] {
  const list: Suspect[] = [];
  for (const doubt of state.doubts.doubts.values()) {
    const one = binSuspect(state, doubt, localMinute);
    if (one !== null) list.push(one);
  }
  for (const { slotId } of state.shelves.values()) {
    const one = silentSlot(state, slotId, localMinute);
    if (one !== null) list.push(one);
  }
  return list.sort(
    (one, other) =>
      other.valueAtRiskMinorUnits / other.costSeconds -
        one.valueAtRiskMinorUnits / one.costSeconds ||
      (one.gtin + one.placeId + one.slotId < other.gtin + other.placeId + other.slotId ? -1 : 1),
  );
}

function binSuspect(state: Readonly<State>, doubt: Doubt, localMinute: number): Suspect | null {
  const { gtin, placeId, kind, evidence } = doubt;
  const product = state.catalogue.productByGtin.get(gtin);
  if (product === undefined) return null;
  const recorded = balance(state.ledger, gtin, bin(placeId));
  // Goods were put there since.
  if (kind === DoubtKind.NOTHING_BEHIND && recorded > 0) return null;
  const chance = chanceRight(state.doubts, kind);
  const pieces = recorded / demandUnitOf(product);
  return {
    gtin,
    slotId: '',
    placeId,
    kind,
    evidence,
    recorded,
    chancePpm: ppm(chance),
    valueAtRiskMinorUnits: Math.round(chance * dayValue(state, product, localMinute)),
    question: 'count',
    costSeconds: Math.round(walkSeconds + lookSeconds + countPieceSeconds * Math.max(0, pieces)),
  };
}

/** A slot without a sensor whose till is silent; null when nothing speaks against its record. */
function silentSlot(state: Readonly<State>, slotId: string, localMinute: number): Suspect | null {
  const shelf = state.shelves.get(slotId);
  const slot = state.catalogue.slotById.get(slotId);
  if (shelf === undefined || slot === undefined) return null;
  const pEmpty = shelf.belief.cells[0] ?? 0;
  if (shelf.observedAtMs > 0 || shelf.quantity <= 0 || pEmpty < silentChance) return null;
  const product = state.catalogue.productByGtin.get(slot.gtin);
  if (product === undefined) return null;
  const kind = DoubtKind.SILENT_SLOT;
  const chance = Math.min(mostChance, (pEmpty * chanceRight(state.doubts, kind)) / silentGuess);
  return {
    gtin: slot.gtin,
    slotId,
    placeId: '',
    kind,
    evidence: `Believed empty with ${Math.round(pEmpty * 100)} %: less was sold than should have been.`,
    recorded: shelf.quantity,
    chancePpm: ppm(chance),
    valueAtRiskMinorUnits: Math.round(chance * dayValue(state, product, localMinute)),
    question: 'look',
    costSeconds: walkSeconds + lookSeconds,
  };
}

/** Margin of what is wanted within a day, a case at most, in minor units. */
function dayValue(state: Readonly<State>, product: Product, localMinute: number): number {
  const { demand, catalogue, policy } = state;
  const wanted = demandAhead(demand, catalogue, product, localMinute, dayMinutes).mean;
  const unit = demandUnitOf(product);
  const units = product.casePack > 0 ? Math.min(wanted, product.casePack / unit) : wanted;
  const margin =
    product.marginMinorUnits > 0
      ? (product.marginMinorUnits * unit) / baseUnitsPerUnit(product)
      : policyOf(policy).threshold('refill.penaltyMinorUnits');
  return units * margin;
}
