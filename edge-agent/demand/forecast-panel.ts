/** All series of a forecast with their levels, and the levels of stores and categories they belong to. */
import {
  type Calendar,
  calendarOf,
  historyOf,
  hourProfiles,
  levelsBefore,
  type SalesHistory,
} from './sales-history.ts';
import type { SalesSeries } from './series.ts';

export interface Member {
  history: SalesHistory;
  /** Levels of units wanted before each day, by half-life. */
  wanted3: Float32Array;
  wanted10: Float32Array;
  wanted30: Float32Array;
  /** Levels of units sold, empty shelves included. */
  sold5: Float32Array;
  sold14: Float32Array;
  out3: Float32Array;
  out14: Float32Array;
  discount14: Float32Array;
  activity14: Float32Array;
  /** Level of days without a sale, and of squared relative errors of `wanted10`. */
  zero14: Float32Array;
  spread14: Float32Array;
  store: Group;
  /** The finest category within the store, or the store itself. */
  category: Group;
}

/** Sum over members. */
export interface Group {
  sold: Float32Array;
  /** Level of the sum of sales before each day, by half-life. */
  sold3: Float32Array;
  sold14: Float32Array;
}

export interface Panel extends PanelPriors {
  calendar: Calendar;
  members: Member[];
}

/** What all series together say. */
export interface PanelPriors {
  /** Share of each store's sales by hour. */
  profiles: ReadonlyMap<string, Float64Array>;
  /** Mean units wanted a day. */
  typical: number;
}

/** Least level, in units a day: where nothing is sold, one unit more says much, but not without limit. */
export const leastLevel = 0.02;

/** `priors` from an earlier cutoff keep later days from shaping what is said of them. */
export function panelOf(
  series: readonly SalesSeries[],
  cutoffDay: number,
  horizonDays: number,
  priors?: PanelPriors,
): Panel {
  const calendar = calendarOf(series, cutoffDay, horizonDays);
  const profiles = priors?.profiles ?? hourProfiles(series, cutoffDay);
  const histories = series.map((one) =>
    historyOf(one, calendar, profiles.get(one.storeId) ?? new Float64Array(24).fill(1 / 24)),
  );
  const categoryOf = ({ series: { storeId, categories } }: SalesHistory) =>
    [storeId, ...categories].join('\u0000');
  const stores = groupsOf(histories, ({ series: { storeId } }) => storeId, calendar);
  const groups = groupsOf(histories, categoryOf, calendar);
  const typical = priors?.typical ?? meanOf(histories.map(({ wanted }) => meanOfKnown(wanted)));
  const empty: Group = groupOf(new Float32Array(calendar.days));
  const members = histories.map((history) =>
    memberOf(history, typical, {
      store: stores.get(history.series.storeId) ?? empty,
      category: groups.get(categoryOf(history)) ?? empty,
    }),
  );
  return { calendar, members, profiles, typical };
}

function memberOf(
  history: SalesHistory,
  typical: number,
  groups: Pick<Member, 'store' | 'category'>,
): Member {
  const { wanted, sales, outShare } = history;
  const wanted10 = levelsBefore(wanted, 10, typical, 1);
  const errors = wanted.map((value, t) => {
    const level = Math.max(wanted10[t] as number, leastLevel);
    return ((value - level) / level) ** 2;
  });
  // What a day offered beforehand is known until the last day only where the day itself is known.
  const known = (values: ArrayLike<number>) =>
    sales.map((value, t) => (Number.isNaN(value) ? Number.NaN : (values[t] as number)));
  return {
    history,
    wanted3: levelsBefore(wanted, 3, typical, 0.5),
    wanted10,
    wanted30: levelsBefore(wanted, 30, typical, 1),
    sold5: levelsBefore(sales, 5, typical, 0.5),
    sold14: levelsBefore(sales, 14, typical, 1),
    out3: levelsBefore(outShare, 3, 0.2, 0.5),
    out14: levelsBefore(outShare, 14, 0.2, 1),
    discount14: levelsBefore(known(history.discount), 14, 1, 0.1),
    activity14: levelsBefore(known(history.activity), 14, 0, 0.1),
    zero14: levelsBefore(
      wanted.map((value) => (Number.isNaN(value) ? value : value > 0 ? 0 : 1)),
      14,
      0.2,
      1,
    ),
    spread14: levelsBefore(errors, 14, 0.3, 3),
    ...groups,
  };
}

function groupsOf(
  histories: readonly SalesHistory[],
  keyOf: (history: SalesHistory) => string,
  { days, cutoff }: Calendar,
): Map<string, Group> {
  const sums = new Map<string, Float32Array>();
  for (const history of histories) {
    const key = keyOf(history);
    const sum = sums.get(key) ?? new Float32Array(days).fill(Number.NaN, cutoff);
    sums.set(key, sum);
    for (let t = 0; t < cutoff; t += 1) {
      const units = history.sales[t] as number;
      if (!Number.isNaN(units)) sum[t] = (sum[t] as number) + units;
    }
  }
  return new Map([...sums].map(([key, sum]) => [key, groupOf(sum)]));
}

function groupOf(sold: Float32Array): Group {
  const first = sold[0] as number;
  return {
    sold,
    sold3: levelsBefore(sold, 3, Number.isNaN(first) ? 0 : first, 0.5),
    sold14: levelsBefore(sold, 14, Number.isNaN(first) ? 0 : first, 0.5),
  };
}

function meanOfKnown(values: Float32Array): number {
  return meanOf(values.filter((value) => !Number.isNaN(value)));
}

function meanOf(values: ArrayLike<number>): number {
  let [sum, count] = [0, 0];
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] as number;
    if (Number.isNaN(value)) continue;
    sum += value;
    count += 1;
  }
  return count === 0 ? 0 : sum / count;
}
