import type { Quantity } from '@stockhand/proto/quantity/v1alpha/quantity_pb.js';
import { english } from '../strings/english.ts';
import { type Amount, amountOf, figureOf } from '../view-models/quantity.ts';

/** "12 pieces", "1.25 kg", "unknown". */
export function amountText(quantity: Quantity | undefined): string {
  const amount = amountOf(quantity);
  return amount ? figureText(amount) : english.task.unknown;
}

/** "1 piece", "12 pieces", "1.25 kg". */
export function figureText(amount: Amount): string {
  if (amount.unit === 'pieces' && amount.count === 1) return english.task.onePiece;
  const unit = amount.unit === 'pieces' ? english.task.pieces : english.task.kilograms;
  return `${figureOf(amount)} ${unit}`;
}
