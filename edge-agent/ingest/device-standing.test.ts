import { create } from '@bufbuild/protobuf';
import {
  DeviceKind,
  DeviceSchema,
  ReadingIdentity,
} from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { apply, createState, serializeState } from '../agent.ts';
import {
  action,
  epoch,
  masterDataCommand,
  reading,
  runningStore,
  type SampleStore,
  sampleMasterData,
  storeGln,
} from '../sample-store.ts';
import { shelfQuantity } from '../views.ts';

const slotId = 'A2';

const plate = (more: object = {}) =>
  create(DeviceSchema, {
    kind: DeviceKind.WEIGHT_PLATE,
    slotIds: [slotId],
    readingIdentity: ReadingIdentity.SEQUENCE,
    emptyReading: 2_000_000,
    deadBand: 20_000,
    model: 'acme-plate-2',
    ...more,
  });
const approve = (assignment?: ReturnType<typeof plate>, person = 'max') =>
  action(person, 0, { case: 'approveDevice', value: { deviceId: 'plate-9', assignment } });
const block = () =>
  action('max', 0, { case: 'blockDevice', value: { deviceId: 'plate-9', reason: 'stolen' } });
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

test('an approved plate moves the belief of its slot from its next reading on', () => {
  const store = runningStore();
  expect(store.outcome(jars(1, 4))).toMatchObject({ refusals: [{ reason: 'device-pending' }] });
  expect(store.outcome(approve(plate(), 'lea'))).toMatchObject({
    refusals: [{ reason: 'not-allowed' }],
  });
  expect(store.cases(approve(plate()))).toEqual(['deviceApproved']);
  expect(store.cases(jars(2, 4))).toContain('shelfObserved');
  expect(shelfQuantity(store.state, slotId)).toBe(4);
  expect(folded(store)).toBe(live(store));
});

test('an assignment that cannot be is refused with field and expectation', () => {
  const store = runningStore();
  store.take(jars(1, 4));
  const refusalOf = (assignment: ReturnType<typeof plate>) => store.outcome(approve(assignment));
  expect(refusalOf(plate({ slotIds: ['nowhere'] }))).toMatchObject({
    refusals: [{ reason: 'unknown-slot', field: 'assignment.slotIds[0]' }],
  });
  expect(refusalOf(plate({ slotIds: [] }))).toMatchObject({
    refusals: [{ field: 'assignment.slotIds', expected: 'exactly one slot' }],
  });
  expect(refusalOf(plate({ kind: DeviceKind.UNSPECIFIED }))).toMatchObject({
    refusals: [{ field: 'assignment.kind' }],
  });
  const listed = action('max', 0, {
    case: 'approveDevice',
    value: { deviceId: 'plate-1', assignment: plate() },
  });
  expect(store.outcome(listed)).toMatchObject({ refusals: [{ field: 'assignment' }] });
});

test('new master data keeps an assignment, and takes it over when it lists the device', () => {
  const store = runningStore();
  store.take(jars(1, 4));
  store.take(approve(plate()));
  store.take(masterDataCommand(3, sampleMasterData('2026-11-23T07:00:00Z/2')));
  expect(store.state.catalogue.deviceById.get('plate-9')?.slotIds).toEqual([slotId]);
  const listing = sampleMasterData('2026-11-23T08:00:00Z/3');
  listing.devices.push(plate({ deviceId: 'plate-9', deadBand: 7 }));
  store.take(masterDataCommand(4, listing));
  expect(store.state.catalogue.deviceById.get('plate-9')?.deadBand).toBe(7);
  store.take(masterDataCommand(5, sampleMasterData('2026-11-23T09:00:00Z/4')));
  expect(store.state.catalogue.deviceById.has('plate-9')).toBe(false);
  expect(folded(store)).toBe(live(store));
});

test('a blocked device is refused and watches nothing any more', () => {
  const store = runningStore();
  store.take(jars(1, 4));
  store.take(approve(plate()));
  expect(store.cases(block())).toEqual(['deviceBlocked']);
  expect(store.outcome(jars(2, 3))).toMatchObject({ refusals: [{ reason: 'device-blocked' }] });
  expect(store.state.catalogue.deviceById.has('plate-9')).toBe(false);
  expect(folded(store)).toBe(live(store));
});

test('whatever managers decide in whatever order, the log folds to the same state', () => {
  let version = 0;
  const steps = fc.constantFrom('approve', 'assign', 'block', 'read', 'master-data');
  fc.assert(
    fc.property(fc.array(steps, { maxLength: 12 }), (names) => {
      const store = runningStore();
      names.forEach((name, index) => {
        version += 1;
        const data = () => sampleMasterData(`2026-11-23T10:00:00Z/${version}`);
        if (name === 'approve') store.take(approve());
        else if (name === 'assign') store.take(approve(plate()));
        else if (name === 'block') store.take(block());
        else if (name === 'read') store.take(jars(index + 1, index % 5));
        else store.take(masterDataCommand(index + 10, data()));
      });
      expect(folded(store)).toBe(live(store));
    }),
    { numRuns: 40 },
  );
});
