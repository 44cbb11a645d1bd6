/** Profiles from their file into the log: checked, compared, applied, and in force on readings. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { apply, createState, serializeState } from './agent.ts';
import { ConfigError } from './checked-yaml.ts';
import {
  ProfileWatch,
  parseProfiles,
  profileDifferences,
  readProfiles,
} from './device-profiles.ts';
import { MemoryDisk, MemoryEventLog } from './event-store/memory-event-log.ts';
import { AgentLoop } from './loop.ts';
import { systemClock } from './platform/system-ports.ts';
import {
  epoch,
  masterDataCommand,
  momentAt,
  runningStore,
  sampleMasterData,
  startMs,
  storeGln,
  weightReading,
} from './sample-store.ts';

const plates = (limits = '{ least: -1 kg, most: 60 kg }', version = '1') => `
version: "${version}"
models:
  acme:
    kind: weight-plate
    identity: sequence
    units: [kg]
    limits: ${limits}
    deadBand: 10 g
    quality: { leastBatteryPercent: 10 }
    heartbeatSeconds: 60
`;

function faultsOf(text: string): readonly string[] {
  try {
    parseProfiles(text, 'p.yaml');
    return [];
  } catch (error) {
    return error instanceof ConfigError ? error.faults : [String(error)];
  }
}

test('a bad file is told by line, field and expectation', () => {
  expect(faultsOf(plates('{ least: 5 kg, most: 1 kg }'))).toEqual([
    expect.stringContaining('line 8, column 34: models.acme.limits.most: not below limits.least'),
  ]);
  expect(faultsOf(plates('{ most: 5 mm }'))[0]).toContain('models.acme.limits.most: a weight');
  expect(faultsOf(plates('{ most: heavy }'))[0]).toContain('a number and a unit');
  expect(faultsOf(plates().replace('units', 'unit'))[0]).toContain('no such setting');
  expect(faultsOf(plates())).toEqual([]);
});

test('the shipped profiles are fine', () => {
  const shipped = join(import.meta.dirname, 'profiles.example.yaml');
  expect(readProfiles(shipped).profiles).toHaveLength(3);
});

/** A store whose plate-1 is of the model "acme". */
function acmeStore() {
  const store = runningStore();
  const data = sampleMasterData('2026-11-23T07:00:00Z/2');
  for (const device of data.devices) if (device.deviceId === 'plate-1') device.model = 'acme';
  store.take(masterDataCommand(3, data));
  return store;
}

test('a profile refuses what its model cannot have said, also after new master data', () => {
  const store = acmeStore();
  const applied = parseProfiles(plates('{ most: 4 kg }'), 'p.yaml');
  expect(store.cases({ kind: 'profiles', applied })).toEqual(['deviceProfilesApplied']);
  expect(store.outcome({ kind: 'profiles', applied })).toEqual({ kind: 'unchanged' });
  expect(store.outcome(weightReading(1, '4.070'))).toMatchObject({
    refusals: [{ reason: 'out-of-range', field: 'weight.value', found: '4.070' }],
  });
  expect(store.cases(weightReading(2, '3.035'))).toContain('shelfObserved');
  const weak = weightReading(3, '2.345');
  if (weak.kind !== 'reading') throw new Error('a reading expected');
  weak.reading.health = {
    $typeName: 'stockhand.device.v1alpha.Health',
    batteryPercent: 9,
    faults: [],
  };
  expect(store.outcome(weak)).toEqual({ kind: 'unchanged' });
  const next = sampleMasterData('2026-11-23T08:00:00Z/3');
  store.take(masterDataCommand(4, next));
  expect(store.state.catalogue.profileByModel.get('acme')?.most).toBe(4_000_000);
  const state = createState({ storeGln, epoch });
  for (const event of store.log) apply(state, event);
  expect(serializeState(state)).toEqual(serializeState(store.state));
});

test('the difference names what changes and whom it concerns', () => {
  const store = acmeStore();
  store.take({ kind: 'profiles', applied: parseProfiles(plates(), 'p.yaml') });
  const next = parseProfiles(plates('{ least: -1 kg, most: 30 kg }', '2'), 'p.yaml');
  expect(profileDifferences(store.state, next)).toEqual([
    {
      model: 'acme',
      change: 'changed',
      fields: [{ field: 'most', before: '60000000', after: '30000000' }],
      devices: ['plate-1'],
    },
  ]);
});

test('a changed file is applied, a bad one refused and the old one kept', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'stockhand-profiles-'));
  const file = join(folder, 'profiles.yaml');
  const told: string[] = [];
  const note = (_fields: object, event: string) => void told.push(event);
  const logger = { debug: note, info: note, warn: note, error: note };
  const log = new MemoryEventLog(new MemoryDisk({ storeGln, epoch: new Uint8Array(16) }));
  const moment = () => momentAt(startMs);
  const loop = new AgentLoop({ storeGln, log, clock: systemClock, logger, moment });
  const watch = new ProfileWatch({ file, agent: loop, logger });
  const version = () => loop.latestState().catalogue.facts.profilesVersion;
  try {
    writeFileSync(file, plates());
    await watch.start();
    expect(version()).toBe('1');
    writeFileSync(file, 'version: [');
    process.emit('SIGHUP', 'SIGHUP');
    await vi.waitUntil(() => told.includes('profiles-refused'));
    expect(version()).toBe('1');
    writeFileSync(file, plates('{ most: 30 kg }', '2'));
    process.emit('SIGHUP', 'SIGHUP');
    await vi.waitUntil(() => version() === '2');
    expect(readFileSync(file, 'utf8')).toContain('30 kg');
  } finally {
    watch.stop();
    loop.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
