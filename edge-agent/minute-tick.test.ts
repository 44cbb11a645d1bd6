import { expect, test } from 'vitest';
import type { Input } from './input.ts';
import { MinuteTick, syncStaleMs } from './minute-tick.ts';
import { momentAt, runningStore } from './sample-store.ts';
import { VirtualClock } from './virtual-clock.ts';

const minuteMs = 60_000;

test('each minute is told once, and HQ out of reach once until it is back', async () => {
  const clock = new VirtualClock(0);
  const store = runningStore();
  const startMs = store.nowMs;
  const timers: string[] = [];
  let isConnected = false;
  const tick = new MinuteTick({
    clock,
    hqConnected: () => isConnected,
    agent: {
      moment: () => momentAt(startMs + clock.monotonicMs()),
      submit: async (input: Input) => {
        if (input.kind === 'timer') timers.push(input.purpose);
        store.nowMs = startMs + clock.monotonicMs();
        return store.outcome(input);
      },
    },
  });
  tick.start();
  tick.start();
  clock.pass(syncStaleMs + 3 * minuteMs);
  const minutes = timers.filter((purpose) => purpose === 'minute');
  expect(minutes).toHaveLength(33);
  expect(timers.filter((purpose) => purpose === 'sync-stale')).toHaveLength(1);
  expect([...store.state.exceptions.values()].map(({ type }) => type)).toEqual(['sync-stale']);
  isConnected = true;
  clock.pass(minuteMs);
  expect(store.state.exceptions.size).toBe(0);
  tick.stop();
  tick.stop();
  clock.pass(10 * minuteMs);
  expect(timers.filter((purpose) => purpose === 'minute')).toHaveLength(34);
});
