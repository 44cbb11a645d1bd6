import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Agenda } from './agenda.ts';
import { drawDayFactor, drawNormal, drawPoisson } from './distributions.ts';
import { randomStream } from './random.ts';

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const many = (draw: () => number) => Array.from({ length: 20_000 }, draw);

describe('seeded chance', () => {
  it('gives the same stream for the same name, and streams that do not follow each other', () => {
    const draws = (name: string) => {
      const random = randomStream(name);
      return Array.from({ length: 50 }, () => random.fraction());
    };
    expect(draws('a')).toEqual(draws('a'));
    expect(draws('a')).not.toEqual(draws('b'));
    const parent = randomStream('a');
    const child = parent.stream('x').fraction();
    parent.fraction();
    expect(parent.stream('x').fraction()).toBe(child);
  });

  it('draws with the right means and spreads', () => {
    const random = randomStream('moments');
    expect(mean(many(() => random.fraction()))).toBeCloseTo(0.5, 1);
    expect(mean(many(() => drawNormal(random, 3, 2)))).toBeCloseTo(3, 1);
    expect(mean(many(() => drawDayFactor(random, 0.25)))).toBeCloseTo(1, 1);
    for (const expected of [0.2, 4, 75]) {
      const draws = many(() => drawPoisson(random, expected));
      const spread = mean(draws.map((draw) => (draw - expected) ** 2));
      expect(mean(draws) / expected).toBeCloseTo(1, 1);
      expect(spread / expected).toBeCloseTo(1, 1);
    }
  });
});

describe('the agenda', () => {
  it('lets everything happen in order of time, then of entry', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 })), (times) => {
        const agenda = new Agenda(0);
        const seen: [number, number][] = [];
        for (const [entry, atMs] of times.entries())
          agenda.at(atMs, () => seen.push([atMs, entry]));
        agenda.run(100);
        const expected = times
          .map((atMs, entry): [number, number] => [atMs, entry])
          .sort((one, other) => one[0] - other[0] || one[1] - other[1]);
        expect(seen).toEqual(expected);
        expect(agenda.nowMs).toBe(100);
      }),
    );
  });

  it('stops at its time and keeps the rest', () => {
    const agenda = new Agenda(10);
    const seen: string[] = [];
    agenda.after(5, () => agenda.after(1, () => seen.push('chained')));
    agenda.at(30, () => seen.push('later'));
    agenda.run(20);
    expect(seen).toEqual(['chained']);
    agenda.run(30);
    expect(seen).toEqual(['chained', 'later']);
  });
});
