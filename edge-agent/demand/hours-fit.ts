/**
 * Fits the next four hours to past days: units sold in them where the shelf stays filled, and the chance
 * that it is empty in one of them, seen from a full hour after an hour with stock.
 */
import type { Random } from './demand-fit.ts';
import type { Panel } from './forecast-panel.ts';
import { type Forest, type Loss, trainForest } from './gradient-boosting.ts';
import {
  type HoursView,
  hoursFeatures,
  outHours,
  soldUnits,
  usualUnits,
  windowHours,
  writeHoursFeatures,
} from './hours-features.ts';
import { hoursViewsOf } from './hours-views.ts';
import { stockoutViewsOf } from './stockout-fit.ts';

/** Full hours from which is looked ahead. */
export const firstHour = 6;
export const lastHour = 24 - windowHours;
const rowLimit = 60_000;
const newestDays = 56;
const leastHistoryDays = 14;

export interface HoursFit {
  sold: Forest;
  out: Forest;
  outOffset: number;
}

interface Row {
  view: HoursView;
  day: number;
  hour: number;
}

export function fitHours(panel: Panel, random: Random): HoursFit {
  const { cutoff, firstDay } = panel.calendar;
  const rows: Row[] = [];
  for (const view of hoursViewsOf(panel, stockoutViewsOf(panel))) {
    const first = Math.max(view.member.history.begin + leastHistoryDays, cutoff - newestDays);
    for (let day = first; day < cutoff; day += 1) {
      for (let hour = firstHour; hour <= lastHour; hour += 1) {
        if (isInStock(view, day, hour)) rows.push({ view, day, hour });
      }
    }
  }
  const isOut = ({ view, day, hour }: Row) =>
    outHours(view, day, hour, hour + windowHours) > 0 ? 1 : 0;
  const stocked = sampled(
    rows.filter((row) => isOut(row) === 0),
    random,
  );
  const any = sampled(rows, random);
  const share = (any.reduce((sum, row) => sum + isOut(row), 0) + 0.5) / (any.length + 1);
  const outOffset = Math.log(share / (1 - share));
  const sold = train(firstDay, stocked, random, 'poisson', (row) => ({
    target: soldUnits(row.view, row.day, row.hour, row.hour + windowHours),
    offset: Math.log(usualUnits(row.view, row.day, row.hour, row.hour + windowHours, 28)),
  }));
  const out = train(firstDay, any, random, 'logistic', (row) => ({
    target: isOut(row),
    offset: outOffset,
  }));
  return { sold, out, outOffset };
}

export interface HoursForecast {
  /** Units sold in the next four hours if the shelf stays filled. */
  units: number;
  pOut: number;
}

export function forecastHours(
  { sold, out, outOffset }: HoursFit,
  view: HoursView,
  firstDay: number,
  day: number,
  hour: number,
): HoursForecast {
  const row = new Float32Array(hoursFeatures);
  writeHoursFeatures(view, firstDay, day, hour, row, 0);
  const usual = usualUnits(view, day, hour, hour + windowHours, 28);
  return {
    units: usual * Math.exp(sold.score(row, 0)),
    pOut: 1 / (1 + Math.exp(-outOffset - out.score(row, 0))),
  };
}

/** The day is known, and the hour before had stock. */
export function isInStock(view: HoursView, day: number, hour: number): boolean {
  return (
    outHours(view, day, hour - 1, hour) === 0 && !Number.isNaN(soldUnits(view, day, hour - 1, hour))
  );
}

function sampled(rows: readonly Row[], random: Random): Row[] {
  const share = Math.min(1, rowLimit / rows.length);
  return rows.filter(() => random() < share);
}

function train(
  firstDay: number,
  rows: readonly Row[],
  random: Random,
  loss: Loss,
  aimOf: (row: Row) => { target: number; offset: number },
): Forest {
  const values = new Float32Array(rows.length * hoursFeatures);
  const targets = new Float32Array(rows.length);
  const offsets = new Float32Array(rows.length);
  rows.forEach((row, index) => {
    writeHoursFeatures(row.view, firstDay, row.day, row.hour, values, index * hoursFeatures);
    const { target, offset } = aimOf(row);
    targets[index] = target;
    offsets[index] = offset;
  });
  return trainForest(
    { values, features: hoursFeatures, targets, offsets },
    {
      loss,
      trees: 80,
      depth: 5,
      learningRate: 0.1,
      leafWeight: Math.min(10, Math.max(1, rows.length / 1_000)),
      rowShare: 0.6,
      featureShare: 0.7,
      random,
    },
  );
}
