import { describe, expect, it } from 'vitest';
import { poissonAtLeast } from './oracle.ts';

describe('the chance of so many shoppers', () => {
  it('equals the closed forms', () => {
    expect(poissonAtLeast(0, 3)).toBe(1);
    expect(poissonAtLeast(1, 3)).toBeCloseTo(1 - Math.exp(-3), 12);
    expect(poissonAtLeast(3, 2)).toBeCloseTo(1 - Math.exp(-2) * (1 + 2 + 2), 12);
    expect(poissonAtLeast(200, 3)).toBe(0);
  });
});
