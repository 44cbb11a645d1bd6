/** Where the frames of Toledo 8217 and its relatives end, in both directions. */

import { createFramer, type Find, type Framer } from '../framing/cut.ts';
import { findStart } from '../framing/enclosed.ts';

const stx = 0x02;
const cr = 0x0d;
const lf = 0x0a;
const question = 0x3f;
const letterE = 0x45;
const letterF = 0x46;
const letterT = 0x54;

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

/**
 * Replies: `STX … CR`. A status frame `STX ? s CR` has a fixed length, because some makes clear
 * bit 6 of the status byte, which then may look like STX or CR. The answer to the echo probe,
 * `STX E CR`, is followed by the echoed bytes, which end with the next STX or with silence.
 */
const findReply: Find = (bytes, { atEnd }) => {
  const held = bytes.map((byte) => byte & 0x7f);
  if (held[0] !== stx) {
    return findStart(held, stx, [cr, lf], atEnd);
  }
  const isStatus = held[1] === question;
  if (isStatus && held[3] === cr) {
    return { take: 4, as: 'frame' };
  }
  if (isStatus && held.length < 4 && !atEnd) {
    return undefined;
  }
  const restart = held.indexOf(stx, 1);
  if (held[1] === letterE && held[2] === cr) {
    const take = restart > 0 ? restart : held.length;
    return restart > 0 || atEnd ? { take, as: 'frame' } : undefined;
  }
  const close = held.indexOf(cr, 1);
  if (close > 0 && (restart < 0 || close < restart)) {
    return { take: close + 1, as: 'frame' };
  }
  if (restart > 0) {
    const detail = 'a new frame began before the end of this one';
    return { take: restart, as: 'discarded', error: 'truncated', detail };
  }
  const detail = 'CR is missing';
  return atEnd ? { take: held.length, as: 'discarded', error: 'no-terminator', detail } : undefined;
};

/** Commands: single letters, `T` with or without five digits, and `E` with text until `F`. */
const findCommand: Find = (held, { atEnd }) => {
  const first = held[0];
  if (first === cr || first === lf) {
    return { take: 1, as: 'idle' };
  }
  if (first === letterT && (held.length === 1 ? !atEnd : isDigit(held[1]))) {
    const digits = held.subarray(1).findIndex((byte) => !isDigit(byte));
    const count = digits < 0 ? held.length - 1 : digits;
    if (count >= 5) {
      return { take: 6, as: 'frame' };
    }
    return digits < 0 && !atEnd ? undefined : { take: 1 + count, as: 'frame' };
  }
  if (first === letterE) {
    const close = held.indexOf(letterF, 1);
    const take = close > 0 ? close : held.length;
    return close > 0 || atEnd ? { take, as: 'frame' } : undefined;
  }
  return { take: 1, as: 'frame' };
};

export function toledo8217Replies(): Framer {
  return createFramer(findReply);
}

export function toledo8217Commands(): Framer {
  return createFramer(findCommand);
}
