import { beforeEach, expect, test } from 'vitest';
import { DeviceAvailability, passiveTimeoutMs } from './device-availability.ts';
import { parseProfiles } from './device-profiles.ts';
import { MemoryDisk, MemoryEventLog } from './event-store/memory-event-log.ts';
import { AgentLoop } from './loop.ts';
import { systemClock } from './platform/system-ports.ts';
import {
  masterDataCommand,
  momentAt,
  sampleMasterData,
  startMs,
  storeGln,
} from './sample-store.ts';

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

let nowMs: number;
let loop: AgentLoop;
let availability: DeviceAvailability;
let told: string[];

beforeEach(async () => {
  nowMs = 0;
  told = [];
  const log = new MemoryEventLog(new MemoryDisk({ storeGln, epoch: new Uint8Array(16) }));
  const moment = () => momentAt(startMs + nowMs);
  loop = new AgentLoop({ storeGln, log, clock: systemClock, logger: silent, moment });
  const data = sampleMasterData();
  for (const device of data.devices) if (device.deviceId === 'plate-1') device.model = 'acme';
  await loop.submit(masterDataCommand(1, data));
  const profiles = `
version: "1"
models: { acme: { kind: weight-plate, identity: sequence, heartbeatSeconds: 60 } }`;
  await loop.submit({ kind: 'profiles', applied: parseProfiles(profiles, 'p') });
  loop.onCommit((events) => {
    for (const { event } of events) {
      const { payload } = event;
      if (payload.case === 'deviceCameOnline') told.push(`+${payload.value.deviceId}`);
      if (payload.case !== 'deviceWentOffline') continue;
      told.push(`-${payload.value.deviceId} ${payload.value.reason}`);
    }
  });
  const clock = { monotonicMs: () => nowMs, schedule: () => () => {} };
  availability = new DeviceAvailability({ agent: loop, clock, logger: silent });
  availability.start();
});

async function after(ms: number): Promise<string[]> {
  nowMs += ms;
  told = [];
  await availability.look();
  return told;
}

test('an active device is offline after three heartbeats in silence, and back when heard', async () => {
  availability.heard('plate-1');
  expect(await after(0)).toEqual(['+plate-1']);
  expect(await after(180_000)).toEqual([]);
  expect(await after(1)).toEqual(['-plate-1 silent']);
  expect(await after(60_000)).toEqual([]);
  availability.heard('plate-1');
  expect(await after(0)).toEqual(['+plate-1']);
});

test('a passive device may be silent for a day', async () => {
  availability.heard('distance-1');
  expect(await after(0)).toEqual(['+distance-1']);
  expect(await after(passiveTimeoutMs)).toEqual([]);
  expect(await after(1)).toEqual(['-distance-1 silent']);
});

test('who was disconnected stays offline until heard again, and strangers are forgotten', async () => {
  availability.heard('plate-1');
  availability.heard('nobody');
  await after(0);
  const gone = { kind: 'device-state', deviceId: 'plate-1', online: false, reason: 'x' } as const;
  await loop.submit(gone);
  expect(await after(10_000)).toEqual([]);
  expect(loop.latestState().devices.has('nobody')).toBe(false);
});
