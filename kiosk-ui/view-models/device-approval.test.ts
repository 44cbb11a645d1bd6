import { create } from '@bufbuild/protobuf';
import {
  DeviceViewSchema,
  ModelChoiceSchema,
  SlotChoiceSchema,
} from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { DeviceKind, ReadingIdentity } from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import { describe, expect, test } from 'vitest';
import {
  assignmentOf,
  chooseKind,
  chooseSlot,
  firstApproval,
  matchingSlots,
  possibleKinds,
  slotsShown,
} from './device-approval.ts';
import { deviceCards } from './device-list.ts';
import { hexRows, textOf } from './payload-text.ts';

const device = create(DeviceViewSchema, {
  deviceId: 'plate-9',
  standing: 'pending',
  lastValueKind: 'weight',
  lastIdentity: ReadingIdentity.DEVICE_TIME,
});

describe('approving a device', () => {
  test('offers what a device that weighs can be, and asks for what that needs', () => {
    expect(possibleKinds(device)).toEqual([DeviceKind.WEIGHT_PLATE, DeviceKind.SCALE]);
    const plate = chooseKind(firstApproval(device), DeviceKind.WEIGHT_PLATE);
    expect(assignmentOf(device, plate)).toBeNull();
    const placed = chooseSlot(chooseSlot(plate, 'A1'), 'A2');
    expect(assignmentOf(device, placed)).toBeNull();
    for (const emptyText of ['-1', '2.5', '1e3', '9999999', 'x']) {
      expect(assignmentOf(device, { ...placed, emptyText })).toBeNull();
    }
    expect(assignmentOf(device, { ...placed, emptyText: '2000' })).toMatchObject({
      slotIds: ['A2'],
      emptyReading: 2_000_000,
      readingIdentity: ReadingIdentity.DEVICE_TIME,
    });
    expect(assignmentOf(device, chooseKind(placed, DeviceKind.SCALE))).toMatchObject({
      slotIds: [],
      emptyReading: 0,
    });
  });

  test('a zone watches as many slots as are chosen, and a second touch takes one back', () => {
    const zone = chooseKind(firstApproval(device), DeviceKind.RFID_ZONE);
    const both = chooseSlot(chooseSlot(zone, 'A1'), 'A2');
    expect(assignmentOf(device, both)?.slotIds).toEqual(['A1', 'A2']);
    expect(assignmentOf(device, chooseSlot(both, 'A1'))?.slotIds).toEqual(['A2']);
  });

  test('a model that a profile describes brings its identity and dead-band', () => {
    const model = create(ModelChoiceSchema, {
      model: 'acme',
      kind: DeviceKind.SCALE,
      readingIdentity: ReadingIdentity.SEQUENCE,
      deadBand: 7,
    });
    const scale = { ...chooseKind(firstApproval(device), DeviceKind.SCALE), model };
    const expected = { model: 'acme', readingIdentity: ReadingIdentity.SEQUENCE, deadBand: 7 };
    expect(assignmentOf(device, scale)).toMatchObject(expected);
  });

  test('finds a slot among thousands, and keeps the chosen one in sight', () => {
    const slots = Array.from({ length: 1_000 }, (_, n) =>
      create(SlotChoiceSchema, { slotId: `S-${n}`, slotName: 'Aisle 1', productName: `Jam ${n}` }),
    );
    expect(matchingSlots(slots, '', [])).toHaveLength(slotsShown);
    const found = matchingSlots(slots, 'aisle JAM s-777', ['S-3']);
    expect(found.map(({ slotId }) => slotId)).toEqual(['S-3', 'S-777']);
  });
});

test('lists who needs people first', () => {
  const view = (deviceId: string, more: object) =>
    create(DeviceViewSchema, { deviceId, standing: 'known', online: true, ...more });
  const cards = deviceCards([
    view('well', {}),
    view('blocked', { standing: 'blocked' }),
    view('weak', { batteryPercent: 5 }),
    view('liar', { distrustedFor: 'stuck-or-dead' }),
    view('new', { standing: 'pending' }),
    view('away', { online: false }),
  ]);
  const ids = cards.map((card) => card.device.deviceId);
  expect(ids).toEqual(['new', 'away', 'liar', 'weak', 'blocked', 'well']);
});

test('shows bytes as people read them', () => {
  expect(hexRows(Buffer.from('{"é":1}\n0123456789'))).toEqual([
    '0000  7b 22 c3 a9 22 3a 31 7d 0a 30 31 32 33 34 35 36  {"..":1}.0123456',
    '0010  37 38 39                                         789',
  ]);
  expect(textOf(Buffer.from('{"é":1}\n'))).toBe('{"é":1}\n');
  expect(textOf(Uint8Array.of(2, 65, 3))).toBeNull();
  expect(textOf(Uint8Array.of(0xff))).toBeNull();
});
