/**
 * CAS AP, ER and PDC price scales: a short dialogue of control bytes, then one checked frame.
 *
 *     host ENQ → scale ACK → host DC1 → 01 STX S␠␠␠450.0g␠ LRC ETX      450.0 g, stable
 *
 * Behind STX stand S or U (stable or not; F when overloaded), the sign (a space or `-`), seven
 * characters of weight, two of unit (`kg`, `KG`, `lb`, or `g` and `k` with a fill character) and
 * the LRC, the exclusive or of everything from S on. A shorter variant has six characters of
 * weight and EOT behind ETX, and on some scales one more state byte (zero 0x10, tare 0x20,
 * overload 0x40), which repeats what the frame said. Seven-character frames may have the minus
 * within the weight instead. The LRC may be any byte, so frames are cut by length.
 *
 * Sources: rkeeper's description of its CAS driver (second hand); CAS SW-II manual p.15 (sign,
 * KG and LB); CAS AP-1 protocol sheet (sign, kg); a 16-byte parser in Dart (F, last state byte).
 */

import type { Codec, CodecContext, Meaning } from '../codec.ts';
import { createFramer, type Find } from '../framing/cut.ts';
import { bytesOf, note, printable, textOf, xorOf } from './ascii.ts';
import { type CommandWord, commandFor, flagsOf, textMember, unsayable } from './commands.ts';
import { refuse, streamDecoder, type Understood } from './stream.ts';
import { readDecimal, splitDecimal, textSetting, trimSpaces } from './weight-text.ts';

const stx = 0x02;
const etx = 0x03;
const eot = 0x04;
const ack = 0x06;
const nak = 0x15;
/** State bytes that some scales send behind EOT: none, zero, tare, overload. */
const trailers: readonly number[] = [0x00, 0x10, 0x20, 0x40];

const commands: readonly CommandWord[] = [
  { wire: '\x05', name: 'enquiry', also: ['enq', 'ENQ'] },
  { wire: '\x11', name: 'weight', also: ['dc1', 'DC1', 'request-weight', 'send-weight'] },
];

/** Bytes from STX to ETX, both included, with seven or six characters of weight. */
const longBytes = 14;
const shortBytes = 13;

function isState(byte: number | undefined): boolean {
  return byte === 0x01 || byte === 0x81;
}

/**
 * Index at which a frame may begin: STX with the state byte before it, where there is one. A
 * state byte at the very end of what has come waits for its STX.
 */
function startOf(held: Uint8Array, atEnd: boolean): number {
  const at = held.findIndex((byte, index) => {
    const next = held[index + 1];
    const opens = isState(byte) && (next === stx || (next === undefined && !atEnd));
    return byte === stx || opens;
  });
  return at < 0 ? held.length : at;
}

const findReply: Find = (held, { atEnd }) => {
  const first = held[0];
  if (first === ack || first === nak) {
    return { take: 1, as: 'frame' };
  }
  if (first === eot || (first !== undefined && trailers.includes(first))) {
    return { take: 1, as: 'idle' };
  }
  const start = startOf(held, atEnd);
  if (start > 0) {
    const detail = 'bytes before STX';
    const control = held.findIndex((byte) => byte === ack || byte === nak || byte === eot);
    const take = control > 0 ? Math.min(control, start) : start;
    // A state byte that waits for its STX may turn out to be junk as well: then all is one piece.
    const mayBeJunk = take === start && start === held.length - 1 && isState(held[start]);
    const isOpen = (take === held.length || mayBeJunk) && !atEnd;
    return isOpen ? undefined : { take, as: 'discarded', error: 'no-start', detail };
  }
  const head = first === stx ? 0 : 1;
  const isShort = held[head + shortBytes - 1] === etx && held[head + shortBytes] === eot;
  const isLong = held[head + longBytes - 1] === etx;
  if (isLong) {
    return { take: head + longBytes, as: 'frame' };
  }
  if (isShort) {
    return { take: head + shortBytes + 1, as: 'frame' };
  }
  if (held.length < head + longBytes && !atEnd) {
    return undefined;
  }
  const restart = held.findIndex(
    (byte, index) => index > head && index < head + shortBytes - 1 && byte === stx,
  );
  if (restart > 0) {
    const take = restart > 1 && isState(held[restart - 1]) ? restart - 1 : restart;
    const detail = 'a new frame began before the end of this one';
    return { take: Math.max(take, 1), as: 'discarded', error: 'truncated', detail };
  }
  const isWhole = held.length >= head + longBytes;
  const take = isWhole ? head + longBytes : held.length;
  const detail = 'ETX is not where it belongs';
  return { take, as: 'discarded', error: isWhole ? 'no-terminator' : 'truncated', detail };
};

/** Unit of the two characters behind the weight; g and k may be followed by a fill character. */
function unitOf(field: string): string | undefined {
  const name = trimSpaces(field).toLowerCase();
  if (name === 'kg' || name === 'lb' || name === 'oz') {
    return name;
  }
  return field.startsWith('g') || name === 'g' ? 'g' : field.startsWith('k') ? 'kg' : undefined;
}

function readFrame(frame: Uint8Array): Understood {
  if (frame.length === 1) {
    const kind = frame[0] === ack ? 'ack' : 'nak';
    return { meaning: { kind }, notes: [note('reply', frame, kind)] };
  }
  const head = frame[0] === stx ? 0 : 1;
  const isLong = frame[head + longBytes - 1] === etx;
  const end = head + (isLong ? longBytes : shortBytes) - 1;
  const body = frame.subarray(head + 1, end - 1);
  const check = frame[end - 1];
  if (xorOf(body) !== check) {
    return refuse('bad-checksum', `LRC ${xorOf(body)} computed, ${check} found`);
  }
  const text = textOf(body);
  if (/^F[ -]/.test(text)) {
    return { meaning: { kind: 'status', flags: ['overload'] }, notes: [note('state', 'F', '')] };
  }
  const match = /^([SU])([ -])(.+)(..)$/.exec(text);
  if (match === null) {
    return refuse('unknown-status', `${printable(text.slice(0, 2))} are no state and sign`);
  }
  const [, state = '', sign = '', field = '', unitField = ''] = match;
  const unit = unitOf(unitField);
  if (unit === undefined) {
    return refuse('bad-unit', `${printable(unitField)} is not g, kg, lb or oz`);
  }
  const number = trimSpaces(field);
  const value = readDecimal(sign === '-' ? `-${number}` : number);
  if (value === undefined) {
    return refuse('bad-number', `${printable(sign + field)} is not a weight`);
  }
  const stable = state === 'S';
  const notes = [
    note('state', state, stable ? 'stable' : 'in motion'),
    note('weight', sign + field, `${value} ${unit}`),
    note('LRC', frame.subarray(end - 1, end), 'right'),
  ];
  return { meaning: { kind: 'weight', value, unit, stable }, notes };
}

function readCommand(frame: Uint8Array): Understood {
  const text = textOf(frame);
  const command = commands.find((word) => word.wire === text);
  return command === undefined
    ? refuse('bad-header', `${printable(text)} is not a command`)
    : {
        meaning: { kind: 'command', name: command.name },
        notes: [note('command', text, command.name)],
      };
}

/** Units as a scale writes them, with the fill character. */
const wireUnits: Readonly<Record<string, string>> = { g: 'g ', kg: 'k ', lb: 'lb', oz: 'oz' };

function encodeFrame(meaning: Meaning, context: CodecContext): Uint8Array {
  switch (meaning.kind) {
    case 'command':
      return bytesOf(commandFor(commands, meaning).wire);
    case 'ack':
      return Uint8Array.of(ack);
    case 'nak':
      return Uint8Array.of(nak);
    case 'status': {
      if (flagsOf(meaning).join() !== 'overload') {
        throw unsayable('cas-enq', meaning);
      }
      const body = bytesOf('F 99.999kg');
      return Uint8Array.of(0x01, stx, ...body, xorOf(body), etx, eot);
    }
    case 'weight': {
      const isShort = textSetting(context, 'format') === 'short';
      const value = textMember(meaning, 'value');
      const hasSign = isShort && splitDecimal(value).negative;
      const number = hasSign ? value.slice(1) : value;
      const width = isShort ? 6 : 7;
      const unit = wireUnits[String(meaning['unit'])];
      if (number.length > width || unit === undefined) {
        throw new RangeError(`${value} ${meaning['unit']} does not fit into a CAS frame`);
      }
      const state = meaning['stable'] === false ? 'U' : 'S';
      const body = bytesOf(`${state}${hasSign ? '-' : ' '}${number.padStart(width)}${unit}`);
      const tail = isShort ? [etx, eot] : [etx];
      return Uint8Array.of(0x01, stx, ...body, xorOf(body), ...tail);
    }
    default:
      throw unsayable('cas-enq', meaning);
  }
}

export const casEnq: Codec = {
  protocol: 'cas-enq',
  title: 'CAS AP, ER, PDC (ENQ, DC1)',
  group: 'scale',
  source: 'CAS AP/ER weight request as described for the rkeeper CAS driver',
  line: '9600 7E1',
  settings: [{ name: 'format', values: 'long | short', meaning: 'form to write', default: 'long' }],
  decoder: ({ direction }) =>
    direction === 'host->device'
      ? streamDecoder(
          createFramer(() => ({ take: 1, as: 'frame' })),
          readCommand,
        )
      : streamDecoder(createFramer(findReply), readFrame),
  encode: encodeFrame,
};
