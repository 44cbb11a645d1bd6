/**
 * Why a slot is believed to hold what it is believed to hold: the figures, the record beside them, the
 * witnesses, what is likely to come, and the last signals with what each changed.
 */
import type { Slot } from '../catalogue/catalogue.ts';
import { refillSupply } from '../collect/supply.ts';
import type { Levels } from '../demand/forecast-book.ts';
import { levelsToday } from '../demand/store-demand.ts';
import { localMinuteOf } from '../events/local-time.ts';
import { verdictOf } from '../exceptions/sensor-doubt.ts';
import type { Moment } from '../input.ts';
import {
  chanceEmptyWithin,
  chanceStoreOutWithin,
  minutesUntilEmpty,
} from '../replenishment/empty-time.ts';
import { nextChance } from '../replenishment/next-chance.ts';
import { decileOf, type ScoreSummary, summariseScore } from '../replenishment/prediction.ts';
import { lookAhead, windowMinutes } from '../replenishment/stockout-outlook.ts';
import type { State } from '../state.ts';
import { balance, inBins, salesFloor } from '../stock/ledger.ts';
import type { ShelfRecord } from '../stock/shelf.ts';
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
    /** When it is as likely empty as not; null when that is more than a day off. */
    emptyInMinutes: number | null;
    /** Minutes after which it is empty with a tenth, and with nine tenths. */
    emptyEarliestMinutes: number | null;
    emptyLatestMinutes: number | null;
    /** What is the next chance to refill it, in how many minutes, and the chance to be empty by then. */
    nextChance: string;
    nextChanceMinutes: number;
    pEmptyBeforeNextChancePpm: number;
    /** Chance that slots, bins and dock are all out of it by then. */
    pStoreOutPpm: number;
  };
  /** Demand of the product today as the store and HQ expect it; null where HQ says nothing of today. */
  demandToday: Levels | null;
  /** The open prediction, with how often predictions as sure as it came true. */
  prediction: {
    predictionId: string;
    emptyAt: string;
    until: string;
    chancePpm: number;
    likeItScored: number;
    likeItRight: number;
  } | null;
  /** How good the store's predictions were so far. */
  predictionScore: ScoreSummary;
  sensors: { deviceId: string; state: string; suspicion: string }[];
  need: { needId: string; explanation: string; urgencyPpm: number; taskId: string } | null;
  signals: Signal[];
}

/** Undefined when the slot is unknown to master data or nothing was ever told of it. */
export function explainSlot(
  state: Readonly<State>,
  slotId: string,
  moment: Moment,
  signals: Signal[],
): SlotExplanation | undefined {
  const slot = state.catalogue.slotById.get(slotId);
  const shelf = state.shelves.get(slotId);
  if (slot === undefined || shelf === undefined) return undefined;
  const { mean, low, high, pEmptyPpm } = summarise(shelf.belief);
  const localMinute = localMinuteOf(moment.nowMs, moment.utcOffsetMinutes);
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
  const product = state.catalogue.productByGtin.get(slot.gtin);
  return {
    slotId,
    gtin: slot.gtin,
    productName: product?.name ?? '',
    capacity: slot.capacity,
    demandToday: product === undefined ? null : levelsToday(state.demand, state.catalogue, product),
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
      ...emptyTimes(state, slot, shelf, moment),
    },
    prediction: predictionOf(state, slotId),
    predictionScore: summariseScore(state.predictions),
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

function emptyTimes(state: Readonly<State>, slot: Slot, { belief }: ShelfRecord, moment: Moment) {
  const localMinute = localMinuteOf(moment.nowMs, moment.utcOffsetMinutes);
  const { untilMs, kind } = nextChance(state, slot, refillSupply(state, slot.gtin), moment);
  const minutes = Math.max(0, Math.round((untilMs - moment.nowMs) / 60_000));
  const product = state.catalogue.productByGtin.get(slot.gtin);
  const emptyWith = (chance: number) => minutesUntilEmpty(state, slot, belief, localMinute, chance);
  return {
    emptyInMinutes: emptyWith(0.5),
    emptyEarliestMinutes: emptyWith(0.1),
    emptyLatestMinutes: emptyWith(0.9),
    nextChance: kind,
    nextChanceMinutes: minutes,
    pEmptyBeforeNextChancePpm: ppm(chanceEmptyWithin(state, slot, belief, localMinute, minutes)),
    pStoreOutPpm:
      product === undefined ? 0 : ppm(chanceStoreOutWithin(state, product, localMinute, minutes)),
  };
}

function predictionOf(
  { predictions }: Readonly<State>,
  slotId: string,
): SlotExplanation['prediction'] {
  const open = predictions.open.get(slotId);
  if (open === undefined) return null;
  const like = predictions.score.deciles[decileOf(open.chancePpm)];
  return {
    predictionId: open.predictionId,
    emptyAt: new Date(open.emptyAtMs).toISOString(),
    until: new Date(open.untilMs).toISOString(),
    chancePpm: open.chancePpm,
    likeItScored: like?.scored ?? 0,
    likeItRight: like?.right ?? 0,
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
