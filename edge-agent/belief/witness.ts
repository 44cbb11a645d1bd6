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
  /** Of its last word: squared distance from a whole number of pieces, in variances. */
  lastDistance: number;
  /** What the plate weighed last, in pieces; null before its first word. */
  lastPieces: number | null;
  /** When the weight jumped up from a whole number of pieces to none; 0 while it fits. */
  jumpedAtMs: number;
  /** What the goods on it weighed last; null before its first word. */
  lastMilligrams: number | null;
  /** The largest change of the last hour that nobody made: for what two exchanged plates show. */
  change: WeightChange | null;
  /** Reviews since a suspicion was last raised at all: a calm sensor renews the belief without it. */
  calmHours: number;
}

export interface WeightChange {
  fromMilligrams: number;
  toMilligrams: number;
  atMs: number;
}

export type SensorStory =
  | 'stuck-or-dead'
  | 'drifting-or-swapped'
  /** With the plate that shows what this one showed before. */
  | 'swapped'
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
/** Four deviations: chance alone hardly stands there for an hour, which then counts as so many words. */
const standingLimit = 16;
const standingWords = 6;
/** How long a change is kept, and how far apart two plates may tell of one exchange: two heartbeats. */
const changeKeptMs = 3_600_000;
const exchangeMs = 10 * 60_000;
/** Pieces differ from each other, and a customer may have taken one in between. */
const exchangeMilligrams = 10_000;
const exchangeShare = 0.03;
/** Of heavy goods that is more than a piece: what differs must be little beside the change, too. */
const exchangeSizeShare = 0.25;
/** Squared distance up to which goods are a whole number of pieces. */
const fitLimit = 4;

export function freshWitness(): SensorWitness {
  return {
    takenBefore: 0,
    stuck: 0,
    vanishing: 0,
    misfit: 0,
    lastDistance: 0,
    lastPieces: null,
    jumpedAtMs: 0,
    lastMilligrams: null,
    change: null,
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
  /** The goods on it. */
  milligrams: number;
  atMs: number;
  /** Somebody fills the slot at this moment. */
  isBeingFilled: boolean;
}

export function weighMisfit(
  witness: SensorWitness,
  { squaredDistance, pieces, milligrams, atMs, isBeingFilled }: PlateWord,
): void {
  noteChange(witness, milligrams, atMs, isBeingFilled);
  const risen = pieces - (witness.lastPieces ?? pieces);
  witness.lastPieces = pieces;
  if (squaredDistance < fitLimit) witness.jumpedAtMs = 0;
  else if (witness.jumpedAtMs === 0 && witness.misfit < fitLimit && risen >= 1) {
    witness.jumpedAtMs = atMs;
  }
  witness.lastDistance = squaredDistance;
  remember(witness, squaredDistance);
}

function noteChange(
  witness: SensorWitness,
  milligrams: number,
  atMs: number,
  isBeingFilled: boolean,
): void {
  const from = witness.lastMilligrams;
  witness.lastMilligrams = milligrams;
  if (isBeingFilled) witness.change = null;
  if (from === null || isBeingFilled) return;
  const { change } = witness;
  const isOld = change === null || atMs - change.atMs > changeKeptMs;
  const before = isOld ? 0 : sizeOf(change);
  if (Math.abs(milligrams - from) <= before) return;
  witness.change = { fromMilligrams: from, toMilligrams: milligrams, atMs };
}

/**
 * Two plates changed at the same time, and each shows since what the other showed before: their cables, or
 * their names, were exchanged.
 */
export function isExchange(one: WeightChange, other: WeightChange): boolean {
  const size = Math.min(sizeOf(one), sizeOf(other));
  const isNear = (a: number, b: number) =>
    Math.abs(a - b) <=
    Math.min(exchangeMilligrams + exchangeShare * Math.max(a, b), exchangeSizeShare * size);
  return (
    Math.abs(one.atMs - other.atMs) <= exchangeMs &&
    isNear(one.fromMilligrams, other.toMilligrams) &&
    isNear(one.toMilligrams, other.fromMilligrams) &&
    size > exchangeMilligrams + exchangeShare * Math.max(one.fromMilligrams, one.toMilligrams)
  );
}

export const isRise = ({ fromMilligrams, toMilligrams }: WeightChange): boolean =>
  toMilligrams > fromMilligrams;

const sizeOf = ({ fromMilligrams, toMilligrams }: WeightChange): number =>
  Math.abs(toMilligrams - fromMilligrams);

/**
 * An hour ended and the plate still stands where no whole number of pieces does. It speaks when something
 * changes; that nothing did is a word as well, for a hand or a bag would have gone by now. Answers whether
 * that was anything.
 */
export function weighStanding(witness: SensorWitness): boolean {
  if (witness.lastDistance < standingLimit) return false;
  for (let word = 0; word < standingWords; word += 1) remember(witness, witness.lastDistance);
  return true;
}

function remember(witness: SensorWitness, squaredDistance: number): void {
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
  if (isExact && witness.misfit >= misfitLimit) {
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
