import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Slot } from '../catalogue/catalogue.ts';
import { indexCatalogue } from '../catalogue/catalogue.ts';
import { catalogueFactsOf } from '../catalogue/master-data.ts';
import { jam, sampleMasterData } from '../sample-store.ts';
import {
  countShelf,
  forgetUnexplained,
  observeShelf,
  resizeShelf,
  type Shelves,
  sellFromShelves,
  stockShelf,
  unsellToShelves,
} from './shelf.ts';

const slots = indexCatalogue(catalogueFactsOf(sampleMasterData())).slotsByGtin.get(jam) ?? [];
const [plateSlot, plainSlot] = slots;
if (plateSlot === undefined || plainSlot === undefined) throw new Error('two slots of jam');

/** A sensor's word, taken as it is. */
function observe(shelves: Shelves, slot: Slot, quantity: number, isBeingRefilled: boolean): void {
  observeShelf(shelves, slot, { quantity, atMs: 1, likelihood: undefined }, isBeingRefilled);
}

function quantities(shelves: Shelves): (number | undefined)[] {
  return slots.map(({ slotId }) => shelves.get(slotId)?.quantity);
}

test('a sale that no sensor saw came from the slot that none watches, whatever was believed of it', () => {
  const shelves: Shelves = new Map();
  observe(shelves, plateSlot, 12, false);
  countShelf(shelves, plainSlot, 3, 1);
  expect(sellFromShelves(shelves, slots, 2)).toEqual(['A2']);
  expect(quantities(shelves)).toEqual([12, 1]);
  expect(sellFromShelves(shelves, slots, 2)).toEqual(['A2']);
  expect(quantities(shelves)).toEqual([12, 0]);
  expect(shelves.get(plateSlot.slotId)?.witness.stuck).toBe(0);
});

test('sales that no sensor could see came from either slot, until a count tells from which', () => {
  const shelves: Shelves = new Map();
  for (const slot of slots) countShelf(shelves, slot, 6, 1);
  const soldAtMs = 60 * 60_000;
  for (let sale = 0; sale < 4; sale += 1) sellFromShelves(shelves, slots, 1, soldAtMs);
  const untouched = () => shelves.get(plainSlot.slotId)?.belief.cells[6] ?? 0;
  const before = untouched();
  expect(before).toBeGreaterThan(0.1);
  expect(before).toBeLessThan(0.5);
  countShelf(shelves, plateSlot, 2, soldAtMs);
  sellFromShelves(shelves, slots, 1, soldAtMs + 60 * 60_000);
  expect(untouched()).toBeGreaterThan(before + 0.2);
});

test('a sale that its only sensor did not see speaks against it, but not what was in a basket before', () => {
  const shelves: Shelves = new Map();
  const minuteMs = 60_000;
  observe(shelves, plateSlot, 12, false);
  const stuck = () => shelves.get(plateSlot.slotId)?.witness.stuck;
  sellFromShelves(shelves, [plateSlot], 1, 30 * minuteMs);
  expect(stuck()).toBeCloseTo(1, 9);
  countShelf(shelves, plateSlot, 11, 30 * minuteMs);
  sellFromShelves(shelves, [plateSlot], 1, 32 * minuteMs);
  expect(stuck()).toBeCloseTo(0.2, 9);
});

test('a shopper who puts a jar back has taken nothing', () => {
  const shelves: Shelves = new Map();
  countShelf(shelves, plainSlot, 8, 1);
  observe(shelves, plateSlot, 12, false);
  observe(shelves, plateSlot, 10, false);
  observe(shelves, plateSlot, 11, false);
  sellFromShelves(shelves, slots, 1);
  expect(quantities(shelves)).toEqual([11, 8]);
  sellFromShelves(shelves, slots, 1);
  expect(quantities(shelves)).toEqual([11, 7]);
});

test('what was stolen explains no sale of tomorrow', () => {
  const shelves: Shelves = new Map();
  observe(shelves, plateSlot, 12, false);
  observe(shelves, plateSlot, 10, false);
  forgetUnexplained(shelves);
  expect(sellFromShelves(shelves, slots, 1)).toEqual(['A1']);
});

const stocking = (quantity: number) => ({ quantity, casePack: 6, atMs: 5 });

test('a void goes back to a slot that no sensor watches and that has room', () => {
  const shelves: Shelves = new Map();
  observe(shelves, plateSlot, 5, false);
  countShelf(shelves, plainSlot, 7, 1);
  expect(unsellToShelves(shelves, slots, 1)).toEqual(['A2']);
  expect(unsellToShelves(shelves, slots, 1)).toEqual([]);
  expect(quantities(shelves)).toEqual([5, 8]);
});

test('a refill is counted once, whoever tells first', () => {
  fc.assert(
    fc.property(fc.nat(12), fc.nat(12), (before, after) => {
      const placed = Math.max(0, after - before);
      const full = before + placed;
      const told: Shelves = new Map();
      observe(told, plateSlot, before, false);
      stockShelf(told, plateSlot, stocking(placed));
      observe(told, plateSlot, full, false);
      const seen: Shelves = new Map();
      observe(seen, plateSlot, before, false);
      observe(seen, plateSlot, full, true);
      stockShelf(seen, plateSlot, stocking(placed));
      expect(quantities(told)[0]).toBe(full);
      expect(quantities(seen)[0]).toBe(full);
    }),
  );
});

test('the first word about a slot may be a stocking, and no slot holds more than it can', () => {
  const shelves: Shelves = new Map();
  stockShelf(shelves, plainSlot, stocking(20));
  expect(quantities(shelves)).toEqual([undefined, 8]);
  stockShelf(shelves, plainSlot, stocking(1));
  expect(quantities(shelves)).toEqual([undefined, 8]);
});

test('a slot that grows can hold more, one that shrinks holds what fits', () => {
  const shelves: Shelves = new Map();
  countShelf(shelves, plainSlot, 8, 1);
  const shelf = shelves.get(plainSlot.slotId);
  if (shelf === undefined) throw new Error('a counted slot is known');
  const grown = { ...plainSlot, capacity: 40 };
  resizeShelf(shelf, grown);
  stockShelf(shelves, grown, stocking(20));
  expect(shelf.quantity).toBe(28);
  resizeShelf(shelf, { ...plainSlot, capacity: 6 });
  expect(shelf.quantity).toBe(6);
  expect(shelf.belief.cells).toHaveLength(7);
});
