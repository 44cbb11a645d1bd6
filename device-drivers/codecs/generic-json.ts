/**
 * Any device that speaks JSON over MQTT, by a mapping in its profile (see `mapping.ts`).
 *
 * Example: {"level":42,"battery":3.01} on store/1/shelf/12 with the map {"device_id":"topic[3]",
 * "level_pct":"$.level","battery_v":"$.battery"} is telemetry of device 12: 42 percent, 3.01 volts.
 *
 * A value that is null is unknown and is given as null. A member that is missing is left out, because
 * many devices send only what changed; a payload in which nothing is found at all is refused, and so is
 * a text where a quantity must be.
 */
import {
  type Codec,
  type CodecContext,
  type DecodeInput,
  type FieldNote,
  isMembers,
  type Json,
  type Meaning,
} from '../codec.ts';
import { decimalOf, linear } from './exact-decimal.ts';
import { parseIsoTime, unixTimeText } from './iso-time.ts';
import { wrongType } from './json-members.ts';
import { JsonNumber, type LexicalJson, plainJson, readJson } from './json-text.ts';
import { type MappedValue, mappingOf, topicMatches, valueAt } from './mapping.ts';
import { mqttPayloadDecoder, type PayloadReading, readingOf } from './mqtt-payload.ts';
import { refuse } from './refusal.ts';
import { namesAQuantity } from './telemetry-names.ts';

/** Members of the meaning that say whose value it is. */
const identities = ['device_id', 'session', 'sequence', 'channel'] as const;
type Identity = (typeof identities)[number];
const isIdentity = (name: string): name is Identity => identities.some((one) => one === name);

function identityText(value: LexicalJson, name: string): string {
  const text = value instanceof JsonNumber ? value.text : value;
  if (typeof text !== 'string' || text === '' || text.length > 128) {
    return refuse('wrong-type', `${name} must be a text of 1 to 128 characters`);
  }
  return text;
}

/** ISO 8601, or Unix seconds or milliseconds. */
function timeText(value: LexicalJson): string {
  if (value instanceof JsonNumber) {
    return unixTimeText(value.value) ?? refuse('bad-date', `the time ${value.text}`);
  }
  const time = typeof value === 'string' ? parseIsoTime(value) : null;
  return time === null
    ? refuse('bad-date', 'the time is no ISO 8601 time')
    : (time.utc ?? time.text);
}

function quantity(mapped: MappedValue, value: LexicalJson): number {
  const { name, scale, offset, min, max, type } = mapped;
  const found = Number(linear(decimalOf(value, name), scale, offset));
  if (type === 'integer' && !Number.isSafeInteger(found)) {
    refuse('bad-number', `${name} ${found} is no whole number`);
  }
  if (!Number.isFinite(found)) return refuse('out-of-range', `${name} is too large`);
  if ((min !== undefined && found < min) || (max !== undefined && found > max)) {
    return refuse('out-of-range', `${name} ${found} is not within ${min ?? '…'} to ${max ?? '…'}`);
  }
  return found;
}

/** Numbers are calculated; a name without a unit may hold text, true or false. */
function measured(mapped: MappedValue, value: LexicalJson): Json {
  if (value === null) return null;
  const { name, words, scale, offset, unit, min, max, type } = mapped;
  if (words !== undefined) {
    const word = value instanceof JsonNumber ? value.text : String(value);
    const meant = Object.hasOwn(words, word) ? words[word] : undefined;
    return meant ?? refuse('unknown-status', `${name}: "${word.slice(0, 24)}" is no known word`);
  }
  const isCalculated = scale !== '1' || offset !== '0' || min !== undefined || max !== undefined;
  const isQuantity = namesAQuantity(name) || unit !== undefined || isCalculated;
  if (type === 'text') return typeof value === 'string' ? value : wrongType(name, 'text', value);
  if (type === 'boolean') {
    return typeof value === 'boolean' ? value : wrongType(name, 'true or false', value);
  }
  if (type === 'number' || type === 'integer' || isQuantity || value instanceof JsonNumber) {
    return quantity(mapped, value);
  }
  if (typeof value === 'object') return refuse('wrong-type', `${name} must be a single value`);
  return plainJson(value);
}

function checkedTopic(topic: string | undefined, context: CodecContext): string {
  if (topic === undefined) return '';
  if (topic === '') refuse('bad-topic', 'an empty topic');
  const { topic: pattern } = context;
  if (typeof pattern === 'string' && !topicMatches(pattern, topic)) {
    refuse('topic-mismatch', `"${topic}" does not fit ${pattern}`);
  }
  return topic;
}

interface Found {
  head: { [name: string]: Json };
  values: { [name: string]: Json };
  quality?: Json;
  notes: FieldNote[];
}

function collect(mapping: readonly MappedValue[], topic: string, payload: LexicalJson): Found {
  const found: Found = { head: {}, values: {}, notes: [] };
  for (const mapped of mapping) {
    const { name, place, required } = mapped;
    const value = valueAt(place, topic, payload);
    if (value === undefined) {
      if (required) refuse('wrong-type', `${name} is missing`);
      continue;
    }
    if (isIdentity(name)) found.head[name] = identityText(value, name);
    else if (name === 'time') found.head['time'] = timeText(value);
    else if (name === 'quality') found.quality = plainJson(value);
    else found.values[name] = measured(mapped, value);
    const shown = value instanceof JsonNumber ? value.text : JSON.stringify(plainJson(value));
    found.notes.push({ field: name, found: shown.slice(0, 40), means: 'as the mapping says' });
  }
  return found;
}

function read({ bytes, topic, context }: DecodeInput): PayloadReading {
  const checked = checkedTopic(topic, context);
  const mapping = mappingOf(context);
  if (bytes.length === 0) return refuse('empty', 'no bytes');
  const payload = readJson(bytes);
  const { head, values, quality, notes } = collect(mapping, checked, payload);
  if (Object.keys(values).length === 0) refuse('wrong-type', 'nothing of the mapping is there');
  const named = (member: 'unit' | 'deadband') =>
    mapping.flatMap((mapped): [string, Json][] => {
      const setting = mapped[member];
      return setting === undefined || !(mapped.name in values) ? [] : [[mapped.name, setting]];
    });
  const [unitsByName, deadbands] = [named('unit'), named('deadband')];
  const meaning: Meaning = {
    kind: 'telemetry',
    ...head,
    values,
    ...(quality !== undefined && { quality }),
    ...(unitsByName.length > 0 && { units: Object.fromEntries(unitsByName) }),
    ...(deadbands.length > 0 && { deadbands: Object.fromEntries(deadbands) }),
  };
  return readingOf(meaning, notes);
}

/** Puts a value at a path of member names; places in arrays are not written. */
function put(root: { [name: string]: Json }, steps: readonly string[], value: Json): void {
  if (steps.includes('__proto__')) throw new RangeError('no member has that name');
  let object = root;
  for (const step of steps.slice(0, -1)) {
    const next = object[step] ?? {};
    if (!isMembers(next)) {
      throw new RangeError(`${step} is no object`);
    }
    object[step] = next;
    object = next;
  }
  const last = steps.at(-1);
  if (last === undefined) throw new RangeError('no place for the value');
  object[last] = value;
}

/** What the device would have sent for a value; twelve digits, so that 0.3 / 0.1 is 3. */
function raw({ scale, offset, words }: MappedValue, value: Json): Json {
  const word = Object.entries(words ?? {}).find(([, meant]) => meant === value)?.[0];
  if (word !== undefined || typeof value !== 'number') return word ?? value;
  return Number(((value - Number(offset)) / Number(scale)).toPrecision(12));
}

function encode(meaning: Meaning, context: CodecContext): Uint8Array {
  const { values } = meaning;
  if (meaning.kind !== 'telemetry' || values === null || typeof values !== 'object') {
    throw new RangeError(`a mapped device says telemetry with its values, not ${meaning.kind}`);
  }
  const payload: { [name: string]: Json } = {};
  for (const mapped of mappingOf(context)) {
    const { name, place } = mapped;
    const value = isIdentity(name) || name === 'time' ? meaning[name] : Object(values)[name];
    if (place.kind === 'payload' && value !== undefined)
      put(payload, place.steps, raw(mapped, value));
  }
  return new TextEncoder().encode(JSON.stringify(payload));
}

export const genericJson: Codec = {
  protocol: 'generic-json',
  title: 'Any JSON over MQTT, by a mapping',
  group: 'mqtt',
  source: 'this project: mapping.ts documents the form; JSON pointer RFC 6901',
  line: '',
  settings: [
    {
      name: 'topic',
      values: 'a pattern with + and #',
      meaning: 'Which topics the mapping is for; others are refused.',
    },
    {
      name: 'map',
      values: '{"level_pct": "$.level", "weight_kg": {"at": "/net", "scale": 0.001}}',
      meaning:
        'Where each value is: at (place), scale, offset, min, max, unit, type, deadband, words, required.',
    },
  ],
  decoder: (input) => mqttPayloadDecoder(input, read),
  encode,
};
