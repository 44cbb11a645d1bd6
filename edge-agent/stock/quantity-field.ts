/**
 * The quantity in a field of a message from outside, in base units of its product, or what is wrong with
 * it. Every door that takes quantities reads them here, so that the same fault has the same reason
 * everywhere: nothing given is "missing-field", kilograms of a counted product are "wrong-unit", and too
 * much, or less than the door bears, is "out-of-range".
 *
 * Example: "received: 0.5 kg" of jam, which is counted: wrong-unit, received, expected pieces.
 */
import type { Quantity } from '@stockhand/proto/quantity/v1alpha/quantity_pb.js';
import { readQuantity } from '@stockhand/proto/vocabulary/quantity.ts';
import { refusal } from '../errors.ts';
import type { Refusal } from '../input.ts';
import type { State } from '../state.ts';
import { baseUnitOf } from './base-unit.ts';

/** `least` is 0 for what may be nothing, 1 for what must be something. */
export function quantityField(
  state: Readonly<State>,
  gtin: string,
  quantity: Quantity | undefined,
  field: string,
  least: 0 | 1 = 0,
): number | Refusal {
  const read = readQuantity(quantity, baseUnitOf(state, gtin));
  if (!read.ok) {
    const reason = read.error === 'missing-quantity' ? 'missing-field' : read.error;
    return refusal(reason, field, '', read.expected);
  }
  if (read.baseUnits >= least) return read.baseUnits;
  return refusal('out-of-range', field, read.baseUnits, least === 0 ? '0 or more' : 'more than 0');
}
