/**
 * Lines with seven data bits and parity, opened by mistake with eight bits and no parity: bit 7 of
 * each byte is then the parity bit. The text looks damaged, but regularly so. We refuse such a
 * frame as a framing mismatch, which tells the installer what to change; cutting bit 7 off in
 * silence would also accept frames that the parity shows to be damaged.
 */

import type { CodecContext, ContextSetting } from '../codec.ts';
import { hasHighBit, lowBits, printable } from './ascii.ts';
import { refuse, type Understood } from './stream.ts';

export const parityBitSetting: ContextSetting = {
  name: 'parity_bit',
  values: 'refuse | ignore',
  meaning: 'what to do with bytes that show a parity bit (line opened with 8 data bits)',
  default: 'refuse',
};

function parityOf(byte: number): number {
  let ones = 0;
  for (let rest = byte; rest > 0; rest >>= 1) {
    ones += rest & 1;
  }
  return ones & 1;
}

/** True when bit 7 of every byte is the parity of its other bits, so that it carries nothing else. */
export function isParityInBit7(frame: Uint8Array): boolean {
  const odd = frame.filter((byte) => parityOf(byte) === 1).length;
  return hasHighBit(frame) && (odd === 0 || odd === frame.length);
}

/** The frame as 7-bit bytes, or why it is refused. */
export function sevenBitFrame(frame: Uint8Array, context: CodecContext): Uint8Array | Understood {
  if (!hasHighBit(frame)) {
    return frame;
  }
  if (context['parity_bit'] === 'ignore') {
    return lowBits(frame);
  }
  return isParityInBit7(frame)
    ? refuse('framing-mismatch', `parity in bit 7, open the line with 7 bits: ${printable(frame)}`)
    : refuse('bad-charset', `bytes above 0x7F in a 7-bit frame: ${printable(frame)}`);
}

export function isRefused(result: Uint8Array | Understood): result is Understood {
  return 'meaning' in result;
}
