/**
 * Devices in the order in which they need people: those that wait for approval, those in trouble, the
 * blocked ones, and then the many that are well.
 *
 * Example: plate-9 pending, scale-1 with a lost port, plate-1 online: plate-9, scale-1, plate-1.
 */
import type { DeviceView } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';

export type DeviceTone = 'pending' | 'trouble' | 'blocked' | 'good';

export interface DeviceCard {
  device: DeviceView;
  tone: DeviceTone;
}

const order: readonly DeviceTone[] = ['pending', 'trouble', 'blocked', 'good'];

/** A battery below this is changed before it fails. */
export const lowBatteryPercent = 15;

export function toneOf(device: DeviceView): DeviceTone {
  if (device.standing === 'pending') return 'pending';
  if (device.standing === 'blocked') return 'blocked';
  const isLow = (device.batteryPercent ?? 100) <= lowBatteryPercent;
  return device.online && device.distrustedFor === '' && !isLow ? 'good' : 'trouble';
}

export function deviceCards(devices: readonly DeviceView[]): DeviceCard[] {
  return devices
    .map((device) => ({ device, tone: toneOf(device) }))
    .sort(
      (one, other) =>
        order.indexOf(one.tone) - order.indexOf(other.tone) ||
        (one.device.deviceId < other.device.deviceId ? -1 : 1),
    );
}
