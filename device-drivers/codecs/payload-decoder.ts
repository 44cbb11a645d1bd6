/**
 * Decoders of payloads that arrive whole: a decoded barcode, the digits of an RFID tag. Push the
 * bytes, in one piece or several, then call `end()`: one payload, one message.
 */
import {
  type Decoded,
  type FieldNote,
  type Meaning,
  reject,
  type StreamDecoder,
} from '../codec.ts';
import { scanText } from './scan-text.ts';

/** The largest QR code holds 4,296 letters; a longer payload is refused. */
export const maxPayloadBytes = 4296;

export interface PayloadReading {
  meaning: Meaning;
  notes: FieldNote[];
}

/** Gives the text of a payload, without CR or LF at its end, its meaning. */
export type PayloadReader = (text: string) => PayloadReading;

class PayloadDecoder implements StreamDecoder {
  readonly #read: PayloadReader;
  #bytes = new Uint8Array();
  #isOversize = false;

  constructor(read: PayloadReader) {
    this.#read = read;
  }

  push(chunk: Uint8Array): Decoded[] {
    const room = maxPayloadBytes - this.#bytes.length;
    this.#isOversize ||= chunk.length > room;
    const joined = new Uint8Array(this.#bytes.length + Math.min(chunk.length, room));
    joined.set(this.#bytes);
    joined.set(chunk.subarray(0, room), this.#bytes.length);
    this.#bytes = joined;
    return [];
  }

  end(): Decoded[] {
    const frame = this.#bytes;
    const isOversize = this.#isOversize;
    this.#bytes = new Uint8Array();
    this.#isOversize = false;
    if (isOversize) {
      const detail = `more than ${maxPayloadBytes} bytes`;
      return [{ meaning: reject('oversize', detail), frame, notes: [] }];
    }
    if (frame.length === 0) {
      return [{ meaning: reject('empty', 'no bytes'), frame, notes: [] }];
    }
    const text = scanText(frame).replace(/[\r\n]+$/, '');
    return [{ ...this.#read(text), frame }];
  }
}

/** A decoder that hands the text of each payload to `read`. */
export function payloadDecoder(read: PayloadReader): StreamDecoder {
  return new PayloadDecoder(read);
}
