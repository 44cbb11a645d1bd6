/**
 * Fits two forests to rolling mornings before the cutoff: units wanted, from days without stockout, and
 * units sold, from all days. Rows that lie long back count as much as new ones; the newest mornings give
 * the scale by which both are set right as a whole.
 */
import { dayFeatures, levelOf, writeDayFeatures } from './day-features.ts';
import type { Member, Panel } from './forecast-panel.ts';
import { type Forest, trainForest } from './gradient-boosting.ts';

/** Rows of one fit: more cost time and gain little. */
const rowLimit = 45_000;
/** Days of history that a morning needs behind it. */
const leastHistoryDays = 14;

export interface DayRows {
  values: Float32Array;
  offsets: Float32Array;
  targets: Float32Array;
  count: number;
}

export interface DemandFit {
  wanted: Forest;
  sold: Forest;
  /** Days without stockout that `wanted` has not seen: for the spread around it. */
  spreadRows: DayRows;
}

/**
 * Every fourth week is kept from the fit of units wanted. Whole weeks, because a good or bad week moves
 * all products of a store together: left-out days among fitted ones would hide that.
 */
const isFitted = (target: number) => Math.floor(target / 7) % 4 !== 2;

export type Random = () => number;

export function fitDemand(panel: Panel, horizonDays: number, random: Random): DemandFit {
  const wantedRows = rowsOf(panel, horizonDays, random, true, isFitted);
  const spreadRows = rowsOf(panel, horizonDays, random, true, (target) => !isFitted(target));
  const soldRows = rowsOf(panel, horizonDays, random, false, () => true);
  const settings = {
    loss: 'poisson',
    trees: 60,
    depth: 5,
    learningRate: 0.1,
    rowShare: 0.6,
    featureShare: 0.7,
    random,
  } as const;
  const train = ({ values, targets, offsets, count }: DayRows) => {
    // Grams and pieces must fit alike: the trees see units over the mean of all rows.
    const scale = targets.reduce((sum, units) => sum + units, 0) / count || 1;
    return trainForest(
      {
        values,
        features: dayFeatures,
        targets: targets.map((units) => units / scale),
        offsets: offsets.map((offset) => offset - Math.log(scale)),
      },
      { ...settings, leafWeight: Math.min(20, Math.max(1, count / 500)) },
    );
  };
  return { wanted: train(wantedRows), sold: train(soldRows), spreadRows };
}

export function rowsOf(
  { calendar, members }: Panel,
  horizonDays: number,
  random: Random,
  withoutStockout: boolean,
  isWanted: (target: number) => boolean,
): DayRows {
  const { cutoff, firstDay } = calendar;
  const chosen: { member: Member; target: number }[] = [];
  for (const member of members) {
    const { begin, sales, stockouts } = member.history;
    for (let target = begin + leastHistoryDays; target < cutoff; target += 1) {
      if (Number.isNaN(sales[target] as number) || !isWanted(target)) continue;
      if (withoutStockout && stockouts[target] !== 0) continue;
      chosen.push({ member, target });
    }
  }
  const share = Math.min(1, rowLimit / chosen.length);
  const picked = chosen.filter(() => random() < share);
  const rows: DayRows = {
    values: new Float32Array(picked.length * dayFeatures),
    offsets: new Float32Array(picked.length),
    targets: new Float32Array(picked.length),
    count: picked.length,
  };
  picked.forEach(({ member, target }, row) => {
    const ahead = Math.floor(random() * horizonDays);
    const origin = Math.max(member.history.begin + 7, target - ahead);
    writeDayFeatures(member, firstDay, origin, target, rows.values, row * dayFeatures);
    rows.offsets[row] = Math.log(levelOf(member, origin));
    rows.targets[row] = member.history.sales[target] as number;
  });
  return rows;
}
