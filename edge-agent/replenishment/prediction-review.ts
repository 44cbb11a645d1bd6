/**
 * Raises predictions that a slot will stand empty, sparingly, and scores those whose time is over.
 *
 * One is raised when the slot is more likely than not to be empty before the next chance to refill
 * (next-chance.ts): it then has a time to tell. A slot has one at a time and two a day. Each is scored
 * once, by the first input after its end or after the slot ran empty, from the log alone: who replays it
 * gets the same score.
 *
 * Example: 3 jars at 15:40, none in the backroom, the truck at 17:00: StockoutPredicted "empty at 16:40,
 * 82 % before 18:00". At 16:52 the last is sold: StockoutPredictionScored, came true, 12 minutes late,
 * Brier part 0.032.
 */
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { ActorKind } from '@stockhand/proto/events/v1alpha/event_pb.js';
import { PredictionOutcome } from '@stockhand/proto/events/v1alpha/replenishment_events_pb.js';
import { ppm } from '../belief/distribution.ts';
import type { Slot } from '../catalogue/catalogue.ts';
import { refillSupply } from '../collect/supply.ts';
import type { EventActor } from '../events/event.ts';
import { localMinuteOf } from '../events/local-time.ts';
import type { Recorder } from '../events/recorder.ts';
import { policyOf } from '../policy/policy.ts';
import { quantityOf } from '../stock/base-unit.ts';
import type { ShelfRecord } from '../stock/shelf.ts';
import { chanceEmptyWithin, chanceStoreOutWithin, minutesUntilEmpty } from './empty-time.ts';
import { nextChance } from './next-chance.ts';
import {
  brierPpmOf,
  correctedPpm,
  openPredictionsLimit,
  predictionsOfDayLimit,
  type StockoutPrediction,
} from './prediction.ts';

const minuteMs = 60_000;
const predictionActor: EventActor = { kind: ActorKind.RULE, id: 'predictions', detail: '1' };

/**
 * Predicts for a slot that a step touched. `pEmptySoonPpm`: the chance to be empty within the refill window
 * that its review reckoned.
 */
export function predictStockout(
  recorder: Recorder,
  slot: Slot,
  shelf: ShelfRecord,
  pEmptySoonPpm: number,
): void {
  const { state, moment } = recorder;
  const { predictions } = state;
  if (shelf.quantity <= 0 || predictions.open.has(slot.slotId)) return;
  if ((predictions.raisedToday.get(slot.slotId) ?? 0) >= predictionsOfDayLimit) return;
  if (predictions.open.size >= openPredictionsLimit) return;
  const limitPpm = policyOf(state.policy).threshold('predict.stockoutLimitPpm');
  const inBackroom = refillSupply(state, slot.gtin);
  // With goods behind it the next chance is mostly within the window that was reckoned already.
  if (inBackroom > 0 && pEmptySoonPpm < limitPpm) return;
  const product = state.catalogue.productByGtin.get(slot.gtin);
  if (product === undefined) return;
  const { nowMs, utcOffsetMinutes } = moment;
  const localMinute = localMinuteOf(nowMs, utcOffsetMinutes);
  const { untilMs, kind } = nextChance(state, slot, inBackroom, moment);
  const minutes = Math.max(1, Math.round((untilMs - nowMs) / minuteMs));
  const modelChancePpm = ppm(chanceEmptyWithin(state, slot, shelf.belief, localMinute, minutes));
  const chancePpm = correctedPpm(predictions.score, modelChancePpm);
  if (chancePpm < limitPpm) return;
  const emptyIn = minutesUntilEmpty(state, slot, shelf.belief, localMinute);
  const { slotId, gtin } = slot;
  recorder.record(
    'stockoutPredicted',
    {
      predictionId: `p-${state.epoch.slice(0, 8)}-${recorder.nextPosition()}`,
      slotId,
      gtin,
      emptyAt: timestampFromMs(nowMs + (emptyIn ?? minutes) * minuteMs),
      until: timestampFromMs(untilMs),
      chancePpm,
      modelChancePpm,
      onShelf: quantityOf(state, gtin, shelf.quantity),
      nextChance: kind,
      storeChancePpm: ppm(chanceStoreOutWithin(state, product, localMinute, minutes)),
    },
    { actor: predictionActor, correlationId: state.needs.get(slotId)?.needId ?? '' },
  );
}

/** Scores what is decided; there are few open, so it may be called with the first input of each minute. */
export function scorePredictions(recorder: Recorder): void {
  const { state, moment } = recorder;
  for (const open of [...state.predictions.open.values()]) {
    const isVoid = state.catalogue.slotById.get(open.slotId)?.gtin !== open.gtin;
    if (!isVoid && open.ranEmptyAtMs === 0 && moment.nowMs < open.untilMs) continue;
    const outcome = isVoid ? PredictionOutcome.VOID : outcomeOf(open);
    const cameTrue =
      outcome === PredictionOutcome.RAN_EMPTY || outcome === PredictionOutcome.WOULD_HAVE;
    const { predictionId, slotId, gtin, chancePpm, modelChancePpm } = open;
    recorder.record(
      'stockoutPredictionScored',
      {
        predictionId,
        slotId,
        gtin,
        chancePpm,
        modelChancePpm,
        outcome,
        ...(cameTrue && {
          errorMinutes: Math.round((open.ranEmptyAtMs - open.emptyAtMs) / minuteMs),
        }),
        brierPpm: isVoid ? 0 : brierPpmOf(chancePpm, cameTrue),
      },
      { actor: predictionActor, correlationId: predictionId },
    );
  }
}

function outcomeOf({ ranEmptyAtMs, untilMs, leftAtRefill }: StockoutPrediction): PredictionOutcome {
  if (ranEmptyAtMs === 0 || ranEmptyAtMs > untilMs) return PredictionOutcome.HELD;
  return leftAtRefill < 0 ? PredictionOutcome.RAN_EMPTY : PredictionOutcome.WOULD_HAVE;
}
