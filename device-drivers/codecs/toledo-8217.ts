/**
 * Toledo 8217 ("NCR/8217"), the single-letter protocol of checkout scales, and Datalogic's SASI,
 * which looks the same and numbers its status otherwise.
 *
 *     W                     give me the weight
 *     STX 01.250 CR         1.250 kg (three decimals), 12.34 would be lb (two)
 *     STX 01.250N CR        the same, net
 *     STX ? s CR            no weight, and s says why, e.g. 'A' = in motion
 *
 * The frame holds no unit: it is set up in the scale and repeated in the profile. A profile that
 * contradicts the number of decimals is refused, since one of the two is wrong and the weight
 * would be wrong by a factor of two. A status is never a weight of 0.
 *
 * 8217 status bits: 0 motion, 1 over capacity, 2 under zero, 3 outside zero capture, 4 centre of
 * zero, 5 net, 6 always 1 (some makes clear it; it says nothing), 7 even parity.
 * SASI status letters: A motion, B out of range, C under zero, D outside zero capture.
 *
 * Source: METTLER TOLEDO DIVA Service Manual 72191202 p.39-41, 45; Datalogic KA-01089.
 */

import type { Codec, CodecContext, ContextSetting, Direction, Meaning } from '../codec.ts';
import { bytesOf, note, printable, textOf } from './ascii.ts';
import { type CommandWord, commandFor, flagsOf, textMember, unsayable } from './commands.ts';
import { isRefused, parityBitSetting, sevenBitFrame } from './seven-bit.ts';
import { refuse, streamDecoder, type Understood } from './stream.ts';
import { toledo8217Commands, toledo8217Replies } from './toledo-8217-frames.ts';
import {
  numberSetting,
  placePoint,
  readDecimal,
  readUnit,
  splitDecimal,
  textSetting,
  withoutPadding,
} from './weight-text.ts';

const commands: readonly CommandWord[] = [
  { wire: 'W', name: 'weight', also: ['weight-request', 'request-weight', 'read-weight'] },
  { wire: 'Z', name: 'zero' },
  { wire: 'T', name: 'tare' },
  { wire: 'T', name: 'set-tare', also: ['digital-tare', 'preset-tare'] },
  { wire: 'C', name: 'clear-tare' },
  { wire: 'A', name: 'confidence-test', also: ['start-confidence-test'] },
  { wire: 'B', name: 'confidence-result', also: ['confidence-test-result'] },
  { wire: 'E', name: 'echo', also: ['echo-probe', 'start-echo'] },
  { wire: 'F', name: 'end-echo', also: ['stop-echo', 'echo-end'] },
];

const statusFlags: readonly string[] = [
  'motion',
  'over-capacity',
  'under-zero',
  'outside-zero-capture',
  'center-of-zero',
  'net',
];

const sasiStatus: Readonly<Record<string, string>> = {
  A: 'motion',
  B: 'out-of-range',
  C: 'under-zero',
  D: 'outside-zero-capture',
};

/** Bits of the confidence test result (DIVA p.41). */
const confidenceFaults: readonly [number, string][] = [
  [1, 'fault:novram'],
  [2, 'fault:ram'],
  [3, 'fault:processor-ram'],
  [4, 'fault:rom'],
];

type Dialect = 'toledo-8217' | 'datalogic-sasi';

/** The unit by set-up: two decimals are pounds, three are kilograms. */
function unitOf(value: string, context: CodecContext, dialect: Dialect): string | undefined {
  const { decimals } = splitDecimal(value);
  const usual = decimals === 2 ? 'lb' : decimals === 3 ? 'kg' : undefined;
  // One decimal is a frame that a damaged byte cut short, unless the profile says otherwise.
  if (usual === undefined && numberSetting(context, 'decimals') !== decimals) {
    return undefined;
  }
  const setting = textSetting(context, 'unit');
  const unit = setting === undefined ? usual : readUnit(setting);
  const contradicts = usual !== undefined && (unit === 'kg' || unit === 'lb') && unit !== usual;
  // SASI shows three decimals in both units.
  const isSasiPounds = dialect === 'datalogic-sasi' && unit === 'lb';
  const isSettled = isSasiPounds || numberSetting(context, 'decimals') === decimals;
  return contradicts && !isSettled ? undefined : unit;
}

function readWeight(body: string, context: CodecContext, dialect: Dialect): Understood {
  const net = body.endsWith('N');
  const field = net ? body.slice(0, -1) : body;
  const digits = withoutPadding(field);
  const decimals = numberSetting(context, 'decimals');
  const isPlain = /^\d{1,3}\.\d{1,3}$/.test(digits);
  const hasNoPoint = decimals !== undefined && /^\d{4,6}$/.test(digits);
  const value = isPlain
    ? readDecimal(digits)
    : hasNoPoint
      ? placePoint(digits, decimals)
      : undefined;
  if (value === undefined) {
    return refuse('bad-number', `${printable(body)} is not a weight like 01.250`);
  }
  if (decimals !== undefined && splitDecimal(value).decimals !== decimals) {
    return refuse('bad-number', `${decimals} decimals are set up, found ${printable(digits)}`);
  }
  // Two places stand in front of the point, zeros included: a shorter field has lost a digit.
  if (isPlain && field.indexOf('.') < 2) {
    return refuse('bad-length', `two digits expected before the point: ${printable(body)}`);
  }
  const unit = unitOf(value, context, dialect);
  if (unit === undefined) {
    const detail = `the unit of ${value} is not set up, or contradicts its decimals`;
    return refuse('bad-unit', detail);
  }
  const notes = [note('weight', body, `${value} ${unit}`)];
  return { meaning: { kind: 'weight', value, unit, stable: true, net }, notes };
}

/** True when the profile or the session says that command `B` is being answered. */
function answersConfidence(context: CodecContext): boolean {
  return ['reply_to', 'command', 'request', 'after', 'asked'].some((name) => context[name] === 'B');
}

function readStatus(status: number, context: CodecContext, dialect: Dialect): Understood {
  const shown = String.fromCharCode(status);
  if (dialect === 'datalogic-sasi') {
    const flag = sasiStatus[shown];
    return flag === undefined
      ? refuse('unknown-status', `${printable(shown)} is none of A, B, C, D`)
      : { meaning: { kind: 'status', flags: [flag] }, notes: [note('status', shown, flag)] };
  }
  if (answersConfidence(context)) {
    const flags = confidenceFaults.filter(([bit]) => (status >> bit) & 1).map(([, name]) => name);
    const meaning = { kind: 'confidence', passed: flags.length === 0, flags };
    return { meaning, notes: [note('result', shown, flags.join(', ') || 'all tests passed')] };
  }
  const flags = statusFlags.filter((_, bit) => (status >> bit) & 1);
  const notes = [note('status', shown, flags.join(', ') || 'nothing to report')];
  return { meaning: { kind: 'status', flags }, notes };
}

function readReply(frame: Uint8Array, context: CodecContext, dialect: Dialect): Understood {
  const third = frame[2] ?? 0;
  // Only the status byte may bring its parity bit along: the manual draws it as part of the byte.
  if (frame.length === 4 && frame[0] === 0x02 && frame[1] === 0x3f && frame[3] === 0x0d) {
    return readStatus(third & 0x7f, context, dialect);
  }
  const bytes = sevenBitFrame(frame, context);
  if (isRefused(bytes)) {
    return bytes;
  }
  const text = textOf(bytes);
  const body = text.slice(1, text.indexOf('\r'));
  if (body === '') {
    const notes = [note('reply', text, 'confidence test started')];
    return { meaning: { kind: 'ack', command: 'A' }, notes };
  }
  if (body === 'E') {
    const data = text.slice(3).replace(/[\r\n]+$/, '');
    const notes = [note('echo', data, 'the scale is in echo mode')];
    return { meaning: { kind: 'echo-probe', data }, notes };
  }
  if (body.startsWith('?')) {
    return body.length === 2
      ? readStatus(bytes[2] ?? 0, context, dialect)
      : refuse('bad-length', `one status byte expected: ${printable(text)}`);
  }
  return readWeight(body, context, dialect);
}

function readCommand(frame: Uint8Array, context: CodecContext): Understood {
  const text = textOf(frame);
  const letter = text.slice(0, 1);
  const isDigitalTare = letter === 'T' && text.length > 1;
  const name = isDigitalTare
    ? 'set-tare'
    : commands.find((command) => command.wire === letter)?.name;
  if (name === undefined) {
    return refuse('bad-header', `${printable(text)} is not a command`);
  }
  const meaning: Meaning = { kind: 'command', name, command: letter };
  const notes = [note('command', text, name)];
  if (letter === 'E') {
    return { meaning: { ...meaning, data: text.slice(1) }, notes };
  }
  if (!isDigitalTare) {
    return { meaning, notes };
  }
  if (text.length !== 6) {
    return refuse('bad-length', `a tare has five digits: ${printable(text)}`);
  }
  const unit = readUnit(textSetting(context, 'unit') ?? '');
  const value = placePoint(text.slice(1), unit === 'lb' ? 2 : 3);
  const weight = unit === undefined || value === undefined ? {} : { value, unit };
  return { meaning: { ...meaning, digits: text.slice(1), ...weight }, notes };
}

/** Whole part with two digits at least, as the manual prints weights. */
function weightField(value: string): string {
  const { negative } = splitDecimal(value);
  const [whole = '', decimals] = value.split('.');
  if (negative || whole.length > 3 || decimals === undefined) {
    throw new RangeError(`the weight ${value} does not fit into ww.www`);
  }
  return `${whole.padStart(2, '0')}.${decimals}`;
}

function statusByte(flags: readonly string[], dialect: Dialect): string {
  if (dialect === 'datalogic-sasi') {
    const letter = Object.keys(sasiStatus).find((key) => sasiStatus[key] === flags[0]);
    if (letter === undefined || flags.length !== 1) {
      throw new RangeError(`SASI has no status for ${flags.join(', ')}`);
    }
    return letter;
  }
  const bits = flags.map((flag) => statusFlags.indexOf(flag));
  if (bits.includes(-1)) {
    throw new RangeError(`8217 has no status for ${flags.join(', ')}`);
  }
  return String.fromCharCode(bits.reduce((byte, bit) => byte | (1 << bit), 0x40));
}

function commandText(meaning: Meaning): string {
  const command = commandFor(commands, meaning);
  if (command.name === 'set-tare') {
    const value = meaning['digits'] ?? splitDecimal(textMember(meaning, 'value')).digits;
    const digits = String(value).padStart(5, '0');
    if (!/^\d{5}$/.test(digits)) {
      throw new RangeError(`a tare has five digits, not ${digits}`);
    }
    return `T${digits}`;
  }
  const data = meaning['data'];
  return command.wire === 'E' && typeof data === 'string' ? `E${data}` : command.wire;
}

function encodeFrame(meaning: Meaning, dialect: Dialect): string {
  switch (meaning.kind) {
    case 'command':
      return commandText(meaning);
    case 'weight':
      if (meaning['stable'] === false) {
        throw new RangeError('a scale in motion sends its status, not a weight');
      }
      return `\x02${weightField(textMember(meaning, 'value'))}${meaning['net'] === true ? 'N' : ''}\r`;
    case 'status':
      return `\x02?${statusByte(flagsOf(meaning), dialect)}\r`;
    case 'ack':
      return '\x02\r';
    case 'echo-probe':
      return `\x02E\r${meaning['data'] ?? ''}`;
    case 'confidence': {
      const flags = flagsOf(meaning);
      const bits = confidenceFaults.filter(([, name]) => flags.includes(name));
      return `\x02?${String.fromCharCode(bits.reduce((byte, [bit]) => byte | (1 << bit), 0x40))}\r`;
    }
    default:
      throw unsayable(dialect, meaning);
  }
}

function settings(): ContextSetting[] {
  return [
    { name: 'unit', values: 'kg | lb', meaning: 'unit set up in the scale' },
    { name: 'decimals', values: '2 | 3', meaning: 'decimals, where unusual for the unit' },
    {
      name: 'reply_to',
      values: 'B',
      meaning: 'command answered, when it is B (set by the session)',
    },
    parityBitSetting,
  ];
}

function decoder(dialect: Dialect, direction: Direction, context: CodecContext) {
  return direction === 'host->device'
    ? streamDecoder(toledo8217Commands(), (frame) => readCommand(frame, context))
    : streamDecoder(toledo8217Replies(), (frame) => readReply(frame, context, dialect));
}

export const toledo8217: Codec = {
  protocol: 'toledo-8217',
  title: 'Mettler Toledo 8217 (NCR/8217)',
  group: 'scale',
  source: 'METTLER TOLEDO DIVA Service Manual 72191202 p.39-45',
  line: '9600 7E1',
  settings: settings(),
  decoder: ({ direction, context }) => decoder('toledo-8217', direction, context),
  encode: (meaning) => bytesOf(encodeFrame(meaning, 'toledo-8217')),
};

export const datalogicSasi: Codec = {
  protocol: 'datalogic-sasi',
  title: 'Datalogic Magellan scale, RS-232 standard (SASI)',
  group: 'scale',
  source: 'Datalogic knowledge base KA-01089',
  line: '9600 7E1',
  settings: settings(),
  decoder: ({ direction, context }) => decoder('datalogic-sasi', direction, context),
  encode: (meaning) => bytesOf(encodeFrame(meaning, 'datalogic-sasi')),
};
