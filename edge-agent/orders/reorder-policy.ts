/**
 * When and how much to order of a product that the backroom is out of: an (s, S) rule, exactly optimal
 * for periods of independent demand.
 *
 * At the end of a period with a stock position of s or less, order up to S. Each order costs `orderCost`
 * whatever its size, each unit left over costs `holdingCost` a period, each unit short costs
 * `shortageCost`. Zheng and Federgruen (Operations Research 39, 1991, "Finding optimal (s, S) policies is
 * about as simple as evaluating a single policy") search upward in S and downward in s from the quantity
 * that is best for a single period; their bounds end the search at the optimum.
 *
 * Example: Poisson demand with mean 20, an order costs 64, holding 1, shortage 9: s = 14, S = 62, at
 * 49.17 a period. With 12 left one orders 50.
 *
 * The figures are floats and only propose; what is ordered is a whole number of units.
 */

export interface OrderCosts {
  /** Of one order, whatever its size. */
  orderCost: number;
  /** Of one unit left over for one period. */
  holdingCost: number;
  /** Of one unit short for one period. */
  shortageCost: number;
}

export interface ReorderPolicy {
  /** At or below this many units one orders. */
  reorderLevel: number;
  /** Up to this many units. */
  orderUpTo: number;
  /** Mean cost of a period under this policy. */
  costPerPeriod: number;
}

/** Greatest mean demand of a period that is reckoned exactly, in units. */
export const meanDemandLimit = 2_000;

/** Chances of 0, 1, 2 … units; they sum to 1 but for what lies beyond the end. */
export type DemandChances = readonly number[];

/** Chances of a Poisson demand, up to where less than 1e-13 is left. */
export function poissonChances(mean: number): number[] {
  if (!(mean >= 0 && mean <= meanDemandLimit)) throw new RangeError(`not a mean: ${mean}`);
  const chances: number[] = [];
  // Logarithms, for e^-mean is 0 in floats from a mean of 745 on.
  let logChance = -mean;
  for (let units = 0; units < mean || logChance > Math.log(1e-15); units += 1) {
    chances.push(Math.exp(logChance));
    logChance += Math.log(mean) - Math.log(units + 1);
    if (mean === 0) break;
  }
  return chances;
}

/** Mean cost of the period that begins with `units` in hand. */
export function periodCost(chances: DemandChances, costs: OrderCosts, units: number): number {
  const { holdingCost, shortageCost } = costs;
  let cost = 0;
  for (let demand = 0; demand < chances.length; demand += 1) {
    const left = units - demand;
    cost += (chances[demand] ?? 0) * (left >= 0 ? holdingCost * left : -shortageCost * left);
  }
  return cost;
}

/**
 * The optimal policy. Throws a RangeError when a cost is not above zero, or nothing is ever wanted: there
 * is then nothing to choose.
 */
export function reorderPolicy(chances: DemandChances, costs: OrderCosts): ReorderPolicy {
  const { orderCost, holdingCost, shortageCost } = costs;
  if (!(orderCost > 0 && holdingCost > 0 && shortageCost > 0)) {
    throw new RangeError('costs must be above zero');
  }
  const none = chances[0] ?? 0;
  if (none >= 1 || chances.length < 2) throw new RangeError('demand must be above zero');
  const search = new Search(chances, costs);
  const best = search.singlePeriodBest();
  // s: from the best single quantity down, until ordering up to it is no dearer than going on.
  let reorderLevel = best - 1;
  while (search.costOf(reorderLevel, best) > search.lossAt(reorderLevel)) reorderLevel -= 1;
  let orderUpTo = best;
  let costPerPeriod = search.costOf(reorderLevel, best);
  for (let next = best + 1; search.lossAt(next) <= costPerPeriod; next += 1) {
    if (search.costOf(reorderLevel, next) >= costPerPeriod) continue;
    orderUpTo = next;
    while (search.costOf(reorderLevel, next) <= search.lossAt(reorderLevel + 1)) reorderLevel += 1;
    costPerPeriod = search.costOf(reorderLevel, next);
  }
  return { reorderLevel, orderUpTo, costPerPeriod };
}

/** Renewal sums and single-period costs, each reckoned once. */
class Search {
  private readonly chances: DemandChances;
  private readonly costs: OrderCosts;
  private readonly losses = new Map<number, number>();
  /** `visits[j]`: expected periods of a cycle that begin j units below S. */
  private readonly visits: number[];

  constructor(chances: DemandChances, costs: OrderCosts) {
    this.chances = chances;
    this.costs = costs;
    this.visits = [1 / (1 - (chances[0] ?? 0))];
  }

  lossAt(units: number): number {
    let loss = this.losses.get(units);
    if (loss === undefined) {
      loss = periodCost(this.chances, this.costs, units);
      this.losses.set(units, loss);
    }
    return loss;
  }

  /** The quantity that is cheapest for one period alone. */
  singlePeriodBest(): number {
    let units = 0;
    while (this.lossAt(units + 1) < this.lossAt(units)) units += 1;
    return units;
  }

  /** Mean cost of a period under (s, S). */
  costOf(reorderLevel: number, orderUpTo: number): number {
    let cycleCost = this.costs.orderCost;
    let periods = 0;
    for (let below = 0; below < orderUpTo - reorderLevel; below += 1) {
      const visits = this.visitsAt(below);
      periods += visits;
      cycleCost += visits * this.lossAt(orderUpTo - below);
    }
    return cycleCost / periods;
  }

  private visitsAt(below: number): number {
    for (let next = this.visits.length; next <= below; next += 1) {
      let sum = 0;
      for (let step = 1; step <= next && step < this.chances.length; step += 1) {
        sum += (this.chances[step] ?? 0) * (this.visits[next - step] ?? 0);
      }
      this.visits.push(sum / (1 - (this.chances[0] ?? 0)));
    }
    return this.visits[below] ?? 0;
  }
}
