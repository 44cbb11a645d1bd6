/**
 * From the bytes of a publish to an input of the core: proto3 JSON of `Reading`, `TillSale` or
 * `DeviceState`. Whatever cannot be read is told with the field, what was found and what was
 * expected; the meaning of the values is judged by the core.
 */
import { createHash } from 'node:crypto';
import { type DescMessage, fromJson, type JsonValue, type MessageShape } from '@bufbuild/protobuf';
import { DeviceStateSchema, ReadingSchema } from '@stockhand/proto/device/v1alpha/reading_pb.js';
import { TillSaleSchema } from '@stockhand/proto/device/v1alpha/till_sale_pb.js';
import type { Delivery, Input, Refusal } from '../input.ts';
import type { DeviceTopic } from './topics.ts';

/** Largest payload that is read; a receipt of 500 lines is about 60 kB. */
export const payloadLimitBytes = 64 * 1024;

export type Parsed<T> = { ok: true; value: T } | { ok: false; refusal: Refusal };

const refuse = (reason: string, field: string, found: string, expected: string): Parsed<never> => ({
  ok: false,
  refusal: { reason, field, found: found.slice(0, 200), expected },
});

function parseJson(payload: Uint8Array): Parsed<JsonValue> {
  if (payload.length > payloadLimitBytes) {
    return refuse('oversize', '', `${payload.length} bytes`, `at most ${payloadLimitBytes} bytes`);
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(payload);
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

/** protobuf-es says "cannot decode field stockhand.device.v1alpha.Weight.value from JSON: …". */
const fieldMessage = /cannot decode (field|message) ([\w.]+) from JSON(?:: (.*))?/;

function refusalOf(error: unknown, typeName: string): Parsed<never> {
  const text = error instanceof Error ? error.message : String(error);
  const [, what, path = '', found = text] = fieldMessage.exec(text) ?? [];
  const field = what === 'field' ? path.split('.').slice(-2).join('.') : '';
  return refuse('bad-field', field, found, typeName);
}

function parseMessage<Desc extends DescMessage>(
  schema: Desc,
  payload: Uint8Array,
): Parsed<MessageShape<Desc>> {
  const json = parseJson(payload);
  if (!json.ok) return json;
  try {
    // Newer firmware may say more than this release knows; what is missing the core will notice.
    return { ok: true, value: fromJson(schema, json.value, { ignoreUnknownFields: true }) };
  } catch (error) {
    return refusalOf(error, schema.name);
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
    payloadHash: createHash('sha256').update(payload).digest('hex'),
  };
  switch (topic.channel) {
    case 'reading': {
      const reading = parseMessage(ReadingSchema, payload);
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
