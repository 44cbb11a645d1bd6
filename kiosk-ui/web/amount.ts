import type { Quantity } from '@stockhand/proto/quantity/v1alpha/quantity_pb.js';
import { english } from '../strings/english.ts';
import { amountOf, figureOf } from '../view-models/quantity.ts';

/** "12 pieces", "1.25 kg", "unknown". */
export function amountText(quantity: Quantity | undefined): string {
  const amount = amountOf(quantity);
  if (!amount) return english.task.unknown;
  const unit = amount.unit === 'pieces' ? english.task.pieces : english.task.kilograms;
  return `${figureOf(amount)} ${unit}`;
}
