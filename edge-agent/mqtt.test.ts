/** HQ's word about a device, as the device meets it: real TLS, real MQTT, the log on a real disk. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from '@bufbuild/protobuf';
import {
  keepAuthority,
  keepServerCertificate,
} from '@stockhand/central-sync/client/certificate-authority.ts';
import {
  ApproveDeviceSchema,
  BlockDeviceSchema,
} from '@stockhand/proto/sync/v1alpha/sync_service_pb.js';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { parseConfig } from './config.ts';
import { DeviceCredentials } from './event-store/device-credentials.ts';
import { SqliteEventLog } from './event-store/sqlite-event-log.ts';
import { AgentLoop } from './loop.ts';
import { type RunningMqtt, startMqtt } from './mqtt.ts';
import { systemClock } from './platform/system-ports.ts';
import { command, masterDataCommand, momentAt, startMs, storeGln } from './sample-store.ts';

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const until = (condition: () => boolean) => vi.waitUntil(condition, { timeout: 20_000 });

let folder: string;
let log: SqliteEventLog;
let loop: AgentLoop;
let mqtt: RunningMqtt;
let authorityPem: string;
let clients: MqttClient[];
let refusedLogins: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stockhand-mqtt-'));
  [clients, refusedLogins] = [[], []];
  log = new SqliteEventLog({ folder, storeGln });
  const moment = () => momentAt(startMs);
  loop = new AgentLoop({ storeGln, log, clock: systemClock, logger: silent, moment });
  await loop.submit(masterDataCommand(1));
  const text = `store: "${storeGln}"\ndataFolder: ${folder}\ntimeZone: Europe/Berlin\nmqtt: { host: 127.0.0.1, port: 0 }\n`;
  const authority = await keepAuthority(join(folder, 'authority'), 'Test', Date.now());
  const names = { commonName: 'localhost', dnsNames: ['localhost'], ipAddresses: ['127.0.0.1'] };
  const bundle = await keepServerCertificate(join(folder, 'server'), authority, names, Date.now());
  authorityPem = bundle.authorityPem;
  mqtt = await startMqtt({
    config: parseConfig(text, join(folder, 'store.yaml')),
    log,
    loop,
    bundle,
    observed: () => {},
    loginRefused: (reason) => refusedLogins.push(reason),
    clock: systemClock,
    logger: silent,
  });
});

afterEach(async () => {
  await Promise.all(clients.map((client) => client.endAsync(true)));
  await mqtt.stop();
  loop.stop();
  log.close();
  rmSync(folder, { recursive: true, force: true });
});

async function connect(deviceId: string, password: string): Promise<MqttClient> {
  const client = await connectAsync({
    protocol: 'mqtts',
    host: 'localhost',
    port: mqtt.port,
    ca: authorityPem,
    clientId: deviceId,
    username: deviceId,
    password,
    reconnectPeriod: 0,
  });
  client.on('error', () => {});
  clients.push(client);
  return client;
}

it('disconnects a device that HQ blocks, keeps it out, and lets it in again', async () => {
  const secret = new DeviceCredentials(log.database).issue('plate-1', startMs);
  const client = await connect('plate-1', secret);
  const value = create(BlockDeviceSchema, { deviceId: 'plate-1', reason: 'recalled' });
  await loop.submit(command(2, { case: 'blockDevice', value }));
  await until(() => !client.connected);
  await expect(connect('plate-1', secret)).rejects.toThrow('Not authorized');
  expect(refusedLogins).toEqual(['blocked']);
  const approved = create(ApproveDeviceSchema, { deviceId: 'plate-1' });
  await loop.submit(command(3, { case: 'approveDevice', value: approved }));
  expect((await connect('plate-1', secret)).connected).toBe(true);
});
