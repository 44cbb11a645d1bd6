/** What the device events and observations do to the state. */

import { timestampMs } from '@bufbuild/protobuf/wkt';
import type {
  DeviceApproved,
  DeviceProfilesApplied,
  DeviceRegistered,
  ShelfObserved,
} from '@stockhand/proto/events/v1alpha/device_events_pb.js';
import { TaskStatus } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { likelihoodOf } from '../belief/evidence.ts';
import { weighMisfit } from '../belief/witness.ts';
import { indexCatalogue } from '../catalogue/catalogue.ts';
import { assignedDevice, withAssigned, withoutDevice } from '../catalogue/device-assignment.ts';
import { profileOf } from '../catalogue/device-profile.ts';
import type { State } from '../state.ts';
import { observeShelf } from '../stock/shelf.ts';
import type { ChannelRecord, DeviceRecord, MeasuredUnit } from './device-record.ts';

export function applyDeviceRegistered(
  state: State,
  registered: DeviceRegistered,
  atMs: number,
): void {
  if (state.devices.has(registered.deviceId)) return;
  state.devices.set(registered.deviceId, {
    deviceId: registered.deviceId,
    model: registered.model,
    standing: 'pending',
    isApproved: false,
    assignment: null,
    presence: 'unknown',
    lastEventAtMs: atMs,
  });
}

/** A device with an assignment is a sensor of its slots from now on. */
export function applyDeviceApproved(state: State, approved: DeviceApproved, atMs: number): void {
  const { deviceId, assignment } = approved;
  applyDeviceChange(state, deviceId, { standing: 'known', isApproved: true }, atMs);
  const record = state.devices.get(deviceId);
  if (record === undefined || assignment === undefined) return;
  record.assignment = assignedDevice(assignment);
  record.model = assignment.model;
  state.catalogue = withAssigned(withoutDevice(state.catalogue, deviceId), [record.assignment]);
  state.channels.delete(deviceId);
}

/** Profiles replace those before; what was measured stays. */
export function applyDeviceProfiles(state: State, applied: DeviceProfilesApplied): void {
  const { facts } = state.catalogue;
  const profiles = applied.profiles.map(profileOf);
  state.catalogue = indexCatalogue({ ...facts, profilesVersion: applied.version, profiles });
}

/** What a manager assigned is forgotten: who is approved again is assigned again. */
export function applyDeviceBlocked(state: State, deviceId: string, atMs: number): void {
  const record = state.devices.get(deviceId);
  if (record?.assignment != null) {
    state.catalogue = withoutDevice(state.catalogue, deviceId);
    record.assignment = null;
    state.channels.delete(deviceId);
  }
  applyDeviceChange(state, deviceId, { standing: 'blocked', isApproved: false }, atMs);
}

/** Approved, blocked, came online, went offline. */
export function applyDeviceChange(
  state: State,
  deviceId: string,
  change: Partial<Pick<DeviceRecord, 'standing' | 'isApproved' | 'presence'>>,
  atMs: number,
): void {
  const record = state.devices.get(deviceId);
  if (record === undefined) return;
  Object.assign(record, change);
  record.lastEventAtMs = atMs;
}

export function applyShelfObserved(
  state: State,
  observed: ShelfObserved,
  atMs: number,
  touched: Set<string>,
): void {
  const measured = measuredOf(observed);
  if (measured !== null) {
    let channels = state.channels.get(observed.deviceId);
    if (channels === undefined) {
      channels = new Map();
      state.channels.set(observed.deviceId, channels);
    }
    channels.set(observed.channel, {
      ...measured,
      observedAtMs: observed.observedAt === undefined ? atMs : timestampMs(observed.observedAt),
    });
  }
  const record = state.devices.get(observed.deviceId);
  if (record !== undefined) record.lastEventAtMs = atMs;
  for (const { slotId, apparentQuantity } of observed.slots) {
    const slot = state.catalogue.slotById.get(slotId);
    if (slot === undefined) continue;
    const evidence = likelihoodOf(state.catalogue, observed, slot, apparentQuantity);
    const word = {
      quantity: apparentQuantity,
      atMs,
      likelihood: evidence?.byQuantity,
      basketShare: evidence?.basketShare,
    };
    const isBeingFilled = isInHand(state, slotId);
    const shelf = observeShelf(state.shelves, slot, word, isBeingFilled);
    if (evidence?.plate !== undefined) {
      weighMisfit(shelf.witness, { ...evidence.plate, atMs, isBeingFilled });
    }
    touched.add(slotId);
  }
}

/** True when somebody has claimed or started the task that serves the slot. */
function isInHand(state: State, slotId: string): boolean {
  const task = state.tasks.open.get(state.needs.get(slotId)?.taskId ?? '');
  return task?.status === TaskStatus.CLAIMED || task?.status === TaskStatus.STARTED;
}

function measuredOf(observed: ShelfObserved): Pick<ChannelRecord, 'measured' | 'unit'> | null {
  const { measured } = observed;
  if (measured.case === undefined) return null;
  return { measured: Number(measured.value), unit: measuredUnits[measured.case] };
}

const measuredUnits: Readonly<
  Record<Exclude<ShelfObserved['measured']['case'], undefined>, MeasuredUnit>
> = {
  weightMilligrams: 'milligrams',
  distanceMicrometres: 'micrometres',
  tagCount: 'tags',
  fillPpm: 'ppm',
};
