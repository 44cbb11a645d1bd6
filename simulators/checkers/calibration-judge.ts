/**
 * How well chances and intervals keep their word, over many (distribution, truth) pairs.
 *
 * A distribution over whole pieces cannot cut an interval at exactly 10 % and 90 %: an interval that
 * holds at least 80 % mostly holds more, and covers more often. The randomised coverage takes that out:
 * the truth is placed evenly within the chance of its own cell, P(below) to P(at most), and counts with
 * the share of that stretch which lies between the tails. It is 80 % exactly when the belief is
 * calibrated, whatever the cells. Czado, Gneiting, Held, "Predictive model assessment for count data",
 * Biometrics 65 (2009), the non-randomised form of section 2.
 *
 * Example: nine pieces with 0.95, eight with 0.05. Truth nine: the stretch is 0.05 to 1; between 0.1 and
 * 0.9 lie 0.8 of its 0.95, so it counts 0.84. Truth eight: 0 to 0.05, nothing of it: 0. In the mean 0.80,
 * though the plain interval (nine to nine) covers 95 %.
 */
export const levels = [0.5, 0.8, 0.95] as const;
/** Upper ends of the bins of P(empty). */
export const emptyBins = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 1] as const;

export interface CalibrationBin {
  upTo: number;
  count: number;
  /** Mean of the predicted chances. */
  predicted: number;
  /** Share that was empty. */
  seen: number;
}

export interface CalibrationVerdict {
  samples: number;
  brierEmpty: number;
  bins: CalibrationBin[];
  /** Plain: the truth lies within the cells from one tail to the other. */
  coverage: { level: number; plain: number; randomised: number }[];
}

export class CalibrationJudge {
  #samples = 0;
  #brier = 0;
  readonly #bins = emptyBins.map((upTo) => ({ upTo, count: 0, predicted: 0, seen: 0 }));
  readonly #covered = levels.map((level) => ({ level, plain: 0, randomised: 0 }));

  /** @param cells chances of the cells from 0 up. @param truth the cell that is true. */
  sample(cells: readonly number[], truth: number): void {
    const empty = Math.min(1, cells[0] ?? 0);
    const isEmpty = truth === 0 ? 1 : 0;
    this.#samples += 1;
    this.#brier += (empty - isEmpty) ** 2;
    const bin = this.#bins.find(({ upTo }) => empty <= upTo);
    if (bin) {
      bin.count += 1;
      bin.predicted += empty;
      bin.seen += isEmpty;
    }
    let below = 0;
    for (let cell = 0; cell < truth; cell += 1) below += cells[cell] ?? 0;
    const own = cells[truth] ?? 0;
    for (const one of this.#covered) {
      const tail = (1 - one.level) / 2;
      const isCovered = below + own > tail && below < 1 - tail;
      if (isCovered) one.plain += 1;
      const inside = Math.min(below + own, 1 - tail) - Math.max(below, tail);
      if (isCovered && own > 0) one.randomised += Math.min(1, Math.max(0, inside) / own);
    }
  }

  verdict(): CalibrationVerdict {
    const share = (sum: number, count: number) => (count === 0 ? 0 : sum / count);
    return {
      samples: this.#samples,
      brierEmpty: share(this.#brier, this.#samples),
      bins: this.#bins.map(({ upTo, count, predicted, seen }) => ({
        upTo,
        count,
        predicted: share(predicted, count),
        seen: share(seen, count),
      })),
      coverage: this.#covered.map(({ level, plain, randomised }) => ({
        level,
        plain: share(plain, this.#samples),
        randomised: share(randomised, this.#samples),
      })),
    };
  }
}
