/** What the end of an hour and a found-out liar do to the belief of the slots. */
import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { DeviceDistrusted } from '@stockhand/proto/events/v1alpha/device_events_pb.js';
import type { Slot } from '../catalogue/catalogue.ts';
import { closeHour, type EndedHour } from '../demand/store-demand.ts';
import type { StoreEvent } from '../events/event.ts';
import { localHourOf } from '../events/local-time.ts';
import { upliftSpanMs, upliftsBetween } from '../orders/promotion.ts';
import type { State } from '../state.ts';
import { copyOf, forgetSensor, type ShelfRecord } from '../stock/shelf.ts';
import { likeliestCell } from './distribution.ts';
import { believeHour } from './slot-belief.ts';
import { shareOf } from './slot-split.ts';
import { freshWitness, isRise, weighStanding, weighUnsold } from './witness.ts';

/** Purpose of the timer that ends an hour of trading. */
export const hourTimer = 'hour';

/** A product counts as available when its slots are more likely stocked than empty. */
const availableChance = 0.5;
/** A silence that moves the chance of empty by less is not worth a review. */
const noticeableChange = 0.01;
/** Calm hours after which the sensor's word is taken over into the belief without it. */
const calmHoursToRenew = 3;
const hourMs = 3_600_000;

/** The hour before `event` has ended: learns demand, weighs the silence of the till, judges sensors. */
export function applyHourEnded(state: State, event: StoreEvent, touched: Set<string>): void {
  const { payload } = event;
  const dueAt = payload.case === 'timerFired' ? payload.value.dueAt : undefined;
  const endedAtMs = dueAt === undefined ? event.recordedAtMs : timestampMs(dueAt);
  const localHour = localHourOf(endedAtMs - hourMs, event.utcOffsetMinutes);
  const middleMs = endedAtMs - hourMs / 2;
  const ended = closeHour(
    state.demand,
    state.catalogue,
    localHour,
    (gtin) => isAvailable(state, gtin),
    upliftsBetween(state, middleMs, middleMs + 1),
  );
  lookForward(state, endedAtMs, touched);
  for (const hour of ended) hearHour(state, hour, touched);
  for (const shelf of state.shelves.values()) {
    if (shelf.unwatched === null) continue;
    renewUnwatched(shelf);
    if (weighStanding(shelf.witness)) touched.add(shelf.slotId);
    const { change } = shelf.witness;
    if (change !== null && isRise(change)) touched.add(shelf.slotId);
  }
}

/** Promotions of the coming hours count from now on: their slots are looked at before they begin. */
function lookForward(state: State, nowMs: number, touched: Set<string>): void {
  const { demand, catalogue } = state;
  const before = demand.uplifts;
  demand.uplifts = upliftsBetween(state, nowMs, nowMs + upliftSpanMs);
  for (const gtin of demand.uplifts.keys()) {
    if (before.has(gtin)) continue;
    for (const { slotId } of catalogue.slotsByGtin.get(gtin) ?? []) touched.add(slotId);
  }
}

function isAvailable(state: State, gtin: string): boolean {
  for (const slot of state.catalogue.slotsByGtin.get(gtin) ?? []) {
    const shelf = state.shelves.get(slot.slotId);
    if (shelf !== undefined && (shelf.belief.cells[0] ?? 0) < availableChance) return true;
  }
  return false;
}

function hearHour(state: State, { gtin, expected, sold }: EndedHour, touched: Set<string>): void {
  const slots = state.catalogue.slotsByGtin.get(gtin) ?? [];
  const shelves = slots.flatMap(({ slotId }) => state.shelves.get(slotId) ?? []);
  const emptyBefore = shelves.map(({ belief }) => belief.cells[0] ?? 0);
  for (const [index, shelf] of shelves.entries()) {
    const before = emptyBefore[index] ?? 0;
    const others = emptyBefore.reduce((all, one, other) => (other === index ? all : all * one), 1);
    const heard = {
      expected,
      sold,
      ownShare: ownShareOf(shelf, slots),
      othersEmpty: slots.length > shelves.length ? 0 : others,
    };
    believeHour(shelf.belief, heard);
    if (shelf.unwatched !== null) believeHour(shelf.unwatched, heard);
    if (Math.abs((shelf.belief.cells[0] ?? 0) - before) < noticeableChange) continue;
    if (shelf.belief.unit === 1) shelf.quantity = likeliestCell(shelf.belief.cells);
    touched.add(shelf.slotId);
  }
}

/** What the slot sells of its product while all its slots have goods. */
function ownShareOf(shelf: ShelfRecord, slots: readonly Slot[]): number {
  return slots.length < 2 ? 1 : (shareOf(shelf) ?? 1 / slots.length);
}

function renewUnwatched(shelf: ShelfRecord): void {
  weighUnsold(shelf.witness, shelf.seenTaken);
  if (shelf.witness.calmHours < calmHoursToRenew) return;
  shelf.witness.calmHours = 0;
  shelf.unwatched = copyOf(shelf.belief);
}

/** The sensor's words are taken back: its slots are believed to hold what the others say. */
export function applyDeviceDistrusted(
  state: State,
  distrusted: DeviceDistrusted,
  atMs: number,
  touched: Set<string>,
): void {
  const { deviceId, story } = distrusted;
  state.distrustedDevices.set(deviceId, { sinceMs: atMs, story });
  state.channels.delete(deviceId);
  for (const slotId of state.catalogue.deviceById.get(deviceId)?.slotIds ?? []) {
    const shelf = state.shelves.get(slotId);
    if (shelf === undefined) continue;
    forgetSensor(shelf);
    touched.add(slotId);
  }
}

/** Somebody looked at it: it is heard again, and nothing is held against it. */
export function applyDeviceTrusted(state: State, deviceId: string): void {
  state.distrustedDevices.delete(deviceId);
  for (const slotId of state.catalogue.deviceById.get(deviceId)?.slotIds ?? []) {
    const shelf = state.shelves.get(slotId);
    if (shelf !== undefined) shelf.witness = freshWitness();
  }
}
