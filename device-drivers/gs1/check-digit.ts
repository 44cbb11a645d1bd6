/**
 * GS1 check digits beyond the one of the keys (which is in the shared vocabulary):
 *
 * - The price or weight check digit inside a restricted number (GS1 General Specifications 7.9.2 to
 *   7.9.4). Each digit is multiplied and the tens of the product are added to or taken from its
 *   ones, so that the most frequent slips of a scale's label printer change the sum. Example: 2875
 *   gives 9, 14685 gives 6.
 * - The check character pair of alphanumeric keys (GMN; 7.9.5): values of the characters weighed
 *   with primes, modulo 1021. Example: 1987654Ad4X4bL5ttr2310c gives 2K.
 */
import { isDigits } from '@stockhand/proto/vocabulary/gs1-keys.ts';

export { checkDigitOf, hasValidCheckDigit } from '@stockhand/proto/vocabulary/gs1-keys.ts';

type Weight = '2-' | '3' | '5+' | '5-';

/** The weighed value of a digit: of its product, ones and tens, subtracted or added. */
function weighed(digit: number, weight: Weight): number {
  const product = digit * Number(weight.charAt(0));
  const tens = Math.floor(product / 10);
  const ones = product % 10;
  if (weight === '3') return ones;
  return (((weight.endsWith('-') ? ones - tens : ones + tens) % 10) + 10) % 10;
}

const fourDigitWeights: readonly Weight[] = ['2-', '2-', '3', '5-'];
const fiveDigitWeights: readonly Weight[] = ['5+', '2-', '5-', '5+', '2-'];

function weighedSum(digits: string, weights: readonly Weight[]): number {
  return weights.reduce((sum, weight, index) => sum + weighed(Number(digits[index]), weight), 0);
}

/**
 * The check digit of a price or weight of four or five digits. Throws a RangeError for any other
 * length and for characters that are not digits.
 */
export function measureCheckDigitOf(digits: string): string {
  if (!isDigits(digits)) throw new RangeError(`not digits: ${JSON.stringify(digits)}`);
  if (digits.length === 4) return String((weighedSum(digits, fourDigitWeights) * 3) % 10);
  if (digits.length !== 5) throw new RangeError(`4 or 5 digits, not ${digits.length}`);
  const complement = (10 - (weighedSum(digits, fiveDigitWeights) % 10)) % 10;
  for (let digit = 0; digit <= 9; digit += 1) {
    if (weighed(digit, '5-') === complement) return String(digit);
  }
  throw new RangeError(`no digit weighs ${complement}`);
}

const keyCharacters =
  '!"%&\'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz';
const checkCharacters = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

function primesUpTo(count: number): number[] {
  const primes: number[] = [];
  for (let candidate = 2; primes.length < count; candidate += 1) {
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
  }
  return primes;
}

/** No alphanumeric key is longer than this. */
const longestKey = 90;
const primes = primesUpTo(longestKey);

/**
 * The two check characters of an alphanumeric key, given without them. `undefined` when it is
 * too long or holds a character that keys may not hold.
 */
export function checkPairOf(key: string): string | undefined {
  if (key.length > longestKey) return undefined;
  let sum = 0;
  for (let index = 0; index < key.length; index += 1) {
    const value = keyCharacters.indexOf(key.charAt(index));
    if (value === -1) return undefined;
    sum += value * (primes[key.length - 1 - index] ?? 0);
  }
  const rest = sum % 1021;
  return checkCharacters.charAt(rest >> 5) + checkCharacters.charAt(rest & 31);
}
