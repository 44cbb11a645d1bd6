/** The agent as devices meet it: real TLS, real MQTT, real files, and a process that can be killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import SqliteDatabase from 'better-sqlite3';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DeviceCredentials } from './event-store/device-credentials.ts';
import { SqliteEventLog } from './event-store/sqlite-event-log.ts';
import { AgentLoop } from './loop.ts';
import { systemClock } from './platform/system-ports.ts';
import {
  masterDataCommand,
  momentAt,
  openingStockCommand,
  startMs,
  storeGln,
} from './sample-store.ts';

const devices = ['plate-1', 'till-1', 'stranger'] as const;
type DeviceId = (typeof devices)[number];

let folder: string;
let agent: ChildProcess | null;
let clients: MqttClient[];
let secrets: Map<string, string>;
let mqttPort: number;
let statusPort: number;

const until = (condition: () => boolean | Promise<boolean>) =>
  vi.waitUntil(condition, { timeout: 30_000 });

/** Gives the data folder what HQ and the installer would: master data, stock, device secrets. */
async function prepareStore(): Promise<void> {
  const log = new SqliteEventLog({ folder, storeGln });
  const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const moment = () => momentAt(startMs);
  const loop = new AgentLoop({ storeGln, log, clock: systemClock, logger: silent, moment });
  await Promise.all([loop.submit(masterDataCommand(1)), loop.submit(openingStockCommand(2))]);
  loop.stop();
  const credentials = new DeviceCredentials(log.database);
  secrets = new Map(devices.map((deviceId) => [deviceId, credentials.issue(deviceId, 0)]));
  log.close();
}

async function startAgent(): Promise<void> {
  const config = join(folder, 'store.yaml');
  writeFileSync(
    config,
    `store: "${storeGln}"\ndataFolder: ${folder}\ntimeZone: Europe/Berlin\n` +
      'mqtt: { host: 127.0.0.1, port: 0 }\nkiosk: { httpPort: 0, httpsPort: 0 }\nmetrics: { port: 0 }\n',
  );
  const main = join(import.meta.dirname, 'main.ts');
  const child = spawn(process.execPath, [main, '--config', config], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  agent = child;
  for await (const line of createInterface({ input: child.stdout })) {
    const entry = JSON.parse(line) as { event: string; mqttPort: number; statusPort: number };
    if (entry.event !== 'agent-ready') continue;
    ({ mqttPort, statusPort } = entry);
    break;
  }
  child.stdout.resume();
}

async function endAgent(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  const child = agent;
  agent = null;
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}

async function connect(deviceId: DeviceId, password = secrets.get(deviceId)): Promise<MqttClient> {
  const client = await connectAsync({
    protocol: 'mqtts',
    host: 'localhost',
    port: mqttPort,
    ca: readFileSync(join(folder, 'certificates', 'server', 'authority.pem')),
    clientId: deviceId,
    username: deviceId,
    ...(password === undefined ? {} : { password }),
    reconnectPeriod: 0,
    connectTimeout: 10_000,
  });
  client.on('error', () => {});
  clients.push(client);
  return client;
}

const topic = (deviceId: string, channel: string) =>
  `stockhand/v1/${storeGln}/${deviceId}/${channel}`;

function jars(sequence: number, count: number): string {
  const value = ((2_000_000 + count * 345_000) / 1_000_000).toFixed(3);
  const weight = { value, unit: 'kg', stable: true };
  return JSON.stringify({ session: 'boot-1', sequence: `${sequence}`, weight });
}

function query<T>(sql: string): T[] {
  const database = new SqliteDatabase(join(folder, 'store.db'), { readonly: true });
  try {
    return database.prepare(sql).all() as T[];
  } finally {
    database.close();
  }
}

const eventTypes = () =>
  query<{ type: string }>('SELECT type FROM events ORDER BY position').map((row) => row.type);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stockhand-agent-'));
  clients = [];
  agent = null;
  await prepareStore();
  await startAgent();
});

afterEach(async () => {
  for (const client of clients) client.end(true);
  await endAgent('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

describe('the agent on real MQTT', () => {
  it('has a reading on disk when its PUBACK arrives, and raises a refill from it', async () => {
    const plate = await connect('plate-1');
    await plate.publishAsync(topic('plate-1', 'reading'), jars(1, 2), { qos: 1 });
    const types = eventTypes();
    expect(types.slice(types.indexOf('ShelfObserved'))).toEqual(
      expect.arrayContaining(['ShelfObserved', 'NeedArose', 'TaskCreated']),
    );
  });

  it('applies a reading once, however often and with whatever QoS it comes', async () => {
    const plate = await connect('plate-1');
    for (const qos of [1, 1, 2, 2] as const) {
      await plate.publishAsync(topic('plate-1', 'reading'), jars(1, 2), { qos });
    }
    expect(eventTypes().filter((type) => type === 'ShelfObserved')).toHaveLength(1);
    expect(eventTypes().filter((type) => type === 'TaskCreated')).toHaveLength(1);
  });

  it('refuses a wrong secret, an unknown device and another one’s client id', async () => {
    await expect(connect('plate-1', 'wrong')).rejects.toThrow(/not authorized|bad user/i);
    await expect(connect('nobody' as DeviceId, 'x')).rejects.toThrow(/not authorized|bad user/i);
    const thief = connectAsync({
      protocol: 'mqtts',
      host: 'localhost',
      port: mqttPort,
      rejectUnauthorized: false,
      clientId: 'plate-1',
      username: 'till-1',
      password: secrets.get('till-1') ?? '',
      reconnectPeriod: 0,
    });
    await expect(thief).rejects.toThrow(/identifier rejected/i);
  });

  it('keeps a device to its own topics, and tells why', async () => {
    const till = await connect('till-1');
    const refusals: string[] = [];
    till.on('message', (name, payload) => {
      if (name === topic('till-1', 'refused')) refusals.push(JSON.parse(`${payload}`).reason);
    });
    await till.subscribeAsync(topic('till-1', 'refused'));
    await till.publishAsync(topic('plate-1', 'reading'), jars(1, 0), { qos: 1 });
    await till.publishAsync(topic('till-1', 'sale'), 'not JSON', { qos: 1 });
    const line = { line: 1, code: '4006381333932', quantity: '1', kind: 'TILL_LINE_KIND_SALE' };
    const receipt = {
      workstation: 'till-1',
      businessDay: '2026-11-23',
      receipt: 'r1',
      lines: [line],
    };
    await till.publishAsync(topic('till-1', 'sale'), JSON.stringify(receipt), { qos: 1 });
    await until(() => refusals.length === 3);
    expect(refusals).toEqual(['not-own-topic', 'bad-json', 'bad-check-digit']);
    expect(eventTypes()).not.toContain('ShelfObserved');
    const letters = query<{ reason: string }>('SELECT reason FROM dead_letters ORDER BY number');
    expect(letters.map((letter) => letter.reason)).toEqual(refusals);
  });

  it('lets no device listen to others', async () => {
    const plate = await connect('plate-1');
    const granted = await plate.subscribeAsync('#').catch(() => [{ qos: 128 }]);
    expect(granted[0]?.qos).toBe(128);
  });

  it('notes an unknown device as pending and takes nothing from it', async () => {
    const stranger = await connect('stranger');
    await stranger.publishAsync(topic('stranger', 'reading'), jars(1, 1), { qos: 1 });
    expect(eventTypes()).toContain('DeviceRegistered');
    expect(query('SELECT reason FROM dead_letters')).toEqual([{ reason: 'device-pending' }]);
  });

  it('says how it is on loopback', async () => {
    const plate = await connect('plate-1');
    await plate.publishAsync(topic('plate-1', 'reading'), jars(1, 2), { qos: 1 });
    const get = async (path: string) =>
      (await fetch(`http://127.0.0.1:${statusPort}${path}`)).text();
    expect(await get('/healthz')).toBe('ok\n');
    expect(await get('/readyz')).toBe('ready\n');
    expect(await get('/metrics')).toContain(
      'stockhand_readings_total{kind="weight-plate",result="accepted"} 1',
    );
  });

  it('loses nothing acknowledged and applies nothing twice through kill -9 under load', async () => {
    const acknowledged = new Set<number>();
    let sent = 0;
    for (let round = 1; round <= 3; round += 1) {
      const plate = await connect('plate-1');
      const underWay = new Set<Promise<unknown>>();
      const publish = (sequence: number) => {
        const answer = plate
          .publishAsync(topic('plate-1', 'reading'), jars(sequence, sequence % 12), { qos: 1 })
          .then(() => acknowledged.add(sequence))
          .catch(() => {})
          .finally(() => underWay.delete(answer));
        underWay.add(answer);
      };
      // As a device does: what was not acknowledged comes first, in its order.
      for (let sequence = 1; sequence <= sent; sequence += 1) {
        if (!acknowledged.has(sequence)) publish(sequence);
      }
      while (acknowledged.size < round * 200) {
        while (underWay.size < 25) publish(++sent);
        await Promise.race(underWay);
      }
      await endAgent('SIGKILL');
      plate.end(true);
      await Promise.all(underWay);
      await startAgent();
    }
    await endAgent('SIGTERM');
    expect(sent).toBeGreaterThanOrEqual(600);
    const log = new SqliteEventLog({ folder, storeGln });
    const causes = [...log.readFrom(1)]
      .filter(({ event }) => event.payload.case === 'shelfObserved')
      .map(({ event }) => event.causationInput);
    expect(new Set(causes).size).toBe(causes.length);
    // Neighbours differ by more than the dead-band, so each reading is an event of its own.
    const observed = new Set(causes.map((cause) => Number(/(\d+)$/.exec(cause)?.[1])));
    expect([...acknowledged].filter((sequence) => !observed.has(sequence))).toEqual([]);
    log.close();
  });
});
