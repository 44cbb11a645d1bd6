/** Frames that have no start byte and end with a line terminator (CR, LF or CR LF). */

import { createFramer, type Find, type Framer, scaleFrameLimitBytes } from './cut.ts';

export interface TerminatedOptions {
  /** Any of these ends a frame; the frame is handed out without it. Default CR and LF. */
  terminators?: readonly number[];
  limitBytes?: number;
}

/**
 * Cuts at each terminator. A run of terminators counts once, so CR LF, CR, LF and blank lines all
 * work. The rest of a line that outgrew the buffer is discarded up to its terminator: its tail
 * could look like a whole frame. Frames keep their terminator byte as last byte.
 */
export function terminatedFrames(options: TerminatedOptions = {}): Framer {
  const terminators = options.terminators ?? [0x0d, 0x0a];
  const find: Find = (held, situation) => {
    const at = held.findIndex((byte) => terminators.includes(byte));
    if (at === 0) {
      return { take: 1, as: 'idle' };
    }
    if (at > 0 && situation.overrun) {
      const detail = 'rest of a line that was too long';
      return { take: at + 1, as: 'discarded', error: 'oversize', detail };
    }
    if (at > 0) {
      return { take: at + 1, as: 'frame' };
    }
    if (!situation.atEnd) {
      return undefined;
    }
    const detail = 'the line ended without its terminator';
    return { take: held.length, as: 'discarded', error: 'no-terminator', detail };
  };
  return createFramer(find, options.limitBytes ?? scaleFrameLimitBytes);
}
