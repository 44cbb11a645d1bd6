/**
 * What master data may say of devices. A shelf sensor needs its slots, and what its formula divides by:
 * a weight plate the unit weight of its product, a distance sensor the depth of one piece and the
 * reading of the empty slot.
 */
import {
  type Device,
  DeviceKind,
  type MasterData,
  type Product,
  ReadingIdentity,
  type Slot,
  UnitOfMeasure,
} from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import { isPlainId, plainIdExpectation } from '../ingest/identity.ts';
import type { Faults } from './faults.ts';

/** What the formulas need of a product. */
export type JudgedProduct = Pick<
  Product,
  'gtin' | 'unitOfMeasure' | 'unitWeightMilligrams' | 'unitDepthMillimetres'
>;

/** The store that a device is judged against. */
export interface JudgedStore {
  hasSlot(slotId: string): boolean;
  /** The product of a slot. */
  productOf(slotId: string): JudgedProduct | undefined;
}

export function deviceFaults(
  faults: Faults,
  message: MasterData,
  products: ReadonlyMap<string, Product>,
  slots: ReadonlyMap<string, Slot>,
): void {
  const ids = new Set<string>();
  const store: JudgedStore = {
    hasSlot: (slotId) => slots.has(slotId),
    productOf: (slotId) => products.get(slots.get(slotId)?.gtin ?? ''),
  };
  message.devices.forEach((device, index) => {
    const at = `devices[${index}]`;
    judgeDevice(faults, at, device, store);
    faults.unique(ids, `${at}.deviceId`, device.deviceId);
  });
}

/** Adds what is wrong with one device, its fields named from `at` on. */
export function judgeDevice(faults: Faults, at: string, device: Device, store: JudgedStore): void {
  if (!isPlainId(device.deviceId)) {
    faults.add('bad-field', `${at}.deviceId`, device.deviceId, plainIdExpectation);
  }
  if (device.kind === DeviceKind.UNSPECIFIED || DeviceKind[device.kind] === undefined) {
    faults.add('bad-field', `${at}.kind`, device.kind, 'a kind of device');
  }
  if (
    device.readingIdentity === ReadingIdentity.UNSPECIFIED ||
    ReadingIdentity[device.readingIdentity] === undefined
  ) {
    const expected = 'sequence, device time or none';
    faults.add('bad-field', `${at}.readingIdentity`, device.readingIdentity, expected);
  }
  slotIdFaults(faults, at, device, store);
  const product = store.productOf(device.slotIds[0] ?? '');
  if (product !== undefined) formulaFaults(faults, at, device, product);
}

function slotIdFaults(faults: Faults, at: string, device: Device, store: JudgedStore): void {
  const seen = new Set<string>();
  device.slotIds.forEach((slotId, place) => {
    const field = `${at}.slotIds[${place}]`;
    if (!store.hasSlot(slotId)) faults.add('unknown-slot', field, slotId, 'one of slots');
    faults.unique(seen, field, slotId);
  });
  const count = device.slotIds.length;
  if (device.kind === DeviceKind.WEIGHT_PLATE || device.kind === DeviceKind.DISTANCE) {
    // A plate that several products share needs a belief over all of them together.
    if (count !== 1) faults.add('bad-field', `${at}.slotIds`, count, 'exactly one slot');
  } else if (device.kind === DeviceKind.RFID_ZONE) {
    if (count === 0) faults.add('bad-field', `${at}.slotIds`, 0, 'the slots of the zone');
  } else if (count !== 0) {
    faults.add('bad-field', `${at}.slotIds`, count, 'no slot: it watches none');
  }
}

function formulaFaults(faults: Faults, at: string, device: Device, product: JudgedProduct): void {
  const field = `${at}.slotIds[0]`;
  const isWeighed = product.unitOfMeasure === UnitOfMeasure.KILOGRAM;
  if (device.kind === DeviceKind.WEIGHT_PLATE) {
    if (!isWeighed && product.unitWeightMilligrams === 0) {
      faults.add('bad-field', field, product.gtin, 'a product with a unit weight');
    }
    return;
  }
  if (device.kind !== DeviceKind.DISTANCE) return;
  if (isWeighed) faults.add('bad-field', field, product.gtin, 'a product counted in pieces');
  else if (product.unitDepthMillimetres === 0) {
    faults.add('bad-field', field, product.gtin, 'a product with a unit depth');
  }
  if (device.emptyReading === 0) {
    faults.add('out-of-range', `${at}.emptyReading`, 0, 'what it reads when the slot is empty');
  }
}
