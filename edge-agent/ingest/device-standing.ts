/**
 * What a manager decides of a device at the kiosk: it may speak, and what it is; or it may not.
 *
 * A device whose readings tell the quantity of slots needs an assignment, unless master data lists it.
 * Approving one that is known already, with another assignment, moves it; with the same, it changes
 * nothing. A device that was found to lie
 * is trusted again when a manager has looked at it and approves it.
 *
 * Example: plate-9 is pending. Approved as weight plate of slot-jam: DeviceApproved with the assignment.
 * Blocked with "stolen": DeviceBlocked; it is disconnected, refused from then on, and its assignment
 * is gone.
 */
import { create } from '@bufbuild/protobuf';
import type {
  ApproveDevice,
  BlockDevice,
} from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { DeviceSchema } from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import {
  assignedDevice,
  assignmentFault,
  isSameDevice,
  withoutDevice,
} from '../catalogue/device-assignment.ts';
import { refusal, refused } from '../errors.ts';
import type { Recorder } from '../events/recorder.ts';
import type { Outcome, Refusal } from '../input.ts';
import type { State } from '../state.ts';
import { trustSensor } from '../tasks/sensor-check.ts';
import { reasonFaultOf } from '../tasks/task-steps.ts';
import type { DeviceRecord } from './device-record.ts';

type Assignment = ApproveDevice['assignment'];

export function approveDevice(
  recorder: Recorder,
  { deviceId, assignment }: { deviceId: string; assignment?: Assignment },
): Outcome {
  const { state } = recorder;
  const record = state.devices.get(deviceId);
  if (record === undefined) return refused(unknownDevice(deviceId));
  const fault = approvalFault(state, deviceId, assignment);
  if (fault !== null) return refused(fault);
  const isDistrusted = state.distrustedDevices.has(deviceId);
  const named = namedAssignment(deviceId, assignment);
  if (record.standing !== 'known' || isNewAssignment(state, record, named)) {
    recorder.record('deviceApproved', { deviceId, ...(named ? { assignment: named } : {}) });
  } else if (!isDistrusted) return { kind: 'unchanged' };
  if (isDistrusted) trustSensor(recorder, deviceId, 'checked');
  return { kind: 'accepted' };
}

/** Why the device cannot be what the assignment says, or null; it may not have been heard yet. */
export function approvalFault(
  { devices, catalogue }: Readonly<State>,
  deviceId: string,
  assignment: Assignment,
): Refusal | null {
  const named = namedAssignment(deviceId, assignment);
  if (named === undefined) return null;
  // Its own assignment may change; what master data says of it may not.
  const isOwn = devices.get(deviceId)?.assignment != null;
  return assignmentFault(isOwn ? withoutDevice(catalogue, deviceId) : catalogue, named);
}

function namedAssignment(deviceId: string, assignment: Assignment) {
  return assignment === undefined ? undefined : create(DeviceSchema, { ...assignment, deviceId });
}

/** Whether the assignment says anything that does not hold already. */
function isNewAssignment(
  { catalogue }: Readonly<State>,
  { deviceId, assignment: held }: DeviceRecord,
  named: Assignment,
): boolean {
  if (named === undefined) return false;
  if (held === null || !catalogue.deviceById.has(deviceId)) return true;
  return !isSameDevice(held, assignedDevice(named));
}

export function blockDevice(
  recorder: Recorder,
  { deviceId, reason }: Pick<BlockDevice, 'deviceId' | 'reason'>,
): Outcome {
  const record = recorder.state.devices.get(deviceId);
  if (record === undefined) return refused(unknownDevice(deviceId));
  if (record.standing === 'blocked') return { kind: 'unchanged' };
  const fault = reasonFaultOf('reason', reason);
  if (fault !== null) return refused(fault);
  recorder.record('deviceBlocked', { deviceId, reason });
  return { kind: 'accepted' };
}

function unknownDevice(deviceId: string): Refusal {
  return refusal(
    'unknown-device',
    'deviceId',
    deviceId,
    'a device that is listed or made itself heard',
  );
}
