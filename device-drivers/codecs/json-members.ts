/** Reading the members of a JSON object by name and type; anything else is refused. */
import { JsonNumber, type JsonObject, type LexicalJson } from './json-text.ts';
import { refuse } from './refusal.ts';

/** What a value is, for people. */
function typeName(value: LexicalJson | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (value instanceof JsonNumber) return `the number ${value.text.slice(0, 24)}`;
  if (Array.isArray(value)) return 'an array';
  if (value instanceof Map) return 'an object';
  return typeof value === 'string' ? `the text "${value.slice(0, 24)}"` : String(value);
}

export function wrongType(name: string, expected: string, value: LexicalJson | undefined): never {
  return refuse('wrong-type', `${name} must be ${expected}, it is ${typeName(value)}`);
}

export function isObject(value: LexicalJson | undefined): value is JsonObject {
  return value instanceof Map;
}

export function objectOf(value: LexicalJson | undefined, name: string): JsonObject {
  return isObject(value) ? value : wrongType(name, 'an object', value);
}

export function listOf(value: LexicalJson | undefined, name: string): LexicalJson[] {
  return Array.isArray(value) ? value : wrongType(name, 'an array', value);
}

/** The first member of these names that is there and not null. */
export function memberOf(object: JsonObject, names: readonly string[]): LexicalJson | undefined {
  for (const name of names) {
    const value = object.get(name);
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

export function textOf(object: JsonObject, name: string): string {
  const value = object.get(name);
  return typeof value === 'string' ? value : wrongType(name, 'text', value);
}

/** Text, or undefined where the member is absent or null. */
export function optionalText(object: JsonObject, name: string): string | undefined {
  const value = memberOf(object, [name]);
  return value === undefined ? undefined : textOf(object, name);
}

/** A number, also one sent as text ("-34"). */
export function numberOf(value: LexicalJson | undefined, name: string): number {
  if (value instanceof JsonNumber) return value.value;
  if (typeof value === 'string' && isDecimalText(value)) return Number(value);
  return wrongType(name, 'a number', value);
}

export function integerOf(value: LexicalJson | undefined, name: string): number {
  const number = numberOf(value, name);
  return Number.isSafeInteger(number) ? number : wrongType(name, 'a whole number', value);
}

export function optionalNumber(object: JsonObject, name: string): number | undefined {
  const value = memberOf(object, [name]);
  return value === undefined ? undefined : numberOf(value, name);
}

/** Plain decimals: no exponent, comma, blank, NaN or Infinity; at most 32 characters. */
export function isDecimalText(text: string): boolean {
  return text.length <= 32 && /^[+-]?[0-9]+(?:\.[0-9]+)?$/.test(text);
}

/** `{...}` without the members that are undefined. */
export function present<T>(members: { [name: string]: T | undefined }): { [name: string]: T } {
  const kept = Object.entries(members).filter(([, value]) => value !== undefined);
  // The undefined ones were filtered out.
  return Object.fromEntries(kept) as { [name: string]: T };
}
