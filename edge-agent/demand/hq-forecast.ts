/**
 * The forecast of demand that HQ sends: looked at as a whole, recorded as one event, and held by product
 * and day. It counts for its days only, at most two weeks after it was made: HQ that falls silent is
 * forgotten, and the store goes by its own belief.
 *
 * Example: made on 23 November at 6 for 23 to 29 November. A day of the 22nd, a mean of −1 or a GTIN that
 * master data does not list refuses all of it; pushed a second time, it records nothing.
 */
import { timestampMs } from '@bufbuild/protobuf/wkt';
import type {
  DayForecast,
  DemandForecastApplied,
} from '@stockhand/proto/events/v1alpha/demand_events_pb.js';
import type { ApplyDemandForecast } from '@stockhand/proto/sync/v1alpha/sync_service_pb.js';
import { Faults } from '../catalogue/faults.ts';
import { daysBetween, isIsoDate, shiftDay } from '../events/business-day.ts';
import type { Recorder } from '../events/recorder.ts';
import { isPlainId, plainIdExpectation } from '../ingest/identity.ts';
import type { Refusal } from '../input.ts';
import type { State } from '../state.ts';
import { holdForecast, isNews } from './forecast-book.ts';

/** Days of all products in one command. */
export const forecastDaysLimit = 50_000;
/** Days after its making for which a forecast counts. */
export const forecastHorizonDays = 14;
/** Pieces or kilograms a day; more is a typing error. */
const mostOfDay = 1_000_000;
/** HQ's clock may be ahead by so much. */
const clockSlackMs = 300_000;
const dayMs = 86_400_000;

/** HQ's forecast; a fault refuses all of it. */
export function applyDemandForecast(recorder: Recorder, command: ApplyDemandForecast): Refusal[] {
  const { modelName, madeAt, products } = command;
  const { state, moment } = recorder;
  const faults = new Faults();
  if (!isPlainId(modelName)) faults.add('bad-field', 'modelName', modelName, plainIdExpectation);
  if (madeAt === undefined) faults.add('missing-field', 'madeAt', '', 'when it was made');
  if (products.length === 0) faults.add('missing-field', 'products', '', 'at least one product');
  let count = 0;
  for (const { days } of products) count += days.length;
  if (count > forecastDaysLimit) {
    faults.add('too-many', 'products', count, `at most ${forecastDaysLimit} days of all products`);
  }
  if (madeAt === undefined || faults.count > 0) return faults.list;
  const madeAtMs = timestampMs(madeAt);
  const span = { today: moment.businessDay, madeOn: isoDateOf(madeAtMs) };
  if (madeAtMs > moment.nowMs + clockSlackMs) {
    faults.add('out-of-range', 'madeAt', madeAtMs, 'not later than now');
  } else if (madeAtMs < moment.nowMs - forecastHorizonDays * dayMs) {
    faults.add('out-of-range', 'madeAt', madeAtMs, `at most ${forecastHorizonDays} days ago`);
  }
  if (faults.count === 0) lookAtProducts(state, command, span, faults);
  if (faults.count > 0) return faults.list;
  const { forecasts } = state.demand;
  const hasNews = products.some(({ gtin, days }) =>
    days.some(({ date, mean }) => isNews(forecasts, gtin, date, { mean, madeAtMs, modelName })),
  );
  if (hasNews) recorder.record('demandForecastApplied', { modelName, madeAt, products });
  return [];
}

interface Span {
  today: string;
  madeOn: string;
}

function lookAtProducts(
  state: Readonly<State>,
  { products }: ApplyDemandForecast,
  span: Span,
  faults: Faults,
): void {
  const gtins = new Set<string>();
  products.forEach(({ gtin, days }, index) => {
    const at = `products[${index}]`;
    if (!state.catalogue.productByGtin.has(gtin)) {
      faults.add('unknown-product', `${at}.gtin`, gtin, 'a product of the master data');
    }
    faults.unique(gtins, `${at}.gtin`, gtin);
    if (days.length === 0) faults.add('missing-field', `${at}.days`, '', 'at least one day');
    const dates = new Set<string>();
    days.forEach((day, place) => {
      faults.unique(dates, `${at}.days[${place}].date`, day.date);
      lookAtDay(day, `${at}.days[${place}]`, span, faults);
    });
  });
}

function lookAtDay({ date, mean }: DayForecast, at: string, span: Span, faults: Faults): void {
  if (!isIsoDate(date)) {
    faults.add('bad-field', `${at}.date`, date, 'an ISO date such as 2026-11-23');
  } else if (date < span.today || daysBetween(span.madeOn, date) > forecastHorizonDays) {
    const expected = `today (${span.today}) or later, at most ${forecastHorizonDays} days after madeAt`;
    faults.add('out-of-range', `${at}.date`, date, expected);
  }
  // Written so that NaN is outside, too.
  if (!(mean >= 0 && mean <= mostOfDay)) {
    faults.add('out-of-range', `${at}.mean`, String(mean), `a number from 0 to ${mostOfDay}`);
  }
}

function isoDateOf(atMs: number): string {
  return shiftDay('1970-01-01', Math.floor(atMs / dayMs));
}

/** Holds the days, and has the slots of their products looked at. */
export function applyDemandForecastApplied(
  state: State,
  { modelName, madeAt, products }: DemandForecastApplied,
  touched: Set<string>,
): void {
  const madeAtMs = madeAt === undefined ? 0 : timestampMs(madeAt);
  for (const { gtin, days } of products) {
    for (const { date, mean } of days) {
      holdForecast(state.demand.forecasts, gtin, date, { mean, madeAtMs, modelName });
    }
    for (const { slotId } of state.catalogue.slotsByGtin.get(gtin) ?? []) touched.add(slotId);
  }
}
