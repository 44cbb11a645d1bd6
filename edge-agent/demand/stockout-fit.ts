/** Fits the chance of an empty shelf by hour to rolling mornings before the cutoff. */
import type { Random } from './demand-fit.ts';
import type { Member, Panel } from './forecast-panel.ts';
import { type Forest, trainForest } from './gradient-boosting.ts';
import {
  type HourShares,
  hourSharesOf,
  type StockoutView,
  stockoutFeatures,
  writeStockoutFeatures,
} from './stockout-features.ts';

const rowLimit = 60_000;
/** Days before the cutoff that rows are taken from: replenishment changes with the season. */
const newestDays = 56;
const leastHistoryDays = 14;

export interface StockoutFit {
  forest: Forest;
  views: StockoutView[];
  /** Logit of the share over all rows: where the trees begin. */
  offset: number;
}

export function fitStockouts(panel: Panel, horizonDays: number, random: Random): StockoutFit {
  const views = stockoutViewsOf(panel);
  const { cutoff, firstDay } = panel.calendar;
  const chosen: { view: StockoutView; target: number }[] = [];
  for (const view of views) {
    const { begin, stockouts } = view.member.history;
    const first = Math.max(begin + leastHistoryDays, cutoff - newestDays);
    for (let target = first; target < cutoff; target += 1) {
      if ((stockouts[target] as number) >= 0) chosen.push({ view, target });
    }
  }
  const perDay = Math.min(24, Math.max(1, Math.floor(rowLimit / Math.max(1, chosen.length))));
  const share = Math.min(1, rowLimit / (chosen.length * perDay));
  const picked = chosen.filter(() => random() < share);
  const rows = picked.length * perDay;
  const values = new Float32Array(rows * stockoutFeatures);
  const targets = new Float32Array(rows);
  let out = 0;
  picked.forEach(({ view, target }, index) => {
    const { begin, stockouts } = view.member.history;
    for (let turn = 0; turn < perDay; turn += 1) {
      const row = index * perDay + turn;
      const hour = Math.floor(random() * 24);
      const origin = Math.max(begin + 7, target - Math.floor(random() * horizonDays));
      const at = row * stockoutFeatures;
      writeStockoutFeatures(view, firstDay, origin, target, hour, values, at);
      const isOut = ((stockouts[target] as number) >> (23 - hour)) & 1;
      targets[row] = isOut;
      out += isOut;
    }
  });
  const offset = Math.log((out + 0.5) / (rows - out + 0.5));
  const offsets = new Float32Array(rows).fill(offset);
  const forest = trainForest(
    { values, features: stockoutFeatures, targets, offsets },
    {
      loss: 'logistic',
      trees: 60,
      depth: 5,
      learningRate: 0.12,
      leafWeight: Math.min(10, Math.max(1, rows / 1_000)),
      rowShare: 0.6,
      featureShare: 0.7,
      random,
    },
  );
  return { forest, views, offset };
}

export function stockoutChances(
  { forest, offset }: StockoutFit,
  view: StockoutView,
  firstDay: number,
  origin: number,
  target: number,
): number[] {
  const row = new Float32Array(stockoutFeatures);
  return Array.from({ length: 24 }, (_, hour) => {
    writeStockoutFeatures(view, firstDay, origin, target, hour, row, 0);
    return 1 / (1 + Math.exp(-offset - forest.score(row, 0)));
  });
}

/** Days from `usualBefore` on do not count for the shares that all begin with. */
export function stockoutViewsOf(
  { members, calendar }: Panel,
  usualBefore = calendar.cutoff,
): StockoutView[] {
  const usual = usualShares(members, usualBefore);
  const stores = groupShares(members, calendar.days, usual, storeOf);
  const products = groupShares(members, calendar.days, usual, productOf);
  return members.map((member) => {
    const none = hourSharesOf(new Int32Array(calendar.days).fill(-1), usual);
    return {
      member,
      shares: hourSharesOf(member.history.stockouts, usual),
      store: stores.get(storeOf(member)) ?? none,
      product: products.get(productOf(member)) ?? none,
    };
  });
}

const storeOf = ({ history }: Member) => history.series.storeId;
const productOf = ({ history }: Member) => history.series.productId;

/** Mean over all members and days, by hour. */
function usualShares(members: readonly Member[], before: number): Float64Array {
  const usual = new Float64Array(24);
  let all = 0;
  for (const { history } of members) {
    for (let t = 0; t < before; t += 1) {
      const bits = history.stockouts[t] as number;
      if (bits < 0) continue;
      all += 1;
      for (let hour = 0; hour < 24; hour += 1) {
        usual[hour] = (usual[hour] as number) + ((bits >> (23 - hour)) & 1);
      }
    }
  }
  return usual.map((out) => (out + 0.1) / (all + 1));
}

/** Mean over the members of each group. */
function groupShares(
  members: readonly Member[],
  days: number,
  usual: Float64Array,
  keyOf: (member: Member) => string,
): Map<string, HourShares> {
  const counts = new Map<string, { out: Float32Array; known: Float32Array }>();
  for (const member of members) {
    const key = keyOf(member);
    const count = counts.get(key) ?? {
      out: new Float32Array(days * 24),
      known: new Float32Array(days),
    };
    counts.set(key, count);
    for (let t = 0; t < days; t += 1) {
      const bits = member.history.stockouts[t] as number;
      if (bits < 0) continue;
      count.known[t] = (count.known[t] as number) + 1;
      for (let hour = 0; hour < 24; hour += 1) {
        const isOut = (bits >> (23 - hour)) & 1;
        const cell = t * 24 + hour;
        count.out[cell] = (count.out[cell] as number) + isOut;
      }
    }
  }
  const shares = new Map<string, HourShares>();
  for (const [key, { out, known }] of counts) {
    shares.set(key, {
      quick: faded(out, known, usual, 3),
      week: faded(out, known, usual, 7),
      month: faded(out, known, usual, 20),
    });
  }
  return shares;
}

function faded(
  out: Float32Array,
  known: Float32Array,
  usual: Float64Array,
  halfLifeDays: number,
): Float32Array {
  const keep = 0.5 ** (1 / halfLifeDays);
  const sums = usual.map((share) => 2 * share);
  let weight = 2;
  const shares = new Float32Array(out.length);
  for (let t = 0; t < known.length; t += 1) {
    for (let hour = 0; hour < 24; hour += 1) {
      shares[t * 24 + hour] = (sums[hour] as number) / weight;
      sums[hour] = keep * (sums[hour] as number) + (out[t * 24 + hour] as number);
    }
    weight = keep * weight + (known[t] as number);
    if (known[t] === 0) {
      // A day of which nothing is known must not fade what was known before it.
      weight /= keep;
      for (let hour = 0; hour < 24; hour += 1) sums[hour] = (sums[hour] as number) / keep;
    }
  }
  return shares;
}
