import { describe, expect, test } from 'vitest';
import { freshWitness, isExchange, weighMisfit } from './witness.ts';

const minuteMs = 60_000;
const change = (fromGrams: number, toGrams: number, atMinute = 0) => ({
  fromMilligrams: fromGrams * 1_000,
  toMilligrams: toGrams * 1_000,
  atMs: atMinute * minuteMs,
});

describe('two plates that were exchanged', () => {
  test('show since then what the other showed before', () => {
    expect(isExchange(change(3_000, 5_010), change(4_990, 3_020, 5))).toBe(true);
  });

  test('are no plates of which one was sold from and the other was filled', () => {
    expect(isExchange(change(3_000, 5_000), change(4_500, 3_000))).toBe(false);
    expect(isExchange(change(3_000, 5_000), change(5_000, 4_500))).toBe(false);
  });

  test('changed at the same time, and by more than what cannot be told apart', () => {
    expect(isExchange(change(3_000, 5_000), change(5_000, 3_000, 11))).toBe(false);
    expect(isExchange(change(3_000, 3_050), change(3_050, 3_000))).toBe(false);
  });
});

describe('the change that is kept', () => {
  const word = { squaredDistance: 1, pieces: 0, isBeingFilled: false };

  test('is the largest of the last hour, and none while somebody fills the slot', () => {
    const witness = freshWitness();
    const grams = [3_000, 5_000, 4_500];
    for (const [index, one] of grams.entries()) {
      weighMisfit(witness, { ...word, milligrams: one * 1_000, atMs: index * minuteMs });
    }
    expect(witness.change).toEqual(change(3_000, 5_000, 1));
    weighMisfit(witness, { ...word, milligrams: 4_000_000, atMs: 90 * minuteMs });
    expect(witness.change).toEqual(change(4_500, 4_000, 90));
    const filled = { ...word, milligrams: 9_000_000, atMs: 91 * minuteMs, isBeingFilled: true };
    weighMisfit(witness, filled);
    expect(witness.change).toBeNull();
  });
});
