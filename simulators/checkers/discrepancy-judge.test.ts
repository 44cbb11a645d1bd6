import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hourMs, instantOf, minuteMs } from '../kernel/day-clock.ts';
import type { RaisedException } from '../policies/policy.ts';
import type { Cause } from '../scenarios/cause.ts';
import { judgeDiscrepancies, openingHoursBetween } from './discrepancy-judge.ts';

const opening = { opensHour: 7, closesHour: 21 };

describe('opening hours between two instants', () => {
  it('leaves the nights out', () => {
    expect(openingHoursBetween(instantOf(2, 6), instantOf(3, 16), opening)).toBe(23);
    expect(openingHoursBetween(instantOf(2, 20), instantOf(3, 8), opening)).toBe(2);
    expect(openingHoursBetween(instantOf(2, 22), instantOf(3, 6), opening)).toBe(0);
    expect(openingHoursBetween(instantOf(3, 8), instantOf(2, 8), opening)).toBe(0);
  });

  it('agrees with counting open quarters of an hour one by one', () => {
    const quarters = fc.integer({ min: 0, max: 4 * 24 * 6 });
    fc.assert(
      fc.property(quarters, quarters, (one, other) => {
        const [from, to] = one < other ? [one, other] : [other, one];
        let open = 0;
        for (let quarter = from; quarter < to; quarter += 1) {
          const hour = (quarter % 96) / 4;
          if (hour >= opening.opensHour && hour < opening.closesHour) open += 0.25;
        }
        const at = (quarter: number) => instantOf(1, 0) + quarter * 15 * minuteMs;
        expect(openingHoursBetween(at(from), at(to), opening)).toBeCloseTo(open, 9);
      }),
    );
  });
});

describe('wrong records', () => {
  const cause = (gtin: string, isPlanted = true): Cause => ({
    kind: 'record-too-high',
    subjects: [gtin],
    group: ['bin-1'],
    atMs: instantOf(2, 6),
    untilMs: instantOf(2, 7),
    isPlanted,
    story: '',
  });
  const check = (subjects: string[], atMs: number): RaisedException => ({
    type: 'wrong',
    atMs,
    subjects,
    role: 'lead',
  });
  const judge = (raised: RaisedException[], causes: Cause[]) => {
    const { classes, ...counts } = judgeDiscrepancies({
      raised,
      causes,
      meaning: (type) => (type === 'wrong' ? ['record-too-high'] : undefined),
      opening,
      withinOpeningHours: 24,
    });
    return { ...classes.get('record-too-high'), ...counts };
  };

  it('credits no other product of the same bin', () => {
    const verdict = judge([check(['b', 'bin-1'], instantOf(2, 9))], [cause('a')]);
    expect(verdict).toEqual({ planted: 1, named: 0, right: 0, false: 1, again: 0 });
  });

  it('counts the last minute of the time, and nothing after it', () => {
    const last = instantOf(3, 17);
    const named = { planted: 1, named: 1, right: 1, false: 0, again: 0 };
    expect(judge([check(['a'], last)], [cause('a')])).toEqual(named);
    expect(judge([check(['a'], last + 1)], [cause('a')])).toEqual({ ...named, named: 0 });
    expect(judge([check(['a'], instantOf(2, 6) - hourMs)], [cause('a')])).toEqual({
      ...named,
      named: 0,
      right: 0,
      false: 1,
    });
  });

  it('counts a second check once, and natural causes as right but not as planted', () => {
    const raised = [check(['a'], instantOf(2, 8)), check(['a'], instantOf(2, 9))];
    const all = [...raised, check(['n'], instantOf(2, 8))];
    const verdict = judge(all, [cause('a'), cause('n', false)]);
    expect(verdict).toEqual({ planted: 1, named: 1, right: 2, false: 0, again: 1 });
  });
});
