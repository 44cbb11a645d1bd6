/**
 * Quantities: whole numbers of a product's base unit in the core, a `Quantity` message on the wire.
 * The base unit is the piece for counted products and the milligram for weighed ones.
 */
import { create } from '@bufbuild/protobuf';
import { type Quantity, QuantitySchema } from '@stockhand/proto/quantity/v1alpha/quantity_pb.js';

export type BaseUnit = 'pieces' | 'milligrams';

/** The message for a whole number of base units. */
export function quantityMessage(baseUnits: number, unit: BaseUnit): Quantity {
  if (!Number.isSafeInteger(baseUnits)) throw new RangeError(`not a whole quantity: ${baseUnits}`);
  return create(QuantitySchema, {
    amount:
      unit === 'pieces'
        ? { case: 'pieces', value: baseUnits }
        : { case: 'milligrams', value: BigInt(baseUnits) },
  });
}

/** The whole number of base units in a message; 0 when it is unset, as proto3 has it. */
export function baseUnitsOf(quantity: Quantity | undefined): number {
  if (quantity === undefined) return 0;
  const { amount } = quantity;
  if (amount.case === 'pieces') return amount.value;
  return amount.case === 'milligrams' ? Number(amount.value) : 0;
}

export type QuantityResult =
  | { ok: true; baseUnits: number }
  | { ok: false; error: 'missing-quantity' | 'wrong-unit' | 'out-of-range'; expected: string };

/** Greatest quantity that a message from outside may carry: a million pieces, a thousand tonnes. */
export const quantityLimits: Readonly<Record<BaseUnit, number>> = {
  pieces: 1_000_000,
  milligrams: 1_000_000_000_000,
};

/** Reads a quantity that came from outside: set, in the unit of its product, within bounds. */
export function readQuantity(quantity: Quantity | undefined, unit: BaseUnit): QuantityResult {
  if (quantity === undefined || quantity.amount.case === undefined) {
    return { ok: false, error: 'missing-quantity', expected: `a quantity in ${unit}` };
  }
  if (quantity.amount.case !== unit) return { ok: false, error: 'wrong-unit', expected: unit };
  const baseUnits = Number(quantity.amount.value);
  if (Math.abs(baseUnits) > quantityLimits[unit]) {
    const expected = `at most ${quantityLimits[unit]} ${unit}`;
    return { ok: false, error: 'out-of-range', expected };
  }
  return { ok: true, baseUnits };
}

/** For people: "12" pieces or "1.250 kg" (whole grams, rounded toward zero). */
export function quantityText(baseUnits: number, unit: BaseUnit): string {
  if (unit === 'pieces') return String(baseUnits);
  const grams = Math.trunc(Math.abs(baseUnits) / 1_000);
  const sign = baseUnits < 0 && grams > 0 ? '-' : '';
  return `${sign}${Math.trunc(grams / 1_000)}.${String(grams % 1_000).padStart(3, '0')} kg`;
}
