import { describe, expect, it } from 'vitest';
import type { Clock } from '../ports.ts';
import { RateLimiter } from './rate-limit.ts';

describe('the rate limit of a device', () => {
  let nowMs = 0;
  const clock: Clock = {
    wallMs: () => nowMs,
    monotonicMs: () => nowMs,
    schedule: () => () => {},
    whenIdle: () => () => {},
  };

  it('lets a burst through at once and spreads what is over it', () => {
    const limiter = new RateLimiter({ perSecond: 10, burst: 3 }, clock);
    const waits = Array.from({ length: 5 }, () => limiter.takeMs('plate-1'));
    expect(waits).toEqual([0, 0, 0, 100, 200]);
    expect(limiter.takeMs('plate-2')).toBe(0);
    nowMs += 10_000;
    expect(limiter.takeMs('plate-1')).toBe(0);
  });
});
