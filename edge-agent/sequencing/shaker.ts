/**
 * Shakes a sequence: what a search does between two descents, and where to begin the repair.
 *
 * Half of the shakes are blind: one or two exchanges within a short stretch. The other half follow the
 * setups: a block whose first job has one of the shortest setups after some other job is moved behind that
 * job. Blind exchanges bring long setups that the repair mostly takes back; these bring short ones, so
 * that what follows is worth looking at more often.
 *
 * Example: the way from job 7 to job 12 is one of the ten shortest from job 7. The block 12, 3 is moved
 * behind job 7, and the repair begins around the place it left and the place it went to.
 */
import type { Sequence, SequenceProblem } from './sequence.ts';
import type { Fraction } from './sequence-search.ts';

/** Positions that one blind shake disturbs, and how far around them the repair goes. */
const stretchLimit = 12;
const stretchMargin = 6;
const moveMargin = 5;
/** Followers by setup that a block may be moved behind, and how far at most. */
const nearCount = 10;
const nearDistance = 30;
/** Jobs of a moved block. */
const blockLimit = 3;
const moveTries = 8;

export class Shaker {
  readonly #count: number;
  readonly #random: Fraction;
  /** By job: the jobs with the shortest setups after it. */
  readonly #near: Int32Array[];

  constructor({ count, setup }: SequenceProblem, random: Fraction) {
    this.#count = count;
    this.#random = random;
    const jobs = Array.from({ length: count }, (_, job) => job);
    this.#near = jobs.map((from) => {
      const way = (to: number) => setup[from * count + to] as number;
      const others = jobs.filter((to) => to !== from);
      return Int32Array.from(
        others.sort((one, other) => way(one) - way(other) || one - other).slice(0, nearCount),
      );
    });
  }

  /** Changes the sequence; answers the positions around which it is to be repaired. */
  shake(sequence: Sequence): number[] {
    if (this.#random() < 0.5) {
      for (let tries = 0; tries < moveTries; tries += 1) {
        const changed = this.#moveNear(sequence);
        if (changed !== null) return this.#around(...changed, moveMargin, moveMargin);
      }
    }
    const from = this.shakeStretch(sequence);
    return this.#around(from, from + stretchLimit, stretchMargin, stretchLimit);
  }

  /** One or two random exchanges within a stretch; answers where it begins. */
  shakeStretch(sequence: Sequence): number {
    const stretch = Math.min(this.#count, stretchLimit);
    const from = this.#integer(this.#count - stretch + 1);
    const kicks = 1 + this.#integer(2);
    for (let kick = 0; kick < kicks; kick += 1) {
      const first = from + this.#integer(stretch - 2);
      const end = Math.min(from + stretch - 1, first + 2 + this.#integer(stretch - 2));
      const middle = first + this.#integer(end - first);
      if (this.#random() < 0.5) sequence.exchange(first, middle, end);
      else sequence.swap(first, end);
    }
    return from;
  }

  /** First and last position that changed; null when the drawn move is none. */
  #moveNear(sequence: Sequence): [number, number] | null {
    const { order } = sequence;
    const at = this.#integer(this.#count);
    const near = this.#near[order[at] as number] as Int32Array;
    const from = order.indexOf(near[this.#integer(near.length)] as number);
    if (from === at + 1 || Math.abs(from - at) > nearDistance) return null;
    const length = 1 + this.#integer(blockLimit);
    if (from > at) {
      const end = Math.min(this.#count - 1, from + length - 1);
      sequence.exchange(at + 1, from - 1, end);
      return [at, end];
    }
    const end = Math.min(at - 1, from + length - 1);
    sequence.exchange(from, end, at);
    return [from, at];
  }

  /** Positions at most `before` or `after` away from one of the two. */
  #around(one: number, other: number, before: number, after: number): number[] {
    const positions: number[] = [];
    const last = Math.min(this.#count - 1, other + before);
    for (let at = Math.max(0, one - before); at <= last; at += 1) {
      if (at <= one + after || at >= other - after) positions.push(at);
    }
    return positions;
  }

  #integer(below: number): number {
    return Math.floor(this.#random() * below);
  }
}
