/**
 * GS1 element strings: application identifier and value, one after the other, as a GS1-128,
 * DataBar, GS1 DataMatrix or GS1 QR code carries them.
 *
 * Where a value ends is known from its identifier when its length is predefined (00-04, 11-20,
 * 31-36, 41); every other value ends at FNC1, which scanners send as GS (0x1D), or at the end. A GS
 * behind a predefined length is superfluous and tolerated. A GS that is missing cannot be noticed:
 * the value swallows what follows. Everything that can be verified is: characters, lengths, check
 * digits, dates, codes; one fault refuses the whole string, because a reading that is half right
 * would book the wrong lot or the wrong quantity.
 *
 * An identifier may stand twice only with the same value, and some pairs contradict each other
 * ((01) says "this is", (02) says "this contains"). Some identifiers ask for others, e.g. (02) for
 * (37), the count; on the labels of a shelf or a case the other half is often in a second symbol,
 * so that a missing one is a warning, and a refusal only if asked for.
 *
 * Example: 0109506000134352 10ABC123<GS> 17271231 says GTIN, lot ABC123, use by 2027-12-31.
 */
import { type Reject, reject } from '../codec.ts';
import {
  type ApplicationIdentifier,
  type Component,
  leadingApplicationIdentifier,
  matchesPattern,
} from './application-identifiers.ts';
import { type CheckContext, characterFault, checkFault, type Fault } from './component-checks.ts';

export interface Element {
  /** The digits of the application identifier. */
  identifier: string;
  /** The value as scanned, without its separator. */
  value: string;
}

export interface ElementStringSettings {
  /** Resolves the century of two-digit years. */
  currentYear: number;
  /** Characters that stand for FNC1 besides GS, e.g. `|` or `~`. */
  separators?: readonly string[];
  /** Refuse strings in which an identifier's companion is missing. Default: only warn. */
  refusesMissingCompanions?: boolean;
}

export interface ElementString {
  elements: readonly Element[];
  /** What is missing beside an element, for people. */
  warnings: readonly string[];
}

export const groupSeparator = '\u001d';

/** More elements than any label carries; a longer string is an attack or noise. */
export const maxElements = 64;

function inParentheses({ identifier }: { identifier: string }): string {
  return `(${identifier})`;
}

function componentFault(
  component: Component,
  text: string,
  context: CheckContext,
): Fault | undefined {
  if (text.length < component.minLength) {
    const detail = `part has ${text.length} characters, expected ${component.minLength}`;
    return { error: 'bad-length', detail };
  }
  let fault = characterFault(text, component.characters);
  for (const check of component.checks) fault ??= checkFault(check, text, context);
  return fault;
}

/**
 * What is wrong with the value of an identifier; `undefined` if nothing. The value must hold
 * exactly what belongs to it.
 */
export function valueFault(
  identifier: ApplicationIdentifier,
  value: string,
  currentYear: number,
): Fault | undefined {
  const found = `${inParentheses(identifier)} has ${value.length} characters`;
  if (value === '') return { error: 'empty', detail: `${inParentheses(identifier)} has no value` };
  if (value.length < identifier.minLength) {
    return { error: 'bad-length', detail: `${found}, expected ${identifier.minLength} at least` };
  }
  if (value.length > identifier.maxLength) {
    return { error: 'bad-length', detail: `${found}, expected ${identifier.maxLength} at most` };
  }
  const context = { identifier: identifier.identifier, currentYear };
  let position = 0;
  for (const component of identifier.components) {
    const text = value.slice(position, position + component.maxLength);
    if (component.optional && text === '') continue;
    const fault = componentFault(component, text, context);
    if (fault !== undefined) {
      return { ...fault, detail: `${inParentheses(identifier)} ${fault.detail}` };
    }
    position += text.length;
  }
  return undefined;
}

/** Reads the elements of a scanned string; it begins with an identifier, not with FNC1. */
export function readElementString(
  text: string,
  settings: ElementStringSettings,
): ElementString | Reject {
  if (text === '') return reject('empty', 'no element strings');
  let rest = text;
  for (const separator of settings.separators ?? []) {
    rest = rest.replaceAll(separator, groupSeparator);
  }
  const elements: Element[] = [];
  while (rest !== '') {
    const identifier = leadingApplicationIdentifier(rest);
    if (identifier === undefined || elements.length === maxElements) {
      const start = JSON.stringify(rest.slice(0, 4));
      return reject('unknown-ai', `no application identifier begins with ${start}`);
    }
    rest = rest.slice(identifier.identifier.length);
    const separator = rest.indexOf(groupSeparator);
    const available = separator === -1 ? rest : rest.slice(0, separator);
    const value = identifier.isPredefinedLength
      ? available.slice(0, identifier.maxLength)
      : available;
    const fault = valueFault(identifier, value, settings.currentYear);
    if (fault !== undefined) return reject(fault.error, fault.detail);
    elements.push({ identifier: identifier.identifier, value });
    rest = rest.slice(value.length);
    if (rest.startsWith(groupSeparator)) rest = rest.slice(1);
  }
  return checkedTogether(elements, settings);
}

/**
 * Checks elements that belong to one item against each other: repeated identifiers, pairs that
 * exclude each other, missing companions.
 */
export function checkedTogether(
  elements: readonly Element[],
  settings: ElementStringSettings,
): ElementString | Reject {
  const present = elements.map(({ identifier }) => identifier);
  const warnings: string[] = [];
  for (const element of elements) {
    const other = elements.find(
      ({ identifier, value }) => identifier === element.identifier && value !== element.value,
    );
    if (other !== undefined) {
      return reject('duplicate-ai', `${inParentheses(element)} says two different things`);
    }
    const rules = leadingApplicationIdentifier(element.identifier);
    if (rules === undefined) continue;
    const excluded = excludedBeside(rules, present);
    if (excluded !== undefined) {
      return reject('duplicate-ai', `(${excluded}) contradicts ${inParentheses(element)}`);
    }
    warnings.push(...missingBeside(rules, present));
  }
  const [missing] = warnings;
  if (missing !== undefined && settings.refusesMissingCompanions === true) {
    return reject('missing-companion-ai', missing);
  }
  return { elements, warnings };
}

function excludedBeside(
  rules: ApplicationIdentifier,
  present: readonly string[],
): string | undefined {
  return present.find(
    (identifier) =>
      identifier !== rules.identifier &&
      rules.excludes.some((pattern) => matchesPattern(identifier, pattern)),
  );
}

function missingBeside(rules: ApplicationIdentifier, present: readonly string[]): string[] {
  const isPresent = (pattern: string) =>
    present.some(
      (identifier) => identifier !== rules.identifier && matchesPattern(identifier, pattern),
    );
  return rules.requires
    .filter((alternatives) => !alternatives.some((group) => group.every(isPresent)))
    .map((alternatives) => {
      const expected = alternatives.map((group) => group.map((ai) => `(${ai})`).join(' with '));
      return `${inParentheses(rules)} asks for ${expected.join(' or ')}`;
    });
}

/** Writes elements as a scanner would send them; the inverse of `readElementString`. */
export function writeElementString(elements: readonly Element[]): string {
  let text = '';
  let needsSeparator = false;
  for (const { identifier, value } of elements) {
    if (needsSeparator) text += groupSeparator;
    text += identifier + value;
    needsSeparator = leadingApplicationIdentifier(identifier)?.isPredefinedLength !== true;
  }
  return text;
}

/**
 * Reads the form printed for people, `(01)09506000134352(10)ABC123`, as typed at a keyboard. A
 * parenthesis inside a value is written `\(`. `undefined` when the text has another form.
 */
export function readBracketedElements(
  text: string,
  settings: ElementStringSettings,
): ElementString | Reject | undefined {
  if (!/^\([0-9]{2,4}\)/.test(text)) return undefined;
  const elements: Element[] = [];
  for (const part of text.split(/(?<!\\)\(/).slice(1)) {
    const match = /^([0-9]{2,4})\)(.*)$/s.exec(part);
    const identifier = match?.[1] ?? '';
    const rules = leadingApplicationIdentifier(identifier);
    if (rules === undefined || rules.identifier !== identifier) {
      return reject('unknown-ai', `no application identifier (${part.slice(0, 4)}`);
    }
    const value = (match?.[2] ?? '').replaceAll('\\(', '(');
    const fault = valueFault(rules, value, settings.currentYear);
    if (fault !== undefined) return reject(fault.error, fault.detail);
    elements.push({ identifier, value });
    if (elements.length > maxElements) return reject('oversize', 'too many elements');
  }
  return checkedTogether(elements, settings);
}
