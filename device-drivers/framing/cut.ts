/**
 * Cutting a byte stream into frames, apart from what the frames say.
 *
 * A framer is told by a `find` function where the next frame, or the next piece of junk, ends. The
 * function sees the bytes that are held so far and may only decide what the bytes after them cannot
 * change: that is what makes the result independent of how the line driver split the stream.
 * Junk is handed out as well (`discarded`), never dropped in silence, and the buffer has a bound.
 */

import type { RejectReason } from '../codec.ts';

/** Bound of a scale's frame buffer: the longest frame of a scale is far below it. */
export const scaleFrameLimitBytes = 256;

export type Cut =
  | { kind: 'frame'; bytes: Uint8Array }
  | { kind: 'discarded'; bytes: Uint8Array; error: RejectReason; detail: string };

/**
 * What to do with the first `take` held bytes (at least one): hand them out as a frame, discard
 * them with a reason, or swallow them in silence (idle bytes that the protocol allows anywhere).
 */
export type Step =
  | { take: number; as: 'frame' }
  | { take: number; as: 'idle' }
  | { take: number; as: 'discarded'; error: RejectReason; detail: string };

export interface Situation {
  /** No further byte will come: decide about what is held. */
  atEnd: boolean;
  /** The bytes before these were discarded because the buffer was full. */
  overrun: boolean;
}

/** Returns undefined when more bytes are needed (never all of them: at the bound they are cut). */
export type Find = (held: Uint8Array, situation: Situation) => Step | undefined;

export interface Framer {
  push(chunk: Uint8Array): Cut[];
  end(): Cut[];
}

/** A framer around one `find`. What is left over at the end without a verdict is `truncated`. */
export function createFramer(find: Find, limitBytes: number = scaleFrameLimitBytes): Framer {
  const buffer = new Uint8Array(limitBytes);
  let length = 0;
  let overrun = false;

  function drop(count: number): Uint8Array {
    const taken = buffer.slice(0, count);
    buffer.copyWithin(0, count, length);
    length -= count;
    return taken;
  }

  function drain(atEnd: boolean, cuts: Cut[]): void {
    while (length > 0) {
      const step = find(buffer.subarray(0, length), { atEnd, overrun });
      if (step === undefined) {
        return;
      }
      const bytes = drop(Math.min(Math.max(step.take, 1), length));
      overrun = false;
      if (step.as === 'frame') {
        cuts.push({ kind: 'frame', bytes });
      } else if (step.as === 'discarded') {
        cuts.push({ kind: 'discarded', bytes, error: step.error, detail: step.detail });
      }
    }
  }

  return {
    push(chunk) {
      const cuts: Cut[] = [];
      let offset = 0;
      while (offset < chunk.length) {
        const part = chunk.subarray(offset, offset + limitBytes - length);
        buffer.set(part, length);
        length += part.length;
        offset += part.length;
        drain(false, cuts);
        if (length === limitBytes) {
          const bytes = drop(length);
          overrun = true;
          const detail = `no frame within ${limitBytes} bytes`;
          cuts.push({ kind: 'discarded', bytes, error: 'oversize', detail });
        }
      }
      return cuts;
    },
    end() {
      const cuts: Cut[] = [];
      drain(true, cuts);
      if (length > 0) {
        const bytes = drop(length);
        const detail = `${bytes.length} bytes of an unfinished frame`;
        cuts.push({ kind: 'discarded', bytes, error: 'truncated', detail });
      }
      overrun = false;
      return cuts;
    },
  };
}
