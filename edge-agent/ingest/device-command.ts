/**
 * What HQ decides of a device of a store: the same as a manager at the kiosk (see device-standing.ts),
 * with two differences. HQ may decide before the device has made itself heard, so that a stolen one is
 * kept out of every store and a new one speaks from its first reading. And a decision that stands already
 * changes nothing, so that the same list can be pushed at every change of it.
 *
 * Example: HQ pushes blockDevice {plate-9, "stolen"} to a store that never saw plate-9: DeviceRegistered,
 * DeviceBlocked. Pushed again under the next number: CommandApplied, and nothing else.
 */
import type { ApproveDevice, BlockDevice } from '@stockhand/proto/sync/v1alpha/sync_service_pb.js';
import { refusal } from '../errors.ts';
import type { Recorder } from '../events/recorder.ts';
import type { Outcome, Refusal } from '../input.ts';
import { reasonFaultOf } from '../tasks/task-steps.ts';
import { approvalFault, approveDevice, blockDevice } from './device-standing.ts';
import { isPlainId, plainIdExpectation } from './identity.ts';

/** Answers why HQ's decision cannot be carried out; nothing of it is recorded then. */
export function approveDeviceForHq(recorder: Recorder, command: ApproveDevice): Refusal[] {
  const { deviceId, assignment } = command;
  const fault = idFault(deviceId) ?? approvalFault(recorder.state, deviceId, assignment);
  if (fault !== null) return [fault];
  register(recorder, deviceId, assignment?.model ?? '');
  return refusalsOf(approveDevice(recorder, { deviceId, assignment }));
}

/** Answers why HQ's decision cannot be carried out; nothing of it is recorded then. */
export function blockDeviceForHq(recorder: Recorder, command: BlockDevice): Refusal[] {
  const { deviceId, reason } = command;
  const fault = idFault(deviceId) ?? reasonFaultOf('reason', reason);
  if (fault !== null) return [fault];
  register(recorder, deviceId, '');
  return refusalsOf(blockDevice(recorder, { deviceId, reason }));
}

function idFault(deviceId: string): Refusal | null {
  if (isPlainId(deviceId)) return null;
  return refusal('bad-field', 'deviceId', deviceId, plainIdExpectation);
}

function register(recorder: Recorder, deviceId: string, model: string): void {
  if (recorder.state.devices.has(deviceId)) return;
  recorder.record('deviceRegistered', { deviceId, model });
}

function refusalsOf(outcome: Outcome): Refusal[] {
  return outcome.kind === 'refused' ? [...outcome.refusals] : [];
}
