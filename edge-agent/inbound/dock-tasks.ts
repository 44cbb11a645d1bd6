/**
 * Keeps the tasks at the dock in step with what lies there: receive tasks for lines that nobody has
 * checked, one put-away task for each product on the dock, cold goods first.
 *
 * A receive task is about the lines of one logistic unit, or about twenty cases of those without one. It
 * is done when its last line is checked, however that happened. A put-away task follows the dock: more of
 * the product makes it greater, a refill that takes from the dock makes it smaller. Of one product
 * either somebody puts it away or somebody takes it from the dock: whoever begins first.
 *
 * Example: 45 cases without SSCC arrive: three receive tasks. 24 jars are received: put away 24 to bin B7.
 * A refill takes 10 from the dock at once: put away 14.
 */
import { ActorKind } from '@stockhand/proto/events/v1alpha/event_pb.js';
import { AccountKind } from '@stockhand/proto/events/v1alpha/stock_events_pb.js';
import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import { TaskStatus } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { quantityText } from '@stockhand/proto/vocabulary/quantity.ts';
import type { StoreEvent } from '../events/event.ts';
import type { Recorder } from '../events/recorder.ts';
import type { State } from '../state.ts';
import { baseUnitOf, quantityOf } from '../stock/base-unit.ts';
import { balance } from '../stock/ledger.ts';
import { accountAt, dock, homeBinOf, placeOfKind } from '../stock/store-places.ts';
import { isHeld, type TaskRecord } from '../tasks/task-book.ts';
import { cancelTask, createTask, findOpenTask, workActor } from '../tasks/task-creation.ts';
import { coldDeadline, endDwells, temperatureOf } from './cold-chain.ts';
import type { DeliveryLineRecord, DeliveryRecord } from './delivery.ts';

/** Cases of one receive task: what one person checks without a break. */
export const receiveTaskCases = 20;

const coldPpm = 960_000;
const emptyShelfPpm = 800_000;
const plainPpm = 450_000;

/** Looks at what this step's events changed at the dock. */
export function reviewDock(recorder: Recorder): void {
  const gtins = new Set<string>();
  const deliveries = new Set<string>();
  // Events that this review adds are about tasks only.
  for (const event of recorder.events.slice()) {
    noteDockEvent(event, gtins, deliveries);
    noteTaskEvent(recorder, event, gtins);
  }
  for (const deliveryId of deliveries) followDelivery(recorder, deliveryId);
  for (const gtin of gtins) followDock(recorder, gtin);
}

function noteDockEvent({ payload }: StoreEvent, gtins: Set<string>, deliveries: Set<string>): void {
  switch (payload.case) {
    case 'deliveryArrived':
    case 'deliveryAnnounced':
    case 'deliveryLineChecked':
    case 'deliveryAccepted':
    case 'deliveryRefused':
      deliveries.add(payload.value.deliveryId);
      break;
    case 'itemsReceived':
      if (payload.value.to?.kind === AccountKind.DOCK) gtins.add(payload.value.gtin);
      break;
    case 'itemsPutAway':
    case 'itemsMoved':
    case 'itemsPicked':
      if (payload.value.from?.kind === AccountKind.DOCK) gtins.add(payload.value.gtin);
      break;
    case 'itemsCounted':
      if (payload.value.account?.kind === AccountKind.DOCK) gtins.add(payload.value.gtin);
      break;
    default:
      break;
  }
}

/** A task that takes from the dock began or ended. */
function noteTaskEvent(recorder: Recorder, { payload }: StoreEvent, gtins: Set<string>): void {
  switch (payload.case) {
    case 'taskClaimed':
    case 'taskReleased':
    case 'taskDone':
    case 'taskDoneShort':
    case 'taskBlocked':
    case 'taskCancelled': {
      const { open, closed } = recorder.state.tasks;
      const task = open.get(payload.value.taskId) ?? closed.get(payload.value.taskId);
      if (task !== undefined && takesFromDock(recorder.state, task)) gtins.add(task.gtin);
      break;
    }
    default:
      break;
  }
}

function takesFromDock(state: Readonly<State>, { fromPlaceId, gtin }: TaskRecord): boolean {
  return (
    gtin !== '' && fromPlaceId !== '' && accountAt(state, fromPlaceId).kind === AccountKind.DOCK
  );
}

function followDelivery(recorder: Recorder, deliveryId: string): void {
  const { state } = recorder;
  const delivery = state.deliveries.get(deliveryId);
  const isOpenLine = (line: number) => (delivery?.lines.get(line)?.received ?? 0) < 0;
  const covered = new Set<number>();
  for (const task of [...state.tasks.open.values()]) {
    if (task.type !== TaskType.RECEIVE || task.deliveryId !== deliveryId) continue;
    // A task about no line is about a delivery that nobody announced: it ends with it.
    const isOpen = task.lines.length === 0 ? delivery !== undefined : task.lines.some(isOpenLine);
    if (!isOpen) endReceiving(recorder, task);
    for (const line of task.lines) covered.add(line);
  }
  if (delivery === undefined || delivery.arrivedAtMs === 0) return;
  const waiting = [...delivery.lines.values()].filter(
    ({ line, received }) => received < 0 && !covered.has(line),
  );
  for (const lines of unitsOf(state, waiting)) createReceive(recorder, delivery, lines);
  const isKnown = findOpenTask(
    recorder,
    (task) => task.type === TaskType.RECEIVE && task.deliveryId === deliveryId,
  );
  if (delivery.lines.size === 0 && isKnown === undefined) createReceive(recorder, delivery, []);
}

/** Done by whoever checked the last line; without a person it is only no longer wanted. */
function endReceiving(recorder: Recorder, task: TaskRecord): void {
  const { taskId, deliveryId, quantity, gtin, status } = task;
  const last = recorder.events.findLast(({ payload }) => payload.case === 'deliveryLineChecked');
  if (last?.actor.kind !== ActorKind.PERSON || status === TaskStatus.BLOCKED) {
    cancelTask(recorder, taskId, 'delivery-closed');
    return;
  }
  const fields = { taskId, personRef: last.actor.id };
  const circumstances = { correlationId: deliveryId };
  if (status === TaskStatus.OPEN) recorder.record('taskClaimed', fields, circumstances);
  const amount = quantityOf(recorder.state, gtin, quantity);
  recorder.record('taskDone', { ...fields, quantity: amount }, circumstances);
}

/** Lines of one logistic unit, or of so many cases, go together; cold ones apart and first. */
function unitsOf(state: Readonly<State>, lines: DeliveryLineRecord[]): DeliveryLineRecord[][] {
  const units = new Map<string, DeliveryLineRecord[]>();
  const cases = new Map<string, number>();
  let part = 0;
  for (const line of lines) {
    const temperature = temperatureOf(state, line.gtin);
    const casePack = state.catalogue.productByGtin.get(line.gtin)?.casePack ?? 0;
    const size = casePack > 0 ? Math.ceil(line.announced / casePack) : 1;
    let key = `${line.sscc}/${temperature}`;
    if (line.sscc === '') {
      const open = `${part}/${temperature}`;
      if ((cases.get(open) ?? 0) + size > receiveTaskCases && cases.has(open)) part += 1;
      key = `${part}/${temperature}`;
    }
    cases.set(key, (cases.get(key) ?? 0) + size);
    units.set(key, [...(units.get(key) ?? []), line]);
  }
  return [...units.values()];
}

function createReceive(
  recorder: Recorder,
  delivery: DeliveryRecord,
  lines: DeliveryLineRecord[],
): void {
  const { state } = recorder;
  const { deliveryId, arrivedAtMs } = delivery;
  const due = lines.map(({ gtin }) => coldDeadline(state, gtin, arrivedAtMs)).filter(Boolean);
  const dueAtMs = due.length === 0 ? 0 : Math.min(...due);
  const isWanted = lines.some(({ gtin }) => isOutOfStock(state, gtin));
  const [only] = lines;
  const gtin = lines.length === 1 && only !== undefined ? only.gtin : '';
  const what = lines.length === 0 ? 'what came' : `${lines.length} lines`;
  const why = dueAtMs > 0 ? ', cold goods' : isWanted ? ', empty shelves wait for it' : '';
  createTask(recorder, {
    type: TaskType.RECEIVE,
    gtin,
    quantity: gtin === '' ? lines.length : (only?.announced ?? 0),
    fromPlaceId: placeOfKind(state, 'dock'),
    deliveryId,
    lines: lines.map(({ line }) => line),
    dueAtMs,
    urgencyPpm: dueAtMs > 0 ? coldPpm : isWanted ? emptyShelfPpm : plainPpm,
    explanation: `Receive ${what} of delivery ${deliveryId}${why}.`,
  });
}

/** One put-away task for what of the product is on the dock. */
function followDock(recorder: Recorder, gtin: string): void {
  const { state } = recorder;
  const atDock = balance(state.ledger, gtin, dock);
  const task = findOpenTask(recorder, (one) => one.type === TaskType.PUT_AWAY && one.gtin === gtin);
  if (task !== undefined && isHeld(task)) {
    takeBackFromDock(recorder, gtin);
    return;
  }
  const isTaken = findOpenTask(
    recorder,
    (one) => one.gtin === gtin && isHeld(one) && takesFromDock(state, one),
  );
  if (atDock === 0 || isTaken !== undefined) {
    const reason = atDock === 0 ? 'dock-empty' : 'taken-from-dock';
    if (task !== undefined) cancelTask(recorder, task.taskId, reason);
    if (atDock === 0) endDwells(recorder);
    return;
  }
  if (task === undefined) createPutAway(recorder, gtin, atDock);
  else if (task.status === TaskStatus.OPEN && task.quantity !== atDock) {
    const { taskId, urgencyPpm } = task;
    const explanation = explainPutAway(state, gtin, atDock);
    const fields = { taskId, urgencyPpm, explanation, quantity: quantityOf(state, gtin, atDock) };
    recorder.record('taskChanged', fields, { actor: workActor });
  }
}

/** Somebody puts it away: what nobody has begun to take from the dock is taken from its bin later. */
function takeBackFromDock(recorder: Recorder, gtin: string): void {
  const { state } = recorder;
  for (const task of [...state.tasks.open.values()]) {
    if (task.type !== TaskType.REFILL || task.gtin !== gtin) continue;
    if (task.status !== TaskStatus.OPEN || !takesFromDock(state, task)) continue;
    cancelTask(recorder, task.taskId, 'put-away-begun');
    recorder.touchedSlots.add(task.slotId);
  }
}

function createPutAway(recorder: Recorder, gtin: string, quantity: number): void {
  const { state, moment } = recorder;
  const clock = state.dockClocks.get(gtin);
  const dueAtMs = coldDeadline(state, gtin, clock?.sinceMs ?? moment.nowMs);
  const isWanted = isOutOfStock(state, gtin);
  createTask(recorder, {
    type: TaskType.PUT_AWAY,
    gtin,
    quantity,
    fromPlaceId: placeOfKind(state, 'dock'),
    toPlaceId: homeBinOf(state, gtin),
    deliveryId: clock?.deliveryId ?? '',
    dueAtMs,
    urgencyPpm: dueAtMs > 0 ? coldPpm : isWanted ? emptyShelfPpm : plainPpm,
    explanation: explainPutAway(state, gtin, quantity),
  });
}

function explainPutAway(state: Readonly<State>, gtin: string, quantity: number): string {
  const name = state.catalogue.productByGtin.get(gtin)?.name ?? gtin;
  const temperature = temperatureOf(state, gtin);
  const cold = temperature === 'ambient' ? '' : ` It is ${temperature}: minutes count.`;
  return `${quantityText(quantity, baseUnitOf(state, gtin))} of ${name} stand at the dock.${cold}`;
}

/** A slot of the product wants goods that the backroom did not have. */
function isOutOfStock(state: Readonly<State>, gtin: string): boolean {
  return (state.catalogue.slotsByGtin.get(gtin) ?? []).some(
    ({ slotId }) => (state.shelves.get(slotId)?.quantity ?? 1) === 0,
  );
}
