/**
 * The protobuf payload of Sparkplug B (sparkplug_b.proto, section 6.4.1 of Eclipse Sparkplug 3.0),
 * read and written by field number. The payload is timestamp 1, metrics 2, seq 3, uuid 4, body 5; a
 * metric is name 1, alias 2, timestamp 3, datatype 4, is_historical 5, is_transient 6, is_null 7,
 * metadata 8, properties 9, and its value one of the fields 10 (uint32) to 19.
 */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { type WireField, wireFields } from './protobuf-fields.ts';
import { refuse } from './refusal.ts';
import type { DataSet, Metric, RawValue, SparkplugPayload, Template } from './sparkplug-types.ts';

/** Templates within templates; nothing in the specification goes deeper. */
const maxTemplateDepth = 8;

/** Value fields in the order of the oneof, which the payload's messages share. */
function rawValue(field: WireField, firstNumber: number, depth: number): RawValue | undefined {
  switch (field.number - firstNumber) {
    case 0:
      return { field: 'int', value: field.uint32 };
    case 1:
      return { field: 'long', value: field.uint64 };
    case 2:
      return { field: 'float', value: field.float };
    case 3:
      return { field: 'double', value: field.double };
    case 4:
      return { field: 'boolean', value: field.bool };
    case 5:
      return { field: 'string', value: field.text };
    default:
      return depth < 0 ? undefined : metricOnlyValue(field, depth);
  }
}

function metricOnlyValue(field: WireField, depth: number): RawValue | undefined {
  switch (field.number) {
    case 16:
      return { field: 'bytes', value: field.bytes };
    case 17:
      return { field: 'dataset', value: readDataSet(field.bytes) };
    case 18:
      return { field: 'template', value: readTemplate(field.bytes, depth + 1) };
    case 19:
      return { field: 'extension', value: field.bytes };
    default:
      return undefined;
  }
}

function readRow(bytes: Uint8Array): (RawValue | undefined)[] {
  const elements = wireFields(bytes).filter((field) => field.number === 1);
  return elements.map((element) => {
    const values = wireFields(element.bytes).map((field) => rawValue(field, 1, -1));
    return values.findLast((value) => value !== undefined);
  });
}

/** Repeated numbers come one by one (proto2) or packed; both are read. */
function repeatedNumbers(field: WireField): number[] {
  try {
    return [field.uint32];
  } catch {
    return packedNumbers(field.bytes);
  }
}

function packedNumbers(bytes: Uint8Array): number[] {
  const numbers: number[] = [];
  let value = 0;
  let shift = 0;
  for (const byte of bytes) {
    value += (byte & 0x7f) * 2 ** shift;
    shift += 7;
    if (byte < 0x80) {
      numbers.push(value);
      value = 0;
      shift = 0;
    } else if (shift > 35) refuse('bad-protobuf', 'a packed number of more than five bytes');
  }
  if (shift !== 0) refuse('bad-protobuf', 'a packed number ends too early');
  return numbers;
}

function readDataSet(bytes: Uint8Array): DataSet {
  const set: DataSet = { columns: [], types: [], rows: [] };
  let columns: number | undefined;
  for (const field of wireFields(bytes)) {
    if (field.number === 1) columns = Number(field.uint64);
    else if (field.number === 2) set.columns.push(field.text);
    else if (field.number === 3) set.types.push(...repeatedNumbers(field));
    else if (field.number === 4) set.rows.push(readRow(field.bytes));
  }
  const width = columns ?? set.columns.length;
  const fits = [set.columns, set.types, ...set.rows].every((row) => row.length === width);
  if (!fits) refuse('bad-protobuf', `a data set whose rows do not all have ${width} columns`);
  return set;
}

function readTemplate(bytes: Uint8Array, depth: number): Template {
  if (depth > maxTemplateDepth) refuse('oversize', `more than ${maxTemplateDepth} templates deep`);
  const template: Template = { isDefinition: false, metrics: [] };
  for (const field of wireFields(bytes)) {
    if (field.number === 1) template.version = field.text;
    else if (field.number === 2) template.metrics.push(readMetric(field.bytes, depth));
    else if (field.number === 4) template.reference = field.text;
    else if (field.number === 5) template.isDefinition = field.bool;
  }
  return template;
}

/** The property "Quality" of a property set (keys 1, values 2; an int value is field 3). */
function readQuality(bytes: Uint8Array): number | undefined {
  const fields = wireFields(bytes);
  const keys = fields.filter((field) => field.number === 1).map((field) => field.text);
  const values = fields.filter((field) => field.number === 2);
  const value = values[keys.indexOf('Quality')];
  if (value === undefined) return undefined;
  const int = wireFields(value.bytes).find((field) => field.number === 3 || field.number === 4);
  return int === undefined ? undefined : Number(int.uint64);
}

function readMetric(bytes: Uint8Array, depth: number): Metric {
  const metric: Metric = { isHistorical: false, isTransient: false, isNull: false };
  for (const field of wireFields(bytes)) {
    if (field.number === 1) {
      // Encoders that know no absent text write an empty one.
      if (field.text === '') delete metric.name;
      else metric.name = field.text;
    } else if (field.number === 2) metric.alias = field.uint64;
    else if (field.number === 3) metric.timestamp = field.uint64;
    else if (field.number === 4) metric.datatype = field.uint32;
    else if (field.number === 5) metric.isHistorical = field.bool;
    else if (field.number === 6) metric.isTransient = field.bool;
    else if (field.number === 7) metric.isNull = field.bool;
    else if (field.number === 9) {
      const quality = readQuality(field.bytes);
      if (quality !== undefined) metric.quality = quality;
    } else {
      const value = rawValue(field, 10, depth);
      if (value !== undefined) metric.value = value;
    }
  }
  return metric;
}

/** Reads a payload; refuses what is not a Sparkplug B message. */
export function readSparkplugPayload(bytes: Uint8Array): SparkplugPayload {
  const payload: SparkplugPayload = { metrics: [] };
  for (const field of wireFields(bytes)) {
    if (field.number === 1) payload.timestamp = field.uint64;
    else if (field.number === 2) payload.metrics.push(readMetric(field.bytes, 0));
    else if (field.number === 3) payload.seq = field.uint64;
    else if (field.number === 4) payload.uuid = field.text;
    else if (field.number === 5) payload.body = field.bytes;
  }
  return payload;
}

function writeValue(writer: BinaryWriter, value: RawValue): void {
  switch (value.field) {
    case 'int':
      writer.tag(10, WireType.Varint).uint32(value.value);
      return;
    case 'long':
      writer.tag(11, WireType.Varint).uint64(BigInt.asUintN(64, value.value));
      return;
    case 'float':
      writer.tag(12, WireType.Bit32).float(value.value);
      return;
    case 'double':
      writer.tag(13, WireType.Bit64).double(value.value);
      return;
    case 'boolean':
      writer.tag(14, WireType.Varint).bool(value.value);
      return;
    case 'string':
      writer.tag(15, WireType.LengthDelimited).string(value.value);
      return;
    case 'bytes':
      writer.tag(16, WireType.LengthDelimited).bytes(value.value);
      return;
    default:
      throw new RangeError(`Stockhand does not write Sparkplug values of kind ${value.field}`);
  }
}

function metricBytes(metric: Metric): Uint8Array {
  const writer = new BinaryWriter();
  if (metric.name !== undefined) writer.tag(1, WireType.LengthDelimited).string(metric.name);
  if (metric.alias !== undefined) writer.tag(2, WireType.Varint).uint64(metric.alias);
  if (metric.timestamp !== undefined) writer.tag(3, WireType.Varint).uint64(metric.timestamp);
  if (metric.datatype !== undefined) writer.tag(4, WireType.Varint).uint32(metric.datatype);
  if (metric.isHistorical) writer.tag(5, WireType.Varint).bool(true);
  if (metric.isTransient) writer.tag(6, WireType.Varint).bool(true);
  if (metric.isNull) writer.tag(7, WireType.Varint).bool(true);
  else if (metric.value !== undefined) writeValue(writer, metric.value);
  return writer.finish();
}

/** The bytes of a payload. Throws a RangeError for data sets, templates and extensions. */
export function writeSparkplugPayload(payload: SparkplugPayload): Uint8Array {
  const writer = new BinaryWriter();
  if (payload.timestamp !== undefined) writer.tag(1, WireType.Varint).uint64(payload.timestamp);
  for (const metric of payload.metrics) {
    writer.tag(2, WireType.LengthDelimited).bytes(metricBytes(metric));
  }
  if (payload.seq !== undefined) writer.tag(3, WireType.Varint).uint64(payload.seq);
  if (payload.uuid !== undefined) writer.tag(4, WireType.LengthDelimited).string(payload.uuid);
  if (payload.body !== undefined) writer.tag(5, WireType.LengthDelimited).bytes(payload.body);
  return writer.finish();
}
