/**
 * Sparkplug B: what an edge node or its devices say, and the host's commands to them. Of a single
 * message only: that data follow their birth, in order and without a gap, is the business of
 * `sparkplug-session.ts`.
 *
 * `metrics` are current values; those that the device kept from earlier stand under `historical` and
 * must replace nothing. `null` means that the device has no value. An alias is resolved through
 * the setting `aliases` (what the birth said) and is otherwise kept under `unresolved`.
 */
import {
  type Codec,
  type CodecContext,
  type DecodeInput,
  isMembers,
  type Json,
  type Meaning,
} from '../codec.ts';
import { objectOf, optionalNumber } from './json-members.ts';
import { readJson } from './json-text.ts';
import { mqttPayloadDecoder, type PayloadReading, readingOf } from './mqtt-payload.ts';
import { refuse } from './refusal.ts';
import { readSparkplugPayload, writeSparkplugPayload } from './sparkplug-payload.ts';
import { readSparkplugTopic, type SparkplugTopic } from './sparkplug-topic.ts';
import {
  type DataTypeName,
  dataTypeName,
  dataTypes,
  type Metric,
  type SparkplugPayload,
} from './sparkplug-types.ts';
import { metricValue, wholeNumber } from './sparkplug-values.ts';
import { encodeSparkplug } from './sparkplug-writer.ts';

/** Marks a payload whose metrics are compressed within `body`; few nodes can, none must. */
const compressed = 'SPBV1.0_COMPRESSED';

function stateMeaning(bytes: Uint8Array, host: string): Meaning {
  if (bytes.length === 0) return { kind: 'cleared', host };
  const state = objectOf(readJson(bytes), 'the payload');
  const online = state.get('online');
  if (typeof online !== 'boolean') return refuse('wrong-type', 'online must be true or false');
  const timestamp = optionalNumber(state, 'timestamp');
  return { kind: 'sparkplug-state', host, online, ...(timestamp !== undefined && { timestamp }) };
}

/** A setting by itself, or out of the birth's meaning as this codec gave it. */
function ofBirth(context: CodecContext, name: 'aliases' | 'datatypes'): Json | undefined {
  const { birth } = context;
  return context[name] ?? (isMembers(birth) ? birth[name] : undefined);
}

/** Alias → name, from {"1": "Shelf/Level"} or {"Shelf/Level": 1}. */
function aliasNames(context: CodecContext): ReadonlyMap<string, string> {
  const aliases = ofBirth(context, 'aliases');
  const names = new Map<string, string>();
  if (!isMembers(aliases)) return names;
  for (const [left, right] of Object.entries(aliases)) {
    if (typeof right === 'string') names.set(left, right);
    else if (typeof right === 'number') names.set(String(right), left);
  }
  return names;
}

/** Data type of a metric by name, from {"Shelf/Level": "Double"} or numbers. */
function knownType(context: CodecContext, name: string): number | undefined {
  const datatypes = ofBirth(context, 'datatypes');
  if (!isMembers(datatypes)) return undefined;
  const type = datatypes[name];
  if (typeof type === 'number') return type;
  return typeof type === 'string' && type in dataTypes
    ? dataTypes[type as DataTypeName]
    : undefined;
}

interface Reading {
  metrics: Map<string, Json>;
  aliases: Map<string, string>;
  unresolved: Map<string, Json>;
  historical: Map<string, Json>;
  quality: Map<string, Json>;
}

function readMetrics(metrics: readonly Metric[], context: CodecContext): Reading {
  const names = aliasNames(context);
  const reading: Reading = {
    metrics: new Map(),
    aliases: new Map(),
    unresolved: new Map(),
    historical: new Map(),
    quality: new Map(),
  };
  for (const metric of metrics) {
    const alias = metric.alias?.toString();
    const name = metric.name ?? (alias === undefined ? undefined : names.get(alias));
    if (name === undefined && alias === undefined) {
      refuse('bad-protobuf', 'a metric with neither name nor alias');
    }
    const type = metric.datatype ?? (name === undefined ? undefined : knownType(context, name));
    const value = metricValue(metric, type);
    if (name === undefined) {
      reading.unresolved.set(alias ?? '', value);
      continue;
    }
    if (alias !== undefined && metric.name !== undefined) {
      const other = reading.aliases.get(alias) ?? name;
      if (other !== name) refuse('bad-protobuf', `alias ${alias} of ${other} and of ${name}`);
      reading.aliases.set(alias, name);
    }
    if (metric.quality !== undefined) reading.quality.set(name, metric.quality);
    (metric.isHistorical ? reading.historical : reading.metrics).set(name, value);
  }
  return reading;
}

const entries = (map: ReadonlyMap<string, Json>) => Object.fromEntries(map);

function bdSeqOf(payload: SparkplugPayload): Json | undefined {
  const metric = payload.metrics.find(({ name }) => name === 'bdSeq');
  return metric === undefined ? undefined : metricValue(metric);
}

/** Data types by name, which data messages may leave to the birth. */
function datatypesOf(payload: SparkplugPayload): { [name: string]: Json } {
  const types = payload.metrics.flatMap(({ name, datatype }): [string, Json][] =>
    name === undefined || datatype === undefined
      ? []
      : [[name, dataTypeName(datatype) ?? datatype]],
  );
  return Object.fromEntries(types);
}

function messageMeaning(
  payload: SparkplugPayload,
  topic: Extract<SparkplugTopic, { kind: 'message' }>,
  context: CodecContext,
): Meaning {
  const { type, group, node, device } = topic;
  if (payload.seq !== undefined && payload.seq > 255n) {
    refuse('out-of-range', `seq ${payload.seq}, it counts from 0 to 255`);
  }
  const { metrics, aliases, unresolved, historical, quality } = readMetrics(
    payload.metrics,
    context,
  );
  const bdSeq = bdSeqOf(payload);
  return {
    kind: 'sparkplug',
    type,
    group,
    node,
    ...(device !== undefined && { device }),
    ...(payload.seq !== undefined && { seq: Number(payload.seq) }),
    ...(payload.timestamp !== undefined && { timestamp: wholeNumber(payload.timestamp) }),
    metrics: entries(metrics),
    ...(aliases.size > 0 && { aliases: entries(aliases) }),
    ...(type.endsWith('BIRTH') && { datatypes: datatypesOf(payload) }),
    ...(bdSeq !== undefined && { bd_seq: bdSeq }),
    ...(historical.size > 0 && { historical: entries(historical) }),
    ...(unresolved.size > 0 && { unresolved: entries(unresolved) }),
    ...(quality.size > 0 && { quality: entries(quality) }),
    ...(type === 'NCMD' && metrics.get('Node Control/Rebirth') === true && { name: 'rebirth' }),
  };
}

function metricNote(metric: Metric): { field: string; found: string; means: string } {
  const flags = [
    ...(metric.isNull ? ['no value'] : []),
    ...(metric.isHistorical ? ['historical'] : []),
    ...(metric.isTransient ? ['transient'] : []),
  ];
  const type = metric.datatype === undefined ? 'type of its birth' : dataTypeName(metric.datatype);
  const alias = metric.alias === undefined ? '' : `alias ${metric.alias}`;
  const { value } = metric;
  const found = value === undefined ? '' : `${value.field} ${String(value.value).slice(0, 32)}`;
  return {
    field: metric.name ?? alias,
    found,
    means: [
      type ?? 'unknown type',
      ...(metric.name !== undefined && alias ? [alias] : []),
      ...flags,
    ].join(', '),
  };
}

function read(input: DecodeInput): PayloadReading {
  const topic = readSparkplugTopic(input.topic);
  if (topic.kind === 'state') return readingOf(stateMeaning(input.bytes, topic.host));
  if (input.bytes.length === 0) return refuse('empty', 'no bytes');
  const payload = readSparkplugPayload(input.bytes);
  if (payload.uuid === compressed) return refuse('wrong-type', 'a compressed payload');
  return readingOf(messageMeaning(payload, topic, input.context), payload.metrics.map(metricNote));
}

export const sparkplugB: Codec = {
  protocol: 'sparkplug-b',
  title: 'Sparkplug B over MQTT',
  group: 'mqtt',
  source: 'Eclipse Sparkplug 3.0, chapters 4 to 6',
  line: '',
  settings: [
    {
      name: 'aliases',
      values: '{"1": "Shelf/Level"}',
      meaning: 'Names of aliases, as the birth of the node or device gave them.',
    },
    {
      name: 'datatypes',
      values: '{"Shelf/Level": "Double"}',
      meaning: 'Data types by metric name, where data messages leave them out.',
    },
    {
      name: 'birth',
      values: 'the meaning of the birth, as this command printed it',
      meaning: 'Both of the above at once.',
    },
  ],
  decoder: (input) => mqttPayloadDecoder(input, read),
  encode: (meaning, context) =>
    meaning.kind === 'sparkplug-state'
      ? new TextEncoder().encode(
          JSON.stringify({ online: meaning['online'], timestamp: meaning['timestamp'] }),
        )
      : writeSparkplugPayload(encodeSparkplug(meaning, context)),
};
