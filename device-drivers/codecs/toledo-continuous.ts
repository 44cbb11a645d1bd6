/**
 * Toledo Continuous (8142, 8530, IND, many clones): frames sent unasked, up to twenty a second.
 *
 *     STX A B C wwwwww tttttt CR [CHK]      three status words, weight, tare: six digits each
 *     STX - 0 ␠ 000500 000000 CR            A says three decimals, B says kg: 0.500 kg
 *
 * A: bits 0-2 place the point (0 = ×100, 1 = ×10, 2 = none, 3 = one decimal, …), bits 3-4 the step.
 * B: 0 net, 1 negative, 2 out of range, 3 motion, 4 kg (else lb), 6 power-up not zeroed.
 * C: 0-2 another unit (1 = g, …), 3 print key, 4 expanded by ten, 6 keyboard tare.
 * Bit 5 of each is 1. Out of range and power-up not zeroed leave no weight to use, and the digits
 * of an expanded weight are not documented well enough to place the point: it is refused.
 *
 * Dialects: Liden sets bit 6 of A and says kg (0) or lb (1) in bit 0 of C; Fairbanks clears bit 5
 * of B; short frames have no tare. CHK is the two's complement of the sum of the low seven bits of
 * all bytes before it, where the scale is set up to send it.
 *
 * Source: METTLER TOLEDO IND445 p.50, Wildcat p.6-5, Rockwell 57C428 p.37, Fairbanks FB3000 p.55,
 * Liden LUW2001 p.15-16.
 */

import type { Codec, CodecContext, Meaning } from '../codec.ts';
import { createFramer, type Find } from '../framing/cut.ts';
import { findStart } from '../framing/enclosed.ts';
import { terminatedFrames } from '../framing/terminated.ts';
import { bytesOf, note, printable, textOf } from './ascii.ts';
import { type CommandWord, commandFor } from './commands.ts';
import { isRefused, parityBitSetting, sevenBitFrame } from './seven-bit.ts';
import { refuse, streamDecoder, type Understood } from './stream.ts';
import { encodeToledoContinuous, toledoCheck } from './toledo-continuous-encode.ts';
import { placePoint, readDecimal, readUnit, textSetting } from './weight-text.ts';

const stx = 0x02;
const cr = 0x0d;
/** Bytes from STX to CR, with and without tare. */
const longBytes = 17;
const shortBytes = 11;

const commands: readonly CommandWord[] = [
  { wire: 'P', name: 'print' },
  { wire: 'T', name: 'tare' },
  { wire: 'Z', name: 'zero' },
  { wire: 'C', name: 'clear-tare', also: ['clear'] },
];

/** Units of word C, bits 0-2; 0 leaves it to word B. */
const unitCodes: readonly (string | undefined)[] = [
  undefined,
  'g',
  't',
  'oz',
  'ozt',
  'dwt',
  'ton',
  undefined,
];

/**
 * Bytes behind CR that belong to the frame; undefined while the next byte must decide. A profile
 * that says nothing about the checksum takes any byte there for one, unless it is the STX of the
 * next frame or an end of line: a damaged frame must not pass only because of a missing setting.
 */
function tailBytes(held: Uint8Array, size: number, setting: unknown, atEnd: boolean) {
  if (typeof setting === 'boolean') {
    return setting ? 1 : 0;
  }
  const next = held[size];
  if (next === undefined) {
    return atEnd ? 0 : undefined;
  }
  if (next !== stx) {
    return next === cr || next === 0x0a ? endOfLine(held, size, next) : 1;
  }
  // STX may be the checksum itself: then the STX of the next frame follows it.
  const isCheck = toledoCheck(held.subarray(0, size)) === stx;
  if (isCheck && held.length === size + 1 && !atEnd) {
    return undefined;
  }
  return isCheck && (held[size + 1] ?? stx) === stx ? 1 : 0;
}

function endOfLine(held: Uint8Array, size: number, next: number): number {
  return toledoCheck(held.subarray(0, size)) === next ? 1 : 0;
}

function finder(setting: unknown): Find {
  return (bytes, { atEnd }) => {
    const held = bytes.map((byte) => byte & 0x7f);
    if (held[0] !== stx) {
      return findStart(held, stx, [], atEnd);
    }
    // Status words may look like STX or CR in some dialects, digits never do. What stands behind
    // the longest frame must not matter, because it may not have come yet.
    const longest = held.subarray(0, longBytes);
    const restart = longest.indexOf(stx, 4);
    const close = longest.indexOf(cr, 4);
    const size = close === shortBytes - 1 ? shortBytes : longBytes;
    if (close === size - 1 && (restart < 0 || restart > close)) {
      const tail = tailBytes(held, size, setting, atEnd);
      if (tail !== undefined && held.length >= size + tail) {
        return { take: size + tail, as: 'frame' };
      }
      const detail = 'the checksum is missing';
      return atEnd ? { take: held.length, as: 'discarded', error: 'truncated', detail } : undefined;
    }
    if (restart > 0 && (close < 0 || restart < close)) {
      const detail = 'a new frame began before the end of this one';
      return { take: restart, as: 'discarded', error: 'truncated', detail };
    }
    if (close > 0) {
      const detail = `CR expected as byte 11 or 17, found as byte ${close + 1}`;
      return { take: close + 1, as: 'discarded', error: 'bad-length', detail };
    }
    const isOver = held.length >= longBytes;
    const detail = isOver ? 'no CR where the frame must end' : 'the frame is not whole';
    const error = isOver ? 'no-terminator' : 'truncated';
    return isOver || atEnd ? { take: longest.length, as: 'discarded', error, detail } : undefined;
  };
}

/** Which dialect the status words speak; undefined when they are none of any. */
function dialectOf(a: number, b: number, c: number, context: CodecContext): string | undefined {
  const setting = textSetting(context, 'dialect') ?? textSetting(context, 'format');
  const isLiden = (a & 0x60) === 0x60 && (b & 0x70) === 0x30 && (c & 0x7e) === 0x30;
  if (isLiden || (setting === 'liden' && (a & 0x60) === 0x60 && (b & c & 0x20) !== 0)) {
    return 'liden';
  }
  const isMarked = (a & 0x60) === 0x20 && (c & 0x20) !== 0;
  if (isMarked && (setting === 'fairbanks' || (b & 0x20) !== 0)) {
    return 'standard';
  }
  return undefined;
}

function unitOf(b: number, c: number, dialect: string): string | undefined {
  if (dialect === 'liden') {
    return (c & 1) === 0 ? 'kg' : 'lb';
  }
  const code = c & 7;
  return code === 0 ? ((b & 0x10) !== 0 ? 'kg' : 'lb') : unitCodes[code];
}

/** Six digits with the point placed; spaces in front are zeros that are not shown. */
function digitsValue(text: string, decimals: number, negative: boolean): string | undefined {
  return /^ *\d+$/.test(text)
    ? placePoint(text.replaceAll(' ', '0'), decimals, negative)
    : undefined;
}

const blockingFlags: readonly [number, string][] = [
  [2, 'out-of-range'],
  [6, 'power-up-not-zeroed'],
];

function readWords(text: string, context: CodecContext): Understood {
  const [a = 0, b = 0, c = 0] = bytesOf(text.slice(1, 4));
  const notes = [
    note('word A', text.slice(1, 2), `${(a & 7) - 2} decimals`),
    note('word B', text.slice(2, 3), `bits ${b.toString(2).padStart(7, '0')}`),
    note('word C', text.slice(3, 4), `bits ${c.toString(2).padStart(7, '0')}`),
  ];
  const dialect = dialectOf(a, b, c, context);
  if (dialect === undefined) {
    return refuse('bad-status', `not status words: ${printable(text.slice(1, 4))}`, notes);
  }
  const moving = (b & 8) !== 0;
  const flags = blockingFlags.filter(([bit]) => ((b >> bit) & 1) === 1).map(([, flag]) => flag);
  if (flags.length > 0) {
    const all = moving ? [...flags, 'motion'] : flags;
    return { meaning: { kind: 'status', flags: all }, notes };
  }
  if (dialect === 'standard' && (c & 0x10) !== 0) {
    return refuse('bad-status', 'weights expanded by ten are not supported', notes);
  }
  const unit = unitOf(b, c, dialect);
  const setting = textSetting(context, 'unit');
  if (unit === undefined || (setting !== undefined && readUnit(setting) !== unit)) {
    return refuse('bad-unit', `the frame says ${unit}, the profile ${setting}`, notes);
  }
  const decimals = (a & 7) - 2;
  const negative = (b & 2) !== 0;
  const value = digitsValue(text.slice(4, 10), decimals, negative);
  const tareText = text.slice(10, text.indexOf('\r', 4));
  const tare = tareText === '' ? undefined : digitsValue(tareText, decimals, false);
  if (value === undefined || (tareText !== '' && tare === undefined)) {
    return refuse('bad-number', `not digits: ${printable(text.slice(4))}`, notes);
  }
  const meaning: Meaning = { kind: 'weight', value, unit, stable: !moving, net: (b & 1) !== 0 };
  const extra = { print: dialect === 'standard' && (c & 8) !== 0 };
  return {
    meaning: { ...meaning, ...extra, ...(tare === undefined ? {} : { tare }) },
    notes: [...notes, note('weight', text.slice(4, 10), `${value} ${unit}`)],
  };
}

function readFrame(frame: Uint8Array, context: CodecContext): Understood {
  const bytes = sevenBitFrame(frame, context);
  if (isRefused(bytes)) {
    return bytes;
  }
  // Only the longest and the shortest form end in CR, so one byte more is the checksum.
  const hasCheck = bytes.length === longBytes + 1 || bytes.length === shortBytes + 1;
  const body = hasCheck ? bytes.subarray(0, -1) : bytes;
  const check = toledoCheck(body);
  if (hasCheck && check !== bytes.at(-1)) {
    return refuse('bad-checksum', `${check} computed, ${bytes.at(-1)} found`);
  }
  return readWords(textOf(body), context);
}

function readCommand(frame: Uint8Array): Understood {
  const text = textOf(frame.subarray(0, -1));
  const tare = /^T(\d+\.?\d*)$/.exec(text)?.[1];
  const value = tare === undefined ? undefined : readDecimal(tare);
  const command = commands.find((word) => word.wire === text);
  const name = value === undefined ? command?.name : 'set-tare';
  if (name === undefined) {
    return refuse('bad-header', `${printable(text)} is not a command`);
  }
  const meaning = { kind: 'command', name, ...(value === undefined ? {} : { value }) };
  return { meaning, notes: [note('command', text, name)] };
}

export const toledoContinuous: Codec = {
  protocol: 'toledo-continuous',
  title: 'Toledo Continuous output',
  group: 'scale',
  source: 'IND445 p.50, Wildcat p.6-5, Rockwell 57C428 p.37, Fairbanks FB3000 p.55, LUW2001 p.15',
  line: '9600 7E1',
  settings: [
    {
      name: 'checksum',
      values: 'true | false',
      meaning: 'a checksum follows CR (unset: found out from each frame)',
    },
    {
      name: 'dialect',
      values: 'standard | liden | fairbanks',
      meaning: 'what the status words mean',
      default: 'standard',
    },
    { name: 'unit', values: 'kg | lb | g', meaning: 'unit of the scale (checked)' },
    { name: 'short', values: 'true | false', meaning: 'write frames without tare', default: false },
    parityBitSetting,
  ],
  decoder: ({ direction, context }) =>
    direction === 'host->device'
      ? streamDecoder(terminatedFrames(), readCommand)
      : streamDecoder(createFramer(finder(context['checksum'])), (frame) =>
          readFrame(frame, context),
        ),
  encode(meaning, context) {
    if (meaning.kind !== 'command') {
      return encodeToledoContinuous(meaning, context);
    }
    return meaning['name'] === 'set-tare'
      ? bytesOf(`T${meaning['value']}\r\n`)
      : bytesOf(`${commandFor(commands, meaning).wire}\r\n`);
  },
};
