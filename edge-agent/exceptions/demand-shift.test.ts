import { beforeEach, expect, test } from 'vitest';
import { jam, runningStore, type SampleStore, sale } from '../sample-store.ts';
import { openExceptions } from '../views.ts';

let store: SampleStore;
let receipts = 0;

/** So many jars are sold in the current hour, and the hour ends. */
function hourOf(jars: number): void {
  for (let count = 0; count < jars; count += 1) {
    receipts += 1;
    store.take(sale(`s${receipts}`, [{ code: jam, quantity: '1' }]));
  }
  store.nowMs = Math.floor(store.nowMs / 3_600_000 + 1) * 3_600_000;
  receipts += 1;
  store.take(sale(`s${receipts}`, [{ code: '4006381333931', quantity: '1' }]));
}

const shifts = () => openExceptions(store.state).filter(({ type }) => type === 'demand-shift');

beforeEach(() => {
  store = runningStore();
});

test('a product that suddenly sells far more than it used to is told once', () => {
  for (let hour = 0; hour < 36; hour += 1) hourOf(2);
  expect(shifts()).toEqual([]);
  hourOf(25);
  expect(shifts()).toMatchObject([{ subjects: [jam], ownerRole: 'manager' }]);
  hourOf(25);
  expect(shifts()).toHaveLength(1);
});

test('a product of which little is known surprises nobody', () => {
  hourOf(30);
  expect(shifts()).toEqual([]);
});
