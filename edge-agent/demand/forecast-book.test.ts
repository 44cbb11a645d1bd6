import { describe, expect, it } from 'vitest';
import {
  emptyForecasts,
  holdForecast,
  levelsOf,
  noteHour,
  turnForecastDay,
} from './forecast-book.ts';

const gtin = '04006381333931';
const days = ['2026-11-23', '2026-11-24', '2026-11-25'];
const hour = (share: number, sold: number) => ({ own: 20, share, uplift: 1, sold, saidUnits: 1 });

function held() {
  const book = emptyForecasts();
  turnForecastDay(book, '2026-11-23');
  for (const date of days)
    holdForecast(book, gtin, date, { mean: 30, madeAtMs: 1, modelName: 'm' });
  return book;
}

describe('the book of forecasts', () => {
  it('scores a day by the hours in which there were goods, for both alike', () => {
    const book = held();
    noteHour(book, gtin, hour(0.5, 14));
    noteHour(book, gtin, hour(0.3, 10));
    turnForecastDay(book, '2026-11-24');
    // 0.8 of a day: the store expected 16, HQ 24, sold were 24.
    expect(book.byGtin.get(gtin)?.score).toMatchObject({ days: 1 });
    expect(book.byGtin.get(gtin)?.score.ownSquares).toBeCloseTo(64, 9);
    expect(book.byGtin.get(gtin)?.score.hqSquares).toBeCloseTo(0, 9);
    expect(levelsOf(book, gtin, 0, 20)?.hqWeight).toBeCloseTo(2 / 3, 9);
  });

  it('does not score a day without goods, nor one mostly without', () => {
    const book = held();
    turnForecastDay(book, '2026-11-24');
    noteHour(book, gtin, hour(0.4, 0));
    turnForecastDay(book, '2026-11-25');
    expect(book.byGtin.get(gtin)?.score.days).toBe(0);
    expect(levelsOf(book, gtin, 0, 20)?.hqWeight).toBe(0.5);
  });

  it('scores against what was said when the day began, whatever is learned or sent later in it', () => {
    const book = held();
    noteHour(book, gtin, hour(0.5, 10));
    holdForecast(book, gtin, '2026-11-23', { mean: 99, madeAtMs: 2, modelName: 'm' });
    noteHour(book, gtin, { ...hour(0.5, 10), own: 70 });
    turnForecastDay(book, '2026-11-24');
    expect(book.byGtin.get(gtin)?.score).toEqual({ days: 1, ownSquares: 0, hqSquares: 100 });
  });

  it('lets days that are over go, and says nothing where HQ says nothing more', () => {
    const book = held();
    turnForecastDay(book, '2026-11-26');
    expect(book.byGtin.get(gtin)?.days.size).toBe(0);
    expect(levelsOf(book, gtin, 0, 20)).toBeNull();
  });
});
