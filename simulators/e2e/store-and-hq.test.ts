/** A store and HQ as two processes: master data down, events up, through outages and kills. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storeGln } from '@stockhand/edge-agent/sample-store.ts';
import type { MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type AgentPlace,
  type LoggingProcess,
  startAgent,
  startHq,
  stockhand,
} from '../harness/processes.ts';
import { connectDevice, prepareChain, publishJars } from './sample-chain.ts';

let folder: string;
let hqData: string;
let place: AgentPlace;
let processes: LoggingProcess[];
let clients: MqttClient[];

const until = (condition: () => boolean | Promise<boolean>) =>
  vi.waitUntil(condition, { timeout: 30_000, interval: 50 });

const push = (command: string, file: string) =>
  stockhand('hq', command, '--data', hqData, '--gln', storeGln, '--file', join(folder, file));

interface HqEvent {
  position: number;
  lane: number;
  sequence: number;
  type: string;
}

const hqEvents = (): HqEvent[] =>
  stockhand('hq', 'events', '--data', hqData, '--limit', '100000', '--json')
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as HqEvent)
    .reverse();

async function agentMetric(statusPort: number, name: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${statusPort}/metrics`)).text();
  return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1]);
}

/** What HQ's page says that the store goes by. */
async function masterDataVersionAtHq(webPort: number): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${webPort}/api/stores`);
  const { stores } = (await answer.json()) as { stores: { masterDataVersion: string }[] };
  return stores[0]?.masterDataVersion ?? '';
}

async function hq(port?: number) {
  const started = await startHq(hqData, port);
  processes.push(started.process);
  return started;
}

async function agent() {
  const started = await startAgent(place);
  processes.push(started.process);
  return started;
}

const inStep = (statusPort: number) =>
  until(
    async () =>
      (await agentMetric(statusPort, 'stockhand_sync_connected')) === 1 &&
      (await agentMetric(statusPort, 'stockhand_sync_waiting_events')) === 0,
  );

async function connectPlate(mqttPort: number): Promise<MqttClient> {
  const client = await connectDevice(place, 'plate-1', mqttPort);
  clients.push(client);
  return client;
}

let sequence = 0;
async function publish(client: MqttClient, jars: number): Promise<void> {
  sequence += 1;
  await publishJars(client, sequence, jars);
}

/** Each event once, in order, without a gap in any lane. */
function expectWhole(events: readonly HqEvent[]): void {
  for (const lane of new Set(events.map((event) => event.lane))) {
    const sequences = events.filter((event) => event.lane === lane).map((event) => event.sequence);
    expect(sequences).toEqual(sequences.map((_one, index) => index + 1));
  }
  const positions = events.map((event) => event.position).sort((one, other) => one - other);
  expect(positions).toEqual(positions.map((_one, index) => index + 1));
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stockhand-e2e-'));
  ({ hqData, place } = prepareChain(folder));
  processes = [];
  clients = [];
});

afterEach(async () => {
  for (const client of clients) client.end(true);
  for (const process of processes) await process.end('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

describe('a store and HQ', () => {
  it('brings master data down, and a refill up, once and in order', async () => {
    push('push-master-data', 'master-data.json');
    push('push-opening-stock', 'opening-stock.json');
    const { grpcPort, webPort } = await hq();
    place.hqPort = grpcPort;
    const { mqttPort, statusPort } = await agent();
    await until(() => hqEvents().some((event) => event.type === 'ItemsCounted'));
    expect(await masterDataVersionAtHq(webPort)).not.toBe('');
    const plate = await connectPlate(mqttPort);
    await publish(plate, 2);
    await inStep(statusPort);
    const events = hqEvents();
    expectWhole(events);
    const types = events.map((event) => event.type);
    expect(types).toEqual(
      expect.arrayContaining(['MasterDataApplied', 'ShelfObserved', 'NeedArose', 'TaskCreated']),
    );
  });

  it('loses nothing while HQ is down, killed, and back again', async () => {
    push('push-master-data', 'master-data.json');
    push('push-opening-stock', 'opening-stock.json');
    const first = await hq();
    place.hqPort = first.grpcPort;
    const { mqttPort, statusPort } = await agent();
    await until(() => hqEvents().some((event) => event.type === 'ItemsCounted'));
    const plate = await connectPlate(mqttPort);
    for (let round = 0; round < 2; round += 1) {
      await processes[round === 0 ? 0 : 2]?.end('SIGKILL');
      for (let jars = 0; jars < 40; jars += 1) await publish(plate, jars % 12);
      await hq(place.hqPort);
      await inStep(statusPort);
    }
    const events = hqEvents();
    expectWhole(events);
    expect(events.filter((event) => event.type === 'ShelfObserved').length).toBeGreaterThan(70);
  });

  it('goes on where it was after the agent was killed, and applies no command twice', async () => {
    push('push-master-data', 'master-data.json');
    place.hqPort = (await hq()).grpcPort;
    const first = await agent();
    await until(() => hqEvents().some((event) => event.type === 'CommandApplied'));
    await first.process.end('SIGKILL');
    const second = await agent();
    await inStep(second.statusPort);
    const events = hqEvents();
    expectWhole(events);
    expect(events.filter((event) => event.type === 'MasterDataApplied')).toHaveLength(1);
  });

  it('notices that a log was restored, also when it has grown past what HQ has', async () => {
    push('push-master-data', 'master-data.json');
    push('push-opening-stock', 'opening-stock.json');
    place.hqPort = (await hq()).grpcPort;
    const first = await agent();
    const plate = await connectPlate(first.mqttPort);
    await publish(plate, 9);
    await inStep(first.statusPort);
    await first.process.end('SIGTERM');
    const backup = join(folder, 'backup');
    cpSync(place.folder, backup, { recursive: true });
    const second = await agent();
    const again = await connectPlate(second.mqttPort);
    for (const jars of [8, 7, 6]) await publish(again, jars);
    await inStep(second.statusPort);
    await second.process.end('SIGTERM');
    const known = hqEvents();
    rmSync(place.folder, { recursive: true });
    cpSync(backup, place.folder, { recursive: true });
    // Without HQ it grows beyond the mark, with other events under the same numbers.
    const { hqPort } = place;
    place.hqPort = 0;
    const alone = await agent();
    const other = await connectPlate(alone.mqttPort);
    for (let jars = 1; jars <= 12; jars += 1)
      await publish(other, jars % 2 === 0 ? jars : 12 - jars);
    await alone.process.end('SIGTERM');
    place.hqPort = hqPort;
    const { process } = await agent();
    const notices = ['hq-holds-other-events-than-this-log', 'hq-knows-more-than-this-log'];
    await until(() => process.entries.some(({ event }) => notices.includes(event)));
    expect(hqEvents()).toEqual(known);
  });

  it('refuses a store whose certificate names another one', async () => {
    const { certificates } = place;
    const other = '4012345000009';
    stockhand('hq', 'enroll-store', '--data', hqData, '--gln', other, '--out', certificates);
    place.hqPort = (await hq()).grpcPort;
    const { process } = await agent();
    await until(() => process.entries.some((entry) => entry.event === 'hq-disconnected'));
    const refused = process.entries.find((entry) => entry.event === 'hq-disconnected');
    expect(refused?.['reason']).toContain(`the certificate names store ${other}`);
    expect(hqEvents()).toEqual([]);
  });

  it('refuses master data that makes no sense, and says which field', async () => {
    const text = readFileSync(join(folder, 'master-data.json'), 'utf8');
    const data = JSON.parse(text) as { masterData: { slots: { par: number }[] } };
    const [slot] = data.masterData.slots;
    if (slot) slot.par = 9_999;
    writeFileSync(join(folder, 'master-data.json'), JSON.stringify(data));
    push('push-master-data', 'master-data.json');
    place.hqPort = (await hq()).grpcPort;
    const { process } = await agent();
    await until(() => process.entries.some((entry) => entry.event === 'hq-command'));
    const told = process.entries.find((entry) => entry.event === 'hq-command');
    expect(told).toMatchObject({ outcome: 'refused', refusals: [{ field: 'slots[0].par' }] });
    await until(() => hqEvents().some((event) => event.type === 'CommandRefused'));
  });
});
