import fc from 'fast-check';
import mqttPacket from 'mqtt-packet';
import { describe, expect, it } from 'vitest';
import { PacketGuard } from './packet-guard.ts';

const publish = (payloadBytes: number) =>
  mqttPacket.generate({
    cmd: 'publish',
    topic: 't',
    payload: Buffer.alloc(payloadBytes, 0xff),
    qos: 1,
    messageId: 7,
    dup: false,
    retain: false,
  });

/** Topic with its length, and the packet id. */
const overheadBytes = 2 + 1 + 2;

describe('the guard of a connection', () => {
  it('lets packets in up to the limit, however the stream is cut', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 8 });
    const cuts = fc.array(fc.integer({ min: 1, max: 9_000 }), { maxLength: 30 });
    fc.assert(
      fc.property(sizes, cuts, (payloads, lengths) => {
        const stream = Buffer.concat([
          mqttPacket.generate({ cmd: 'pingreq' }),
          ...payloads.map(publish),
        ]);
        const guard = new PacketGuard(20_000 + overheadBytes);
        let at = 0;
        for (const length of [...lengths, stream.length]) {
          expect(guard.admits(stream.subarray(at, at + length))).toBe(true);
          at += length;
        }
      }),
    );
  });

  it('refuses a larger one by its header alone', () => {
    const packet = publish(20_001);
    for (const size of [packet.length, 4]) {
      const guard = new PacketGuard(20_000 + overheadBytes);
      expect(guard.admits(publish(100))).toBe(true);
      expect(guard.admits(packet.subarray(0, size))).toBe(false);
    }
  });

  it('refuses a length of five bytes', () => {
    const guard = new PacketGuard(Number.MAX_SAFE_INTEGER);
    expect(guard.admits(Uint8Array.of(0x30, 0x80, 0x80, 0x80, 0x80, 0x01))).toBe(false);
  });
});
