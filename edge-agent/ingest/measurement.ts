/**
 * From what a shelf sensor measured to what it makes of its slots.
 *
 * - Weight plate: pieces = (weight − what the empty fixture weighs) / unit weight, rounded half away from
 *   zero; goods sold by weight are the weight itself. A weight after tare has the fixture taken off.
 * - Distance: pieces = (reading of the empty slot − distance) × facings / depth of a piece.
 * - Fill level: share of the capacity.
 * - RFID zone: tags of the slot's product that were read; where a product has two slots in the zone
 *   the first is filled first, for a tag does not say on which shelf it stands.
 *
 * Example: a plate reads 5.450 kg, its fixture weighs 2.000 kg, a jar 345 g: 3,450,000 / 345,000 = 10.
 *
 * A slot holds between nothing and its capacity. What lies a little outside is noise and is cut; what
 * lies far outside is no goods of this slot (a bag on the plate, a hand before the sensor) and is
 * refused.
 */
import type { Reading } from '@stockhand/proto/device/v1alpha/reading_pb.js';
import { divideRounded } from '@stockhand/proto/vocabulary/decimal.ts';
import {
  type MeasureResult,
  micrometresOf,
  milligramsOf,
  ppmOfPercent,
} from '@stockhand/proto/vocabulary/measure.ts';
import type { Catalogue, Device, Product, Slot } from '../catalogue/catalogue.ts';
import { refusal } from '../errors.ts';
import type { Refusal } from '../input.ts';
import type { MeasuredUnit } from './device-record.ts';
import { countTags } from './tags.ts';

export interface SlotReading {
  slot: Slot;
  /** Base units, 0 to the slot's capacity. */
  apparent: number;
}

export type Measurement =
  | { kind: 'measured'; unit: MeasuredUnit; measured: number; slots: SlotReading[] }
  /** A valid word that says nothing about a quantity: unstable, over- or underloaded. */
  | { kind: 'nothing' }
  | { kind: 'refused'; refusal: Refusal };

/** Beyond this many times the capacity a reading is not of this slot's goods. */
const capacityFactorLimit = 2;

type ReadingValue = Reading['value'];

export function measure(catalogue: Catalogue, device: Device, value: ReadingValue): Measurement {
  switch (value.case) {
    case 'weight':
      return measureWeight(catalogue, device, value.value);
    case 'distance': {
      const { slot, product } = onlySlot(catalogue, device);
      const distance = micrometresOf(value.value.value, value.value.unit);
      if (!distance.ok) return badMeasure(distance, 'distance', value.value);
      const filled = (device.emptyReading * 1_000 - distance.value) * slot.facings;
      const pieces = divideRounded(filled, product.unitDepthMillimetres * 1_000);
      return plausible(slot, pieces, 'micrometres', distance.value, 'distance.value');
    }
    case 'fillLevel': {
      const { slot } = onlySlot(catalogue, device);
      const share = ppmOfPercent(value.value.percent);
      if (!share.ok) {
        const field = 'fillLevel.percent';
        return noMeasure(refusal(share.error, field, value.value.percent, share.expected));
      }
      const apparent = divideRounded(slot.capacity * share.value, 1_000_000);
      return measured('ppm', share.value, [{ slot, apparent }]);
    }
    case 'tagReads': {
      const tags = countTags(catalogue, device, value.value.epcs);
      return tags.kind === 'refused' ? tags : measured('tags', tags.tagCount, tags.slots);
    }
    default:
      return { kind: 'nothing' };
  }
}

function measureWeight(
  catalogue: Catalogue,
  device: Device,
  weight: Extract<ReadingValue, { case: 'weight' }>['value'],
): Measurement {
  const { slot, product } = onlySlot(catalogue, device);
  const gross = milligramsOf(weight.value, weight.unit);
  if (!gross.ok) return badMeasure(gross, 'weight', weight);
  if (!weight.stable || weight.overload || weight.underload) return { kind: 'nothing' };
  const goodsMilligrams = gross.value - (weight.net ? 0 : device.emptyReading);
  const quantity =
    product.unitOfMeasure === 'kilogram'
      ? goodsMilligrams
      : divideRounded(goodsMilligrams, product.unitWeightMilligrams);
  return plausible(slot, quantity, 'milligrams', gross.value, 'weight.value');
}

function plausible(
  slot: Slot,
  quantity: number,
  unit: MeasuredUnit,
  value: number,
  field: string,
): Measurement {
  const most = slot.capacity * capacityFactorLimit;
  if (quantity > most || quantity < -slot.capacity) {
    const expected = `what stands for 0 to ${slot.capacity} in slot ${slot.slotId}, not ${quantity}`;
    return noMeasure(refusal('implausible-measure', field, `${value} ${unit}`, expected));
  }
  const apparent = Math.min(Math.max(quantity, 0), slot.capacity);
  return measured(unit, value, [{ slot, apparent }]);
}

/** The one slot of a plate or distance sensor; master data was checked to name one that exists. */
function onlySlot(catalogue: Catalogue, device: Device): { slot: Slot; product: Product } {
  const slot = catalogue.slotById.get(device.slotIds[0] ?? '');
  const product = slot === undefined ? undefined : catalogue.productByGtin.get(slot.gtin);
  if (slot === undefined || product === undefined) {
    throw new Error(`device ${device.deviceId} has no slot: master data was not checked`);
  }
  return { slot, product };
}

function measured(unit: MeasuredUnit, value: number, slots: SlotReading[]): Measurement {
  return { kind: 'measured', unit, measured: value, slots };
}

function noMeasure(fault: Refusal): Measurement {
  return { kind: 'refused', refusal: fault };
}

function badMeasure(
  result: Extract<MeasureResult, { ok: false }>,
  field: string,
  found: { value: string; unit: string },
): Measurement {
  const isUnit = result.error === 'bad-unit';
  const path = `${field}.${isUnit ? 'unit' : 'value'}`;
  const text = isUnit ? found.unit : found.value;
  return noMeasure(refusal(result.error, path, text, result.expected));
}
