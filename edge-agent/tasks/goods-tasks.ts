/**
 * Tasks about goods that are not for sale any more, or not at this price: waste, returns, reduced labels,
 * and the check of cold goods that stood out. Each is about one product at one place, and one lot where
 * lots are kept; while one is open no second one is made.
 *
 * Example: "send back" to a delivery that came with 6 jars too many: Return 6 jars from the dock. Done
 * with 5, "not there": five go to the supplier's account, and the dock is counted.
 */
import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import { quantityText } from '@stockhand/proto/vocabulary/quantity.ts';
import type { Recorder } from '../events/recorder.ts';
import { baseUnitOf } from '../stock/base-unit.ts';
import { bookMove, type End } from '../stock/goods-movement.ts';
import { type AccountRef, balance, quarantine, salesFloor, supplier } from '../stock/ledger.ts';
import { lotNameOf, scannedLot } from '../stock/lot-naming.ts';
import { accountAt, dock, placeOfKind, waste } from '../stock/store-places.ts';
import type { TaskRecord } from './task-book.ts';
import { askForCount, createTask, findOpenTask, type NewTask } from './task-creation.ts';

const wastePpm = 550_000;
const returnPpm = 300_000;
const markdownPpm = 500_000;
const coldCheckPpm = 980_000;
/** What expired, or was too warm, must be out of reach by then. */
const wasteWithinMs = 2 * 3_600_000;
const coldCheckWithinMs = 15 * 60_000;

export interface GoodsAt {
  gtin: string;
  quantity: number;
  /** A slot, or else a place. */
  slotId?: string;
  fromPlaceId?: string;
  lot?: string;
  bestBefore?: string;
}

export function askForWaste(recorder: Recorder, goods: GoodsAt, why: string): void {
  const dueAtMs = recorder.moment.nowMs + wasteWithinMs;
  ask(recorder, {
    type: TaskType.WASTE,
    ...goods,
    urgencyPpm: wastePpm,
    explanation: why,
    dueAtMs,
  });
}

export function askForReturn(recorder: Recorder, goods: GoodsAt, why: string): void {
  ask(recorder, { type: TaskType.RETURN, ...goods, urgencyPpm: returnPpm, explanation: why });
}

/** Somebody looks at cold goods that stood out for too long, and says how many are still good. */
export function askForColdCheck(recorder: Recorder, gtin: string, why: string): void {
  const { state, moment } = recorder;
  const quantity = balance(state.ledger, gtin, dock);
  if (quantity === 0) return;
  ask(recorder, {
    type: TaskType.CHECK_COLD,
    gtin,
    quantity,
    fromPlaceId: placeOfKind(state, 'dock'),
    urgencyPpm: coldCheckPpm,
    explanation: why,
    dueAtMs: moment.nowMs + coldCheckWithinMs,
  });
}

export interface GrantedMarkdown {
  gtin: string;
  quantity: number;
  lot: string;
  bestBefore: string;
  reductionPpm: number;
}

/** The lower price was granted: somebody puts the labels on. */
export function askForMarkdown(recorder: Recorder, granted: GrantedMarkdown): void {
  const { state } = recorder;
  const { gtin, quantity, lot, bestBefore, reductionPpm } = granted;
  const slot = state.catalogue.slotsByGtin.get(gtin)?.[0];
  const amount = quantityText(quantity, baseUnitOf(state, gtin));
  ask(recorder, {
    type: TaskType.MARK_DOWN,
    gtin,
    quantity,
    lot,
    bestBefore,
    slotId: slot?.slotId ?? '',
    urgencyPpm: markdownPpm,
    explanation: `${amount} best before ${bestBefore}: ${Math.round(reductionPpm / 10_000)} % off.`,
  });
}

function ask(recorder: Recorder, task: NewTask): void {
  const { type, gtin, slotId = '', fromPlaceId = '', lot = '', bestBefore = '' } = task;
  const open = findOpenTask(
    recorder,
    (one) =>
      one.type === type &&
      one.gtin === gtin &&
      one.slotId === slotId &&
      one.fromPlaceId === fromPlaceId &&
      one.lot === lot &&
      one.bestBefore === bestBefore,
  );
  if (open === undefined) createTask(recorder, task);
}

/** Books what somebody did with the goods of such a task; `quantity` of them, in base units. */
export function bookGoods(
  recorder: Recorder,
  task: TaskRecord,
  quantity: number,
  scan: string,
): void {
  const { type, taskId, gtin } = task;
  if (type === TaskType.CHECK_COLD) {
    // What is not good any more is set aside, until somebody has wasted it.
    move(recorder, task, task.quantity - quantity, quarantine, 'too-warm', scan);
    if (quantity < task.quantity) {
      const goods = { gtin, quantity: task.quantity - quantity, fromPlaceId: 'quarantine' };
      askForWaste(recorder, goods, 'It stood out of the cold for too long.');
    }
    return;
  }
  const to = type === TaskType.RETURN ? supplier : waste;
  move(recorder, task, quantity, to, `task ${taskId}`, scan);
  if (quantity < task.quantity) {
    const { slotId, fromPlaceId: placeId } = task;
    const asked = quantityText(task.quantity, baseUnitOf(recorder.state, gtin));
    const why = `${asked} should have been there, and were not.`;
    askForCount(recorder, { gtin, slotId, placeId: slotId === '' ? placeId : '' }, returnPpm, why);
  }
}

function move(
  recorder: Recorder,
  task: TaskRecord,
  quantity: number,
  to: AccountRef,
  reason: string,
  scan: string,
): void {
  if (quantity <= 0) return;
  const { state } = recorder;
  const { gtin, slotId, fromPlaceId, taskId } = task;
  const account = slotId === '' ? accountAt(state, fromPlaceId) : salesFloor;
  const from: End = { account, slotId };
  const named = scannedLot(recorder, gtin, scan) ?? lotNameOf(state, gtin, task);
  const target: End = { account: to, slotId: '' };
  bookMove(recorder, {
    gtin,
    quantity,
    from,
    to: target,
    reason,
    named,
    occasion: `task ${taskId}`,
  });
}
