/** For tests of codecs: bytes written as Latin-1 text, one meaning back, and the other way round. */

import type { Codec, CodecContext, Direction, Meaning } from '../codec.ts';
import { bytesOf, textOf } from './ascii.ts';
import { decodeOnce } from './stream.ts';

export interface Bench {
  read(text: string, context?: CodecContext): Meaning;
  readCommand(text: string, context?: CodecContext): Meaning;
  write(meaning: Meaning, context?: CodecContext): string;
}

export function benchOf(codec: Codec): Bench {
  const decode = (text: string, direction: Direction, context: CodecContext) =>
    decodeOnce(codec, { chunks: [bytesOf(text)], direction, context });
  return {
    read: (text, context = {}) => decode(text, 'device->host', context),
    readCommand: (text, context = {}) => decode(text, 'host->device', context),
    write: (meaning, context = {}) => textOf(codec.encode(meaning, context)),
  };
}

/** Expected members of a reject. */
export function rejected(error: string): Meaning {
  return { kind: 'reject', error };
}

export function status(...flags: string[]): Meaning {
  return { kind: 'status', flags };
}
