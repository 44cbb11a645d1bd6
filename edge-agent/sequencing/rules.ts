/**
 * Dispatching rules: an order at once, to start from and to compare with.
 *
 * - EDD: earliest due first.
 * - WSPT: most weight per minute first.
 * - ATCS: apparent tardiness cost with setups (Lee, Bhaskaran and Pinedo, "A heuristic to minimize the
 *   total weighted tardiness with sequence-dependent setups", IIE Transactions 29, 1997):
 *   I_j = w_j/p_j · exp(−max(0, d_j − p_j − t)/(k1·p̄)) · exp(−s_ij/(k2·s̄)), the greatest next.
 */
import type { SequenceProblem } from './sequence.ts';

const indexes = (count: number) => Array.from({ length: count }, (_, index) => index);

export function earliestDueFirst({ count, dues }: SequenceProblem): number[] {
  return indexes(count).sort((one, other) => (dues[one] ?? 0) - (dues[other] ?? 0) || one - other);
}

export function weightedShortestFirst(problem: SequenceProblem): number[] {
  const { count, weights, durations } = problem;
  const ratio = (job: number) => (weights[job] ?? 0) / Math.max(durations[job] ?? 0, 1e-9);
  return indexes(count).sort((one, other) => ratio(other) - ratio(one) || one - other);
}

export interface AtcsFactors {
  dueFactor: number;
  setupFactor: number;
}

const mean = (values: Float64Array) =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

/** The published choice of k1 and k2 from tightness, spread and severity of setups. */
export function atcsFactors(problem: SequenceProblem): AtcsFactors {
  const { count, durations, dues, setup } = problem;
  const [meanDuration, meanSetup] = [mean(durations), mean(setup)];
  const severity = meanSetup / Math.max(meanDuration, 1e-9);
  // 0.4 + 10/n² − severity/7: the makespan estimate of the paper.
  const share = Math.max(0.1, 0.4 + 10 / (count * count) - severity / 7);
  // Where nothing takes time there is no pace to reckon with, and nothing to divide by.
  const makespan = Math.max(count * (meanDuration + share * meanSetup), 1e-9);
  const finite = dues.filter((due) => Number.isFinite(due));
  const tightness = 1 - mean(finite) / makespan;
  const [least, most] = [Math.min(...finite), Math.max(...finite)];
  const spread = finite.length === 0 ? 0 : (most - least) / makespan;
  const dueFactor = spread <= 0.5 ? 4.5 + spread : 6 - 2 * spread;
  const setupFactor = Math.max(0.1, tightness / (2 * Math.sqrt(Math.max(severity, 0.01))));
  return { dueFactor: Math.max(0.1, dueFactor), setupFactor };
}

export function apparentTardinessCost(
  problem: SequenceProblem,
  factors: AtcsFactors = atcsFactors(problem),
): number[] {
  const { count, durations, dues, weights, setup, initial } = problem;
  const duePace = factors.dueFactor * Math.max(mean(durations), 1e-9);
  const setupPace = factors.setupFactor * Math.max(mean(setup), 1e-9);
  const left = new Set(indexes(count));
  const order: number[] = [];
  let time = 0;
  let last = -1;
  while (left.size > 0) {
    let best = -1;
    let bestIndex = Number.NEGATIVE_INFINITY;
    for (const job of left) {
      const change = (last < 0 ? initial[job] : setup[last * count + job]) ?? 0;
      const duration = Math.max(durations[job] ?? 0, 1e-9);
      const slack = Math.max(0, (dues[job] ?? 0) - duration - time);
      // Logarithms: the product of the exponentials underflows for slack jobs.
      const index =
        Math.log(Math.max(weights[job] ?? 0, 1e-9) / duration) -
        slack / duePace -
        change / setupPace;
      if (index > bestIndex) {
        best = job;
        bestIndex = index;
      }
    }
    left.delete(best);
    order.push(best);
    time += ((last < 0 ? initial[best] : setup[last * count + best]) ?? 0) + (durations[best] ?? 0);
    last = best;
  }
  return order;
}
