import { create } from '@bufbuild/protobuf';
import {
  DeviceKind,
  DeviceSchema,
  ReadingIdentity,
} from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import {
  ApproveDeviceSchema,
  BlockDeviceSchema,
} from '@stockhand/proto/sync/v1alpha/sync_service_pb.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { apply, createState, serializeState } from '../agent.ts';
import {
  command,
  epoch,
  masterDataCommand,
  reading,
  runningStore,
  type SampleStore,
  sampleMasterData,
  storeGln,
  weightReading,
} from '../sample-store.ts';
import { shelfQuantity } from '../views.ts';

const plate = (more: object = {}) =>
  create(DeviceSchema, {
    kind: DeviceKind.WEIGHT_PLATE,
    slotIds: ['A2'],
    readingIdentity: ReadingIdentity.SEQUENCE,
    emptyReading: 2_000_000,
    deadBand: 20_000,
    model: 'acme-plate-2',
    ...more,
  });
const approve = (sequence: number, assignment?: ReturnType<typeof plate>, deviceId = 'plate-9') =>
  command(sequence, {
    case: 'approveDevice',
    value: create(ApproveDeviceSchema, { deviceId, ...(assignment ? { assignment } : {}) }),
  });
const block = (sequence: number, deviceId = 'plate-9', reason = 'stolen') =>
  command(sequence, {
    case: 'blockDevice',
    value: create(BlockDeviceSchema, { deviceId, reason }),
  });
const jars = (sequence: number, count: number) =>
  reading({
    deviceId: 'plate-9',
    session: 'boot-1',
    sequence: BigInt(sequence),
    value: {
      case: 'weight',
      value: { value: ((2_000_000 + count * 345_000) / 1e6).toFixed(3), unit: 'kg', stable: true },
    },
  });

function folded(store: SampleStore): string {
  const state = createState({ storeGln, epoch });
  for (const event of store.log) apply(state, event);
  return new TextDecoder().decode(serializeState(state));
}
const live = ({ state }: SampleStore) => new TextDecoder().decode(serializeState(state));

test('HQ approves a plate before it was ever heard, and its first reading counts', () => {
  const store = runningStore();
  expect(store.cases(approve(3, plate()))).toEqual([
    'deviceRegistered',
    'deviceApproved',
    'commandApplied',
  ]);
  expect(store.cases(jars(1, 4))).toContain('shelfObserved');
  expect(shelfQuantity(store.state, 'A2')).toBe(4);
  expect(folded(store)).toBe(live(store));
});

test('HQ blocks a device that it was told is stolen, before and after it speaks', () => {
  const store = runningStore();
  expect(store.cases(block(3))).toEqual(['deviceRegistered', 'deviceBlocked', 'commandApplied']);
  expect(store.outcome(jars(1, 4))).toMatchObject({ refusals: [{ reason: 'device-blocked' }] });
  expect(store.cases(block(4, 'plate-1', 'recalled'))).toEqual(['deviceBlocked', 'commandApplied']);
  expect(store.outcome(weightReading(1, '5.450'))).toMatchObject({
    refusals: [{ reason: 'device-blocked' }],
  });
  store.take(masterDataCommand(5, sampleMasterData('2026-11-23T07:00:00Z/2')));
  expect(store.state.devices.get('plate-1')?.standing).toBe('blocked');
  expect(store.cases(approve(6, undefined, 'plate-1'))).toEqual([
    'deviceApproved',
    'commandApplied',
  ]);
  expect(store.cases(weightReading(2, '5.450'))).toContain('shelfObserved');
  expect(folded(store)).toBe(live(store));
});

test('the same command again, or the same decision under a new number, changes nothing', () => {
  const store = runningStore();
  store.take(approve(3, plate()));
  expect(store.outcome(approve(3, plate()))).toEqual({ kind: 'duplicate' });
  expect(store.cases(approve(4, plate()))).toEqual(['commandApplied']);
  expect(store.cases(approve(5))).toEqual(['commandApplied']);
  expect(store.cases(approve(6, plate({ slotIds: ['A1'] })))).toEqual([
    'deviceApproved',
    'commandApplied',
  ]);
  store.take(block(7));
  expect(store.cases(block(8))).toEqual(['commandApplied']);
});

test('what cannot be is refused with its field, and registers nothing', () => {
  const store = runningStore();
  expect(store.outcome(approve(3, plate({ slotIds: ['nowhere'] })))).toMatchObject({
    refusals: [{ reason: 'unknown-slot', field: 'assignment.slotIds[0]' }],
  });
  expect(store.outcome(approve(4, plate(), 'plate-1'))).toMatchObject({
    refusals: [{ field: 'assignment' }],
  });
  expect(store.outcome(block(5, 'plate-9', ''))).toMatchObject({ refusals: [{ field: 'reason' }] });
  const bad = create(ApproveDeviceSchema, { deviceId: 'plate 9\n' });
  expect(store.outcome(command(6, { case: 'approveDevice', value: bad }))).toMatchObject({
    refusals: [{ reason: 'bad-field', field: 'deviceId' }],
  });
  expect(store.state.devices.has('plate-9')).toBe(false);
  expect(folded(store)).toBe(live(store));
});

test('whatever HQ decides in whatever order and however often, the log folds to the same state', () => {
  const steps = fc.constantFrom('approve', 'assign', 'move', 'block', 'read', 'again');
  fc.assert(
    fc.property(fc.array(steps, { maxLength: 14 }), (names) => {
      const store = runningStore();
      let sequence = 2;
      names.forEach((name, index) => {
        if (name !== 'read' && name !== 'again') sequence += 1;
        if (name === 'approve') store.take(approve(sequence));
        else if (name === 'assign') store.take(approve(sequence, plate()));
        else if (name === 'move') store.take(approve(sequence, plate({ slotIds: ['A1'] })));
        else if (name === 'block') store.take(block(sequence));
        else if (name === 'read') store.take(jars(index + 1, index % 5));
        else expect(store.outcome(block(sequence))).toEqual({ kind: 'duplicate' });
      });
      expect(folded(store)).toBe(live(store));
    }),
    { numRuns: 40 },
  );
});
