/**
 * One worker, one sequence: the single-machine problem with sequence-dependent setups and weighted
 * tardiness (1|s_ij|Σ w_j T_j), in flat arrays for the search.
 *
 * The cost of a sequence is Σ w · max(0, C − d). A block of jobs that starts δ later costs a convex
 * function of δ, so its cost now plus δ times its slope is a lower bound: nearly every move of the search
 * is refused by four such bounds from prefix sums, without looking at a single job of the blocks.
 * (Convexity of tardiness: textbook; the idea of pricing a shifted block by prefix sums follows Ergun and
 * Orlin, "Fast neighborhood search for the single machine total weighted tardiness problem", Operations
 * Research Letters 34, 2006.)
 */

export interface SequenceProblem {
  count: number;
  durations: Float64Array;
  dues: Float64Array;
  weights: Float64Array;
  /** setup[from × count + to] */
  setup: Float64Array;
  /** Setup before the first job. */
  initial: Float64Array;
}

/** Gains below this are rounding. */
const epsilon = 1e-9;

/** A sequence with what the bounds need, kept up to date move by move. */
export class Sequence {
  readonly order: Int32Array;
  cost = 0;
  readonly #problem: SequenceProblem;
  /** Completion by position. */
  readonly #ends: Float64Array;
  /** Prefix sums by position: cost, and the weights whose jobs would be later or less late. */
  readonly #costs: Float64Array;
  readonly #slopesUp: Float64Array;
  readonly #slopesDown: Float64Array;
  readonly #scratch: Int32Array;
  /** Least setup into each job. */
  readonly #leastInto: Float64Array;

  constructor(problem: SequenceProblem, order: ArrayLike<number>) {
    const { count } = problem;
    this.#problem = problem;
    this.order = Int32Array.from(order);
    this.#ends = new Float64Array(count);
    this.#costs = new Float64Array(count + 1);
    this.#slopesUp = new Float64Array(count + 1);
    this.#slopesDown = new Float64Array(count + 1);
    this.#scratch = new Int32Array(count);
    this.#leastInto = leastInto(problem);
    this.#refresh(0);
  }

  /** Takes over another order of the same jobs. */
  assign(order: ArrayLike<number>): void {
    this.order.set(order);
    this.#refresh(0);
  }

  /**
   * Scans all exchanges of two adjacent blocks whose first begins at `first`, and takes each that
   * improves. The shorter of the blocks has at most `blockLimit` jobs. Answers whether any did.
   */
  improveBlocks(first: number, blockLimit: number): boolean {
    const { count } = this.#problem;
    let isBetter = false;
    for (let middle = first; middle < count - 1; middle += 1) {
      const isShort = middle - first < blockLimit;
      const last = isShort ? count - 1 : Math.min(count - 1, middle + blockLimit);
      let end = this.#nextBetter(first, middle, middle + 1, last);
      while (end >= 0) {
        isBetter = true;
        this.exchange(first, middle, end);
        end = this.#nextBetter(first, middle, end + 1, last);
      }
    }
    return isBetter;
  }

  /**
   * The next end of the second block with which the exchange improves, or -1. This loop is where the
   * search lives: everything that does not depend on `end` is worked out before it.
   */
  #nextBetter(first: number, middle: number, from: number, last: number): number {
    const { count, setup, initial } = this.#problem;
    const order = this.order;
    const ends = this.#ends;
    const costs = this.#costs;
    const up = this.#slopesUp;
    const down = this.#slopesDown;
    const one = order[first] as number;
    const two = order[middle + 1] as number;
    const oneLastRow = (order[middle] as number) * count;
    const before = first === 0 ? 0 : (ends[first - 1] as number);
    const row = first === 0 ? 0 : (order[first - 1] as number) * count;
    const toOne = (first === 0 ? initial[one] : setup[row + one]) as number;
    const toTwo = (first === 0 ? initial[two] : setup[row + two]) as number;
    const middleEnd = ends[middle] as number;
    const twoShift = before + toTwo - middleEnd - (setup[oneLastRow + two] as number);
    const head = costs[first] as number;
    const limit = this.cost - epsilon;
    const costOne = (costs[middle + 1] as number) - head;
    const upOne = (up[middle + 1] as number) - (up[first] as number);
    const downOne = (down[middle + 1] as number) - (down[first] as number);
    const twoSlopes = twoShift > 0 ? up : down;
    const slopeMiddle = twoSlopes[middle + 1] as number;
    const costMiddle = costs[middle + 1] as number;
    const oneBase = twoShift - before - toOne;
    const costAll = costs[count] as number;
    const upAll = up[count] as number;
    const downAll = down[count] as number;
    const leastSetup = this.#leastInto[one] as number;
    for (let end = from; end <= last; end += 1) {
      const twoLastRow = (order[end] as number) * count;
      const endEnd = ends[end] as number;
      const oneShift = endEnd + oneBase + (setup[twoLastRow + one] as number);
      const oneBound = costOne + oneShift * (oneShift > 0 ? upOne : downOne);
      let bound = head + Math.max(oneBound, 0);
      if (bound >= limit) {
        // The longer the second block, the later the first, whatever its setup: all the rest is worse.
        const least = endEnd + oneBase + leastSetup;
        if (least > 0 && head + costOne + least * upOne >= limit) return -1;
        continue;
      }
      const costEnd = costs[end + 1] as number;
      const twoBound =
        costEnd - costMiddle + twoShift * ((twoSlopes[end + 1] as number) - slopeMiddle);
      if (twoBound > 0) bound += twoBound;
      if (bound >= limit) continue;
      let restShift = 0;
      if (end + 1 < count) {
        const next = order[end + 1] as number;
        restShift =
          middleEnd +
          oneShift +
          (setup[oneLastRow + next] as number) -
          endEnd -
          (setup[twoLastRow + next] as number);
        const slope =
          restShift > 0 ? upAll - (up[end + 1] as number) : downAll - (down[end + 1] as number);
        const restBound = costAll - costEnd + restShift * slope;
        if (restBound > 0) bound += restBound;
        if (bound >= limit) continue;
      }
      if (this.#isBetter(first, middle, end, oneShift, twoShift, restShift, limit - head))
        return end;
    }
    return -1;
  }

  #isBetter(
    first: number,
    middle: number,
    end: number,
    oneShift: number,
    twoShift: number,
    restShift: number,
    limit: number,
  ): boolean {
    const { count } = this.#problem;
    const twoBound = this.#bound(middle + 1, end, twoShift);
    const restBound = end + 1 < count ? this.#bound(end + 1, count - 1, restShift) : 0;
    let cost = this.#shiftedCost(first, middle, oneShift, limit - twoBound - restBound);
    if (cost + twoBound + restBound >= limit) return false;
    cost += this.#shiftedCost(middle + 1, end, twoShift, limit - cost - restBound);
    if (cost + restBound >= limit) return false;
    if (end + 1 < count) cost += this.#shiftedCost(end + 1, count - 1, restShift, limit - cost);
    return cost < limit;
  }

  /** Scans all exchanges of the job at `first` with a later one, and takes each that improves. */
  improveSwaps(first: number): boolean {
    const { count } = this.#problem;
    let isBetter = false;
    for (let second = first + 2; second < count; second += 1) {
      if (this.#trySwap(first, second)) isBetter = true;
    }
    return isBetter;
  }

  /** Exchanges the blocks first..middle and middle+1..end, better or not. */
  exchange(first: number, middle: number, end: number): void {
    const { order } = this;
    const scratch = this.#scratch;
    const length = middle - first + 1;
    for (let index = 0; index < length; index += 1) scratch[index] = order[first + index] ?? 0;
    order.copyWithin(first, middle + 1, end + 1);
    const to = first + end - middle;
    for (let index = 0; index < length; index += 1) order[to + index] = scratch[index] ?? 0;
    this.#refresh(first);
  }

  /** Exchanges two jobs, better or not. */
  swap(first: number, second: number): void {
    const { order } = this;
    const job = order[first] ?? 0;
    order[first] = order[second] ?? 0;
    order[second] = job;
    this.#refresh(first);
  }

  #refresh(from: number): void {
    const { count, durations, dues, weights, setup, initial } = this.#problem;
    const { order } = this;
    const [ends, costs, up, down] = [this.#ends, this.#costs, this.#slopesUp, this.#slopesDown];
    let time = from === 0 ? 0 : (ends[from - 1] as number);
    for (let at = from; at < count; at += 1) {
      const job = order[at] as number;
      time +=
        at === 0
          ? (initial[job] as number)
          : (setup[(order[at - 1] as number) * count + job] as number);
      time += durations[job] as number;
      ends[at] = time;
      const weight = weights[job] as number;
      const late = time - (dues[job] as number);
      costs[at + 1] = (costs[at] as number) + (late > 0 ? weight * late : 0);
      up[at + 1] = (up[at] as number) + (late >= 0 ? weight : 0);
      down[at + 1] = (down[at] as number) + (late > 0 ? weight : 0);
    }
    this.cost = costs[count] as number;
  }

  /** Least that the jobs from..to (inclusive) can cost when all of them end `shift` later. */
  #bound(from: number, to: number, shift: number): number {
    const costs = this.#costs;
    const now = (costs[to + 1] as number) - (costs[from] as number);
    const slopes = shift > 0 ? this.#slopesUp : this.#slopesDown;
    const bound = now + shift * ((slopes[to + 1] as number) - (slopes[from] as number));
    return Math.max(bound, 0);
  }

  /** What they do cost then; stops early when it exceeds `limit`. */
  #shiftedCost(from: number, to: number, shift: number, limit: number): number {
    const { dues, weights } = this.#problem;
    const { order } = this;
    const ends = this.#ends;
    let sum = 0;
    for (let at = from; at <= to; at += 1) {
      const job = order[at] as number;
      const late = (ends[at] as number) + shift - (dues[job] as number);
      if (late > 0) {
        sum += (weights[job] as number) * late;
        if (sum >= limit) return sum;
      }
    }
    return sum;
  }

  #trySwap(first: number, second: number): boolean {
    const { count, durations, dues, weights, setup, initial } = this.#problem;
    const { order } = this;
    const ends = this.#ends;
    const one = order[first] as number;
    const two = order[second] as number;
    const inner = order[first + 1] as number;
    const innerLast = order[second - 1] as number;
    const before = first === 0 ? 0 : (ends[first - 1] as number);
    const toTwo =
      first === 0
        ? (initial[two] as number)
        : (setup[(order[first - 1] as number) * count + two] as number);
    const twoEnd = before + toTwo + (durations[two] as number);
    const innerShift =
      twoEnd +
      (setup[two * count + inner] as number) -
      (ends[first] as number) -
      (setup[one * count + inner] as number);
    const oneEnd =
      (ends[second - 1] as number) +
      innerShift +
      (setup[innerLast * count + one] as number) +
      (durations[one] as number);
    const limit = this.cost - epsilon;
    const twoLate = twoEnd - (dues[two] as number);
    const oneLate = oneEnd - (dues[one] as number);
    let fixed = this.#costs[first] as number;
    if (twoLate > 0) fixed += (weights[two] as number) * twoLate;
    if (oneLate > 0) fixed += (weights[one] as number) * oneLate;
    if (fixed >= limit) return false;
    let restShift = 0;
    if (second + 1 < count) {
      const next = order[second + 1] as number;
      restShift =
        oneEnd +
        (setup[one * count + next] as number) -
        (ends[second] as number) -
        (setup[two * count + next] as number);
    }
    const innerBound = this.#bound(first + 1, second - 1, innerShift);
    const restBound = second + 1 < count ? this.#bound(second + 1, count - 1, restShift) : 0;
    if (fixed + innerBound + restBound >= limit) return false;
    let cost = fixed;
    cost += this.#shiftedCost(first + 1, second - 1, innerShift, limit - cost - restBound);
    if (cost + restBound >= limit) return false;
    if (second + 1 < count)
      cost += this.#shiftedCost(second + 1, count - 1, restShift, limit - cost);
    if (cost >= limit) return false;
    this.swap(first, second);
    return true;
  }
}

function leastInto({ count, setup }: SequenceProblem): Float64Array {
  const least = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  for (let from = 0; from < count; from += 1) {
    for (let to = 0; to < count; to += 1) {
      if (from !== to)
        least[to] = Math.min(least[to] as number, setup[from * count + to] as number);
    }
  }
  return least;
}
