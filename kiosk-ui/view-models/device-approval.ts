/**
 * What a manager fills in to approve a device, and the assignment that follows from it. The kind is
 * proposed from what the device sends; how its readings are told apart is what it does already.
 *
 * Example: a device that sends weights is offered as weight plate or scale. As a plate it needs one slot
 * and what the empty shelf weighs, 2,000 g: an assignment with an empty reading of 2,000,000 mg.
 */
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import type {
  DeviceView,
  ModelChoice,
  SlotChoice,
} from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import {
  type Device,
  DeviceKind,
  DeviceSchema,
  ReadingIdentity,
} from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';

export interface Approval {
  kind: DeviceKind;
  /** What its profile says; null for a model that no profile describes. */
  model: ModelChoice | null;
  slotIds: readonly string[];
  /** As typed: grams for a plate, millimetres for a distance sensor. */
  emptyText: string;
}

/** Slots that a device of the kind watches. */
export function slotsNeeded(kind: DeviceKind): 'none' | 'one' | 'many' {
  if (kind === DeviceKind.WEIGHT_PLATE || kind === DeviceKind.DISTANCE) return 'one';
  return kind === DeviceKind.RFID_ZONE ? 'many' : 'none';
}

const kindsByValue: Readonly<Record<string, readonly DeviceKind[]>> = {
  weight: [DeviceKind.WEIGHT_PLATE, DeviceKind.SCALE],
  distance: [DeviceKind.DISTANCE],
  fillLevel: [DeviceKind.DISTANCE],
  tagReads: [DeviceKind.RFID_ZONE],
  scan: [DeviceKind.SCANNER],
  temperature: [DeviceKind.TEMPERATURE],
};

const everyKind: readonly DeviceKind[] = [
  DeviceKind.WEIGHT_PLATE,
  DeviceKind.DISTANCE,
  DeviceKind.RFID_ZONE,
  DeviceKind.SCALE,
  DeviceKind.SCANNER,
  DeviceKind.TILL,
  DeviceKind.TEMPERATURE,
];

/** What it can be, judged by its last reading; everything when it said nothing yet. */
export function possibleKinds(device: DeviceView): readonly DeviceKind[] {
  return kindsByValue[device.lastValueKind] ?? everyKind;
}

export function firstApproval(device: DeviceView): Approval {
  const [only, ...others] = possibleKinds(device);
  const kind = others.length === 0 && only !== undefined ? only : DeviceKind.UNSPECIFIED;
  return { kind, model: null, slotIds: [], emptyText: '' };
}

/** Chooses what it is; what hung on another kind is forgotten. */
export function chooseKind(approval: Approval, kind: DeviceKind): Approval {
  return kind === approval.kind ? approval : { ...approval, kind, model: null, slotIds: [] };
}

/** Adds or takes away a slot; a sensor of one slot changes to it. */
export function chooseSlot(approval: Approval, slotId: string): Approval {
  if (slotsNeeded(approval.kind) === 'one') return { ...approval, slotIds: [slotId] };
  const { slotIds } = approval;
  const rest = slotIds.filter((one) => one !== slotId);
  return { ...approval, slotIds: rest.length < slotIds.length ? rest : [...slotIds, slotId] };
}

/** Slots shown at one time: a hypermarket has 20,000. */
export const slotsShown = 24;

/** Slots whose id, name or product holds each typed word; the chosen ones always. */
export function matchingSlots(
  slots: readonly SlotChoice[],
  typed: string,
  chosen: readonly string[],
): SlotChoice[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const isChosen = ({ slotId }: SlotChoice) => chosen.includes(slotId);
  const others = slots.filter((slot) => {
    const text = `${slot.slotId} ${slot.slotName} ${slot.productName}`.toLowerCase();
    return !isChosen(slot) && words.every((word) => text.includes(word));
  });
  return [...slots.filter(isChosen), ...others.slice(0, slotsShown)];
}

/** Heaviest empty shelf, 1 t; the field of the message holds up to four. */
const mostEmpty = 1_000_000;

function emptyNumber(text: string): number | null {
  if (!/^\d{1,7}$/.test(text)) return null;
  const number = Number(text);
  return number <= mostEmpty ? number : null;
}

/** Smallest change that is news, where nothing better is known: 10 g, 5 mm. */
const deadBands: Readonly<Record<number, number>> = {
  [DeviceKind.WEIGHT_PLATE]: 10_000,
  [DeviceKind.DISTANCE]: 5,
};

/** The assignment, or null while something is missing. */
export function assignmentOf(device: DeviceView, approval: Approval): Device | null {
  const { kind, model, slotIds, emptyText } = approval;
  if (kind === DeviceKind.UNSPECIFIED) return null;
  const needed = slotsNeeded(kind);
  if (needed !== 'none' && slotIds.length === 0) return null;
  const init: MessageInitShape<typeof DeviceSchema> = {
    deviceId: device.deviceId,
    kind,
    slotIds: needed === 'none' ? [] : [...slotIds],
    readingIdentity: model?.readingIdentity ?? (device.lastIdentity || ReadingIdentity.NONE),
    deadBand: model?.deadBand ?? deadBands[kind] ?? 0,
    model: model?.model ?? device.model,
  };
  if (needed !== 'one') return create(DeviceSchema, init);
  const empty = emptyNumber(emptyText);
  if (empty === null) return null;
  const perUnit = kind === DeviceKind.WEIGHT_PLATE ? 1_000 : 1;
  return create(DeviceSchema, { ...init, emptyReading: empty * perUnit });
}
