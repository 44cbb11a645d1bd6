/**
 * What new master data asks of the shelves: another product in a slot, another price on its label.
 *
 * Both are due when the store opens next, or before the product's promotion begins, if that is sooner:
 * who opens with yesterday's price charges what the label does not say. Newer data withdraws what the one
 * before asked for and nobody has begun.
 *
 * Example: at 19:00 jam goes from 2.49 to 1.99 and slot A2 becomes honey's: "Change the price" at A1 and
 * "Change the product" at A2, due at 07:00.
 */

import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import { TaskStatus } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import type { Catalogue, Slot } from '../catalogue/catalogue.ts';
import { dayMinutes } from '../catalogue/opening-hours.ts';
import { localMinuteOf } from '../events/local-time.ts';
import type { Recorder } from '../events/recorder.ts';
import { cancelTask, createTask } from './task-creation.ts';

const labelPpm = 400_000;
const planogramPpm = 450_000;
const minuteMs = 60_000;

/** Compares the master data in force with what held before; the first of a store changes nothing. */
export function followMasterData(recorder: Recorder, before: Catalogue): void {
  if (before.facts.version === '') return;
  const { catalogue } = recorder.state;
  for (const slot of catalogue.facts.slots) {
    const old = before.slotById.get(slot.slotId);
    if (old?.gtin !== slot.gtin) askForPlanogram(recorder, slot, nameIn(before, old?.gtin));
    else if (priceIn(before, slot.gtin) !== priceIn(catalogue, slot.gtin)) {
      askForPrice(recorder, slot);
    }
  }
  for (const task of [...recorder.state.tasks.open.values()]) {
    const isOfSlot = task.type === TaskType.CHANGE_PRICE || task.type === TaskType.CHANGE_PLANOGRAM;
    const isGone = catalogue.slotById.get(task.slotId)?.gtin !== task.gtin;
    if (isOfSlot && isGone) cancelTask(recorder, task.taskId, 'superseded');
  }
}

const priceIn = ({ productByGtin }: Catalogue, gtin: string) =>
  productByGtin.get(gtin)?.priceMinorUnits ?? 0;

const nameIn = ({ productByGtin }: Catalogue, gtin: string | undefined) =>
  gtin === undefined ? '' : (productByGtin.get(gtin)?.name ?? gtin);

function askForPlanogram(recorder: Recorder, slot: Slot, oldName: string): void {
  const name = nameIn(recorder.state.catalogue, slot.gtin);
  const was = oldName === '' ? 'It is a new place.' : `It was ${oldName}: take that out.`;
  ask(recorder, TaskType.CHANGE_PLANOGRAM, slot, planogramPpm, `Here is ${name} now. ${was}`);
}

function askForPrice(recorder: Recorder, slot: Slot): void {
  const { catalogue } = recorder.state;
  const { currency } = catalogue.facts.store;
  const price = (priceIn(catalogue, slot.gtin) / 100).toFixed(2);
  const name = nameIn(catalogue, slot.gtin);
  const why = `${name} costs ${price} ${currency} now.`;
  ask(recorder, TaskType.CHANGE_PRICE, slot, labelPpm, why);
}

function ask(
  recorder: Recorder,
  type: TaskType,
  { slotId, gtin }: Slot,
  urgencyPpm: number,
  explanation: string,
): void {
  for (const task of [...recorder.state.tasks.open.values()]) {
    if (task.type !== type || task.slotId !== slotId) continue;
    if (task.status === TaskStatus.OPEN) cancelTask(recorder, task.taskId, 'superseded');
  }
  const dueAtMs = dueBy(recorder, gtin);
  createTask(recorder, { type, gtin, slotId, quantity: 0, urgencyPpm, explanation, dueAtMs });
}

/** The next opening, or the beginning of a promotion before it. */
function dueBy({ state, moment }: Recorder, gtin: string): number {
  const { opensMinute } = state.catalogue.facts.store;
  const now = localMinuteOf(moment.nowMs, moment.utcOffsetMinutes);
  const minutes = (opensMinute - now + dayMinutes) % dayMinutes || dayMinutes;
  let dueAtMs = Math.floor(moment.nowMs / minuteMs) * minuteMs + minutes * minuteMs;
  for (const { gtins, startsAtMs } of state.proposals.promotions.values()) {
    if (startsAtMs > moment.nowMs && gtins.includes(gtin)) dueAtMs = Math.min(dueAtMs, startsAtMs);
  }
  return dueAtMs;
}
