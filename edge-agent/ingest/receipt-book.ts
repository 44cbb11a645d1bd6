/**
 * Which till lines have been booked: a receipt that arrives again must not sell again.
 *
 * A line is named by workstation, the till's business day, receipt, line and kind (sale, return, void).
 * Names are kept for the current business day and the three before. A line from a day that has left the
 * book could not be told from a duplicate and is refused; HQ's count of such refusals shows a till that
 * was off for longer.
 */
import type { TillLineKind } from '@stockhand/proto/device/v1alpha/till_sale_pb.js';

/** By the till's business day, then by receipt name: the booked lines as `line * 4 + kind`. */
export type ReceiptBook = Map<string, Map<string, number[]>>;

/** Days before the current business day that stay in the book. */
export const receiptDaysKept = 3;
/** Lines of one receipt; a longer one is refused whole. */
export const receiptLinesLimit = 1_000;
/** Receipts of one till day; ten times a hypermarket's. */
export const receiptsPerDayLimit = 200_000;

export function receiptName(workstation: string, receipt: string): string {
  return `${workstation}\n${receipt}`;
}

export function isLineBooked(
  book: ReceiptBook,
  day: string,
  name: string,
  line: number,
  kind: TillLineKind,
): boolean {
  return (
    book
      .get(day)
      ?.get(name)
      ?.includes(line * 4 + kind) ?? false
  );
}

export function bookLine(
  book: ReceiptBook,
  day: string,
  name: string,
  line: number,
  kind: TillLineKind,
): void {
  let ofDay = book.get(day);
  if (ofDay === undefined) {
    ofDay = new Map();
    book.set(day, ofDay);
  }
  const lines = ofDay.get(name);
  if (lines === undefined) ofDay.set(name, [line * 4 + kind]);
  else lines.push(line * 4 + kind);
}

/** Forgets the till days before `oldestDay` (ISO dates compare as text). */
export function closeDaysBefore(book: ReceiptBook, oldestDay: string): void {
  for (const day of book.keys()) if (day < oldestDay) book.delete(day);
}
