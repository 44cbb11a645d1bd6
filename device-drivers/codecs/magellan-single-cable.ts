/**
 * Magellan scanner-scales on one cable: barcodes and scale replies come over the same line, each
 * ended by CR. What begins with `S11` or `S14` (the host's own two commands, echoed) is the scale,
 * everything else is a scan.
 *
 *     S11 CR    →  S1101250 CR     weight, sent only if stable and in range (else silence)
 *     S14 CR    →  S14401250 CR    1.250 kg stable; S142 CR over capacity, without a weight
 *
 * There is no point and no unit: four digits are hundredths of a pound, five are grams. `S143`
 * (stable at zero) comes without digits and stays a status.
 *
 * Source: Datalogic KA-01089.
 */

import type { Codec, CodecContext, Meaning } from '../codec.ts';
import { terminatedFrames } from '../framing/terminated.ts';
import { bytesOf, note, printable, textOf } from './ascii.ts';
import { type CommandWord, commandFor, flagsOf, textMember, unsayable } from './commands.ts';
import { readScan } from './scanner-serial.ts';
import { refuse, streamDecoder, type Understood } from './stream.ts';
import { placePoint, readUnit, splitDecimal, textSetting } from './weight-text.ts';

const commands: readonly CommandWord[] = [
  { wire: '11', name: 'weight', also: ['S11', 'weight-request', 'request-weight'] },
  { wire: '14', name: 'monitor', also: ['S14', 'scale-monitor'] },
];

const monitorStatus: Readonly<Record<string, string>> = {
  '0': 'zero-error',
  '1': 'motion',
  '2': 'over-capacity',
  '3': 'zero',
  '5': 'under-zero',
};

/** The scanner's "STX" character, by default the letter S. */
function prefixOf(context: CodecContext): string {
  return textSetting(context, 'prefix') ?? 'S';
}

function readWeight(digits: string, context: CodecContext): Understood {
  if (!/^\d*$/.test(digits)) {
    return refuse('bad-number', `${printable(digits)} are not digits`);
  }
  if (digits.length !== 4 && digits.length !== 5) {
    return refuse('bad-length', `4 (lb) or 5 (kg) digits expected, found ${digits.length}`);
  }
  const unit = digits.length === 4 ? 'lb' : 'kg';
  const setting = textSetting(context, 'unit');
  if (setting !== undefined && readUnit(setting) !== unit) {
    return refuse('bad-unit', `${digits.length} digits are ${unit}, the profile says ${setting}`);
  }
  const value = placePoint(digits, unit === 'lb' ? 2 : 3) ?? '';
  const notes = [note('weight', digits, `${value} ${unit}`)];
  return { meaning: { kind: 'weight', value, unit, stable: true }, notes };
}

function readScale(line: string, context: CodecContext): Understood {
  const rest = line.slice(3);
  if (line.startsWith('S11')) {
    return readWeight(rest, context);
  }
  const [status = '', digits] = [rest.slice(0, 1), rest.slice(1)];
  if (status === '4') {
    return readWeight(digits, context);
  }
  const flag = monitorStatus[status];
  if (flag === undefined) {
    return refuse('unknown-status', `${printable(line)} has no known status digit`);
  }
  return digits === ''
    ? { meaning: { kind: 'status', flags: [flag] }, notes: [note('status', status, flag)] }
    : refuse('bad-length', `nothing may follow ${printable(line.slice(0, 4))}`);
}

function interpretReply(frame: Uint8Array, context: CodecContext): Understood {
  const prefix = prefixOf(context);
  const line = frame.subarray(0, -1);
  const isTextByte = (byte: number) => (byte >= 0x20 && byte < 0x7f) || byte === 0x1d;
  const noiseEnd = line.findLastIndex((byte) => !isTextByte(byte)) + 1;
  const text = textOf(line.subarray(noiseEnd));
  const isScale = text.startsWith(`${prefix}11`) || text.startsWith(`${prefix}14`);
  if (isScale) {
    return readScale(`S${text.slice(prefix.length)}`, context);
  }
  if (noiseEnd > 0) {
    return refuse('bad-charset', `neither a scale reply nor a barcode: ${printable(line)}`);
  }
  const { meaning, notes } = readScan(line, { ...context, prefix: null });
  return { meaning, notes };
}

function interpretCommand(frame: Uint8Array, context: CodecContext): Understood {
  const prefix = prefixOf(context);
  const text = textOf(frame.subarray(0, -1));
  const found = commands.find((word) => text === `${prefix}${word.wire}`);
  return found === undefined
    ? refuse('bad-header', `${printable(text)} is not a command`)
    : {
        meaning: { kind: 'command', name: found.name, command: text },
        notes: [note('command', text, found.name)],
      };
}

function digitsOf(meaning: Meaning): string {
  const value = textMember(meaning, 'value');
  const { negative, digits, decimals } = splitDecimal(value);
  const [wanted, width] = meaning['unit'] === 'lb' ? [2, 4] : [3, 5];
  const isKnownUnit = meaning['unit'] === 'lb' || meaning['unit'] === 'kg';
  const significant = digits.replace(/^0+/, '');
  if (negative || !isKnownUnit || decimals !== wanted || significant.length > width) {
    throw new RangeError(
      `${value} ${meaning['unit']} cannot be sent: 0.00 lb or 0.000 kg expected`,
    );
  }
  return significant.padStart(width, '0');
}

function encodeLine(meaning: Meaning): string {
  switch (meaning.kind) {
    case 'command':
      return commandFor(commands, meaning).wire;
    case 'weight':
      if (meaning['stable'] === false) {
        throw new RangeError('a scale in motion sends a status, not a weight');
      }
      return `144${digitsOf(meaning)}`;
    case 'status': {
      const [flag, ...more] = flagsOf(meaning);
      const digit = Object.keys(monitorStatus).find((key) => monitorStatus[key] === flag);
      if (digit === undefined || more.length > 0) {
        throw unsayable('magellan-single-cable', meaning);
      }
      return `14${digit}`;
    }
    default:
      throw unsayable('magellan-single-cable', meaning);
  }
}

function encode(meaning: Meaning, context: CodecContext): Uint8Array {
  if (meaning.kind === 'scan') {
    return bytesOf(`${textMember(meaning, 'data')}\r`);
  }
  return bytesOf(`${prefixOf(context)}${encodeLine(meaning)}\r`);
}

export const magellanSingleCable: Codec = {
  protocol: 'magellan-single-cable',
  title: 'Datalogic Magellan scanner-scale, single cable',
  group: 'scale',
  source: 'Datalogic knowledge base KA-01089',
  line: '9600 7E1',
  settings: [
    { name: 'unit', values: 'kg | lb', meaning: 'unit set up in the scale (checked)' },
    { name: 'prefix', values: 'one character', meaning: "the scanner's STX", default: 'S' },
  ],
  decoder: ({ direction, context }) =>
    streamDecoder(terminatedFrames(), (frame) =>
      direction === 'host->device'
        ? interpretCommand(frame, context)
        : interpretReply(frame, context),
    ),
  encode,
};
