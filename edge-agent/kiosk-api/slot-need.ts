/**
 * Why somebody is sent to a slot: what is believed to be in it against what it should hold, and how
 * long it lasts.
 *
 * The time until it is empty is when shoppers will have taken what is there, if they take what they
 * usually do at these hours; nobody takes anything while the store is closed. It is told for the coming
 * day only: further ahead it would be a guess, and the slot is refilled before.
 *
 * Example: 4 jars, 6 an hour from 17:00, now 16:50 with 3 an hour: half a jar by 17:00, the other three
 * and a half by 17:35.
 */
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  type ExplainTaskResponse,
  ExplainTaskResponseSchema,
} from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import type { Slot } from '../catalogue/catalogue.ts';
import { demandAhead, demandUnitOf } from '../demand/store-demand.ts';
import { localMinuteOf } from '../events/local-time.ts';
import type { Moment } from '../input.ts';
import { demandShare, lookAhead } from '../replenishment/stockout-outlook.ts';
import type { State } from '../state.ts';
import { backroomQuantity, findTask, quantityOf, slotBelief } from '../views.ts';

const minuteMs = 60_000;
const dayMinutes = 1_440;
/** Pieces of the day within which demand counts as even; they divide the hour. */
const pieceMinutes = 15;

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
  const minutes = belief && minutesUntilEmpty(state, slot, belief.likeliest, localMinute);
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
  };
}

/** Minutes by the clock until so many base units are sold; null when that is more than a day off. */
export function minutesUntilEmpty(
  state: Readonly<State>,
  slot: Slot,
  baseUnits: number,
  localMinute: number,
): number | null {
  const { catalogue, demand } = state;
  const product = catalogue.productByGtin.get(slot.gtin);
  if (product === undefined) return null;
  const share = demandShare(catalogue, slot);
  let left = baseUnits / demandUnitOf(product);
  if (left <= 0) return 0;
  let passed = 0;
  while (passed < dayMinutes) {
    const minute = (localMinute + passed) % dayMinutes;
    const length = pieceMinutes - (minute % pieceMinutes);
    const open = openMinutesWithin(state, minute, minute + length);
    const ahead = open === 0 ? 0 : demandAhead(demand, catalogue, product, minute, open).mean;
    const wanted = ahead * share;
    if (wanted >= left) return Math.round(passed + (length * left) / wanted);
    left -= wanted;
    passed += length;
  }
  return null;
}

function openMinutesWithin({ catalogue }: Readonly<State>, from: number, until: number): number {
  const { opensMinute, closesMinute } = catalogue.facts.store;
  // A store without hours is open all day.
  if (closesMinute <= opensMinute) return until - from;
  return Math.max(0, Math.min(until, closesMinute) - Math.max(from, opensMinute));
}
