/**
 * Takes a till receipt in, line by line. A line is known by workstation, business day, receipt, line and
 * kind; what arrives again under the same name is the same line. Lines that cannot be booked are
 * refused one by one, with their reasons, and the others are booked: a shop does not stop selling
 * because one label is new.
 *
 * A sale moves goods from the sales floor to the customer. A void leaves them on the sales floor, where
 * they never left. A customer's return goes to quarantine, for somebody must look at it before it is
 * sold again. Training and cancelled receipts move nothing.
 *
 * Example: receipt 4711 with 2 × milk and 1 × an unknown code: ItemsSold for the milk, and a refusal
 * "lines[1].code: unknown-product". Sent again: nothing is booked, the refusal comes again.
 */
import { timestampMs } from '@bufbuild/protobuf/wkt';
import {
  type TillLine,
  TillLineKind,
  type TillSale,
} from '@stockhand/proto/device/v1alpha/till_sale_pb.js';
import { parseDecimal, scaleDecimal, wholeNumberOf } from '@stockhand/proto/vocabulary/decimal.ts';
import { parseGtin } from '@stockhand/proto/vocabulary/gs1-keys.ts';
import { baseUnitsPerUnit, type Catalogue, type CodeMeaning } from '../catalogue/catalogue.ts';
import { refusal, refused } from '../errors.ts';
import { isIsoDate, laterDay, shiftDay } from '../events/business-day.ts';
import { occurrenceAt, type Recorder } from '../events/recorder.ts';
import type { Delivery, Moment, Outcome, Refusal } from '../input.ts';
import { quantityOf } from '../stock/base-unit.ts';
import { quarantine, salesFloor } from '../stock/ledger.ts';
import { wasCountedSince } from '../stock/shelf.ts';
import { ensureStock } from '../stock/withdrawal.ts';
import { admitDevice, deviceActor } from './devices.ts';
import { isPlainId, plainIdExpectation, saleName } from './identity.ts';
import {
  isLineBooked,
  receiptDaysKept,
  receiptLinesLimit,
  receiptName,
  receiptsPerDayLimit,
} from './receipt-book.ts';

/** Greatest quantity of one line, in pieces or kilograms. */
export const lineQuantityLimit = 10_000;

export function takeSale(
  recorder: Recorder,
  input: { sale: TillSale; deviceId: string; delivery: Delivery },
): Outcome {
  const { sale, deviceId, delivery } = input;
  if (delivery.retained) return { kind: 'unchanged' };
  const soldAtMs = sale.soldAt === undefined ? null : timestampMs(sale.soldAt);
  recorder.attribute(
    saleName(sale.workstation, sale.businessDay, sale.receipt),
    deviceActor(deviceId),
    occurrenceAt(soldAtMs, recorder.moment),
  );
  const fault =
    admitDevice(recorder, deviceId) ??
    kindFault(recorder, deviceId) ??
    formFault(sale, recorder.moment);
  if (fault !== null) return refused(fault);
  if (sale.training || sale.cancelled) return { kind: 'unchanged' };
  const bookFault = receiptFault(recorder, sale);
  if (bookFault !== null) return refused(bookFault);
  const refusals: Refusal[] = [];
  let booked = 0;
  sale.lines.forEach((line, index) => {
    const result = takeLine(recorder, sale, line, `lines[${index}]`);
    if (result === 'booked') booked += 1;
    else if (result !== 'duplicate') refusals.push(result);
  });
  if (refusals.length > 0) return { kind: 'refused', refusals };
  return { kind: booked > 0 ? 'accepted' : 'duplicate' };
}

function kindFault(recorder: Recorder, deviceId: string): Refusal | null {
  const device = recorder.state.catalogue.deviceById.get(deviceId);
  if (device === undefined || device.kind === 'till') return null;
  return refusal('wrong-device-kind', 'deviceId', device.kind, 'a till');
}

function formFault(sale: TillSale, moment: Moment): Refusal | null {
  for (const field of ['workstation', 'receipt'] as const) {
    if (!isPlainId(sale[field])) {
      return refusal('bad-field', field, sale[field], plainIdExpectation);
    }
  }
  if (sale.businessDay !== moment.businessDay && !isIsoDate(sale.businessDay)) {
    return refusal('bad-date', 'businessDay', sale.businessDay, 'an ISO date, "2026-11-23"');
  }
  if (sale.lines.length === 0) return refusal('missing-field', 'lines', '', 'at least one line');
  const named = new Set(sale.lines.map(({ line, kind }) => `${line}/${kind}`));
  if (named.size < sale.lines.length) {
    // Two lines under one name could not be told from one that came twice.
    return refusal('bad-field', 'lines', 'a line number twice', 'each line with its own number');
  }
  if (sale.lines.length > receiptLinesLimit) {
    return refusal('too-many', 'lines', sale.lines.length, `at most ${receiptLinesLimit}`);
  }
  return null;
}

/** Refuses what could not be told from a duplicate. */
function receiptFault(recorder: Recorder, sale: TillSale): Refusal | null {
  const { state, moment } = recorder;
  const today = laterDay(moment.businessDay, state.businessDay);
  if (sale.businessDay !== today) {
    const oldest = shiftDay(today, -receiptDaysKept);
    if (sale.businessDay < oldest) {
      return refusal('receipt-too-old', 'businessDay', sale.businessDay, `${oldest} or later`);
    }
    const latest = shiftDay(today, 1);
    if (sale.businessDay > latest) {
      return refusal('day-ahead', 'businessDay', sale.businessDay, `${latest} or earlier`);
    }
  }
  const ofDay = state.receipts.get(sale.businessDay);
  const name = receiptName(sale.workstation, sale.receipt);
  if (ofDay !== undefined && ofDay.size >= receiptsPerDayLimit && !ofDay.has(name)) {
    return refusal('too-many', 'receipt', sale.receipt, `at most ${receiptsPerDayLimit} a day`);
  }
  return null;
}

function takeLine(
  recorder: Recorder,
  sale: TillSale,
  line: TillLine,
  at: string,
): 'booked' | 'duplicate' | Refusal {
  const { state } = recorder;
  const { kind } = line;
  if (kind < TillLineKind.SALE || kind > TillLineKind.VOID) {
    return refusal('bad-field', `${at}.kind`, kind, 'sale, return or void');
  }
  const name = receiptName(sale.workstation, sale.receipt);
  if (isLineBooked(state.receipts, sale.businessDay, name, line.line, kind)) return 'duplicate';
  const code = parseGtin(line.code);
  if (!code.ok) return refusal(code.error, `${at}.code`, line.code, code.detail);
  const meaning = state.catalogue.codeByGtin.get(code.value);
  if (meaning === undefined) {
    return refusal('unknown-product', `${at}.code`, line.code, 'a product of the master data');
  }
  const quantity = lineQuantity(state.catalogue, meaning, code.value, line.quantity, at);
  if (typeof quantity !== 'number') return quantity;
  bookQuantity(recorder, sale, line, meaning.gtin, quantity);
  return 'booked';
}

function bookQuantity(
  recorder: Recorder,
  sale: TillSale,
  line: TillLine,
  gtin: string,
  baseUnits: number,
): void {
  const fields = {
    gtin,
    quantity: quantityOf(recorder.state, gtin, baseUnits),
    workstation: sale.workstation,
    tillBusinessDay: sale.businessDay,
    receipt: sale.receipt,
    line: line.line,
  };
  if (line.kind === TillLineKind.SALE) {
    const { catalogue, shelves } = recorder.state;
    const slots = catalogue.slotsByGtin.get(gtin) ?? [];
    const isInCount = wasCountedSince(shelves, slots, recorder.occurredAtMs);
    const occasion = `receipt ${sale.receipt}`;
    const causedBy = isInCount ? 0 : ensureStock(recorder, gtin, salesFloor, baseUnits, occasion);
    recorder.record('itemsSold', fields, { causedBy });
    return;
  }
  const isVoid = line.kind === TillLineKind.VOID;
  recorder.record('itemsReturned', { ...fields, to: isVoid ? salesFloor : quarantine, isVoid });
}

/** The line's quantity in base units: pieces as they are, kilograms in milligrams, cases as content. */
function lineQuantity(
  catalogue: Catalogue,
  meaning: CodeMeaning,
  code: string,
  text: string,
  at: string,
): number | Refusal {
  const field = `${at}.quantity`;
  const decimal = parseDecimal(text);
  if (decimal === null)
    return refusal('bad-number', field, text, 'decimal text such as 1 or 0.250');
  const product = catalogue.productByGtin.get(meaning.gtin);
  const isWeighed = product !== undefined && baseUnitsPerUnit(product) > 1 && code === meaning.gtin;
  const units = isWeighed
    ? scaleDecimal(decimal, BigInt(meaning.baseUnits), 1n)
    : scaleWhole(wholeNumberOf(decimal), meaning.baseUnits);
  if (units === null) return refusal('bad-quantity', field, text, 'a whole number of pieces');
  const most = lineQuantityLimit * (isWeighed ? meaning.baseUnits : 1);
  if (units > 0 && units <= most) return units;
  return refusal('out-of-range', field, text, `more than 0, at most ${lineQuantityLimit}`);
}

function scaleWhole(whole: number | null, factor: number): number | null {
  return whole === null ? null : whole * factor;
}
