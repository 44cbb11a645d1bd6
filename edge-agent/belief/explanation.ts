/**
 * Why a slot is believed to hold what it is believed to hold: the figures, the record beside them, the
 * witnesses, what is likely to come, and the last signals with what each changed.
 */

import { verdictOf } from '../exceptions/sensor-doubt.ts';
import { lookAhead, windowMinutes } from '../replenishment/stockout-outlook.ts';
import type { State } from '../state.ts';
import { balance, inBins, salesFloor } from '../stock/ledger.ts';
import { chanceAtMost, ppm, summarise } from './distribution.ts';

/** One event that moved the belief of the slot. */
export interface Signal {
  position: number;
  at: string;
  event: string;
  likeliestBefore: number;
  likeliestAfter: number;
  pEmptyPpmBefore: number;
  pEmptyPpmAfter: number;
}

export interface SlotExplanation {
  slotId: string;
  gtin: string;
  productName: string;
  capacity: number;
  belief: {
    likeliest: number;
    mean: number;
    /** The interval in which the truth lies with 80 %. */
    low: number;
    high: number;
    pEmptyPpm: number;
    pBelowMinimumPpm: number;
  };
  record: {
    /** What the ledger says of the sales floor, all slots of the product. */
    salesFloor: number;
    backroom: number;
    /** Chance that the slots hold what the ledger says, give or take one. */
    trustPpm: number;
  };
  outlook: {
    windowMinutes: number;
    pEmptySoonPpm: number;
    wantedUnits: number;
    expectedShortUnits: number;
  };
  sensors: { deviceId: string; state: string; suspicion: string }[];
  need: { needId: string; explanation: string; urgencyPpm: number; taskId: string } | null;
  signals: Signal[];
}

/** Undefined when the slot is unknown to master data or nothing was ever told of it. */
export function explainSlot(
  state: Readonly<State>,
  slotId: string,
  localMinute: number,
  signals: Signal[],
): SlotExplanation | undefined {
  const slot = state.catalogue.slotById.get(slotId);
  const shelf = state.shelves.get(slotId);
  if (slot === undefined || shelf === undefined) return undefined;
  const { mean, low, high, pEmptyPpm } = summarise(shelf.belief);
  const outlook = lookAhead(state, slot, shelf, localMinute);
  const onFloor = balance(state.ledger, slot.gtin, salesFloor);
  let elsewhere = 0;
  for (const other of state.catalogue.slotsByGtin.get(slot.gtin) ?? []) {
    if (other.slotId !== slotId) elsewhere += state.shelves.get(other.slotId)?.quantity ?? 0;
  }
  const recorded = Math.max(0, onFloor - elsewhere);
  const { unit } = shelf.belief;
  const near =
    chanceAtMost(shelf.belief, recorded + unit) - chanceAtMost(shelf.belief, recorded - 2 * unit);
  const need = state.needs.get(slotId);
  return {
    slotId,
    gtin: slot.gtin,
    productName: state.catalogue.productByGtin.get(slot.gtin)?.name ?? '',
    capacity: slot.capacity,
    belief: {
      likeliest: shelf.quantity,
      mean: Math.round(mean * 100) / 100,
      low,
      high,
      pEmptyPpm,
      pBelowMinimumPpm: ppm(chanceAtMost(shelf.belief, slot.presentationMinimum - 1)),
    },
    record: { salesFloor: onFloor, backroom: inBins(state.ledger, slot.gtin), trustPpm: ppm(near) },
    outlook: {
      windowMinutes,
      pEmptySoonPpm: outlook.pEmptySoonPpm,
      wantedUnits: outlook.wantedMilliUnits / 1_000,
      expectedShortUnits: outlook.shortMilliUnits / 1_000,
    },
    sensors: sensorsOf(state, slotId),
    need:
      need === undefined
        ? null
        : {
            needId: need.needId,
            explanation: need.explanation,
            urgencyPpm: need.urgencyPpm,
            taskId: need.taskId,
          },
    signals,
  };
}

function sensorsOf(state: Readonly<State>, slotId: string): SlotExplanation['sensors'] {
  const shelf = state.shelves.get(slotId);
  return (state.catalogue.shelfDevicesBySlot.get(slotId) ?? []).map(({ deviceId, kind }) => {
    const distrust = state.distrustedDevices.get(deviceId);
    if (distrust !== undefined) {
      return { deviceId, state: 'distrusted', suspicion: distrust.story };
    }
    const verdict = shelf === undefined ? null : verdictOf(kind, shelf.witness);
    const isHeard = shelf !== undefined && shelf.observedAtMs > 0;
    return { deviceId, state: isHeard ? 'trusted' : 'silent', suspicion: verdict?.story ?? '' };
  });
}
