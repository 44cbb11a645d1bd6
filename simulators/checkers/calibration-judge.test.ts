import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CalibrationJudge } from './calibration-judge.ts';

describe('calibration', () => {
  it('counts P(empty) in its bin', () => {
    const judge = new CalibrationJudge();
    judge.sample([0.3, 0.7], 0);
    judge.sample([0.4, 0.6], 1);
    const verdict = judge.verdict();
    const bin = verdict.bins.find(({ upTo }) => upTo === 0.5);
    expect(bin).toEqual({ upTo: 0.5, count: 2, predicted: 0.35, seen: 0.5 });
    expect(verdict.brierEmpty).toBeCloseTo((0.49 + 0.16) / 2, 12);
  });

  it('is covered at its level by a truth drawn from any belief, once randomised', () => {
    const weights = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(weights, (drawn) => {
        const total = drawn.reduce((sum, weight) => sum + weight, 0);
        fc.pre(total > 0);
        const cells = drawn.map((weight) => weight / total);
        const judge = new CalibrationJudge();
        for (const [cell, weight] of drawn.entries()) {
          for (let time = 0; time < weight; time += 1) judge.sample(cells, cell);
        }
        for (const { level, plain, randomised } of judge.verdict().coverage) {
          expect(randomised).toBeCloseTo(level, 9);
          expect(plain).toBeGreaterThan(level - 1e-9);
        }
      }),
    );
  });

  it('sees a belief that is sure of the wrong thing', () => {
    const judge = new CalibrationJudge();
    judge.sample([0, 0, 1], 1);
    for (const { plain, randomised } of judge.verdict().coverage) {
      expect([plain, randomised]).toEqual([0, 0]);
    }
  });
});
