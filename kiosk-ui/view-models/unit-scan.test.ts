import { checkDigitOf } from '@stockhand/proto/vocabulary/gs1-keys.ts';
import { expect, it } from 'vitest';
import { ssccOfScan } from './unit-scan.ts';

const body = '34012345000000001';
const sscc = `${body}${checkDigitOf(body)}`;
const wrong = `${body}${(Number(checkDigitOf(body)) + 1) % 10}`;

it.each([
  [sscc, sscc],
  [`00${sscc}`, sscc],
  [`]C100${sscc}`, sscc],
  [`(00)${sscc}`, sscc],
  [` ${sscc}\n`, sscc],
  [wrong, undefined],
  ['04006381333931', undefined],
  ['0104006381333931', undefined],
  [`${sscc}0`, undefined],
  ['', undefined],
])('%s', (scan, expected) => {
  expect(ssccOfScan(scan)).toBe(expected);
});
