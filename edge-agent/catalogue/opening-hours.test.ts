import fc from 'fast-check';
import { expect, test } from 'vitest';
import { demandAhead, emptyDemand, hourShare } from '../demand/store-demand.ts';
import { clockMinutesFor, openMinutesWithin } from '../replenishment/empty-time.ts';
import { jam, runningStore } from '../sample-store.ts';
import { emptyCatalogue } from './catalogue.ts';
import { closingMinute, dayMinutes, openMinutesOfDay, openStretches } from './opening-hours.ts';

const minuteOfDay = fc.integer({ min: 0, max: dayMinutes });

function catalogueOpen(opensMinute: number, closesMinute: number) {
  const catalogue = emptyCatalogue('4012345000009');
  Object.assign(catalogue.facts.store, { opensMinute, closesMinute });
  return catalogue;
}

/** By the words: from opening on until closing comes, whichever midnight lies between. */
function isOpen(minute: number, opens: number, closes: number): boolean {
  if (opens === closes) return true;
  const sinceOpening = (minute - opens + dayMinutes) % dayMinutes;
  return sinceOpening < (closes - opens + dayMinutes) % dayMinutes;
}

test.each([
  [{ opensMinute: 420, closesMinute: 1_260 }, [[420, 1_260]], 1_260],
  [
    { opensMinute: 360, closesMinute: 60 },
    [
      [0, 60],
      [360, 1_440],
    ],
    60,
  ],
  [{ opensMinute: 360, closesMinute: 0 }, [[360, 1_440]], 1_440],
  [{ opensMinute: 360, closesMinute: 1_440 }, [[360, 1_440]], 1_440],
  [{ opensMinute: 0, closesMinute: 0 }, [[0, 1_440]], 1_440],
  [{ opensMinute: 480, closesMinute: 480 }, [[0, 1_440]], 1_440],
])('%j', (hours, stretches, closing) => {
  expect(openStretches(hours).map((one) => [one.fromMinute, one.untilMinute])).toEqual(stretches);
  expect(closingMinute(hours)).toBe(closing);
});

test('open minutes are those in which the store is open, counted one by one', () => {
  const clock = fc.integer({ min: 0, max: 2 * dayMinutes });
  fc.assert(
    fc.property(minuteOfDay, minuteOfDay, minuteOfDay, clock, (opens, closes, from, minutes) => {
      let open = 0;
      for (let minute = from; minute < from + minutes; minute += 1) {
        if (isOpen(minute % dayMinutes, opens % dayMinutes, closes % dayMinutes)) open += 1;
      }
      expect(openMinutesWithin(catalogueOpen(opens, closes), from, minutes)).toBe(open);
    }),
  );
});

test('whatever the hours: so many open minutes take so long by the clock, and not a minute less', () => {
  const open = fc.integer({ min: 1, max: 900 });
  fc.assert(
    fc.property(minuteOfDay, minuteOfDay, minuteOfDay, open, (opens, closes, from, minutes) => {
      const catalogue = catalogueOpen(opens, closes);
      const clock = clockMinutesFor(catalogue, from, minutes);
      expect(openMinutesWithin(catalogue, from, clock)).toBe(minutes);
      expect(openMinutesWithin(catalogue, from, clock - 1)).toBe(minutes - 1);
    }),
  );
});

test('a day’s demand lies in its open hours, also behind midnight', () => {
  const catalogue = catalogueOpen(20 * 60, 2 * 60 + 30);
  const shares = Array.from({ length: 24 }, (_, hour) =>
    hourShare(emptyDemand(), catalogue, 'jams', hour),
  );
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
  expect(shares[2]).toBeCloseTo(0.5 / 6.5, 12);
  expect(shares.slice(3, 20).every((share) => share === 0)).toBe(true);
});

test('what will be sold in the open minutes of a day is a day’s demand, from whenever it is counted', () => {
  const { catalogue, demand } = runningStore().state;
  const product = catalogue.productByGtin.get(jam);
  if (product === undefined) throw new Error('jam expected');
  Object.assign(catalogue.facts.store, { opensMinute: 360, closesMinute: 90 });
  const minutes = openMinutesOfDay(catalogue.facts.store);
  const means = [0, 45, 90, 200, 360, 1_200].map(
    (from) => demandAhead(demand, catalogue, product, from, minutes).mean,
  );
  for (const mean of means) expect(mean).toBeCloseTo(means[0] ?? 0, 9);
});
