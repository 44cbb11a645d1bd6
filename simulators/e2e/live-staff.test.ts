/**
 * The loop is closed: shoppers empty the shelves of a live store, the agent raises refills, virtual
 * staff do them at the real kiosk API, and what they place shows on the next readings of the plates.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toJsonString } from '@bufbuild/protobuf';
import { SqliteEventLog } from '@stockhand/edge-agent/event-store/sqlite-event-log.ts';
import type { EventPayload } from '@stockhand/edge-agent/events/event.ts';
import { ApplyOpeningStockSchema } from '@stockhand/proto/sync/v1alpha/sync_service_pb.js';
import { baseUnitsOf } from '@stockhand/proto/vocabulary/quantity.ts';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { demoBackroomDays, demoFill } from '../devices/demo-opening.ts';
import { LiveStore } from '../devices/live-store.ts';
import { demoMasterDataJson, keepVirtualStaff } from '../harness/demo-people.ts';
import { type LoggingProcess, startAgent, startHq, stockhand } from '../harness/processes.ts';
import { openingStockOf } from '../store/master-data.ts';
import { planStore } from '../store/store-plan.ts';

const plan = planStore('S', 1, 1);
let folder: string;
let processes: LoggingProcess[];
let store: LiveStore | null;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stockhand-staff-'));
  processes = [];
  store = null;
});

afterEach(async () => {
  await store?.stop();
  for (const process of processes) await process.end('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** HQ and agent of the demo store. Answers the agent and the virtual staff. */
async function startChain() {
  const { members } = keepVirtualStaff(join(folder, 'virtual-staff.json'), 2);
  const [hqData, certificates] = [join(folder, 'hq'), join(folder, 'hq-certificates')];
  const forStore = ['--data', hqData, '--gln', plan.gln];
  const [masterData, opening] = [join(folder, 'master.json'), join(folder, 'opening.json')];
  writeFileSync(masterData, demoMasterDataJson(plan, members, '2026-01-01'));
  const stock = openingStockOf(plan, demoBackroomDays, demoFill);
  writeFileSync(opening, toJsonString(ApplyOpeningStockSchema, stock));
  stockhand('hq', 'push-master-data', ...forStore, '--file', masterData);
  stockhand('hq', 'push-opening-stock', ...forStore, '--file', opening);
  stockhand('hq', 'enroll-store', ...forStore, '--out', certificates);
  const hq = await startHq(hqData);
  processes.push(hq.process);
  mkdirSync(join(folder, 'agent'));
  const place = { folder: join(folder, 'agent'), storeGln: plan.gln, hqPort: hq.grpcPort };
  const agent = await startAgent({ ...place, certificates });
  processes.push(agent.process);
  return { agent, members, hqWebPort: hq.webPort };
}

function deviceSecrets(): Map<string, string> {
  const sensors = plan.slots.map((slot) => slot.deviceId).filter((id) => id !== '');
  const ids = [...sensors, ...plan.tills];
  const text = stockhand('device', 'add', ...ids, '--data', join(folder, 'agent'), '--json');
  const secrets = JSON.parse(text) as { deviceId: string; secret: string }[];
  return new Map(secrets.map(({ deviceId, secret }) => [deviceId, secret]));
}

function payloads(): EventPayload[] {
  const log = new SqliteEventLog({ folder: join(folder, 'agent'), storeGln: plan.gln });
  try {
    return [...log.readFrom(1)].map(({ event }) => event.payload);
  } finally {
    log.close();
  }
}

/** Slots that were refilled, and whose plate then told of at least half of what was placed. */
function confirmedRefills(events: readonly EventPayload[]): string[] {
  const placed = new Map<string, number>();
  for (const { case: name, value } of events) {
    if (name === 'itemsStocked') placed.set(value.slotId, baseUnitsOf(value.quantity));
  }
  const observed = new Map(plan.slots.map((slot) => [slot.slotId, demoFill(slot)]));
  const confirmed = new Set<string>();
  for (const { case: name, value } of events) {
    if (name !== 'shelfObserved' || value.measured.case !== 'weightMilligrams') continue;
    for (const { slotId, apparentQuantity: pieces } of value.slots) {
      const more = pieces - (observed.get(slotId) ?? 0);
      // Noise is less than a piece, and shoppers only take away.
      if (more >= Math.max(2, (placed.get(slotId) ?? Infinity) / 2)) confirmed.add(slotId);
      observed.set(slotId, pieces);
    }
  }
  return [...confirmed];
}

test('virtual staff do the tasks at the kiosk, and the plates feel it', async () => {
  const { agent, members, hqWebPort } = await startChain();
  mkdirSync(join(folder, 'serial'));
  store = new LiveStore({
    plan,
    seed: 1,
    speed: 60,
    mqttPort: agent.mqttPort,
    authorityPem: readFileSync(
      join(folder, 'agent', 'certificates', 'server', 'authority.pem'),
      'utf8',
    ),
    secrets: deviceSecrets(),
    staff: members,
    kioskUrl: `http://127.0.0.1:${agent.kioskPort}`,
    hqUrl: `http://127.0.0.1:${hqWebPort}`,
    folder: join(folder, 'serial'),
  });
  const refilled = new Set<string>();
  const inSlot = new Map(plan.slots.map((slot) => [slot.slotId, demoFill(slot)]));
  store.stock.onChange(({ slotId, sensor }, pieces) => {
    // Only staff put more than one piece somewhere at once.
    if (pieces > (inSlot.get(slotId) ?? 0) && sensor === 'plate') refilled.add(slotId);
    inSlot.set(slotId, pieces);
  });
  const { effort } = store;
  store.start();

  await vi.waitUntil(() => effort.refills >= 6 && refilled.size >= 3, {
    timeout: 55_000,
    interval: 50,
  });
  const refills = effort.refills;
  await store.stop();
  store = null;
  for (const process of processes) await process.end('SIGTERM');
  const events = payloads();
  const done = events.filter((one) => one.case === 'taskDone' || one.case === 'taskDoneShort');
  expect(done.length).toBeGreaterThanOrEqual(refills);
  const doers = new Set(done.map(({ value }) => ('personRef' in value ? value.personRef : '')));
  expect([...doers].sort()).toEqual(['virtual-1', 'virtual-2']);
  expect(confirmedRefills(events)).not.toEqual([]);
});
