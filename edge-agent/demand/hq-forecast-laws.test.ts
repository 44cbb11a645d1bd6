/** Laws of HQ's forecasts over random days of trading: replay is live, and everything twice is once. */
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { serializeState } from '../agent.ts';
import type { Input } from '../input.ts';
import { expectReplayIsLive } from '../replay-law.ts';
import { command, jam, runningStore, type SampleStore, sale, startMs } from '../sample-store.ts';

interface Day {
  /** Mean that HQ says of this day and the next; null: HQ says nothing. */
  mean: number | null;
  /** Jars sold in each of the twelve hours that are played. */
  sold: number[];
}

const hourMs = 3_600_000;
const hoursPlayed = 12;
const dayArbitrary: fc.Arbitrary<Day> = fc.record({
  mean: fc.option(fc.integer({ min: 0, max: 60 })),
  sold: fc.array(fc.integer({ min: 0, max: 2 }), {
    minLength: hoursPlayed,
    maxLength: hoursPlayed,
  }),
});
const isoDay = (atMs: number) => new Date(atMs).toISOString().slice(0, 10);

function* inputsOf(days: readonly Day[], store: SampleStore): Generator<Input> {
  let receipts = 0;
  let commands = 2;
  for (const [index, { mean, sold }] of days.entries()) {
    const openMs = startMs + index * 24 * hourMs;
    store.nowMs = Math.max(store.nowMs, openMs);
    if (mean !== null) {
      commands += 1;
      const said = [openMs, openMs + 24 * hourMs].map((atMs) => ({ date: isoDay(atMs), mean }));
      const value = {
        modelName: 'm',
        madeAt: timestampFromMs(openMs),
        products: [{ gtin: jam, days: said }],
      };
      yield command(commands, { case: 'applyDemandForecast', value });
    }
    for (const [hour, jars] of sold.entries()) {
      receipts += 1;
      const lines = [{ code: jam, quantity: `${jars}` }];
      if (jars > 0) yield sale(`r${receipts}`, lines, { businessDay: isoDay(openMs) });
      const dueAtMs = openMs + (hour + 1) * hourMs;
      store.nowMs = Math.max(store.nowMs, dueAtMs);
      yield { kind: 'timer', purpose: 'hour', dueAtMs };
    }
  }
}

function live(days: readonly Day[], times: number): SampleStore {
  const store = runningStore();
  for (const input of inputsOf(days, store)) {
    const atMs = store.nowMs;
    for (let time = 0; time < times; time += 1) {
      store.nowMs = atMs;
      store.take(input);
    }
  }
  return store;
}

describe('over any days with forecasts of HQ', () => {
  const days = fc.array(dayArbitrary, { minLength: 1, maxLength: 5 });

  it('replay of the encoded log gives the state byte for byte, also from any snapshot', () => {
    fc.assert(
      fc.property(days, fc.nat(), (some, cut) => {
        expectReplayIsLive(live(some, 1), cut);
      }),
      { numRuns: 25 },
    );
  });

  it('everything twice is everything once', () => {
    fc.assert(
      fc.property(days, (some) => {
        expect(serializeState(live(some, 2).state)).toEqual(serializeState(live(some, 1).state));
      }),
      { numRuns: 25 },
    );
  });

  it('scores whole days by what was sold in them', () => {
    // One jar an hour: 14 on a day of the store's opening hours, which HQ knows.
    const steady = Array.from({ length: 4 }, () => ({ mean: 14, sold: Array<number>(12).fill(1) }));
    const score = live(steady, 1).state.demand.forecasts.byGtin.get(jam)?.score;
    expect(score?.days).toBeCloseTo(1 + 0.9 + 0.81, 9);
    expect(score?.hqSquares).toBeLessThan(4);
  });
});
