import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from 'vitest';
import { explainSlot } from '../belief/explanation.ts';
import { command, jam, momentAt, runningStore, startMs } from '../sample-store.ts';
import { deserializeState, serializeState } from '../state.ts';
import { forecastDaysLimit } from './hq-forecast.ts';
import { demandAhead } from './store-demand.ts';

interface Day {
  date: string;
  mean: number;
}

const today = '2026-11-23';
const products = (days: Day[], gtin = jam) => [{ gtin, days }];
const forecast = (
  sequence: number,
  said: { gtin: string; days: Day[] }[],
  madeAtMs = startMs - 3_600_000,
) =>
  command(sequence, {
    case: 'applyDemandForecast',
    value: { modelName: 'hq-7', madeAt: timestampFromMs(madeAtMs), products: said },
  });

function jamAhead(store: ReturnType<typeof runningStore>, minutes = 60, localMinute = 600) {
  const { demand, catalogue } = store.state;
  const product = catalogue.productByGtin.get(jam);
  if (product === undefined) throw new Error('no jam');
  return demandAhead(demand, catalogue, product, localMinute, minutes).mean;
}

describe('a forecast of HQ', () => {
  it('moves the level of its day by half at first, and leaves the shape of the day', () => {
    const store = runningStore();
    const [hour, day] = [jamAhead(store), jamAhead(store, 600)];
    const own = jamAhead(store, 840, 420);
    expect(store.cases(forecast(3, products([{ date: today, mean: 2 * own }])))).toContain(
      'demandForecastApplied',
    );
    expect(jamAhead(store)).toBeCloseTo(1.5 * hour, 9);
    expect(jamAhead(store, 600)).toBeCloseTo(1.5 * day, 9);
  });

  it('counts for its own day only', () => {
    const store = runningStore();
    const own = jamAhead(store, 840, 420);
    store.take(forecast(3, products([{ date: '2026-11-24', mean: 2 * own }])));
    expect(jamAhead(store, 840, 420)).toBeCloseTo(own, 9);
    // Two whole opening days: today as it was, tomorrow half as much again.
    expect(jamAhead(store, 1_680, 420)).toBeCloseTo(2.5 * own, 9);
  });

  it('tells the three numbers and the weight, also from a snapshot', () => {
    const store = runningStore();
    const own = jamAhead(store, 840, 420);
    store.take(forecast(3, products([{ date: today, mean: 2 * own }])));
    const again = deserializeState(serializeState(store.state));
    for (const state of [store.state, again]) {
      const slot = [...state.shelves.keys()].find(
        (id) => state.catalogue.slotById.get(id)?.gtin === jam,
      );
      const levels = explainSlot(state, slot ?? '', momentAt(startMs), [])?.demandToday;
      expect(levels).toMatchObject({ hq: 2 * own, hqWeight: 0.5, modelName: 'hq-7' });
      expect(levels?.own).toBeCloseTo(own, 9);
      expect(levels?.combined).toBeCloseTo(1.5 * own, 9);
    }
  });

  it('changes nothing when it comes again, by its number or under a new one', () => {
    const store = runningStore();
    const said = products([{ date: today, mean: 40 }]);
    store.take(forecast(3, said));
    const before = structuredClone(store.state.demand);
    expect(store.cases(forecast(3, said))).toEqual([]);
    expect(store.cases(forecast(4, said))).toEqual(['commandApplied']);
    expect(store.state.demand).toEqual(before);
  });

  it('is not replaced by one that was made earlier', () => {
    const store = runningStore();
    store.take(forecast(3, products([{ date: today, mean: 40 }])));
    store.take(forecast(4, products([{ date: today, mean: 9 }]), startMs - 7_200_000));
    expect(store.state.demand.forecasts.byGtin.get(jam)?.days.get(today)?.mean).toBe(40);
  });

  it.each([
    ['an unknown GTIN', products([{ date: today, mean: 4 }], '04099999999995'), 'gtin'],
    ['a mean below zero', products([{ date: today, mean: -1 }]), 'mean'],
    ['no number', products([{ date: today, mean: Number.NaN }]), 'mean'],
    ['a boundless mean', products([{ date: today, mean: Number.POSITIVE_INFINITY }]), 'mean'],
    ['a day that is over', products([{ date: '2026-11-22', mean: 4 }]), 'date'],
    ['a day too far off', products([{ date: '2026-12-08', mean: 4 }]), 'date'],
    ['no date', products([{ date: '2026-11-31', mean: 4 }]), 'date'],
    [
      'too many days',
      products(Array.from({ length: forecastDaysLimit + 1 }, () => ({ date: today, mean: 4 }))),
      'products',
    ],
    [
      'a day twice',
      products([
        { date: today, mean: 4 },
        { date: today, mean: 5 },
      ]),
      'date',
    ],
  ])('is refused as a whole with %s', (_name, bad, field) => {
    const store = runningStore();
    const before = structuredClone(store.state.demand);
    const { outcome } = store.take(forecast(3, bad));
    expect(outcome.kind).toBe('refused');
    if (outcome.kind === 'refused') expect(outcome.refusals[0]?.field).toContain(field);
    expect(store.state.demand).toEqual(before);
  });
});
