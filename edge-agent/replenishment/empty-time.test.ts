import { expect, test } from 'vitest';
import type { Distribution } from '../belief/distribution.ts';
import { chanceOfAtLeast } from '../demand/unit-demand.ts';
import { jam, runningStore } from '../sample-store.ts';
import {
  chanceEmptyWithin,
  chanceStoreOutWithin,
  clockMinutesFor,
  minutesUntilEmpty,
  openMinutesWithin,
} from './empty-time.ts';

/** Twelve jars a day, all of them in the opening hours from 7:00 to 21:00. */
function sellingStore() {
  const { state } = runningStore();
  const record = {
    units: 120,
    days: 10,
    recentUnits: 0,
    recentExpected: 0,
    lately: [],
    hourUnits: 0,
  };
  state.demand.byGtin.set(jam, { ...record, toldAtMs: 0 });
  const slot = state.catalogue.slotById.get('A1');
  if (slot === undefined) throw new Error('A1 expected');
  return { state, slot };
}

function exactly(pieces: number): Distribution {
  const cells = Array<number>(pieces + 1).fill(0);
  cells[pieces] = 1;
  return { unit: 1, cells };
}

test('more lasts longer, an empty slot lasts no time, and a full store lasts beyond the day', () => {
  const { state, slot } = sellingStore();
  const lasts = (jars: number) => minutesUntilEmpty(state, slot, exactly(jars), 600);
  expect(lasts(0)).toBe(0);
  const [one, two] = [lasts(1), lasts(2)];
  expect(one).toBeGreaterThan(30);
  expect(two).toBeGreaterThan(one ?? 0);
  expect(lasts(1_000)).toBeNull();
});

test('nobody takes anything at night', () => {
  const { state, slot } = sellingStore();
  const atOpening = minutesUntilEmpty(state, slot, exactly(1), 420) ?? 0;
  expect(minutesUntilEmpty(state, slot, exactly(1), 300)).toBe(atOpening + 120);
});

test('the chance is that of the demand of the opening minutes, weighed over what is believed', () => {
  const { state, slot } = sellingStore();
  // The slot has 12 of the 20 places that the store has for jam.
  const day = { mean: 12 * 0.6, shape: 1 / (1 / 120 + 0.0625) };
  const belief: Distribution = { unit: 1, cells: [0.1, 0, 0, 0, 0, 0, 0, 0, 0.9] };
  const expected = 0.1 + 0.9 * chanceOfAtLeast(day, 8);
  expect(chanceEmptyWithin(state, slot, belief, 420, 14 * 60)).toBeCloseTo(expected, 9);
});

test('the time that is told is the first minute at which it is as likely empty as not', () => {
  const { state, slot } = sellingStore();
  const minutes = minutesUntilEmpty(state, slot, exactly(4), 600) ?? 0;
  expect(chanceEmptyWithin(state, slot, exactly(4), 600, minutes)).toBeGreaterThanOrEqual(0.5);
  expect(chanceEmptyWithin(state, slot, exactly(4), 600, minutes - 1)).toBeLessThan(0.5);
});

test('opening minutes and minutes by the clock are each other’s inverse', () => {
  const { catalogue } = sellingStore().state;
  for (const [from, open] of [
    [600, 120],
    [1_200, 120],
    [1_300, 10],
    [300, 60],
  ] as const) {
    expect(openMinutesWithin(catalogue, from, clockMinutesFor(catalogue, from, open))).toBe(open);
  }
  expect(clockMinutesFor(catalogue, 1_200, 120)).toBe(60 + 10 * 60 + 60);
});

test('the store runs out later than its slot while the backroom has goods', () => {
  const { state, slot } = sellingStore();
  const product = state.catalogue.productByGtin.get(jam);
  const shelf = state.shelves.get('A1');
  if (product === undefined || shelf === undefined) throw new Error('jam expected');
  const ofSlot = chanceEmptyWithin(state, slot, shelf.belief, 600, 1_440);
  const ofStore = chanceStoreOutWithin(state, product, 600, 1_440);
  expect(ofStore).toBeLessThan(ofSlot / 2);
  state.ledger.set(jam, new Map());
  expect(chanceStoreOutWithin(state, product, 600, 1_440)).toBeGreaterThan(2 * ofStore);
});
