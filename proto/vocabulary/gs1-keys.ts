/**
 * GS1 keys: how the store names a product (GTIN), a place or party (GLN) and a logistic unit
 * (SSCC).
 *
 * A key is always text, because its leading zeros belong to it. A GTIN is kept with 14 digits:
 * GTIN-8, GTIN-12 (UPC-A) and GTIN-13 (EAN-13) are padded with zeros on the left, so that one
 * product has one spelling. Its last digit guards the others: from the right, the digits weigh
 * 3, 1, 3, 1 … and the check digit fills the sum up to a multiple of ten (GS1 General
 * Specifications 7.9.1). A key whose check digit is wrong is refused, never repaired: a misread
 * digit would book another product.
 *
 * Example: 400638133393 weighs, from its right end, 3·3 + 9 + 3·3 + 3 + 3·3 + 1 + 3·8 + 3 + 3·6 +
 * 0 + 3·0 + 4 = 89, so the check digit is 1, and parseGtin('4006381333931') gives 04006381333931.
 */

declare const gtinBrand: unique symbol;
declare const glnBrand: unique symbol;
declare const ssccBrand: unique symbol;

/** 14 digits with a valid check digit. */
export type Gtin = string & { readonly [gtinBrand]: true };
/** 13 digits with a valid check digit. */
export type Gln = string & { readonly [glnBrand]: true };
/** 18 digits with a valid check digit. */
export type Sscc = string & { readonly [ssccBrand]: true };

export type KeyError = 'empty' | 'bad-charset' | 'bad-length' | 'bad-check-digit';

export type KeyResult<Key> =
  | { ok: true; value: Key }
  | {
      ok: false;
      error: KeyError;
      /** For people: what was found and what was expected. */
      detail: string;
    };

const digitsOnly = /^[0-9]+$/;

/** True when `text` holds only the digits 0-9 (and at least one). */
export function isDigits(text: string): boolean {
  return digitsOnly.test(text);
}

/**
 * The check digit that belongs behind `digits` (GS1 General Specifications 7.9.1). Throws a
 * RangeError when `digits` holds anything but 0-9: callers check their input first.
 */
export function checkDigitOf(digits: string): string {
  if (!isDigits(digits)) throw new RangeError(`not digits: ${JSON.stringify(digits)}`);
  let sum = 0;
  let weight = 3;
  for (let index = digits.length - 1; index >= 0; index -= 1) {
    sum += weight * (digits.charCodeAt(index) - 0x30);
    weight = 4 - weight;
  }
  return String((10 - (sum % 10)) % 10);
}

/** True when `key` is digits only and its last digit is the check digit of those before it. */
export function hasValidCheckDigit(key: string): boolean {
  return key.length > 1 && isDigits(key) && checkDigitOf(key.slice(0, -1)) === key.slice(-1);
}

function keyDigits(name: string, text: string, lengths: readonly number[]): KeyResult<string> {
  if (text === '') return { ok: false, error: 'empty', detail: `${name} is empty` };
  if (!isDigits(text)) {
    return { ok: false, error: 'bad-charset', detail: `${name} may hold digits only` };
  }
  if (!lengths.includes(text.length)) {
    const expected = lengths.join(', ');
    const detail = `${name} has ${text.length} digits, expected ${expected}`;
    return { ok: false, error: 'bad-length', detail };
  }
  if (!hasValidCheckDigit(text)) {
    const expected = checkDigitOf(text.slice(0, -1));
    const detail = `${name} ${text} ends in ${text.slice(-1)}, its check digit is ${expected}`;
    return { ok: false, error: 'bad-check-digit', detail };
  }
  return { ok: true, value: text };
}

/** Reads a GTIN-8, GTIN-12, GTIN-13 or GTIN-14; the value always has 14 digits. */
export function parseGtin(text: string): KeyResult<Gtin> {
  const key = keyDigits('GTIN', text, [8, 12, 13, 14]);
  // The brand says exactly what was checked above: 14 digits, check digit right (zeros on the
  // left do not change it).
  return key.ok ? { ok: true, value: key.value.padStart(14, '0') as Gtin } : key;
}

/** Reads a GLN: 13 digits. */
export function parseGln(text: string): KeyResult<Gln> {
  const key = keyDigits('GLN', text, [13]);
  // Checked above: 13 digits, check digit right.
  return key.ok ? { ok: true, value: key.value as Gln } : key;
}

/** Reads an SSCC: 18 digits, without the application identifier (00). */
export function parseSscc(text: string): KeyResult<Sscc> {
  const key = keyDigits('SSCC', text, [18]);
  // Checked above: 18 digits, check digit right.
  return key.ok ? { ok: true, value: key.value as Sscc } : key;
}

export function isGtin(text: string): text is Gtin {
  return text.length === 14 && hasValidCheckDigit(text);
}

export function isGln(text: string): text is Gln {
  return text.length === 13 && hasValidCheckDigit(text);
}

export function isSscc(text: string): text is Sscc {
  return text.length === 18 && hasValidCheckDigit(text);
}

/**
 * The GTIN as people find it printed below the bars: GTIN-8 with 8 digits, GTIN-12 and GTIN-13
 * with 13 (as European tills print UPC codes, too), GTIN-14 with 14.
 */
export function printedGtin(gtin: Gtin): string {
  if (gtin.startsWith('000000')) return gtin.slice(6);
  return gtin.startsWith('0') ? gtin.slice(1) : gtin;
}
