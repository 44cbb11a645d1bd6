/**
 * CAS indicators that send lines: three forms, told apart by their own shape.
 *
 *     ST,GS,1<E4>,0002.340 kg CR LF    22 bytes: state, gross/net, id and lamp byte, weight, unit
 *     ST,GS,0002.340kg CR LF           18 bytes, the "AND" form
 *     0002.340 CR LF                   10 bytes: no unit (set it up) and no word on stability
 *
 * The lamp byte has bit 7 set and shows the lamps of the front: 6 stable, 4 hold, 3 printer,
 * 2 gross, 1 tare, 0 zero (bit 5 differs between models). Lines are therefore parsed as bytes. On
 * a 7-bit line the lamp loses its top bit; such a frame is refused as a framing mismatch. `OL`
 * carries no weight, whatever stands in its digits.
 *
 * Source: CAS CI-600D p.74, CI-400 p.103-106, NT-200 p.48, CI-6000A p.63.
 */

import type { Codec, CodecContext, Direction, Meaning } from '../codec.ts';
import { terminatedFrames } from '../framing/terminated.ts';
import { note, printable, textOf } from './ascii.ts';
import { casCommands, encodeCasLine } from './cas-lines-encode.ts';
import { refuse, streamDecoder, type Understood } from './stream.ts';
import {
  numberSetting,
  placePoint,
  readDecimal,
  readUnit,
  textSetting,
  withoutPadding,
} from './weight-text.ts';

const lineForm = /^(ST|US|OL|UL),(GS|NT|TR),(?:(.)(.),)?(.{8})(.?)(..)$/;

function lampState(lamp: string): Meaning | undefined {
  const bits = lamp.charCodeAt(0);
  if ((bits & 0x80) === 0) {
    return undefined;
  }
  const bit = (number: number) => ((bits >> number) & 1) === 1;
  return { kind: 'lamp', zero: bit(0), tare: bit(1), hold: bit(4) };
}

function readState(match: RegExpExecArray): Understood {
  const [, state = '', side = '', id, lamp, digits = '', , unitText = ''] = match;
  const notes = [note('state', state, side === 'NT' ? 'net' : 'gross'), note('weight', digits, '')];
  const lamps = lamp === undefined ? undefined : lampState(lamp);
  if (lamp !== undefined && lamps === undefined) {
    return refuse('framing-mismatch', `the lamp byte ${printable(lamp)} has lost its top bit`);
  }
  const device = id === undefined ? {} : { device_id: String(id.charCodeAt(0) - 0x30) };
  if (state === 'OL' || state === 'UL') {
    const flags = [state === 'OL' ? 'overload' : 'underload'];
    return { meaning: { kind: 'status', flags, ...device }, notes };
  }
  const value = readDecimal(withoutPadding(digits));
  if (value === undefined) {
    return refuse('bad-number', `${printable(digits)} is not a weight`, notes);
  }
  const unit = readUnit(unitText);
  if (unit === undefined) {
    return refuse('bad-unit', `${printable(unitText)} is not a unit of weight`, notes);
  }
  const stable = state === 'ST';
  if (side === 'TR') {
    return { meaning: { kind: 'tare', value, unit, stable, ...device }, notes };
  }
  const net = side === 'NT';
  const meaning: Meaning = { kind: 'weight', value, unit, stable, net, ...device };
  if (lamps === undefined) {
    return { meaning, notes };
  }
  const { zero = false, tare = false, hold = false } = lamps;
  return { meaning: { ...meaning, zero, tare, hold }, notes };
}

/** Eight characters of data and nothing else. */
function readBare(text: string, context: CodecContext): Understood {
  const number = withoutPadding(text);
  const decimals = numberSetting(context, 'decimals');
  const isPointless = decimals !== undefined && /^\d+$/.test(number);
  const value = isPointless ? placePoint(number, decimals) : readDecimal(number);
  if (value === undefined) {
    return refuse('bad-number', `${printable(text)} is not a weight`);
  }
  const unit = readUnit(textSetting(context, 'unit') ?? '');
  const notes = [note('weight', text, value)];
  return unit === undefined
    ? refuse('bad-unit', 'the 10-byte form has no unit, set it up', notes)
    : { meaning: { kind: 'weight', value, unit, stable: null }, notes };
}

function readLine(frame: Uint8Array, context: CodecContext): Understood {
  const text = textOf(frame.subarray(0, -1));
  const failure = /^ERR[ ,:]*([A-Za-z0-9-]+)$/.exec(text)?.[1];
  if (failure !== undefined) {
    const notes = [note('error', failure, 'error code of the indicator')];
    return { meaning: { kind: 'error', error: 'device-error', code: failure }, notes };
  }
  if (text === '!' || text === '?') {
    const error = text === '!' ? 'not-executable' : 'unknown-command';
    return { meaning: { kind: 'error', error }, notes: [note('reply', text, error)] };
  }
  if (/^\d\d ?[A-Z]{2}$/.test(text)) {
    // The indicator repeats a command that it has carried out.
    const command = text.slice(-2);
    const notes = [note('command', text, 'done')];
    return {
      meaning: { kind: 'ack', command, device_id: String(Number(text.slice(0, 2))) },
      notes,
    };
  }
  if (/^[\d .+-]{8}$/.test(text)) {
    return readBare(text, context);
  }
  const match = lineForm.exec(text);
  const separator = match?.[6];
  // A fill character stands before the unit of the long form only: a lost digit shows here.
  const hasRoom = (separator !== '') === (match?.[3] !== undefined);
  if (match !== null && hasRoom) {
    return readState(match);
  }
  if (/^(ST|US|OL|UL),/.test(text)) {
    return /^..,(GS|NT|TR),/.test(text)
      ? refuse('bad-length', `20 or 16 characters expected, found ${text.length}`)
      : refuse('bad-header', `${printable(text.slice(3, 5))} is neither gross nor net`);
  }
  return /^[A-Z]{2},/.test(text)
    ? refuse('unknown-status', `${printable(text.slice(0, 2))} is no state of the scale`)
    : refuse('bad-header', `not a line of an indicator: ${printable(text)}`);
}

/** Junk of control bytes and high bytes in front of a line is cut off, if a whole line follows. */
function interpret(frame: Uint8Array, context: CodecContext): Understood {
  const whole = readLine(frame, context);
  if (whole.meaning.kind !== 'reject') {
    return whole;
  }
  const text = textOf(frame);
  const start = /(?:ST|US|OL|UL),(?:GS|NT|TR),/.exec(text)?.index ?? 0;
  const hasJunkBefore = start > 0 && /[^\x20-\x7e]$/.test(text.slice(0, start));
  const tail = hasJunkBefore ? readLine(frame.subarray(start), context) : whole;
  return tail.meaning.kind === 'reject' ? whole : tail;
}

function readCommand(frame: Uint8Array): Understood {
  const text = textOf(frame.subarray(0, -1));
  const match = /^(\d\d) ?([A-Z]{2})$/.exec(text);
  const command = casCommands.find((word) => word.wire === match?.[2]);
  if (match === null || command === undefined) {
    return refuse('bad-header', `${printable(text)} is not a command`);
  }
  const device = { device_id: String(Number(match[1])) };
  const notes = [note('command', text, command.name)];
  const meaning = { kind: 'command', name: command.name, command: command.wire, ...device };
  return { meaning, notes };
}

function casCodec(protocol: string, title: string, line: string): Codec {
  const decoder = (direction: Direction, context: CodecContext) =>
    streamDecoder(terminatedFrames(), (frame) =>
      direction === 'host->device' ? readCommand(frame) : interpret(frame, context),
    );
  return {
    protocol,
    title,
    group: 'scale',
    source: 'CAS CI-600D p.74, CI-400 p.103-106, NT-200 p.48, CI-6000A p.63',
    line,
    settings: [
      { name: 'unit', values: 'kg | g | t | lb', meaning: 'unit of the 10-byte form' },
      { name: 'decimals', values: '0 to 5', meaning: 'decimals of a 10-byte form without a point' },
    ],
    decoder: ({ direction, context }) => decoder(direction, context),
    encode: (meaning) => encodeCasLine(meaning, protocol),
  };
}

export const cas22 = casCodec('cas-22', 'CAS 22-byte format (CI, NT indicators)', '9600 8N1');
export const cas18 = casCodec('cas-18', 'CAS 18-byte AND format', '9600 8E1');
export const cas10 = casCodec('cas-10', 'CAS 10-byte format', '9600 8N1');
