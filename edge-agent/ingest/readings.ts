/**
 * Takes a reading in: may the device speak, has it been here before, does it say something that its
 * kind can say, and is it far enough from what was last recorded to be news?
 *
 * A shelf sensor's news becomes ShelfObserved. Scans, weights of a counter scale and temperatures move
 * no stock: their identity is noted and the edge hands them to whoever listens. A retained message is
 * what a device said before the agent connected; it triggers nothing.
 *
 * Example: plate-07-3 with a dead-band of 20 g recorded 5.450 kg. 5.440 kg is "unchanged" and leaves a
 * mark, 5.100 kg is a ShelfObserved with one jar less.
 */
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import type { Reading } from '@stockhand/proto/device/v1alpha/reading_pb.js';
import type { ShelfObservedSchema } from '@stockhand/proto/events/v1alpha/device_events_pb.js';
import { parseDecimal } from '@stockhand/proto/vocabulary/decimal.ts';
import { milligramsOf } from '@stockhand/proto/vocabulary/measure.ts';
import {
  type Device,
  type DeviceKind,
  isShelfSensor,
  type ReadingIdentity,
} from '../catalogue/catalogue.ts';
import { faultByProfile, isTooWeak } from '../catalogue/device-profile.ts';
import { refusal, refused } from '../errors.ts';
import { occurrenceAt, type Recorder } from '../events/recorder.ts';
import type { Delivery, Outcome, Refusal } from '../input.ts';
import { judgeArrival } from './arrival.ts';
import { channelsPerDeviceLimit, type MeasuredUnit } from './device-record.ts';
import { admitDevice, deviceActor } from './devices.ts';
import { isPlainId, plainIdExpectation, readingName } from './identity.ts';
import { type Measurement, measure } from './measurement.ts';
import { asReplayed } from './replayed-reading.ts';

type ValueCase = NonNullable<Reading['value']['case']>;

/** What each kind of device may say. */
const valuesByKind: Readonly<Record<DeviceKind, readonly ValueCase[]>> = {
  'weight-plate': ['weight'],
  distance: ['distance', 'fillLevel'],
  'rfid-zone': ['tagReads'],
  scale: ['weight'],
  scanner: ['scan'],
  till: [],
  temperature: ['temperature'],
};

/** Longest scan that is taken: a GS1 DataMatrix holds 2,335 characters. */
export const scanTextLimit = 4_096;

export function takeReading(
  recorder: Recorder,
  input: { reading: Reading; delivery: Delivery },
): Outcome {
  const { reading, delivery } = input;
  const { deviceId } = reading;
  if (delivery.retained) return { kind: 'unchanged' };
  recorder.attribute(readingName(reading, ''), deviceActor(deviceId));
  const fault = admitDevice(recorder, deviceId) ?? formFault(reading);
  if (fault !== null) return refused(fault);
  const device = recorder.state.catalogue.deviceById.get(deviceId);
  const observedAtMs = reading.observedAt === undefined ? null : timestampMs(reading.observedAt);
  const identity = device?.readingIdentity ?? identityOf(reading);
  const judged = judgeArrival(recorder, identity, reading, observedAtMs, delivery);
  const arrival = asReplayed(recorder, reading, judged, delivery.replay);
  if (arrival.kind === 'duplicate') return arrival;
  if (arrival.kind === 'refused') return refused(arrival.refusal);
  const seenAtMs = observedAtMs ?? delivery.replay?.receivedAtMs ?? null;
  const occurrence = occurrenceAt(seenAtMs, recorder.moment);
  recorder.attribute(
    readingName(reading, arrival.discriminator),
    deviceActor(deviceId),
    occurrence,
  );
  arrival.mark();
  if (arrival.missed !== null) {
    recorder.record('readingsMissed', {
      deviceId,
      session: reading.session,
      firstSequence: BigInt(arrival.missed.first),
      lastSequence: BigInt(arrival.missed.last),
    });
  }
  const outcome = understand(recorder, device, reading, occurrence.atMs, arrival.kind === 'late');
  if (outcome.kind === 'unchanged' && recorder.events.length > 0) return { kind: 'accepted' };
  return outcome;
}

function formFault(reading: Reading): Refusal | null {
  for (const field of ['session', 'channel'] as const) {
    if (reading[field] !== '' && !isPlainId(reading[field])) {
      return refusal('bad-field', field, reading[field], plainIdExpectation);
    }
  }
  if (reading.value.case === undefined) {
    return refusal('missing-field', 'value', '', 'weight, distance, tagReads, scan, …');
  }
  return null;
}

/** How a device that master data does not describe is told apart: by what it sends. */
function identityOf(reading: Reading): ReadingIdentity {
  return reading.sequence !== undefined && reading.session !== '' ? 'sequence' : 'none';
}

function understand(
  recorder: Recorder,
  device: Device | undefined,
  reading: Reading,
  observedAtMs: number,
  isLate: boolean,
): Outcome {
  const { value } = reading;
  if (value.case === undefined) return { kind: 'unchanged' };
  if (device !== undefined && !valuesByKind[device.kind].includes(value.case)) {
    const expected = valuesByKind[device.kind].join(' or ') || 'no readings';
    return refused(refusal('wrong-device-kind', value.case, device.kind, expected));
  }
  const profile = recorder.state.catalogue.profileByModel.get(device?.model ?? '');
  const profileFault = profile === undefined ? null : faultByProfile(profile, reading);
  if (profileFault !== null) return refused(profileFault);
  if (device === undefined || !isShelfSensor(device.kind)) return plainValue(value);
  const measurement = measure(recorder.state.catalogue, device, value);
  if (measurement.kind === 'refused') return refused(measurement.refusal);
  // A newer reading of the device has been taken in: what this one saw is past.
  if (measurement.kind === 'nothing' || isLate) return { kind: 'unchanged' };
  if (profile !== undefined && isTooWeak(profile, reading)) return { kind: 'unchanged' };
  // What a liar says moves nothing until it is trusted again.
  if (recorder.state.distrustedDevices.has(device.deviceId)) return { kind: 'unchanged' };
  const banded = { ...device, deadBand: device.deadBand || (profile?.deadBand ?? 0) };
  return observe(recorder, banded, reading.channel, measurement, observedAtMs);
}

/** Checks a value that moves no stock. */
function plainValue(value: Reading['value']): Outcome {
  switch (value.case) {
    case 'scan': {
      const { text } = value.value;
      if (text !== '' && text.length <= scanTextLimit) return { kind: 'unchanged' };
      const expected = `1 to ${scanTextLimit} characters`;
      return refused(refusal('bad-length', 'scan.text', text.length, expected));
    }
    case 'weight': {
      const weight = milligramsOf(value.value.value, value.value.unit);
      if (weight.ok) return { kind: 'unchanged' };
      const isUnit = weight.error === 'bad-unit';
      const field = isUnit ? 'weight.unit' : 'weight.value';
      const found = isUnit ? value.value.unit : value.value.value;
      return refused(refusal(weight.error, field, found, weight.expected));
    }
    case 'temperature': {
      const { value: text, unit } = value.value;
      if (unit !== 'C' && unit !== 'F') {
        return refused(refusal('bad-unit', 'temperature.unit', unit, 'C or F'));
      }
      if (parseDecimal(text) !== null) return { kind: 'unchanged' };
      return refused(refusal('bad-number', 'temperature.value', text, 'decimal text such as 4.5'));
    }
    default:
      return refused(
        refusal('device-without-slots', 'deviceId', value.case ?? '', 'a device with slots'),
      );
  }
}

type Measured = Extract<Measurement, { kind: 'measured' }>;

function observe(
  recorder: Recorder,
  device: Device,
  channel: string,
  measurement: Measured,
  observedAtMs: number,
): Outcome {
  const { state } = recorder;
  const channels = state.channels.get(device.deviceId);
  const before = channels?.get(channel);
  if (before === undefined && (channels?.size ?? 0) >= channelsPerDeviceLimit) {
    const expected = `at most ${channelsPerDeviceLimit} channels`;
    return refused(refusal('too-many', 'channel', channel, expected));
  }
  if (before !== undefined && before.unit === measurement.unit) {
    const change = Math.abs(measurement.measured - before.measured);
    const isNear = change === 0 || change < deadBandOf(device, measurement.unit);
    if (isNear && isSameCount(recorder, measurement)) return { kind: 'unchanged' };
  }
  recorder.record('shelfObserved', {
    deviceId: device.deviceId,
    channel,
    measured: measuredField(measurement),
    slots: measurement.slots.map(({ slot, apparent }) => ({
      slotId: slot.slotId,
      gtin: slot.gtin,
      apparentQuantity: apparent,
      previousQuantity: state.shelves.get(slot.slotId)?.quantity ?? 0,
    })),
    stable: true,
    observedAt: timestampFromMs(observedAtMs),
  });
  return { kind: 'accepted' };
}

/**
 * For tags the count in all may stay while one product goes and another comes; other sensors see one
 * slot, and within the dead-band they see what they saw.
 */
function isSameCount(recorder: Recorder, measurement: Measured): boolean {
  if (measurement.unit !== 'tags') return true;
  const { shelves } = recorder.state;
  return measurement.slots.every(
    ({ slot, apparent }) => shelves.get(slot.slotId)?.lastSeen === apparent,
  );
}

/** The dead-band in the unit of the measurement; master data has distances in millimetres. */
function deadBandOf(device: Device, unit: MeasuredUnit): number {
  if (unit === 'micrometres') return device.deadBand * 1_000;
  return unit === 'milligrams' ? device.deadBand : 0;
}

function measuredField(
  measurement: Measured,
): NonNullable<MessageInitShape<typeof ShelfObservedSchema>['measured']> {
  const { measured } = measurement;
  switch (measurement.unit) {
    case 'milligrams':
      return { case: 'weightMilligrams', value: BigInt(measured) };
    case 'micrometres':
      return { case: 'distanceMicrometres', value: BigInt(measured) };
    case 'tags':
      return { case: 'tagCount', value: measured };
    case 'ppm':
      return { case: 'fillPpm', value: measured };
  }
}
