/**
 * How much of each product the store sells, learned at the edge from its own tills.
 *
 * Per product a gamma distribution over the units of a mean day (`units` sold in `days` of demand that
 * could be met, both discounted by 3 % a day), per category the profile of the day by local hour. Only
 * hours in which the product was on the shelf teach anything: an empty shelf sells nothing and says
 * nothing. Beside the slow rate a fast one follows the last hours, so that a promotion nobody announced
 * is felt within the hour.
 *
 * The units sold in a coming time are then negative binomial (unit-demand.ts) with mean
 * `share of a day × units / days` and the shape of the gamma, widened by what days differ from each
 * other (σ 0.25).
 *
 * Example: 60 sold in 2 days: 30 a day. Between 17 and 18 a tenth of a day is sold: 3 are expected. Were
 * 9 sold in that hour, the fast rate says (3 + 9) / (3 + 3): twice as much as usual.
 */

import type { Catalogue, Product } from '../catalogue/catalogue.ts';
import {
  closingMinute,
  dayMinutes,
  type OpenStretch,
  openMinutesOf,
  openStretches,
} from '../catalogue/opening-hours.ts';
import {
  emptyForecasts,
  type ForecastBook,
  type Levels,
  levelFactor,
  levelsOf,
  noteHour,
} from './forecast-book.ts';
import type { UnitDemand } from './unit-demand.ts';

export interface DemandRecord {
  /** Shape and rate of the gamma: units sold, in so many days of demand. */
  units: number;
  days: number;
  /** The same for the last hours: units sold and units expected. */
  recentUnits: number;
  recentExpected: number;
  /** Today's last hours in which it was to be had, newest last, for the watch on demand shifts. */
  lately: HourOfDemand[];
  /** Units of the hour that has not ended. */
  hourUnits: number;
  /** Agent time when people were last told that it sells unusually; 0 for never. */
  toldAtMs: number;
}

export interface HourOfDemand {
  sold: number;
  /** At the usual rate, with what announced promotions and a busy store add. */
  expected: number;
}

export interface StoreDemand {
  byGtin: Map<string, DemandRecord>;
  /** By category: units sold in each of the 24 local hours, discounted. */
  hoursByCategory: Map<string, number[]>;
  /** Units of all products in this hour: a till that is silent altogether proves nothing. */
  hourUnits: number;
  /** What announced promotions of the coming hours add to the usual, in parts per million, by GTIN. */
  uplifts: Map<string, number>;
  /** What HQ expects, and how right it was; empty where HQ says nothing. */
  forecasts: ForecastBook;
}

/** What an ended hour says of one product. */
export interface EndedHour {
  gtin: string;
  expected: number;
  sold: number;
}

/** Weight of the first guess, in days of demand. */
const priorDays = 0.3;
/** Units of prior that an even spread over the opening hours has in a category's profile. */
const profilePriorUnits = 40;
const dayDiscount = 0.97;
const profileDiscount = 0.95;
/** What an hour ago weighs in the fast rate. */
const recentDiscount = 0.7;
/** Units that the fast rate must see before it says much. */
const recentPriorUnits = 3;
/** Hours that the watch on demand shifts looks back. */
export const hoursLately = 12;
/** Units that the other products must sell before they say how busy the store is. */
const storePriorUnits = 20;
/** Days differ by a log-normal factor of this spread. */
export const dayFactorVariance = 0.25 * 0.25;
/** A purchase of goods sold by weight when master data has no typical one. */
const weighedUnitMilligrams = 250_000;
const milligramsPerKilogram = 1_000_000;
/** For so many opening minutes the coming hours are taken to be like the last ones; then that fades. */
const recentHoldsMinutes = 120;
/** What is left of the last hours' difference after each hour beyond that. */
const recentFadePerHour = 0.75;
/** Hours looked ahead at most: the rest of a day, a night, and a day. */
const hoursAheadLimit = 60;

export function emptyDemand(): StoreDemand {
  return {
    byGtin: new Map(),
    hoursByCategory: new Map(),
    hourUnits: 0,
    uplifts: new Map(),
    forecasts: emptyForecasts(),
  };
}

/** Base units in one unit of demand: a piece, or a typical purchase of weighed goods. */
export function demandUnitOf(product: Product): number {
  if (product.unitOfMeasure === 'piece') return 1;
  return product.unitWeightMilligrams > 0 ? product.unitWeightMilligrams : weighedUnitMilligrams;
}

/** Units went over a till; a quantity below zero takes them back. */
export function noteSold(
  demand: StoreDemand,
  catalogue: Catalogue,
  gtin: string,
  baseUnits: number,
): void {
  const product = catalogue.productByGtin.get(gtin);
  if (product === undefined) return;
  const units = baseUnits / demandUnitOf(product);
  const record = recordOf(demand, catalogue, product);
  record.hourUnits = Math.max(0, record.hourUnits + units);
  demand.hourUnits = Math.max(0, demand.hourUnits + units);
}

/**
 * An hour has ended. Learns from it and answers what it says of each product with a slot; empty when no
 * till said anything at all. `isAvailable` says of which products goods were on the shelf, `uplifts` what
 * promotions added to the usual in that hour, in parts per million.
 */
export function closeHour(
  demand: StoreDemand,
  catalogue: Catalogue,
  localHour: number,
  isAvailable: (gtin: string) => boolean,
  uplifts: ReadonlyMap<string, number> = new Map(),
): EndedHour[] {
  const isSilentStore = demand.hourUnits === 0;
  demand.hourUnits = 0;
  if (isSilentStore) return [];
  // What is sold without a slot teaches nothing, and must not wait for one.
  for (const [gtin, record] of demand.byGtin) {
    if (!catalogue.slotsByGtin.has(gtin)) record.hourUnits = 0;
  }
  const ended: EndedHour[] = [];
  const usual = { sold: 0, expected: 0 };
  const learned: { record: DemandRecord; hour: HourOfDemand }[] = [];
  const shares = new Map<string, number>();
  for (const gtin of catalogue.slotsByGtin.keys()) {
    const product = catalogue.productByGtin.get(gtin);
    if (product === undefined) continue;
    const { category } = product;
    const share = shares.get(category) ?? hourShare(demand, catalogue, category, localHour);
    shares.set(category, share);
    const record = recordOf(demand, catalogue, product);
    const uplift = upliftFactor(uplifts, gtin);
    const shareWithUplift = share * uplift;
    const own = record.units / record.days;
    const saidUnits = saidUnitsOf(product);
    // HQ's word moves what was expected, and never what the store learns for itself.
    const level = levelFactor(demand.forecasts, gtin, 0, own * uplift, saidUnits);
    const hour = { sold: record.hourUnits, expected: own * shareWithUplift * level };
    record.hourUnits = 0;
    const { sold } = hour;
    ended.push({ gtin, expected: hour.expected * recentFactor(record), sold });
    if (sold === 0 && !isAvailable(gtin)) continue;
    noteHour(demand.forecasts, gtin, { own, share, uplift, sold, saidUnits });
    learn(record, sold, shareWithUplift, hour.expected);
    learned.push({ record, hour });
    usual.sold += sold;
    usual.expected += hour.expected;
  }
  for (const one of learned) noteLately(one.record, one.hour, usual);
  for (const { gtin, sold } of ended) {
    const category = catalogue.productByGtin.get(gtin)?.category ?? '';
    if (sold > 0) addToProfile(demand, category, localHour, sold);
  }
  return ended;
}

function learn(record: DemandRecord, sold: number, share: number, expected: number): void {
  record.units += sold;
  record.days += share;
  record.recentUnits = recentDiscount * record.recentUnits + sold;
  record.recentExpected = recentDiscount * record.recentExpected + expected;
}

/**
 * A store that is busier than usual sells more of everything, which is no news of any one product: the
 * others say how busy it is.
 */
function noteLately(record: DemandRecord, hour: HourOfDemand, usual: HourOfDemand): void {
  const { sold, expected } = hour;
  const others = usual.expected - expected + storePriorUnits;
  const busyFactor = Math.max(1, (usual.sold - sold + storePriorUnits) / others);
  record.lately.push({ sold, expected: expected * busyFactor });
  if (record.lately.length > hoursLately) record.lately.shift();
}

function upliftFactor(uplifts: ReadonlyMap<string, number>, gtin: string): number {
  return 1 + (uplifts.get(gtin) ?? 0) / 1_000_000;
}

/** A business day has ended: what was learned fades a little. */
export function fade(demand: StoreDemand): void {
  for (const record of demand.byGtin.values()) {
    record.units *= dayDiscount;
    record.days *= dayDiscount;
    record.recentUnits = 0;
    record.recentExpected = 0;
    record.lately = [];
  }
  for (const hours of demand.hoursByCategory.values()) {
    hours.forEach((units, hour) => {
      hours[hour] = units * profileDiscount;
    });
  }
}

/** Share of a day's demand of the category that falls into a local hour; 0 while the store is closed. */
export function hourShare(
  demand: StoreDemand,
  catalogue: Catalogue,
  category: string,
  localHour: number,
): number {
  return shareOfHour(demand, openStretches(catalogue.facts.store), category, localHour);
}

function shareOfHour(
  demand: StoreDemand,
  stretches: readonly OpenStretch[],
  category: string,
  localHour: number,
): number {
  const open = openMinutesOf(stretches, localHour * 60, (localHour + 1) * 60);
  if (open === 0) return 0;
  const hours = demand.hoursByCategory.get(category);
  let sold = 0;
  for (const units of hours ?? []) sold += units;
  const prior = (profilePriorUnits * open) / openMinutesOf(stretches, 0, dayMinutes);
  return ((hours?.[localHour] ?? 0) + prior) / (sold + profilePriorUnits);
}

/** The demand for a product in the coming opening minutes, from a local minute of the day on. */
export function demandAhead(
  demand: StoreDemand,
  catalogue: Catalogue,
  product: Product,
  localMinute: number,
  openMinutes: number,
): UnitDemand {
  // A question changes nothing: a product that was never sold gets its record with its first hour.
  const record = demand.byGtin.get(product.gtin) ?? firstGuess(catalogue, product);
  const { store } = catalogue.facts;
  const stretches = openStretches(store);
  const closes = closingMinute(store);
  const { forecasts } = demand;
  const own = record.units / record.days;
  const ownWithUplift = own * upliftFactor(demand.uplifts, product.gtin);
  const saidUnits = saidUnitsOf(product);
  let day = 0;
  let level = levelFactor(forecasts, product.gtin, day, ownWithUplift, saidUnits);
  let share = 0;
  const factor = recentFactor(record);
  let fading = 1;
  let left = openMinutes;
  let minute = localMinute % 1_440;
  for (let step = 0; step < hoursAheadLimit && left > 0; step += 1) {
    const hour = Math.floor(minute / 60);
    const hourEnd = (hour + 1) * 60;
    const ofHour = openMinutesOf(stretches, hour * 60, hourEnd);
    const taken = Math.min(openMinutesOf(stretches, minute, hourEnd), left);
    if (taken > 0) {
      const sold = shareOfHour(demand, stretches, product.category, hour);
      share += (sold * level * taken * (1 + (factor - 1) * fading)) / ofHour;
      left -= taken;
      if (openMinutes - left >= recentHoldsMinutes) fading *= recentFadePerHour;
    }
    // A new day has a factor of its own; nothing is known of it yet.
    if (ofHour === 0 || (closes > hour * 60 && closes <= hourEnd)) fading = 0;
    minute = hourEnd % 1_440;
    if (minute === 0) {
      day += 1;
      level = levelFactor(forecasts, product.gtin, day, ownWithUplift, saidUnits);
    }
  }
  const mean = own * share * upliftFactor(demand.uplifts, product.gtin);
  return { mean, shape: 1 / (1 / record.units + dayFactorVariance) };
}

/** Mean demand of a whole day, in base units, without what the last hours or a promotion add. */
export function demandOfDay(demand: StoreDemand, catalogue: Catalogue, product: Product): number {
  const { units, days } = demand.byGtin.get(product.gtin) ?? firstGuess(catalogue, product);
  return (units / days) * demandUnitOf(product);
}

/**
 * Today's demand in pieces or kilograms as the store and HQ expect it, and both combined; null where HQ
 * says nothing of today.
 */
export function levelsToday(
  demand: StoreDemand,
  catalogue: Catalogue,
  product: Product,
): Levels | null {
  const { units, days } = demand.byGtin.get(product.gtin) ?? firstGuess(catalogue, product);
  const saidUnits = saidUnitsOf(product);
  const own = ((units / days) * upliftFactor(demand.uplifts, product.gtin)) / saidUnits;
  return levelsOf(demand.forecasts, product.gtin, 0, own);
}

/** Units of demand in one unit of a forecast of HQ, a piece or a kilogram. */
function saidUnitsOf(product: Product): number {
  return product.unitOfMeasure === 'piece' ? 1 : milligramsPerKilogram / demandUnitOf(product);
}

/** How much more than usual was sold in the last hours; 1 when nothing is known. */
export function recentFactor(record: DemandRecord): number {
  return (recentPriorUnits + record.recentUnits) / (recentPriorUnits + record.recentExpected);
}

function recordOf(demand: StoreDemand, catalogue: Catalogue, product: Product): DemandRecord {
  let record = demand.byGtin.get(product.gtin);
  if (record === undefined) {
    record = firstGuess(catalogue, product);
    demand.byGtin.set(product.gtin, record);
  }
  return record;
}

/** The first guess is what the planogram gives room for: par is a day's demand, roughly. */
function firstGuess(catalogue: Catalogue, product: Product): DemandRecord {
  let par = 0;
  for (const slot of catalogue.slotsByGtin.get(product.gtin) ?? []) par += slot.par;
  const daily = Math.max(1, par / demandUnitOf(product));
  return {
    units: daily * priorDays,
    days: priorDays,
    recentUnits: 0,
    recentExpected: 0,
    lately: [],
    hourUnits: 0,
    toldAtMs: 0,
  };
}

function addToProfile(demand: StoreDemand, category: string, hour: number, units: number): void {
  let hours = demand.hoursByCategory.get(category);
  if (hours === undefined) {
    hours = Array<number>(24).fill(0);
    demand.hoursByCategory.set(category, hours);
  }
  hours[hour] = (hours[hour] ?? 0) + units;
}
