/**
 * What shelf sensor and till say of each other. Every piece that a till sells should have been seen
 * to leave, every piece seen to leave should soon be sold, and what a plate shows should be a whole
 * number of pieces. A sensor that fails one of these again and again lies, and which one it fails tells the
 * likeliest story:
 *
 * - sold but never seen to leave: stuck or dead (or it weighs too little: half of the pieces);
 * - seen to leave, never sold: drifting, swapped with another slot's sensor, or right: the goods are gone
 *   (theft, a case that was never put there); a plate that sees every sale is believed;
 * - no whole number of pieces: wrong unit weight, drift; goods of the next slot, when the plate jumped from
 *   a fit while somebody was filling that one.
 *
 * Of a product that lies in several slots nobody knows from which one a till sold: what a sensor did not
 * see leave there says nothing against it. Nor does what was in baskets when it began to watch.
 *
 * Each suspicion is a sum that grows with a contradiction and shrinks with an agreement (Page's CUSUM,
 * Biometrika 41, 1954): a single unscanned piece is forgotten, a sensor that stands still while five
 * pieces are sold is not.
 */

export interface SensorWitness {
  /** Pieces seen to leave that were unexplained when the last hour ended. */
  takenBefore: number;
  /** The three suspicions. */
  stuck: number;
  vanishing: number;
  misfit: number;
  /** What the plate weighed last, in pieces; null before its first word. */
  lastPieces: number | null;
  /** When the weight jumped up from a whole number of pieces to none; 0 while it fits. */
  jumpedAtMs: number;
  /** Reviews since a suspicion was last raised at all: a calm sensor renews the belief without it. */
  calmHours: number;
}

export type SensorStory =
  | 'stuck-or-dead'
  | 'drifting-or-swapped'
  | 'wrong-product-or-unit-weight'
  /** The sensor is right, and the record wrong. */
  | 'goods-gone';

export interface SensorVerdict {
  story: SensorStory;
  /** What was seen, in words for people. */
  evidence: string;
}

/** What an agreed sale takes off the suspicion of standing still. */
const agreementRelief = 0.15;
/** Sales unseen, net of the agreed ones, at which a sensor counts as stuck. */
const stuckLimit = 4;
/** Sales unseen that tell a plate which shows other goods from one that sees its own go. */
const blindLimit = 1.5;
/** Pieces that left unsold, net of what theft explains in an hour. */
const vanishingLimit = 6;
const vanishingReliefPerHour = 0.4;
/** Mean squared distance from a whole number of pieces, in variances; 1 is what noise gives. */
const misfitLimit = 9;
const misfitMemory = 0.85;
const misfitCut = 25;
/** Squared distance up to which goods are a whole number of pieces. */
const fitLimit = 4;

export function freshWitness(): SensorWitness {
  return {
    takenBefore: 0,
    stuck: 0,
    vanishing: 0,
    misfit: 0,
    lastPieces: null,
    jumpedAtMs: 0,
    calmHours: 0,
  };
}

/** The till sold pieces that the sensor had seen leave, and others that it should have seen. */
export function weighSales(witness: SensorWitness, agreed: number, unseen: number): void {
  witness.stuck = Math.max(0, witness.stuck + unseen - agreementRelief * agreed);
}

/** An hour ended with so many pieces seen to leave and not sold. */
export function weighUnsold(witness: SensorWitness, seenTaken: number): void {
  const grown = Math.max(0, seenTaken - witness.takenBefore);
  witness.takenBefore = seenTaken;
  witness.vanishing = Math.max(0, witness.vanishing + grown - vanishingReliefPerHour);
  const isCalm = witness.stuck < 1 && witness.vanishing < 2 && witness.misfit < 2.5;
  witness.calmHours = isCalm ? witness.calmHours + 1 : 0;
}

/** What a plate showed. */
export interface PlateWord {
  /** From the nearest whole number of pieces, in variances. */
  squaredDistance: number;
  /** What it weighs, in pieces. */
  pieces: number;
  atMs: number;
}

export function weighMisfit(
  witness: SensorWitness,
  { squaredDistance, pieces, atMs }: PlateWord,
): void {
  const risen = pieces - (witness.lastPieces ?? pieces);
  witness.lastPieces = pieces;
  if (squaredDistance < fitLimit) witness.jumpedAtMs = 0;
  else if (witness.jumpedAtMs === 0 && witness.misfit < fitLimit && risen >= 1) {
    witness.jumpedAtMs = atMs;
  }
  const cut = Math.min(squaredDistance, misfitCut);
  witness.misfit = misfitMemory * witness.misfit + (1 - misfitMemory) * cut;
}

/**
 * What the suspicions come to; null while the sensor may be believed. `patience` widens the limits;
 * `isExact`: a plate, whose figure is right or visibly wrong.
 */
export function judgeSensor(
  witness: SensorWitness,
  { patience = 1, isExact = false }: { patience?: number; isExact?: boolean } = {},
): SensorVerdict | null {
  if (witness.stuck >= stuckLimit * patience) {
    const count = Math.round(witness.stuck);
    return { story: 'stuck-or-dead', evidence: `the till sold ${count} that it never saw leave` };
  }
  if (witness.misfit >= misfitLimit) {
    return {
      story: 'wrong-product-or-unit-weight',
      evidence: 'what it weighs is no whole number of pieces',
    };
  }
  if (witness.vanishing >= vanishingLimit * patience) {
    const evidence = `it saw ${Math.round(witness.vanishing)} leave that nobody bought`;
    const isRight = isExact && witness.stuck < blindLimit;
    return { story: isRight ? 'goods-gone' : 'drifting-or-swapped', evidence };
  }
  return null;
}
