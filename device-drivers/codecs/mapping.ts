/**
 * How an integrator says, in a device's profile, where the values of an unknown JSON payload are:
 *
 *   topic: store/+/shelf/+
 *   map:
 *     device_id: topic[3]
 *     level_pct: $.level
 *     weight_kg: { at: /scale/net, scale: 0.001, deadband: 0.02 }
 *     temperature_c: { at: $.temps[0], scale: 0.1, offset: -40, min: -30, max: 60 }
 *
 * A place is a level of the topic (`topic[3]`, counted from 0), a JSON pointer (`/scale/net`, RFC 6901)
 * or a path (`$.temps[0]`, `$['a b']`); `$` alone is the whole payload, for bare numbers. A value is
 * place × scale + offset, calculated exactly. The keys of `map` name the values, with their unit as the
 * last word; `device_id`, `time`, `session`, `sequence`, `channel` and `quality` are not measured but
 * say whose value it is, of when, and how good.
 */
import { type CodecContext, isMembers, type Json } from '../codec.ts';
import { plainDecimal } from './exact-decimal.ts';
import type { LexicalJson } from './json-text.ts';
import { refuse } from './refusal.ts';

export type Place = { kind: 'topic'; level: number } | { kind: 'payload'; steps: string[] };

export type ValueType = 'number' | 'integer' | 'text' | 'boolean';

/** Also in the words of JSON schemas and of other gateways. */
const valueTypes: ReadonlyMap<Json | undefined, ValueType> = new Map([
  ['number', 'number'],
  ['float', 'number'],
  ['double', 'number'],
  ['integer', 'integer'],
  ['int', 'integer'],
  ['text', 'text'],
  ['string', 'text'],
  ['boolean', 'boolean'],
  ['bool', 'boolean'],
]);

export interface MappedValue {
  name: string;
  place: Place;
  /** Decimal text. */
  scale: string;
  offset: string;
  /** Values beyond these are refused: the sensor is broken or the mapping wrong. */
  min?: number;
  max?: number;
  /** Smallest change that is news, for the agent. */
  deadband?: number;
  unit?: string;
  /** What must stand there; a name with a unit says `number` by itself. */
  type?: ValueType;
  /** Words of the device and what they stand for: {"open": true}. */
  words?: { readonly [word: string]: Json };
  required: boolean;
}

const stepForm = /(?:\.([A-Za-z_][A-Za-z0-9_-]*)|\[([0-9]{1,5})\]|\['([^']*)'\]|\["([^"]*)"\])/y;

function pathSteps(path: string): string[] | null {
  const steps: string[] = [];
  let at = 1;
  while (at < path.length) {
    stepForm.lastIndex = at;
    const match = stepForm.exec(path);
    if (match === null) return null;
    steps.push(match[1] ?? match[2] ?? match[3] ?? match[4] ?? '');
    at = stepForm.lastIndex;
  }
  return steps;
}

function pointerSteps(pointer: string): string[] {
  const steps = pointer.slice(1).split('/');
  return steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function placeOf(text: string, name: string): Place {
  const level = /^topic\[([0-9]{1,2})\]$/.exec(text)?.[1];
  if (level !== undefined) return { kind: 'topic', level: Number(level) };
  const steps = text.startsWith('/')
    ? pointerSteps(text)
    : text.startsWith('$')
      ? pathSteps(text)
      : null;
  if (steps === null) {
    return refuse('wrong-type', `map.${name}: "${text}" is no place ($.a.b, /a/b or topic[1])`);
  }
  return { kind: 'payload', steps };
}

type Settings = { readonly [setting: string]: Json };

function decimalSetting(settings: Settings, setting: string, name: string, missing: string) {
  const value = settings[setting];
  if (value === undefined) return missing;
  const text = typeof value === 'number' ? String(value) : value;
  const plain = typeof text === 'string' ? plainDecimal(text) : null;
  return plain ?? refuse('wrong-type', `map.${name}.${setting} is no plain number`);
}

function numberSetting(settings: Settings, setting: string, name: string): number | undefined {
  const value = settings[setting];
  if (value === undefined || (typeof value === 'number' && Number.isFinite(value))) return value;
  return refuse('wrong-type', `map.${name}.${setting} is no number`);
}

const knownSettings = new Set(
  ['at', 'path', 'pointer', 'scale', 'offset', 'min', 'max', 'deadband', 'unit', 'words'].concat([
    'type',
    'required',
  ]),
);

function mappedValue(name: string, entry: Json): MappedValue {
  const settings: Settings =
    typeof entry === 'string' ? { at: entry } : isMembers(entry) ? entry : {};
  const unknown = Object.keys(settings).find((setting) => !knownSettings.has(setting));
  if (unknown !== undefined) refuse('wrong-type', `map.${name} has no setting ${unknown}`);
  const at = settings['at'] ?? settings['path'] ?? settings['pointer'];
  if (typeof at !== 'string') return refuse('wrong-type', `map.${name} does not say where`);
  const { unit, words, required, type: typeName } = settings;
  const type = valueTypes.get(typeName);
  if (typeName !== undefined && type === undefined) {
    return refuse('wrong-type', `map.${name}.type is number, integer, text or boolean`);
  }
  const [min, max] = [numberSetting(settings, 'min', name), numberSetting(settings, 'max', name)];
  const deadband = numberSetting(settings, 'deadband', name);
  return {
    name,
    place: placeOf(at, name),
    scale: decimalSetting(settings, 'scale', name, '1'),
    offset: decimalSetting(settings, 'offset', name, '0'),
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(deadband !== undefined && { deadband }),
    ...(typeof unit === 'string' && { unit }),
    ...(type !== undefined && { type }),
    ...(isMembers(words) && { words }),
    required: required === true,
  };
}

/** A profile's mapping is the same object for all its messages; it is read once. */
const known = new WeakMap<CodecContext, MappedValue[]>();

/** The mapping of a profile. Refuses with wrong-type and the name of the faulty entry. */
export function mappingOf(context: CodecContext): MappedValue[] {
  const mapping = known.get(context) ?? readMapping(context);
  known.set(context, mapping);
  return mapping;
}

function readMapping({ map }: CodecContext): MappedValue[] {
  if (!isMembers(map) || Object.keys(map).length === 0) {
    return refuse('wrong-type', 'the profile has no map');
  }
  return Object.entries(map).map(([name, entry]) => mappedValue(name, entry));
}

/** True when the topic fits a pattern with + (one level) and # (the rest). */
export function topicMatches(pattern: string, topic: string): boolean {
  const [wanted, levels] = [pattern.split('/'), topic.split('/')];
  for (const [index, want] of wanted.entries()) {
    if (want === '#') return true;
    const level = levels[index];
    if (level === undefined || (want !== '+' && want !== level)) return false;
  }
  return wanted.length === levels.length;
}

/** What stands at a place; undefined where the payload has no such member. */
export function valueAt(
  place: Place,
  topic: string,
  payload: LexicalJson,
): LexicalJson | undefined {
  if (place.kind === 'topic') {
    const level = topic.split('/')[place.level];
    return level ?? refuse('topic-mismatch', `"${topic}" has no level ${place.level}`);
  }
  let value: LexicalJson | undefined = payload;
  for (const step of place.steps) {
    if (value instanceof Map) value = value.get(step);
    else if (Array.isArray(value) && /^[0-9]+$/.test(step)) value = value[Number(step)];
    else return undefined;
  }
  return value;
}
