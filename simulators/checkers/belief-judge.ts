/**
 * Compares what a policy believes of each slot with the truth, once an hour while the store is open.
 *
 * Example: believed 4 (80 % interval 3 to 6, empty with 0.01), true 6: an error of 2 pieces, a Brier
 * term of 0.0001, and the interval covers.
 */
import type { SlotGuess } from '../policies/policy.ts';

export interface BeliefVerdict {
  meanAbsoluteErrorPieces: number;
  brierEmpty: number;
  coverage80: number;
}

export class BeliefJudge {
  #samples = 0;
  #errors = 0;
  #brier = 0;
  #covered = 0;

  sample(guess: SlotGuess, truePieces: number): void {
    this.#samples += 1;
    this.#errors += Math.abs(guess.likeliestPieces - truePieces);
    this.#brier += (guess.emptyProbability - (truePieces === 0 ? 1 : 0)) ** 2;
    if (guess.lowPieces <= truePieces && truePieces <= guess.highPieces) this.#covered += 1;
  }

  /** Zeros, and full coverage, before the first sample. */
  verdict(): BeliefVerdict {
    const share = (sum: number) => (this.#samples === 0 ? 0 : sum / this.#samples);
    return {
      meanAbsoluteErrorPieces: share(this.#errors),
      brierEmpty: share(this.#brier),
      coverage80: this.#samples === 0 ? 1 : share(this.#covered),
    };
  }
}
