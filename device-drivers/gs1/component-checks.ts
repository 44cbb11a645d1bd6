/**
 * The content checks that the GS1 Barcode Syntax Dictionary names for the parts of a value
 * ("linters" in its words): check digits, dates, codes of countries and currencies, and so on.
 * Each takes the text of its part and answers what is wrong with it, or nothing.
 */
import type { RejectReason } from '../codec.ts';
import { checkDigitOf, checkPairOf, hasValidCheckDigit } from './check-digit.ts';
import {
  countryLetters,
  countryNumbers,
  currencyNumbers,
  isMediaType,
  packageTypes,
} from './code-lists.ts';
import { couponCodeFault, couponOfferFault } from './coupons.ts';
import { readLongDate, readShortDate } from './dates.ts';

export interface Fault {
  error: RejectReason;
  /** For people: what is wrong and what was expected. */
  detail: string;
}

export interface CheckContext {
  /** The application identifier whose value is checked. */
  identifier: string;
  /** Resolves the century of two-digit years. */
  currentYear: number;
}

type Check = (text: string, context: CheckContext) => Fault | undefined;

function outOfRange(isValid: (text: string) => boolean, expected: string): Check {
  return (text) =>
    isValid(text)
      ? undefined
      : { error: 'out-of-range', detail: `${JSON.stringify(text)} is not ${expected}` };
}

function dateCheck(isDate: (text: string, context: CheckContext) => boolean): Check {
  return (text, context) =>
    isDate(text, context) ? undefined : { error: 'bad-date', detail: `no such date: ${text}` };
}

function timeCheck(pattern: RegExp): Check {
  return (text) =>
    pattern.test(text) ? undefined : { error: 'bad-date', detail: `no such time: ${text}` };
}

/** Delivery times (4324) and (4325) say 9999 where only the day counts. */
function checkHourAndMinute(text: string, { identifier }: CheckContext): Fault | undefined {
  const mayBeOpen = identifier === '4324' || identifier === '4325';
  if (mayBeOpen && text === '9999') return undefined;
  if (/^([01][0-9]|2[0-3])[0-5][0-9]$/.test(text)) return undefined;
  return { error: 'bad-date', detail: `no such time: ${text}` };
}

const shortestCompanyPrefix = 4;

/** A key must begin with a GS1 Company Prefix, which has at least four digits. */
function companyPrefixCheck(from: number): Check {
  return (text) => {
    const prefix = text.slice(from, from + shortestCompanyPrefix);
    if (prefix.length < shortestCompanyPrefix) {
      return { error: 'bad-length', detail: 'too short to begin with a GS1 Company Prefix' };
    }
    if (/^[0-9]+$/.test(prefix)) return undefined;
    return { error: 'bad-charset', detail: 'does not begin with a GS1 Company Prefix' };
  };
}

function checkSum(text: string): Fault | undefined {
  if (hasValidCheckDigit(text)) return undefined;
  const expected = checkDigitOf(text.slice(0, -1));
  const detail = `${text} ends in ${text.slice(-1)}, its check digit is ${expected}`;
  return { error: 'bad-check-digit', detail };
}

function checkPair(text: string): Fault | undefined {
  if (text.length < 2) return { error: 'bad-length', detail: 'too short for its check characters' };
  const expected = checkPairOf(text.slice(0, -2));
  if (expected === text.slice(-2)) return undefined;
  const detail = `${text} must end in its check characters ${expected ?? ''}`;
  return { error: 'bad-check-digit', detail };
}

/** ISO 13616: the country, then letters and digits; as a number, modulo 97, it is 1. */
function checkIban(text: string): Fault | undefined {
  if (!/^[0-9A-Z]{11,34}$/.test(text)) {
    return { error: 'bad-charset', detail: 'an IBAN has 11 to 34 digits and capital letters' };
  }
  if (!countryLetters.has(text.slice(0, 2))) {
    return { error: 'out-of-range', detail: `${text.slice(0, 2)} is no country of an IBAN` };
  }
  let rest = 0;
  for (const character of text.slice(4) + text.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1 ? undefined : { error: 'bad-check-digit', detail: 'IBAN check digits' };
}

function isPieceOfTotal(text: string): boolean {
  const piece = Number(text.slice(0, text.length / 2));
  const total = Number(text.slice(text.length / 2));
  return piece > 0 && total > 0 && piece <= total;
}

function isPositionInSequence(text: string): boolean {
  const match = /^([1-9][0-9]*)\/([1-9][0-9]*)$/.exec(text);
  return match !== null && Number(match[1]) <= Number(match[2]);
}

const checks: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['couponcode', couponCodeFault],
  ['couponposoffer', couponOfferFault],
  ['csum', checkSum],
  ['csumalpha', checkPair],
  ['gcppos1', companyPrefixCheck(0)],
  ['gcppos2', companyPrefixCheck(1)],
  [
    'hasnondigit',
    outOfRange((text) => /[^0-9]/.test(text), 'text with a character that is no digit'),
  ],
  ['hh', timeCheck(/^([01][0-9]|2[0-3])$/)],
  ['hhmi', checkHourAndMinute],
  ['hyphen', outOfRange((text) => /^-+$/.test(text), 'a minus sign')],
  ['iban', checkIban],
  ['importeridx', outOfRange((text) => /^[-0-9A-Z_a-z]$/.test(text), 'an importer index')],
  ['iso3166', outOfRange((text) => countryNumbers.has(text), 'a country (ISO 3166-1)')],
  [
    'iso3166999',
    outOfRange(
      (text) => text === '999' || countryNumbers.has(text),
      'a country (ISO 3166-1) or 999',
    ),
  ],
  ['iso3166alpha2', outOfRange((text) => countryLetters.has(text), 'a country (ISO 3166-1)')],
  ['iso4217', outOfRange((text) => currencyNumbers.has(text), 'a currency (ISO 4217)')],
  ['iso5218', outOfRange((text) => /^[0129]$/.test(text), 'a code of ISO 5218')],
  ['latitude', outOfRange((text) => Number(text) <= 1_800_000_000, 'a latitude')],
  ['longitude', outOfRange((text) => Number(text) <= 3_600_000_000, 'a longitude')],
  ['mediatype', outOfRange(isMediaType, 'an AIDC media type')],
  ['mi', timeCheck(/^[0-5][0-9]$/)],
  ['nonzero', outOfRange((text) => /[^0]/.test(text), 'more than zero')],
  ['nozeroprefix', outOfRange((text) => !/^0/.test(text), 'a number without leading zero')],
  ['packagetype', outOfRange((text) => packageTypes.has(text), 'a package type')],
  ['pcenc', outOfRange((text) => !/%(?![0-9A-Fa-f]{2})/.test(text), 'percent-encoded text')],
  ['pieceoftotal', outOfRange(isPieceOfTotal, 'a piece of a total')],
  ['posinseqslash', outOfRange(isPositionInSequence, 'a position in a sequence')],
  ['ss', timeCheck(/^[0-5][0-9]$/)],
  ['winding', outOfRange((text) => /^[019]$/.test(text), 'a winding direction (0, 1, 9)')],
  ['yesno', outOfRange((text) => /^[01]$/.test(text), '0 or 1')],
  [
    'yymmd0',
    dateCheck((text, { currentYear }) => readShortDate(text, true, currentYear) !== undefined),
  ],
  [
    'yymmdd',
    dateCheck((text, { currentYear }) => readShortDate(text, false, currentYear) !== undefined),
  ],
  ['yyyymmd0', dateCheck((text) => readLongDate(text, true) !== undefined)],
  ['yyyymmdd', dateCheck((text) => readLongDate(text, false) !== undefined)],
  ['zero', outOfRange((text) => /^0+$/.test(text), 'zero')],
]);

/** Whether a check of this name exists; a test asks it for every name in the dictionary. */
export function knowsCheck(name: string): boolean {
  return checks.has(name);
}

const charactersOf: Record<'N' | 'X' | 'Y' | 'Z', RegExp> = {
  N: /^[0-9]*$/,
  X: /^[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]*$/,
  Y: /^[#\-/0-9A-Z]*$/,
  Z: /^[-0-9A-Z_a-z]*={0,2}$/,
};

const characterSetNames = {
  N: 'digits',
  X: 'characters of GS1 set 82',
  Y: 'characters of GS1 set 39',
  Z: 'URI-safe base 64',
} as const;

/**
 * Whether all characters of `text` belong to the set. Padding of set Z must fill up to a multiple
 * of four characters; the reference checks of GS1 count in threes, so that is taken, too.
 */
export function characterFault(text: string, set: 'N' | 'X' | 'Y' | 'Z'): Fault | undefined {
  const isPadded = set === 'Z' && text.endsWith('=');
  if (charactersOf[set].test(text) && (!isPadded || text.length % 4 === 0 || text.length % 3 === 0))
    return undefined;
  return {
    error: 'bad-charset',
    detail: `${JSON.stringify(text)} is not ${characterSetNames[set]}`,
  };
}

/** Runs one named check. Throws a RangeError for a name that the dictionary must not contain. */
export function checkFault(name: string, text: string, context: CheckContext): Fault | undefined {
  const check = checks.get(name);
  if (check === undefined) throw new RangeError(`no check named ${name}`);
  return check(text, context);
}
