/**
 * Checking one line of a delivery: how many came in all, and how many of these are damaged.
 *
 * People count what stands there and then look for damage, so the entry is "12 came, 1 of them damaged";
 * the agent is told sound and damaged goods apart (11 and 1). The entry starts at what was announced,
 * because most lines are right, and at nothing for goods that nobody announced. Damaged goods are never
 * more than what came.
 *
 * Example: 24 announced, 18 came, 1 of them damaged: 6 are missing; sent are 17 sound and 1 damaged.
 */
import type { DeliveryLineView } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { type Amount, amountOf } from './quantity.ts';
import {
  enterQuantity,
  type QuantityEntry,
  type QuantityEntryEvent,
  startQuantityEntry,
} from './quantity-entry.ts';

/** A line of the notice, or goods that no line names (`line` 0). */
export interface LineTarget {
  line: number;
  gtin: string;
  productName: string;
  announced: Amount | undefined;
  unit: Amount['unit'];
  casePackPieces: number;
}

export interface LineCheck {
  target: LineTarget;
  came: QuantityEntry;
  damaged: QuantityEntry;
}

export type LineCheckEvent =
  | { kind: 'came'; change: QuantityEntryEvent }
  | { kind: 'damaged'; change: QuantityEntryEvent };

export type Difference =
  | { kind: 'none' }
  | { kind: 'missing' | 'more' | 'damaged'; amount: Amount }
  | { kind: 'unannounced' };

export function targetOf(line: DeliveryLineView): LineTarget {
  const { gtin, productName, casePackPieces } = line;
  const announced = amountOf(line.announced);
  const unit = announced?.unit ?? amountOf(line.received)?.unit ?? 'pieces';
  // A line without an announced amount is one of goods that the agent knows by their product.
  const number = announced === undefined ? 0 : line.line;
  return { line: number, gtin, productName, announced, unit, casePackPieces };
}

export function startLineCheck(target: LineTarget): LineCheck {
  const { unit, announced = { unit, count: 0 }, casePackPieces } = target;
  return {
    target,
    came: startQuantityEntry(announced, casePackPieces),
    damaged: startQuantityEntry({ unit, count: 0 }, 0),
  };
}

export function checkLine(check: LineCheck, event: LineCheckEvent): LineCheck {
  const came = event.kind === 'came' ? enterQuantity(check.came, event.change) : check.came;
  const damaged =
    event.kind === 'damaged' ? enterQuantity(check.damaged, event.change) : check.damaged;
  const count = Math.min(damaged.amount.count, came.amount.count);
  return { ...check, came, damaged: { ...damaged, amount: { ...damaged.amount, count } } };
}

/** What the agent is told: sound goods, and damaged ones on top. */
export function amountsOf({ came, damaged }: LineCheck): { received: Amount; damaged: Amount } {
  const sound = came.amount.count - damaged.amount.count;
  return { received: { ...came.amount, count: sound }, damaged: damaged.amount };
}

/** How what came differs from what was announced; missing or surplus goods before damage. */
export function lineDifference(
  announced: Amount | undefined,
  came: Amount,
  damagedCount: number,
): Difference {
  if (announced === undefined) return { kind: 'unannounced' };
  const missing = announced.count - came.count;
  if (missing > 0) return { kind: 'missing', amount: { ...came, count: missing } };
  if (missing < 0) return { kind: 'more', amount: { ...came, count: -missing } };
  return damagedCount > 0
    ? { kind: 'damaged', amount: { ...came, count: damagedCount } }
    : { kind: 'none' };
}

/** The line that a scanned product means: one that waits before one that is checked. */
export function lineFor(
  lines: readonly DeliveryLineView[],
  gtin: string,
): DeliveryLineView | undefined {
  const mine = lines.filter((line) => line.gtin === gtin);
  return mine.find(({ received }) => received === undefined) ?? mine[0];
}
