/** Lines of CAS indicators, for simulators, and the commands of the host. */

import type { Meaning } from '../codec.ts';
import { bytesOf } from './ascii.ts';
import { type CommandWord, commandFor, flagsOf, textMember, unsayable } from './commands.ts';
import { splitDecimal } from './weight-text.ts';

/** Command mode 1 (CI-400 p.106): two digits of the device id, then two letters. */
export const casCommands: readonly CommandWord[] = [
  { wire: 'RW', name: 'weight', also: ['weight-request', 'request-weight'] },
  { wire: 'MZ', name: 'zero' },
  { wire: 'MT', name: 'tare' },
  { wire: 'OP', name: 'start' },
  { wire: 'EM', name: 'stop' },
];

/** Eight characters with leading zeros, sign in front. */
function digitsField(value: string): string {
  const { negative } = splitDecimal(value);
  const plain = negative ? value.slice(1) : value;
  const field = `${negative ? '-' : ''}${plain.padStart(negative ? 7 : 8, '0')}`;
  if (field.length !== 8) {
    throw new RangeError(`the weight ${value} is wider than 8 characters`);
  }
  return field;
}

function deviceNumber(meaning: Meaning): number {
  const number = Number(meaning['device_id'] ?? '1');
  if (!Number.isInteger(number) || number < 0 || number > 78) {
    throw new RangeError(`a device id is 0 to 78, not ${JSON.stringify(meaning['device_id'])}`);
  }
  return number;
}

function lampByte(meaning: Meaning): string {
  const bits: [unknown, number][] = [
    [meaning['stable'] === true, 6],
    [meaning['hold'] === true, 4],
    [meaning['net'] !== true, 2],
    [meaning['tare'] === true, 1],
    [meaning['zero'] === true, 0],
  ];
  return String.fromCharCode(
    bits.reduce((byte, [on, bit]) => (on ? byte | (1 << bit) : byte), 0x80),
  );
}

function stateLine(state: string, meaning: Meaning, digits: string, protocol: string): string {
  const side = meaning.kind === 'tare' ? 'TR' : meaning['net'] === true ? 'NT' : 'GS';
  const unit = (meaning.kind === 'status' ? 'kg' : textMember(meaning, 'unit')).padStart(2);
  if (protocol === 'cas-18') {
    return `${state},${side},${digits}${unit}`;
  }
  const device = String.fromCharCode(0x30 + deviceNumber(meaning));
  return `${state},${side},${device}${lampByte(meaning)},${digits} ${unit}`;
}

function lineOf(meaning: Meaning, protocol: string): string {
  const device = String(deviceNumber(meaning)).padStart(2, '0');
  switch (meaning.kind) {
    case 'weight':
    case 'tare': {
      const digits = digitsField(textMember(meaning, 'value'));
      const state = meaning['stable'] === false ? 'US' : 'ST';
      return protocol === 'cas-10' ? digits : stateLine(state, meaning, digits, protocol);
    }
    case 'status': {
      const [flag, ...more] = flagsOf(meaning);
      const isKnown = (flag === 'overload' || flag === 'underload') && more.length === 0;
      if (!isKnown || protocol === 'cas-10') {
        throw unsayable(protocol, meaning);
      }
      return stateLine(flag === 'overload' ? 'OL' : 'UL', meaning, ' '.repeat(8), protocol);
    }
    case 'error':
      if (meaning['error'] === 'device-error') {
        return `ERR ${textMember(meaning, 'code')}`;
      }
      if (meaning['error'] === 'not-executable') {
        return '!';
      }
      if (meaning['error'] === 'unknown-command') {
        return '?';
      }
      throw unsayable(protocol, meaning);
    case 'ack':
      return `${device}${textMember(meaning, 'command')}`;
    case 'command':
      return `${device}${commandFor(casCommands, meaning).wire}`;
    default:
      throw unsayable(protocol, meaning);
  }
}

export function encodeCasLine(meaning: Meaning, protocol: string): Uint8Array {
  return bytesOf(`${lineOf(meaning, protocol)}\r\n`);
}
