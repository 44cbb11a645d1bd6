/**
 * How a quantity is worded and stepped on the screen.
 *
 * Stock travels as whole pieces, or as milligrams for weighed goods. A person counts cases and
 * single pieces, so an amount is split by the product's case pack; weighed goods are shown in
 * kilograms and stepped by 100 g. A quantity that carries no amount is told apart from zero: the
 * agent does not know, which is something else than "none".
 *
 * Example: 26 pieces of a product with 12 in a case read "2 cases + 2"; 1,250,000 mg read 1.25 kg.
 */
import { create } from '@bufbuild/protobuf';
import { type Quantity, QuantitySchema } from '@stockhand/proto/quantity/v1alpha/quantity_pb.js';

/** An amount in the unit in which the product is stocked. */
export type Amount = { unit: 'pieces'; count: number } | { unit: 'milligrams'; count: number };

/** What a stepper moves by: one piece, one case, or 100 g. */
export const kilogramStepMilligrams = 100_000;

/** `undefined` when the message carries no amount: the figure is unknown. */
export function amountOf(quantity: Quantity | undefined): Amount | undefined {
  const amount = quantity?.amount;
  switch (amount?.case) {
    case 'pieces':
      return { unit: 'pieces', count: amount.value };
    case 'milligrams':
      // Far below 2^53: a lorry of 40 t is 4e10 mg.
      return { unit: 'milligrams', count: Number(amount.value) };
    default:
      return undefined;
  }
}

export function quantityOf(amount: Amount): Quantity {
  return create(QuantitySchema, {
    amount:
      amount.unit === 'pieces'
        ? { case: 'pieces', value: amount.count }
        : { case: 'milligrams', value: BigInt(amount.count) },
  });
}

/** Kilograms as decimal text without needless zeros: 1250000 → "1.25". */
export function kilogramText(milligrams: number): string {
  const sign = milligrams < 0 ? '-' : '';
  const absolute = Math.abs(milligrams);
  const whole = Math.floor(absolute / 1_000_000);
  const fraction = String(absolute % 1_000_000)
    .padStart(6, '0')
    .replace(/0+$/, '');
  return fraction === '' ? `${sign}${whole}` : `${sign}${whole}.${fraction}`;
}

/** The figure alone, without its unit: "26" or "1.25". */
export function figureOf(amount: Amount): string {
  return amount.unit === 'pieces' ? String(amount.count) : kilogramText(amount.count);
}

/** Full cases and what is left over; `cases` is 0 where the product has no case pack. */
export function splitCases(
  pieces: number,
  casePackPieces: number,
): { cases: number; loose: number } {
  if (casePackPieces <= 1) return { cases: 0, loose: pieces };
  const cases = Math.floor(pieces / casePackPieces);
  return { cases, loose: pieces - cases * casePackPieces };
}
