/**
 * JSON that keeps numbers as they were written. `JSON.parse` turns 0.10 into 0.1, 1e999 into
 * Infinity and takes the last of two members with one name; a quantity or a price must not change on
 * its way, and an ambiguous document must not be guessed. So a number stays the text that was sent,
 * and a document with NaN, a repeated member or too many levels is refused.
 *
 * Example: {"qty":1.250} gives an object whose member qty is the JsonNumber "1.250".
 */
import type { Json } from '../codec.ts';
import { refuse } from './refusal.ts';

/** A number as it stands in the document. */
export class JsonNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** The nearest binary number; always finite. */
  get value(): number {
    return Number(this.text);
  }
}

export type JsonObject = ReadonlyMap<string, LexicalJson>;
export type LexicalJson = string | boolean | null | JsonNumber | LexicalJson[] | JsonObject;

/** Objects and arrays within each other; a payload of a store device has fewer than ten. */
export const maxDepth = 32;
const maxNumberDigits = 64;

const numberForm = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const quote = 0x22;
const comma = 0x2c;
const backslash = 0x5c;
const literals = [
  ['true', true],
  ['false', false],
  ['null', null],
] as const;
const escapes: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

class JsonReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): LexicalJson {
    const value = this.#value(1);
    if (!Number.isNaN(this.#next())) this.#fail('the end of the document');
    return value;
  }

  #fail(expected: string): never {
    const found = this.#text.slice(this.#at, this.#at + 12);
    return refuse('bad-json', `character ${this.#at}: ${expected} expected, found "${found}"`);
  }

  /** Code of the next character that is no blank; NaN at the end. */
  #next(): number {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return code;
      this.#at += 1;
    }
  }

  /** Takes the mark with this code when it comes next. */
  #takes(code: number): boolean {
    if (this.#next() !== code) return false;
    this.#at += 1;
    return true;
  }

  #value(depth: number): LexicalJson {
    if (depth > maxDepth) refuse('oversize', `more than ${maxDepth} levels`);
    const code = this.#next();
    if (code === quote) {
      this.#at += 1;
      return this.#string();
    }
    if (code === 0x2d || (code >= 0x30 && code <= 0x39)) return this.#number();
    if (code === 0x7b) return this.#object(depth);
    if (code === 0x5b) return this.#array(depth);
    for (const [word, value] of literals) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    }
    return this.#fail('a value');
  }

  #object(depth: number): JsonObject {
    const members = new Map<string, LexicalJson>();
    this.#at += 1;
    if (this.#takes(0x7d)) return members;
    do {
      if (!this.#takes(quote)) this.#fail('the name of a member');
      const name = this.#string();
      if (members.has(name)) refuse('bad-json', `two members "${name}" in one object`);
      if (!this.#takes(0x3a)) this.#fail('":"');
      members.set(name, this.#value(depth + 1));
    } while (this.#takes(comma));
    if (!this.#takes(0x7d)) this.#fail('"}"');
    return members;
  }

  #array(depth: number): LexicalJson[] {
    const items: LexicalJson[] = [];
    this.#at += 1;
    if (this.#takes(0x5d)) return items;
    do items.push(this.#value(depth + 1));
    while (this.#takes(comma));
    if (!this.#takes(0x5d)) this.#fail('"]"');
    return items;
  }

  /** The rest of a string whose opening quote was taken. */
  #string(): string {
    let out = '';
    let start = this.#at;
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code === quote || code === backslash) {
        out += this.#text.slice(start, this.#at);
        this.#at += 1;
        if (code === quote) return out;
        out += this.#escape();
        start = this.#at;
      } else if (code >= 0x20) {
        this.#at += 1;
      } else {
        // A control character, or (NaN) the end of the text.
        this.#fail('the end of a string');
      }
    }
  }

  #escape(): string {
    const letter = this.#text.charAt(this.#at);
    this.#at += 1;
    if (letter !== 'u') return escapes.get(letter) ?? this.#fail('an escape');
    const digits = this.#text.slice(this.#at, this.#at + 4);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) this.#fail('four hexadecimal digits');
    this.#at += 4;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  #number(): JsonNumber {
    numberForm.lastIndex = this.#at;
    const text = numberForm.exec(this.#text)?.[0];
    if (text === undefined) this.#fail('a value');
    this.#at += text.length;
    if (text.length > maxNumberDigits || !Number.isFinite(Number(text))) {
      refuse('out-of-range', `the number ${text.slice(0, 24)} is too long or too large`);
    }
    return new JsonNumber(text);
  }
}

/** Reads a JSON document. Refuses with bad-charset, bad-json, out-of-range or oversize. */
export function readJson(bytes: Uint8Array): LexicalJson {
  return new JsonReader(payloadText(bytes)).document();
}

/** Keeps nothing between calls: each `decode` without `stream` starts anew. */
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** UTF-8 text without byte order mark; refuses other bytes. */
export function payloadText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return refuse('bad-charset', 'the payload is not UTF-8');
  }
}

/**
 * The value as a `Meaning` holds it. An integer that a binary number cannot hold exactly becomes
 * its text.
 */
export function plainJson(value: LexicalJson): Json {
  if (value instanceof JsonNumber) {
    const isWhole = /^-?[0-9]+$/.test(value.text);
    return isWhole && !Number.isSafeInteger(value.value) ? value.text : value.value;
  }
  if (Array.isArray(value)) return value.map(plainJson);
  if (value instanceof Map) {
    // fromEntries, unlike assignment, takes a member "__proto__" for what it is.
    return Object.fromEntries([...value].map(([name, member]) => [name, plainJson(member)]));
  }
  // A JsonObject is always a Map, handled above.
  return value as string | boolean | null;
}
