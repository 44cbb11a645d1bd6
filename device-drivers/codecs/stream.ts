/**
 * A stream decoder out of a framer (where frames end) and an interpreter (what a frame says).
 *
 * Junk between frames becomes a reject with `discarded: true`. It differs from a refused frame:
 * junk is line noise and is only counted, a refused frame is an answer of the device that the host
 * could not use. A one-shot decode takes the first result that is not junk (see `decodeOnce`).
 */

import {
  type Codec,
  type CodecContext,
  type Decoded,
  type Direction,
  type FieldNote,
  type Meaning,
  type Reject,
  type RejectReason,
  reject,
  type StreamDecoder,
} from '../codec.ts';
import type { Cut, Framer } from '../framing/cut.ts';
import { printable } from './ascii.ts';

/** What one frame says. */
export interface Understood {
  meaning: Meaning;
  notes: FieldNote[];
}

export function refuse(error: RejectReason, detail: string, notes: FieldNote[] = []): Understood {
  return { meaning: reject(error, detail), notes };
}

/** A reject for bytes that belong to no frame. */
export function discarded(error: RejectReason, detail: string): Reject {
  return { ...reject(error, detail), discarded: true };
}

/** True for junk between frames, as opposed to a frame that was refused. */
export function isDiscarded(meaning: Meaning): boolean {
  return meaning.kind === 'reject' && meaning['discarded'] === true;
}

export function streamDecoder(
  framer: Framer,
  interpret: (frame: Uint8Array) => Understood | Understood[],
): StreamDecoder {
  const decode = (cut: Cut): Decoded[] => {
    if (cut.kind === 'discarded') {
      const meaning = discarded(cut.error, `${cut.detail}: ${printable(cut.bytes)}`);
      return [{ meaning, frame: cut.bytes, notes: [] }];
    }
    const understood = interpret(cut.bytes);
    const all = Array.isArray(understood) ? understood : [understood];
    return all.map(({ meaning, notes }) => ({ meaning, frame: cut.bytes, notes }));
  };
  return {
    push: (chunk) => framer.push(chunk).flatMap(decode),
    end: () => framer.end().flatMap(decode),
  };
}

export interface OneShotInput {
  /** The bytes, in the pieces in which they came. */
  chunks: readonly Uint8Array[];
  direction: Direction;
  context: CodecContext;
  topic?: string;
}

/**
 * The one meaning of some captured bytes: all chunks are pushed, then the line ends. Junk counts
 * only when there is nothing else; several frames give a `sequence` of their meanings; nothing at
 * all (blank lines, fill bytes) gives `none`.
 */
export function decodeOnce(codec: Codec, input: OneShotInput): Meaning {
  const { chunks, ...rest } = input;
  const decoder = codec.decoder(rest);
  const results = [...chunks.flatMap((chunk) => decoder.push(chunk)), ...decoder.end()];
  const meanings = results.map((result) => result.meaning);
  const frames = meanings.filter((meaning) => !isDiscarded(meaning));
  const [first, ...others] = frames.length > 0 ? frames : meanings.slice(0, 1);
  if (first === undefined) {
    return { kind: 'none' };
  }
  return others.length === 0 ? first : { kind: 'sequence', items: [first, ...others] };
}
