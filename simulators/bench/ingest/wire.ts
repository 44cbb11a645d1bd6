/**
 * MQTT for a load generator: packets made once and patched, acknowledgements read without a parser, so
 * that measuring costs less than what is measured. `mqtt-packet` makes the originals.
 */
import mqttPacket from 'mqtt-packet';

export function connectPacket(deviceId: string, secret: string): Buffer {
  return mqttPacket.generate({
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clean: true,
    clientId: deviceId,
    keepalive: 0,
    username: deviceId,
    password: Buffer.from(secret),
  });
}

/** Sequences begin here, so that they all have ten digits. */
export const firstSequence = 1_000_000_000;

/** Pieces that the plate sees, reading by reading: each differs by one, and one in fifty runs low. */
export const piecesCycle: readonly number[] = Array.from({ length: 50 }, (_, index) => {
  if (index === 25) return 3;
  const step = index % 14;
  return 5 + (step < 7 ? step : 14 - step);
});

function readingJson(session: string, sequence: number, pieces: number): string {
  const value = ((2_000_000 + pieces * 345_000) / 1_000_000).toFixed(3);
  const weight = { value, unit: 'kg', stable: true };
  return JSON.stringify({ session, sequence: `${sequence}`, weight });
}

/** The readings of one device as QoS 1 publishes. */
export class ReadingPackets {
  readonly #byPieces = new Map<number, Buffer>();
  readonly #topic: string;
  readonly #session: string;
  readonly #packetIdAt: number;
  #sequenceAt = 0;
  #sequence = firstSequence;

  constructor(topic: string, session: string) {
    this.#topic = topic;
    this.#session = session;
    // Fixed header of one byte, length of two, topic with its length of two.
    this.#packetIdAt = 1 + 2 + 2 + Buffer.byteLength(topic);
  }

  next(packetId: number): Buffer {
    const sequence = this.#sequence;
    this.#sequence += 1;
    const pieces = piecesCycle[sequence % piecesCycle.length] ?? 0;
    const packet = Buffer.from(this.#original(pieces));
    packet.writeUInt16BE(packetId, this.#packetIdAt);
    packet.write(`${sequence}`, this.#sequenceAt, 'latin1');
    return packet;
  }

  #original(pieces: number): Buffer {
    const known = this.#byPieces.get(pieces);
    if (known) return known;
    const payload = readingJson(this.#session, firstSequence, pieces);
    const packet = mqttPacket.generate({
      cmd: 'publish',
      topic: this.#topic,
      payload,
      qos: 1,
      messageId: 1,
      dup: false,
      retain: false,
    });
    if (packet.length < 130) throw new RangeError('a shorter packet has another header');
    this.#sequenceAt = packet.indexOf(`${firstSequence}`);
    this.#byPieces.set(pieces, packet);
    return packet;
  }
}

const ackType = { 32: 'connack', 64: 'puback' } as const;

/** Reads four-byte acknowledgements from a stream, however it is cut. */
export class AckReader {
  #rest = Buffer.alloc(0);
  readonly #onPuback: (packetId: number) => void;
  readonly #onConnack: (returnCode: number) => void;

  constructor(on: { puback(packetId: number): void; connack(returnCode: number): void }) {
    this.#onPuback = on.puback;
    this.#onConnack = on.connack;
  }

  /** @throws RangeError for any other packet: the load has subscribed to nothing. */
  push(chunk: Buffer): void {
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    let at = 0;
    for (; at + 4 <= bytes.length; at += 4) {
      const type = ackType[bytes[at] as keyof typeof ackType];
      if (bytes[at + 1] !== 2 || !type) throw new RangeError(`unexpected packet ${bytes[at]}`);
      if (type === 'puback') this.#onPuback(bytes.readUInt16BE(at + 2));
      else this.#onConnack(bytes[at + 3] ?? 255);
    }
    this.#rest = Buffer.from(bytes.subarray(at));
  }
}
