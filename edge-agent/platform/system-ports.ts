/** The machine's own clock and chance. */
import { randomBytes } from 'node:crypto';
import type { Clock, Random } from '../ports.ts';

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  schedule: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
  whenIdle: (callback) => {
    const handle = setImmediate(callback);
    return () => clearImmediate(handle);
  },
};

export const systemRandom: Random = { bytes: (count) => randomBytes(count) };
