/** Frames whose first byte says how long they are, e.g. Zebra SSI packets. */

import { createFramer, type Find, type Framer } from './cut.ts';

export interface CountedOptions {
  /** Whole length of the frame in bytes, from its first byte; undefined: cannot start a frame. */
  frameLength(first: number): number | undefined;
  limitBytes: number;
}

/** A first byte that cannot be a length is discarded alone, so the stream finds its step again. */
export function countedFrames(options: CountedOptions): Framer {
  const find: Find = (held) => {
    const take = options.frameLength(held[0] ?? 0);
    if (take === undefined || take < 1 || take > options.limitBytes) {
      const detail = 'not the length of any frame';
      return { take: 1, as: 'discarded', error: 'bad-length', detail };
    }
    return held.length >= take ? { take, as: 'frame' } : undefined;
  };
  return createFramer(find, options.limitBytes);
}
