/** The machine's own time and chance, for drivers that run for real. */
import type { Clock, Random } from '../ports.ts';

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  schedule: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

export const systemRandom: Random = { fraction: () => Math.random() };
