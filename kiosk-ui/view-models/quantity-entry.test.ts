import { expect, it } from 'vitest';
import {
  canKeyIn,
  enterQuantity,
  type QuantityEntry,
  type QuantityEntryEvent,
  startQuantityEntry,
} from './quantity-entry.ts';

const start = startQuantityEntry({ unit: 'pieces', count: 14 }, 6);
const after = (entry: QuantityEntry, ...events: QuantityEntryEvent[]) =>
  events.reduce(enterQuantity, entry).amount.count;
const digit = (number: number) => ({ kind: 'digit', digit: number }) as const;

it('keys in a figure digit by digit, and takes digits back', () => {
  expect(after(start, { kind: 'typed', text: '2' }, digit(4), digit(0))).toBe(240);
  expect(after(start, { kind: 'erase' })).toBe(1);
  expect(after(start, { kind: 'erase' }, { kind: 'erase' }, { kind: 'erase' })).toBe(0);
});

it('stays below the ceiling: a scan of thirteen digits is no quantity', () => {
  const scan = [...'4006381333931'].map((one) => digit(Number(one)));
  expect(after(start, { kind: 'typed', text: '0' }, ...scan)).toBe(4_006);
  expect(after(start, { kind: 'typed', text: '4006381333931' })).toBe(14);
});

it('has no pad for kilograms', () => {
  const cheese = startQuantityEntry({ unit: 'milligrams', count: 1_250_000 }, 0);
  expect(canKeyIn(cheese)).toBe(false);
  expect(after(cheese, digit(5))).toBe(1_250_000);
  expect(after(cheese, { kind: 'erase' })).toBe(1_250_000);
});
