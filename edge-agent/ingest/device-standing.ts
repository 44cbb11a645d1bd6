/**
 * What a manager decides of a device at the kiosk: it may speak, and what it is; or it may not.
 *
 * A device whose readings tell the quantity of slots needs an assignment, unless master data lists it.
 * Approving one that is known already, with another assignment, moves it. A device that was found to lie
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
import { assignmentFault, withoutDevice } from '../catalogue/device-assignment.ts';
import { refusal, refused } from '../errors.ts';
import type { Recorder } from '../events/recorder.ts';
import type { Outcome, Refusal } from '../input.ts';
import { reasonFaultOf } from '../tasks/task-steps.ts';

export function approveDevice(
  recorder: Recorder,
  { deviceId, assignment }: ApproveDevice,
): Outcome {
  const { devices, catalogue, distrustedDevices } = recorder.state;
  const record = devices.get(deviceId);
  if (record === undefined) return refused(unknownDevice(deviceId));
  const isDistrusted = distrustedDevices.has(deviceId);
  if (assignment === undefined && record.standing === 'known') {
    if (!isDistrusted) return { kind: 'unchanged' };
    recorder.record('deviceTrusted', { deviceId, reason: 'checked' });
    return { kind: 'accepted' };
  }
  if (assignment === undefined) {
    recorder.record('deviceApproved', { deviceId });
  } else {
    // Its own assignment may change; what master data says of it may not.
    const others = record.assignment === null ? catalogue : withoutDevice(catalogue, deviceId);
    const named = create(DeviceSchema, { ...assignment, deviceId });
    const fault = assignmentFault(others, named);
    if (fault !== null) return refused(fault);
    recorder.record('deviceApproved', { deviceId, assignment: named });
  }
  if (isDistrusted) recorder.record('deviceTrusted', { deviceId, reason: 'checked' });
  return { kind: 'accepted' };
}

export function blockDevice(recorder: Recorder, { deviceId, reason }: BlockDevice): Outcome {
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
