/**
 * Predictions that a slot will stand empty, and how good they were.
 *
 * A prediction says: by the next chance to refill this slot is empty with 82 %, most likely at 16:40. It is
 * scored when that time is over. If the slot ran empty, it came true. If somebody refilled it first -
 * which is what the prediction is for - what was sold after that tells: as much as had been there, and it
 * would have run empty. Else it held.
 *
 * The running score groups predictions by the tenth in which their chance lies, so that "82 % sure" can
 * be answered by "predictions like this were right 8 times in 10"; the Brier score is the mean squared
 * distance of the chance from what came (0 is perfect, 0.25 is a coin).
 *
 * What is told is not what the model says but how often it was right when it said that: the model picks the
 * moment at which it is surest, and is then too sure (in the simulated stores 0.95 came true in 8 of 10).
 * Each store learns its own correction per tenth of the model's chance, beginning with that of the
 * simulated stores, which counts as `correctionWeight` predictions.
 */

export interface StockoutPrediction {
  predictionId: string;
  slotId: string;
  gtin: string;
  raisedAtMs: number;
  emptyAtMs: number;
  untilMs: number;
  chancePpm: number;
  /** The same before correction. */
  modelChancePpm: number;
  /** Chance that the whole store is out by then. */
  storeChancePpm: number;
  nextChance: string;
  /** When it ran empty, or would have; 0 while it has not. */
  ranEmptyAtMs: number;
  /**
   * Base units that were left when somebody refilled it, less what was sold since; -1 while nobody has.
   * When they are used up, it would have run empty.
   */
  leftAtRefill: number;
}

export interface PredictionDecile {
  scored: number;
  right: number;
  chancePpmSum: number;
}

export interface PredictionScore {
  scored: number;
  right: number;
  /** Ones that proved nothing. */
  voided: number;
  brierPpmSum: number;
  /** By the tenth in which the chance lies, the least first. */
  deciles: PredictionDecile[];
  /** By the tenth in which the model's chance lies: what was scored, discounted by the day. */
  corrections: { scored: number; right: number }[];
  /** Minutes by which the last ones that came true ran empty late, oldest first. */
  errorMinutes: number[];
}

export interface PredictionBook {
  /** By slot id: at most one per slot. */
  open: Map<string, StockoutPrediction>;
  /** Raised in this business day, by slot id. */
  raisedToday: Map<string, number>;
  score: PredictionScore;
}

/** Predictions for one slot and business day at most. */
export const predictionsOfDayLimit = 2;
/** Predictions open at once at most. */
export const openPredictionsLimit = 5_000;
/** Errors that the median is taken of. */
const errorsKept = 501;
/** Predictions of a tenth before it is said how often they were right. */
export const leastScored = 10;

export function emptyPredictions(): PredictionBook {
  const deciles = Array.from({ length: 10 }, () => ({ scored: 0, right: 0, chancePpmSum: 0 }));
  const corrections = Array.from({ length: 10 }, () => ({ scored: 0, right: 0 }));
  return {
    open: new Map(),
    raisedToday: new Map(),
    score: {
      scored: 0,
      right: 0,
      voided: 0,
      brierPpmSum: 0,
      deciles,
      corrections,
      errorMinutes: [],
    },
  };
}

/** The squared distance of a chance from what came, in parts per million. */
export function brierPpmOf(chancePpm: number, cameTrue: boolean): number {
  const distance = (cameTrue ? 1_000_000 - chancePpm : chancePpm) / 1_000;
  return Math.round(distance * distance);
}

/** Which tenth a chance lies in: 0 for less than 100,000 ppm, 9 for the surest. */
export function decileOf(chancePpm: number): number {
  return Math.min(9, Math.max(0, Math.floor(chancePpm / 100_000)));
}

/** Predictions that the first correction counts as. */
const correctionWeight = 10;
const correctionDiscount = 0.98;

/** The chance to tell, in parts per million, for what the model says. */
export function correctedPpm({ corrections }: PredictionScore, modelChancePpm: number): number {
  // Fitted to 750 predictions in simulated stores: 0.55 came true in 24 %, 0.75 in 51 %, 0.95 in 80 %.
  const first = Math.max(50_000, 1.35 * modelChancePpm - 500_000);
  const { scored, right } = corrections[decileOf(modelChancePpm)] ?? { scored: 0, right: 0 };
  return Math.round((right * 1_000_000 + correctionWeight * first) / (scored + correctionWeight));
}

/** A business day has ended: what was learned fades a little, so that a doubted tenth is tried again. */
export function fadeCorrections({ score }: PredictionBook): void {
  for (const one of score.corrections) {
    one.scored *= correctionDiscount;
    one.right *= correctionDiscount;
  }
}

/** Adds one that came true or did not; `errorMinutes` of one that did. */
export function addToScore(
  score: PredictionScore,
  { chancePpm, modelChancePpm }: { chancePpm: number; modelChancePpm: number },
  cameTrue: boolean,
  errorMinutes: number | undefined,
): void {
  const decile = score.deciles[decileOf(chancePpm)];
  const correction = score.corrections[decileOf(modelChancePpm)];
  if (decile === undefined || correction === undefined) return;
  correction.scored += 1;
  if (cameTrue) correction.right += 1;
  decile.scored += 1;
  decile.chancePpmSum += chancePpm;
  score.scored += 1;
  score.brierPpmSum += brierPpmOf(chancePpm, cameTrue);
  if (!cameTrue) return;
  decile.right += 1;
  score.right += 1;
  if (errorMinutes === undefined) return;
  score.errorMinutes.push(errorMinutes);
  if (score.errorMinutes.length > errorsKept) score.errorMinutes.shift();
}

/** What is told of the score; figures that nothing is known of are null. */
export interface ScoreSummary {
  open: number;
  scored: number;
  right: number;
  voided: number;
  brier: number | null;
  medianErrorMinutes: number | null;
  /** Of the distance, whatever its direction. */
  medianAbsoluteErrorMinutes: number | null;
  deciles: { fromPercent: number; scored: number; meanChance: number; rightShare: number }[];
}

export function summariseScore({ open, score }: Readonly<PredictionBook>): ScoreSummary {
  const { scored, right, voided, brierPpmSum, errorMinutes } = score;
  const rounded = (value: number) => Math.round(value * 1_000) / 1_000;
  return {
    open: open.size,
    scored,
    right,
    voided,
    brier: scored === 0 ? null : rounded(brierPpmSum / scored / 1_000_000),
    medianErrorMinutes: medianOf(errorMinutes),
    medianAbsoluteErrorMinutes: medianOf(errorMinutes.map(Math.abs)),
    deciles: score.deciles.flatMap((one, index) =>
      one.scored === 0
        ? []
        : {
            fromPercent: index * 10,
            scored: one.scored,
            meanChance: rounded(one.chancePpmSum / one.scored / 1_000_000),
            rightShare: rounded(one.right / one.scored),
          },
    ),
  };
}

function medianOf(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[sorted.length >> 1] ?? null;
}
