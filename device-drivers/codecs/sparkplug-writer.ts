/**
 * A Sparkplug payload from its meaning: commands of the host ("Node Control/Rebirth"), and births,
 * data and deaths of simulated nodes. Data types come from the setting `datatypes` by metric name;
 * without it a number is a Double (bdSeq an Int64), true and false are Boolean, text is String.
 */
import { type CodecContext, isMembers, type Json, type Meaning } from '../codec.ts';
import {
  type DataTypeName,
  dataTypes,
  type Metric,
  type RawValue,
  type SparkplugPayload,
} from './sparkplug-types.ts';

const isTypeName = (name: Json | undefined): name is DataTypeName =>
  typeof name === 'string' && name in dataTypes;

function objectOrNone(value: Json | undefined): { [name: string]: Json } {
  return isMembers(value) ? value : {};
}

function typeOf(name: string, value: Json, types: { [name: string]: Json }): DataTypeName {
  const known = types[name];
  if (isTypeName(known)) return known;
  if (name === 'bdSeq') return 'Int64';
  if (typeof value === 'boolean') return 'Boolean';
  return typeof value === 'string' ? 'String' : 'Double';
}

const signedBits: Partial<Record<DataTypeName, number>> = { Int8: 8, Int16: 16, Int32: 32 };
const unsignedBits: Partial<Record<DataTypeName, number>> = { UInt8: 8, UInt16: 16, UInt32: 32 };

function integerOf(name: string, value: Json): bigint {
  if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value);
  if (typeof value === 'string' && /^-?[0-9]{1,20}$/.test(value)) return BigInt(value);
  throw new RangeError(`${name} is no whole number`);
}

function inRange(name: string, value: bigint, least: bigint, most: bigint): bigint {
  if (value < least || value > most) throw new RangeError(`${name}: ${value} is out of range`);
  return value;
}

function rawValue(name: string, value: Json, type: DataTypeName): RawValue {
  const signed = signedBits[type];
  const unsigned = unsignedBits[type];
  if (signed !== undefined) {
    const half = 1n << BigInt(signed - 1);
    const whole = inRange(name, integerOf(name, value), -half, half - 1n);
    return { field: 'int', value: Number(BigInt.asUintN(signed, whole)) };
  }
  if (unsigned !== undefined) {
    const most = (1n << BigInt(unsigned)) - 1n;
    return { field: 'int', value: Number(inRange(name, integerOf(name, value), 0n, most)) };
  }
  if (type === 'Int64') {
    const whole = inRange(name, integerOf(name, value), -(1n << 63n), (1n << 63n) - 1n);
    return { field: 'long', value: BigInt.asUintN(64, whole) };
  }
  if (type === 'UInt64' || type === 'DateTime') {
    return { field: 'long', value: inRange(name, integerOf(name, value), 0n, (1n << 64n) - 1n) };
  }
  if (type === 'Float' || type === 'Double') {
    if (typeof value !== 'number') throw new RangeError(`${name} is no number`);
    return { field: type === 'Float' ? 'float' : 'double', value };
  }
  if (type === 'Boolean' && typeof value === 'boolean') return { field: 'boolean', value };
  if (['String', 'Text', 'UUID'].includes(type) && typeof value === 'string') {
    return { field: 'string', value };
  }
  throw new RangeError(`${name}: Stockhand does not write ${type} from ${typeof value}`);
}

function timestampOf(meaning: Meaning): bigint | undefined {
  const { timestamp } = meaning;
  return timestamp === undefined ? undefined : integerOf('timestamp', timestamp);
}

/** Throws a RangeError that names what cannot be said. */
export function encodeSparkplug(meaning: Meaning, context: CodecContext): SparkplugPayload {
  if (meaning.kind !== 'sparkplug') throw new RangeError(`Sparkplug has no ${meaning.kind}`);
  const types = objectOrNone(context['datatypes']);
  const aliases = new Map<Json, bigint>();
  for (const [alias, name] of Object.entries(objectOrNone(meaning['aliases']))) {
    aliases.set(name, integerOf('alias', alias));
  }
  const timestamp = timestampOf(meaning);
  const metricOf = (name: string, value: Json, isHistorical: boolean): Metric => {
    const type = typeOf(name, value, types);
    const alias = aliases.get(name);
    return {
      name,
      ...(alias !== undefined && { alias }),
      ...(timestamp !== undefined && { timestamp }),
      datatype: dataTypes[type],
      isHistorical,
      isTransient: false,
      isNull: value === null,
      ...(value !== null && { value: rawValue(name, value, type) }),
    };
  };
  const past = Object.entries(objectOrNone(meaning['historical']));
  const current = Object.entries(objectOrNone(meaning['metrics']));
  const metrics = [
    ...past.map(([name, value]) => metricOf(name, value, true)),
    ...current.map(([name, value]) => metricOf(name, value, false)),
  ];
  const { seq } = meaning;
  return {
    metrics,
    ...(timestamp !== undefined && { timestamp }),
    ...(seq !== undefined && { seq: inRange('seq', integerOf('seq', seq), 0n, 255n) }),
  };
}
