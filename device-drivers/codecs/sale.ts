/**
 * A receipt as the till codecs give it, whatever document it came in.
 *
 * A line's quantity is signed: what a customer brings back has a quantity below zero, so that a sum
 * over lines is what left the store. Voided lines never left it and are only counted. A receipt that
 * was cancelled or suspended, or made in training, moves no stock and is `ignored` with its reason.
 *
 * Example: two sold at 0.99 and one of them returned are the lines "2" and "-1".
 */
import type { Json, Meaning } from '../codec.ts';
import { parseGtin } from '../gs1/gtin.ts';
import { isIsoDay, parseIsoTime } from './iso-time.ts';
import { present } from './json-members.ts';
import type { PayloadReading } from './mqtt-payload.ts';
import { refuse } from './refusal.ts';

/** Why a receipt moves no stock. */
export type IgnoredReason = 'cancelled' | 'training' | 'suspended' | 'voided' | 'no-sale';

/** A till never prints more; the agent books no more of one receipt. */
export const receiptLinesLimit = 500;

export interface SaleHead {
  store: string;
  sequence: string;
  workstation?: string;
  /** ISO date of the till's business day. */
  businessDay?: string;
  /** As sent: with the offset, where the till knows it. */
  time?: string;
  currency?: string;
}

export interface SaleLine {
  line: number;
  gtin?: string;
  /** The retailer's own number. */
  itemId?: string;
  /** What the till scanned or the cashier typed, as sent: a PLU, a GTIN, a restricted number. */
  posItemId?: string;
  serial?: string;
  /** Below zero for a return. */
  quantity: string;
  /** "kg", "g", "lb"…; absent for pieces. */
  unit?: string;
  unitPrice?: string;
}

/** The text of a code, or undefined where it is empty; codes are short. */
export function idText(text: string | undefined, name: string): string | undefined {
  const trimmed = text?.trim();
  if (trimmed === undefined || trimmed === '') return undefined;
  return trimmed.length <= 64 ? trimmed : refuse('bad-length', `${name} has over 64 characters`);
}

export function requiredId(text: string | undefined, name: string): string {
  return idText(text, name) ?? refuse('wrong-type', `${name} is missing: the receipt has no name`);
}

/** "2026-03-01", also out of "2026-03-01T00:00:00". */
export function businessDayOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const day = isIsoDay(text) ? text : parseIsoTime(text)?.text.slice(0, 10);
  return day ?? refuse('bad-date', `"${text.slice(0, 32)}" is no business day`);
}

export function saleTimeOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  return parseIsoTime(text)?.text ?? refuse('bad-date', `"${text.slice(0, 40)}" is no time`);
}

/** The 14 digits of a GTIN; refuses a number whose check digit is wrong. */
export function gtinOf(text: string): string {
  const gtin = parseGtin(text);
  return gtin.ok ? gtin.value : refuse(gtin.error, gtin.detail);
}

/** With fewer than eight digits behind its zeros a code is a PLU that was padded. */
export function hasEightDigits(code: string): boolean {
  return /[1-9][0-9]{7}/.test(code);
}

/**
 * The GTIN that a scanned code is, or undefined. Of the PLUs that were padded, one in ten ends in the
 * right digit by chance.
 */
export function gtinInCode(code: string): string | undefined {
  const isLong = /^(?:[0-9]{8}|[0-9]{12,14})$/.test(code) && hasEightDigits(code);
  const gtin = isLong ? parseGtin(code) : undefined;
  return gtin?.ok === true ? gtin.value : undefined;
}

function headMembers(head: SaleHead): { [name: string]: Json } {
  const { store, sequence, workstation, businessDay, time, currency } = head;
  const business_day = businessDay;
  return present<Json>({ store, workstation, business_day, sequence, time, currency });
}

export function ignoredReading(reason: IgnoredReason, head: SaleHead): PayloadReading {
  return { meaning: { kind: 'ignored', reason, ...headMembers(head) }, notes: [] };
}

/** A receipt with its lines in the order in which they were sent. */
export function saleReading(
  head: SaleHead,
  lines: readonly SaleLine[],
  voidedLines: readonly number[],
): PayloadReading {
  if (lines.length + voidedLines.length > receiptLinesLimit) {
    return refuse('oversize', `more than ${receiptLinesLimit} lines`);
  }
  const numbers = new Set(lines.map(({ line }) => line));
  if (numbers.size < lines.length) return refuse('wrong-type', 'two lines have the same number');
  const meaning: Meaning = {
    kind: 'sale',
    ...headMembers(head),
    lines: lines.map(({ line, gtin, itemId, posItemId, serial, quantity, unit, unitPrice }) =>
      present<Json>({
        line,
        gtin,
        item_id: itemId,
        pos_item_id: posItemId,
        serial,
        quantity,
        unit,
        unit_price: unitPrice,
        return: quantity.startsWith('-') ? true : undefined,
      }),
    ),
    ...(voidedLines.length > 0 && { voided_lines: [...voidedLines] }),
  };
  const notes = lines.map(({ line, gtin, itemId, posItemId, quantity, unit }) => ({
    field: `line ${line}`,
    found: gtin ?? posItemId ?? itemId ?? '',
    means: `${quantity}${unit === undefined ? '' : ` ${unit}`}`,
  }));
  return { meaning, notes };
}
