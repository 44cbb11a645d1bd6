/**
 * Zigbee devices behind zigbee2mqtt. The state of a device comes as one JSON object on
 * zigbee2mqtt/<name> (the name may hold slashes), its reachability on …/availability. An empty retained
 * payload means that the device was removed or renamed; a member that is null is not known.
 *
 * Example: {"temperature":-0.85} on zigbee2mqtt/weather_sensor is telemetry temperature_c −0.85.
 */
import {
  type Codec,
  type CodecContext,
  type DecodeInput,
  isMembers,
  type Json,
  type Meaning,
} from '../codec.ts';
import { isObject, objectOf } from './json-members.ts';
import {
  type JsonObject,
  type LexicalJson,
  payloadText,
  plainJson,
  readJson,
} from './json-text.ts';
import { mqttPayloadDecoder, type PayloadReading, readingOf } from './mqtt-payload.ts';
import { refuse } from './refusal.ts';
import { namedValue, zigbeeName } from './telemetry-names.ts';

function nameInTopic(topic: string | undefined, context: CodecContext): string {
  const { base_topic: base } = context;
  const prefix = `${typeof base === 'string' ? base : 'zigbee2mqtt'}/`;
  if (topic === undefined) return refuse('bad-topic', 'the device’s name is in the topic');
  if (!topic.startsWith(prefix)) return refuse('topic-mismatch', `${topic} is not below ${prefix}`);
  const name = topic.slice(prefix.length);
  if (name.split('/').includes('')) return refuse('bad-topic', `"${topic}" has an empty level`);
  return name;
}

function onlineOf(bytes: Uint8Array): boolean {
  const text = payloadText(bytes).trim();
  // Before version 1.18 the payload was the bare word.
  const state = /^(?:online|offline)$/.test(text)
    ? text
    : objectOf(readJson(bytes), 'the payload').get('state');
  if (state === 'online') return true;
  return state === 'offline' ? false : refuse('wrong-type', 'state must be online or offline');
}

function valuesOf(state: JsonObject): { [name: string]: Json } {
  const values = [...state].map(([name, value]) => {
    const named = zigbeeName(name, value, state);
    return [named, namedValue(named, value)];
  });
  return Object.fromEntries(values);
}

function telemetry(deviceId: string, state: JsonObject): PayloadReading {
  const values = valuesOf(state);
  const notes = Object.entries(values).map(([field, value]) => ({
    field,
    found: JSON.stringify(value),
    means: value === null ? 'not known' : 'measured or reported',
  }));
  return readingOf({ kind: 'telemetry', device_id: deviceId, values }, notes);
}

/** Bridge setting "output: attribute": each value on a topic of its own, as a bare word or number. */
function attribute(name: string, value: LexicalJson): PayloadReading {
  const cut = name.lastIndexOf('/');
  if (cut === -1) return refuse('wrong-type', 'the payload must be an object');
  return telemetry(name.slice(0, cut), new Map([[name.slice(cut + 1), value]]));
}

function command(name: string, bytes: Uint8Array): PayloadReading | undefined {
  const match = /^(.+)\/(set|get)(?:\/([^/]+))?$/.exec(name);
  if (match === null) return undefined;
  const [, deviceId = '', verb = '', member] = match;
  const text = payloadText(bytes);
  const isBare = member !== undefined || !/^\s*\{/.test(text);
  const values = isBare ? { [member ?? 'state']: text } : plainJson(readJson(bytes));
  return readingOf({ kind: 'command', name: verb, device_id: deviceId, values });
}

function read({ topic, context, bytes }: DecodeInput): PayloadReading {
  const name = nameInTopic(topic, context);
  const available = /^(.+)\/availability$/.exec(name)?.[1];
  const deviceId = available ?? name;
  if (bytes.length === 0) return readingOf({ kind: 'cleared', device_id: deviceId });
  if (available !== undefined || name === 'bridge/state') {
    const about = available ?? 'bridge';
    return readingOf({ kind: 'availability', device_id: about, online: onlineOf(bytes) });
  }
  if (name.startsWith('bridge/')) return readingOf({ kind: 'ignored', reason: 'bridge' });
  const asked = command(name, bytes);
  if (asked !== undefined) return asked;
  const state = readJson(bytes);
  return isObject(state) ? telemetry(deviceId, state) : attribute(name, state);
}

/** The member's name in a state, unless the state has both (`illuminance` and `illuminance_lux`). */
function plainName(name: string, values: { [name: string]: Json }): string {
  const plain = name.replace(/_(?:c|pct|hpa|lux|ppm|mv|v|w|kwh|a)$/, '');
  return plain in values ? name : plain;
}

function encode(meaning: Meaning): Uint8Array {
  if (meaning.kind === 'cleared') return new Uint8Array();
  const { values, online } = meaning;
  if (meaning.kind === 'availability') {
    return new TextEncoder().encode(
      JSON.stringify({ state: online === true ? 'online' : 'offline' }),
    );
  }
  if (!isMembers(values)) {
    throw new RangeError(`zigbee2mqtt has no ${meaning.kind} without values`);
  }
  const members = Object.entries(values).map(([name, value]) => [
    meaning.kind === 'telemetry' ? plainName(name, values) : name,
    value,
  ]);
  return new TextEncoder().encode(JSON.stringify(Object.fromEntries(members)));
}

export const zigbee2mqtt: Codec = {
  protocol: 'zigbee2mqtt',
  title: 'Zigbee devices behind zigbee2mqtt',
  group: 'mqtt',
  source: 'zigbee2mqtt: topics, test suite (receive, availability)',
  line: '',
  settings: [
    {
      name: 'base_topic',
      values: 'text',
      meaning: 'First levels of all topics.',
      default: 'zigbee2mqtt',
    },
  ],
  decoder: (input) => mqttPayloadDecoder(input, read),
  encode,
};
