/**
 * NCI ECR protocol (SCP-01, SCP-02): Weigh-Tronix, Avery-Berkel, Brecknell, CAS PD-II, Ohaus
 * Aviator. The host sends a letter and CR, the scale answers with weight and status, or with its
 * status alone when it has no weight to give (motion, negative, out of capacity, zero error):
 *
 *     W CR  →  LF 12.345LB CR LF S00 CR ETX      12.345 lb, stable
 *              LF S10 CR ETX                     in motion: no weight
 *
 * SCP-01 leaves out the `S`. Two to four status bytes are 0x30 plus four bits each; bit 6 of the
 * second and later ones says that another byte follows. Some makes fill the weight with `^` (over
 * capacity), `_` (under) or `-` (zero error); that too is a status and no weight. Pounds with
 * ounces are given out in ounces, and only where the profile asks for it.
 *
 * Source: METTLER TOLEDO DIVA Service Manual p.35-37, Ohaus Aviator 7000 Service Manual p.47-49,
 * CAS CI-100A p.38, Brecknell MS140 p.31.
 */

import type { Codec, CodecContext, Meaning } from '../codec.ts';
import { createFramer, type Find, type Framer } from '../framing/cut.ts';
import { findStart } from '../framing/enclosed.ts';
import { terminatedFrames } from '../framing/terminated.ts';
import { bytesOf, lowBits, note, printable, textOf } from './ascii.ts';
import { type CommandWord, commandFor } from './commands.ts';
import { encodeNciReply, nciStatusFlags } from './nci-ecr-encode.ts';
import { isRefused, parityBitSetting, sevenBitFrame } from './seven-bit.ts';
import { refuse, streamDecoder, type Understood } from './stream.ts';
import { readDecimal, readUnit, splitDecimal, textSetting } from './weight-text.ts';

const commands: readonly CommandWord[] = [
  { wire: 'W', name: 'weight', also: ['weight-request', 'request-weight'] },
  { wire: 'H', name: 'weight-high-resolution', also: ['high-resolution'] },
  { wire: 'S', name: 'status' },
  { wire: 'Z', name: 'zero' },
  { wire: 'U', name: 'change-unit', also: ['units', 'unit'] },
  { wire: 'M', name: 'raw-counts', also: ['metrology', 'metro'] },
];

/** Whole replies without their ETX: at most one data line, then the status line or "?". */
const replyShape = /^\n(?:[^\n]*\r\n)?(?:S?[^\n\r]{2,4}|\?)\r$/;

/**
 * A reply begins with LF and ends with ETX, and has an LF inside. Where half a reply stands in
 * front of a whole one, the longest tail that is shaped like a reply is the frame.
 */
const findReply: Find = (bytes, { atEnd }) => {
  const held = lowBits(bytes);
  if (held[0] !== 0x0a) {
    return findStart(held, 0x0a, [0x0d], atEnd);
  }
  const end = held.indexOf(0x03) + 1;
  if (end === 0) {
    const detail = 'ETX is missing';
    return atEnd
      ? { take: held.length, as: 'discarded', error: 'no-terminator', detail }
      : undefined;
  }
  const text = textOf(held.subarray(0, end));
  for (let start = 0; start >= 0; start = text.indexOf('\n', start + 1)) {
    if (replyShape.test(text.slice(start, -1))) {
      const detail = 'half a reply before a whole one';
      return start === 0
        ? { take: end, as: 'frame' }
        : { take: start, as: 'discarded', error: 'truncated', detail };
    }
  }
  return { take: end, as: 'frame' };
};

function nciReplies(): Framer {
  return createFramer(findReply);
}

interface Status {
  flags: string[];
  /** Present when the scale sends the byte that says so. */
  net?: boolean;
  /** Bits that forbid to use a weight that comes with them. */
  blocksWeight: boolean;
}

/** Status bytes as flags, or what is wrong with them. */
function readStatusBytes(text: string): Status | string {
  const bytes = bytesOf(text);
  const [first = 0] = bytes;
  if (bytes.length < 2 || bytes.length > 4) {
    return `2 to 4 status bytes expected, found ${bytes.length}`;
  }
  if (bytes.some((byte) => (byte & 0x30) !== 0x30) || (first & 0x40) !== 0) {
    return `${printable(text)} are not status bytes`;
  }
  if (((bytes.at(-1) ?? 0) & 0x40) !== 0 && bytes.length < 4) {
    return 'a further status byte is announced and missing';
  }
  const flags = nciStatusFlags
    .filter(({ byte, bit }) => (((bytes[byte] ?? 0) >> bit) & 1) === 1)
    .map(({ flag }) => flag);
  const blocksWeight = nciStatusFlags.some(
    ({ flag, blocks }) => blocks === true && flags.includes(flag),
  );
  const third = bytes[2];
  return { flags, blocksWeight, ...(third === undefined ? {} : { net: (third & 4) !== 0 }) };
}

/** Flag that a weight field filled with one character stands for. */
function fillFlag(body: string): string | undefined {
  const fill = /^ *([\^_-])[\^_.-]+/.exec(body)?.[1];
  return fill === '^'
    ? 'over-capacity'
    : fill === '_'
      ? 'under-capacity'
      : fill === '-'
        ? 'zero-error'
        : undefined;
}

/** `1LB 02.5OZ` in ounces: 18.5. Sixteen ounces are a pound, so nothing is rounded. */
function poundsAndOunces(body: string): string | undefined {
  const match = /^ *0*(\d+)LB +0*(\d+)((?:\.\d+)?)OZ$/i.exec(body);
  if (match === null || Number(match[2]) >= 16) {
    return undefined;
  }
  return `${BigInt(match[1] ?? '0') * 16n + BigInt(match[2] ?? '0')}${match[3]}`;
}

function readData(body: string, context: CodecContext): Meaning | Understood {
  const raw = /^ *(\d+)MM$/.exec(body);
  if (raw !== null) {
    return { kind: 'info', command: 'M', value: raw[1] ?? '' };
  }
  const unitOnly = readUnit(body);
  if (unitOnly !== undefined) {
    return { kind: 'info', command: 'U', value: unitOnly };
  }
  if (/LB .*OZ$/i.test(body)) {
    const ounces = poundsAndOunces(body);
    if (ounces === undefined) {
      return refuse('bad-number', `${printable(body)} is not pounds and ounces`);
    }
    return textSetting(context, 'pounds_ounces') === 'oz'
      ? { kind: 'weight', value: ounces, unit: 'oz' }
      : refuse('bad-unit', 'pounds with ounces: set pounds_ounces to oz to get them in ounces');
  }
  const match = /^ *(.*?) *([A-Za-z:%]*)$/.exec(body);
  const value = readDecimal(match?.[1] ?? '');
  if (value === undefined) {
    return refuse('bad-number', `${printable(body)} is not a weight`);
  }
  const unitText = match?.[2] ?? '';
  // Leading zeros are always sent (DIVA p.35, note 1): a shorter field has lost a digit.
  if (body.length - unitText.length < 6) {
    return refuse('bad-length', `six characters of weight expected: ${printable(body)}`);
  }
  if (unitText === '%' || /^pcs?$/i.test(unitText)) {
    return { kind: unitText === '%' ? 'percent' : 'count', value };
  }
  const unit = readUnit(unitText);
  return unit === undefined
    ? refuse('bad-unit', `${printable(unitText)} is not a unit of weight`)
    : { kind: 'weight', value, unit };
}

function isUnderstood(data: Meaning | Understood): data is Understood {
  return 'meaning' in data;
}

function readReply(frame: Uint8Array, context: CodecContext): Understood {
  const bytes = sevenBitFrame(frame, context);
  if (isRefused(bytes)) {
    return bytes;
  }
  const text = textOf(bytes);
  if (text === '\n?\r\x03') {
    const notes = [note('reply', '?', 'unknown command')];
    return { meaning: { kind: 'error', error: 'unknown-command' }, notes };
  }
  if (!replyShape.test(text.slice(0, -1))) {
    return refuse('bad-header', `not a reply: ${printable(text)}`);
  }
  const [first = '', second] = text.slice(1, -2).split('\r\n');
  const [body, statusLine] = second === undefined ? [undefined, first] : [first, second];
  const status = readStatusBytes(statusLine.replace(/^S/, ''));
  if (typeof status === 'string') {
    return refuse('bad-status', status);
  }
  const notes = [note('status', statusLine, status.flags.join(', ') || 'nothing to report')];
  const fill = body === undefined ? undefined : fillFlag(body);
  if (body === undefined || fill !== undefined) {
    const flags = fill === undefined || status.flags.includes(fill) ? [] : [fill];
    return { meaning: { kind: 'status', flags: [...flags, ...status.flags] }, notes };
  }
  notes.unshift(note('data', body, 'weight with unit'));
  const data = readData(body, context);
  if (isUnderstood(data)) {
    return { meaning: data.meaning, notes };
  }
  if (data.kind === 'info') {
    return { meaning: { ...data, flags: status.flags }, notes };
  }
  if (status.blocksWeight) {
    return { meaning: { kind: 'status', flags: status.flags }, notes };
  }
  const state = {
    stable: !status.flags.includes('motion'),
    zero: status.flags.includes('zero'),
    ...(status.net === undefined ? {} : { net: status.net }),
  };
  return { meaning: { ...data, ...state }, notes };
}

function readCommand(frame: Uint8Array): Understood {
  const text = textOf(frame.subarray(0, -1));
  const command = commands.find((word) => word.wire === text);
  return command === undefined
    ? refuse('bad-header', `${printable(text)} is not a command`)
    : {
        meaning: { kind: 'command', name: command.name, command: text },
        notes: [note('command', text, command.name)],
      };
}

export const nciEcr: Codec = {
  protocol: 'nci-ecr',
  title: 'NCI / Weigh-Tronix ECR (SCP-01, SCP-02), CAS PD-II',
  group: 'scale',
  source: 'METTLER TOLEDO DIVA Service Manual p.35-37, Ohaus Aviator 7000 p.47, CAS CI-100A p.38',
  line: '9600 7E1',
  settings: [
    {
      name: 'pounds_ounces',
      values: 'refuse | oz',
      meaning: 'give out pounds with ounces as ounces',
      default: 'refuse',
    },
    { name: 'status_form', values: 'scp-01 | scp-02', meaning: 'form to write', default: 'scp-02' },
    parityBitSetting,
  ],
  decoder: ({ direction, context }) =>
    direction === 'host->device'
      ? streamDecoder(terminatedFrames(), readCommand)
      : streamDecoder(nciReplies(), (frame) => readReply(frame, context)),
  encode(meaning, context) {
    if (meaning.kind === 'command') {
      return bytesOf(`${commandFor(commands, meaning).wire}\r`);
    }
    if (typeof meaning['value'] === 'string' && meaning.kind !== 'info') {
      splitDecimal(meaning['value']);
    }
    return bytesOf(encodeNciReply(meaning, context));
  },
};
