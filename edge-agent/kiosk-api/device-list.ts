/** Devices and dead letters as the kiosk lists them. */
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  type DeadLetter as DeadLetterMessage,
  DeadLetterSchema,
  type DeviceView,
  DeviceViewSchema,
} from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { DeviceKind } from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import type { DeadLetter } from '../ports.ts';
import type { State } from '../state.ts';
import { deviceFacts } from '../views.ts';
import { isOnline } from './board.ts';
import type { DeviceStatusPort } from './ports.ts';

const kindByName: Readonly<Record<string, DeviceKind>> = {
  'weight-plate': DeviceKind.WEIGHT_PLATE,
  distance: DeviceKind.DISTANCE,
  'rfid-zone': DeviceKind.RFID_ZONE,
  scale: DeviceKind.SCALE,
  scanner: DeviceKind.SCANNER,
  till: DeviceKind.TILL,
  temperature: DeviceKind.TEMPERATURE,
};

/** Dead letters carry at most this much of their payload to a screen; the CLI has the rest. */
export const shownPayloadBytes = 2_048;

export function deviceViews(state: Readonly<State>, devices: DeviceStatusPort): DeviceView[] {
  const portStates = devices.portStates();
  return deviceFacts(state).map(({ record, kind, slotIds }) => {
    const portState = portStates.get(record.deviceId);
    const counts = devices.counts(record.deviceId);
    // The last event is a poor witness (dead-band, heartbeats), but the only one after a restart.
    const lastSeenMs = counts?.lastSeenMs ?? (record.lastEventAtMs || null);
    return create(DeviceViewSchema, {
      deviceId: record.deviceId,
      kind: kindByName[kind] ?? DeviceKind.UNSPECIFIED,
      standing: record.standing,
      online: isOnline(record.presence, portState),
      ...(lastSeenMs !== null && { lastSeen: timestampFromMs(lastSeenMs) }),
      accepted: BigInt(counts?.accepted ?? 0),
      refused: BigInt(counts?.refused ?? 0),
      missed: BigInt(counts?.missed ?? 0),
      portState: portState ?? '',
      slotIds: [...slotIds],
    });
  });
}

export function deadLetterView(letter: DeadLetter): DeadLetterMessage {
  const { number, receivedAtMs, deviceId, source, reason, field, expected, payload } = letter;
  return create(DeadLetterSchema, {
    number: BigInt(number),
    receivedAt: timestampFromMs(receivedAtMs),
    deviceId,
    source,
    reason,
    field,
    expected,
    payload: payload.slice(0, shownPayloadBytes),
  });
}
