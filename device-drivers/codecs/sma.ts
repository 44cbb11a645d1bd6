/**
 * SMA SCP-0499, the protocol of the Scale Manufacturers Association, level 1 and 2 (Brecknell,
 * Avery Weigh-Tronix, Detecto and others). Commands and replies stand between LF and CR.
 *
 *     LF W CR  →  LF ␠1G␠␠␠␠␠␠␠1.250kg␠ CR
 *
 * One character each: status (space nothing, Z centre of zero, O over capacity, U under capacity,
 * E zero error, I initial zero error, T tare error), range, kind (G gross, N net, T tare; lower
 * case in high resolution), motion (M or space), reserved; then ten for the weight and three for
 * the unit. With O, U, E, I and T there is no weight to use: dashes stand in its place.
 *
 * Source: SMA SCP-0499 sections 4 and 5.
 */

import type { Codec, Direction, Meaning } from '../codec.ts';
import { enclosedFrames } from '../framing/enclosed.ts';
import { bytesOf, note, printable, textOf } from './ascii.ts';
import { type CommandWord, commandFor, flagsOf, textMember, unsayable } from './commands.ts';
import { refuse, streamDecoder, type Understood } from './stream.ts';
import { readDecimal, readUnit, splitDecimal, withoutPadding } from './weight-text.ts';

const commands: readonly CommandWord[] = [
  { wire: 'W', name: 'weight', also: ['weight-request', 'request-weight'] },
  { wire: 'H', name: 'weight-high-resolution', also: ['high-resolution'] },
  { wire: 'P', name: 'displayed-weight' },
  { wire: 'Q', name: 'displayed-weight-high-resolution' },
  { wire: 'Z', name: 'zero' },
  { wire: 'T', name: 'tare' },
  { wire: 'T', name: 'set-tare', also: ['preset-tare'] },
  { wire: 'M', name: 'tare-weight', also: ['query-tare'] },
  { wire: 'C', name: 'clear-tare' },
  { wire: 'U', name: 'change-unit', also: ['next-unit', 'units'] },
  { wire: 'U', name: 'set-unit' },
  { wire: 'R', name: 'repeat', also: ['repeat-weight', 'continuous'] },
  { wire: 'S', name: 'repeat-high-resolution' },
  { wire: 'D', name: 'diagnostics' },
  { wire: 'A', name: 'about' },
  { wire: 'B', name: 'about-next' },
  { wire: 'I', name: 'information' },
  { wire: 'N', name: 'information-next' },
  { wire: '\x1b', name: 'abort', also: ['escape'] },
];

const statusFlags: Readonly<Record<string, string>> = {
  O: 'over-capacity',
  U: 'under-capacity',
  E: 'zero-error',
  I: 'initial-zero-error',
  T: 'tare-error',
};

/** Flag names of our readings: both zero errors mean that zero could not be found. */
function flagOf(status: string): string | undefined {
  return status === 'I' ? 'zero-error' : statusFlags[status];
}

const replyForm = /^([ ZOUEIT])(.)([GNTgnt])([M ])(.)(.{10})(.{3})$/;

function readWeight(match: RegExpExecArray): Understood {
  const [, status = '', , kind = '', motion, , field = '', unitField = ''] = match;
  const flag = flagOf(status);
  const moving = motion === 'M';
  const notes = [
    note('status', status, flag ?? (status === 'Z' ? 'centre of zero' : 'nothing to report')),
    note('kind', kind, kind.toUpperCase() === 'N' ? 'net' : 'gross or tare'),
    note('motion', motion ?? '', moving ? 'in motion' : 'still'),
    note('weight', field + unitField, 'weight and unit'),
  ];
  if (flag !== undefined) {
    return { meaning: { kind: 'status', flags: [flag, ...(moving ? ['motion'] : [])] }, notes };
  }
  const value = readDecimal(withoutPadding(field));
  if (value === undefined) {
    return refuse('bad-number', `${printable(field)} is not a weight`, notes);
  }
  const unit = readUnit(unitField.replaceAll('_', ' '));
  if (unit === undefined) {
    return refuse('bad-unit', `${printable(unitField)} is not a unit of weight`, notes);
  }
  const common = { value, unit, stable: !moving, high_resolution: kind !== kind.toUpperCase() };
  if (kind.toUpperCase() === 'T') {
    return { meaning: { kind: 'tare', ...common }, notes };
  }
  const state = { net: kind.toUpperCase() === 'N', zero: status === 'Z' };
  return { meaning: { kind: 'weight', ...common, ...state }, notes };
}

function readReply(frame: Uint8Array): Understood {
  const text = textOf(frame.subarray(1, -1));
  if (!/^[\x20-\x7e]*$/.test(text)) {
    return refuse('bad-charset', `not plain text: ${printable(text)}`);
  }
  if (text === '?' || text === '!') {
    const error = text === '?' ? 'unknown-command' : 'communication';
    return { meaning: { kind: 'error', error }, notes: [note('reply', text, error)] };
  }
  const info = /^([A-Z][A-Z0-9_ ]{2}): ?(.*)$/.exec(text);
  if (info !== null) {
    const [, name = '', value = ''] = info;
    const field = name.replace(/[_ ]+$/, '');
    return { meaning: { kind: 'info', field, value }, notes: [note('field', name, value)] };
  }
  if (/^[ A-Z]{4}$/.test(text)) {
    const notes = [note('diagnostics', text, 'one letter per fault, spaces are none')];
    return { meaning: { kind: 'info', field: 'diagnostics', value: text.trim() }, notes };
  }
  if (text.length !== 18) {
    return refuse('bad-length', `18 characters expected, found ${text.length}`);
  }
  const match = replyForm.exec(text);
  return match === null
    ? refuse('bad-status', `unknown status characters: ${printable(text.slice(0, 5))}`)
    : readWeight(match);
}

function readCommand(frame: Uint8Array): Understood {
  const text = textOf(frame.subarray(1, -1));
  const [letter = '', argument] = [text.slice(0, 1), text.slice(1).trim()];
  const base: Meaning = { kind: 'command', name: '', command: letter };
  const notes = [note('command', text, 'command of the host')];
  if (letter === 'T' && argument !== '') {
    const value = readDecimal(argument);
    return value === undefined
      ? refuse('bad-number', `${printable(argument)} is not a tare`)
      : { meaning: { ...base, name: 'set-tare', value }, notes };
  }
  if (letter === 'U' && argument !== '') {
    const unit = readUnit(argument.replaceAll('_', ' '));
    return unit === undefined
      ? refuse('bad-unit', `${printable(argument)} is not a unit of weight`)
      : { meaning: { ...base, name: 'set-unit', unit }, notes };
  }
  const command = commands.find((word) => word.wire === text);
  return command === undefined
    ? refuse('bad-header', `${printable(text)} is not a command`)
    : { meaning: { ...base, name: command.name }, notes };
}

function decoder(direction: Direction) {
  const framer = enclosedFrames({ start: 0x0a, end: 0x0d });
  return streamDecoder(framer, direction === 'host->device' ? readCommand : readReply);
}

function weightBody(meaning: Meaning, kind: string): string {
  const value = textMember(meaning, 'value');
  splitDecimal(value);
  if (value.length > 10) {
    throw new RangeError(`the weight ${value} is wider than 10 characters`);
  }
  const letter = meaning['high_resolution'] === true ? kind.toLowerCase() : kind;
  const motion = meaning['stable'] === false ? 'M' : ' ';
  const status = meaning['zero'] === true ? 'Z' : ' ';
  const unit = textMember(meaning, 'unit').padEnd(3);
  return `${status}1${letter}${motion} ${value.padStart(10)}${unit}`;
}

function bodyOf(meaning: Meaning): string {
  switch (meaning.kind) {
    case 'weight':
      return weightBody(meaning, meaning['net'] === true ? 'N' : 'G');
    case 'tare':
      return weightBody(meaning, 'T');
    case 'status': {
      const flags = flagsOf(meaning);
      const letter = Object.keys(statusFlags).find((key) => statusFlags[key] === flags[0]);
      const rest = flags.slice(1);
      if (letter === undefined || rest.some((flag) => flag !== 'motion')) {
        throw unsayable('sma', meaning);
      }
      return `${letter}1G${rest.length > 0 ? 'M' : ' '} ${'-'.repeat(10)}kg `;
    }
    case 'error':
      if (meaning['error'] !== 'unknown-command' && meaning['error'] !== 'communication') {
        throw unsayable('sma', meaning);
      }
      return meaning['error'] === 'communication' ? '!' : '?';
    case 'info': {
      const field = textMember(meaning, 'field');
      const value = meaning['value'] ?? '';
      return field === 'diagnostics' ? `${value}`.padEnd(4) : `${field.padEnd(3, '_')}:${value}`;
    }
    case 'command': {
      const command = commandFor(commands, meaning);
      const takes = command.name === 'set-tare' ? 'value' : 'unit';
      const isSetting = command.name === 'set-tare' || command.name === 'set-unit';
      return `${command.wire}${isSetting ? textMember(meaning, takes) : ''}`;
    }
    default:
      throw unsayable('sma', meaning);
  }
}

export const sma: Codec = {
  protocol: 'sma',
  title: 'SMA SCP-0499 level 1 and 2',
  group: 'scale',
  source: 'SMA SCP-0499 (1999, Mod 1 2005) sections 4 and 5',
  line: '9600 8N1',
  settings: [],
  decoder: ({ direction }) => decoder(direction),
  encode: (meaning) => bytesOf(`\n${bodyOf(meaning)}\r`),
};
