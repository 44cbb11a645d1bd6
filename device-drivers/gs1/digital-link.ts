/**
 * GS1 Digital Link URIs: a web address that carries GS1 keys, as QR codes on packages do.
 *
 * The path ends in a primary key and its qualifiers, `/01/<GTIN>/10/<lot>`, in the order that the
 * key prescribes; in front of them the owner of the domain may put a path of his own. Attributes
 * follow as query parameters, `?17=271231`. Parameters whose names are not digits belong to the web
 * page and are ignored; names of digits must be application identifiers. Values are
 * percent-decoded; `+` is a plus sign in the path and a space in the query. What follows `#` is
 * ignored.
 *
 * Example: https://id.gs1.org/01/09520123456788/10/ABC%2F1?17=271231#x says GTIN 09520123456788, lot
 * ABC/1, use by 2027-12-31. Source: GS1 Digital Link Standard: URI Syntax; and the unit tests of
 * the GS1 Barcode Syntax Engine 1.4.1 for what is accepted.
 */
import { isDigits } from '@stockhand/proto/vocabulary/gs1-keys.ts';
import { type Reject, reject } from '../codec.ts';
import {
  type ApplicationIdentifier,
  allApplicationIdentifiers,
  applicationIdentifier,
  mayQualify,
} from './application-identifiers.ts';
import {
  checkedTogether,
  type Element,
  type ElementString,
  type ElementStringSettings,
  maxElements,
  valueFault,
} from './element-string.ts';

export interface DigitalLinkSettings extends ElementStringSettings {
  /**
   * Take GTINs of 8, 12 or 13 digits in the path, as the first version of the standard allowed,
   * and fill them up to 14. Default: refuse them.
   */
  permitsShortGtin?: boolean;
}

const uriCharacters = /^[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]*$/;
const schemes = ['https://', 'HTTPS://', 'http://', 'HTTP://'];
/** Domains are not checked for existence or form, only for characters that none may hold. */
const domainCharacters = /^[A-Za-z0-9\-.:[\]]+$/;

/** True when the text begins like a web address; a Digital Link must, in one case. */
export function isWebAddress(text: string): boolean {
  return schemes.some((scheme) => text.startsWith(scheme));
}

interface Parts {
  path: string;
  query: string;
}

function partsOf(uri: string): Parts | Reject {
  if (!uriCharacters.test(uri)) {
    return reject('not-digital-link', 'holds characters that no URI may hold');
  }
  const scheme = schemes.find((candidate) => uri.startsWith(candidate));
  if (scheme === undefined) {
    return reject('not-digital-link', 'begins with neither http:// nor https://');
  }
  const afterScheme = uri.slice(scheme.length);
  const slash = afterScheme.indexOf('/');
  if (slash < 1) return reject('not-digital-link', 'names no domain with a path');
  if (!domainCharacters.test(afterScheme.slice(0, slash))) {
    return reject('not-digital-link', 'the domain holds characters that none may hold');
  }
  const [beforeFragment = ''] = afterScheme.slice(slash).split('#');
  const mark = beforeFragment.indexOf('?');
  if (mark === -1) return { path: beforeFragment, query: '' };
  return { path: beforeFragment.slice(0, mark), query: beforeFragment.slice(mark + 1) };
}

/** Percent-decoded text, one character for each byte; `undefined` when it holds a NUL. */
export function percentDecoded(text: string, isQuery: boolean): string | undefined {
  const spaced = isQuery ? text.replaceAll('+', ' ') : text;
  const decoded = spaced.replaceAll(/%([0-9A-Fa-f]{2})/g, (_match, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
  return decoded.includes('\u0000') ? undefined : decoded;
}

/** The pairs of identifier and value at the end of the path, from the rightmost primary key on. */
function keyPairs(path: string): [ApplicationIdentifier, string][] | undefined {
  const segments = path.split('/');
  const pairs: [ApplicationIdentifier, string][] = [];
  for (let index = segments.length - 2; index >= 1; index -= 2) {
    const identifier = applicationIdentifier(segments[index] ?? '');
    if (identifier === undefined) return undefined;
    pairs.unshift([identifier, segments[index + 1] ?? '']);
    if (identifier.qualifierSequences !== undefined) return pairs;
  }
  return undefined;
}

function filledGtin(identifier: string, value: string): string {
  const isShortGtin = identifier === '01' && [8, 12, 13].includes(value.length);
  return isShortGtin ? value.padStart(14, '0') : value;
}

function decodedElement(
  identifier: ApplicationIdentifier,
  encoded: string,
  isQuery: boolean,
  settings: DigitalLinkSettings,
): Element | Reject {
  const decoded = percentDecoded(encoded, isQuery);
  if (decoded === undefined) {
    return reject('bad-charset', `(${identifier.identifier}) holds a NUL character`);
  }
  const fills = isQuery || settings.permitsShortGtin === true;
  const value = fills ? filledGtin(identifier.identifier, decoded) : decoded;
  const fault = valueFault(identifier, value, settings.currentYear);
  if (fault !== undefined) return reject(fault.error, fault.detail);
  return { identifier: identifier.identifier, value };
}

function isElement(result: Element | Reject): result is Element {
  return 'identifier' in result;
}

const qualifiers: ReadonlySet<string> = new Set(
  allApplicationIdentifiers().flatMap((key) => (key.qualifierSequences ?? []).flat()),
);

function attributeFault(
  attribute: ApplicationIdentifier,
  path: readonly ApplicationIdentifier[],
): Reject | undefined {
  const [key, ...others] = path;
  const name = `(${attribute.identifier})`;
  if (!attribute.isDataAttribute) {
    const error = qualifiers.has(attribute.identifier) ? 'qualifier-in-query' : 'unknown-ai';
    return reject(error, `${name} may not be a query parameter`);
  }
  const present = others.map(({ identifier }) => identifier);
  for (let index = 0; index <= present.length && key !== undefined; index += 1) {
    const extended = present.toSpliced(index, 0, attribute.identifier);
    if (mayQualify(key, extended)) {
      return reject('qualifier-in-query', `${name} belongs into the path, as a qualifier`);
    }
  }
  return undefined;
}

function readQuery(
  query: string,
  path: readonly ApplicationIdentifier[],
  settings: DigitalLinkSettings,
): Element[] | Reject {
  const elements: Element[] = [];
  const seen = new Set(path.map(({ identifier }) => identifier));
  for (const parameter of query.split('&')) {
    const equals = parameter.indexOf('=');
    const name = parameter.slice(0, equals);
    if (equals === -1 || !isDigits(name)) continue;
    const identifier = applicationIdentifier(name);
    if (identifier === undefined) {
      return reject('unknown-ai', `no application identifier (${name.slice(0, 8)})`);
    }
    const element = decodedElement(identifier, parameter.slice(equals + 1), true, settings);
    if (!isElement(element)) return element;
    if (seen.has(name)) return reject('duplicate-ai', `(${name}) stands twice`);
    seen.add(name);
    const fault = attributeFault(identifier, path);
    if (fault !== undefined) return fault;
    elements.push(element);
    if (elements.length > maxElements) return reject('oversize', 'too many parameters');
  }
  return elements;
}

/** Reads the elements of a Digital Link URI: key, qualifiers, then attributes as they stand. */
export function readDigitalLink(
  uri: string,
  settings: DigitalLinkSettings,
): ElementString | Reject {
  const parts = partsOf(uri);
  if ('kind' in parts) return parts;
  const pairs = keyPairs(parts.path);
  if (pairs === undefined) {
    return reject('not-digital-link', 'the path ends in no GS1 key with its value');
  }
  const elements: Element[] = [];
  for (const [identifier, encoded] of pairs) {
    const element = decodedElement(identifier, encoded, false, settings);
    if (!isElement(element)) return element;
    elements.push(element);
  }
  const path = pairs.map(([identifier]) => identifier);
  const [key, ...following] = path;
  const order = following.map(({ identifier }) => identifier);
  if (key === undefined || !mayQualify(key, order)) {
    const found = order.map((identifier) => `(${identifier})`).join(', ');
    return reject('not-digital-link', `(${key?.identifier}) may not be followed by ${found}`);
  }
  const attributes = readQuery(parts.query, path, settings);
  if (!Array.isArray(attributes)) return attributes;
  return checkedTogether([...elements, ...attributes], settings);
}

function percentEncoded(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9\-._~]/g, (character) => {
    const code = character.charCodeAt(0).toString(16).toUpperCase();
    return `%${code.padStart(2, '0')}`;
  });
}

/**
 * Writes elements as a Digital Link; the inverse of `readDigitalLink` but for the order of the
 * attributes. The first primary key becomes the key of the path. Throws a RangeError when there is
 * none, or when an element may stand neither in path nor query.
 */
export function writeDigitalLink(elements: readonly Element[], stem: string): string {
  const key = elements
    .map(({ identifier }) => applicationIdentifier(identifier))
    .find((identifier) => identifier?.qualifierSequences !== undefined);
  if (key === undefined) throw new RangeError('no primary key of a Digital Link');
  const present = new Map(elements.map(({ identifier, value }) => [identifier, value]));
  const [sequence = []] = (key.qualifierSequences ?? [])
    .map((candidate) => candidate.filter((identifier) => present.has(identifier)))
    .sort((left, right) => right.length - left.length);
  const inPath = [key.identifier, ...sequence];
  const path = inPath.map((ai) => `/${ai}/${percentEncoded(present.get(ai) ?? '')}`).join('');
  const query = [...present]
    .filter(([identifier]) => !inPath.includes(identifier))
    .map(([identifier, value]) => `${identifier}=${percentEncoded(value)}`)
    .join('&');
  const uri = `${stem.replace(/\/$/, '')}${path}${query === '' ? '' : `?${query}`}`;
  const reread = readDigitalLink(uri, { currentYear: 2000 });
  if ('kind' in reread) throw new RangeError(reread.detail);
  return uri;
}
