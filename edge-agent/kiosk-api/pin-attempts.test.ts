import { describe, expect, it } from 'vitest';
import { firstLockMs, freeAttempts, longestLockMs, PinAttempts } from './pin-attempts.ts';

/** Attempts that get through when someone guesses as fast as the lock lets them. */
function guessesWithin(durationMs: number): number {
  const attempts = new PinAttempts();
  let guesses = 0;
  for (let nowMs = 0; nowMs < durationMs; ) {
    const waitMs = attempts.begin('anna', nowMs);
    if (waitMs === 0) guesses += 1;
    nowMs += waitMs;
  }
  return guesses;
}

describe('wrong PINs', () => {
  it('are free for three slips, then lock for twice as long each', () => {
    const attempts = new PinAttempts();
    for (let slip = 0; slip < freeAttempts; slip += 1) expect(attempts.begin('anna', 0)).toBe(0);
    expect(attempts.begin('anna', 0)).toBe(firstLockMs);
    expect(attempts.begin('anna', firstLockMs)).toBe(0);
    expect(attempts.begin('anna', firstLockMs)).toBe(firstLockMs * 2);
  });

  it('never lock longer than fifteen minutes', () => {
    const attempts = new PinAttempts();
    let nowMs = 0;
    let longest = 0;
    for (let guess = 0; guess < 60; guess += 1) {
      const waitMs = attempts.begin('anna', nowMs);
      longest = Math.max(longest, waitMs);
      nowMs += waitMs;
    }
    expect(longest).toBe(longestLockMs);
  });

  it('are forgotten after the right one, and lock nobody else', () => {
    const attempts = new PinAttempts();
    for (let slip = 0; slip < freeAttempts; slip += 1) attempts.begin('anna', 0);
    expect(attempts.begin('ben', 0)).toBe(0);
    attempts.succeeded('anna');
    expect(attempts.begin('anna', 0)).toBe(0);
  });

  it('let through about a hundred guesses a day', () => {
    const guesses = guessesWithin(24 * 3_600_000);
    expect(guesses).toBeGreaterThan(80);
    expect(guesses).toBeLessThan(120);
  });
});
