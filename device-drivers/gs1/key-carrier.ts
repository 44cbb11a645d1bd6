import { type Gtin, parseGtin } from '@stockhand/proto/vocabulary/gs1-keys.ts';
import { type Reject, reject } from '../codec.ts';
import type { ScanForm } from './aim.ts';

/**
 * Symbols that carry a GTIN and nothing but a GTIN: EAN-13 (UPC-A and UPC-E arrive as 13 digits,
 * too), EAN-8, ITF-14. The length is fixed, and the last digit is a check digit, so a lost or
 * flipped character on the cable shows. A composite symbol adds element strings behind `|]e0`.
 *
 * Example: `4006381333931|]e010ABC` is the GTIN 04006381333931 with the element string `10ABC`.
 */

export interface CarriedKey {
  gtin: Gtin;
  /** The 2 or 5 digits of the add-on symbol beside an EAN-13 (issue number, price). */
  addOn?: string;
  /** Element strings of the two-dimensional part of a composite symbol. */
  composite?: string;
}

const compositeMark = '|]e0';

const digitsByForm = { 'ean-13': 13, 'ean-13-with-add-on': 13, 'ean-8': 8, 'itf-14': 14 } as const;

export type KeyForm = keyof typeof digitsByForm;

export function isKeyForm(form: ScanForm): form is KeyForm {
  return form in digitsByForm;
}

/** Reads the data of an EAN, UPC or ITF-14 symbol, without its AIM identifier. */
export function readCarriedKey(data: string, form: KeyForm): CarriedKey | Reject {
  const length = digitsByForm[form];
  const mark = data.indexOf(compositeMark);
  const primary = mark === -1 ? data : data.slice(0, mark);
  const addOn = form === 'ean-13-with-add-on' ? primary.slice(length) : '';
  const digits = addOn === '' ? primary : primary.slice(0, length);
  if (digits.length !== length) {
    return reject('bad-length', `${digits.length} characters, ${form} has ${length}`);
  }
  if (form === 'ean-13-with-add-on' && !/^([0-9]{2}|[0-9]{5})$/.test(addOn)) {
    return reject('bad-length', `add-on ${JSON.stringify(addOn)}, expected 2 or 5 digits`);
  }
  const gtin = parseGtin(digits);
  if (!gtin.ok) return reject(gtin.error, gtin.detail);
  const key: CarriedKey = { gtin: gtin.value };
  if (addOn !== '') key.addOn = addOn;
  if (mark !== -1) key.composite = data.slice(mark + compositeMark.length);
  return key;
}
