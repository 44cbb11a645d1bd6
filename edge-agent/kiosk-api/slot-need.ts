/**
 * Why somebody is sent to a slot: what is believed to be in it against what it should hold, and how
 * long it lasts.
 *
 * When it is empty is reckoned in replenishment/empty-time.ts; an open prediction of the slot comes with
 * how often predictions as sure as it were right.
 */
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  type ExplainTaskResponse,
  ExplainTaskResponseSchema,
} from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import type { Slot } from '../catalogue/catalogue.ts';
import { localMinuteOf } from '../events/local-time.ts';
import type { Moment } from '../input.ts';
import { minutesUntilEmpty } from '../replenishment/empty-time.ts';
import { decileOf } from '../replenishment/prediction.ts';
import { lookAhead } from '../replenishment/stockout-outlook.ts';
import type { State } from '../state.ts';
import { backroomQuantity, findTask, quantityOf, slotBelief } from '../views.ts';

const minuteMs = 60_000;

/** Null when there is no such task. */
export function taskExplanation(
  state: Readonly<State>,
  taskId: string,
  moment: Moment,
  asOfPosition: number,
): ExplainTaskResponse | null {
  const task = findTask(state, taskId);
  if (task === undefined) return null;
  const slot = state.catalogue.slotById.get(task.slotId);
  return create(ExplainTaskResponseSchema, {
    asOfPosition: BigInt(asOfPosition),
    now: timestampFromMs(moment.nowMs),
    ...(slot !== undefined && { need: slotNeed(state, slot, moment) }),
  });
}

function slotNeed(state: Readonly<State>, slot: Slot, moment: Moment) {
  const { slotId, gtin } = slot;
  const amount = (baseUnits: number) => quantityOf(state, gtin, baseUnits);
  const need = state.needs.get(slotId);
  const shelf = state.shelves.get(slotId);
  const belief = slotBelief(state, slotId);
  const localMinute = localMinuteOf(moment.nowMs, moment.utcOffsetMinutes);
  const minutes = shelf && minutesUntilEmpty(state, slot, shelf.belief, localMinute);
  return {
    slotId,
    ...(belief !== undefined && {
      believed: amount(belief.likeliest),
      least: amount(belief.low),
      most: amount(belief.high),
    }),
    presentationMinimum: amount(slot.presentationMinimum),
    reorderPoint: amount(slot.reorderPoint),
    par: amount(slot.par),
    capacity: amount(slot.capacity),
    inBackroom: amount(backroomQuantity(state, gtin)),
    ...(need !== undefined && {
      reason: need.reason,
      aroseAt: timestampFromMs(need.aroseAtMs),
    }),
    ...(minutes !== undefined &&
      minutes !== null && { emptyAt: timestampFromMs(moment.nowMs + minutes * minuteMs) }),
    emptySoonPpm: shelf ? lookAhead(state, slot, shelf, localMinute).pEmptySoonPpm : 0,
    ...predictionOf(state, slotId),
  };
}

/** What was predicted of the slot, and how often that was right of predictions as sure. */
function predictionOf({ predictions }: Readonly<State>, slotId: string) {
  const open = predictions.open.get(slotId);
  if (open === undefined) return {};
  const like = predictions.score.deciles[decileOf(open.chancePpm)];
  return {
    predictedPpm: open.chancePpm,
    predictedAt: timestampFromMs(open.emptyAtMs),
    likeItScored: like?.scored ?? 0,
    likeItRight: like?.right ?? 0,
  };
}
