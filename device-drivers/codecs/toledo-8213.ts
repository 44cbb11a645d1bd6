/**
 * Toledo 8213 ("EPOS 1", also CAS and Mettler checkout bases): `STX ID W5..W1 BCC ETX`.
 *
 *     host ENQ → scale ACK → host DC1 → scale frame → host repeats the frame → scale CR
 *
 * The ID byte says which capacity the scale has, and with it unit and decimals: bits 0-2 are
 * 1 = 15 kg in 5 g, 2 = 30 lb in 0.01 lb, 3 = 6 kg in 2 g; bits 3 and 5 are 1, bit 4 is out of
 * range (no weight), bit 6 another capacity table, which then must be set up. The BCC is the
 * exclusive or of ID and digits, so it may be any byte, and frames are cut by length.
 *
 * Source: METTLER TOLEDO DIVA Service Manual p.47-48.
 */

import type { Codec, CodecContext, Meaning } from '../codec.ts';
import { createFramer, type Find } from '../framing/cut.ts';
import { findStart } from '../framing/enclosed.ts';
import { bytesOf, note, printable, textOf, xorOf } from './ascii.ts';
import { type CommandWord, commandFor, flagsOf, textMember, unsayable } from './commands.ts';
import { isRefused, parityBitSetting, sevenBitFrame } from './seven-bit.ts';
import { refuse, streamDecoder, type Understood } from './stream.ts';
import { numberSetting, placePoint, readUnit, splitDecimal, textSetting } from './weight-text.ts';

const stx = 0x02;
const etx = 0x03;
const frameBytes = 9;
const capacities: readonly { code: number; unit: string; decimals: number }[] = [
  { code: 1, unit: 'kg', decimals: 3 },
  { code: 2, unit: 'lb', decimals: 2 },
  { code: 3, unit: 'kg', decimals: 3 },
];

const commands: readonly CommandWord[] = [
  { wire: '\x05', name: 'enquiry', also: ['enq', 'ENQ'] },
  { wire: '\x11', name: 'weight', also: ['dc1', 'DC1', 'request-weight'] },
  { wire: 'Z', name: 'zero' },
  { wire: 'N', name: 'tare' },
];

/** Answers of one byte. */
const singles: Readonly<Record<number, Meaning>> = {
  0: { kind: 'error', error: 'no-data' },
  6: { kind: 'ack' },
  13: { kind: 'ack', command: 'weight' },
  21: { kind: 'nak' },
  24: { kind: 'error', error: 'repeat-weighing' },
};

const findFrame: Find = (bytes, { atEnd }) => {
  const held = bytes.map((byte) => byte & 0x7f);
  const first = held[0] ?? 0;
  if (first !== stx) {
    return singles[first] === undefined && first !== 5 && first !== 17
      ? findStart(held, stx, [], atEnd)
      : { take: 1, as: 'frame' };
  }
  if (held.length >= frameBytes) {
    const restart = held.indexOf(stx, 1);
    const isCommand = held[frameBytes - 2] === etx && held[frameBytes - 1] === held[1];
    const isWhole = held[frameBytes - 1] === etx || isCommand;
    const take = !isWhole && restart > 0 && restart < frameBytes ? restart : frameBytes;
    const detail = 'ETX is not where it belongs';
    return isWhole
      ? { take, as: 'frame' }
      : { take, as: 'discarded', error: 'no-terminator', detail };
  }
  const detail = 'nine bytes expected';
  return atEnd ? { take: held.length, as: 'discarded', error: 'truncated', detail } : undefined;
};

function readFrame(frame: Uint8Array, context: CodecContext): Understood {
  const single = frame.length === 1 ? singles[frame[0] ?? 0] : undefined;
  if (single !== undefined) {
    return { meaning: { ...single }, notes: [note('reply', frame, single.kind)] };
  }
  const bytes = sevenBitFrame(frame, context);
  if (isRefused(bytes)) {
    return bytes;
  }
  if (bytes.length !== frameBytes) {
    return refuse('bad-header', `${printable(frame)} is not a reply`);
  }
  const id = bytes[1] ?? 0;
  const digits = textOf(bytes.subarray(2, 7));
  const check = xorOf(bytes.subarray(1, 7));
  if (check !== bytes[7]) {
    return refuse('bad-checksum', `BCC ${check} computed, ${bytes[7]} found`);
  }
  const notes = [note('id', bytes.subarray(1, 2), 'capacity'), note('weight', digits, 'digits')];
  if ((id & 0x28) !== 0x28) {
    return refuse('bad-status', `bits 3 and 5 of the ID byte must be 1: ${id}`, notes);
  }
  if ((id & 0x10) !== 0) {
    return { meaning: { kind: 'status', flags: ['out-of-range'] }, notes };
  }
  const capacity = capacities.find(({ code }) => code === (id & 7));
  const isTabled = (id & 0x40) === 0 && capacity !== undefined;
  const unit = isTabled ? capacity.unit : readUnit(textSetting(context, 'unit') ?? '');
  const decimals = isTabled ? capacity.decimals : numberSetting(context, 'decimals');
  if (unit === undefined || decimals === undefined) {
    return refuse('bad-unit', 'unit and decimals of this capacity are not set up', notes);
  }
  const value = placePoint(digits, decimals);
  return value === undefined
    ? refuse('bad-number', `${printable(digits)} are not digits`, notes)
    : { meaning: { kind: 'weight', value, unit, stable: true }, notes };
}

function readCommand(frame: Uint8Array): Understood {
  const text = textOf(frame);
  const letter = frame.length === frameBytes ? text.slice(1, 2) : text;
  const command = commands.find((word) => word.wire === letter);
  if (command === undefined) {
    return refuse('bad-header', `${printable(text)} is not a command`);
  }
  const notes = [note('command', text, command.name)];
  return { meaning: { kind: 'command', name: command.name }, notes };
}

function framed(body: Uint8Array): Uint8Array {
  return Uint8Array.of(stx, ...body, xorOf(body), etx);
}

function encodeFrame(meaning: Meaning): Uint8Array {
  const single = Object.entries(singles).find(
    ([, reply]) =>
      reply.kind === meaning.kind &&
      reply['error'] === meaning['error'] &&
      reply['command'] === meaning['command'],
  );
  if (single !== undefined) {
    return Uint8Array.of(Number(single[0]));
  }
  switch (meaning.kind) {
    case 'command': {
      const { wire } = commandFor(commands, meaning);
      // Zero and tare are frames with NUL for digits; the manual prints their BCC behind ETX.
      return wire === 'Z' || wire === 'N'
        ? bytesOf(`\x02${wire}\0\0\0\0\0\x03${wire}`)
        : bytesOf(wire);
    }
    case 'status':
      if (flagsOf(meaning).join() !== 'out-of-range') {
        throw unsayable('toledo-8213', meaning);
      }
      return framed(bytesOf('\x3900000'));
    case 'weight': {
      const value = textMember(meaning, 'value');
      const { negative, digits, decimals } = splitDecimal(value);
      const capacity = capacities.find(
        (one) => one.unit === meaning['unit'] && one.decimals === decimals,
      );
      const field = digits.replace(/^0+/, '').padStart(5, '0');
      if (negative || capacity === undefined || field.length > 5 || meaning['stable'] === false) {
        throw new RangeError(`${value} ${meaning['unit']} cannot be sent by this scale`);
      }
      return framed(bytesOf(`${String.fromCharCode(0x28 | capacity.code)}${field}`));
    }
    default:
      throw unsayable('toledo-8213', meaning);
  }
}

export const toledo8213: Codec = {
  protocol: 'toledo-8213',
  title: 'Toledo 8213 (EPOS 1)',
  group: 'scale',
  source: 'METTLER TOLEDO DIVA Service Manual p.47-48',
  line: '2400 7E1',
  settings: [
    { name: 'unit', values: 'kg | lb', meaning: 'unit, where the ID byte does not say it' },
    { name: 'decimals', values: '2 | 3', meaning: 'decimals, where the ID byte does not say it' },
    parityBitSetting,
  ],
  decoder: ({ direction, context }) =>
    streamDecoder(createFramer(findFrame), (frame) =>
      direction === 'host->device' ? readCommand(frame) : readFrame(frame, context),
    ),
  encode: encodeFrame,
};
