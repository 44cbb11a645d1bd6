/**
 * Who may speak: devices that master data lists or a manager approved. A device that nobody knows is
 * registered once, as pending, and refused until it is approved; a blocked one is refused.
 */
import { ActorKind } from '@stockhand/proto/events/v1alpha/event_pb.js';
import { refusal, refused } from '../errors.ts';
import type { EventActor } from '../events/event.ts';
import type { Recorder } from '../events/recorder.ts';
import type { Outcome, Refusal } from '../input.ts';
import { pendingDevicesLimit } from './device-record.ts';
import { isPlainId, plainIdExpectation } from './identity.ts';

export function deviceActor(deviceId: string): EventActor {
  return { kind: ActorKind.DEVICE, id: deviceId, detail: '' };
}

/** Answers why the device may not speak, or null; registers it when it is new. */
export function admitDevice(recorder: Recorder, deviceId: string): Refusal | null {
  if (!isPlainId(deviceId)) return refusal('bad-field', 'deviceId', deviceId, plainIdExpectation);
  const record = recorder.state.devices.get(deviceId);
  if (record?.standing === 'known') return null;
  if (record?.standing === 'blocked') {
    return refusal('device-blocked', 'deviceId', deviceId, 'a device that is not blocked');
  }
  if (record === undefined) {
    let pending = 0;
    for (const { standing } of recorder.state.devices.values()) {
      if (standing === 'pending') pending += 1;
    }
    if (pending >= pendingDevicesLimit) {
      const expected = `at most ${pendingDevicesLimit} devices waiting for approval`;
      return refusal('too-many', 'deviceId', deviceId, expected);
    }
    recorder.record('deviceRegistered', { deviceId, model: '' });
  }
  return refusal('device-pending', 'deviceId', deviceId, 'a device that a manager approved');
}

/** The broker or a serial port says that a device is there or gone. */
export function takeDeviceState(
  recorder: Recorder,
  input: { deviceId: string; online: boolean; reason: string },
): Outcome {
  const { deviceId, online, reason } = input;
  recorder.attribute(`device-state/${deviceId}`, deviceActor(deviceId));
  const fault = admitDevice(recorder, deviceId);
  // A pending device may come and go; it is seen on the device page.
  if (fault !== null && fault.reason !== 'device-pending') return refused(fault);
  const presence = online ? 'online' : 'offline';
  if (recorder.state.devices.get(deviceId)?.presence === presence) return { kind: 'unchanged' };
  if (online) recorder.record('deviceCameOnline', { deviceId });
  else recorder.record('deviceWentOffline', { deviceId, reason });
  return { kind: 'accepted' };
}
