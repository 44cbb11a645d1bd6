import {
  PredictionOutcome,
  type StockoutPredicted,
  type StockoutPredictionScored,
} from '@stockhand/proto/events/v1alpha/replenishment_events_pb.js';
import { quantityMessage } from '@stockhand/proto/vocabulary/quantity.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { action, jam, jarsReading, runningStore, type SampleStore, sale } from '../sample-store.ts';
import { nextTask } from '../views.ts';
import {
  addToScore,
  brierPpmOf,
  correctedPpm,
  decileOf,
  emptyPredictions,
  fadeCorrections,
  predictionsOfDayLimit,
  summariseScore,
} from './prediction.ts';

const minuteMs = 60_000;

/** A store in which jam sells so fast that two jars are gone long before somebody could come. */
function sellingStore(): SampleStore {
  const store = runningStore();
  const rate = {
    units: 3_000,
    days: 10,
    recentUnits: 0,
    recentExpected: 0,
    lately: [],
    hourUnits: 0,
  };
  store.state.demand.byGtin.set(jam, { ...rate, toldAtMs: 0 });
  return store;
}

function predictedBy(store: SampleStore): StockoutPredicted[] {
  return store.log.flatMap(({ payload }) =>
    payload.case === 'stockoutPredicted' ? payload.value : [],
  );
}

function scoredBy(store: SampleStore): StockoutPredictionScored[] {
  return store.log.flatMap(({ payload }) =>
    payload.case === 'stockoutPredictionScored' ? payload.value : [],
  );
}

function pass(store: SampleStore, minutes: number): void {
  store.nowMs += minutes * minuteMs;
  store.take({ kind: 'timer', purpose: 'minute', dueAtMs: store.nowMs });
}

describe('predicting', () => {
  test('a slot that will stand empty is predicted once, with a time and a chance', () => {
    const store = sellingStore();
    store.take(jarsReading(1, 2));
    store.take(jarsReading(2, 1));
    const [one, ...others] = predictedBy(store);
    expect(others).toEqual([]);
    expect(one).toMatchObject({ slotId: 'A1', gtin: jam, nextChance: 'walk' });
    expect(one?.chancePpm).toBeGreaterThan(500_000);
    expect(one?.chancePpm).toBeLessThan(one?.modelChancePpm ?? 0);
    expect(Number(one?.emptyAt?.seconds)).toBeLessThan(Number(one?.until?.seconds));
  });

  test('a full slot is not', () => {
    const store = sellingStore();
    const rate = {
      units: 20,
      days: 10,
      recentUnits: 0,
      recentExpected: 0,
      lately: [],
      hourUnits: 0,
    };
    store.state.demand.byGtin.set(jam, { ...rate, toldAtMs: 0 });
    store.take(jarsReading(1, 11));
    expect(predictedBy(store)).toEqual([]);
  });

  test('it comes true when the slot runs empty, and its error is told in minutes', () => {
    const store = sellingStore();
    store.take(jarsReading(1, 2));
    store.nowMs += 30 * minuteMs;
    store.take(jarsReading(2, 0));
    pass(store, 1);
    const [predicted] = predictedBy(store);
    const [scored] = scoredBy(store);
    expect(scored).toMatchObject({
      predictionId: predicted?.predictionId,
      outcome: PredictionOutcome.RAN_EMPTY,
      brierPpm: brierPpmOf(predicted?.chancePpm ?? 0, true),
    });
    const emptyAtMs = Number(predicted?.emptyAt?.seconds) * 1_000;
    const late = (store.nowMs - 1_000 - minuteMs - emptyAtMs) / minuteMs;
    expect(Math.abs((scored?.errorMinutes ?? 0) - late)).toBeLessThanOrEqual(1);
  });

  test('it was wrong when there were goods to the end', () => {
    const store = sellingStore();
    store.take(jarsReading(1, 2));
    pass(store, 121);
    expect(scoredBy(store)).toMatchObject([{ outcome: PredictionOutcome.HELD }]);
    expect(scoredBy(store)[0]?.errorMinutes).toBeUndefined();
    expect(store.state.predictions.open.size).toBe(0);
  });

  test('after a refill in time, what is sold tells whether it would have run empty', () => {
    for (const [sold, outcome] of [
      ['4', PredictionOutcome.WOULD_HAVE],
      ['2', PredictionOutcome.HELD],
    ] as const) {
      const store = sellingStore();
      store.take(jarsReading(1, 2));
      const taskId = nextTask(store.state)?.taskId ?? '';
      store.take(action('anna', 1, { case: 'startTask', value: { taskId } }));
      const quantity = quantityMessage(10, 'pieces');
      store.take(action('anna', 3, { case: 'completeTask', value: { taskId, quantity } }));
      // Three of five shoppers go to this slot: four jars are 2.4 of it, two are 1.2.
      store.nowMs += 20 * minuteMs;
      store.take(sale('1', [{ code: jam, quantity: sold }]));
      pass(store, 121);
      expect(scoredBy(store)[0]).toMatchObject({ outcome });
    }
  });

  test('a slot is predicted so often in a day and no more', () => {
    const store = sellingStore();
    for (let round = 0; round < 5; round += 1) {
      store.take(jarsReading(3 * round + 1, 2));
      store.take(jarsReading(3 * round + 2, 0));
      pass(store, 1);
      store.take(jarsReading(3 * round + 3, 12));
    }
    expect(predictedBy(store)).toHaveLength(predictionsOfDayLimit);
    expect(scoredBy(store)).toHaveLength(predictionsOfDayLimit);
  });
});

describe('the score', () => {
  test('of a coin is 0.25, of the sure and right 0, and tenths are kept apart', () => {
    expect(brierPpmOf(500_000, true)).toBe(250_000);
    expect(brierPpmOf(1_000_000, true)).toBe(0);
    expect(brierPpmOf(1_000_000, false)).toBe(1_000_000);
    expect([0, 99_999, 100_000, 1_000_000].map(decileOf)).toEqual([0, 0, 1, 9]);
    const book = emptyPredictions();
    for (const isRight of [true, true, true, false]) {
      const chances = { chancePpm: 820_000, modelChancePpm: 980_000 };
      addToScore(book.score, chances, isRight, isRight ? 12 : undefined);
    }
    expect(summariseScore(book)).toMatchObject({
      scored: 4,
      right: 3,
      medianErrorMinutes: 12,
      deciles: [{ fromPercent: 80, scored: 4, meanChance: 0.82, rightShare: 0.75 }],
    });
  });

  test('corrects the model by what came true, and forgets it slowly', () => {
    const book = emptyPredictions();
    const before = correctedPpm(book.score, 950_000);
    for (let count = 0; count < 50; count += 1) {
      addToScore(book.score, { chancePpm: before, modelChancePpm: 950_000 }, false, undefined);
    }
    const after = correctedPpm(book.score, 950_000);
    expect(after).toBeLessThan(before / 4);
    for (let day = 0; day < 400; day += 1) fadeCorrections(book);
    expect(correctedPpm(book.score, 950_000)).toBeCloseTo(before, -4);
  });

  test('a corrected chance stays a chance, and is the greater the more came true', () => {
    const chance = fc.integer({ min: 0, max: 1_000_000 });
    fc.assert(
      fc.property(chance, fc.nat(100), fc.nat(100), (modelChancePpm, right, wrong) => {
        const book = emptyPredictions();
        const chances = { chancePpm: modelChancePpm, modelChancePpm };
        for (let count = 0; count < right; count += 1) addToScore(book.score, chances, true, 0);
        for (let count = 0; count < wrong; count += 1) {
          addToScore(book.score, chances, false, undefined);
        }
        const told = correctedPpm(book.score, modelChancePpm);
        expect(told).toBeGreaterThanOrEqual(0);
        expect(told).toBeLessThanOrEqual(1_000_000);
        addToScore(book.score, chances, true, 0);
        expect(correctedPpm(book.score, modelChancePpm)).toBeGreaterThanOrEqual(told);
      }),
    );
  });
});
