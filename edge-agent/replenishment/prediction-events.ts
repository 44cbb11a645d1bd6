/** What the events do to open predictions: raised, run empty, refilled, sold on, scored. */
import { timestampMs } from '@bufbuild/protobuf/wkt';
import {
  PredictionOutcome,
  type StockoutPredicted,
  type StockoutPredictionScored,
} from '@stockhand/proto/events/v1alpha/replenishment_events_pb.js';
import type { State } from '../state.ts';
import { addToScore } from './prediction.ts';
import { demandShare } from './stockout-outlook.ts';

export function applyStockoutPredicted(
  { predictions }: State,
  predicted: StockoutPredicted,
  atMs: number,
): void {
  const { predictionId, slotId, gtin, emptyAt, until, chancePpm, storeChancePpm } = predicted;
  predictions.open.set(slotId, {
    predictionId,
    slotId,
    gtin,
    raisedAtMs: atMs,
    emptyAtMs: emptyAt === undefined ? atMs : timestampMs(emptyAt),
    untilMs: until === undefined ? atMs : timestampMs(until),
    chancePpm,
    modelChancePpm: predicted.modelChancePpm,
    storeChancePpm,
    nextChance: predicted.nextChance,
    ranEmptyAtMs: 0,
    leftAtRefill: -1,
  });
  predictions.raisedToday.set(slotId, (predictions.raisedToday.get(slotId) ?? 0) + 1);
}

export function applyStockoutPredictionScored(
  { predictions }: State,
  scored: StockoutPredictionScored,
): void {
  const { slotId, outcome, errorMinutes } = scored;
  predictions.open.delete(slotId);
  if (outcome === PredictionOutcome.VOID) predictions.score.voided += 1;
  else {
    const cameTrue = outcome !== PredictionOutcome.HELD;
    addToScore(predictions.score, scored, cameTrue, errorMinutes);
  }
}

/** The slot was said to have run empty. */
export function notePredictedEmpty({ predictions }: State, slotId: string, atMs: number): void {
  const open = predictions.open.get(slotId);
  if (open !== undefined && open.ranEmptyAtMs === 0 && open.leftAtRefill < 0) {
    open.ranEmptyAtMs = atMs;
  }
}

/**
 * Somebody refilled the slot, before its belief takes that in: from now on the sales tell whether it would
 * have run empty.
 */
export function notePredictedRefill({ predictions, shelves }: State, slotId: string): void {
  const open = predictions.open.get(slotId);
  const shelf = shelves.get(slotId);
  if (open === undefined || shelf === undefined) return;
  if (open.ranEmptyAtMs > 0 || open.leftAtRefill >= 0) return;
  // A sensor has seen the goods arrive already.
  open.leftAtRefill = Math.max(0, shelf.quantity - shelf.seenPlaced);
}

/** So many base units of the product were sold. */
export function notePredictedSale(
  state: State,
  gtin: string,
  baseUnits: number,
  atMs: number,
): void {
  const { predictions, catalogue } = state;
  if (predictions.open.size === 0) return;
  for (const slot of catalogue.slotsByGtin.get(gtin) ?? []) {
    const open = predictions.open.get(slot.slotId);
    if (open === undefined || open.leftAtRefill < 0 || open.ranEmptyAtMs > 0) continue;
    open.leftAtRefill = Math.max(0, open.leftAtRefill - baseUnits * demandShare(catalogue, slot));
    if (open.leftAtRefill === 0) open.ranEmptyAtMs = atMs;
  }
}
