/**
 * Gradient-boosted regression trees over binned features (Friedman, "Greedy function approximation: a
 * gradient boosting machine", Annals of Statistics 29, 2001; histograms as in LightGBM, NeurIPS 2017).
 * Two losses: `poisson` for units (log link, so that the sum of predictions meets the sum of units) and
 * `logistic` for chances. Rows may have an offset on the scale of the link.
 */

export type Loss = 'poisson' | 'logistic';

export interface TrainingSet {
  /** Feature values, row by row: values[row × features + feature]. NaN counts as the lowest. */
  values: Float32Array;
  features: number;
  targets: Float32Array;
  /** Added to the score of each row: the logarithm of a first guess, say. */
  offsets: Float32Array;
}

export interface BoostingSettings {
  loss: Loss;
  trees: number;
  depth: number;
  learningRate: number;
  /** Least sum of second derivatives in a leaf. */
  leafWeight: number;
  /** Shares of rows and features that a tree sees. */
  rowShare: number;
  featureShare: number;
  random(): number;
}

const bins = 32;
/** Rows that the borders of bins are found from. */
const borderRows = 20_000;
const regularisation = 1;

interface Tree {
  /** Feature by node, -1 for a leaf; nodes as in a heap, the root is 0. */
  features: Int16Array;
  borders: Float32Array;
  leaves: Float32Array;
}

export class Forest {
  readonly #trees: readonly Tree[];
  readonly #features: number;

  constructor(trees: readonly Tree[], features: number) {
    this.#trees = trees;
    this.#features = features;
  }

  /** Sum of the trees for a row that begins at `at`; the caller adds the offset and undoes the link. */
  score(values: Float32Array, at: number): number {
    let sum = 0;
    for (const { features, borders, leaves } of this.#trees) {
      let node = 0;
      for (let feature = features[0] as number; feature >= 0; feature = features[node] as number) {
        const value = values[at + feature] as number;
        node = 2 * node + (value > (borders[node] as number) ? 2 : 1);
      }
      sum += leaves[node] as number;
    }
    return sum;
  }

  get features(): number {
    return this.#features;
  }
}

export function trainForest(set: TrainingSet, settings: BoostingSettings): Forest {
  const { features, targets, offsets } = set;
  const rows = targets.length;
  const borders = bordersOf(set);
  const binned = binsOf(set, borders);
  const scores = Float32Array.from(offsets);
  const gradients = new Float32Array(rows);
  const curvatures = new Float32Array(rows);
  const trees: Tree[] = [];
  for (let round = 0; round < settings.trees && rows > 0; round += 1) {
    for (let row = 0; row < rows; row += 1) {
      const score = scores[row] as number;
      const mean =
        settings.loss === 'poisson' ? Math.exp(Math.min(score, 20)) : 1 / (1 + Math.exp(-score));
      gradients[row] = mean - (targets[row] as number);
      curvatures[row] = settings.loss === 'poisson' ? mean : mean * (1 - mean);
    }
    const tree = growTree({ binned, borders, gradients, curvatures, rows, features }, settings);
    trees.push(tree);
    const forest = new Forest([tree], features);
    for (let row = 0; row < rows; row += 1) {
      scores[row] = (scores[row] as number) + forest.score(set.values, row * features);
    }
  }
  return new Forest(trees, features);
}

/** Borders between bins, from the quantiles of each feature. */
function bordersOf({ values, features, targets }: TrainingSet): Float32Array[] {
  const rows = targets.length;
  const step = Math.max(1, Math.floor(rows / borderRows));
  return Array.from({ length: features }, (_, feature) => {
    const sample: number[] = [];
    for (let row = 0; row < rows; row += step) {
      const value = values[row * features + feature] as number;
      if (!Number.isNaN(value)) sample.push(value);
    }
    sample.sort((one, other) => one - other);
    const borders = new Set<number>();
    for (let bin = 1; bin < bins; bin += 1) {
      const border = sample[Math.floor((bin * sample.length) / bins)];
      if (border !== undefined && border < (sample.at(-1) ?? border)) borders.add(border);
    }
    return Float32Array.from(borders);
  });
}

function binsOf(set: TrainingSet, borders: readonly Float32Array[]): Uint8Array {
  const { values, features } = set;
  const all = new Uint8Array(values.length);
  borders.forEach((limits, feature) => {
    for (let at = feature; at < all.length; at += features) {
      const value = values[at] as number;
      // NaN is above no border: bin 0.
      let low = 0;
      let high = limits.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (value > (limits[middle] as number)) low = middle + 1;
        else high = middle;
      }
      all[at] = low;
    }
  });
  return all;
}

interface Growing {
  /** Bin of each value, row by row: a row's features lie together in memory. */
  binned: Uint8Array;
  borders: readonly Float32Array[];
  gradients: Float32Array;
  curvatures: Float32Array;
  rows: number;
  features: number;
}

/** The rows that one tree sees, and the node that each has reached; -1 where it ended. */
interface Sample {
  chosen: Int32Array;
  nodeOf: Int16Array;
  /** The features that the tree may split on. */
  used: Int32Array;
}

/** Level by level; each level sums gradients by node, feature and bin, and takes the best split. */
function growTree(growing: Growing, settings: BoostingSettings): Tree {
  const { borders, rows, features } = growing;
  const nodes = 2 ** (settings.depth + 1) - 1;
  const tree: Tree = {
    features: new Int16Array(nodes).fill(-1),
    borders: new Float32Array(nodes),
    leaves: new Float32Array(nodes),
  };
  const random = (share: number) => () => settings.random() < share;
  const chosen = Int32Array.from({ length: rows }, (_, row) => row).filter(
    random(settings.rowShare),
  );
  const used = Int32Array.from(borders, (_, feature) => feature).filter(
    random(settings.featureShare),
  );
  const sample: Sample = { chosen, nodeOf: new Int16Array(chosen.length), used };
  const splitBins = new Int16Array(nodes);
  for (let level = 0; level <= settings.depth; level += 1) {
    const first = 2 ** level - 1;
    const width = 2 ** level;
    const totals = totalsByNode(growing, sample, first, width);
    for (let node = 0; node < width; node += 1) {
      const weight = totals[2 * node + 1] as number;
      const step = -(totals[2 * node] as number) / (weight + regularisation);
      tree.leaves[first + node] = weight > 0 ? settings.learningRate * step : 0;
    }
    if (level === settings.depth) break;
    const sums = sumsByBin(growing, sample, first, width);
    const gains = new Float64Array(width);
    for (const feature of used) {
      const limits = borders[feature] as Float32Array;
      const found = (node: number, bin: number, gain: number) => {
        if (gain <= (gains[node] as number)) return;
        gains[node] = gain;
        splitBins[first + node] = bin;
        tree.features[first + node] = feature;
        tree.borders[first + node] = limits[bin] as number;
      };
      const place = { at: feature * bins, stride: features * bins, borders: limits.length };
      findSplits(sums, totals, place, settings.leafWeight, found);
    }
    moveDown(growing, sample, tree, splitBins);
  }
  return tree;
}

function totalsByNode(
  { gradients, curvatures }: Growing,
  { chosen, nodeOf }: Sample,
  first: number,
  width: number,
): Float64Array {
  const totals = new Float64Array(width * 2);
  for (let index = 0; index < chosen.length; index += 1) {
    const node = (nodeOf[index] as number) - first;
    if (node < 0) continue;
    const row = chosen[index] as number;
    totals[2 * node] = (totals[2 * node] as number) + (gradients[row] as number);
    totals[2 * node + 1] = (totals[2 * node + 1] as number) + (curvatures[row] as number);
  }
  return totals;
}

/** [node, feature, bin]: gradient and curvature. Nearly all time of a fit is spent in this loop. */
function sumsByBin(
  { binned, gradients, curvatures, features }: Growing,
  { chosen, nodeOf, used }: Sample,
  first: number,
  width: number,
): Float64Array {
  const sums = new Float64Array(width * features * bins * 2);
  const count = used.length;
  for (let index = 0; index < chosen.length; index += 1) {
    const node = (nodeOf[index] as number) - first;
    if (node < 0) continue;
    const row = chosen[index] as number;
    const gradient = gradients[row] as number;
    const curvature = curvatures[row] as number;
    const from = row * features;
    const base = node * features;
    for (let turn = 0; turn < count; turn += 1) {
      const feature = used[turn] as number;
      const at = ((base + feature) * bins + (binned[from + feature] as number)) * 2;
      sums[at] = (sums[at] as number) + gradient;
      sums[at + 1] = (sums[at + 1] as number) + curvature;
    }
  }
  return sums;
}

function moveDown(
  { binned, features }: Growing,
  { chosen, nodeOf }: Sample,
  tree: Tree,
  splitBins: Int16Array,
): void {
  for (let index = 0; index < chosen.length; index += 1) {
    const node = nodeOf[index] as number;
    if (node < 0) continue;
    const feature = tree.features[node] as number;
    if (feature < 0) nodeOf[index] = -1;
    else {
      const bin = binned[(chosen[index] as number) * features + feature] as number;
      nodeOf[index] = 2 * node + (bin > (splitBins[node] as number) ? 2 : 1);
    }
  }
}

/** Where the sums of one feature lie. */
interface Place {
  at: number;
  /** From one node to the next. */
  stride: number;
  borders: number;
}

/** Tells every node's gain of every split of one feature. */
function findSplits(
  sums: Float64Array,
  totals: Float64Array,
  place: Place,
  leafWeight: number,
  found: (node: number, bin: number, gain: number) => void,
): void {
  const value = (gradient: number, weight: number) =>
    (gradient * gradient) / (weight + regularisation);
  for (let node = 0; 2 * node < totals.length; node += 1) {
    const gradient = totals[2 * node] as number;
    const weight = totals[2 * node + 1] as number;
    if (weight < 2 * leafWeight) continue;
    const whole = value(gradient, weight);
    let [leftGradient, leftWeight] = [0, 0];
    for (let bin = 0; bin < place.borders; bin += 1) {
      const at = (node * place.stride + place.at + bin) * 2;
      leftGradient += sums[at] as number;
      leftWeight += sums[at + 1] as number;
      if (leftWeight < leafWeight || weight - leftWeight < leafWeight) continue;
      const gain =
        value(leftGradient, leftWeight) +
        value(gradient - leftGradient, weight - leftWeight) -
        whole;
      if (gain > 1e-6) found(node, bin, gain);
    }
  }
}
