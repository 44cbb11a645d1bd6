/**
 * North American coupon codes in GS1 element strings (AI 8110 and 8112): digits in which length
 * indicators tell how many digits follow. Stores of other regions meet them on imported goods, so
 * they are checked, not interpreted. Source: "North American Coupon Application Guideline Using
 * GS1 DataBar Expanded Symbols" and "GS1 AI (8112) Coupon Data Specification".
 */
import type { RejectReason } from '../codec.ts';
import { readShortDate } from './dates.ts';

interface Fault {
  error: RejectReason;
  detail: string;
}

/** Reads fields from the left; the first fault ends the reading. */
class FieldReader {
  readonly #digits: string;
  #position = 0;
  fault: Fault | undefined;

  constructor(digits: string) {
    this.#digits = digits;
    if (!/^[0-9]*$/.test(digits)) this.#fail('bad-charset', 'coupon codes are digits');
  }

  get isAtEnd(): boolean {
    return this.#position >= this.#digits.length;
  }

  get next(): string {
    return this.#digits.charAt(this.#position);
  }

  /** A field of `length` digits. */
  take(field: string, length: number): string {
    if (this.fault !== undefined) return '';
    const text = this.#digits.slice(this.#position, this.#position + length);
    if (text.length < length) this.#fail('bad-length', `${field} needs ${length} digits`);
    this.#position += length;
    return text;
  }

  /** One digit out of `allowed`. */
  takeCode(field: string, allowed: string): string {
    const code = this.take(field, 1);
    if (this.fault === undefined && !allowed.includes(code)) {
      this.#fail('out-of-range', `${field} is ${code}, expected one of ${allowed}`);
    }
    return code;
  }

  /** A length indicator out of `allowed`, then that many digits and `more`. */
  takeMeasured(field: string, allowed: string, more: number): void {
    const indicator = this.takeCode(`length of ${field}`, allowed);
    if (this.fault === undefined) this.take(field, Number(indicator) + more);
  }

  /** A date YYMMDD as a sortable text. */
  takeDate(field: string, currentYear: number): string {
    const text = this.take(field, 6);
    if (this.fault !== undefined) return '';
    const date = readShortDate(text, false, currentYear);
    if (date === undefined) {
      this.#fail('bad-date', `${field}: no such date: ${text}`);
      return '';
    }
    return `${date.year}${text.slice(2)}`;
  }

  finish(): Fault | undefined {
    if (this.fault === undefined && !this.isAtEnd) this.#fail('bad-length', 'digits left over');
    return this.fault;
  }

  #fail(error: RejectReason, detail: string): void {
    this.fault ??= { error, detail: `coupon: ${detail}` };
  }

  refuse(detail: string): void {
    this.#fail('bad-date', detail);
  }
}

const companyPrefixLengths = '0123456';
const valueLengths = '12345';
const requirementCodes = '012349';

function takePurchase(reader: FieldReader, name: string): void {
  reader.takeMeasured(`${name} purchase requirement`, valueLengths, 0);
  reader.takeCode(`${name} requirement code`, requirementCodes);
  reader.take(`${name} family code`, 3);
}

function takePurchaseCompany(reader: FieldReader, name: string): void {
  // 9: no company prefix of its own follows.
  if (reader.next === '9') reader.take(`${name} company prefix length`, 1);
  else reader.takeMeasured(`${name} company prefix`, companyPrefixLengths, 6);
}

/** The optional fields stand in the order of their indicators, each at most once. */
function takeOptionalFields(reader: FieldReader, currentYear: number): void {
  let expiry = '';
  const takes = (indicator: string): boolean => {
    if (reader.fault !== undefined || reader.next !== indicator) return false;
    reader.take('field indicator', 1);
    return true;
  };
  if (takes('1')) {
    reader.takeCode('additional purchase rules', '0123');
    takePurchase(reader, 'second');
    takePurchaseCompany(reader, 'second');
  }
  if (takes('2')) {
    takePurchase(reader, 'third');
    takePurchaseCompany(reader, 'third');
  }
  if (takes('3')) expiry = reader.takeDate('expiration', currentYear);
  if (takes('4')) {
    const start = reader.takeDate('start', currentYear);
    if (expiry !== '' && start > expiry) reader.refuse('expires before it starts');
  }
  if (takes('5')) reader.takeMeasured('serial number', '0123456789', 6);
  if (takes('6')) reader.takeMeasured('retailer', '1234567', 6);
  if (takes('9')) {
    reader.takeCode('save value code', '01256');
    reader.takeCode('save value applies to', '012');
    reader.take('store coupon flag', 1);
    reader.takeCode('do not multiply flag', '01');
  }
}

/** What is wrong with the value of AI (8110). */
export function couponCodeFault(
  digits: string,
  { currentYear }: { currentYear: number },
): Fault | undefined {
  const reader = new FieldReader(digits);
  reader.takeMeasured('company prefix', companyPrefixLengths, 6);
  reader.take('offer code', 6);
  reader.takeMeasured('save value', valueLengths, 0);
  takePurchase(reader, 'first');
  takeOptionalFields(reader, currentYear);
  return reader.finish();
}

/** What is wrong with the value of AI (8112). */
export function couponOfferFault(digits: string): Fault | undefined {
  const reader = new FieldReader(digits);
  reader.takeCode('format', '01');
  reader.takeMeasured('funder', companyPrefixLengths, 6);
  reader.take('offer code', 6);
  reader.takeMeasured('serial number', '0123456789', 6);
  return reader.finish();
}
