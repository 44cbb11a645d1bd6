import { describe, expect, it } from 'vitest';
import { median, quantile } from './statistics.ts';

describe('figures of a run', () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 2, 3], 2.5],
    [[7], 7],
  ])('have a middle: %j', (values, middle) => {
    expect(median(values)).toBe(middle);
  });

  it('have a tail by the nearest rank', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(quantile(values, 0.5)).toBe(50);
    expect(quantile(values, 0.99)).toBe(99);
    expect(quantile(values, 1)).toBe(100);
    expect(quantile([5], 0.01)).toBe(5);
    expect(quantile([], 0.5)).toBeNaN();
  });
});
