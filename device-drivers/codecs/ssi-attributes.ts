/**
 * Values inside of SSI packets: parameters (PARAM_SEND) and attributes of the scanner management
 * interface (SSI_MGMT_COMMAND, "RSM"). Source: Zebra SSI guide 72E-40451 and the tests of the
 * enioka scanner library.
 */
import type { Json } from '../codec.ts';
import { latin1Text } from './scan-text.ts';

/** Reads big-endian fields; after a field that is not there, everything is absent. */
class ByteReader {
  readonly #bytes: Uint8Array;
  #position = 0;
  isShort = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get remaining(): number {
    return this.#bytes.length - this.#position;
  }

  peek(): number {
    return this.#bytes[this.#position] ?? -1;
  }

  take(count: number): Uint8Array {
    if (count > this.remaining) this.isShort = true;
    const bytes = this.#bytes.slice(this.#position, this.#position + count);
    this.#position += count;
    return bytes;
  }

  number(count: number): number {
    return this.take(count).reduce((value, byte) => value * 256 + byte, 0);
  }
}

/** Parameter numbers above 0xEF are written with a prefix. */
function parameterNumber(reader: ByteReader): number {
  const first = reader.number(1);
  if (first === 0xf0 || first === 0xf1 || first === 0xf2) {
    return 256 * (first - 0xef) + reader.number(1);
  }
  return first === 0xf8 ? reader.number(2) : first;
}

/**
 * Parameters by number: numbers for bytes and words, text for strings, lists for arrays.
 * `undefined` when the bytes end within a parameter.
 */
export function readSsiParameters(bytes: Uint8Array): Record<string, Json> | undefined {
  const reader = new ByteReader(bytes);
  const parameters: Record<string, Json> = {};
  while (reader.remaining > 0) {
    const modifier = reader.peek();
    const isTyped = modifier === 0xf3 || modifier === 0xf4 || modifier === 0xf6;
    if (isTyped) reader.take(1);
    const number = parameterNumber(reader);
    if (modifier === 0xf4) parameters[number] = reader.number(2);
    else if (modifier === 0xf3) parameters[number] = latin1Text(reader.take(reader.number(1)));
    else if (modifier === 0xf6) parameters[number] = [...reader.take(reader.number(1))];
    else parameters[number] = reader.number(1);
    if (reader.isShort) return undefined;
  }
  return parameters;
}

function attributeValue(type: string, reader: ByteReader): Json | undefined {
  switch (type) {
    case 'B':
    case 'C':
    case 'F':
    case 'X':
      return reader.number(1);
    case 'W':
    case 'I':
      return reader.number(2);
    case 'D':
    case 'L':
      return reader.number(4);
    case 'S': {
      const length = reader.number(2);
      reader.take(2);
      // Texts are filled up with spaces and end in NUL.
      return latin1Text(reader.take(length)).split('\u0000', 1).join('').trimEnd();
    }
    case 'A': {
      reader.take(1);
      const length = reader.number(2);
      reader.take(2);
      return [...reader.take(length)];
    }
    default:
      return undefined;
  }
}

/**
 * The attributes of a management reply, as `{id, type, value}`. `undefined` when the payload has
 * another form than a list of attributes.
 */
export function readSsiAttributes(payload: Uint8Array): Json[] | undefined {
  const reader = new ByteReader(payload);
  const length = reader.number(2);
  if (length !== payload.length) return undefined;
  // Command code and response status.
  reader.take(2);
  const attributes: Json[] = [];
  while (reader.remaining > 0) {
    const id = reader.number(2);
    if (id === 0xffff) break;
    const type = latin1Text(reader.take(1));
    reader.take(1);
    const value = attributeValue(type, reader);
    if (value === undefined || reader.isShort) return undefined;
    attributes.push({ id, type, value });
  }
  return attributes;
}
