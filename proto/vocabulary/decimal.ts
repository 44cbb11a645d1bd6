/**
 * Decimal text, exactly: "2.450" is 2450 thousandths, not the nearest binary fraction.
 *
 * Devices and tills send numbers as text. They become whole numbers of a small unit (milligrams,
 * micrometres, pieces) by multiplying with an exact fraction and rounding once, half away from zero.
 */

/** `unscaled` / 10^`scale`. */
export interface Decimal {
  unscaled: bigint;
  scale: number;
}

/** Longer texts are refused: no sensor has more digits. */
export const decimalTextLimit = 32;

const decimalForm = /^([+-]?)([0-9]+)(?:\.([0-9]+))?$/;

/** Reads "2.450", "-3", "+0.5"; null for anything else (no exponent, comma, blank or NaN). */
export function parseDecimal(text: string): Decimal | null {
  if (text.length > decimalTextLimit) return null;
  const match = decimalForm.exec(text);
  if (match === null) return null;
  const [, sign = '', whole = '', fraction = ''] = match;
  const magnitude = BigInt(whole + fraction);
  return { unscaled: sign === '-' ? -magnitude : magnitude, scale: fraction.length };
}

/**
 * `decimal` × `numerator` / `denominator` as a whole number, rounded half away from zero; null when
 * it does not fit a safe integer.
 */
export function scaleDecimal(
  decimal: Decimal,
  numerator: bigint,
  denominator: bigint,
): number | null {
  const rounded = divideHalfAway(
    decimal.unscaled * numerator,
    denominator * 10n ** BigInt(decimal.scale),
  );
  const whole = Number(rounded);
  return Number.isSafeInteger(whole) ? whole : null;
}

/** The decimal as a whole number when it is one ("3", "3.00"), else null. */
export function wholeNumberOf(decimal: Decimal): number | null {
  const unit = 10n ** BigInt(decimal.scale);
  if (decimal.unscaled % unit !== 0n) return null;
  const whole = Number(decimal.unscaled / unit);
  return Number.isSafeInteger(whole) ? whole : null;
}

/** Integer division of safe integers, rounded half away from zero. `divisor` is above zero. */
export function divideRounded(dividend: number, divisor: number): number {
  const magnitude = Math.abs(dividend);
  const remainder = magnitude % divisor;
  const quotient = (magnitude - remainder) / divisor + (remainder * 2 >= divisor ? 1 : 0);
  return dividend < 0 && quotient !== 0 ? -quotient : quotient;
}

function divideHalfAway(dividend: bigint, divisor: bigint): bigint {
  const magnitude = dividend < 0n ? -dividend : dividend;
  const quotient = (magnitude * 2n + divisor) / (divisor * 2n);
  return dividend < 0n ? -quotient : quotient;
}
