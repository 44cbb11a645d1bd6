import { quantityMessage } from '@stockhand/proto/vocabulary/quantity.ts';
import { expect, test } from 'vitest';
import { jam, runningStore } from '../sample-store.ts';
import { quantityField } from './quantity-field.ts';

const { state } = runningStore();

test.each([
  ['nothing', undefined, 0, 'missing-field'],
  ['kilograms of a counted product', quantityMessage(500_000, 'milligrams'), 0, 'wrong-unit'],
  ['less than nothing', quantityMessage(-1, 'pieces'), 0, 'out-of-range'],
  ['nothing where something must be', quantityMessage(0, 'pieces'), 1, 'out-of-range'],
  ['more than a store can hold', quantityMessage(1_000_001, 'pieces'), 0, 'out-of-range'],
] as const)('refuses %s', (_case, quantity, least, reason) => {
  const read = quantityField(state, jam, quantity, 'received', least);
  expect(read).toMatchObject({ reason, field: 'received' });
});

test('answers base units', () => {
  expect(quantityField(state, jam, quantityMessage(7, 'pieces'), 'received')).toBe(7);
});
