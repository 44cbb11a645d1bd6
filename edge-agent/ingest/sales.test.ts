import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { quantityMessage } from '@stockhand/proto/vocabulary/quantity.ts';
import { describe, expect, test } from 'vitest';
import { action, jam, jamCase, milk, runningStore, sale } from '../sample-store.ts';
import { balance, quarantine, sumOfAccounts } from '../stock/ledger.ts';
import { salesFloorQuantity, shelfQuantity, slotCounts } from '../views.ts';

describe('the till', () => {
  test('sells once, whatever is sent how often', () => {
    const store = runningStore();
    const receipt = sale('4711', [{ code: '4006381333931', quantity: '2' }]);
    expect(store.cases(receipt)).toEqual(['itemsSold']);
    expect(store.outcome(receipt)).toEqual({ kind: 'duplicate' });
    expect(salesFloorQuantity(store.state, jam)).toBe(18);
    // From which of its two slots nobody knows: together they hold two less.
    const meanIn = (slotId: string) =>
      (store.state.shelves.get(slotId)?.belief.cells ?? []).reduce(
        (sum, chance, quantity) => sum + chance * quantity,
        0,
      );
    expect(meanIn('A1') + meanIn('A2')).toBeCloseTo(18, 0);
  });

  test('books the good lines and refuses the others with their reasons', () => {
    const store = runningStore();
    const receipt = sale('4712', [
      { code: '4006381333931', quantity: '1' },
      { code: '4006381333932', quantity: '1' },
      { code: '96385074', quantity: '1' },
      { code: jam, quantity: '0.5' },
      { code: jam, quantity: '1e3' },
      { code: jam, quantity: '-1' },
    ]);
    const result = store.take(receipt);
    expect(result.events.map((event) => event.payload.case)).toEqual(['itemsSold']);
    expect(result.outcome).toMatchObject({
      kind: 'refused',
      refusals: [
        { reason: 'bad-check-digit', field: 'lines[1].code' },
        { reason: 'unknown-product', field: 'lines[2].code' },
        { reason: 'bad-quantity', field: 'lines[3].quantity' },
        { reason: 'bad-number', field: 'lines[4].quantity' },
        { reason: 'out-of-range', field: 'lines[5].quantity' },
      ],
    });
    expect(salesFloorQuantity(store.state, jam)).toBe(19);
  });

  test('sells weighed goods by the milligram and cases by their content', () => {
    const store = runningStore();
    store.take(sale('1', [{ code: '2000000000015', quantity: '0.226' }]));
    expect(shelfQuantity(store.state, 'C1')).toBe(2_774_000);
    store.take(sale('2', [{ code: jamCase, quantity: '1' }]));
    expect(salesFloorQuantity(store.state, jam)).toBe(14);
  });

  test('moves nothing for training and cancelled receipts, or for retained messages', () => {
    const store = runningStore();
    const lines = [{ code: jam, quantity: '1' }];
    expect(store.outcome(sale('1', lines, { training: true }))).toEqual({ kind: 'unchanged' });
    expect(store.outcome(sale('2', lines, { cancelled: true }))).toEqual({ kind: 'unchanged' });
    const retained = sale('3', lines);
    if (retained.kind === 'sale') retained.delivery = { ...retained.delivery, retained: true };
    expect(store.outcome(retained)).toEqual({ kind: 'unchanged' });
    expect(salesFloorQuantity(store.state, jam)).toBe(20);
  });

  test('takes a void back onto the sales floor and a return into quarantine', () => {
    const store = runningStore();
    store.take(sale('1', [{ code: milk, quantity: '3' }]));
    expect(shelfQuantity(store.state, 'B1')).toBe(13);
    store.take(sale('1', [{ code: milk, quantity: '3', kind: 3 }]));
    expect(shelfQuantity(store.state, 'B1')).toBe(16);
    store.take(sale('2', [{ code: milk, quantity: '1', kind: 2 }]));
    expect(salesFloorQuantity(store.state, milk)).toBe(16);
    expect(balance(store.state.ledger, milk, quarantine)).toBe(1);
  });

  test('contradicts the record instead of going below zero', () => {
    const store = runningStore();
    const cases = store.cases(sale('1', [{ code: milk, quantity: '20' }]));
    expect(cases.slice(0, 2)).toEqual(['stockContradicted', 'itemsSold']);
    expect(salesFloorQuantity(store.state, milk)).toBe(0);
    expect(shelfQuantity(store.state, 'B1')).toBe(0);
    expect(slotCounts(store.state)).toEqual({ empty: 1, belowReorderPoint: 1 });
  });

  test('refuses receipts that are too old to tell from duplicates, or from the future', () => {
    const store = runningStore();
    const lines = [{ code: jam, quantity: '1' }];
    const cases: [businessDay: string, reason: string][] = [
      ['2026-11-19', 'receipt-too-old'],
      ['2026-11-25', 'day-ahead'],
      ['2026-02-30', 'bad-date'],
      ['yesterday', 'bad-date'],
    ];
    for (const [businessDay, reason] of cases) {
      const outcome = store.outcome(sale('9', lines, { businessDay }));
      expect(outcome).toMatchObject({ kind: 'refused', refusals: [{ reason }] });
    }
    expect(salesFloorQuantity(store.state, jam)).toBe(20);
  });
});

test('a sale that happened before a count explains it, and takes nothing a second time', () => {
  const store = runningStore();
  const soldAt = timestampFromMs(store.nowMs - 3_600_000);
  const value = { slotId: 'B1', counted: quantityMessage(10, 'pieces') };
  store.take(action('lea', 0, { case: 'countSlot', value }));
  expect(salesFloorQuantity(store.state, milk)).toBe(10);
  store.take(sale('offline', [{ code: milk, quantity: '3' }], { soldAt }));
  expect(salesFloorQuantity(store.state, milk)).toBe(10);
  expect(shelfQuantity(store.state, 'B1')).toBe(10);
  expect(sumOfAccounts(store.state.ledger, milk)).toBe(0);
});

test('a receipt whose lines have no numbers of their own is refused, not half booked', () => {
  const store = runningStore();
  const lines = [
    { code: jam, quantity: '1', line: 0 },
    { code: milk, quantity: '1', line: 0 },
  ];
  expect(store.outcome(sale('unnumbered', lines))).toMatchObject({
    kind: 'refused',
    refusals: [{ reason: 'bad-field', field: 'lines' }],
  });
  expect(salesFloorQuantity(store.state, jam)).toBe(20);
});
