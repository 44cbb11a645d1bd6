/**
 * HQ's forecasts by product and day, and how right they and the store were.
 *
 * A forecast moves the level of a day and leaves its shape over the hours to the store: every hour of it
 * is multiplied by `combined / own` (forecast-weights.ts). Only hours in which the product was on the
 * shelf are scored, against what both said when the day's first such hour ended; a day of which less
 * than half (by the share of its demand) was such hours is not scored at all.
 *
 * Example: the store says 20 a day, HQ 30 with a weight of one half: 25 are expected, each hour is
 * multiplied by 1.25. Sold were 28 in a whole day: the store was 8 off, HQ 2.
 */
import { shiftDay } from '../events/business-day.ts';
import {
  combinedMean,
  emptyScore,
  type ForecastScore,
  hqWeight,
  scoreDay,
} from './forecast-weights.ts';

export interface ForecastBook {
  /** ISO date of the business day. */
  today: string;
  byGtin: Map<string, ForecastRecord>;
}

export interface ForecastRecord {
  /** By ISO date, from today on. */
  days: Map<string, HeldForecast>;
  score: ForecastScore;
  open: OpenDay | null;
}

export interface HeldForecast {
  /** Pieces or kilograms of the whole day. */
  mean: number;
  madeAtMs: number;
  modelName: string;
}

/** What is being scored today, in units of demand. */
interface OpenDay {
  /** Of the whole day, as both were at its first hour. */
  ownOfDay: number;
  hqOfDay: number;
  /** Of the hours that count. */
  share: number;
  own: number;
  hq: number;
  sold: number;
}

/** An hour in which the product was to be had. */
export interface HourSeen {
  /** Units of a usual day. */
  own: number;
  share: number;
  uplift: number;
  sold: number;
  /** Units of demand in a piece or kilogram. */
  saidUnits: number;
}

/** A day in pieces or kilograms. */
export interface Levels {
  own: number;
  hq: number;
  combined: number;
  hqWeight: number;
  modelName: string;
  madeAtMs: number;
  /** Scored days behind the weight, faded. */
  scoredDays: number;
}

/** Part of a day's demand that must have been to be had for the day to be scored. */
const leastShare = 0.5;

export function emptyForecasts(): ForecastBook {
  return { today: '', byGtin: new Map() };
}

/** Takes in one day of a product; one that was made earlier than what is held changes nothing. */
export function holdForecast(
  book: ForecastBook,
  gtin: string,
  date: string,
  forecast: HeldForecast,
): void {
  let record = book.byGtin.get(gtin);
  if (record === undefined) {
    record = { days: new Map(), score: emptyScore(), open: null };
    book.byGtin.set(gtin, record);
  }
  if (isNews(book, gtin, date, forecast)) record.days.set(date, forecast);
}

/** Whether holding it would change anything. */
export function isNews(
  book: Readonly<ForecastBook>,
  gtin: string,
  date: string,
  { mean, madeAtMs, modelName }: HeldForecast,
): boolean {
  const held = book.byGtin.get(gtin)?.days.get(date);
  if (held === undefined || madeAtMs > held.madeAtMs) return true;
  if (madeAtMs < held.madeAtMs) return false;
  return mean !== held.mean || modelName !== held.modelName;
}

/** What all hours of a day, so many days from today, are multiplied by; exactly 1 without a forecast. */
export function levelFactor(
  book: Readonly<ForecastBook>,
  gtin: string,
  dayOffset: number,
  ownUnits: number,
  saidUnits: number,
): number {
  if (!(ownUnits > 0)) return 1;
  const levels = levelsOf(book, gtin, dayOffset, ownUnits / saidUnits);
  return levels === null ? 1 : levels.combined / levels.own;
}

/** The two figures of a day and their combination; null without a forecast. `own` as HQ counts. */
export function levelsOf(
  book: Readonly<ForecastBook>,
  gtin: string,
  dayOffset: number,
  own: number,
): Levels | null {
  const record = book.byGtin.get(gtin);
  if (record === undefined || book.today === '') return null;
  const held = record.days.get(shiftDay(book.today, dayOffset));
  if (held === undefined) return null;
  const weight = hqWeight(record.score);
  return {
    own,
    hq: held.mean,
    combined: combinedMean(own, held.mean, weight),
    hqWeight: weight,
    modelName: held.modelName,
    madeAtMs: held.madeAtMs,
    scoredDays: record.score.days,
  };
}

/** An hour of today is over in which the product was to be had. */
export function noteHour(book: ForecastBook, gtin: string, hour: HourSeen): void {
  const record = book.byGtin.get(gtin);
  const held = record?.days.get(book.today);
  if (record === undefined || held === undefined) return;
  record.open ??= {
    ownOfDay: hour.own,
    hqOfDay: held.mean * hour.saidUnits,
    share: 0,
    own: 0,
    hq: 0,
    sold: 0,
  };
  const { open } = record;
  open.share += hour.share;
  open.own += open.ownOfDay * hour.share * hour.uplift;
  open.hq += open.hqOfDay * hour.share;
  open.sold += hour.sold;
}

/** A new business day: the day before is scored, and forecasts of the past are let go. */
export function turnForecastDay(book: ForecastBook, today: string): void {
  book.today = today;
  for (const record of book.byGtin.values()) {
    const { days, score, open } = record;
    if (open !== null && open.share >= leastShare) scoreDay(score, open.own, open.hq, open.sold);
    for (const date of days.keys()) if (date < today) days.delete(date);
    record.open = null;
  }
}
