import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  allApplicationIdentifiers,
  applicationIdentifier,
  leadingApplicationIdentifier,
  matchesPattern,
  mayQualify,
} from './application-identifiers.ts';
import { knowsCheck } from './component-checks.ts';
import { tableSource } from './dictionary/generate.ts';

const here = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');

describe('the table of application identifiers', () => {
  it('is what the generator makes of the dictionary', () => {
    const dictionary = here('dictionary/gs1-syntax-dictionary.txt');
    expect(here('application-identifier-table.ts')).toBe(tableSource(dictionary));
  });

  it('names only checks that exist', () => {
    const names = allApplicationIdentifiers().flatMap(({ components }) =>
      components.flatMap(({ checks }) => checks),
    );
    expect(names.filter((name) => !knowsCheck(name))).toEqual([]);
  });

  it('has predefined lengths exactly where the General Specifications say so', () => {
    const prefixes = allApplicationIdentifiers()
      .filter(({ isPredefinedLength }) => isPredefinedLength)
      .map(({ identifier }) => Number(identifier.slice(0, 2)));
    const range = (from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, index) => from + index);
    // (04), (14), (18) and (19) are reserved as predefined, but not in use.
    const expected = [0, 1, 2, 3, ...range(11, 13), ...range(15, 17), 20, ...range(31, 36), 41];
    expect([...new Set(prefixes)]).toEqual(expected);
    for (const identifier of allApplicationIdentifiers()) {
      if (!identifier.isPredefinedLength) continue;
      expect(identifier.minLength).toBe(identifier.maxLength);
    }
  });

  it('gives all identifiers with the same two digits the same length', () => {
    for (const { identifier } of allApplicationIdentifiers()) {
      expect(leadingApplicationIdentifier(`${identifier}0000`)?.identifier).toBe(identifier);
    }
  });

  it('knows ranges, and nothing between them', () => {
    expect(applicationIdentifier('3103')?.title).toBe('NET WEIGHT (kg)');
    expect(applicationIdentifier('3106')).toBeUndefined();
    expect(applicationIdentifier('99')?.maxLength).toBe(90);
    expect(applicationIdentifier('89')).toBeUndefined();
    expect(leadingApplicationIdentifier('2')).toBeUndefined();
    expect(leadingApplicationIdentifier('23XY')).toBeUndefined();
  });
});

describe('matchesPattern', () => {
  it.each([
    ['3103', '310n', true],
    ['3103', '31nn', true],
    ['3203', '31nn', false],
    ['310', '310n', false],
    ['02', '02', true],
  ])('%s fits %s: %s', (identifier, pattern, expected) => {
    expect(matchesPattern(identifier, pattern)).toBe(expected);
  });
});

describe('mayQualify', () => {
  it.each<[string, string[], boolean]>([
    ['01', [], true],
    ['01', ['22', '10', '21'], true],
    ['01', ['22', '21'], true],
    ['01', ['10', '22'], false],
    ['01', ['235'], true],
    ['01', ['10', '235'], false],
    ['414', ['254'], true],
    ['414', ['7040'], true],
    ['00', ['10'], false],
  ])('(%s) followed by %j: %s', (key, qualifiers, expected) => {
    const rules = applicationIdentifier(key);
    expect(rules !== undefined && mayQualify(rules, qualifiers)).toBe(expected);
  });
});
