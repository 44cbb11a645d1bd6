/**
 * Decoders of MQTT payloads and till documents: one payload, pushed whole or in pieces, then `end()`.
 * A payload may be empty (a cleared retained message) and is not longer than 64 KiB (POSLog documents, which come over HTTP,
 * too: 1 MiB).
 */
import {
  type Decoded,
  type DecodeInput,
  type FieldNote,
  type Meaning,
  reject,
  type StreamDecoder,
} from '../codec.ts';
import { Refusal, refuse } from './refusal.ts';

/** More than any device of a store sends in one message; a longer payload is refused unread. */
export const maxPayloadBytes = 65_536;

export interface PayloadReading {
  meaning: Meaning;
  notes: FieldNote[];
}

/** Gives a payload its meaning; a document with several receipts has several. May `refuse`. */
export type PayloadReader = (input: DecodeInput) => PayloadReading | PayloadReading[];

export function readingOf(meaning: Meaning, notes: FieldNote[] = []): PayloadReading {
  return { meaning, notes };
}

/** What the broker kept is old: it is marked, so that nobody takes it for news. */
function marked({ meaning, notes }: PayloadReading, { context }: DecodeInput): PayloadReading {
  if (context['retained'] !== true || meaning.kind === 'reject') return { meaning, notes };
  return { meaning: { ...meaning, retained: true }, notes };
}

function reading(read: PayloadReader, input: DecodeInput): PayloadReading[] {
  try {
    // Wildcards are for subscriptions; a message whose topic holds one was never published.
    if (/[+#\0]/.test(input.topic ?? '')) refuse('bad-topic', 'a topic holds no wildcard');
    return [read(input)].flat().map((one) => marked(one, input));
  } catch (error) {
    if (error instanceof Refusal) return [readingOf(error.toReject())];
    throw error;
  }
}

class MqttPayloadDecoder implements StreamDecoder {
  readonly #input: Omit<DecodeInput, 'bytes'>;
  readonly #read: PayloadReader;
  #chunks: Uint8Array[] = [];
  #length = 0;
  #isOversize = false;
  readonly #maxBytes: number;

  constructor(input: Omit<DecodeInput, 'bytes'>, read: PayloadReader, maxBytes: number) {
    this.#input = input;
    this.#read = read;
    this.#maxBytes = maxBytes;
  }

  push(chunk: Uint8Array): Decoded[] {
    const room = this.#maxBytes - this.#length;
    if (chunk.length > room) this.#isOversize = true;
    const kept = chunk.slice(0, room);
    // An empty piece counts as a payload: an empty retained message says something.
    if (kept.length > 0 || this.#chunks.length === 0) this.#chunks.push(kept);
    this.#length += kept.length;
    return [];
  }

  end(): Decoded[] {
    if (this.#chunks.length === 0) return [];
    const frame = new Uint8Array(this.#length);
    let at = 0;
    for (const chunk of this.#chunks) {
      frame.set(chunk, at);
      at += chunk.length;
    }
    const isOversize = this.#isOversize;
    this.#chunks = [];
    this.#length = 0;
    this.#isOversize = false;
    if (isOversize) {
      const detail = `more than ${this.#maxBytes} bytes`;
      return [{ meaning: reject('oversize', detail), frame, notes: [] }];
    }
    const readings = reading(this.#read, { ...this.#input, bytes: frame });
    return readings.map(({ meaning, notes }) => ({ meaning, notes, frame }));
  }
}

/** A decoder that hands each payload, with its topic and settings, to `read`. */
export function mqttPayloadDecoder(
  input: Omit<DecodeInput, 'bytes'>,
  read: PayloadReader,
  maxBytes = maxPayloadBytes,
): StreamDecoder {
  return new MqttPayloadDecoder(input, read, maxBytes);
}
