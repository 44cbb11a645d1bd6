/**
 * Cuts a stream of MQTT bytes into packets (MQTT 3.1.1, section 2.2.3: a type byte, the remaining length
 * in one to four bytes of seven bits with the least significant first, then the rest).
 *
 * A packet over the limit is not collected: its beginning is kept, which holds topic and packet id, and
 * the rest is passed over. A client cannot end the connection over it as a broker can, for the broker
 * would send it again for ever.
 */

/** Of a packet over the limit, so much is kept: a topic of at most 1 kB and its packet id. */
export const keptBeginningBytes = 2_048;

export interface SplitPacket {
  /** The packet; of one over the limit, its beginning. */
  bytes: Buffer;
  /** Bytes of the whole packet. */
  length: number;
  isWhole: boolean;
}

export class PacketSplitter {
  readonly #limitBytes: number;
  #rest = Buffer.alloc(0);
  /** The packet over the limit that is being passed over, and how much of it is still to come. */
  #passing: { packet: SplitPacket; missing: number } | null = null;

  /** @param limitBytes largest packet that is handed over whole. */
  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /**
   * The packets that end in this chunk, in order.
   * @throws RangeError when the stream is no MQTT: a length of more than four bytes.
   */
  push(chunk: Buffer): SplitPacket[] {
    const packets: SplitPacket[] = [];
    let bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    while (bytes.length > 0) {
      if (this.#passing) {
        bytes = this.#pass(this.#passing, bytes, packets);
        continue;
      }
      const length = packetLength(bytes);
      if (length === null) break;
      if (length > this.#limitBytes) {
        if (bytes.length < Math.min(length, keptBeginningBytes)) break;
        const beginning = Buffer.from(bytes.subarray(0, keptBeginningBytes));
        const packet = { bytes: beginning, length, isWhole: false };
        this.#passing = { packet, missing: length };
        continue;
      }
      if (bytes.length < length) break;
      packets.push({ bytes: bytes.subarray(0, length), length, isWhole: true });
      bytes = bytes.subarray(length);
    }
    // A copy, for a short rest must not hold on to a large chunk.
    this.#rest = Buffer.from(bytes);
    return packets;
  }

  #pass(
    passing: { packet: SplitPacket; missing: number },
    bytes: Buffer,
    packets: SplitPacket[],
  ): Buffer {
    const step = Math.min(passing.missing, bytes.length);
    passing.missing -= step;
    if (passing.missing === 0) {
      packets.push(passing.packet);
      this.#passing = null;
    }
    return bytes.subarray(step);
  }
}

/** Header and rest together; null while the header is incomplete. */
function packetLength(bytes: Uint8Array): number | null {
  let [value, factor] = [0, 1];
  for (let at = 1; at <= 4; at += 1) {
    const byte = bytes[at];
    if (byte === undefined) return null;
    value += (byte & 0x7f) * factor;
    factor *= 128;
    if ((byte & 0x80) === 0) return 1 + at + value;
  }
  throw new RangeError('a packet length of more than four bytes');
}
