import { describe, expect, it } from 'vitest';
import { firstMidnightMs, hourMs, instantOf, minuteMs } from '../kernel/day-clock.ts';
import type { RaisedException } from '../policies/policy.ts';
import type { Cause } from '../scenarios/cause.ts';
import { planStore } from '../store/store-plan.ts';
import { TrueStock } from '../store/true-stock.ts';
import { AvailabilityJudge } from './availability-judge.ts';
import { BeliefJudge } from './belief-judge.ts';
import { judgeExceptions } from './exception-judge.ts';
import { chilledMinutesOut, promisesKeptShare } from './service-judge.ts';

describe('true availability', () => {
  const whole = planStore('S', 1, 1);
  const [slot] = whole.slots;
  if (!slot) throw new Error('a store has slots');
  const plan = { ...whole, slots: [slot] };

  it('counts empty minutes of opening hours only', () => {
    let nowMs = firstMidnightMs;
    const stock = new TrueStock(plan, 3);
    const judge = new AvailabilityJudge(plan, stock, () => nowMs, firstMidnightMs);
    nowMs = instantOf(1, 20);
    while (stock.takePiece(slot.slotId));
    nowMs = instantOf(2, 8);
    stock.refill(slot.slotId, 1);
    nowMs = instantOf(2, 21);
    // Empty from 20:00 to 21:00 and from 07:00 to 08:00 of twice 14 hours.
    expect(judge.verdict()).toEqual({ trueAvailability: 1 - 2 / 28, stockoutMinutes: 120 });
  });
});

describe('promises and cold goods', () => {
  it('keeps a promise that is ready at its minute, and asks for those that are due', () => {
    const promises = [
      { promiseAtMs: 10, readyAtMs: 10 },
      { promiseAtMs: 10, readyAtMs: 11 },
      { promiseAtMs: 20, readyAtMs: null },
      { promiseAtMs: 99, readyAtMs: null },
    ];
    expect(promisesKeptShare(promises, 50)).toBeCloseTo(1 / 3);
    expect(promisesKeptShare([], 50)).toBe(1);
  });

  it('counts what is beyond the limit, also of what still stands there', () => {
    const stays = [
      { arrivedAtMs: 0, putAwayAtMs: 30 * minuteMs },
      { arrivedAtMs: 0, putAwayAtMs: 42 * minuteMs },
      { arrivedAtMs: 0, putAwayAtMs: null },
    ];
    expect(chilledMinutesOut(stays, 30, 2 * hourMs)).toBe(12 + 90);
  });
});

describe('belief', () => {
  it('scores error, chance of empty and interval', () => {
    const judge = new BeliefJudge();
    const sure = { likeliestPieces: 4, lowPieces: 3, highPieces: 5, emptyProbability: 0 };
    judge.sample(sure, 6);
    judge.sample({ likeliestPieces: 0, lowPieces: 0, highPieces: 1, emptyProbability: 0.5 }, 0);
    expect(judge.verdict()).toEqual({
      meanAbsoluteErrorPieces: 1,
      brierEmpty: 0.125,
      coverage80: 0.5,
    });
  });
});

describe('exceptions', () => {
  const cause = (subjects: string[], isPlanted = true): Cause => ({
    kind: 'truck-late',
    subjects,
    group: ['fleet'],
    atMs: 100,
    untilMs: 200,
    isPlanted,
    story: '',
  });
  const raise = (subject: string, atMs: number): RaisedException => ({
    type: 'late',
    atMs,
    subjects: [subject],
    role: 'lead',
  });
  const meaning = (type: string) => (type === 'late' ? (['truck-late'] as const) : undefined);

  it('tells right, false, missed and twice apart', () => {
    const raised = [
      raise('truck-a', 120),
      raise('truck-a', 130),
      raise('truck-b', 250),
      raise('truck-z', 120),
      { ...raise('truck-a', 120), type: 'of no meaning' },
    ];
    const causes = [cause(['truck-a']), cause(['truck-b']), cause(['truck-c'], false)];
    const { verdict, judged } = judgeExceptions(raised, causes, meaning);
    expect(verdict).toEqual({ right: 1, false: 2, missed: 1, duplicates: 1 });
    expect(judged.map((one) => one.verdict)).toEqual(['right', 'duplicate', 'false', 'false']);
  });

  it('takes what names only the group for a word about all of it', () => {
    const causes = [cause(['truck-a']), cause(['truck-b'])];
    const raised = [raise('fleet', 120), raise('truck-b', 130)];
    const { verdict } = judgeExceptions(raised, causes, meaning);
    expect(verdict).toEqual({ right: 1, false: 0, missed: 0, duplicates: 1 });
  });

  it('does not judge what is not over when the run ends', () => {
    const causes = [cause(['truck-a']), cause(['truck-b'])];
    const [{ untilMs } = { untilMs: 0 }] = causes;
    expect(judgeExceptions([], causes, meaning, untilMs - 1).missed).toEqual([]);
    expect(judgeExceptions([], causes, meaning, untilMs).missed).toEqual(causes);
  });

  it('calls everything planted missed when nothing is raised', () => {
    const { verdict } = judgeExceptions([], [cause(['truck-a']), cause(['b'], false)], meaning);
    expect(verdict).toEqual({ right: 0, false: 0, missed: 1, duplicates: 0 });
  });
});
