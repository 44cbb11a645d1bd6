/** Replies of an NCI ECR scale, for simulators, and the status bits that both directions share. */

import type { CodecContext, Meaning } from '../codec.ts';
import { flagsOf, textMember, unsayable } from './commands.ts';
import { textSetting } from './weight-text.ts';

/** Status bits by byte, in the order of the manual. */
export const nciStatusFlags: readonly {
  byte: number;
  bit: number;
  flag: string;
  /** The weight, if any, must not be used. */
  blocks?: true;
}[] = [
  { byte: 0, bit: 0, flag: 'motion' },
  { byte: 0, bit: 1, flag: 'zero' },
  { byte: 0, bit: 2, flag: 'fault:ram', blocks: true },
  { byte: 0, bit: 3, flag: 'fault:eeprom', blocks: true },
  { byte: 1, bit: 0, flag: 'under-capacity', blocks: true },
  { byte: 1, bit: 1, flag: 'over-capacity', blocks: true },
  { byte: 1, bit: 2, flag: 'fault:rom', blocks: true },
  { byte: 1, bit: 3, flag: 'fault:calibration', blocks: true },
  { byte: 2, bit: 2, flag: 'net' },
  { byte: 2, bit: 3, flag: 'zero-error', blocks: true },
  { byte: 3, bit: 2, flag: 'metric' },
];

/** Two status bytes, or as many as the flags need. */
function statusBytes(flags: readonly string[], context: CodecContext, count = 2): string {
  const bytes = [0x30, 0x30, 0x30, 0x30];
  let length = count;
  for (const flag of flags) {
    const bit = nciStatusFlags.find((known) => known.flag === flag);
    if (bit === undefined) {
      throw new RangeError(`nci-ecr has no status for ${flag}`);
    }
    bytes[bit.byte] = (bytes[bit.byte] ?? 0x30) | (1 << bit.bit);
    length = Math.max(length, bit.byte + 1);
  }
  const sent = bytes
    .slice(0, length)
    .map((byte, index) => (index > 0 && index < length - 1 ? byte | 0x40 : byte));
  const mark = textSetting(context, 'status_form') === 'scp-01' ? '' : 'S';
  return `\n${mark}${String.fromCharCode(...sent)}\r\x03`;
}

function withState(meaning: Meaning, context: CodecContext): string {
  const flags = [
    ...(meaning['stable'] === false ? ['motion'] : []),
    ...(meaning['zero'] === true ? ['zero'] : []),
    ...(meaning['net'] === true ? ['net'] : []),
  ];
  return statusBytes(flags, context, meaning['net'] === undefined ? 2 : 3);
}

/** Six characters for the weight, seven in high resolution; leading zeros are kept. */
function weightField(value: string): string {
  const [sign, digits] = value.startsWith('-') ? ['-', value.slice(1)] : ['', value];
  return `${sign}${digits.padStart(6 - sign.length, '0')}`;
}

/** Text of one reply. Throws a RangeError for what the protocol cannot say. */
export function encodeNciReply(meaning: Meaning, context: CodecContext): string {
  switch (meaning.kind) {
    case 'weight': {
      const unit = textMember(meaning, 'unit').toUpperCase();
      const field = weightField(textMember(meaning, 'value'));
      return `\n${field}${unit}\r${withState(meaning, context)}`;
    }
    case 'count':
    case 'percent': {
      const unit = meaning.kind === 'count' ? 'pcs' : '%';
      return `\n${weightField(textMember(meaning, 'value'))}${unit}\r${withState(meaning, context)}`;
    }
    case 'info': {
      const isUnit = meaning['command'] === 'U';
      const value = textMember(meaning, 'value');
      const flags = meaning['flags'] === undefined ? [] : flagsOf(meaning);
      const body = isUnit ? value.toUpperCase() : `${value}MM`;
      return `\n${body}\r${statusBytes(flags, context)}`;
    }
    case 'status':
      return statusBytes(flagsOf(meaning), context);
    case 'error':
      if (meaning['error'] === 'unknown-command') {
        return '\n?\r\x03';
      }
      throw unsayable('nci-ecr', meaning);
    default:
      throw unsayable('nci-ecr', meaning);
  }
}
