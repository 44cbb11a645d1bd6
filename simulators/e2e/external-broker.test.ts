/** A store with a broker of its own, a real Mosquitto: devices publish there, the agent listens. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteEventLog } from '@stockhand/edge-agent/event-store/sqlite-event-log.ts';
import { AgentLoop } from '@stockhand/edge-agent/loop.ts';
import { systemClock } from '@stockhand/edge-agent/platform/system-ports.ts';
import {
  masterDataCommand,
  momentAt,
  openingStockCommand,
  sampleMasterData,
  startMs,
  storeGln,
} from '@stockhand/edge-agent/sample-store.ts';
import { ReadingIdentity } from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import SqliteDatabase from 'better-sqlite3';
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { agentUser, isMosquittoMissing, Mosquitto, passwordOf } from '../harness/mosquitto.ts';
import { type LoggingProcess, startAgent } from '../harness/processes.ts';

const until = (condition: () => boolean | Promise<boolean>) =>
  vi.waitUntil(condition, { timeout: 30_000, interval: 20 });

if (isMosquittoMissing) {
  console.warn('SKIPPED: tests with a broker of the store. Install mosquitto (apt, brew).');
}

let folder: string;
let broker: Mosquitto;
let clients: MqttClient[];
let agent: LoggingProcess | null;
let statusPort: number;

async function prepareStore(): Promise<void> {
  const log = new SqliteEventLog({ folder: join(folder, 'store'), storeGln });
  const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const moment = () => momentAt(startMs);
  const loop = new AgentLoop({ storeGln, log, clock: systemClock, logger: silent, moment });
  const masterData = sampleMasterData('2026-11-23T07:00:00Z/2');
  const sensor = masterData.devices.find(({ deviceId }) => deviceId === 'distance-1');
  // A sensor behind a gateway counts nothing.
  if (sensor) sensor.readingIdentity = ReadingIdentity.NONE;
  await Promise.all([
    loop.submit(masterDataCommand(1, masterData)),
    loop.submit(openingStockCommand(2)),
  ]);
  loop.stop();
  log.close();
}

/** @param more of the section, in YAML's flow form; `foreign` what follows it */
async function runAgent(more: string, foreign = ''): Promise<void> {
  const section = `{ url: "mqtts://localhost:${broker.port}", ca: ${join(folder, 'broker', 'authority.pem')}, user: ${agentUser}, passwordFile: ${join(folder, 'password')}, ${more} }`;
  const place = { folder: join(folder, 'store'), storeGln, hqPort: 0, certificates: '' };
  const started = await startAgent({ ...place, mqtt: `external: ${section}${foreign}` });
  agent = started.process;
  statusPort = started.statusPort;
}

const heard = (event: string) => agent?.entries.filter((entry) => entry.event === event) ?? [];
const listening = (times = 1) => until(() => heard('mqtt-external-connected').length >= times);

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${statusPort}/metrics`)).text();
  return Number(new RegExp(`^stockhand_${name} (.*)$`, 'm').exec(text)?.[1]);
}

async function connect(user: string, will?: IClientOptions['will']): Promise<MqttClient> {
  const client = await connectAsync({
    protocol: 'mqtts',
    host: 'localhost',
    port: broker.port,
    ca: broker.authorityPem,
    clientId: user,
    username: user,
    password: passwordOf(user),
    reconnectPeriod: 50,
    ...(will ? { will } : {}),
  });
  client.on('error', () => {});
  clients.push(client);
  return client;
}

const topic = (deviceId: string, channel: string) =>
  `stockhand/v1/${storeGln}/${deviceId}/${channel}`;

/** Neighbours differ by more than the dead-band, so that each reading is an event of its own. */
function reading(sequence: number, jars = sequence % 12): string {
  const value = ((2_000_000 + jars * 345_000) / 1_000_000).toFixed(3);
  const weight = { value, unit: 'kg', stable: true };
  return JSON.stringify({ session: 'boot-1', sequence: `${sequence}`, weight });
}

/** Sequences of the readings that became events, in the order of the log. */
function observedSequences(): number[] {
  const log = new SqliteEventLog({ folder: join(folder, 'store'), storeGln });
  try {
    return [...log.readFrom(1)]
      .filter(({ event }) => event.payload.case === 'shelfObserved')
      .map(({ event }) => Number(/(\d+)$/.exec(event.causationInput)?.[1]));
  } finally {
    log.close();
  }
}

/** Waits until so many readings became events. */
const observed = (count: number) => recordedEvents('ShelfObserved', count);

async function recordedEvents(type: string, count: number): Promise<void> {
  const database = new SqliteDatabase(join(folder, 'store', 'store.db'), { readonly: true });
  const sql = 'SELECT count(*) FROM events WHERE type = ?';
  try {
    await until(() => Number(database.prepare(sql).pluck().get(type)) >= count);
  } finally {
    database.close();
  }
}

/** Readings that the agent took in since its start, whatever they changed; no duplicates. */
async function readingsTaken(): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${statusPort}/metrics`)).text();
  const lines = text.matchAll(/readings_total\{.*result="(?:accepted|unchanged)"\} (\d+)/g);
  return [...lines].reduce((sum, [, count]) => sum + Number(count), 0);
}

async function endAgent(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  await agent?.end(signal);
  agent = null;
}

const sequencesTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

describe.skipIf(isMosquittoMissing)('a broker of the store', () => {
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'stockhand-external-'));
    mkdirSync(join(folder, 'store'));
    writeFileSync(join(folder, 'password'), `${passwordOf(agentUser)}\n`, { mode: 0o600 });
    clients = [];
    agent = null;
    broker = await Mosquitto.start({
      folder: join(folder, 'broker'),
      storeGln,
      users: ['plate-1', 'till-1', 'tasmota-gw'],
      moreRules: `user ${agentUser}\ntopic read tele/#\nuser tasmota-gw\ntopic write tele/#\n`,
    });
    await prepareStore();
  });

  afterEach(async () => {
    for (const client of clients) client.end(true);
    await endAgent('SIGKILL');
    await broker.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const protocol of [4, 5]) {
    it(`brings readings of QoS 0, 1 and 2 once, and refusals back, by protocol ${protocol}`, async () => {
      await runAgent(`protocol: ${protocol}`);
      await listening();
      const plate = await connect('plate-1');
      const refusals: string[] = [];
      plate.on('message', (_name, payload) => refusals.push(JSON.parse(`${payload}`).reason));
      await plate.subscribeAsync(topic('plate-1', 'refused'));
      for (const [qos, sequence] of [
        [0, 1],
        [1, 2],
        [2, 3],
        [1, 3],
        [2, 2],
      ] as const) {
        await plate.publishAsync(topic('plate-1', 'reading'), reading(sequence), { qos });
      }
      await plate.publishAsync(topic('plate-1', 'reading'), 'no JSON', { qos: 1 });
      const tooLarge = Buffer.alloc(300_000, 'x');
      await plate.publishAsync(topic('plate-1', 'reading'), tooLarge, { qos: 2 });
      await plate.publishAsync(topic('plate-1', 'reading'), reading(4), { qos: 2 });
      // With MQTT 5 the broker itself keeps back what is over the limit that we named.
      const expected = protocol === 5 ? ['bad-json'] : ['bad-json', 'oversize'];
      await until(() => refusals.length >= expected.length);
      expect(refusals).toEqual(expected);
      await observed(4);
      await endAgent('SIGTERM');
      expect(observedSequences()).toEqual([1, 2, 3, 4]);
    });
  }

  it('takes a retained reading for old: it triggers nothing', async () => {
    const plate = await connect('plate-1');
    const options = { qos: 1, retain: true } as const;
    await plate.publishAsync(topic('plate-1', 'reading'), reading(1, 0), options);
    await runAgent('protocol: 5');
    await listening();
    await plate.publishAsync(topic('plate-1', 'reading'), reading(2, 11), { qos: 1 });
    await observed(1);
    await endAgent('SIGTERM');
    expect(observedSequences()).toEqual([2]);
  });

  it('takes a device for present when it speaks, and for gone when its last will says so', async () => {
    await runAgent('protocol: 5');
    await listening();
    const plate = await connect('plate-1', {
      topic: topic('plate-1', 'state'),
      payload: Buffer.from('{"online":false}'),
      qos: 1,
      retain: true,
    });
    await plate.publishAsync(topic('plate-1', 'reading'), reading(1), { qos: 1 });
    await recordedEvents('DeviceCameOnline', 1);
    plate.stream.destroy();
    await recordedEvents('DeviceWentOffline', 1);
    await until(() => plate.connected);
    await plate.publishAsync(topic('plate-1', 'reading'), reading(2), { qos: 1 });
    await recordedEvents('DeviceCameOnline', 2);
  });

  it('hears devices that speak no topics of ours, by the same routes', async () => {
    const route = '{ topics: "tele/#", protocol: tasmota, gateway: tasmota-gw }';
    await runAgent('protocol: 5', `, foreign: [${route}]`);
    await listening();
    const gateway = await connect('tasmota-gw');
    const payload = '{"Time":"2026-11-23T09:00:00","SR04":{"Distance":55}}';
    await gateway.publishAsync('tele/distance-1/SENSOR', payload, { qos: 1 });
    await observed(1);
  });

  it('loses nothing and applies nothing twice while the agent is killed under load', async () => {
    await runAgent('protocol: 4, receiveMaximum: 50');
    await listening();
    const plate = await connect('plate-1');
    let sent = 0;
    for (let round = 1; round <= 3; round += 1) {
      const underWay = new Set<Promise<unknown>>();
      while (sent < round * 300) {
        sent += 1;
        // One QoS a round: a broker lets QoS 1 overtake QoS 2, and what comes late is no event.
        const options = { qos: round === 2 ? 2 : 1 } as const;
        const answer = plate
          .publishAsync(topic('plate-1', 'reading'), reading(sent), options)
          .finally(() => underWay.delete(answer));
        underWay.add(answer);
        if (underWay.size >= 20) await Promise.race(underWay);
        // In the middle of what is under way; the rest waits on the broker.
        if (sent === round * 300 - 100) await endAgent('SIGKILL');
      }
      await Promise.all(underWay);
      await runAgent('protocol: 4, receiveMaximum: 50');
      await listening();
    }
    await plate.publishAsync(topic('plate-1', 'reading'), reading(sent + 1), { qos: 1 });
    await observed(sent + 1);
    await endAgent('SIGTERM');
    expect(observedSequences()).toEqual(sequencesTo(sent + 1));
  });

  it('comes back when the broker was killed and has lost all sessions', async () => {
    await runAgent('protocol: 5');
    await listening();
    const plate = await connect('plate-1');
    for (let round = 0; round < 2; round += 1) {
      for (const step of sequencesTo(20)) {
        const payload = reading(round * 20 + step);
        await plate.publishAsync(topic('plate-1', 'reading'), payload, { qos: 2 });
      }
      await observed((round + 1) * 20);
      if (round === 1) break;
      await broker.kill();
      await until(() => heard('mqtt-external-lost').length > 0);
      expect(await metric('mqtt_external_connections')).toBe(0);
      await broker.run();
      await listening(2);
      // The next line of the log; it may come with the next chunk.
      await until(() => heard('mqtt-external-session-lost').length === 1);
      await until(() => plate.connected);
    }
    await endAgent('SIGTERM');
    expect(observedSequences()).toEqual(sequencesTo(40));
  });

  it('shares the work of several connections without losing any', async () => {
    await runAgent('protocol: 5, connections: 4');
    await listening(4);
    expect(await metric('mqtt_external_connections')).toBe(4);
    const plate = await connect('plate-1');
    // Connections overtake each other, within the late window of a device's counter.
    for (let last = 20; last <= 200; last += 20) {
      await Promise.all(
        sequencesTo(20).map((step) => {
          const payload = reading(last - 20 + step);
          return plate.publishAsync(topic('plate-1', 'reading'), payload, { qos: 1 });
        }),
      );
      await until(async () => (await readingsTaken()) === last);
    }
    await endAgent('SIGTERM');
    const sequences = observedSequences();
    expect(new Set(sequences).size).toBe(sequences.length);
  });

  it('says why the broker will not have it, and keeps trying', async () => {
    writeFileSync(join(folder, 'password'), 'wrong');
    await runAgent('protocol: 5');
    await until(() => heard('mqtt-external-lost').length > 1);
    expect(heard('mqtt-external-lost')[0]?.['reason']).toContain('code 135');
  });
});
