/**
 * What a Sparkplug value says once its data type is known (Eclipse Sparkplug 3.0, section 6.4.16).
 * Int8, Int16 and Int32 lie in a uint32 as two's complement, Int64 in a uint64; a value outside its
 * type is refused, because it was written for another type and would be a wrong quantity.
 *
 * Example: datatype Int8 and int value 251 is -5; datatype Int8 and int value 300 is refused.
 */
import type { Json } from '../codec.ts';
import { hexText } from './hex-text.ts';
import { refuse } from './refusal.ts';
import { type DataTypeName, dataTypeName, type Metric, type RawValue } from './sparkplug-types.ts';

/** A whole number as JSON: its text where a binary number would lose digits. */
export function wholeNumber(value: bigint): Json {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

/** The shortest decimal that is the same 32-bit float: 4.2, not 4.199999809265137. */
export function shortestFloat(value: number): number {
  for (let digits = 1; digits <= 9; digits += 1) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.fround(candidate) === value) return candidate;
  }
  return value;
}

/** NaN and the infinities are "no value": JSON has no such numbers, and no shelf such a level. */
function finite(value: number): Json {
  return Number.isFinite(value) ? value : null;
}

function mismatch(name: string, raw: RawValue): never {
  return refuse('wrong-type', `a metric of type ${name} has a ${raw.field} value`);
}

function integer(raw: RawValue, name: string, bits: number, isSigned: boolean): Json {
  if (raw.field !== 'int' && raw.field !== 'long') mismatch(name, raw);
  const width = raw.field === 'int' ? 32 : 64;
  const unsigned = BigInt(raw.value);
  if (!isSigned) {
    if (unsigned >> BigInt(bits) !== 0n) refuse('out-of-range', `${unsigned} is no ${name}`);
    return wholeNumber(unsigned);
  }
  const signed = BigInt.asIntN(bits, unsigned);
  // Both spellings of a negative Int8 occur: 0xFB, and 0xFFFFFFFB extended to the field's width.
  const spellings = [
    BigInt.asUintN(bits, signed),
    BigInt.asUintN(32, signed),
    BigInt.asUintN(width, signed),
  ];
  if (!spellings.includes(unsigned)) refuse('out-of-range', `${unsigned} is no ${name}`);
  return wholeNumber(signed);
}

type Interpreter = (raw: RawValue, name: string) => Json;

const number: Interpreter = (raw, name) => {
  if (raw.field === 'float') return finite(shortestFloat(raw.value));
  if (raw.field === 'double') return finite(raw.value);
  return mismatch(name, raw);
};
const text: Interpreter = (raw, name) => (raw.field === 'string' ? raw.value : mismatch(name, raw));
const binary: Interpreter = (raw, name) =>
  raw.field === 'bytes' ? hexText(raw.value) : mismatch(name, raw);

function table(raw: RawValue, name: string): Json {
  if (raw.field !== 'dataset') return mismatch(name, raw);
  const { columns, types, rows } = raw.value;
  const cells = rows.map((row) =>
    row.map((cell, at) => (cell === undefined ? null : typedValue(cell, types[at]))),
  );
  return { columns, rows: cells };
}

function template(raw: RawValue, name: string): Json {
  if (raw.field !== 'template') return mismatch(name, raw);
  const { metrics, reference } = raw.value;
  const members = metrics.map((metric) => [metric.name ?? '', metricValue(metric)]);
  return {
    ...(reference !== undefined && { template: reference }),
    ...Object.fromEntries(members),
  };
}

const interpreters: Partial<Record<DataTypeName, Interpreter>> = {
  Int8: (raw, name) => integer(raw, name, 8, true),
  Int16: (raw, name) => integer(raw, name, 16, true),
  Int32: (raw, name) => integer(raw, name, 32, true),
  Int64: (raw, name) => integer(raw, name, 64, true),
  UInt8: (raw, name) => integer(raw, name, 8, false),
  UInt16: (raw, name) => integer(raw, name, 16, false),
  UInt32: (raw, name) => integer(raw, name, 32, false),
  UInt64: (raw, name) => integer(raw, name, 64, false),
  DateTime: (raw, name) => integer(raw, name, 64, false),
  Float: number,
  Double: number,
  Boolean: (raw, name) => (raw.field === 'boolean' ? raw.value : mismatch(name, raw)),
  String: text,
  Text: text,
  UUID: text,
  DataSet: table,
  Template: template,
  Bytes: binary,
  File: binary,
};

/** Bytes of one element, and how a data view reads it. */
const arrayElements: Partial<Record<DataTypeName, [number, (view: DataView, at: number) => Json]>> =
  {
    Int8Array: [1, (view, at) => view.getInt8(at)],
    Int16Array: [2, (view, at) => view.getInt16(at, true)],
    Int32Array: [4, (view, at) => view.getInt32(at, true)],
    Int64Array: [8, (view, at) => wholeNumber(view.getBigInt64(at, true))],
    UInt8Array: [1, (view, at) => view.getUint8(at)],
    UInt16Array: [2, (view, at) => view.getUint16(at, true)],
    UInt32Array: [4, (view, at) => view.getUint32(at, true)],
    UInt64Array: [8, (view, at) => wholeNumber(view.getBigUint64(at, true))],
    FloatArray: [4, (view, at) => finite(shortestFloat(view.getFloat32(at, true)))],
    DoubleArray: [8, (view, at) => finite(view.getFloat64(at, true))],
    DateTimeArray: [8, (view, at) => wholeNumber(view.getBigUint64(at, true))],
  };

function arrayValue(raw: RawValue, name: DataTypeName): Json {
  if (raw.field !== 'bytes') return mismatch(name, raw);
  const bytes = raw.value;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (name === 'StringArray') {
    const joined = new TextDecoder().decode(bytes);
    return joined === '' ? [] : joined.replace(/\0$/, '').split('\0');
  }
  if (name === 'BooleanArray') {
    const count = bytes.length < 4 ? -1 : view.getUint32(0, true);
    if (count < 0 || bytes.length !== 4 + Math.ceil(count / 8)) {
      refuse('bad-length', 'a boolean array whose count and bytes differ');
    }
    return Array.from(
      { length: count },
      (_, at) => ((bytes[4 + (at >> 3)] ?? 0) & (0x80 >> (at & 7))) !== 0,
    );
  }
  const [size, read] = arrayElements[name] ?? [0, undefined];
  if (read === undefined) return refuse('wrong-type', `Stockhand does not read ${name}`);
  if (bytes.length % size !== 0) refuse('bad-length', `${bytes.length} bytes are no ${name}`);
  return Array.from({ length: bytes.length / size }, (_, at) => read(view, at * size));
}

/** A message may leave the type to its birth; then only what cannot be misread is taken. */
function untypedValue(raw: RawValue): Json {
  switch (raw.field) {
    case 'int':
    case 'long':
      // The upper half may as well be negative numbers.
      if (BigInt(raw.value) >> (raw.field === 'int' ? 31n : 63n) !== 0n) {
        refuse('wrong-type', `${raw.value} has no data type and may be signed or not`);
      }
      return wholeNumber(BigInt(raw.value));
    case 'float':
    case 'double':
      return number(raw, raw.field);
    case 'boolean':
    case 'string':
      return raw.value;
    case 'dataset':
      return table(raw, 'DataSet');
    case 'template':
      return template(raw, 'Template');
    default:
      return hexText(raw.value);
  }
}

function typedValue(raw: RawValue, datatype: number | undefined): Json {
  if (datatype === undefined || datatype === 0) return untypedValue(raw);
  const name = dataTypeName(datatype);
  if (name === undefined) return refuse('wrong-type', `${datatype} is no Sparkplug data type`);
  return interpreters[name]?.(raw, name) ?? arrayValueOrNull(raw, name);
}

function arrayValueOrNull(raw: RawValue, name: DataTypeName): Json {
  // An interpreter that answered null said "no value": NaN, infinity.
  return interpreters[name] === undefined ? arrayValue(raw, name) : null;
}

/** The value of a metric; null where the device says that it has none. */
export function metricValue(metric: Metric, datatype = metric.datatype): Json {
  if (metric.isNull || metric.value === undefined) return null;
  return typedValue(metric.value, datatype);
}
