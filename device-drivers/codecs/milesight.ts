/**
 * The LoRaWAN payloads of Milesight sensors, as a network server hands them on. A shelf's level sensor
 * reports the distance to the goods; with the settings `empty_mm` and `full_mm` the fill level is
 * (empty − distance) / (empty − full).
 *
 * Example, EM500-UDL: 01 75 64 03 82 1E 00 -> battery 100 %, distance 30 mm; with empty_mm 530 and
 * full_mm 30 the shelf is 100 % full.
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
import { hexText } from './hex-text.ts';
import {
  type Channel,
  type Channels,
  type ChannelValues,
  commonChannels,
  milesightModels,
} from './milesight-channels.ts';
import { mqttPayloadDecoder, type PayloadReading, readingOf } from './mqtt-payload.ts';
import { refuse } from './refusal.ts';

const withoutHyphens = (name: string): string => name.replace(/[^A-Z0-9]/g, '');

/**
 * The channels of a model; a name with a suffix ("EM500-UDL-868M") means the model, and so does one
 * written without hyphens.
 */
export function channelsOf(context: CodecContext): Channels {
  const { model } = context;
  if (typeof model !== 'string') return refuse('wrong-type', 'the setting model is missing');
  const name = model.trim().toUpperCase().replace(/[_ ]/g, '-');
  const known = Object.keys(milesightModels)
    .filter(
      (candidate) =>
        withoutHyphens(name) === withoutHyphens(candidate) || name.startsWith(`${candidate}-`),
    )
    .sort((one, other) => other.length - one.length)[0];
  const channels = known === undefined ? undefined : milesightModels[known];
  return channels ?? refuse('wrong-type', `the model ${model} is not known`);
}

interface MilesightValues {
  values: ChannelValues;
  attributes: ChannelValues;
  history: ChannelValues[];
  notes: FieldNote[];
}

function channelAt(bytes: Uint8Array, at: number, channels: Channels): [string, Channel] {
  const key = hexText(bytes.subarray(at, at + 2));
  if (key.length < 4) return refuse('truncated', `byte ${at}: a channel without its type`);
  const channel = channels[key] ?? commonChannels[key];
  if (channel === undefined) {
    return refuse('bad-header', `byte ${at}: channel ${key.slice(0, 2)} type ${key.slice(2)}`);
  }
  if (at + 2 + channel.length > bytes.length) {
    const missing = at + 2 + channel.length - bytes.length;
    return refuse('truncated', `byte ${at}: ${missing} bytes of channel ${key} are missing`);
  }
  return [key, channel];
}

/** Reads all channels of a payload; refuses it whole when one is unknown or cut off. */
export function readMilesight(bytes: Uint8Array, channels: Channels): MilesightValues {
  const result: MilesightValues = { values: {}, attributes: {}, history: [], notes: [] };
  let at = 0;
  while (at < bytes.length) {
    const [key, channel] = channelAt(bytes, at, channels);
    const data = bytes.slice(at + 2, at + 2 + channel.length);
    const read = channel.read(new DataView(data.buffer));
    if (channel.target === 'history') result.history.push(read);
    else Object.assign(channel.target === 'attribute' ? result.attributes : result.values, read);
    result.notes.push({
      field: `channel ${key.slice(0, 2)} type ${key.slice(2)}`,
      found: hexText(data),
      means: JSON.stringify(read),
    });
    at += 2 + channel.length;
  }
  return result;
}

function fillLevel(values: ChannelValues, context: CodecContext): ChannelValues {
  const { empty_mm: empty, full_mm: full } = context;
  const { distance_mm: distance } = values;
  if (typeof distance !== 'number' || typeof empty !== 'number' || typeof full !== 'number') {
    return {};
  }
  if (empty === full) return {};
  const percent = ((empty - distance) / (empty - full)) * 100;
  return { fill_pct: Math.round(Math.min(100, Math.max(0, percent)) * 10) / 10 };
}

function read({ bytes, context }: DecodeInput): PayloadReading {
  if (bytes.length === 0) return refuse('empty', 'no bytes');
  const { values, attributes, history, notes } = readMilesight(bytes, channelsOf(context));
  const meaning: Meaning = {
    kind: 'telemetry',
    values: { ...values, ...fillLevel(values, context) },
    ...(Object.keys(attributes).length > 0 && { attributes }),
    ...(history.length > 0 && { history }),
  };
  return readingOf(meaning, notes);
}

/** Channels that a simulated sensor can send, by the name of their value. */
const writers: Readonly<Record<string, { types: readonly string[]; scale: number; size: 1 | 2 }>> =
  {
    battery_pct: { types: ['75'], scale: 1, size: 1 },
    temperature_c: { types: ['67'], scale: 10, size: 2 },
    humidity_pct: { types: ['68'], scale: 2, size: 1 },
    distance_mm: { types: ['82'], scale: 1, size: 2 },
    co2_ppm: { types: ['7d'], scale: 1, size: 2 },
    pressure_hpa: { types: ['73'], scale: 10, size: 2 },
    depth_cm: { types: ['77'], scale: 1, size: 2 },
  };

function channelBytes(name: string, value: Json | undefined, channels: Channels): number[] {
  if (name === 'position' && (value === 'tilt' || value === 'normal')) {
    const key = channels['0400'] !== undefined ? 0x04 : 0x05;
    return [key, 0x00, value === 'tilt' ? 1 : 0];
  }
  const writer = writers[name];
  const key = Object.keys(channels).find(
    (candidate) => !/^[89a-f]/.test(candidate) && writer?.types.includes(candidate.slice(2)),
  );
  if (writer === undefined || key === undefined || typeof value !== 'number') {
    throw new RangeError(`this model does not send ${name}`);
  }
  const scaled = Math.round(value * writer.scale);
  if (scaled < -32768 || scaled > (writer.size === 1 ? 255 : 65535)) {
    throw new RangeError(`${name} ${value} does not fit`);
  }
  const bytes = writer.size === 1 ? [scaled & 0xff] : [scaled & 0xff, (scaled >> 8) & 0xff];
  return [Number.parseInt(key.slice(0, 2), 16), Number.parseInt(key.slice(2), 16), ...bytes];
}

export const milesight: Codec = {
  protocol: 'milesight',
  title: 'Milesight LoRaWAN sensors (payload)',
  group: 'mqtt',
  source: 'Milesight SensorDecoders: tables of the AM100, EM300 to EM500 and WS models',
  line: '',
  settings: [
    {
      name: 'model',
      values: Object.keys(milesightModels).join(' | '),
      meaning: 'The sensor’s model: the same channel has another meaning on another model.',
    },
    { name: 'empty_mm', values: 'number', meaning: 'Distance when the shelf is empty.' },
    { name: 'full_mm', values: 'number', meaning: 'Distance when the shelf is full.' },
  ],
  decoder: (input) => mqttPayloadDecoder(input, read),
  encode: (meaning, context) => {
    const { values } = meaning;
    if (!isMembers(values) || Object.keys(values).length === 0) {
      throw new RangeError('a simulated sensor says telemetry with its values');
    }
    const channels = channelsOf(context);
    return Uint8Array.from(
      Object.entries(values).flatMap(([name, value]) => channelBytes(name, value, channels)),
    );
  },
};
