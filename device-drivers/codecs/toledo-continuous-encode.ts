/** Frames of a Toledo Continuous scale, for simulators. */

import type { CodecContext, Meaning } from '../codec.ts';
import { bytesOf } from './ascii.ts';
import { flagsOf, textMember, unsayable } from './commands.ts';
import { splitDecimal } from './weight-text.ts';

/** Two's complement of the sum of the low seven bits of all bytes, in seven bits. */
export function toledoCheck(bytes: Uint8Array): number {
  const sum = bytes.reduce((total, byte) => total + (byte & 0x7f), 0);
  return -sum & 0x7f;
}

/** Word C code of the units that word B cannot say. */
const unitCodes: Readonly<Record<string, number>> = {
  kg: 0,
  lb: 0,
  g: 1,
  t: 2,
  oz: 3,
  ozt: 4,
  dwt: 5,
  ton: 6,
};

function sixDigits(value: string, decimals: number): string {
  const parts = splitDecimal(value);
  const digits = parts.digits.replace(/^0+/, '').padStart(6, '0');
  if (parts.decimals !== decimals || digits.length > 6) {
    throw new RangeError(`${value} does not fit into six digits with ${decimals} decimals`);
  }
  return digits;
}

function frame(words: readonly number[], digits: string, context: CodecContext): Uint8Array {
  const text = `\x02${String.fromCharCode(...words)}${digits}\r`;
  const bytes = bytesOf(text);
  return context['checksum'] === true ? Uint8Array.of(...bytes, toledoCheck(bytes)) : bytes;
}

/** Six digits of weight and, unless the profile wants short frames, six of tare. */
function weightDigits(meaning: Meaning, context: CodecContext): string {
  const value = textMember(meaning, 'value');
  const { decimals } = splitDecimal(value);
  const { tare } = meaning;
  const tareDigits = typeof tare === 'string' ? sixDigits(tare, decimals) : '000000';
  return sixDigits(value, decimals) + (context['short'] === true ? '' : tareDigits);
}

/** Bytes of one frame. Throws a RangeError for what a frame cannot say. */
export function encodeToledoContinuous(meaning: Meaning, context: CodecContext): Uint8Array {
  const tareless = context['short'] === true;
  if (meaning.kind === 'status') {
    const bits: Readonly<Record<string, number>> = {
      'out-of-range': 0x04,
      motion: 0x08,
      'power-up-not-zeroed': 0x40,
    };
    const flags = flagsOf(meaning);
    const blocks = flags.some((flag) => flag !== 'motion');
    if (!blocks || flags.some((flag) => bits[flag] === undefined)) {
      throw unsayable('toledo-continuous', meaning);
    }
    const b = flags.reduce((word, flag) => word | (bits[flag] ?? 0), 0x30);
    return frame([0x2d, b, 0x20], ' '.repeat(tareless ? 6 : 12), context);
  }
  if (meaning.kind !== 'weight') {
    throw unsayable('toledo-continuous', meaning);
  }
  const value = textMember(meaning, 'value');
  const unit = textMember(meaning, 'unit');
  const code = unitCodes[unit];
  const { negative, decimals } = splitDecimal(value);
  if (code === undefined || decimals > 5) {
    throw new RangeError(`${value} ${unit} cannot be sent in a Toledo frame`);
  }
  const a = 0x28 | (decimals + 2);
  const b = [
    [meaning['net'] === true, 0x01],
    [negative, 0x02],
    [meaning['stable'] === false, 0x08],
    [unit === 'kg', 0x10],
  ] as const;
  const wordB = b.reduce((word, [on, bit]) => (on ? word | bit : word), 0x20);
  if (context['dialect'] === 'liden' && (unit === 'kg' || unit === 'lb')) {
    // Clones of this kind say the unit in word C and leave print and checksum as they are.
    const lidenC = unit === 'lb' ? 0x31 : 0x30;
    return frame(
      [a | 0x40, (wordB & 0x2f) | 0x10, lidenC],
      weightDigits(meaning, context),
      context,
    );
  }
  const wordC = 0x20 | code | (meaning['print'] === true ? 8 : 0);
  return frame([a, wordB, wordC], weightDigits(meaning, context), context);
}
