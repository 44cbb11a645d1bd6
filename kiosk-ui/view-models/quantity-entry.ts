/**
 * The quantity that a person enters for a task: a stepper in pieces or in cases, or a typed figure.
 *
 * The entry starts at what the task asks for, because most tasks go as planned. Steps never lead
 * below nothing or above the ceiling, which is far above any shelf and only guards against a
 * keyboard-wedge scan that lands in the field (13 digits are not a quantity). In cases, a step goes
 * to the next full case: from 14 pieces with 6 in a case, "+" gives 18 and "−" gives 12.
 */
import { type Amount, kilogramStepMilligrams } from './quantity.ts';

export type StepUnit = 'pieces' | 'cases' | 'kilograms';

export interface QuantityEntry {
  amount: Amount;
  stepUnit: StepUnit;
  casePackPieces: number;
  /** What the task asks for, in the unit of `amount`. */
  asked: number;
}

/** Nobody stocks more of one product into one slot in one go. */
export const entryCeilingPieces = 9_999;
export const entryCeilingMilligrams = 500_000_000;

export type QuantityEntryEvent =
  | { kind: 'more' }
  | { kind: 'less' }
  | { kind: 'step-unit'; unit: StepUnit }
  /** Typed pieces or kilograms; anything unreadable leaves the entry as it is. */
  | { kind: 'typed'; text: string }
  /** A key of the pad on the screen; for pieces only. */
  | { kind: 'digit'; digit: number }
  | { kind: 'erase' }
  | { kind: 'all' };

export function startQuantityEntry(asked: Amount, casePackPieces: number): QuantityEntry {
  return {
    amount: asked,
    stepUnit: asked.unit === 'milligrams' ? 'kilograms' : 'pieces',
    casePackPieces,
    asked: asked.count,
  };
}

/** Units between which the person can switch; one entry means there is nothing to switch. */
export function stepUnitsOf(entry: QuantityEntry): StepUnit[] {
  if (entry.amount.unit === 'milligrams') return ['kilograms'];
  return entry.casePackPieces > 1 ? ['pieces', 'cases'] : ['pieces'];
}

function clamp(amount: Amount, count: number): Amount {
  const ceiling = amount.unit === 'pieces' ? entryCeilingPieces : entryCeilingMilligrams;
  return { unit: amount.unit, count: Math.min(Math.max(count, 0), ceiling) };
}

function stepSize(entry: QuantityEntry): number {
  switch (entry.stepUnit) {
    case 'pieces':
      return 1;
    case 'cases':
      return entry.casePackPieces;
    case 'kilograms':
      return kilogramStepMilligrams;
  }
}

function stepped(entry: QuantityEntry, direction: 1 | -1): number {
  const size = stepSize(entry);
  const { count } = entry.amount;
  return direction === 1
    ? (Math.floor(count / size) + 1) * size
    : (Math.ceil(count / size) - 1) * size;
}

/** True when figures can be keyed in on the screen; kilograms have a point, and are stepped. */
export function canKeyIn({ amount }: QuantityEntry): boolean {
  return amount.unit === 'pieces';
}

/** One more digit at the end; what would be above the ceiling leaves the entry as it is. */
function withDigit({ amount }: QuantityEntry, digit: number): Amount {
  const count = amount.count * 10 + digit;
  return amount.unit !== 'pieces' || count > entryCeilingPieces ? amount : { ...amount, count };
}

function typedCount(entry: QuantityEntry, text: string): number | undefined {
  const trimmed = text.trim().replace(',', '.');
  if (entry.amount.unit === 'pieces') {
    return /^\d{1,4}$/.test(trimmed) ? Number(trimmed) : undefined;
  }
  const match = /^(\d{1,3})(?:\.(\d{1,6}))?$/.exec(trimmed);
  if (match === null) return undefined;
  return Number(match[1]) * 1_000_000 + Number((match[2] ?? '').padEnd(6, '0'));
}

export function enterQuantity(entry: QuantityEntry, event: QuantityEntryEvent): QuantityEntry {
  switch (event.kind) {
    case 'digit':
      return { ...entry, amount: withDigit(entry, event.digit) };
    case 'erase':
      return canKeyIn(entry)
        ? { ...entry, amount: clamp(entry.amount, Math.floor(entry.amount.count / 10)) }
        : entry;
    case 'more':
      return { ...entry, amount: clamp(entry.amount, stepped(entry, 1)) };
    case 'less':
      return { ...entry, amount: clamp(entry.amount, stepped(entry, -1)) };
    case 'all':
      return { ...entry, amount: { ...entry.amount, count: entry.asked } };
    case 'step-unit':
      return stepUnitsOf(entry).includes(event.unit) ? { ...entry, stepUnit: event.unit } : entry;
    case 'typed': {
      const count = typedCount(entry, event.text);
      return count === undefined ? entry : { ...entry, amount: clamp(entry.amount, count) };
    }
  }
}

/** Less than asked: the person must say why. */
export function isShort(entry: QuantityEntry): boolean {
  return entry.amount.count < entry.asked;
}
