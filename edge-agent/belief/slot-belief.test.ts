import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chanceAtMost, type Distribution, likeliestCell, summarise } from './distribution.ts';
import {
  distanceLikelihood,
  plateMisfit,
  tagLikelihood,
  weightLikelihood,
} from './observation-model.ts';
import {
  believeCounted,
  believeHour,
  believeLooked,
  believeObserved,
  believeSold,
  believeStocked,
  resized,
  unknownSlot,
} from './slot-belief.ts';

const jar = { unitWeightMilligrams: 345_000, unitWeightSpreadPpm: 20_000 };

function counted(capacity: number, quantity: number): Distribution {
  const belief = unknownSlot(capacity);
  believeCounted(belief, quantity);
  return belief;
}

const total = (belief: Distribution) => belief.cells.reduce((sum, chance) => sum + chance, 0);

/** Any life of a slot: what can happen to it, in any order. */
const lives = fc.array(
  fc.oneof(
    fc.nat(5).map((n) => (belief: Distribution) => believeSold(belief, n, 1)),
    fc.nat(5).map((n) => (belief: Distribution) => believeSold(belief, n, 0.5)),
    fc.nat(12).map((n) => (belief: Distribution) => believeStocked(belief, n, 6)),
    fc.nat(20).map((n) => (belief: Distribution) => believeCounted(belief, n)),
    fc.boolean().map((isEmpty) => (belief: Distribution) => believeLooked(belief, isEmpty)),
    fc.double({ min: 0, max: 30, noNaN: true }).map((expected) => (belief: Distribution) => {
      believeHour(belief, { expected, sold: 0, ownShare: 1, othersEmpty: 1 });
    }),
    fc.integer({ min: -500_000, max: 9_000_000 }).map((weight) => (belief: Distribution) => {
      believeObserved(belief, weightLikelihood(jar, weight));
    }),
    fc.nat(20).map((tags) => (belief: Distribution) => {
      believeObserved(belief, tagLikelihood(tags, 12));
    }),
  ),
  { maxLength: 30 },
);

test('whatever happens to a slot, its belief stays a probability', () => {
  fc.assert(
    fc.property(lives, (life) => {
      const belief = unknownSlot(12);
      for (const happen of life) happen(belief);
      expect(total(belief)).toBeCloseTo(1, 6);
      expect(belief.cells.every((chance) => chance >= 0 && Number.isFinite(chance))).toBe(true);
      const { low, mean, high } = summarise(belief);
      expect(low).toBeLessThanOrEqual(high);
      expect(mean).toBeGreaterThanOrEqual(0);
      expect(mean).toBeLessThanOrEqual(12);
    }),
  );
});

test('an observation is Bayes’ rule: the same as enumerating the joint chances', () => {
  fc.assert(
    fc.property(fc.nat(12), fc.nat(12), (start, tags) => {
      const belief = counted(12, start);
      const prior = belief.cells.map((chance) => 0.95 * chance + 0.05 / 13);
      const likelihood = tagLikelihood(tags, 12);
      const joint = prior.map((chance, quantity) => chance * likelihood(quantity));
      const evidence = joint.reduce((sum, chance) => sum + chance, 0);
      believeObserved(belief, likelihood);
      belief.cells.forEach((chance, quantity) => {
        expect(chance).toBeCloseTo((joint[quantity] ?? 0) / evidence, 9);
      });
    }),
  );
});

describe('a slot of twelve', () => {
  test('follows sales and refills by till alone', () => {
    const belief = counted(12, 10);
    for (let sale = 0; sale < 5; sale += 1) believeSold(belief, 1, 1);
    expect(likeliestCell(belief.cells)).toBe(5);
    believeStocked(belief, 6, 6);
    expect(likeliestCell(belief.cells)).toBe(11);
  });

  test('takes the word of a plate, and doubts less than it weighs', () => {
    const belief = counted(12, 10);
    believeObserved(belief, weightLikelihood(jar, 7 * 345_000 + 20_000));
    expect(likeliestCell(belief.cells)).toBe(7);
    expect(belief.cells[7]).toBeGreaterThan(0.9);
  });

  test('reads a distance with its eight millimetres', () => {
    const belief = unknownSlot(12);
    believeObserved(belief, distanceLikelihood(35_000, 6 * 35_000 + 9_000));
    expect(likeliestCell(belief.cells)).toBe(6);
    expect(belief.cells[7]).toBeGreaterThan(belief.cells[5] ?? 0);
  });

  test('believes more than the tags that were read', () => {
    const belief = unknownSlot(12);
    believeObserved(belief, tagLikelihood(9, 12));
    const { mean } = summarise(belief);
    expect(mean).toBeGreaterThan(9);
    expect(mean).toBeLessThan(11);
  });

  test('comes to doubt its goods when the till falls silent, and a look settles it', () => {
    const belief = counted(12, 5);
    const silence = { expected: 3.5, sold: 0, ownShare: 1, othersEmpty: 1 };
    for (let hour = 0; hour < 3; hour += 1) believeHour(belief, silence);
    const doubt = belief.cells[0] ?? 0;
    expect(doubt).toBeLessThan(0.5);
    for (let sale = 0; sale < 4; sale += 1) believeSold(belief, 1, 1);
    for (let hour = 0; hour < 3; hour += 1) believeHour(belief, silence);
    expect(belief.cells[0]).toBeGreaterThan(0.5);
    believeLooked(belief, false);
    believeLooked(belief, false);
    expect(belief.cells[0]).toBeLessThan(0.5);
  });

  test('is not doubted for a silent hour while its product is to be had elsewhere', () => {
    const [alone, oneOfTwo] = [counted(12, 5), counted(12, 5)];
    const silence = { expected: 3.5, sold: 0 };
    believeHour(alone, { ...silence, ownShare: 1, othersEmpty: 1 });
    believeHour(oneOfTwo, { ...silence, ownShare: 0.5, othersEmpty: 0.01 });
    expect(alone.cells[0]).toBeGreaterThan(2 * (oneOfTwo.cells[0] ?? 1));
  });

  test('seems no emptier after a thousand hours in which its product sold as expected elsewhere', () => {
    const belief = counted(12, 5);
    const before = belief.cells[0] ?? 0;
    // Poisson around 1.5 an hour: the share of hours with 0, 1, 2 ... sales.
    const hours = [223, 335, 251, 126, 47, 14, 4];
    hours.forEach((count, sold) => {
      for (let hour = 0; hour < count; hour += 1) {
        believeHour(belief, { expected: 1.5, sold, ownShare: 0.5, othersEmpty: 0 });
      }
    });
    expect(belief.cells[0]).toBeLessThanOrEqual(before);
  });

  test('had room for what was placed in it', () => {
    const belief = unknownSlot(12);
    believeStocked(belief, 8, 8);
    const { low } = summarise(belief);
    expect(low).toBeGreaterThanOrEqual(8);
    // Twelve: it held four, or the cells of five to twelve, each of which is less likely than the one below.
    const twelve = belief.cells[12] ?? 0;
    expect(twelve).toBeLessThan(0.3);
    expect(twelve).toBeGreaterThan(0.2);
  });

  test('a sale proves that something was there', () => {
    const belief = counted(12, 0);
    const sure = belief.cells[0] ?? 0;
    believeSold(belief, 1, 1);
    expect(sure).toBeGreaterThan(0.9);
    expect(summarise(belief).mean).toBeGreaterThan(0);
  });
});

test('a plate with other goods on it fits no whole number of pieces', () => {
  expect(plateMisfit(jar, 10 * 345_000 + 30_000)).toBeLessThan(2);
  expect(plateMisfit(jar, 4 * 345_000 + 170_000)).toBeGreaterThan(20);
});

test('great capacities get coarser cells, and a new capacity keeps what is believed', () => {
  const coarse = unknownSlot(20_000_000);
  expect(coarse.cells.length).toBeLessThanOrEqual(256);
  const smaller = resized(counted(12, 10), 8);
  expect(chanceAtMost(smaller, 7)).toBeLessThan(0.05);
  expect(total(smaller)).toBeCloseTo(1, 9);
});
