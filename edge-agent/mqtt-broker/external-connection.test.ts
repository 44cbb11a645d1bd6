/** The connection to an external broker against a broker that does what the test says, on real TCP. */
import { createServer, type Server, type Socket } from 'node:net';
import mqttPacket, { type IPublishPacket, type Packet } from 'mqtt-packet';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { ExternalConnection, type OversizePublish } from './external-connection.ts';

const until = (condition: () => boolean) =>
  vi.waitUntil(condition, { timeout: 20_000, interval: 2 });

/** One accepted connection of the fake broker. */
interface Peer {
  socket: Socket;
  heard: Packet[];
  send(packet: Packet): void;
}

let server: Server;
let peers: Peer[];
let clock: VirtualClock;
let connection: ExternalConnection;
let taken: { packet: IPublishPacket; commit(): void; fail(): void }[];
let oversize: OversizePublish[];
let logged: { event: string; fields: Record<string, unknown> }[];
let isRecording: boolean;
/** What the fake broker answers to CONNECT and SUBSCRIBE. */
let connack: Packet;
let granted: number[];

const packetBytes = 50_000;
const receiveMaximum = 10;

function accept(socket: Socket): void {
  const heard: Packet[] = [];
  const send = (packet: Packet) => socket.write(mqttPacket.generate(packet));
  peers.push({ socket, heard, send });
  const parser = mqttPacket.parser({ protocolVersion: 4 });
  parser.on('packet', (packet) => {
    heard.push(packet);
    if (packet.cmd === 'connect') send(connack);
    if (packet.cmd === 'subscribe') {
      send({ cmd: 'suback', messageId: packet.messageId ?? 0, granted });
    }
  });
  socket.on('data', (chunk: Buffer) => parser.parse(chunk));
  socket.on('error', () => {});
}

function note(fields: Record<string, unknown>, event: string): void {
  logged.push({ event, fields });
}

beforeEach(async () => {
  [peers, taken, oversize, logged, isRecording] = [[], [], [], [], true];
  connack = { cmd: 'connack', returnCode: 0, sessionPresent: false };
  granted = [2];
  clock = new VirtualClock(0);
  server = createServer(accept);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  connection = new ExternalConnection({
    host: '127.0.0.1',
    port,
    tls: null,
    terms: {
      protocol: 4,
      clientId: 'agent',
      user: 'stockhand',
      password: 'secret',
      keepAliveSeconds: 30,
      sessionExpirySeconds: 60,
      receiveMaximum,
      packetBytes,
    },
    filters: ['stockhand/#'],
    take: (packet) =>
      new Promise((resolve, reject) => {
        const fail = () => reject(new Error('the disk failed'));
        taken.push({ packet, commit: resolve, fail });
      }),
    refuseOversize: async (publish) => {
      oversize.push(publish);
    },
    isRecording: () => isRecording,
    clock,
    fraction: () => 0.5,
    logger: { debug: note, info: note, warn: note, error: note },
  });
});

afterEach(async () => {
  await connection.stop();
  for (const { socket } of peers) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

/** Starts, and answers the broker's end of the connection. */
async function connected(): Promise<Peer> {
  connection.start();
  await until(() => connection.isReady);
  return lastPeer();
}

function lastPeer(): Peer {
  const peer = peers.at(-1);
  if (!peer) throw new Error('nobody connected');
  return peer;
}

function publish(messageId: number, payload: string | Buffer = 'x'): Packet {
  const common = { cmd: 'publish', qos: 1, dup: false, retain: false } as const;
  return { ...common, topic: 'stockhand/v1/s/plate-1/reading', messageId, payload };
}

const reasons = () =>
  logged
    .filter(({ event }) => event === 'mqtt-external-lost')
    .map(({ fields }) => String(fields['reason']));
const acks = ({ heard }: Peer) =>
  heard.flatMap((packet) => (packet.cmd === 'puback' ? [packet.messageId] : []));

/** Longer than the first delays, and not so long that the next attempt runs out of time itself. */
const retryPassesMs = 2_000;

/** Lets the delay before the next attempt pass. */
async function again(): Promise<void> {
  const before = peers.length;
  await until(() => reasons().length > 0);
  clock.pass(retryPassesMs);
  await until(() => peers.length > before);
}

describe('a connection to an external broker', () => {
  it('asks for a persistent session and subscribes', async () => {
    const { heard } = await connected();
    expect(heard).toMatchObject([
      { cmd: 'connect', clean: false, clientId: 'agent', username: 'stockhand' },
      { cmd: 'subscribe', subscriptions: [{ topic: 'stockhand/#', qos: 2 }] },
    ]);
  });

  it('reads no further while too many publishes wait for their commit', async () => {
    const peer = await connected();
    const count = 200;
    // Large ones, so that few of them fit into one read of the socket.
    const payload = Buffer.alloc(30_000, 'x');
    for (let id = 1; id <= count; id += 1) peer.send(publish(id, payload));
    await until(() => taken.length >= receiveMaximum);
    // A round through the event loop of both ends: more would have come by now.
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(taken.length).toBeLessThan(receiveMaximum + 4);
    let committed = 0;
    while (acks(peer).length < count) {
      for (const { commit } of taken.slice(committed)) commit();
      committed = taken.length;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(acks(peer)).toEqual(Array.from({ length: count }, (_, index) => index + 1));
  });

  it('drops the connection when the disk fails, and returns when it can record again', async () => {
    const peer = await connected();
    peer.send(publish(1));
    await until(() => taken.length === 1);
    isRecording = false;
    taken[0]?.fail();
    await until(() => reasons().includes('not committed'));
    expect(acks(peer)).toEqual([]);
    clock.pass(retryPassesMs);
    await until(() => reasons().includes('not-recording'));
    expect(peers).toHaveLength(1);
    isRecording = true;
    clock.pass(retryPassesMs);
    await until(() => connection.isReady);
    lastPeer().send(publish(1));
    await until(() => taken.length === 2);
    taken[1]?.commit();
    await until(() => acks(lastPeer()).length === 1);
  });

  it('gives up a broker that is silent', async () => {
    await connected();
    clock.pass(15_000);
    await until(() => lastPeer().heard.some(({ cmd }) => cmd === 'pingreq'));
    clock.pass(15_000);
    await until(() => reasons().includes('the broker is silent'));
    await again();
    await until(() => connection.isReady);
  });

  it('stays with a broker that answers pings', async () => {
    const peer = await connected();
    for (let turn = 1; turn <= 5; turn += 1) {
      clock.pass(15_000);
      await until(() => peer.heard.filter(({ cmd }) => cmd === 'pingreq').length === turn);
      peer.send({ cmd: 'pingresp' });
      // Comes behind the answer to the ping, so that was heard when this is.
      peer.send(publish(turn));
      await until(() => taken.length === turn);
    }
    expect(reasons()).toEqual([]);
  });

  it('says why the broker refused, and tries again', async () => {
    connack = { cmd: 'connack', returnCode: 4, sessionPresent: false };
    connection.start();
    await until(() => reasons().length === 1);
    connack = { cmd: 'connack', returnCode: 0, sessionPresent: false };
    granted = [128];
    await again();
    await until(() => reasons().length === 2);
    expect(reasons()).toEqual([
      'wrong user or password (code 4)',
      'the broker refused to subscribe stockhand/#',
    ]);
    granted = [1];
    await again();
    await until(() => connection.isReady);
  });

  it('waits longer after each failure, and briefly again after a success', async () => {
    await new Promise((resolve) => server.close(resolve));
    connection.start();
    const retries = () =>
      logged.flatMap(({ fields }) =>
        typeof fields['retryMs'] === 'number' ? [fields['retryMs']] : [],
      );
    for (let attempt = 1; attempt <= 8; attempt += 1) {
      await until(() => retries().length === attempt);
      clock.pass(30_000);
    }
    expect(retries()).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
  });

  it('passes over what is too large, records and acknowledges it, and reads on', async () => {
    const peer = await connected();
    peer.send(publish(1, Buffer.alloc(packetBytes + 1, 'x')));
    peer.send(publish(2));
    await until(() => taken.length === 1);
    taken[0]?.commit();
    await until(() => acks(peer).length === 2);
    expect(acks(peer)).toEqual([1, 2]);
    expect(oversize).toMatchObject([{ topic: 'stockhand/v1/s/plate-1/reading' }]);
  });

  it('ends on what is not MQTT, and begins anew', async () => {
    const peer = await connected();
    peer.socket.write(Buffer.alloc(20, 0xff));
    await until(() => reasons().some((reason) => reason.startsWith('not MQTT')));
    await again();
    await until(() => connection.isReady);
  });

  it('tells devices while it is there, and forgets what it could not tell', async () => {
    connection.tell('stockhand/v1/s/plate-1/refused', 'before');
    const peer = await connected();
    connection.tell('stockhand/v1/s/plate-1/refused', 'now');
    await until(() => peer.heard.some(({ cmd }) => cmd === 'publish'));
    const told = peer.heard.flatMap((one) => (one.cmd === 'publish' ? [`${one.payload}`] : []));
    expect(told).toEqual(['now']);
  });

  it('says good-bye when it stops, and does not come back', async () => {
    const peer = await connected();
    await connection.stop();
    await until(() => peer.heard.some(({ cmd }) => cmd === 'disconnect'));
    clock.pass(60_000);
    expect(peers).toHaveLength(1);
    expect(reasons()).toEqual([]);
  });
});
