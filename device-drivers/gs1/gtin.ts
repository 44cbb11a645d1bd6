/**
 * UPC codes on their way to a GTIN. UPC-E is the short form of a UPC-A whose number holds a run of
 * zeros; the last digit before the check digit says where the zeros were (GS1 General
 * Specifications 5.2.2.4.2). A scanner may be set up to send UPC-E as it is: 8 digits that look
 * like an EAN-8, and 7 or 6 when the number system or the check digit is suppressed.
 *
 * Example: 02345673 -> 0 23456 (0000) 7 3 -> UPC-A 023456000073 -> GTIN 00023456000073.
 */
import {
  checkDigitOf,
  type Gtin,
  isDigits,
  parseGtin,
} from '@stockhand/proto/vocabulary/gs1-keys.ts';
import { type Reject, reject } from '../codec.ts';

export { type Gtin, parseGtin } from '@stockhand/proto/vocabulary/gs1-keys.ts';

/** The eleven digits of a UPC-A, without check digit, for a number system and a UPC-E body. */
function expanded(numberSystem: string, body: string): string {
  const last = body.charAt(5);
  switch (last) {
    case '0':
    case '1':
    case '2':
      return `${numberSystem}${body.slice(0, 2)}${last}0000${body.slice(2, 5)}`;
    case '3':
      return `${numberSystem}${body.slice(0, 3)}00000${body.slice(3, 5)}`;
    case '4':
      return `${numberSystem}${body.slice(0, 4)}00000${body.slice(4, 5)}`;
    default:
      return `${numberSystem}${body.slice(0, 5)}0000${last}`;
  }
}

/** The short form of a UPC-A, 8 digits; `undefined` when its zeros do not allow one. */
export function suppressUpcA(upcA: string): string | undefined {
  if (upcA.length !== 12 || !isDigits(upcA) || !/^[01]/.test(upcA)) return undefined;
  const digits = upcA.slice(1, 11);
  for (const body of [
    `${digits.slice(0, 2)}${digits.slice(7, 10)}${digits.charAt(2)}`,
    `${digits.slice(0, 3)}${digits.slice(8, 10)}3`,
    `${digits.slice(0, 4)}${digits.charAt(9)}4`,
    `${digits.slice(0, 5)}${digits.charAt(9)}`,
  ]) {
    if (expanded(upcA.charAt(0), body) === upcA.slice(0, 11)) {
      return `${upcA.charAt(0)}${body}${upcA.charAt(11)}`;
    }
  }
  return undefined;
}

export interface UpcReading {
  /** 12 digits with check digit. */
  upcA: string;
  /** 14 digits. */
  gtin: Gtin;
}

function upcReading(upcA: string): UpcReading | Reject {
  const gtin = parseGtin(upcA);
  return gtin.ok ? { upcA, gtin: gtin.value } : reject(gtin.error, gtin.detail);
}

/**
 * Reads a UPC-E of 8 digits, of 7 (without check digit) or 6 (without number system, which then is
 * 0), or a UPC-A of 12. Where no check digit was sent it is computed.
 */
export function readUpc(text: string): UpcReading | Reject {
  if (text === '') return reject('empty', 'no digits');
  if (!isDigits(text)) return reject('bad-charset', 'a UPC holds digits only');
  if (text.length === 12) return upcReading(text);
  if (text.length < 6 || text.length > 8) {
    return reject('bad-length', `${text.length} digits, a UPC-E has 8, 7 or 6, a UPC-A 12`);
  }
  const numberSystem = text.length === 6 ? '0' : text.charAt(0);
  if (numberSystem !== '0' && numberSystem !== '1') {
    return reject('out-of-range', `number system ${numberSystem}, a UPC-E has 0 or 1`);
  }
  const body = text.length === 6 ? text : text.slice(1, 7);
  const payload = expanded(numberSystem, body);
  return upcReading(payload + (text.length === 8 ? text.charAt(7) : checkDigitOf(payload)));
}
