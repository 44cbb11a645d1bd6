/**
 * Typed payloads: `payload('itemsSold', { gtin, … })` builds the generated message of that name, and
 * refuses a field that it does not have at compile time.
 */
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  DeviceApprovedSchema,
  DeviceBlockedSchema,
  DeviceCameOnlineSchema,
  DeviceDistrustedSchema,
  DeviceRegisteredSchema,
  DeviceTrustedSchema,
  DeviceWentOfflineSchema,
  ReadingsMissedSchema,
  ShelfObservedSchema,
  ShelfRanEmptySchema,
  ShelfRecoveredSchema,
} from '@stockhand/proto/events/v1alpha/device_events_pb.js';
import {
  ClockSteppedSchema,
  CommandAppliedSchema,
  CommandRefusedSchema,
  ConfigurationChangedSchema,
  LogStartedSchema,
  MasterDataAppliedSchema,
  TimerFiredSchema,
} from '@stockhand/proto/events/v1alpha/governance_events_pb.js';
import {
  NeedAroseSchema,
  NeedChangedSchema,
  NeedMetSchema,
  NeedWithdrawnSchema,
} from '@stockhand/proto/events/v1alpha/replenishment_events_pb.js';
import {
  ItemsAdjustedSchema,
  ItemsCountedSchema,
  ItemsMovedSchema,
  ItemsPickedSchema,
  ItemsPutAwaySchema,
  ItemsReceivedSchema,
  ItemsReturnedSchema,
  ItemsSoldSchema,
  ItemsStockedSchema,
  StockContradictedSchema,
} from '@stockhand/proto/events/v1alpha/stock_events_pb.js';
import {
  StaffSignedInSchema,
  StaffSignedOutSchema,
  TaskBlockedSchema,
  TaskCancelledSchema,
  TaskChangedSchema,
  TaskClaimedSchema,
  TaskCreatedSchema,
  TaskDoneSchema,
  TaskDoneShortSchema,
  TaskReleasedSchema,
  TaskStartedSchema,
} from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import type { EventCase, EventPayload } from './event.ts';

const schemas = {
  deviceRegistered: DeviceRegisteredSchema,
  deviceApproved: DeviceApprovedSchema,
  deviceBlocked: DeviceBlockedSchema,
  deviceCameOnline: DeviceCameOnlineSchema,
  deviceWentOffline: DeviceWentOfflineSchema,
  readingsMissed: ReadingsMissedSchema,
  deviceDistrusted: DeviceDistrustedSchema,
  deviceTrusted: DeviceTrustedSchema,
  shelfObserved: ShelfObservedSchema,
  shelfRanEmpty: ShelfRanEmptySchema,
  shelfRecovered: ShelfRecoveredSchema,
  itemsSold: ItemsSoldSchema,
  itemsReturned: ItemsReturnedSchema,
  itemsReceived: ItemsReceivedSchema,
  itemsPutAway: ItemsPutAwaySchema,
  itemsMoved: ItemsMovedSchema,
  itemsPicked: ItemsPickedSchema,
  itemsStocked: ItemsStockedSchema,
  itemsCounted: ItemsCountedSchema,
  itemsAdjusted: ItemsAdjustedSchema,
  stockContradicted: StockContradictedSchema,
  needArose: NeedAroseSchema,
  needChanged: NeedChangedSchema,
  needMet: NeedMetSchema,
  needWithdrawn: NeedWithdrawnSchema,
  taskCreated: TaskCreatedSchema,
  taskClaimed: TaskClaimedSchema,
  taskStarted: TaskStartedSchema,
  taskReleased: TaskReleasedSchema,
  taskDone: TaskDoneSchema,
  taskDoneShort: TaskDoneShortSchema,
  taskBlocked: TaskBlockedSchema,
  taskCancelled: TaskCancelledSchema,
  taskChanged: TaskChangedSchema,
  staffSignedIn: StaffSignedInSchema,
  staffSignedOut: StaffSignedOutSchema,
  masterDataApplied: MasterDataAppliedSchema,
  commandApplied: CommandAppliedSchema,
  commandRefused: CommandRefusedSchema,
  configurationChanged: ConfigurationChangedSchema,
  clockStepped: ClockSteppedSchema,
  timerFired: TimerFiredSchema,
  logStarted: LogStartedSchema,
} satisfies Record<EventCase, unknown>;

/** Fields of a payload as they are given to `payload`. */
export type PayloadFields<Case extends EventCase> = MessageInitShape<(typeof schemas)[Case]>;

export function payload<Case extends EventCase>(
  eventCase: Case,
  fields: PayloadFields<Case>,
): EventPayload {
  // The table pairs each case with its own schema; TypeScript cannot follow the pair through an index.
  return { case: eventCase, value: create(schemas[eventCase], fields as never) } as EventPayload;
}
