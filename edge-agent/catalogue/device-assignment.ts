/**
 * What a manager may say of a device that HQ's master data does not list: its kind and the slots that it
 * watches, under the same rules as master data's own devices. The assignment is a local addition to the
 * catalogue: new master data keeps it as long as its slots are there, and a device that master data
 * lists itself is HQ's to describe.
 *
 * Example: plate-9 announces itself. Max approves it as a weight plate of slot-jam: from its next reading
 * on it is a sensor of that slot. HQ later sends master data without slot-jam: plate-9 stays known, and
 * watches nothing until somebody assigns it again.
 */
import {
  type Device as DeviceMessage,
  UnitOfMeasure,
} from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import { refusal } from '../errors.ts';
import { plainIdExpectation } from '../ingest/identity.ts';
import type { Refusal } from '../input.ts';
import { type Catalogue, type Device, indexCatalogue } from './catalogue.ts';
import { type JudgedProduct, judgeDevice } from './device-validation.ts';
import { Faults } from './faults.ts';
import { deviceOf } from './master-data.ts';

/** Longest model name. */
export const modelTextLimit = 64;

/** Why the device cannot be what the manager says, or null. */
export function assignmentFault(catalogue: Catalogue, device: DeviceMessage): Refusal | null {
  if (device.model.length > modelTextLimit) {
    const expected = `at most ${modelTextLimit} characters`;
    return refusal('bad-field', 'assignment.model', device.model, expected);
  }
  if (catalogue.deviceById.has(device.deviceId)) {
    const listed = catalogue.facts.devices.find(({ deviceId }) => deviceId === device.deviceId);
    const expected = `no assignment: master data has it as a ${listed?.kind ?? 'device'}`;
    return refusal('bad-field', 'assignment', device.deviceId, expected);
  }
  const faults = new Faults();
  judgeDevice(faults, 'assignment', device, {
    hasSlot: (slotId) => catalogue.slotById.has(slotId),
    productOf: (slotId) => productIn(catalogue, slotId),
  });
  const [first] = faults.list;
  if (first === undefined) return null;
  return first.field.endsWith('deviceId') ? { ...first, expected: plainIdExpectation } : first;
}

function productIn(catalogue: Catalogue, slotId: string): JudgedProduct | undefined {
  const product = catalogue.productByGtin.get(catalogue.slotById.get(slotId)?.gtin ?? '');
  if (product === undefined) return undefined;
  const isWeighed = product.unitOfMeasure === 'kilogram';
  return { ...product, unitOfMeasure: isWeighed ? UnitOfMeasure.KILOGRAM : UnitOfMeasure.PIECE };
}

/** The device as the catalogue holds it. */
export function assignedDevice(message: DeviceMessage): Device {
  return deviceOf(message);
}

/** Whether two descriptions say the same. */
export function isSameDevice(one: Device, other: Device): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The catalogue with local devices beside master data's own, as far as their slots exist. */
export function withAssigned(catalogue: Catalogue, devices: readonly Device[]): Catalogue {
  const fitting = devices.filter(
    ({ deviceId, slotIds }) =>
      !catalogue.deviceById.has(deviceId) &&
      slotIds.every((slotId) => catalogue.slotById.has(slotId)),
  );
  if (fitting.length === 0) return catalogue;
  const { facts } = catalogue;
  return indexCatalogue({ ...facts, devices: [...facts.devices, ...fitting] });
}

/** The catalogue without a local device. */
export function withoutDevice(catalogue: Catalogue, deviceId: string): Catalogue {
  const { facts } = catalogue;
  const devices = facts.devices.filter((device) => device.deviceId !== deviceId);
  return indexCatalogue({ ...facts, devices });
}
