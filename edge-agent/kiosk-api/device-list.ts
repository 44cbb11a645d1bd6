/** Devices and dead letters as the kiosk lists them. */
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  type DeadLetter as DeadLetterMessage,
  DeadLetterSchema,
  type DeviceView,
  DeviceViewSchema,
  type ModelChoice,
  ModelChoiceSchema,
  type SlotChoice,
  SlotChoiceSchema,
} from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { DeviceKind, ReadingIdentity } from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import { explainReason } from '../dead-letter-explanation.ts';
import type { DeadLetter } from '../ports.ts';
import type { State } from '../state.ts';
import { deviceFacts } from '../views.ts';
import { isOnline } from './board.ts';
import type { DeviceStatusPort, LetterReplayPort } from './ports.ts';

const kindByName: Readonly<Record<string, DeviceKind>> = {
  'weight-plate': DeviceKind.WEIGHT_PLATE,
  distance: DeviceKind.DISTANCE,
  'rfid-zone': DeviceKind.RFID_ZONE,
  scale: DeviceKind.SCALE,
  scanner: DeviceKind.SCANNER,
  till: DeviceKind.TILL,
  temperature: DeviceKind.TEMPERATURE,
};

const identityByName: Readonly<Record<string, ReadingIdentity>> = {
  sequence: ReadingIdentity.SEQUENCE,
  'device-time': ReadingIdentity.DEVICE_TIME,
  none: ReadingIdentity.NONE,
};

/** Dead letters carry at most this much of their payload to a screen; the CLI has the rest. */
export const shownPayloadBytes = 2_048;

export function deviceViews(state: Readonly<State>, devices: DeviceStatusPort): DeviceView[] {
  const portStates = devices.portStates();
  return deviceFacts(state).map(({ record, kind, slotIds }) => {
    const port = portStates.get(record.deviceId);
    const counts = devices.counts(record.deviceId);
    // The last event is a poor witness (dead-band, heartbeats), but the only one after a restart.
    const wasHeard = record.standing === 'pending' || record.presence !== 'unknown';
    const lastSeenMs = counts?.lastSeenMs ?? (wasHeard ? record.lastEventAtMs : null);
    const { batteryPercent = null, signalDbm = null } = counts ?? {};
    return create(DeviceViewSchema, {
      deviceId: record.deviceId,
      kind: kindByName[kind] ?? DeviceKind.UNSPECIFIED,
      standing: record.standing,
      online: isOnline(record.presence, port?.state),
      ...(lastSeenMs !== null && { lastSeen: timestampFromMs(lastSeenMs) }),
      accepted: BigInt(counts?.accepted ?? 0),
      refused: BigInt(counts?.refused ?? 0),
      missed: BigInt(counts?.missed ?? 0),
      portState: port?.state ?? '',
      portCause: port?.cause ?? '',
      slotIds: [...slotIds],
      model: record.model,
      ...(batteryPercent !== null && { batteryPercent }),
      ...(signalDbm !== null && { signalDbm }),
      readingsPerMinute: counts?.readingsPerMinute ?? 0,
      lastRefusedReason: counts?.lastRefusedReason ?? '',
      distrustedFor: state.distrustedDevices.get(record.deviceId)?.story ?? '',
      lastValueKind: counts?.lastValueKind ?? '',
      lastIdentity: identityByName[counts?.lastIdentity ?? ''] ?? ReadingIdentity.UNSPECIFIED,
    });
  });
}

/** Slots that a sensor can be given; those without one first. */
export function slotChoices(state: Readonly<State>): SlotChoice[] {
  const { facts, placeById, productByGtin, shelfDevicesBySlot } = state.catalogue;
  const choices = facts.slots.map(({ slotId, gtin, fixturePlaceId }) =>
    create(SlotChoiceSchema, {
      slotId,
      slotName: placeById.get(fixturePlaceId)?.name || slotId,
      productName: productByGtin.get(gtin)?.name ?? gtin,
      unwatched: !shelfDevicesBySlot.has(slotId),
    }),
  );
  return choices.sort(
    (one, other) =>
      Number(other.unwatched) - Number(one.unwatched) ||
      (one.productName < other.productName ? -1 : 1),
  );
}

/** True when a device waits for approval, or is blocked and may be approved again. */
export function isAnyUnapproved(state: Readonly<State>): boolean {
  for (const { standing } of state.devices.values()) if (standing !== 'known') return true;
  return false;
}

/** Models that the profiles describe, by name. */
export function modelChoices(state: Readonly<State>): ModelChoice[] {
  return state.catalogue.facts.profiles.map(({ model, kind, readingIdentity, deadBand }) =>
    create(ModelChoiceSchema, {
      model,
      kind: kindByName[kind] ?? DeviceKind.UNSPECIFIED,
      readingIdentity: identityByName[readingIdentity] ?? ReadingIdentity.UNSPECIFIED,
      deadBand,
    }),
  );
}

export function deadLetterView(
  letter: DeadLetter,
  replays: Pick<LetterReplayPort, 'isReplayable'>,
): DeadLetterMessage {
  const { number, receivedAtMs, deviceId, source, reason, field, found, expected } = letter;
  const { topic, payload, replayedAtMs } = letter;
  return create(DeadLetterSchema, {
    number: BigInt(number),
    receivedAt: timestampFromMs(receivedAtMs),
    deviceId,
    source,
    topic,
    reason,
    field,
    found,
    expected,
    ...explainReason(reason),
    payload: payload.slice(0, shownPayloadBytes),
    ...(replayedAtMs > 0 && { replayedAt: timestampFromMs(replayedAtMs) }),
    replayable: replays.isReplayable(letter),
  });
}
