import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { summarise } from './distribution.ts';
import {
  believeCounted,
  believeLooked,
  believePlaced,
  believeRoomFor,
  unknownSlot,
} from './slot-belief.ts';
import {
  believeSoldFromOneOf,
  habitsOf,
  moveSplit,
  type SplitSlot,
  shareOf,
} from './slot-split.ts';

const always = () => 1;

function slotWith(slotId: string, quantity: number, capacity = 12): SplitSlot {
  const belief = unknownSlot(capacity);
  believeCounted(belief, quantity);
  return { slotId, belief, split: null };
}

/** Two slots of ten pieces each. */
function pair(): [SplitSlot, SplitSlot] {
  return [slotWith('A1', 10), slotWith('B1', 10)];
}

function sell(slots: readonly SplitSlot[], pieces: number): void {
  for (let sale = 0; sale < pieces; sale += 1) believeSoldFromOneOf(slots, 1, always);
}

const mean = ({ belief }: SplitSlot) => summarise(belief).mean;
const total = ({ belief }: SplitSlot) => belief.cells.reduce((sum, chance) => sum + chance, 0);

test('the shares of each habit sum to one, however many slots there are', () => {
  for (const slots of [1, 2, 3, 5]) {
    for (const habit of habitsOf(slots)) {
      expect(habit.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    }
  }
  expect(habitsOf(3)).toHaveLength(7);
});

describe('a product in two slots', () => {
  test('is taken from both in the mean, and from either alone for all that is known', () => {
    const [one, other] = pair();
    sell([one, other], 8);
    expect(mean(one)).toBeCloseTo(mean(other), 6);
    // What left unpaid is in it, too.
    expect(mean(one) + mean(other)).toBeGreaterThan(11.5);
    expect(mean(one) + mean(other)).toBeLessThan(12.2);
    expect(one.belief.cells[10]).toBeGreaterThan(0.1);
    expect(one.belief.cells[2]).toBeGreaterThan(0.1);
  });

  test('shows in a count of one slot what the other holds', () => {
    const [one, other] = pair();
    sell([one, other], 7);
    believeCounted(one.belief, 3);
    expect(mean(other)).toBeLessThan(8);
    sell([one, other], 1);
    expect(mean(other)).toBeGreaterThan(9);
    expect(shareOf(one)).toBeGreaterThan(0.85);
    expect(shareOf(other)).toBeLessThan(0.15);
  });

  test('teaches by its refills from which slot it is taken', () => {
    const [one, other] = pair();
    for (let day = 0; day < 3; day += 1) {
      sell([one, other], 8);
      // Eight would not have fitted, had they come from the other.
      believeRoomFor(one.belief, 8);
      moveSplit(one, (belief) => believePlaced(belief, 8, 8));
    }
    expect(shareOf(one)).toBeGreaterThan(0.75);
    expect(mean(other)).toBeGreaterThan(7);
  });

  test('is taken from the one that has goods when the other has none', () => {
    const [one, other] = [slotWith('A1', 0), slotWith('B1', 10)];
    sell([one, other], 5);
    expect(one.belief.cells[0]).toBeGreaterThan(0.9);
    expect(mean(other)).toBeLessThan(5.5);
    believeLooked(one.belief, true);
    expect(one.belief.cells[0]).toBeGreaterThan(0.99);
  });

  test('was taken before a count of one of them: then only the other has less', () => {
    const [one, other] = pair();
    const before = mean(one);
    believeSoldFromOneOf([one, other], 1, ({ slotId }) => (slotId === 'A1' ? 0 : 1));
    expect(mean(one)).toBeCloseTo(before, 4);
    expect(mean(other)).toBeLessThan(9.6);
  });

  test('forgets its habits when it gets a third slot', () => {
    const [one, other] = pair();
    sell([one, other], 8);
    const three = [one, other, slotWith('C1', 10)];
    sell(three, 1);
    for (const slot of three) expect(slot.split?.habits).toHaveLength(7);
  });
});

test('whatever happens to the slots of a product, their beliefs stay probabilities', () => {
  const happening = fc.oneof(
    fc.nat(6).map((pieces) => (slots: SplitSlot[]) => believeSoldFromOneOf(slots, pieces, always)),
    fc.tuple(fc.nat(2), fc.nat(12)).map(([at, pieces]) => (slots: SplitSlot[]) => {
      const slot = slots[at];
      if (slot === undefined) return;
      believeRoomFor(slot.belief, pieces);
      moveSplit(slot, (belief) => believePlaced(belief, pieces, 6));
    }),
    fc.tuple(fc.nat(2), fc.nat(12)).map(([at, pieces]) => (slots: SplitSlot[]) => {
      const slot = slots[at];
      if (slot) believeCounted(slot.belief, pieces);
    }),
    fc.tuple(fc.nat(2), fc.boolean()).map(([at, isEmpty]) => (slots: SplitSlot[]) => {
      const slot = slots[at];
      if (slot) believeLooked(slot.belief, isEmpty);
    }),
  );
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 25 }), (life) => {
      const slots = ['A1', 'B1', 'C1'].map((slotId) => slotWith(slotId, 6));
      for (const happen of life) happen(slots);
      for (const slot of slots) {
        expect(total(slot)).toBeCloseTo(1, 6);
        expect(slot.belief.cells.every((one) => one >= 0 && Number.isFinite(one))).toBe(true);
        const share = shareOf(slot) ?? 0;
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1 + 1e-9);
      }
    }),
  );
});
