/**
 * Units of measured values as whole numbers of a small unit. The avoirdupois pound is 0.45359237 kg
 * and the ounce a sixteenth of it, both exactly (NIST Handbook 44, appendix C).
 */
import { parseDecimal, scaleDecimal } from './decimal.ts';

export type MeasureResult =
  | { ok: true; value: number }
  | { ok: false; error: 'bad-number' | 'bad-unit' | 'out-of-range'; expected: string };

type Fraction = readonly [numerator: bigint, denominator: bigint];

const milligramsPer: ReadonlyMap<string, Fraction> = new Map([
  ['kg', [1_000_000n, 1n]],
  ['g', [1_000n, 1n]],
  ['mg', [1n, 1n]],
  ['lb', [45_359_237n, 100n]],
  ['oz', [45_359_237n, 1_600n]],
]);

const micrometresPer: ReadonlyMap<string, Fraction> = new Map([
  ['m', [1_000_000n, 1n]],
  ['cm', [10_000n, 1n]],
  ['mm', [1_000n, 1n]],
]);

const ppmPer: ReadonlyMap<string, Fraction> = new Map([['percent', [10_000n, 1n]]]);

/** Greatest magnitude of a measured value in its small unit: 100 tonnes, 100 kilometres. */
export const measureLimit = 100_000_000_000;

/** "2.450", "kg" → 2,450,000. */
export function milligramsOf(text: string, unit: string): MeasureResult {
  return convert(text, unit, milligramsPer);
}

/** "31.5", "cm" → 315,000. */
export function micrometresOf(text: string, unit: string): MeasureResult {
  return convert(text, unit, micrometresPer);
}

/** "62.5" percent → 625,000 parts per million; 0 to 100 only. */
export function ppmOfPercent(text: string): MeasureResult {
  const result = convert(text, 'percent', ppmPer);
  if (result.ok && (result.value < 0 || result.value > 1_000_000)) {
    return { ok: false, error: 'out-of-range', expected: '0 to 100' };
  }
  return result;
}

function convert(
  text: string,
  unit: string,
  fractions: ReadonlyMap<string, Fraction>,
): MeasureResult {
  const fraction = fractions.get(unit);
  if (fraction === undefined) {
    return { ok: false, error: 'bad-unit', expected: [...fractions.keys()].join(', ') };
  }
  const decimal = parseDecimal(text);
  if (decimal === null) {
    return { ok: false, error: 'bad-number', expected: 'decimal text such as 2.450' };
  }
  const value = scaleDecimal(decimal, fraction[0], fraction[1]);
  if (value === null || Math.abs(value) > measureLimit) {
    return { ok: false, error: 'out-of-range', expected: `at most ${measureLimit} in small units` };
  }
  return { ok: true, value };
}
