/** MT-SICS lines out of meanings: commands of the host, and replies for a simulated scale. */

import type { CodecContext, Meaning } from '../codec.ts';
import { bytesOf } from './ascii.ts';
import { commandFor, flagsOf, textMember, unsayable } from './commands.ts';
import { errorsWithoutId, type MtSicsCommand, mtSicsCommands } from './mt-sics-words.ts';
import { splitDecimal } from './weight-text.ts';

/** Value right-aligned in 10 characters, then the unit, as the manual prints it. */
function valueField(value: string, unit: string): string {
  splitDecimal(value);
  if (value.length > 10) {
    throw new RangeError(`the weight ${value} is wider than 10 characters`);
  }
  return `${value.padStart(10)} ${unit}`;
}

function quoted(text: string): string {
  if (!/^[\x20\x21\x23-\x7e]*$/.test(text)) {
    throw new RangeError(`${JSON.stringify(text)} cannot be quoted in a line`);
  }
  return `"${text}"`;
}

/** Bytes of one line (several for a list). Throws a RangeError for what MT-SICS cannot say. */
export function encodeMtSics(meaning: Meaning, _context: CodecContext): Uint8Array {
  return bytesOf(`${lineOf(meaning)}\r\n`);
}

function lineOf(meaning: Meaning): string {
  const letter = meaning['stable'] === false ? 'D' : 'S';
  switch (meaning.kind) {
    case 'command':
      return commandLine(meaning);
    case 'weight':
      return `S ${letter} ${valueField(textMember(meaning, 'value'), textMember(meaning, 'unit'))}`;
    case 'percent':
      return `S ${letter} ${valueField(textMember(meaning, 'value'), '%')}`;
    case 'count':
      return `S ${letter} ${valueField(textMember(meaning, 'value'), 'PCS')}`;
    case 'status':
      return statusLine(meaning);
    case 'error':
      return errorLine(meaning);
    case 'tare': {
      const status = meaning['stable'] === undefined ? 'A' : letter;
      const field = valueField(textMember(meaning, 'value'), textMember(meaning, 'unit'));
      return `${meaning['command'] ?? 'TA'} ${status} ${field}`;
    }
    case 'ack':
      return `${textMember(meaning, 'command')} ${meaning['stable'] === undefined ? 'A' : letter}`;
    case 'info':
      return `${textMember(meaning, 'command')} A ${quotedAll(meaning['values'] ?? [meaning['value'] ?? null])}`;
    case 'list':
      return listLines(meaning);
    default:
      throw unsayable('mt-sics', meaning);
  }
}

function commandLine(meaning: Meaning): string {
  // TA and I10 mean a question without a parameter and a setting with one.
  const hasValue = meaning['value'] !== undefined || meaning['text'] !== undefined;
  const fitting = mtSicsCommands.filter((word) => (word.takes !== undefined) === hasValue);
  const command: MtSicsCommand = commandFor(fitting, meaning);
  if (command.takes === 'weight') {
    return `${command.wire} ${textMember(meaning, 'value')} ${textMember(meaning, 'unit')}`;
  }
  return command.takes === 'text'
    ? `${command.wire} ${quoted(textMember(meaning, 'text'))}`
    : command.wire;
}

function statusLine(meaning: Meaning): string {
  const flags = flagsOf(meaning);
  if (flags.length === 1 && flags[0] === 'overload') {
    return 'S +';
  }
  if (flags.length === 1 && flags[0] === 'underload') {
    return 'S -';
  }
  throw unsayable('mt-sics', meaning);
}

function errorLine(meaning: Meaning): string {
  const error = textMember(meaning, 'error');
  const bare = Object.entries(errorsWithoutId).find(([, name]) => name === error);
  if (bare !== undefined) {
    return bare[0];
  }
  const letters: Readonly<Record<string, string>> = {
    'not-executable': 'I',
    'wrong-parameter': 'L',
    'above-zero-range': '+',
    'above-tare-range': '+',
    'below-zero-range': '-',
    'below-tare-range': '-',
  };
  const letter = letters[error];
  if (letter === undefined) {
    throw unsayable('mt-sics', meaning);
  }
  return `${textMember(meaning, 'command')} ${letter}`;
}

function quotedAll(values: unknown): string {
  if (!Array.isArray(values) || !values.every((value) => typeof value === 'string')) {
    throw new RangeError('an info needs its values as texts');
  }
  return values.map(quoted).join(' ');
}

function listLines(meaning: Meaning): string {
  const command = textMember(meaning, 'command');
  const lines = meaning['lines'];
  if (!Array.isArray(lines)) {
    throw new RangeError('a list needs its lines');
  }
  const more = lines.map((values) => `${command} B ${quotedAll(values)}`);
  return meaning['more'] === true ? more.join('\r\n') : [...more, `${command} A`].join('\r\n');
}
