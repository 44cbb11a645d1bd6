/**
 * Host commands by name. A protocol's table pairs the plain name that decoding gives with the
 * bytes on the wire; encoding also takes the wire form itself and other names people use for it.
 */

import type { Meaning } from '../codec.ts';

export interface CommandWord {
  /** Plain name, as decoding says it: "zero", "clear-tare", "send-stable". */
  name: string;
  /** The word on the wire, without terminator: "Z", "TAC". */
  wire: string;
  /** Further names that `encode` accepts. */
  also?: readonly string[];
}

/** The command that a `command` meaning asks for. Throws a RangeError for an unknown name. */
export function commandFor(table: readonly CommandWord[], meaning: Meaning): CommandWord {
  const name = meaning['name'];
  const found =
    table.find((word) => word.name === name) ??
    table.find((word) => word.wire === name) ??
    table.find((word) => typeof name === 'string' && word.also?.includes(name) === true);
  if (found === undefined) {
    const known = table.map((word) => word.name).join(', ');
    throw new RangeError(`no command ${JSON.stringify(name)}; known: ${known}`);
  }
  return found;
}

/** A text member of a meaning. Throws a RangeError that names the member when it is missing. */
export function textMember(meaning: Meaning, name: string): string {
  const value = meaning[name];
  if (typeof value !== 'string' || value === '') {
    throw new RangeError(`a ${meaning.kind} needs ${name} as text, not ${JSON.stringify(value)}`);
  }
  return value;
}

/** The flags of a status meaning. Throws a RangeError when they are not a list of names. */
export function flagsOf(meaning: Meaning): string[] {
  const flags = meaning['flags'];
  if (!Array.isArray(flags) || !flags.every((flag) => typeof flag === 'string')) {
    throw new RangeError(`a status needs flags as a list of names, not ${JSON.stringify(flags)}`);
  }
  return flags;
}

export function unsayable(protocol: string, meaning: Meaning): RangeError {
  return new RangeError(`${protocol} has no frame for ${JSON.stringify(meaning)}`);
}
