/**
 * Looks at each slot that a step touched and lets its need arise, change or end, with the task that
 * serves it.
 *
 * A task in someone's hands is left alone: the person finishes it, and the slot is looked at again
 * then. A need that nobody has begun follows the slot, but only in steps worth telling (another reason,
 * a fifth of par, a tenth of the urgency scale), so that each sale does not write two events. A need
 * without backroom stock has no task until stock arrives.
 *
 * Example: a slot with par 12 and reorder point 4 sells from 5 to 4: NeedArose (wants 8) and, with 30
 * in bin B7, TaskCreated (8 from B7). At 2, NeedChanged and TaskChanged (10). A count of 12 ends both:
 * TaskCancelled, NeedMet.
 */
import { NeedReason } from '@stockhand/proto/events/v1alpha/replenishment_events_pb.js';
import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import { TaskStatus } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import type { Slot } from '../catalogue/catalogue.ts';
import { refillPlaces, refillSupply } from '../collect/supply.ts';
import type { EventActor } from '../events/event.ts';
import { localMinuteOf } from '../events/local-time.ts';
import type { Recorder } from '../events/recorder.ts';
import { doubtSensors } from '../exceptions/sensor-doubt.ts';
import { decide, ruleActor } from '../policy/decision.ts';
import { policyOf } from '../policy/policy.ts';
import { baseUnitOf, quantityOf } from '../stock/base-unit.ts';
import type { ShelfRecord } from '../stock/shelf.ts';
import { isHeld, type TaskRecord } from '../tasks/task-book.ts';
import type { Need } from './need.ts';
import { predictStockout } from './prediction-review.ts';
import { lookAhead, type SlotOutlook } from './stockout-outlook.ts';
import { explainNeed, judgeSlot, type SlotSituation, type Verdict } from './trigger.ts';
import { explainWaiting, levelsOf, refillFacts, waitingMoney } from './waiting-loss.ts';

/** Urgency moves below this are not worth an event. */
const urgencyStepPpm = 100_000;

type Needed = Extract<Verdict, { kind: 'needed' }>;

/** Reviews all slots that the step's events touched; `reportedSlotId` is one that staff call empty. */
export function reviewTouchedSlots(recorder: Recorder, reportedSlotId = ''): void {
  for (const slotId of recorder.touchedSlots) {
    const slot = recorder.state.catalogue.slotById.get(slotId);
    const shelf = recorder.state.shelves.get(slotId);
    if (slot === undefined || shelf === undefined) continue;
    doubtSensors(recorder, slot, shelf);
    noteEmptiness(recorder, shelf);
    const outlook = reviewNeed(recorder, slot, shelf, slotId === reportedSlotId);
    if (outlook !== null) predictStockout(recorder, slot, shelf, outlook.pEmptySoonPpm);
  }
  recorder.touchedSlots.clear();
}

/** Ends a need whose slot is no longer what it was, with its task, even if someone has begun it. */
export function withdrawNeed(recorder: Recorder, need: Need, reason: string): void {
  const task = recorder.state.tasks.open.get(need.taskId);
  const correlation = { actor: actorOf(recorder), correlationId: need.needId };
  if (task !== undefined) {
    recorder.record('taskCancelled', { taskId: task.taskId, reason }, correlation);
  }
  recorder.record('needWithdrawn', { needId: need.needId, reason }, correlation);
}

function noteEmptiness(recorder: Recorder, shelf: ShelfRecord): void {
  const { slotId, gtin, emptySinceMs } = shelf;
  if (shelf.quantity === 0 && emptySinceMs === 0) {
    recorder.record('shelfRanEmpty', { slotId, gtin });
  } else if (shelf.quantity > 0 && emptySinceMs > 0) {
    const emptySeconds = Math.max(0, Math.floor((recorder.moment.nowMs - emptySinceMs) / 1_000));
    recorder.record('shelfRecovered', { slotId, gtin, emptySeconds });
  }
}

/** Answers what lies ahead of the slot; null while somebody is on their way to it. */
function reviewNeed(
  recorder: Recorder,
  slot: Slot,
  shelf: ShelfRecord,
  isReported: boolean,
): SlotOutlook | null {
  const { state } = recorder;
  const need = state.needs.get(slot.slotId);
  const task = need === undefined ? undefined : state.tasks.open.get(need.taskId);
  if (task !== undefined && isHeld(task)) return null;
  const wasReported = need?.reason === NeedReason.REPORTED_BY_STAFF;
  const policy = policyOf(state.policy);
  const situation: SlotSituation = {
    slot,
    onShelf: shelf.quantity,
    inBackroom: refillSupply(state, slot.gtin),
    isReported: shelf.quantity === 0 && (isReported || wasReported),
    hasOpenNeed: need !== undefined,
    outlook: lookAhead(
      state,
      slot,
      shelf,
      localMinuteOf(recorder.moment.nowMs, recorder.moment.utcOffsetMinutes),
    ),
  };
  const byRule = decide(recorder, 'refill.raise', () =>
    refillFacts(state, policy, situation, recorder.moment.nowMs),
  );
  const verdict = judgeSlot(situation, levelsOf(policy), byRule);
  if (verdict.kind === 'enough') {
    if (need !== undefined) meetNeed(recorder, need);
  } else if (need === undefined) {
    raiseNeed(recorder, situation, verdict);
  } else {
    changeNeed(recorder, need, task, situation, verdict);
  }
  return situation.outlook;
}

/** The rule that decides about refills, with the version of the policy in force. */
function actorOf(recorder: Recorder): EventActor {
  return ruleActor(recorder, 'refill.raise');
}

function explain(recorder: Recorder, situation: SlotSituation, { wanted }: Needed): string {
  const { state } = recorder;
  const { slot, outlook } = situation;
  const policy = policyOf(state.policy);
  const levels = levelsOf(policy);
  const sum = explainNeed(situation, wanted, baseUnitOf(state, slot.gtin), levels);
  if (policy.ruleOf('refill.raise') === null) return sum;
  return sum + explainWaiting(waitingMoney(state, policy, slot, outlook.shortMilliUnits));
}

/** Ends a need that is served, and the task for it that is no longer wanted. */
export function meetNeed(recorder: Recorder, need: Need): void {
  const correlation = { actor: actorOf(recorder), correlationId: need.needId };
  const task = recorder.state.tasks.open.get(need.taskId);
  if (task !== undefined) {
    recorder.record('taskCancelled', { taskId: task.taskId, reason: 'need-met' }, correlation);
  }
  recorder.record('needMet', { needId: need.needId }, correlation);
}

function raiseNeed(recorder: Recorder, situation: SlotSituation, verdict: Needed): void {
  const { state } = recorder;
  const { slot, onShelf, inBackroom } = situation;
  const needId = `n-${state.epoch.slice(0, 8)}-${recorder.nextPosition()}`;
  const position = recorder.record(
    'needArose',
    {
      needId,
      slotId: slot.slotId,
      gtin: slot.gtin,
      wanted: quantityOf(state, slot.gtin, verdict.wanted),
      onShelf: quantityOf(state, slot.gtin, onShelf),
      inBackroom: quantityOf(state, slot.gtin, inBackroom),
      reason: verdict.reason,
      urgencyPpm: verdict.urgencyPpm,
      explanation: explain(recorder, situation, verdict),
    },
    { actor: actorOf(recorder), correlationId: needId },
  );
  createTask(recorder, slot, position);
}

function changeNeed(
  recorder: Recorder,
  need: Need,
  task: TaskRecord | undefined,
  situation: SlotSituation,
  verdict: Needed,
): void {
  const { state } = recorder;
  const { slot, onShelf, inBackroom } = situation;
  let position = need.arosePosition;
  if (isWorthTelling(need, slot, inBackroom, verdict)) {
    const explanation = explain(recorder, situation, verdict);
    position = recorder.record(
      'needChanged',
      {
        needId: need.needId,
        wanted: quantityOf(state, slot.gtin, verdict.wanted),
        onShelf: quantityOf(state, slot.gtin, onShelf),
        inBackroom: quantityOf(state, slot.gtin, inBackroom),
        reason: verdict.reason,
        urgencyPpm: verdict.urgencyPpm,
        explanation,
      },
      { actor: actorOf(recorder), correlationId: need.needId },
    );
    if (task?.status === TaskStatus.OPEN) followNeed(recorder, need, task, inBackroom, position);
  }
  createTask(recorder, slot, position);
}

/** Lets a task that nobody has begun follow its need. */
function followNeed(
  recorder: Recorder,
  need: Need,
  task: TaskRecord,
  inBackroom: number,
  causedBy: number,
): void {
  const circumstances = { actor: actorOf(recorder), correlationId: need.needId, causedBy };
  const { taskId, gtin } = task;
  if (inBackroom === 0) {
    recorder.record('taskCancelled', { taskId, reason: 'backroom-empty' }, circumstances);
    return;
  }
  const quantity = Math.min(need.wanted, inBackroom);
  if (quantity === task.quantity && need.urgencyPpm === task.urgencyPpm) return;
  recorder.record(
    'taskChanged',
    {
      taskId,
      quantity: quantityOf(recorder.state, gtin, quantity),
      urgencyPpm: need.urgencyPpm,
      explanation: need.explanation,
    },
    circumstances,
  );
}

/** Makes the task that serves the slot's need, if it has none and the backroom can serve it. */
function createTask(recorder: Recorder, slot: Slot, causedBy: number): void {
  const { state } = recorder;
  const need = state.needs.get(slot.slotId);
  if (need === undefined || need.taskId !== '') return;
  const bins = refillPlaces(state, slot.gtin);
  const inBackroom = refillSupply(state, slot.gtin);
  if (inBackroom <= Math.max(0, need.heldAtBackroom)) return;
  // What expires first goes first, wherever it lies; where nothing is dated, the slot's own bin does.
  const home = state.lots.has(slot.gtin)
    ? bins[0]
    : bins.find((bin) => bin.placeId === slot.homeBinPlaceId);
  recorder.record(
    'taskCreated',
    {
      taskId: `t-${state.epoch.slice(0, 8)}-${recorder.nextPosition()}`,
      type: TaskType.REFILL,
      needId: need.needId,
      slotId: slot.slotId,
      gtin: slot.gtin,
      quantity: quantityOf(state, slot.gtin, Math.min(need.wanted, inBackroom)),
      fromPlaceId: (home ?? bins[0])?.placeId ?? '',
      urgencyPpm: need.urgencyPpm,
      explanation: need.explanation,
    },
    { actor: actorOf(recorder), correlationId: need.needId, causedBy },
  );
}

function isWorthTelling(need: Need, slot: Slot, inBackroom: number, verdict: Needed): boolean {
  return (
    need.reason !== verdict.reason ||
    (need.inBackroom === 0) !== (inBackroom === 0) ||
    Math.abs(need.urgencyPpm - verdict.urgencyPpm) >= urgencyStepPpm ||
    Math.abs(need.wanted - verdict.wanted) >= Math.max(1, Math.ceil(slot.par / 5))
  );
}
