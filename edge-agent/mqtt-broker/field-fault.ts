/**
 * Where in a proto3 JSON text the fault is. The general reader says only which message's field it was;
 * a person who mends a device wants the path, what stands there and what should.
 *
 * Example: {"weight":{"value":2.45}} has its fault at weight.value: found 2.45, expected text in quotes.
 */
import {
  type DescField,
  type DescMessage,
  fromJson,
  type JsonValue,
  ScalarType,
} from '@bufbuild/protobuf';

export interface FieldFault {
  /** "lines[2].code"; empty for the whole. */
  path: string;
  found: string;
  expected: string;
}

const wholeNumbers = new Set([
  ScalarType.INT32,
  ScalarType.SINT32,
  ScalarType.SFIXED32,
  ScalarType.INT64,
  ScalarType.SINT64,
  ScalarType.SFIXED64,
]);
const counts = new Set([
  ScalarType.UINT32,
  ScalarType.FIXED32,
  ScalarType.UINT64,
  ScalarType.FIXED64,
]);

function expectedScalar(scalar: ScalarType): string {
  if (scalar === ScalarType.STRING) return 'text in quotes';
  if (scalar === ScalarType.BOOL) return 'true or false';
  if (scalar === ScalarType.BYTES) return 'base64 text in quotes';
  if (wholeNumbers.has(scalar)) return 'a whole number';
  if (counts.has(scalar)) return 'a whole number of 0 or more';
  return 'a number';
}

function expectedMessage(message: DescMessage): string {
  return message.typeName === 'google.protobuf.Timestamp'
    ? 'a time such as "2026-11-23T09:14:05.120Z"'
    : `an object (${message.name})`;
}

/** What one value of the field should be; of a list, one element. */
function expectedValue(field: DescField): string {
  if (field.message) return expectedMessage(field.message);
  if (field.enum) return field.enum.values.map((value) => value.name).join(', ');
  return expectedScalar(field.scalar ?? ScalarType.STRING);
}

/** Lists and objects by their kind: written out they may be as deep as the payload is long. */
function foundText(json: JsonValue): string {
  if (Array.isArray(json)) return 'a list';
  return isObject(json) ? 'an object' : JSON.stringify(json);
}

const isObject = (json: JsonValue): json is { [name: string]: JsonValue } =>
  typeof json === 'object' && json !== null && !Array.isArray(json);

function isReadable(schema: DescMessage, json: JsonValue): boolean {
  try {
    fromJson(schema, json, { ignoreUnknownFields: true });
    return true;
  } catch {
    return false;
  }
}

/** The first fault in a value that `fromJson` refuses. */
export function findFieldFault(schema: DescMessage, json: JsonValue, path = ''): FieldFault {
  const whole = (): FieldFault => ({
    path,
    found: foundText(json),
    expected: expectedMessage(schema),
  });
  if (!isObject(json) || schema.typeName.startsWith('google.protobuf.')) return whole();
  for (const [name, value] of Object.entries(json)) {
    const field = schema.fields.find((one) => one.jsonName === name || one.name === name);
    if (!field || isReadable(schema, { [name]: value })) continue;
    return faultOfField(field, schema, name, value, path === '' ? name : `${path}.${name}`);
  }
  const oneof = schema.oneofs.find((one) => {
    const names = one.fields.flatMap((field) => [field.jsonName, field.name]);
    return Object.keys(json).filter((name) => names.includes(name)).length > 1;
  });
  if (!oneof) return whole();
  const names = oneof.fields.map((field) => field.jsonName).join(', ');
  return { ...whole(), expected: `only one of ${names}` };
}

function faultOfField(
  field: DescField,
  schema: DescMessage,
  name: string,
  value: JsonValue,
  path: string,
): FieldFault {
  if (field.fieldKind === 'message') return findFieldFault(field.message, value, path);
  if (field.fieldKind !== 'list') {
    return { path, found: foundText(value), expected: expectedValue(field) };
  }
  if (!Array.isArray(value)) {
    return { path, found: foundText(value), expected: `a list of ${expectedValue(field)}` };
  }
  const index = value.findIndex((element) => !isReadable(schema, { [name]: [element] }));
  const element = value[index] ?? null;
  const elementPath = `${path}[${index}]`;
  return field.message
    ? findFieldFault(field.message, element, elementPath)
    : { path: elementPath, found: foundText(element), expected: expectedValue(field) };
}
