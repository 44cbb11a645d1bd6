import { beforeEach, expect, test } from 'vitest';
import { jam, runningStore, type SampleStore, sale } from '../sample-store.ts';
import { openExceptions } from '../views.ts';

let store: SampleStore;
let receipts = 0;

const isOpen = () => {
  const hour = new Date(store.nowMs).getUTCHours();
  return hour >= 7 && hour < 21;
};
const today = () => ({ businessDay: new Date(store.nowMs).toISOString().slice(0, 10) });

/** So many jars are sold in the current hour, and the hour ends. */
function hourOf(jars: number): void {
  for (let count = 0; count < jars; count += 1) {
    receipts += 1;
    store.take(sale(`s${receipts}`, [{ code: jam, quantity: '1' }], today()));
  }
  store.nowMs = Math.floor(store.nowMs / 3_600_000 + 1) * 3_600_000;
  receipts += 1;
  store.take(sale(`s${receipts}`, [{ code: '4006381333931', quantity: '1' }], today()));
}

const shifts = () => openExceptions(store.state).filter(({ type }) => type === 'demand-shift');

beforeEach(() => {
  store = runningStore();
});

test('a product that suddenly sells far more than it used to is told once', () => {
  for (let hour = 0; hour < 24 * 8; hour += 1) hourOf(isOpen() ? 2 : 0);
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
