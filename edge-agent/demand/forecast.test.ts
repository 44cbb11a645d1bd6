import { describe, expect, it } from 'vitest';
import { seededFraction } from '../sequencing/seeded-fraction.ts';
import { DemandSpread } from './demand-spread.ts';
import { forecast } from './forecast.ts';
import { scoreForecast } from './forecast-score.ts';
import { historyOf, hourProfiles, levelsBefore } from './sales-history.ts';
import { dayNumber, type SalesDay, type SalesSeries } from './series.ts';

const firstDay = dayNumber('2024-03-28');
const settings = (cutoff: number) => ({
  cutoffDay: firstDay + cutoff,
  horizonDays: 7,
  random: seededFraction(3),
});

/** Sells `level` a day from 8 to 20; with `outFrom` it is sold out from that hour on. */
function seriesOf(productId: string, levels: readonly number[], outFrom = 24): SalesSeries {
  const random = seededFraction(Number(productId) + 11);
  const days = levels.map((level, index): SalesDay => {
    const units = new Float64Array(24);
    let stockouts = 0;
    for (let hour = 0; hour < 24; hour += 1) {
      if (hour >= outFrom) stockouts |= 1 << (23 - hour);
      else if (hour >= 8 && hour < 20) units[hour] = (level / 12) * (0.6 + 0.8 * random());
    }
    const day = firstDay + index;
    return { day, discount: 1, holiday: false, activity: false, units, stockouts };
  });
  return { storeId: '1', productId, categories: [], days };
}

function assortment(days: number): SalesSeries[] {
  return Array.from({ length: 40 }, (_, product) => {
    const levels = Array.from({ length: days }, () => 1 + product / 4);
    return seriesOf(`${product}`, levels, product % 4 === 0 ? 16 : 24);
  });
}

describe('the forecast', () => {
  it('finds steady levels, what sells out, and how sure it is', () => {
    const all = assortment(60);
    const forecasts = forecast(all, settings(53));
    const [soldOut, steady] = [forecasts[0]?.days[0], forecasts[1]?.days[6]];
    expect(steady?.date).toBe('2024-05-26');
    expect(steady?.mean).toBeCloseTo(1.25, 0);
    expect(steady?.pStockoutByHour[17]).toBeLessThan(0.1);
    expect(soldOut?.pStockoutByHour[17]).toBeGreaterThan(0.8);
    expect(soldOut?.pStockoutByHour[10]).toBeLessThan(0.1);
    // Out from 16 on: a third of the day's sales is lost, what is wanted stays.
    expect((soldOut?.meanSales ?? 0) / (soldOut?.mean ?? 1)).toBeLessThan(0.85);
    const score = scoreForecast(all, forecasts, firstDay + 53);
    expect(score?.days).toBe(280);
    expect(score?.daily[0]?.wape).toBeLessThan(0.1);
    expect(score?.stockout[0]?.auc).toBeGreaterThan(0.95);
  });

  it('uses nothing but discount, holiday and activity from the cutoff on', () => {
    const known = assortment(60);
    const empty = known.map((series) => ({
      ...series,
      days: series.days.map((day) =>
        day.day >= firstDay + 53 ? { ...day, units: null, stockouts: null } : day,
      ),
    }));
    expect(forecast(known, settings(53))).toEqual(forecast(empty, settings(53)));
    expect(scoreForecast(empty, forecast(empty, settings(53)), firstDay + 53)).toBeUndefined();
  });

  it('keeps quantiles in order and figures finite, for a series of one day too', () => {
    const all = [...assortment(40), seriesOf('99', [0])];
    const days = forecast(all, settings(40)).flatMap((series) => series.days);
    expect(days).toHaveLength(41 * 7);
    for (const { mean, meanSales, q, pStockoutByHour } of days) {
      const ordered = ['0.1', '0.5', '0.9', '0.95'].map((name) => q[name] ?? Number.NaN);
      expect([mean, meanSales, ...ordered, ...pStockoutByHour].every(Number.isFinite)).toBe(true);
      expect(ordered).toEqual([...ordered].sort((one, other) => one - other));
      expect(pStockoutByHour.every((chance) => chance >= 0 && chance <= 1)).toBe(true);
    }
  });

  it('answers the same for the same seed', () => {
    expect(forecast(assortment(30), settings(30))).toEqual(forecast(assortment(30), settings(30)));
  });
});

describe('the history', () => {
  it('scales a day up by the hours without stock, and skips a day that was nearly all empty', () => {
    const full = seriesOf('1', [12, 12, 12]);
    const noon = seriesOf('2', [12, 12, 12], 14);
    const empty = seriesOf('3', [12, 12, 12], 9);
    const calendar = { firstDay, days: 5, cutoff: 3 };
    const flat = new Float64Array(24).map((_, hour) => (hour >= 8 && hour < 20 ? 1 / 12 : 0));
    const sold = (noon.days[0]?.units ?? new Float64Array()).reduce((sum, one) => sum + one, 0);
    expect(historyOf(noon, calendar, flat).wanted[0]).toBeCloseTo(sold * 2, 4);
    expect(historyOf(empty, calendar, flat).wanted[0]).toBeNaN();
    expect(historyOf(full, calendar, flat).wanted[3]).toBeNaN();
    const profile = hourProfiles([full], firstDay + 3).get('1');
    expect(profile?.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1);
  });

  it('takes a day without a line for one like the day before, a holiday as a week ago', () => {
    const lines = seriesOf('1', [1, 1, 1, 1, 1, 1, 1, 1]).days.map((day, index) => ({
      ...day,
      discount: index === 7 ? 0.8 : 1,
      holiday: index === 2,
      activity: index === 7,
    }));
    const calendar = { firstDay, days: 11, cutoff: 8 };
    const series = { storeId: '1', productId: '1', categories: [], days: lines };
    const history = historyOf(series, calendar, new Float64Array(24).fill(1 / 24));
    expect([...history.discount.slice(8)]).toEqual([...Float32Array.of(0.8, 0.8, 0.8)]);
    expect([...history.activity.slice(8)]).toEqual([1, 1, 1]);
    expect([...history.holiday.slice(8)]).toEqual([0, 1, 0]);
  });

  it('weighs by half-life, from days before only, and skips what is unknown', () => {
    const levels = levelsBefore(Float32Array.of(4, Number.NaN, 8, 0), 1, 2, 1);
    expect([...levels].map((level) => Number(level.toFixed(4)))).toEqual([
      2,
      Number(((0.5 * 2 + 4) / 1.5).toFixed(4)),
      Number(((0.5 * 2 + 4) / 1.5).toFixed(4)),
      Number((((0.5 * 2 + 4) / 2 + 8) / 1.75).toFixed(4)),
    ]);
  });
});

describe('the spread', () => {
  it('covers as many days as it says', () => {
    const random = seededFraction(5);
    const row = () => {
      const expected = 0.2 + 5 * random();
      // Squared uniform: skewed, mean of 3 u² is 1.
      return { expected, unrest: random(), actual: expected * 3 * random() ** 2 };
    };
    const spread = new DemandSpread(Array.from({ length: 8_000 }, row), [0.1, 0.5, 0.9]);
    const fresh = Array.from({ length: 4_000 }, row);
    [0.1, 0.5, 0.9].forEach((quantile, at) => {
      const below = fresh.filter((day) => day.actual <= (spread.of(day)[at] ?? 0)).length;
      expect(Math.abs(below / fresh.length - quantile)).toBeLessThan(0.02);
    });
  });
});
