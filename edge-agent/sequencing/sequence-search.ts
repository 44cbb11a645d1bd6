/**
 * Search for one sequence: iterated local search within a small population.
 *
 * One climb shakes its order in a place or two (`shaker.ts`), repairs the order around them by exchanges
 * of adjacent blocks and of single jobs, and finishes the repair over the whole order only when the result is
 * promising and new; it ends after so many shakes without progress. The next climb begins at a crossing of two
 * of the best ends so far, or at a fresh start while there are few of them.
 *
 * The blocks follow Xu, Lü and Cheng, "Iterated local search for single-machine scheduling with
 * sequence-dependent setup times to minimize total weighted tardiness" (Journal of Scheduling 17, 2014).
 * The same seed and number of iterations give the same order.
 */
import { apparentTardinessCost, atcsFactors, earliestDueFirst } from './rules.ts';
import { Sequence, type SequenceProblem } from './sequence.ts';
import { Shaker } from './shaker.ts';

/** A number from 0 (inclusive) to 1 (exclusive), from a seeded stream. */
export type Fraction = () => number;

export interface SearchBudget {
  /** Asked after each iteration, with how many there were. */
  isSpent(iterations: number): boolean;
}

export interface SequenceResult {
  order: number[];
  cost: number;
  iterations: number;
}

interface Ordered {
  order: Int32Array;
  cost: number;
}

/** Shakes without progress after which a climb ends, and after which it goes back to its best. */
const climbPatience = 150;
const stepPatience = 80;
/** Share above a climb's best that an order may cost and still be walked on from. */
const tolerance = 0.01;
/** Share above the current cost up to which a repair is worth finishing. */
const promising = 0.02;
/** Jobs of the shorter of two exchanged blocks. */
const blockLimit = 4;
/** Ends of climbs that are kept, and how many before any are crossed. */
const populationSize = 5;
const freshStarts = 3;

export function searchSequence(
  problem: SequenceProblem,
  random: Fraction,
  budget: SearchBudget,
  improved: (cost: number) => void,
  start?: readonly number[],
): SequenceResult {
  const search = new Search(problem, random, budget, improved, start ?? bestRule(problem));
  return search.run();
}

class Search {
  readonly #problem: SequenceProblem;
  readonly #random: Fraction;
  readonly #budget: SearchBudget;
  readonly #improved: (cost: number) => void;
  readonly #sequence: Sequence;
  readonly #shaker: Shaker;
  #best: Ordered;
  #iterations = 0;

  constructor(
    problem: SequenceProblem,
    random: Fraction,
    budget: SearchBudget,
    improved: (cost: number) => void,
    start: readonly number[],
  ) {
    this.#problem = problem;
    this.#random = random;
    this.#budget = budget;
    this.#improved = improved;
    this.#sequence = new Sequence(problem, start);
    this.#shaker = new Shaker(problem, random);
    this.#best = this.#now();
    improved(this.#best.cost);
  }

  run(): SequenceResult {
    const population: Ordered[] = [this.#climb()];
    while (this.#problem.count > 2 && !this.#isDone()) {
      this.#begin(population);
      const end = this.#climb();
      if (population.some(({ cost }) => cost === end.cost)) continue;
      population.push(end);
      population.sort((one, other) => one.cost - other.cost);
      if (population.length > populationSize) population.length = populationSize;
    }
    const { order, cost } = this.#best;
    return { order: [...order], cost, iterations: this.#iterations };
  }

  /** Sets the sequence to where the next climb begins. */
  #begin(population: readonly Ordered[]): void {
    const [one, other] = [this.#pick(population), this.#pick(population)];
    if (population.length >= freshStarts && one !== undefined && other !== undefined) {
      this.#sequence.assign(crossed(one.order, other.order, (below) => this.#integer(below)));
      if (one === other) this.#shaker.shakeStretch(this.#sequence);
      return;
    }
    const dueFactor = 0.3 + 4 * this.#random();
    const setupFactor = 0.1 + this.#random();
    this.#sequence.assign(apparentTardinessCost(this.#problem, { dueFactor, setupFactor }));
    for (let kick = 0; kick < 4; kick += 1) this.#shaker.shakeStretch(this.#sequence);
  }

  #pick(population: readonly Ordered[]): Ordered | undefined {
    return population[this.#integer(population.length)];
  }

  #climb(): Ordered {
    const sequence = this.#sequence;
    this.#descend();
    let own = this.#now();
    let current = own;
    for (let idle = 0; idle < climbPatience && this.#problem.count > 2 && !this.#isDone(); ) {
      this.#iterations += 1;
      idle += 1;
      if (idle % stepPatience === 0) current = own;
      sequence.assign(current.order);
      this.#repair(this.#shaker.shake(sequence));
      // The repair took the shake back: nothing to finish, for the order is descended already.
      if (sequence.cost === current.cost) continue;
      if (sequence.cost <= current.cost * (1 + promising)) this.#descend();
      this.#keep();
      if (sequence.cost < own.cost) {
        own = this.#now();
        idle = 0;
      }
      const worst = own.cost * (1 + tolerance * this.#random());
      if (sequence.cost <= current.cost || sequence.cost <= worst) current = this.#now();
    }
    return own;
  }

  #now(): Ordered {
    return { order: this.#sequence.order.slice(), cost: this.#sequence.cost };
  }

  #keep(): void {
    if (this.#sequence.cost >= this.#best.cost) return;
    this.#best = this.#now();
    this.#improved(this.#best.cost);
  }

  #isDone(): boolean {
    return this.#best.cost <= 0 || this.#budget.isSpent(this.#iterations);
  }

  #integer(below: number): number {
    return Math.floor(this.#random() * below);
  }

  /** Until no exchange improves; begins at a random place, so that equal starts end apart. */
  #descend(): void {
    const { length } = this.#sequence.order;
    let at = this.#integer(length);
    for (let idle = 0; idle < length && this.#sequence.cost > 0; ) {
      idle = this.#improveAt(at) ? 0 : idle + 1;
      at = at + 1 === length ? 0 : at + 1;
    }
    this.#keep();
  }

  /** The same, from some positions on. */
  #repair(positions: readonly number[]): void {
    const { length } = positions;
    let next = 0;
    for (let idle = 0; idle < length; ) {
      idle = this.#improveAt(positions[next] as number) ? 0 : idle + 1;
      next = next + 1 === length ? 0 : next + 1;
    }
  }

  #improveAt(at: number): boolean {
    return this.#sequence.improveBlocks(at, blockLimit) || this.#sequence.improveSwaps(at);
  }
}

/** Linear order crossover: a stretch of one parent stays in place, the rest in the other's order. */
function crossed(
  one: Int32Array,
  other: Int32Array,
  integer: (below: number) => number,
): Int32Array {
  const count = one.length;
  const length = Math.floor(count * 0.3) + integer(Math.floor(count * 0.4) + 1);
  const from = integer(count - length + 1);
  const stretch = one.subarray(from, from + length);
  const staying = new Set(stretch);
  const rest = [...other].filter((job) => !staying.has(job));
  return Int32Array.from([...rest.slice(0, from), ...stretch, ...rest.slice(from)]);
}

/** The best of the rules, with ATCS at several settings. */
function bestRule(problem: SequenceProblem): number[] {
  const orders = [
    earliestDueFirst(problem),
    apparentTardinessCost(problem, atcsFactors(problem)),
    ...[0.5, 1, 2, 4].flatMap((dueFactor) =>
      [0.2, 0.4, 0.8].map((setupFactor) =>
        apparentTardinessCost(problem, { dueFactor, setupFactor }),
      ),
    ),
  ];
  const costs = orders.map((order) => new Sequence(problem, order).cost);
  return orders[costs.indexOf(Math.min(...costs))] ?? [];
}
