import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { croston, fittedSmoothing, naive, sba, seasonalNaive, tsb } from './baselines.ts';
import {
  brier,
  calibrationGap,
  coverage,
  pinball,
  reliability,
  rmsse,
  rocAuc,
  wape,
  wpe,
} from './scores.ts';

const pairs = [
  { predicted: 3, actual: 2 },
  { predicted: 1, actual: 4 },
  { predicted: 2, actual: 2 },
];

describe('scores', () => {
  it('agree with sums worked out by hand', () => {
    expect(wape(pairs)).toBeCloseTo(4 / 8);
    expect(wpe(pairs)).toBeCloseTo(-2 / 8);
    expect(pinball(pairs, 0.9)).toBeCloseTo((0.1 * 1 + 0.9 * 3) / 8);
    expect(coverage(pairs)).toBeCloseTo(2 / 3);
    expect(rmsse(pairs, [1, 3, 3, 5])).toBeCloseTo(Math.sqrt(10 / 3 / (8 / 3)));
    expect(brier([0.5, 1], [1, 1])).toBeCloseTo(0.125);
  });

  it('hold chances against shares by tenths', () => {
    const tenths = reliability([0.02, 0.08, 0.31, 0.33, 1], [0, 0, 1, 0, 1]);
    expect(tenths.map(({ count }) => count)).toEqual([2, 2, 1]);
    expect(tenths[1]?.told).toBeCloseTo(0.32);
    expect(tenths[1]?.happened).toBeCloseTo(0.5);
    expect(calibrationGap(tenths)).toBeCloseTo((2 * 0.05 + 2 * 0.18) / 5);
  });

  it('lose no forecast in the tenths, and find no gap where chances are shares', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }), (happened) => {
        const share = happened.filter(Boolean).length / happened.length;
        const tenths = reliability(
          happened.map(() => share),
          happened.map(Number),
        );
        expect(tenths.reduce((sum, { count }) => sum + count, 0)).toBe(happened.length);
        expect(calibrationGap(tenths)).toBeCloseTo(0);
      }),
    );
  });

  it('count the pairs in order for the ROC area, ties as half', () => {
    const hour = fc.tuple(fc.integer({ min: 0, max: 5 }), fc.boolean());
    fc.assert(
      fc.property(fc.array(hour, { minLength: 2, maxLength: 30 }), (hours) => {
        const out = hours.filter(([, isOut]) => isOut);
        const stocked = hours.filter(([, isOut]) => !isOut);
        fc.pre(out.length > 0 && stocked.length > 0);
        let ordered = 0;
        for (const [high] of out) {
          for (const [low] of stocked) ordered += high > low ? 1 : high === low ? 0.5 : 0;
        }
        const area = rocAuc(
          hours.map(([chance]) => chance),
          hours.map(([, isOut]) => (isOut ? 1 : 0)),
        );
        expect(area).toBeCloseTo(ordered / (out.length * stocked.length));
      }),
    );
  });
});

describe('simple forecasts', () => {
  it('repeat the last day and the last week', () => {
    const history = [1, 2, 3, 4, 5, 6, 7, 8];
    expect(naive(history, 3)).toBe(8);
    expect([1, 2, 7, 8].map((ahead) => seasonalNaive(history, ahead))).toEqual([2, 3, 8, 2]);
  });

  it('answer a steady demand with itself', () => {
    const steady = Array.from({ length: 60 }, () => 4);
    expect(fittedSmoothing(steady, 1)).toBeCloseTo(4);
    expect(croston(steady, 1)).toBeCloseTo(4);
    expect(sba(steady, 1)).toBeCloseTo(4 * 0.95);
    expect(tsb(steady, 1)).toBeCloseTo(4);
  });

  it('follow a new level where that errs least', () => {
    const stepped = [...Array(30).fill(2), ...Array(30).fill(10)] as number[];
    expect(fittedSmoothing(stepped, 1)).toBeGreaterThan(9.5);
  });

  it('spread what sells every third day over the days (Croston)', () => {
    const rare = Array.from({ length: 90 }, (_, day) => (day % 3 === 2 ? 6 : 0));
    expect(croston(rare, 1)).toBeCloseTo(2);
    expect(tsb(rare, 1)).toBeCloseTo(2, 0);
  });

  it('answer 0 when nothing was ever sold', () => {
    for (const simple of [naive, seasonalNaive, fittedSmoothing, croston, sba, tsb]) {
      expect(simple([], 1)).toBe(0);
      expect(simple([0, 0], 1)).toBe(0);
    }
  });
});
