/** Where the frames of Checkout-Dialog 06 end, in both directions. */

import { createFramer, type Find, type Framer } from '../framing/cut.ts';

export const ack = 0x06;
export const nak = 0x15;
/** Separates the fields of a record. */
export const esc = '\x1b';
const stx = 0x02;
const etx = 0x03;
const eot = 0x04;
const enq = 0x05;

function recordFrom(held: Uint8Array, start: number, atEnd: boolean): ReturnType<Find> {
  const close = held.indexOf(etx, start);
  const restart = held.findIndex(
    (byte, index) => index > start && (byte === stx || byte === eot || byte === enq),
  );
  if (close > 0 && (restart < 0 || close < restart)) {
    return { take: close + 1, as: 'frame' };
  }
  if (restart > 0) {
    const detail = 'a new frame began before the end of this one';
    return { take: restart, as: 'discarded', error: 'truncated', detail };
  }
  const detail = 'ETX is missing';
  return atEnd ? { take: held.length, as: 'discarded', error: 'no-terminator', detail } : undefined;
}

function junkBefore(held: Uint8Array, starts: readonly number[], atEnd: boolean): ReturnType<Find> {
  const at = held.findIndex((byte) => starts.includes(byte));
  const detail = 'bytes outside a record';
  if (at < 0) {
    return atEnd ? { take: held.length, as: 'discarded', error: 'no-start', detail } : undefined;
  }
  return { take: at, as: 'discarded', error: 'no-start', detail };
}

/** ACK, NAK, or STX record ETX. */
const findReply: Find = (bytes, { atEnd }) => {
  const held = bytes.map((byte) => byte & 0x7f);
  if (held[0] === ack || held[0] === nak) {
    return { take: 1, as: 'frame' };
  }
  return held[0] === stx ? recordFrom(held, 0, atEnd) : junkBefore(held, [ack, nak, stx], atEnd);
};

/** EOT (thanks), EOT ENQ (the result, please), or EOT STX record ETX. */
const findCommand: Find = (bytes, { atEnd }) => {
  const held = bytes.map((byte) => byte & 0x7f);
  if (held[0] !== eot) {
    return junkBefore(held, [eot], atEnd);
  }
  if (held.length === 1) {
    return atEnd ? { take: 1, as: 'frame' } : undefined;
  }
  if (held[1] === stx) {
    return recordFrom(held, 1, atEnd);
  }
  return { take: held[1] === enq ? 2 : 1, as: 'frame' };
};

export function dialog06Replies(): Framer {
  return createFramer(findReply);
}

export function dialog06Commands(): Framer {
  return createFramer(findCommand);
}
