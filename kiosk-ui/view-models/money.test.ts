import { expect, it } from 'vitest';
import { moneyText } from './money.ts';

it.each([
  [36_000n, 'EUR', '€360.00'],
  [36_000n, 'JPY', '¥36,000'],
  [5n, 'EUR', '€0.05'],
  [1_250n, '', '1250'],
])('%d minor units of %s', (minorUnits, currency, text) => {
  expect(moneyText(minorUnits, currency)).toBe(text);
});
