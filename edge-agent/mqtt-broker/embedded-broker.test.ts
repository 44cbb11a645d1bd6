/** The broker on real TLS and MQTT, with a disk and a clock that do what the test says. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import {
  type CertificateBundle,
  keepAuthority,
  keepServerCertificate,
} from '@stockhand/central-sync/client/certificate-authority.ts';
import { sparkplugB } from '@stockhand/device-drivers/codecs/sparkplug-b.ts';
import { ReadingIdentity } from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import { connectAsync, connect as connectMqtt, type IClientOptions, type MqttClient } from 'mqtt';
import mqttPacket, { type Packet } from 'mqtt-packet';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { MemoryDisk, MemoryEventLog } from '../event-store/memory-event-log.ts';
import { StorageError } from '../event-store/storage-error.ts';
import { AgentLoop, recoveryDelayMs } from '../loop.ts';
import type { CommitBatch } from '../ports.ts';
import {
  epoch,
  masterDataCommand,
  momentAt,
  openingStockCommand,
  sampleMasterData,
  startMs,
  storeGln,
} from '../sample-store.ts';
import { deviceFacts } from '../views.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { defaultBrokerLimits, EmbeddedBroker } from './embedded-broker.ts';
import { ForeignTopics } from './foreign-topics.ts';
import { Intake } from './intake.ts';
import { PresenceReport } from './presence-report.ts';

/** A log whose disk can be full. */
class FaultyLog extends MemoryEventLog {
  isFull = false;

  override commit(batch: CommitBatch): void {
    if (this.isFull) throw new StorageError('disk-full', 'planted');
    super.commit(batch);
  }
}

/** Timers of a test, and commits that wait while `isHolding`. */
class HeldClock extends VirtualClock {
  isHolding = false;

  override whenIdle(callback: () => void): () => void {
    const cancel = super.whenIdle(callback);
    if (!this.isHolding) setImmediate(() => this.becomeIdle());
    return cancel;
  }
}

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const until = (condition: () => boolean) => vi.waitUntil(condition, { timeout: 20_000 });

let folder: string;
let bundle: CertificateBundle;
let clock: HeldClock;
let log: FaultyLog;
let loop: AgentLoop;
let broker: EmbeddedBroker;
let observed: string[];
let refusedLogins: string[];
let revoked: Set<string>;
let clients: MqttClient[];
let sockets: TLSSocket[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stockhand-broker-'));
  const authority = await keepAuthority(join(folder, 'authority'), 'Test', Date.now());
  const names = { commonName: 'localhost', dnsNames: ['localhost'], ipAddresses: ['127.0.0.1'] };
  bundle = await keepServerCertificate(join(folder, 'server'), authority, names, Date.now());
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(async () => {
  clock = new HeldClock(startMs);
  log = new FaultyLog(new MemoryDisk({ storeGln, epoch: Buffer.from(epoch, 'hex') }));
  const moment = () => momentAt(clock.wallMs());
  loop = new AgentLoop({ storeGln, log, clock, logger: silent, moment });
  await Promise.all([loop.submit(masterDataCommand(1)), loop.submit(openingStockCommand(2))]);
  [observed, refusedLogins, revoked, clients, sockets] = [[], [], new Set(), [], []];
  const presence = new PresenceReport({ agent: loop, clock, logger: silent });
  const foreign = new ForeignTopics([
    { topics: 'tele/#', protocol: 'tasmota', gateway: 'tasmota-gw', settings: {} },
    { topics: 'spBv1.0/store/#', protocol: 'sparkplug-b', gateway: 'node-1', settings: {} },
  ]);
  const intake: Intake = new Intake({
    agent: loop,
    storeGln,
    tell: (topic, payload) => broker.tell(topic, payload),
    observed: (deviceId, result, reason) => observed.push(`${deviceId} ${result} ${reason}`.trim()),
    foreign,
    logger: silent,
  });
  broker = new EmbeddedBroker({
    host: '127.0.0.1',
    port: 0,
    tls: { cert: bundle.certificatePem, key: bundle.privateKeyPem },
    webSocketPort: 0,
    storeGln,
    intake,
    foreign,
    credentials: {
      login: (deviceId, secret) => (`${secret}` === `secret of ${deviceId}` ? 'login' : null),
      isCurrent: (deviceId) => !revoked.has(deviceId),
      mayHaveChanged: () => revoked.size > 0,
    },
    isRecording: () => loop.failure === null,
    presence: (deviceId, online, reason) => presence.tell(deviceId, { online, reason }),
    isBlocked: (deviceId) => deviceId === 'blocked-1',
    loginRefused: (reason) => refusedLogins.push(reason),
    limits: { ...defaultBrokerLimits, connections: 3, packetBytes: 100_000 },
    clock,
    logger: silent,
  });
  await broker.start();
});

afterEach(async () => {
  clock.isHolding = false;
  clock.becomeIdle();
  for (const client of clients) client.end(true);
  for (const socket of sockets) socket.destroy();
  await broker.stop();
  loop.stop();
});

const settings = (deviceId: string) =>
  ({
    protocol: 'mqtts',
    host: 'localhost',
    port: broker.port,
    ca: bundle.authorityPem,
    clientId: deviceId,
    username: deviceId,
    password: `secret of ${deviceId}`,
    reconnectPeriod: 0,
  }) as const;

async function connect(deviceId: string, more: IClientOptions = {}): Promise<MqttClient> {
  const client = await connectAsync({ ...settings(deviceId), ...more });
  client.on('error', () => {});
  clients.push(client);
  return client;
}

/** Resolves when the connection has ended, in whatever way. */
const closing = (client: MqttClient) =>
  new Promise<void>((resolve) => client.once('close', () => resolve()));

const topic = (deviceId: string, channel = 'reading') =>
  `stockhand/v1/${storeGln}/${deviceId}/${channel}`;

const jars = (sequence: number, count: number) =>
  JSON.stringify({
    session: 'boot-1',
    sequence: `${sequence}`,
    weight: { value: (2 + count * 0.345).toFixed(3), unit: 'kg', stable: true },
  });

const recorded = () => [...log.readFrom(1)].map(({ event }) => event.payload.case);

const presenceOf = (deviceId: string) =>
  deviceFacts(loop.latestState()).find(({ record }) => record.deviceId === deviceId)?.record
    .presence;

describe('an acknowledgement', () => {
  it.each([1, 2] as const)('of QoS %d leaves after the commit, not before', async (qos) => {
    const plate = await connect('plate-1');
    await until(() => presenceOf('plate-1') === 'online' && loop.waiting === 0);
    clock.isHolding = true;
    let isAcknowledged = false;
    const answer = plate.publishAsync(topic('plate-1'), jars(1, 4), { qos }).then(() => {
      isAcknowledged = true;
    });
    await until(() => loop.waiting > 0);
    // The answer to a ping goes the same way, and would come after an acknowledgement.
    plate.sendPing();
    const next = await new Promise<Packet>((resolve) => plate.once('packetreceive', resolve));
    expect(next.cmd).toBe('pingresp');
    expect(isAcknowledged).toBe(false);
    expect(recorded()).not.toContain('shelfObserved');
    clock.isHolding = false;
    clock.becomeIdle();
    await answer;
    expect(recorded()).toContain('shelfObserved');
  });

  it('is not given when the disk fails; the device is sent away until it works again', async () => {
    const plate = await connect('plate-1');
    await until(() => presenceOf('plate-1') === 'online' && loop.waiting === 0);
    log.isFull = true;
    const closed = closing(plate);
    let isAcknowledged = false;
    plate.publishAsync(topic('plate-1'), jars(1, 4), { qos: 1 }).then(
      () => {
        isAcknowledged = true;
      },
      () => {},
    );
    await closed;
    expect(isAcknowledged).toBe(false);
    await expect(connect('plate-1')).rejects.toThrow(/server unavailable/i);
    expect(refusedLogins).toEqual(['not-recording']);
    log.isFull = false;
    clock.pass(recoveryDelayMs);
    const again = await connect('plate-1');
    await again.publishAsync(topic('plate-1'), jars(1, 4), { qos: 1 });
    expect(recorded().filter((type) => type === 'shelfObserved')).toHaveLength(1);
  });
});

/** A client that sends exactly what it is told. */
async function rawClient(deviceId: string) {
  const socket = connectTls({ host: 'localhost', port: broker.port, ca: bundle.authorityPem });
  sockets.push(socket);
  const packets: Packet[] = [];
  const parser = mqttPacket.parser({ protocolVersion: 4 });
  parser.on('packet', (packet) => packets.push(packet));
  socket.on('data', (chunk) => parser.parse(chunk));
  socket.on('error', () => {});
  const send = (packet: Packet) => socket.write(mqttPacket.generate(packet));
  send({
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clean: true,
    clientId: deviceId,
    keepalive: 0,
    username: deviceId,
    password: Buffer.from(`secret of ${deviceId}`),
  });
  await until(() => packets.some((packet) => packet.cmd === 'connack'));
  return { socket, packets, send };
}

describe('a redelivery', () => {
  it('of QoS 2 before its PUBREL is known by packet id and bytes, without any counter', async () => {
    const { packets, send } = await rawClient('scanner-1');
    const scan = (messageId: number, dup: boolean): Packet => ({
      cmd: 'publish',
      topic: topic('scanner-1'),
      payload: JSON.stringify({ scan: { text: '4006381333931', aimId: ']E0' } }),
      qos: 2,
      messageId,
      dup,
      retain: false,
    });
    const received = () => packets.filter((packet) => packet.cmd === 'pubrec').length;
    send(scan(7, false));
    await until(() => received() === 1);
    send(scan(7, true));
    await until(() => received() === 2);
    send(scan(8, false));
    await until(() => received() === 3);
    const [first, second, third] = observed;
    expect(second).toBe('scanner-1 duplicate');
    expect(third).toBe(first);
    expect(first).not.toBe(second);
  });
});

describe('a refusal', () => {
  it('tells the device which reading, which field, and where it is kept', async () => {
    const plate = await connect('plate-1');
    const told = new Promise<Record<string, unknown>>((resolve) => {
      plate.on('message', (_topic, payload) => resolve(JSON.parse(`${payload}`)));
    });
    await plate.subscribeAsync(topic('plate-1', '#'));
    const wrongUnit = jars(41, 4).replace('"kg"', '"stone"');
    await plate.publishAsync(topic('plate-1'), wrongUnit, { qos: 1 });
    expect(await told).toMatchObject({
      deviceId: 'plate-1',
      session: 'boot-1',
      sequence: '41',
      reason: 'bad-unit',
      field: 'weight.unit',
      found: 'stone',
      deadLetter: '1',
    });
    expect(`${log.deadLetters({ limit: 1 }).map((letter) => Buffer.from(letter.payload))}`).toBe(
      wrongUnit,
    );
  });

  it('of a packet that is too large ends the connection and is kept', async () => {
    const plate = await connect('plate-1');
    const closed = closing(plate);
    plate.publish(topic('plate-1'), Buffer.alloc(100_001, 'x'), { qos: 1 });
    await closed;
    await until(() => log.deadLetters({ limit: 9 }).length === 1);
    expect(log.deadLetters({ limit: 1 })).toMatchObject([
      { deviceId: 'plate-1', reason: 'packet-too-large', payload: { length: 1_024 } },
    ]);
  });

  it('of a payload that is too large is acknowledged', async () => {
    const plate = await connect('plate-1');
    await plate.publishAsync(topic('plate-1'), Buffer.alloc(65_537, 'x'), { qos: 1 });
    expect(log.deadLetters({ limit: 1 })).toMatchObject([{ reason: 'oversize' }]);
  });
});

describe('a connection', () => {
  it('is the last of its device: who comes with the same id takes its place', async () => {
    const first = await connect('plate-1');
    const closed = closing(first);
    const second = await connect('plate-1');
    await closed;
    await second.publishAsync(topic('plate-1'), jars(1, 4), { qos: 1 });
    await until(() => loop.waiting === 0);
    expect(presenceOf('plate-1')).toBe('online');
  });

  it('that breaks speaks its last will', async () => {
    const will = { topic: topic('plate-1', 'state'), payload: Buffer.from('{"online":false}') };
    const plate = await connect('plate-1', { will: { ...will, qos: 1, retain: true } });
    await until(() => presenceOf('plate-1') === 'online');
    plate.stream.destroy();
    await until(() => presenceOf('plate-1') === 'offline');
    const offline = [...log.readFrom(1)].map(({ event }) => event.payload);
    expect(offline.filter((payload) => payload.case === 'deviceWentOffline')).toMatchObject([
      { value: { reason: 'last-will' } },
    ]);
  });

  it('with a last will that is too large is not let in', async () => {
    const will = {
      topic: topic('plate-1', 'state'),
      payload: Buffer.alloc(1_025),
      qos: 1,
    } as const;
    const client = connectMqtt({ ...settings('plate-1'), will: { ...will, retain: false } });
    client.on('error', () => {});
    clients.push(client);
    await closing(client);
    expect(presenceOf('plate-1')).not.toBe('online');
  });

  it('ends when its secret is taken away', async () => {
    const plate = await connect('plate-1');
    const till = await connect('till-1');
    const closed = closing(plate);
    revoked.add('plate-1');
    clock.pass(5_000);
    await closed;
    expect(till.connected).toBe(true);
  });

  it('over the limit is closed at once', async () => {
    for (const deviceId of ['plate-1', 'till-1', 'scanner-1']) await connect(deviceId);
    await expect(connect('distance-1')).rejects.toThrow();
    clients[0]?.end(true);
    await until(() => broker.connections < 3);
    await connect('distance-1');
  });

  it('is refused when a manager blocked it, and cut off when it was in', async () => {
    await expect(connect('blocked-1')).rejects.toThrow(/not authorized/i);
    expect(refusedLogins).toEqual(['blocked']);
    const plate = await connect('plate-1');
    const closed = closing(plate);
    broker.disconnect('till-1');
    expect(plate.connected).toBe(true);
    broker.disconnect('plate-1');
    await closed;
  });

  it('is refused without a secret that fits', async () => {
    await expect(connect('plate-1', { password: 'guess' })).rejects.toThrow(/bad user/i);
    const anonymous = { protocol: 'mqtts', host: 'localhost', port: broker.port } as const;
    const attempt = connectAsync({ ...anonymous, ca: bundle.authorityPem, reconnectPeriod: 0 });
    await expect(attempt).rejects.toThrow(/bad user/i);
    expect(refusedLogins).toEqual(['bad-credentials', 'bad-credentials']);
  });
});

describe('WebSockets', () => {
  const overWebSockets = (deviceId: string) => ({
    ...settings(deviceId),
    protocol: 'wss' as const,
    port: broker.webSocketPort,
    path: '/mqtt',
  });

  it('bring readings in and refusals back, with the same secrets and promises', async () => {
    const plate = await connectAsync(overWebSockets('plate-1'));
    clients.push(plate);
    const told = new Promise<string>((resolve) => {
      plate.on('message', (_topic, payload) => resolve(JSON.parse(`${payload}`).reason));
    });
    await plate.subscribeAsync(topic('plate-1', 'refused'));
    for (const qos of [1, 2] as const) {
      await plate.publishAsync(topic('plate-1'), jars(1, 4), { qos });
    }
    expect(recorded().filter((type) => type === 'shelfObserved')).toHaveLength(1);
    await plate.publishAsync(topic('plate-1'), 'no JSON', { qos: 1 });
    expect(await told).toBe('bad-json');
    expect(presenceOf('plate-1')).toBe('online');
    const wrong = { ...overWebSockets('till-1'), password: 'guess' };
    await expect(connectAsync(wrong)).rejects.toThrow(/bad user/i);
  });

  it('have the same limits: of packets, of connections', async () => {
    const plate = await connectAsync(overWebSockets('plate-1'));
    clients.push(plate);
    plate.on('error', () => {});
    const closed = closing(plate);
    plate.publish(topic('plate-1'), Buffer.alloc(100_001, 'x'), { qos: 1 });
    await closed;
    await until(() => broker.connections === 0);
    for (const deviceId of ['plate-1', 'till-1', 'scanner-1']) await connect(deviceId);
    await expect(connectAsync(overWebSockets('distance-1'))).rejects.toThrow();
  });

  it('are refused without the subprotocol of MQTT, and the page of the door says what it is', async () => {
    const url = `localhost:${broker.webSocketPort}/mqtt`;
    const plain = new WebSocket(`wss://${url}`, { ca: bundle.authorityPem });
    const [code] = await once(plain, 'close');
    expect(code).toBe(1_002);
    const status = await new Promise<number | undefined>((resolve) => {
      get(`https://${url}`, { ca: bundle.authorityPem }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
    });
    expect(status).toBe(426);
  });
});

describe('a gateway of foreign devices', () => {
  it('publishes readings of the devices that its messages name', async () => {
    const masterData = sampleMasterData('2026-11-23T07:00:00Z/2');
    const sensor = masterData.devices.find(({ deviceId }) => deviceId === 'distance-1');
    // A Tasmota sensor counts nothing.
    if (sensor) sensor.readingIdentity = ReadingIdentity.NONE;
    await loop.submit(masterDataCommand(3, masterData));
    const gateway = await connect('tasmota-gw');
    const payload = '{"Time":"2026-11-23T09:00:00","SR04":{"Distance":55}}';
    await gateway.publishAsync('tele/distance-1/SENSOR', payload, { qos: 1 });
    expect(log.deadLetters({ limit: 1 })).toEqual([]);
    expect(loop.latestState().shelves.get('B1')?.observedAtMs).toBeGreaterThan(0);
  });

  it('keeps what its codec refuses as a dead letter, and its own topics only', async () => {
    const gateway = await connect('tasmota-gw');
    await gateway.publishAsync('tele/shelf-9/SENSOR', '{"Time":', { qos: 1 });
    await gateway.publishAsync('spBv1.0/store/NDATA/node-1', 'x', { qos: 1 });
    const letters = log.deadLetters({ limit: 10 });
    expect(letters.map(({ reason }) => reason).sort()).toEqual(['bad-json', 'not-own-topic']);
  });

  it('that speaks Sparkplug without a birth is asked for one', async () => {
    const node = await connect('node-1');
    await node.subscribeAsync('spBv1.0/store/NCMD/node-1');
    const asked = new Promise<Buffer>((resolve) =>
      node.once('message', (_topic, payload) => resolve(payload)),
    );
    const message = { kind: 'sparkplug', type: 'NDATA', group: 'store', node: 'node-1', seq: 7 };
    const data = sparkplugB.encode({ ...message, metrics: { 'Shelf/level_pct': 40 } }, {});
    await node.publishAsync('spBv1.0/store/NDATA/node-1', Buffer.from(data), { qos: 1 });
    expect(Buffer.from(await asked).includes('Node Control/Rebirth')).toBe(true);
    expect(log.deadLetters({ limit: 1 })[0]?.reason).toBe('sparkplug-not-born');
  });
});
