/**
 * GS1 application identifiers (AI): the two to four digits that say what the value behind them
 * is. The rules of all of them come as data from the GS1 Barcode Syntax Dictionary; this file
 * turns the rows into lookups.
 */
import { applicationIdentifierTable, type TableRow } from './application-identifier-table.ts';

/** N digits, X the 82 characters of GS1, Y the 39 of component numbers, Z URI-safe base 64. */
export type CharacterSet = 'N' | 'X' | 'Y' | 'Z';

/** One part of a value; parts follow each other without separator. */
export interface Component {
  characters: CharacterSet;
  minLength: number;
  maxLength: number;
  /** An optional part may be missing when the value ends before it. */
  optional: boolean;
  /** Names of the checks that its content must pass, e.g. `csum`. */
  checks: readonly string[];
}

export interface ApplicationIdentifier {
  /** Two to four digits. */
  identifier: string;
  /** GS1's data title, e.g. `BATCH/LOT`. */
  title: string;
  /** Its length is predefined, so that no separator is needed behind it. */
  isPredefinedLength: boolean;
  components: readonly Component[];
  /** Sum of the components. */
  minLength: number;
  maxLength: number;
  /**
   * Each entry must be met by one of its groups; a group is met when all its patterns are there:
   * `[[['01', '21'], ['02']]]` means (01) with (21), or (02).
   */
  requires: readonly (readonly (readonly string[])[])[];
  /** Patterns of identifiers that must not stand beside it on the same item. */
  excludes: readonly string[];
  /** May be a query parameter of a GS1 Digital Link URI. */
  isDataAttribute: boolean;
  /** Primary key of a GS1 Digital Link: the allowed sequences of its qualifiers, in order. */
  qualifierSequences?: readonly (readonly string[])[];
}

function parseComponent(text: string): Component {
  const optional = text.startsWith('[');
  const [type = '', ...others] = text.replace('[', '').replace(']', '').split(',');
  const match = /^([NXYZ])(\.\.)?([0-9]+)$/.exec(type);
  if (match === null) throw new Error(`not a component: ${text}`);
  const maxLength = Number(match[3]);
  return {
    // The expression above admits these four letters only.
    characters: match[1] as CharacterSet,
    minLength: match[2] === undefined ? maxLength : 1,
    maxLength,
    optional,
    checks: others,
  };
}

function attributeValues(attributes: string, name: string): string[] {
  return attributes
    .split(' ')
    .filter((word) => word === name || word.startsWith(`${name}=`))
    .map((word) => word.slice(name.length + 1));
}

function parseRow(identifier: string, row: TableRow): ApplicationIdentifier {
  const [, flags, format, attributes, title] = row;
  const components = format.split(' ').map(parseComponent);
  const keys = attributeValues(attributes, 'dlpkey');
  const mandatory = components.filter((component) => !component.optional);
  return {
    identifier,
    title,
    isPredefinedLength: flags.includes('*'),
    components,
    minLength: mandatory.reduce((sum, component) => sum + component.minLength, 0),
    maxLength: components.reduce((sum, component) => sum + component.maxLength, 0),
    requires: attributeValues(attributes, 'req').map((alternatives) =>
      alternatives.split(',').map((group) => group.split('+')),
    ),
    excludes: attributeValues(attributes, 'ex').flatMap((patterns) => patterns.split(',')),
    isDataAttribute: flags.includes('?'),
    ...(keys.length > 0 && {
      qualifierSequences: keys.flatMap((key) =>
        key.split('|').map((sequence) => (sequence === '' ? [] : sequence.split(','))),
      ),
    }),
  };
}

function identifiersOf(range: string): string[] {
  const [first = '', last = first] = range.split('-');
  const identifiers: string[] = [];
  for (let value = Number(first); value <= Number(last); value += 1) {
    identifiers.push(String(value).padStart(first.length, '0'));
  }
  return identifiers;
}

const byIdentifier: ReadonlyMap<string, ApplicationIdentifier> = new Map(
  applicationIdentifierTable.flatMap((row) =>
    identifiersOf(row[0]).map((identifier) => [identifier, parseRow(identifier, row)] as const),
  ),
);

/** All identifiers that begin with the same two digits have the same length. */
const lengthByPrefix: ReadonlyMap<string, number> = new Map(
  [...byIdentifier.keys()].map((identifier) => [identifier.slice(0, 2), identifier.length]),
);

/** The identifier with exactly these digits. */
export function applicationIdentifier(digits: string): ApplicationIdentifier | undefined {
  return byIdentifier.get(digits);
}

/** The identifier that an element string begins with. */
export function leadingApplicationIdentifier(text: string): ApplicationIdentifier | undefined {
  const length = lengthByPrefix.get(text.slice(0, 2));
  return length === undefined ? undefined : byIdentifier.get(text.slice(0, length));
}

/** Every identifier of the dictionary. */
export function allApplicationIdentifiers(): ApplicationIdentifier[] {
  return [...byIdentifier.values()];
}

/** True when the identifier fits a pattern of the dictionary, in which `n` stands for a digit. */
export function matchesPattern(identifier: string, pattern: string): boolean {
  if (identifier.length !== pattern.length) return false;
  const fixed = pattern.replace(/n+$/, '');
  return identifier.startsWith(fixed);
}

/**
 * Whether the identifiers `qualifiers` may follow the primary key in a Digital Link path: some
 * sequence of the key must hold them all, in its own order.
 */
export function mayQualify(key: ApplicationIdentifier, qualifiers: readonly string[]): boolean {
  return (key.qualifierSequences ?? []).some((sequence) => {
    let position = -1;
    return qualifiers.every((qualifier) => {
      const next = sequence.indexOf(qualifier, position + 1);
      position = next;
      return next !== -1;
    });
  });
}
