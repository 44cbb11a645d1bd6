/** Frames between a start byte and an end byte, with a fixed number of check bytes behind it. */

import { createFramer, type Find, type Framer, scaleFrameLimitBytes } from './cut.ts';

export interface EnclosedOptions {
  /** E.g. STX. It never occurs inside a frame: seen there, the frame begins anew. */
  start: number;
  /** E.g. ETX or CR. */
  end: number;
  /** Bytes behind the end byte that belong to the frame (checksum). Default none. */
  trailing?: number;
  /** Bytes that may stand between frames without being junk, e.g. stray CR LF. */
  idle?: readonly number[];
  /** Look at the low seven bits only: a 7-bit line that was opened as 8N1 shows parity in bit 7. */
  sevenBit?: boolean;
  limitBytes?: number;
}

/** Resynchronises on the start byte; frames come with their start, end and trailing bytes. */
export function enclosedFrames(options: EnclosedOptions): Framer {
  const { start, end, trailing = 0, idle = [], sevenBit = false } = options;
  const find: Find = (bytes, { atEnd }) => {
    const held = sevenBit ? bytes.map((byte) => byte & 0x7f) : bytes;
    if (held[0] !== start) {
      return findStart(held, start, idle, atEnd);
    }
    const restart = held.indexOf(start, 1);
    const close = held.indexOf(end, 1);
    if (close > 0 && (restart < 0 || close < restart)) {
      const take = close + 1 + trailing;
      if (held.length >= take) {
        return { take, as: 'frame' };
      }
      return atEnd ? broken(held.length, 'truncated', 'the check bytes are missing') : undefined;
    }
    if (restart > 0) {
      return broken(restart, 'truncated', 'a new frame began before the end of this one');
    }
    return atEnd ? broken(held.length, 'no-terminator', 'the end byte is missing') : undefined;
  };
  return createFramer(find, options.limitBytes ?? scaleFrameLimitBytes);
}

function broken(take: number, error: 'truncated' | 'no-terminator', detail: string) {
  return { take, as: 'discarded', error, detail } as const;
}

/**
 * Junk before a start byte: idle bytes one by one in silence, anything else as one run that is
 * handed out when its end is known.
 */
export function findStart(
  held: Uint8Array,
  start: number,
  idle: readonly number[],
  atEnd: boolean,
): ReturnType<Find> {
  if (idle.includes(held[0] ?? start)) {
    return { take: 1, as: 'idle' };
  }
  const at = held.findIndex((byte) => byte === start || idle.includes(byte));
  if (at < 0 && !atEnd) {
    return undefined;
  }
  const detail = `bytes before the start byte 0x${start.toString(16).padStart(2, '0')}`;
  return { take: at < 0 ? held.length : at, as: 'discarded', error: 'no-start', detail };
}
