/** From what a sensor measured to how well each quantity of a slot explains it. */
import type { ShelfObserved } from '@stockhand/proto/events/v1alpha/device_events_pb.js';
import type { Catalogue, Slot } from '../catalogue/catalogue.ts';
import {
  distanceLikelihood,
  fillLikelihood,
  type Likelihood,
  plateMisfit,
  tagLikelihood,
  weightLikelihood,
} from './observation-model.ts';

/** Plates and distances see single pieces go; a reading is sent because something changed. */
const basketShare = 0.25;

export interface Evidence {
  byQuantity: Likelihood;
  /** Chance that shoppers took something since the last word of a sensor that would show it. */
  basketShare: number;
  /** Of a plate: what it weighs, in pieces and milligrams of goods, and the squared distance from the nearest whole number. */
  plate?: { pieces: number; milligrams: number; squaredDistance: number };
}

/**
 * The evidence of an observation for one slot; undefined when the catalogue no longer knows the device
 * or the product, and the figure of the event is then taken as it is.
 */
export function likelihoodOf(
  catalogue: Catalogue,
  observed: ShelfObserved,
  slot: Slot,
  apparentQuantity: number,
): Evidence | undefined {
  const device = catalogue.deviceById.get(observed.deviceId);
  const product = catalogue.productByGtin.get(slot.gtin);
  if (device === undefined || product === undefined) return undefined;
  const { measured } = observed;
  switch (measured.case) {
    case 'weightMilligrams': {
      // A net weight has the fixture taken off already; the whole number of pieces tells which it was.
      const gross = Number(measured.value);
      const isPiece = product.unitOfMeasure === 'piece';
      const unitWeightMilligrams = isPiece ? product.unitWeightMilligrams : 1;
      if (unitWeightMilligrams <= 0) return undefined;
      const empty = device.emptyReading;
      const nearGross = Math.abs((gross - empty) / unitWeightMilligrams - apparentQuantity);
      const nearNet = Math.abs(gross / unitWeightMilligrams - apparentQuantity);
      const goods = nearNet < nearGross ? gross : gross - empty;
      const spreadPpm = isPiece ? product.unitWeightSpreadPpm : 0;
      const model = { unitWeightMilligrams, unitWeightSpreadPpm: spreadPpm };
      const byQuantity = weightLikelihood(model, goods);
      const word = { byQuantity, basketShare };
      const pieces = goods / unitWeightMilligrams;
      const squaredDistance = plateMisfit(model, goods);
      const plate = { pieces, milligrams: goods, squaredDistance };
      return isPiece ? { ...word, plate } : word;
    }
    case 'distanceMicrometres': {
      const depth = (product.unitDepthMillimetres * 1_000) / Math.max(1, slot.facings);
      if (depth <= 0) return undefined;
      const filled = device.emptyReading * 1_000 - Number(measured.value);
      return { byQuantity: distanceLikelihood(depth, filled), basketShare };
    }
    case 'tagCount':
      return { byQuantity: tagLikelihood(apparentQuantity, slot.capacity), basketShare: 0 };
    case 'fillPpm':
      return { byQuantity: fillLikelihood(slot.capacity, measured.value), basketShare: 0 };
    default:
      return undefined;
  }
}
