import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededFraction } from '../sequencing/seeded-fraction.ts';
import { panelOf } from './forecast-panel.ts';
import {
  type HoursView,
  hoursFeatures,
  meanOfDays,
  outHours,
  soldUnits,
  usualUnits,
  writeHoursFeatures,
} from './hours-features.ts';
import { scoreHours } from './hours-score.ts';
import { hoursViewsOf } from './hours-views.ts';
import { dayNumber, type SalesDay, type SalesSeries } from './series.ts';
import { stockoutViewsOf } from './stockout-fit.ts';

const firstDay = dayNumber('2024-03-28');

/** Units by hour and empty hours as told by day and hour. */
function seriesOf(
  productId: string,
  days: number,
  unitsOf: (day: number, hour: number) => number,
  isOut: (day: number, hour: number) => boolean,
): SalesSeries {
  return {
    storeId: '1',
    productId,
    categories: [],
    days: Array.from({ length: days }, (_, index): SalesDay => {
      const units = new Float64Array(24);
      let stockouts = 0;
      for (let hour = 0; hour < 24; hour += 1) {
        if (isOut(index, hour)) stockouts |= 1 << (23 - hour);
        else units[hour] = unitsOf(index, hour);
      }
      const day = firstDay + index;
      return { day, discount: 1, holiday: false, activity: false, units, stockouts };
    }),
  };
}

function viewsOf(series: readonly SalesSeries[], cutoff: number): HoursView[] {
  const early = panelOf(series, firstDay + 20, 0);
  const panel = panelOf(series, firstDay + cutoff, 0, early);
  return hoursViewsOf(panel, stockoutViewsOf(panel, 20));
}

describe('what is known within a day', () => {
  it('is not moved by anything at or after the hour it is asked at', () => {
    const random = seededFraction(8);
    const units = Array.from({ length: 30 * 24 }, () => Math.floor(3 * random()));
    const out = Array.from({ length: 30 * 24 }, () => random() < 0.2);
    const moment = fc.record({ day: fc.integer({ min: 21, max: 29 }), hour: fc.nat(14) });
    fc.assert(
      fc.property(moment, fc.nat(9), ({ day, hour: later }, extra) => {
        const hour = later + 6;
        const featuresWith = (after: number) => {
          const isBefore = (t: number, h: number) => t * 24 + h < day * 24 + hour;
          const one = (id: string) =>
            seriesOf(
              id,
              30,
              (t, h) => (units[t * 24 + h] ?? 0) + (isBefore(t, h) ? 0 : after),
              (t, h) => (out[t * 24 + h] ?? false) !== (!isBefore(t, h) && after % 2 === 1),
            );
          const [view] = viewsOf([one('1'), one('2')], 30);
          const row = new Float32Array(hoursFeatures).fill(-7);
          if (view) writeHoursFeatures(view, firstDay, day, hour, row, 0);
          return [...row];
        };
        const known = featuresWith(0);
        expect(known).toHaveLength(hoursFeatures);
        expect(known.at(-1)).not.toBe(-7);
        expect(featuresWith(extra + 1)).toEqual(known);
      }),
      { numRuns: 25 },
    );
  });

  it('knows usual units from hours with stock only, and the mean of all days beside', () => {
    // One unit an hour from 8 to 20, but every second day empty from 12 on.
    const [view] = viewsOf(
      [
        seriesOf(
          '1',
          40,
          (_, hour) => (hour >= 8 && hour < 20 ? 1 : 0),
          (day, hour) => day % 2 === 1 && hour >= 12,
        ),
      ],
      40,
    );
    if (!view) throw new Error('no view');
    expect(soldUnits(view, 38, 12, 16)).toBe(4);
    expect(soldUnits(view, 39, 12, 16)).toBe(0);
    expect(outHours(view, 39, 10, 16)).toBe(4);
    expect(meanOfDays(view, 39, 12, 14)).toBe(2);
    expect(usualUnits(view, 39, 12, 16, 28)).toBeGreaterThan(3.4);
    // Four units were sold on every day that it was empty at noon.
    expect(view.supply[39]).toBeCloseTo(4, 5);
  });
});

describe('the next four hours', () => {
  it('are foreseen where the shelf holds a fixed number of units, and scored beside the mean', () => {
    const random = seededFraction(4);
    const rush = Array.from({ length: 60 * 40 }, () => 0.5 + 1.5 * random());
    const series = Array.from({ length: 40 }, (_, product) => {
      const sold = (day: number, hour: number) => (rush[day * 40 + product] ?? 1) * (hour - 7);
      // 12 units lie there each morning; by noon of a day of rush they are gone.
      return seriesOf(
        `${product}`,
        60,
        (day, hour) => (hour >= 8 && hour < 20 ? (rush[day * 40 + product] ?? 1) : 0),
        (day, hour) => hour > 8 && sold(day, hour) > 12,
      );
    });
    const score = scoreHours(series, firstDay + 53, 7, seededFraction(2));
    const [own, beside] = score?.units ?? [];
    expect(score?.looks).toBeGreaterThan(score?.looksInStock ?? 0);
    expect(own?.wape).toBeLessThan(0.5 * (beside?.wape ?? 0));
    expect(score?.out[0]?.auc).toBeGreaterThan(0.97);
    expect(score?.out[0]?.auc).toBeGreaterThan(score?.out[1]?.auc ?? 1);
  });

  it('are not scored without days to come', () => {
    const series = [
      seriesOf(
        '1',
        30,
        () => 1,
        () => false,
      ),
    ];
    expect(scoreHours(series, firstDay + 30, 7, seededFraction(2))).toBeUndefined();
  });
});
