/**
 * What is left in the bin, told by the person who stands before it: a count in passing.
 *
 * The person does not see what the record says, for one who sees a figure counts to it. Who is a case or more
 * off the record is asked to count once more, and what they say then is told, whatever it is. Nobody has to
 * answer: a task can be finished without.
 *
 * Example: the record expects 36, cases of 12. "24" is asked again; "24" once more is told.
 */
import type { Amount } from './quantity.ts';
import {
  enterQuantity,
  type QuantityEntry,
  type QuantityEntryEvent,
  startQuantityEntry,
} from './quantity-entry.ts';

export interface LeftInBin {
  /** By the record. */
  expected: Amount;
  entry: QuantityEntry;
  /** `again`: the first count was far off; `skipped`: the person had no time. */
  stage: 'asked' | 'again' | 'told' | 'skipped';
}

export type LeftInBinEvent =
  | { kind: 'quantity'; change: QuantityEntryEvent }
  | { kind: 'tell' }
  | { kind: 'skip' }
  | { kind: 'reopen' };

export function askLeftInBin(expected: Amount, casePackPieces: number): LeftInBin {
  const nothing: Amount = { ...expected, count: 0 };
  const entry = startQuantityEntry(nothing, casePackPieces);
  const stepUnit = casePackPieces > 1 ? ('cases' as const) : entry.stepUnit;
  return { expected, entry: { ...entry, stepUnit }, stage: 'asked' };
}

export function tellLeftInBin(left: LeftInBin, event: LeftInBinEvent): LeftInBin {
  switch (event.kind) {
    case 'quantity':
      return { ...left, entry: enterQuantity(left.entry, event.change) };
    case 'tell': {
      const isAskedAgain = left.stage === 'asked' && isFarOff(left);
      return { ...left, stage: isAskedAgain ? 'again' : 'told' };
    }
    case 'skip':
      return { ...left, stage: 'skipped' };
    case 'reopen':
      return { ...left, stage: 'asked' };
  }
}

/** What is sent with the finished task; undefined when nothing was told. */
export function toldLeft(left: LeftInBin | undefined): Amount | undefined {
  return left?.stage === 'told' ? left.entry.amount : undefined;
}

/** A case or more; of goods without cases, anything. */
function isFarOff({ expected, entry }: LeftInBin): boolean {
  return Math.abs(entry.amount.count - expected.count) >= Math.max(1, entry.casePackPieces);
}
