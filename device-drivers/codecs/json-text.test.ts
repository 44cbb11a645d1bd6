import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../codec.ts';
import { JsonNumber, type LexicalJson, maxDepth, plainJson, readJson } from './json-text.ts';
import { Refusal } from './refusal.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** As JSON.parse would give it: all numbers binary. */
function asParsed(value: LexicalJson): unknown {
  if (value instanceof JsonNumber) return value.value;
  if (Array.isArray(value)) return value.map(asParsed);
  if (!(value instanceof Map)) return value;
  return Object.fromEntries([...value].map(([name, member]) => [name, asParsed(member)]));
}

function read(text: string): { value: Json } | { refused: string } {
  try {
    return { value: plainJson(readJson(bytesOf(text))) };
  } catch (error) {
    if (error instanceof Refusal) return { refused: error.reason };
    throw error;
  }
}

function parsed(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

describe('readJson', () => {
  test('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 8 }),
        fc.constantFrom(undefined, 1, '\t'),
        (value, indent) => {
          const text = JSON.stringify(value, null, indent);
          expect(asParsed(readJson(bytesOf(text)))).toEqual(JSON.parse(text));
        },
      ),
    );
  });

  test('refuses what JSON.parse refuses, and damage that it takes only where it is ambiguous', () => {
    const damage = fc.tuple(fc.nat(), fc.constantFrom(...'{}[]",:0e.-+\\u1tn \n'));
    const document = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.stringify(value));
    fc.assert(
      fc.property(document, fc.array(damage, { minLength: 1, maxLength: 3 }), (text, changes) => {
        const characters = [...text];
        for (const [at, to] of changes) characters[at % characters.length] = to;
        const damaged = characters.join('');
        const expected = parsed(damaged);
        const found = read(damaged);
        if (expected === undefined) expect(found).toHaveProperty('refused');
        else if ('value' in found) {
          expect(asParsed(readJson(bytesOf(damaged)))).toEqual(expected.value);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('keeps numbers as they were written', () => {
    for (const text of ['0.10', '-0', '1e3', '12345678901234567890.5']) {
      expect(readJson(bytesOf(text))).toEqual(new JsonNumber(text));
    }
  });

  test('an integer that a double cannot hold is text', () => {
    expect(read('[9007199254740991,9007199254740993]')).toEqual({
      value: [9007199254740991, '9007199254740993'],
    });
  });

  test.each([
    ['{"a":1,"a":2}', 'bad-json'],
    ['{"a":1,"\\u0061":2}', 'bad-json'],
    ['1e999', 'out-of-range'],
    ['-1e999', 'out-of-range'],
    [`0.${'1'.repeat(70)}`, 'out-of-range'],
    ['NaN', 'bad-json'],
    ['Infinity', 'bad-json'],
    ['01', 'bad-json'],
    ['1.', 'bad-json'],
    ['.5', 'bad-json'],
    ['+1', 'bad-json'],
    ["{'a':1}", 'bad-json'],
    ['{"a":1,}', 'bad-json'],
    ['[1,]', 'bad-json'],
    ['"\\x"', 'bad-json'],
    ['"\n"', 'bad-json'],
    ['"', 'bad-json'],
    ['1 2', 'bad-json'],
    ['', 'bad-json'],
    ['// no\n1', 'bad-json'],
    ['['.repeat(maxDepth + 1), 'oversize'],
  ])('refuses %s', (text, reason) => {
    expect(read(text)).toEqual({ refused: reason });
  });

  test('refuses bytes that are not UTF-8', () => {
    expect(() => readJson(Uint8Array.of(0x22, 0xc3, 0x22))).toThrow(Refusal);
  });

  test('takes a byte order mark', () => {
    expect(read('\ufeff[1]')).toEqual({ value: [1] });
  });

  test('a member named __proto__ is a member', () => {
    const value = plainJson(readJson(bytesOf('{"__proto__":{"polluted":true}}')));
    expect(Object.keys(Object(value))).toEqual(['__proto__']);
    expect(Object(value).polluted).toBeUndefined();
  });
});
