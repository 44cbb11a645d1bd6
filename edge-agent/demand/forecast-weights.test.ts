import { describe, expect, it } from 'vitest';
import { combinedMean, emptyScore, hqWeight, scoreDay } from './forecast-weights.ts';

function scored(days: number, ownError: number, hqError: number) {
  const score = emptyScore();
  for (let day = 0; day < days; day += 1) scoreDay(score, 20 + ownError, 20 + hqError, 20);
  return score;
}

describe('the weight of a forecast of HQ', () => {
  it('starts equal and stays so while both are as wrong, or both are right', () => {
    expect(hqWeight(emptyScore())).toBe(0.5);
    expect(hqWeight(scored(7, 3, -3))).toBeCloseTo(0.5, 12);
    expect(hqWeight(scored(7, 0, 0))).toBeCloseTo(0.5, 12);
  });

  it('is the inverse of the squared errors, drawn to one half by two days', () => {
    expect(hqWeight({ days: 5, ownSquares: 20, hqSquares: 5 })).toBeCloseTo(5 / 7, 12);
    // Many days with equal errors leave Bates and Granger’s weight, 4 / (4 + 1).
    expect(hqWeight({ days: 1e9, ownSquares: 4, hqSquares: 1 })).toBeCloseTo(0.8, 6);
    // After n daily ones n is the sum of a geometric series.
    const days = (1 - 0.9 ** 6) / 0.1;
    expect(hqWeight(scored(6, 2, 1))).toBeCloseTo((days * 0.8 + 1) / (days + 2), 12);
  });

  it('ignores an HQ that is far off from the third day on, until it is better', () => {
    expect(hqWeight(scored(2, 1, 10))).toBeGreaterThan(0);
    const score = scored(3, 1, 10);
    expect(hqWeight(score)).toBe(0);
    for (let day = 0; day < 40; day += 1) scoreDay(score, 22, 20, 20);
    expect(hqWeight(score)).toBeGreaterThan(0.5);
  });

  it('combines the means, and lets no figure of HQ move a day beyond four times', () => {
    expect(combinedMean(20, 30, 0.25)).toBe(22.5);
    expect(combinedMean(20, 1e9, 1)).toBe(80);
    expect(combinedMean(20, 0, 1)).toBe(5);
    expect(combinedMean(20, 30, 0)).toBe(20);
  });
});
