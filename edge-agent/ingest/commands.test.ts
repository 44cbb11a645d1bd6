import { create } from '@bufbuild/protobuf';
import { MasterDataSchema } from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import { describe, expect, test } from 'vitest';
import {
  command,
  jarsReading,
  masterDataCommand,
  runningStore,
  SampleStore,
  sampleMasterData,
  startMs,
} from '../sample-store.ts';
import { openTasks } from '../views.ts';

describe('commands of HQ', () => {
  test('refuses nonsense whole, in the log, and goes on with what it has', () => {
    const store = runningStore();
    const bad = sampleMasterData('2026-11-23T07:00:00Z/1');
    const [slot] = bad.slots;
    if (slot !== undefined) slot.par = 99;
    const result = store.take(masterDataCommand(3, bad));
    expect(result.outcome).toMatchObject({
      kind: 'refused',
      refusals: [{ reason: 'out-of-range', field: 'slots[0].par', found: '99' }],
    });
    expect(result.events.map((event) => event.payload.case)).toEqual(['commandRefused']);
    expect(store.state.catalogue.facts.version).toBe('2026-11-23T06:00:00Z/1');
    expect(store.outcome(masterDataCommand(3, bad))).toEqual({ kind: 'duplicate' });
  });

  test('refuses stale master data, and takes the same version as already applied', () => {
    const store = runningStore();
    const stale = masterDataCommand(3, sampleMasterData('2026-11-22T06:00:00Z/7'));
    expect(store.outcome(stale)).toMatchObject({ refusals: [{ reason: 'stale-master-data' }] });
    expect(store.cases(masterDataCommand(4))).toEqual(['commandApplied']);
    const tenth = masterDataCommand(5, sampleMasterData('2026-11-23T06:00:00Z/10'));
    expect(store.cases(tenth)).toEqual(['masterDataApplied', 'commandApplied']);
  });

  test('refuses a command after its deadline, for another store, or of no known kind', () => {
    const store = runningStore();
    const late = command(3, { case: 'reportQuarantine', value: {} }, startMs - 1);
    expect(store.outcome(late)).toMatchObject({ refusals: [{ reason: 'command-expired' }] });
    const foreign = sampleMasterData('2026-11-23T09:00:00Z/1');
    if (foreign.store !== undefined) foreign.store.gln = '4000001000012';
    expect(store.outcome(masterDataCommand(4, foreign))).toMatchObject({
      refusals: [{ reason: 'wrong-store', field: 'store.gln' }],
    });
    expect(store.outcome(command(5, { case: undefined }))).toMatchObject({ kind: 'refused' });
    expect(store.state.commandSequences.get('hq-1')).toBe(5);
  });

  test('keeps people out of the log and hands them to the side table', () => {
    const store = new SampleStore();
    const staff = { members: [{ personRef: 'anna', name: 'Anna A.', badgeHash: 'ab'.repeat(32) }] };
    const input = command(1, {
      case: 'applyMasterData',
      value: { masterData: sampleMasterData(), staff },
    });
    const { people, events } = store.take(input);
    expect(people).toEqual([
      { personRef: 'anna', name: 'Anna A.', pinHash: '', badgeHash: 'ab'.repeat(32) },
    ]);
    const text = JSON.stringify(events, (_key, value) =>
      typeof value === 'bigint' ? `${value}` : value,
    );
    expect(text).not.toContain('Anna A.');
  });

  test('withdraws needs and cancels tasks of slots that are gone, and signs leavers out', () => {
    const store = runningStore();
    store.take(jarsReading(1, 3));
    expect(openTasks(store.state)).toHaveLength(1);
    const next = sampleMasterData('2026-11-24T06:00:00Z/1');
    next.slots = next.slots.filter((slot) => slot.slotId !== 'A1');
    next.devices = next.devices.filter((device) => !device.slotIds.includes('A1'));
    next.staff = next.staff.filter((member) => member.personRef !== 'ben');
    const cases = store.cases(masterDataCommand(3, next));
    expect(cases).toEqual([
      'masterDataApplied',
      'taskCancelled',
      'needWithdrawn',
      'staffSignedOut',
      'commandApplied',
    ]);
    expect(openTasks(store.state)).toEqual([]);
    expect(store.state.needs.size).toBe(0);
    expect([...store.markTable.keys()]).toEqual([]);
  });

  test('refuses master data without a store', () => {
    const store = new SampleStore();
    const empty = create(MasterDataSchema, { version: 'v1' });
    expect(store.outcome(masterDataCommand(1, empty))).toMatchObject({
      refusals: [{ reason: 'missing-field', field: 'store' }],
    });
  });
});
