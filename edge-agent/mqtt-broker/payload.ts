/**
 * From the bytes of a publish to an input of the core: proto3 JSON of `Reading`, `TillSale` or
 * `DeviceState`. Whatever cannot be read is told with the field, what was found and what was
 * expected; the meaning of the values is judged by the core.
 */
import { hash } from 'node:crypto';
import { type DescMessage, fromJson, type JsonValue, type MessageShape } from '@bufbuild/protobuf';
import { DeviceStateSchema, ReadingSchema } from '@stockhand/proto/device/v1alpha/reading_pb.js';
import { TillSaleSchema } from '@stockhand/proto/device/v1alpha/till_sale_pb.js';
import type { Delivery, Input, Refusal } from '../input.ts';
import { findFieldFault } from './field-fault.ts';
import { plainReading } from './reading-json.ts';
import type { DeviceTopic } from './topics.ts';

/** Largest payload that is read; a receipt of 500 lines is about 60 kB. */
export const payloadLimitBytes = 64 * 1024;

/** Refusals that are given at the door, before the core sees anything: code, meaning, advice. */
export const doorReasons = {
  'bad-charset': ['the payload is not UTF-8', 'Check the device’s firmware.'],
  'bad-field': ['a field holds something that it may not hold', 'Check the device’s firmware.'],
  'bad-json': ['the payload is not JSON', 'Check the device’s firmware.'],
  'not-own-topic': ['a device publishes below its own topic only', 'Check the device’s settings.'],
  oversize: ['the payload is too large', 'Check the device’s firmware.'],
  'packet-too-large': ['the packet is too large; the connection ended', 'Check the device.'],
  'topic-mismatch': ['topic and payload name different devices', 'Check the device’s settings.'],
} as const satisfies Record<string, readonly [meaning: string, advice: string]>;
export type DoorReason = keyof typeof doorReasons;

export type Parsed<T> = { ok: true; value: T } | { ok: false; refusal: Refusal };

const refuse = (
  reason: DoorReason,
  field: string,
  found: string,
  expected: string,
): Parsed<never> => ({
  ok: false,
  refusal: { reason, field, found: found.slice(0, 200), expected },
});

const utf8 = new TextDecoder('utf-8', { fatal: true });

function parseJson(payload: Uint8Array): Parsed<JsonValue> {
  if (payload.length > payloadLimitBytes) {
    return refuse('oversize', '', `${payload.length} bytes`, `at most ${payloadLimitBytes} bytes`);
  }
  let text: string;
  try {
    text = utf8.decode(payload);
  } catch {
    return refuse('bad-charset', '', 'bytes that are not UTF-8', 'UTF-8 JSON');
  }
  try {
    // JSON.parse gives JSON.
    return { ok: true, value: JSON.parse(text) as JsonValue };
  } catch {
    return refuse('bad-json', '', text, 'a JSON object');
  }
}

function parseMessage<Desc extends DescMessage>(
  schema: Desc,
  payload: Uint8Array,
  shortWay?: (json: JsonValue) => MessageShape<Desc> | null,
): Parsed<MessageShape<Desc>> {
  const json = parseJson(payload);
  if (!json.ok) return json;
  const short = shortWay?.(json.value) ?? null;
  if (short !== null) return { ok: true, value: short };
  try {
    // Newer firmware may say more than this release knows; what is missing the core will notice.
    return { ok: true, value: fromJson(schema, json.value, { ignoreUnknownFields: true }) };
  } catch {
    const { path, found, expected } = findFieldFault(schema, json.value);
    return refuse('bad-field', path, found, expected);
  }
}

/** The payload must not speak for another device than its topic does. */
function mismatch(found: string, deviceId: string): Parsed<never> | null {
  if (found === '' || found === deviceId) return null;
  return refuse('topic-mismatch', 'deviceId', found, `${deviceId}, as in the topic`);
}

/** What a publish says, or why it is refused. Null: a reply, which is no input of the core. */
export function parsePublish(
  topic: DeviceTopic,
  payload: Uint8Array,
  delivery: Omit<Delivery, 'payloadHash'>,
): Parsed<Input | null> {
  const { deviceId } = topic;
  const withHash: Delivery = {
    ...delivery,
    // Only devices without a counter or clock are known by it: worked out when it is asked for.
    get payloadHash() {
      return hash('sha256', payload, 'hex');
    },
  };
  switch (topic.channel) {
    case 'reading': {
      const reading = parseMessage(ReadingSchema, payload, plainReading);
      if (!reading.ok) return reading;
      const wrong = mismatch(reading.value.deviceId, deviceId);
      if (wrong) return wrong;
      reading.value.deviceId = deviceId;
      return { ok: true, value: { kind: 'reading', reading: reading.value, delivery: withHash } };
    }
    case 'sale': {
      const sale = parseMessage(TillSaleSchema, payload);
      if (!sale.ok) return sale;
      return { ok: true, value: { kind: 'sale', sale: sale.value, deviceId, delivery: withHash } };
    }
    case 'state': {
      const state = parseMessage(DeviceStateSchema, payload);
      if (!state.ok) return state;
      const { online } = state.value;
      const reason = online ? '' : 'last-will';
      return { ok: true, value: { kind: 'device-state', deviceId, online, reason } };
    }
    case 'reply':
      return { ok: true, value: null };
    default:
      return topic.channel satisfies never;
  }
}
