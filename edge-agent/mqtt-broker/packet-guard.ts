/**
 * Follows the packets of an MQTT stream by their headers, to notice one that is too large before it has
 * arrived: aedes would collect up to 256 MiB of it in memory (MQTT 3.1.1, section 2.2.3: a type byte,
 * then the remaining length in one to four bytes of seven bits, the least significant first).
 */
export class PacketGuard {
  readonly #limitBytes: number;
  /** Bytes of the packet under way that are still to come, after its header. */
  #remaining = 0;
  /** Null while the type byte of the next packet is awaited; else the length read so far. */
  #length: { value: number; factor: number } | null = null;

  /** @param limitBytes largest remaining length that is let in. */
  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** False when the header of a packet over the limit, or no header at all, is in this chunk. */
  admits(chunk: Uint8Array): boolean {
    let at = 0;
    while (at < chunk.length) {
      if (this.#remaining > 0) {
        const step = Math.min(this.#remaining, chunk.length - at);
        this.#remaining -= step;
        at += step;
      } else if (this.#length === null) {
        this.#length = { value: 0, factor: 1 };
        at += 1;
      } else {
        const byte = chunk[at] ?? 0;
        at += 1;
        if (!this.#takeLengthByte(this.#length, byte)) return false;
      }
    }
    return true;
  }

  #takeLengthByte(length: { value: number; factor: number }, byte: number): boolean {
    length.value += (byte & 0x7f) * length.factor;
    length.factor *= 128;
    if (length.value > this.#limitBytes) return false;
    if ((byte & 0x80) !== 0) return length.factor <= 128 ** 3;
    this.#remaining = length.value;
    this.#length = null;
    return true;
  }
}
