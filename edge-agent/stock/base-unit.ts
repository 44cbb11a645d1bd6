/** In which unit the quantities of a product are whole numbers. */
import type { Quantity } from '@stockhand/proto/quantity/v1alpha/quantity_pb.js';
import { type BaseUnit, quantityMessage } from '@stockhand/proto/vocabulary/quantity.ts';
import type { State } from '../state.ts';

/** Pieces, or milligrams for weighed goods; pieces for a product that master data does not know. */
export function baseUnitOf(state: Readonly<State>, gtin: string): BaseUnit {
  const product = state.catalogue.productByGtin.get(gtin);
  return product?.unitOfMeasure === 'kilogram' ? 'milligrams' : 'pieces';
}

/** The message of a quantity of this product. */
export function quantityOf(state: Readonly<State>, gtin: string, baseUnits: number): Quantity {
  return quantityMessage(baseUnits, baseUnitOf(state, gtin));
}
