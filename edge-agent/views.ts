/**
 * Cheap questions about the state, for kiosk, metrics and simulators. They read and never change.
 * Quantities are in base units: pieces, or milligrams for weighed goods.
 */
import { TaskStatus } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { type BeliefSummary, chanceAtMost, ppm, summarise } from './belief/distribution.ts';
import type { ExceptionRecord } from './exceptions/exception.ts';
import type { DeviceRecord } from './ingest/device-record.ts';
import type { State } from './state.ts';
import { type BinBalance, balance, binsHolding, inBins, salesFloor } from './stock/ledger.ts';
import type { TaskRecord } from './tasks/task-book.ts';

export { baseUnitOf, quantityOf } from './stock/base-unit.ts';
export { walkFor } from './tasks/walk.ts';

/** Open, claimed, started and blocked tasks: most urgent first, then oldest. */
export function openTasks(state: Readonly<State>): TaskRecord[] {
  return [...state.tasks.open.values()].sort(
    (one, other) =>
      other.urgencyPpm - one.urgencyPpm || one.createdPosition - other.createdPosition,
  );
}

/** The most urgent task that nobody has, or undefined. */
export function nextTask(state: Readonly<State>): TaskRecord | undefined {
  return openTasks(state).find((task) => task.status === TaskStatus.OPEN);
}

/** A task that is open or was closed not long ago. */
export function findTask(state: Readonly<State>, taskId: string): TaskRecord | undefined {
  return state.tasks.open.get(taskId) ?? state.tasks.closed.get(taskId);
}

/** What the slot is believed to hold; 0 when nothing is known of it. */
export function shelfQuantity(state: Readonly<State>, slotId: string): number {
  return state.shelves.get(slotId)?.quantity ?? 0;
}

export interface SlotBelief extends BeliefSummary {
  /** Chance that less than the presentation minimum is there, in parts per million. */
  pBelowMinimumPpm: number;
}

/** What is believed of a slot and how sure it is; undefined when nothing is known of it. */
export function slotBelief(state: Readonly<State>, slotId: string): SlotBelief | undefined {
  const shelf = state.shelves.get(slotId);
  const slot = state.catalogue.slotById.get(slotId);
  if (shelf === undefined || slot === undefined) return undefined;
  const below = chanceAtMost(shelf.belief, slot.presentationMinimum - 1);
  return { ...summarise(shelf.belief), likeliest: shelf.quantity, pBelowMinimumPpm: ppm(below) };
}

/** What waits for somebody's word: most severe first, then oldest. */
export function openExceptions(state: Readonly<State>): ExceptionRecord[] {
  return [...state.exceptions.values()].sort(
    (one, other) => other.severity - one.severity || one.raisedAtMs - other.raisedAtMs,
  );
}

/** False until a sensor, a count or a stocking has told something about the slot. */
export function isShelfKnown(state: Readonly<State>, slotId: string): boolean {
  return state.shelves.has(slotId);
}

/** Slots believed to hold at least one base unit, in parts per million of all slots; 0 without slots. */
export function onShelfAvailabilityPpm(state: Readonly<State>): number {
  const slots = state.catalogue.facts.slots.length;
  if (slots === 0) return 0;
  let stocked = 0;
  for (const shelf of state.shelves.values()) if (shelf.quantity > 0) stocked += 1;
  return Math.floor((stocked * 1_000_000) / slots);
}

export interface SlotCounts {
  /** Known to be empty. */
  empty: number;
  /** At or below the reorder point, the empty ones among them. */
  belowReorderPoint: number;
}

export function slotCounts(state: Readonly<State>): SlotCounts {
  const counts: SlotCounts = { empty: 0, belowReorderPoint: 0 };
  for (const shelf of state.shelves.values()) {
    if (shelf.quantity === 0) counts.empty += 1;
    const slot = state.catalogue.slotById.get(shelf.slotId);
    if (slot !== undefined && shelf.quantity <= slot.reorderPoint) counts.belowReorderPoint += 1;
  }
  return counts;
}

/** What all backroom bins hold of the product, by the ledger. */
export function backroomQuantity(state: Readonly<State>, gtin: string): number {
  return inBins(state.ledger, gtin);
}

/** Bins that hold the product, fullest first. */
export function backroomBins(state: Readonly<State>, gtin: string): BinBalance[] {
  return binsHolding(state.ledger, gtin);
}

/** What the sales floor holds of the product in all its slots, by the ledger. */
export function salesFloorQuantity(state: Readonly<State>, gtin: string): number {
  return balance(state.ledger, gtin, salesFloor);
}

export interface DeviceFacts {
  record: DeviceRecord;
  /** As master data says; "unconfigured" for a device that it does not know. */
  kind: string;
  slotIds: readonly string[];
}

/** All devices that master data lists or that made themselves heard, by id. */
export function deviceFacts(state: Readonly<State>): DeviceFacts[] {
  return [...state.devices.values()]
    .map((record) => {
      const device = state.catalogue.deviceById.get(record.deviceId);
      return { record, kind: device?.kind ?? 'unconfigured', slotIds: device?.slotIds ?? [] };
    })
    .sort((one, other) => (one.record.deviceId < other.record.deviceId ? -1 : 1));
}
