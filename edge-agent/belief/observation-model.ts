/**
 * How likely a sensor's word is for each quantity that might be there: the error models of the
 * observations. Each answers a likelihood by quantity in base units.
 *
 * - Weight: normal around `quantity × unit weight`, with the plate's own error (2 g and 0.1 % of the
 *   goods) and what pieces differ from each other (spread × √quantity).
 * - Distance: normal around `quantity × depth / facings` from the back wall, 8 mm.
 * - Fill level: normal, 5 % of the capacity.
 * - RFID: binomial, each tag is read with a chance of 0.93 in one pass.
 *
 * A bag on the plate or a hand before the sensor happens: with a small chance a reading says nothing at
 * all, so that no single reading can make anything impossible. Example: the plate shows 10.02 jars of
 * 345 g: 10 is e^0, 9 and 11 are e^-(345²/2·11²), as good as nothing but that small chance.
 */

/** A chance, up to a constant factor, by quantity in base units. */
export type Likelihood = (quantity: number) => number;

/** Share of readings that say nothing about the goods. */
const nonsenseShare = 1e-4;
const plateErrorMilligrams = 2_000;
const plateErrorShare = 0.001;
const distanceErrorMicrometres = 8_000;
const fillErrorShare = 0.05;
const tagReadRate = 0.93;

function normal(measured: number, expected: number, deviation: number): number {
  const distance = (measured - expected) / deviation;
  return Math.exp(-0.5 * distance * distance) / deviation;
}

export interface WeighedGoods {
  /** Of one piece; 1 for goods whose quantity is their weight. */
  unitWeightMilligrams: number;
  unitWeightSpreadPpm: number;
}

/** `goodsMilligrams`: what the plate shows without its fixture. */
export function weightLikelihood(goods: WeighedGoods, goodsMilligrams: number): Likelihood {
  const spread = (goods.unitWeightMilligrams * goods.unitWeightSpreadPpm) / 1_000_000;
  const floor = nonsenseShare / Math.max(goods.unitWeightMilligrams, plateErrorMilligrams);
  return (quantity) => {
    const expected = quantity * goods.unitWeightMilligrams;
    const plate = plateErrorMilligrams + plateErrorShare * expected;
    const deviation = Math.sqrt(plate * plate + quantity * spread * spread);
    return normal(goodsMilligrams, expected, deviation) + floor;
  };
}

/**
 * Squared distance of a weight from the nearest whole number of pieces, in variances: about 1 for a
 * healthy plate, far more when what lies there is not so many of these pieces.
 */
export function plateMisfit(goods: WeighedGoods, goodsMilligrams: number): number {
  const { unitWeightMilligrams, unitWeightSpreadPpm } = goods;
  const pieces = Math.max(0, Math.round(goodsMilligrams / unitWeightMilligrams));
  const spread = (unitWeightMilligrams * unitWeightSpreadPpm) / 1_000_000;
  const plate = plateErrorMilligrams + plateErrorShare * pieces * unitWeightMilligrams;
  const distance = goodsMilligrams - pieces * unitWeightMilligrams;
  return (distance * distance) / (plate * plate + pieces * spread * spread);
}

/** `filledMicrometres`: how far the goods reach from the back wall; `depth` of one piece over facings. */
export function distanceLikelihood(
  depthMicrometres: number,
  filledMicrometres: number,
): Likelihood {
  const floor = nonsenseShare / Math.max(depthMicrometres, distanceErrorMicrometres);
  return (quantity) =>
    normal(filledMicrometres, quantity * depthMicrometres, distanceErrorMicrometres) + floor;
}

export function fillLikelihood(capacity: number, fillPpm: number): Likelihood {
  const filled = (capacity * fillPpm) / 1_000_000;
  const deviation = Math.max(0.5, capacity * fillErrorShare);
  return (quantity) => normal(filled, quantity, deviation) + nonsenseShare / Math.max(1, capacity);
}

/** Tags of this product read in one pass; at the capacity more tags than goods can be read. */
export function tagLikelihood(tagCount: number, capacity: number): Likelihood {
  return (quantity) => {
    if (tagCount >= capacity && quantity === capacity) return 1;
    return binomial(tagCount, quantity) + nonsenseShare;
  };
}

function binomial(successes: number, trials: number): number {
  if (successes > trials) return 0;
  const misses = trials - successes;
  let chance = tagReadRate ** successes;
  for (let miss = 1; miss <= misses; miss += 1) {
    chance *= ((successes + miss) / miss) * (1 - tagReadRate);
  }
  return chance;
}
