/**
 * Applies one event to the state: the only way in which the state changes. It decides nothing and
 * refuses nothing; what an event says has happened.
 */
import { timestampMs } from '@bufbuild/protobuf/wkt';
import { Lane } from '@stockhand/proto/events/v1alpha/event_pb.js';
import { baseUnitsOf } from '@stockhand/proto/vocabulary/quantity.ts';
import {
  applyApprovalClosed,
  applyApprovalGranted,
  applyApprovalRequested,
  noteCounted,
} from '../approvals/approval-events.ts';
import {
  applyDeviceDistrusted,
  applyDeviceTrusted,
  applyHourEnded,
  hourTimer,
} from '../belief/belief-events.ts';
import { applyMasterDataApplied } from '../catalogue/master-data-events.ts';
import {
  applyCollectOrderOver,
  applyCollectOrderPlaced,
  applyItemsReserved,
  applyReservationReleased,
} from '../collect/collect-events.ts';
import { turnForecastDay } from '../demand/forecast-book.ts';
import { applyDemandForecastApplied } from '../demand/hq-forecast.ts';
import { fade } from '../demand/store-demand.ts';
import {
  applyCheckAnswered,
  applyCheckAsked,
  applyRecordDoubted,
  applyShelfLooked,
  forgetAskedToday,
  settleDoubt,
} from '../doubts/doubt-events.ts';
import {
  applyExceptionAnswered,
  applyExceptionClosed,
  applyExceptionEscalated,
  applyExceptionMerged,
  applyExceptionRaised,
} from '../exceptions/exception-events.ts';
import { forgetLost } from '../inbound/delivery.ts';
import {
  applyDeliveryAnnounced,
  applyDeliveryArrived,
  applyDeliveryDelayed,
  applyDeliveryLineChecked,
  applyDeliveryOver,
  applyLogisticUnitScanned,
} from '../inbound/delivery-events.ts';
import { applyDockAppointmentBooked } from '../inbound/dock-appointment.ts';
import { applyTransportReported } from '../inbound/transport.ts';
import {
  applyDeviceApproved,
  applyDeviceBlocked,
  applyDeviceChange,
  applyDeviceProfiles,
  applyDeviceRegistered,
  applyShelfObserved,
} from '../ingest/device-events.ts';
import { actionIdOf } from '../ingest/identity.ts';
import { closeDaysBefore, receiptDaysKept } from '../ingest/receipt-book.ts';
import { applyStaffSignedIn } from '../ingest/session-record.ts';
import { applyOrderAnswered, applyOrderPlaced } from '../orders/placement.ts';
import {
  applyOrderProposed,
  applyPromotionAnnounced,
  applySubstitutionChosen,
  applySubstitutionProposed,
  noteMarkdown,
} from '../orders/proposal-events.ts';
import { applyWarehouseStockReported } from '../orders/warehouse-stock.ts';
import { applyPlanPublished } from '../planning/plan-proposal.ts';
import { applyPriorityOverridden } from '../planning/priority.ts';
import { applyRosterApplied, noteShift } from '../planning/shifts.ts';
import { applyPolicyActivated, applyPolicyRuleDisabled } from '../policy/policy-events.ts';
import { applyNeedArose, applyNeedChanged, applyNeedEnded } from '../replenishment/need-events.ts';
import { fadeCorrections } from '../replenishment/prediction.ts';
import {
  applyStockoutPredicted,
  applyStockoutPredictionScored,
  notePredictedEmpty,
} from '../replenishment/prediction-events.ts';
import { actionIdsKept, hqEpochsKept, type State } from '../state.ts';
import { forgetUnexplained } from '../stock/shelf.ts';
import {
  applyItemsAdjusted,
  applyItemsCounted,
  applyItemsPicked,
  applyItemsPutAway,
  applyItemsReceived,
  applyItemsReturned,
  applyItemsSold,
  applyItemsStocked,
  applyStockContradicted,
  applyTransfer,
} from '../stock/stock-events.ts';
import { applyTaskChanged, applyTaskCreated, applyTaskStep } from '../tasks/task-events.ts';
import { shiftDay } from './business-day.ts';
import type { EventCase, EventPayload, PayloadOf, StoreEvent } from './event.ts';

/**
 * Applies `event` and adds to `touchedSlots` the slots whose belief or supply it may have moved.
 * Throws when the event does not follow the one before: the log then has a gap.
 */
export function applyEvent(state: State, event: StoreEvent, touchedSlots: Set<string>): void {
  if (event.position !== state.position + 1) {
    throw new Error(`event ${event.position} does not follow ${state.position}`);
  }
  state.position = event.position;
  if (event.lane === Lane.TELEMETRY) state.telemetrySequence = event.laneSequence;
  else state.businessSequence = event.laneSequence;
  state.lastRecordedAtMs = event.recordedAtMs;
  if (event.businessDay > state.businessDay) turnDay(state, event.businessDay, touchedSlots);
  const actionId = actionIdOf(event.causationInput);
  if (actionId !== null) keepNewest(state.actionIds, actionId, actionIdsKept);
  applyPayload(state, event, touchedSlots);
}

/** A new business day: yesterday's receipts age, and held needs may ask for goods again. */
function turnDay(state: State, businessDay: string, touchedSlots: Set<string>): void {
  state.businessDay = businessDay;
  state.tasksDoneToday = 0;
  state.approvals.movedToday.clear();
  state.predictions.raisedToday.clear();
  fadeCorrections(state.predictions);
  forgetAskedToday(state);
  closeDaysBefore(state.receipts, shiftDay(businessDay, -receiptDaysKept));
  forgetUnexplained(state.shelves);
  forgetLost(state.deliveries, state.lastRecordedAtMs);
  fade(state.demand);
  turnForecastDay(state.demand.forecasts, businessDay);
  for (const need of state.needs.values()) {
    if (need.heldAtBackroom < 0) continue;
    need.heldAtBackroom = -1;
    touchedSlots.add(need.slotId);
  }
}

function applyPayload(state: State, event: StoreEvent, touched: Set<string>): void {
  // The table pairs each case with its own payload; TypeScript cannot follow the pair through an index.
  const applier = appliers[event.payload.case] as Applier<EventPayload['value']>;
  applier(state, event.payload.value, event, touched);
}

type Applier<Value> = (state: State, value: Value, event: StoreEvent, touched: Set<string>) => void;

/** A fact for people and HQ from which no figure of the state follows. */
const noEffect: Applier<unknown> = () => undefined;

const appliers: { [Case in EventCase]: Applier<PayloadOf<Case>> } = {
  deviceRegistered: (state, value, event) =>
    applyDeviceRegistered(state, value, event.recordedAtMs),
  deviceApproved: (state, value, event) => applyDeviceApproved(state, value, event.recordedAtMs),
  deviceBlocked: (state, { deviceId }, event) =>
    applyDeviceBlocked(state, deviceId, event.recordedAtMs),
  deviceCameOnline: (state, { deviceId }, event) =>
    applyDeviceChange(state, deviceId, { presence: 'online' }, event.recordedAtMs),
  deviceWentOffline: (state, { deviceId }, event) =>
    applyDeviceChange(state, deviceId, { presence: 'offline' }, event.recordedAtMs),
  readingsMissed: noEffect,
  deviceDistrusted: (state, value, event, touched) =>
    applyDeviceDistrusted(state, value, event.recordedAtMs, touched),
  deviceProfilesApplied: (state, value) => applyDeviceProfiles(state, value),
  deviceTrusted: (state, { deviceId }) => applyDeviceTrusted(state, deviceId),

  shelfObserved: (state, value, event, touched) =>
    applyShelfObserved(state, value, event.recordedAtMs, touched),
  shelfRanEmpty: (state, { slotId }, event) => {
    setEmptySince(state, slotId, event.recordedAtMs);
    notePredictedEmpty(state, slotId, event.recordedAtMs);
  },
  shelfRecovered: (state, { slotId }) => setEmptySince(state, slotId, 0),

  itemsSold: (state, value, event, touched) =>
    applyItemsSold(state, value, event.occurredAtMs, touched),
  itemsReturned: (state, value, _event, touched) => applyItemsReturned(state, value, touched),
  itemsReceived: (state, value, event, touched) =>
    applyItemsReceived(state, value, event.recordedAtMs, touched),
  itemsPutAway: (state, value, _event, touched) => applyItemsPutAway(state, value, touched),
  itemsMoved: (state, value, _event, touched) => applyTransfer(state, value, touched),
  itemsPicked: (state, value, event, touched) =>
    applyItemsPicked(state, value, event.occurredAtMs, touched),
  itemsStocked: (state, value, event, touched) =>
    applyItemsStocked(state, value, event.recordedAtMs, touched),
  itemsCounted: (state, value, event, touched) => {
    noteCounted(state, value, event);
    applyItemsCounted(state, value, event.recordedAtMs, touched);
    settleDoubt(state, value, event.recordedAtMs);
  },
  itemsAdjusted: (state, value, _event, touched) => applyItemsAdjusted(state, value, touched),
  stockContradicted: (state, value) => applyStockContradicted(state, value),
  recordDoubted: (state, value, event) => applyRecordDoubted(state, value, event.recordedAtMs),
  checkAsked: (state, value, event) => applyCheckAsked(state, value, event.recordedAtMs),
  checkAnswered: (state, value) => applyCheckAnswered(state, value),
  shelfLooked: (state, value, _event, touched) => applyShelfLooked(state, value, touched),

  needArose: (state, value, event) => applyNeedArose(state, value, event),
  needChanged: (state, value) => applyNeedChanged(state, value),
  needMet: (state, { needId }) => applyNeedEnded(state, needId),
  needWithdrawn: (state, { needId }) => applyNeedEnded(state, needId),
  stockoutPredicted: (state, value, event) =>
    applyStockoutPredicted(state, value, event.recordedAtMs),
  stockoutPredictionScored: (state, value) => applyStockoutPredictionScored(state, value),

  taskCreated: (state, value, event) => applyTaskCreated(state, value, event),
  taskChanged: (state, value, event) => applyTaskChanged(state, value, event),
  taskClaimed: (state, value, event) => applyTaskStep(state, value.taskId, 'claim', value, event),
  taskStarted: (state, value, event) => applyTaskStep(state, value.taskId, 'start', value, event),
  taskReleased: (state, value, event) =>
    applyTaskStep(state, value.taskId, 'release', value, event),
  taskBlocked: (state, value, event) => applyTaskStep(state, value.taskId, 'block', value, event),
  taskDone: (state, { taskId, personRef, quantity }, event) =>
    applyTaskStep(state, taskId, 'complete', { personRef, placed: baseUnitsOf(quantity) }, event),
  taskDoneShort: (state, { taskId, personRef, quantity, reason }, event) => {
    const facts = { personRef, reason, placed: baseUnitsOf(quantity) };
    applyTaskStep(state, taskId, 'complete-short', facts, event);
  },
  taskCancelled: (state, { taskId, reason }, event) =>
    applyTaskStep(state, taskId, 'cancel', { personRef: '', reason }, event),

  taskPaused: (state, value, event) => applyTaskStep(state, value.taskId, 'pause', value, event),
  taskExpired: (state, { taskId, reason }, event) =>
    applyTaskStep(state, taskId, 'expire', { personRef: '', reason }, event),
  planPublished: (state, value, event) => applyPlanPublished(state, value, event),
  priorityOverridden: (state, value) => applyPriorityOverridden(state, value),
  rosterApplied: (state, value, event) => applyRosterApplied(state, value, event.recordedAtMs),
  shiftChanged: (state, { shift }) => noteShift(state, shift),

  itemsReserved: (state, value, _event, touched) => applyItemsReserved(state, value, touched),
  reservationReleased: (state, value, _event, touched) =>
    applyReservationReleased(state, value, touched),

  deliveryRefused: (state, { deliveryId }) => applyDeliveryOver(state, deliveryId),
  invoiceHoldRequested: noEffect,
  logisticUnitScanned: (state, value) => applyLogisticUnitScanned(state, value),

  collectOrderCollected: (state, { orderId }) => applyCollectOrderOver(state, orderId),
  collectOrderPlaced: (state, value, event) =>
    applyCollectOrderPlaced(state, value, event.recordedAtMs),
  collectOrderReady: (state, { orderId }, event) => {
    const order = state.collect.orders.get(orderId);
    if (order !== undefined) order.readyAtMs = event.recordedAtMs;
  },
  collectOrderReleased: (state, { orderId }) => applyCollectOrderOver(state, orderId),
  orderAnswered: (state, value) => applyOrderAnswered(state, value),
  orderPlaced: (state, value, event) => applyOrderPlaced(state, value, event.recordedAtMs),
  markdownProposed: (state, { gtin, lot, bestBefore }) =>
    noteMarkdown(state, gtin, { lot, bestBefore }),
  orderProposed: (state, value, event) => applyOrderProposed(state, value, event.recordedAtMs),
  demandForecastApplied: (state, value, _event, touched) =>
    applyDemandForecastApplied(state, value, touched),
  promotionAnnounced: (state, value, { recordedAtMs }) =>
    applyPromotionAnnounced(state, value, recordedAtMs),
  substitutionChosen: (state, value) => applySubstitutionChosen(state, value),
  substitutionProposed: (state, value) => applySubstitutionProposed(state, value),

  approvalExpired: (state, { approvalId }) => applyApprovalClosed(state, approvalId),
  approvalGranted: (state, value) => applyApprovalGranted(state, value),
  approvalRefused: (state, { approvalId }) => applyApprovalClosed(state, approvalId),
  approvalRequested: (state, value, event) =>
    applyApprovalRequested(state, value, event.recordedAtMs),
  exceptionMerged: (state, value) => applyExceptionMerged(state, value),

  deliveryAnnounced: (state, value) => applyDeliveryAnnounced(state, value),
  deliveryDelayed: (state, value) => applyDeliveryDelayed(state, value),
  transportReported: (state, value) => applyTransportReported(state, value),
  dockAppointmentBooked: (state, value) => applyDockAppointmentBooked(state, value),
  warehouseStockReported: (state, value) => applyWarehouseStockReported(state, value),
  deliveryArrived: (state, value, event) => applyDeliveryArrived(state, value, event.recordedAtMs),
  deliveryLineChecked: (state, value) => applyDeliveryLineChecked(state, value),
  deliveryAccepted: (state, { deliveryId }) => applyDeliveryOver(state, deliveryId),

  exceptionRaised: (state, value, event) => applyExceptionRaised(state, value, event.recordedAtMs),
  exceptionAnswered: (state, { exceptionId }) => applyExceptionAnswered(state, exceptionId),
  exceptionEscalated: (state, value) => applyExceptionEscalated(state, value),
  exceptionResolved: (state, { exceptionId }) => applyExceptionClosed(state, exceptionId),

  staffSignedIn: (state, value, event) => applyStaffSignedIn(state, value, event),
  staffSignedOut: (state, { sessionId }) => {
    state.sessions.delete(sessionId);
  },

  masterDataApplied: (state, value, event, touched) =>
    applyMasterDataApplied(state, value, event.recordedAtMs, touched),
  commandApplied: (state, value) =>
    noteCommand(state, value.hqEpoch, Number(value.commandSequence)),
  commandRefused: (state, value) =>
    noteCommand(state, value.hqEpoch, Number(value.commandSequence)),
  configurationChanged: (state, { configurationHash }) => {
    state.configurationHash = configurationHash;
  },
  policyActivated: (state, value) => applyPolicyActivated(state, value),
  policyRuleDisabled: (state, value) => applyPolicyRuleDisabled(state, value),
  clockStepped: noEffect,
  timerFired: (state, { purpose, dueAt }, event, touched) => {
    state.timers.set(purpose, dueAt === undefined ? 0 : timestampMs(dueAt));
    if (purpose === hourTimer) applyHourEnded(state, event, touched);
  },
  logStarted: (state, { agentVersion }) => {
    state.agentVersion = agentVersion;
  },
};

function setEmptySince(state: State, slotId: string, sinceMs: number): void {
  const shelf = state.shelves.get(slotId);
  if (shelf !== undefined) shelf.emptySinceMs = sinceMs;
}

function noteCommand(state: State, hqEpoch: string, sequence: number): void {
  const { commandSequences } = state;
  const before = commandSequences.get(hqEpoch) ?? 0;
  if (before === 0 && commandSequences.size >= hqEpochsKept) {
    const [oldest] = commandSequences.keys();
    if (oldest !== undefined) commandSequences.delete(oldest);
  }
  commandSequences.set(hqEpoch, Math.max(before, sequence));
}

/** Adds to a set in which the oldest gives way. */
function keepNewest(set: Set<string>, value: string, limit: number): void {
  set.add(value);
  if (set.size <= limit) return;
  const [oldest] = set;
  if (oldest !== undefined) set.delete(oldest);
}
