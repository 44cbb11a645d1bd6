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
  const binned = binnedColumns(set, borders);
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

function binnedColumns(set: TrainingSet, borders: readonly Float32Array[]): Uint8Array[] {
  const { values, features, targets } = set;
  return borders.map((limits, feature) => {
    const column = new Uint8Array(targets.length);
    for (let row = 0; row < column.length; row += 1) {
      const value = values[row * features + feature] as number;
      let bin = 0;
      while (bin < limits.length && value > (limits[bin] as number)) bin += 1;
      column[row] = bin;
    }
    return column;
  });
}

interface Growing {
  binned: readonly Uint8Array[];
  borders: readonly Float32Array[];
  gradients: Float32Array;
  curvatures: Float32Array;
  rows: number;
  features: number;
}

/** Level by level; each level sums gradients by node, feature and bin, and takes the best split. */
function growTree(growing: Growing, settings: BoostingSettings): Tree {
  const { binned, borders, gradients, curvatures, rows, features } = growing;
  const nodes = 2 ** (settings.depth + 1) - 1;
  const tree: Tree = {
    features: new Int16Array(nodes).fill(-1),
    borders: new Float32Array(nodes),
    leaves: new Float32Array(nodes),
  };
  const chosen = Int32Array.from({ length: rows }, (_, row) => row).filter(
    () => settings.random() < settings.rowShare,
  );
  const used = binned.map(() => settings.random() < settings.featureShare);
  const nodeOf = new Int16Array(chosen.length);
  for (let level = 0; level <= settings.depth; level += 1) {
    const first = 2 ** level - 1;
    const width = 2 ** level;
    const totals = new Float64Array(width * 2);
    chosen.forEach((row, index) => {
      const node = (nodeOf[index] as number) - first;
      if (node < 0) return;
      totals[2 * node] = (totals[2 * node] as number) + (gradients[row] as number);
      totals[2 * node + 1] = (totals[2 * node + 1] as number) + (curvatures[row] as number);
    });
    for (let node = 0; node < width; node += 1) {
      const weight = totals[2 * node + 1] as number;
      const step = -(totals[2 * node] as number) / (weight + regularisation);
      tree.leaves[first + node] = weight > 0 ? settings.learningRate * step : 0;
    }
    if (level === settings.depth) break;
    const gains = new Float64Array(width);
    const splitBins = new Int16Array(width);
    for (let feature = 0; feature < features; feature += 1) {
      if (!used[feature]) continue;
      const sums = new Float64Array(width * bins * 2);
      const column = binned[feature] as Uint8Array;
      for (let index = 0; index < chosen.length; index += 1) {
        const node = (nodeOf[index] as number) - first;
        if (node < 0) continue;
        const row = chosen[index] as number;
        const at = (node * bins + (column[row] as number)) * 2;
        sums[at] = (sums[at] as number) + (gradients[row] as number);
        sums[at + 1] = (sums[at + 1] as number) + (curvatures[row] as number);
      }
      findSplits(
        sums,
        totals,
        (borders[feature] as Float32Array).length,
        settings.leafWeight,
        (node, bin, gain) => {
          if (gain <= (gains[node] as number)) return;
          gains[node] = gain;
          splitBins[node] = bin;
          tree.features[first + node] = feature;
          tree.borders[first + node] = borders[feature]?.[bin] ?? 0;
        },
      );
    }
    for (let index = 0; index < chosen.length; index += 1) {
      const at = nodeOf[index] as number;
      const node = at - first;
      if (node < 0) continue;
      const feature = tree.features[at] as number;
      if (feature < 0) nodeOf[index] = -1;
      else {
        const bin = binned[feature]?.[chosen[index] as number] as number;
        nodeOf[index] = 2 * at + (bin > (splitBins[node] as number) ? 2 : 1);
      }
    }
  }
  return tree;
}

/** Tells every node's gain of every split of one feature. */
function findSplits(
  sums: Float64Array,
  totals: Float64Array,
  borders: number,
  leafWeight: number,
  found: (node: number, bin: number, gain: number) => void,
): void {
  const value = (gradient: number, weight: number) =>
    (gradient * gradient) / (weight + regularisation);
  for (let node = 0; 2 * node < totals.length; node += 1) {
    const gradient = totals[2 * node] as number;
    const weight = totals[2 * node + 1] as number;
    const whole = value(gradient, weight);
    let [leftGradient, leftWeight] = [0, 0];
    for (let bin = 0; bin < borders; bin += 1) {
      const at = (node * bins + bin) * 2;
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
