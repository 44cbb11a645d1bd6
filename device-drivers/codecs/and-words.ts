/** Words of A&D scales: commands, error codes, and the lines a simulated scale sends. */

import type { CodecContext, Meaning } from '../codec.ts';
import { bytesOf } from './ascii.ts';
import { type CommandWord, commandFor, flagsOf, textMember, unsayable } from './commands.ts';
import { splitDecimal } from './weight-text.ts';

export const andCommands: readonly CommandWord[] = [
  { wire: 'Q', name: 'weight', also: ['query', 'weight-now', 'send-immediate'] },
  { wire: 'SI', name: 'send-immediate' },
  { wire: 'S', name: 'send-stable', also: ['stable'] },
  { wire: 'SIR', name: 'send-repeat', also: ['stream', 'repeat'] },
  { wire: 'C', name: 'cancel' },
  { wire: 'Z', name: 'zero' },
  { wire: 'R', name: 're-zero', also: ['rezero'] },
  { wire: 'T', name: 'tare' },
  { wire: 'PT:', name: 'set-tare', also: ['preset-tare'] },
  { wire: '?PT', name: 'query-tare' },
  { wire: '?ID', name: 'query-id' },
  { wire: '?SN', name: 'query-serial-number' },
  { wire: '?TN', name: 'query-model' },
  { wire: 'CAL', name: 'calibrate' },
  { wire: 'ON', name: 'display-on' },
  { wire: 'OFF', name: 'display-off' },
  { wire: 'P', name: 'power' },
  { wire: 'PRT', name: 'print' },
  { wire: 'U', name: 'change-unit', also: ['mode'] },
  { wire: 'SMP', name: 'sample' },
];

/** Error codes; E02 passes by itself in 1 to 5 s, E03 means a pause of 1 s between characters. */
export const andErrors: Readonly<Record<string, string>> = {
  E00: 'communications',
  E01: 'undefined-command',
  E02: 'not-ready',
  E03: 'timeout',
  E04: 'excess-characters',
  E06: 'format',
  E07: 'parameter-range',
  E11: 'stability',
  E17: 'out-of-range',
  E20: 'calibration-weight-heavy',
  E21: 'calibration-weight-light',
};

function signedField(value: string, width: number): string {
  const { negative } = splitDecimal(value);
  const plain = (negative ? value.slice(1) : value).padStart(width, '0');
  if (plain.length > width) {
    throw new RangeError(`the value ${value} is wider than ${width} characters`);
  }
  return `${negative ? '-' : '+'}${plain}`;
}

function dataLine(meaning: Meaning, header: string, unit: string, context: CodecContext): string {
  const net = meaning['net'];
  const side = net === undefined ? '' : net === true ? 'NT,' : 'GS,';
  const data = signedField(textMember(meaning, 'value'), side === '' ? 8 : 7);
  const separator = context['format'] === 'csv' ? ',' : '';
  return `${header},${side}${data}${separator}${unit.padStart(3)}`;
}

function lineOf(meaning: Meaning, context: CodecContext): string {
  const header = meaning['stable'] === false ? 'US' : 'ST';
  switch (meaning.kind) {
    case 'weight':
      return dataLine(meaning, header, textMember(meaning, 'unit'), context);
    case 'count':
      return dataLine(meaning, header === 'ST' ? 'QT' : header, 'PC', context);
    case 'percent':
      return dataLine(meaning, header, '%', context);
    case 'tare': {
      const mark = meaning['preset'] === false ? 'TR' : 'PT';
      return dataLine(meaning, mark, textMember(meaning, 'unit'), context);
    }
    case 'status': {
      const [flag, ...more] = flagsOf(meaning);
      const sign = flag === 'overload' ? '+' : flag === 'underload' ? '-' : undefined;
      if (sign === undefined || more.length > 0) {
        throw unsayable('and', meaning);
      }
      return `OL,${sign}9999999E+19`;
    }
    case 'ack':
      return '\x06';
    case 'nak':
      return '\x15';
    case 'error': {
      const found = Object.entries(andErrors).find(([, name]) => name === meaning['error']);
      return `EC,${meaning['code'] === undefined && found ? found[0] : textMember(meaning, 'code')}`;
    }
    case 'command': {
      const command = commandFor(andCommands, meaning);
      const value = command.wire === 'PT:' ? textMember(meaning, 'value') : '';
      const unit = command.wire === 'PT:' ? (meaning['unit'] ?? '') : '';
      return `${command.wire}${value}${unit}`;
    }
    default:
      throw unsayable('and', meaning);
  }
}

/** Bytes of one line. Throws a RangeError for what A&D scales cannot say. */
export function encodeAnd(meaning: Meaning, context: CodecContext): Uint8Array {
  return bytesOf(`${lineOf(meaning, context)}\r\n`);
}
