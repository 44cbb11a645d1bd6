import fc from 'fast-check';
import mqttPacket from 'mqtt-packet';
import { describe, expect, it } from 'vitest';
import { keptBeginningBytes, PacketSplitter } from './packet-splitter.ts';
import { readPublishHead } from './session-packets.ts';

function publish(topic: string, payloadBytes: number, qos: 0 | 1 | 2): Buffer {
  const payload = Buffer.alloc(payloadBytes, 'x');
  const common = { cmd: 'publish', retain: false, dup: false } as const;
  return mqttPacket.generate({ ...common, topic, payload, qos, messageId: 4_711 });
}

function* cut(bytes: Buffer, sizes: readonly number[]): Generator<Buffer> {
  let at = 0;
  for (let turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? bytes.length;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

describe('the packets of a stream', () => {
  it('come out whole and in order, however the stream is cut, and large ones are passed over', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 1, maxLength: 8 });
    const payloads = fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 8 });
    const limitBytes = 5_000;
    fc.assert(
      fc.property(payloads, sizes, (lengths, pieces) => {
        const sent = lengths.map((length, index) => publish(`device/${index}`, length, 1));
        const splitter = new PacketSplitter(limitBytes);
        const found = [...cut(Buffer.concat(sent), pieces)].flatMap((chunk) =>
          splitter.push(Buffer.from(chunk)),
        );
        expect(found.map(({ length }) => length)).toEqual(sent.map(({ length }) => length));
        for (const [index, packet] of found.entries()) {
          const whole = sent[index] ?? Buffer.alloc(0);
          expect(packet.isWhole).toBe(whole.length <= limitBytes);
          const kept = packet.isWhole ? whole.length : keptBeginningBytes;
          expect(packet.bytes.equals(whole.subarray(0, kept))).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('refuses a stream that is not MQTT', () => {
    const splitter = new PacketSplitter(1_000);
    expect(() => splitter.push(Buffer.alloc(5, 0xff))).toThrow(RangeError);
  });
});

describe('the head of a publish', () => {
  it('names topic, QoS and packet id', () => {
    for (const qos of [0, 1, 2] as const) {
      const packetId = qos === 0 ? 0 : 4_711;
      const head = readPublishHead(publish('stockhand/v1/x/plate-1/reading', 9_000, qos));
      expect(head).toEqual({ qos, topic: 'stockhand/v1/x/plate-1/reading', packetId });
    }
  });

  it('is nothing where there is no publish or too little of one', () => {
    expect(readPublishHead(Buffer.from([0xc0, 0]))).toBeNull();
    expect(readPublishHead(publish('a/long/topic', 10, 1).subarray(0, 8))).toBeNull();
  });
});
