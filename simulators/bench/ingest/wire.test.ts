import mqttPacket from 'mqtt-packet';
import { expect, test } from 'vitest';
import { AckReader, firstSequence, ReadingPackets } from './wire.ts';

test('patched packets are what mqtt-packet would read', () => {
  const packets = new ReadingPackets('stockhand/v1/4000001000005/plate-1/reading', 'run-1');
  const parser = mqttPacket.parser({ protocolVersion: 4 });
  const seen: { messageId: number | undefined; payload: Record<string, unknown> }[] = [];
  parser.on('packet', (packet) => {
    if (packet.cmd !== 'publish') throw new Error('a publish expected');
    seen.push({ messageId: packet.messageId, payload: JSON.parse(`${packet.payload}`) });
  });
  for (let packetId = 1; packetId <= 60; packetId += 1) parser.parse(packets.next(packetId));
  expect(seen.map((one) => one.messageId)).toEqual(Array.from({ length: 60 }, (_, n) => n + 1));
  expect(seen.map((one) => one.payload['sequence'])).toEqual(
    Array.from({ length: 60 }, (_, n) => `${firstSequence + n}`),
  );
  expect(seen[0]?.payload).toMatchObject({
    session: 'run-1',
    weight: { unit: 'kg', stable: true },
  });
});

test('acknowledgements are read however the stream is cut', () => {
  const stream = Buffer.concat([
    mqttPacket.generate({ cmd: 'connack', returnCode: 5, sessionPresent: false }),
    mqttPacket.generate({ cmd: 'puback', messageId: 258 }),
    mqttPacket.generate({ cmd: 'puback', messageId: 65_535 }),
  ]);
  for (let cut = 0; cut <= stream.length; cut += 1) {
    const seen: string[] = [];
    const reader = new AckReader({
      puback: (packetId) => seen.push(`puback ${packetId}`),
      connack: (returnCode) => seen.push(`connack ${returnCode}`),
    });
    reader.push(stream.subarray(0, cut));
    reader.push(stream.subarray(cut));
    expect(seen).toEqual(['connack 5', 'puback 258', 'puback 65535']);
  }
});
