import { describe, expect, it } from 'vitest';
import { seededFraction } from '../sequencing/seeded-fraction.ts';
import { type BoostingSettings, type TrainingSet, trainForest } from './gradient-boosting.ts';

const settings = (more: Partial<BoostingSettings>): BoostingSettings => ({
  loss: 'poisson',
  trees: 1,
  depth: 1,
  learningRate: 1,
  leafWeight: 1,
  rowShare: 1,
  featureShare: 1,
  random: seededFraction(1),
  ...more,
});

function setOf(rows: readonly (readonly number[])[], targets: readonly number[]): TrainingSet {
  return {
    values: Float32Array.from(rows.flat()),
    features: rows[0]?.length ?? 0,
    targets: Float32Array.from(targets),
    offsets: new Float32Array(targets.length),
  };
}

describe('boosted trees', () => {
  it('takes the first split and its leaves as worked out by hand', () => {
    // Mean e^0 = 1: gradients of the low rows 1 - 0, of the high rows 1 - 3; curvature 1 each.
    const forest = trainForest(
      setOf(
        [
          [0, 5],
          [0, 7],
          [1, 5],
          [1, 7],
        ],
        [0, 0, 3, 3],
      ),
      settings({}),
    );
    const score = (...row: number[]) => forest.score(Float32Array.from(row), 0);
    expect(score(0, 5)).toBeCloseTo(-2 / (2 + 1));
    expect(score(0, 7)).toBeCloseTo(-2 / (2 + 1));
    expect(score(1, 5)).toBeCloseTo(4 / (2 + 1));
  });

  it('chooses the split that a search over all splits finds best', () => {
    const random = seededFraction(7);
    for (let round = 0; round < 30; round += 1) {
      const rows = Array.from({ length: 24 }, () =>
        Array.from({ length: 3 }, () => Math.floor(random() * 6)),
      );
      const targets = rows.map((row) => Math.floor(random() * 4) + (row[round % 3] ?? 0));
      const set = setOf(rows, targets);
      const forest = trainForest(set, settings({}));
      const leaves = rows.map((row) => forest.score(Float32Array.from(row), 0));
      const gains = new Map<number, number>();
      leaves.forEach((leaf, at) => {
        gains.set(leaf, (gains.get(leaf) ?? 0) + 1 - (targets[at] ?? 0));
      });
      const value = (gradient: number, weight: number) => gradient ** 2 / (weight + 1);
      const found = [...gains].reduce((sum, [leaf, gradient]) => {
        return sum + value(gradient, leaves.filter((other) => other === leaf).length);
      }, 0);
      let best = 0;
      for (let feature = 0; feature < 3; feature += 1) {
        for (let border = 0; border < 5; border += 1) {
          const sides = [false, true].map((isAbove) => {
            const side = targets.filter((_, at) => (rows[at]?.[feature] ?? 0) > border === isAbove);
            return side.length === 0
              ? Number.NaN
              : value(
                  side.reduce((sum, target) => sum + 1 - target, 0),
                  side.length,
                );
          });
          const gain = (sides[0] ?? 0) + (sides[1] ?? 0);
          if (gain > best) best = gain;
        }
      }
      expect(found).toBeCloseTo(best, 4);
    }
  });

  it('meets the mean of each group with Poisson loss and the share with logistic loss', () => {
    const groups = Array.from({ length: 300 }, (_, at) => [at % 3]);
    const units = groups.map(([group = 0], at) => (group + 1) * (at % 2 === 0 ? 0.5 : 1.5));
    const poisson = trainForest(
      setOf(groups, units),
      settings({ trees: 60, depth: 2, learningRate: 0.5 }),
    );
    const chances = groups.map(([group = 0], at) => (at % 10 < (group + 1) * 2 ? 1 : 0));
    const logistic = trainForest(
      setOf(groups, chances),
      settings({ loss: 'logistic', trees: 60, depth: 2, learningRate: 0.5 }),
    );
    for (let group = 0; group < 3; group += 1) {
      const row = Float32Array.of(group);
      expect(Math.exp(poisson.score(row, 0))).toBeCloseTo(group + 1, 1);
      const share = 1 / (1 + Math.exp(-logistic.score(row, 0)));
      expect(share).toBeCloseTo((group + 1) * 0.2, 1);
    }
  });

  it('starts from the offsets and takes an unknown value for the lowest', () => {
    const set = setOf([[Number.NaN], [1], [2], [2]], [2, 2, 2, 2]);
    const exact = { ...set, offsets: new Float32Array(4).fill(Math.log(2)) };
    const forest = trainForest(exact, settings({}));
    expect(forest.score(Float32Array.of(2), 0)).toBeCloseTo(0, 5);
    const split = trainForest(setOf([[Number.NaN], [1], [2], [2]], [5, 5, 0, 0]), settings({}));
    const unknown = split.score(Float32Array.of(Number.NaN), 0);
    expect(unknown).toBe(split.score(Float32Array.of(1), 0));
    expect(unknown).toBeGreaterThan(split.score(Float32Array.of(2), 0));
  });
});
