/**
 * What a profile of a device model forbids and adds. A reading in a unit that the model does not send,
 * or outside of what it can measure, is of a broken or misconfigured device: it is refused. With too
 * little battery its readings are taken but move nothing, for the last words of a dying sensor are wild.
 *
 * Example: acme-plate-2 sends kg and carries 60 kg. "61.5 kg" is refused: out-of-range, weight.value,
 * at most 60000000 milligrams. "2 lb": bad-unit, kg expected.
 */
import type { Reading } from '@stockhand/proto/device/v1alpha/reading_pb.js';
import type { DeviceProfile as ProfileMessage } from '@stockhand/proto/events/v1alpha/device_events_pb.js';
import { micrometresOf, milligramsOf } from '@stockhand/proto/vocabulary/measure.ts';
import { refusal } from '../errors.ts';
import type { Refusal } from '../input.ts';
import type { DeviceProfile } from './catalogue.ts';
import { deviceKinds, readingIdentities } from './master-data.ts';

export function profileOf(message: ProfileMessage): DeviceProfile {
  return {
    model: message.model,
    kind: deviceKinds.get(message.kind) ?? 'scanner',
    readingIdentity: readingIdentities.get(message.readingIdentity) ?? 'none',
    deadBand: message.deadBand,
    units: [...message.units],
    least: message.least === undefined ? null : Number(message.least),
    most: message.most === undefined ? null : Number(message.most),
    leastBatteryPercent: message.leastBatteryPercent,
    silentAfterSeconds: message.silentAfterSeconds,
  };
}

/** Why a device of the model cannot have said so, or null. */
export function faultByProfile(profile: DeviceProfile, { value }: Reading): Refusal | null {
  if (value.case !== 'weight' && value.case !== 'distance') return null;
  const { value: text, unit } = value.value;
  if (profile.units.length > 0 && !profile.units.includes(unit)) {
    return refusal('bad-unit', `${value.case}.unit`, unit, profile.units.join(' or '));
  }
  const isWeight = value.case === 'weight';
  const measured = isWeight ? milligramsOf(text, unit) : micrometresOf(text, unit);
  // What is no number at all is told by whoever measures.
  if (!measured.ok) return null;
  const { least, most } = profile;
  const word = isWeight ? 'milligrams' : 'micrometres';
  if (least !== null && measured.value < least) {
    return refusal('out-of-range', `${value.case}.value`, text, `at least ${least} ${word}`);
  }
  if (most !== null && measured.value > most) {
    return refusal('out-of-range', `${value.case}.value`, text, `at most ${most} ${word}`);
  }
  return null;
}

/** True when the device has too little battery for its word to move anything. */
export function isTooWeak(profile: DeviceProfile, { health }: Reading): boolean {
  return (health?.batteryPercent ?? 100) < profile.leastBatteryPercent;
}
