import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { prepare } from './preparation.ts';
import type { PlanAnswer, PlanProblem } from './problem.ts';
import { exhaustiveCost, singleProblem, smallProblem } from './sample-problems.ts';
import { leftOutCost } from './schedule.ts';
import { seededFraction } from './seeded-fraction.ts';
import { solve } from './solve.ts';

const iterations = (count: number) => ({ isSpent: (done: number) => done >= count });

function solved(problem: PlanProblem, count = 4_000, seed = 1): PlanAnswer {
  return solve(problem, { random: seededFraction(seed), budget: iterations(count) });
}

/** Weight left out first, then tardiness: what the search minimises. */
function costOf(problem: PlanProblem, answer: PlanAnswer): number {
  const prepared = prepare(problem);
  const done = new Set(answer.assignments.flatMap(({ jobs }) => jobs.map(({ id }) => id)));
  const out = prepared.jobs.filter(({ id }) => !done.has(id));
  return out.reduce((sum, { weight }) => sum + leftOutCost * (1 + weight), answer.objective);
}

describe('several workers with skills, carts, shifts, deadlines and precedence', () => {
  test('never below the optimum, and at it in nearly all of sixty small problems', () => {
    let atOptimum = 0;
    for (let seed = 1; seed <= 60; seed += 1) {
      const problem = smallProblem(seed);
      const optimum = exhaustiveCost(problem);
      const cost = costOf(problem, solved(problem));
      expect(cost).toBeGreaterThanOrEqual(optimum - 1e-6);
      expect(cost).toBeLessThanOrEqual(optimum * 1.01 + 1e-6);
      if (cost <= optimum + 1e-6) atOptimum += 1;
    }
    expect(atOptimum).toBeGreaterThanOrEqual(57);
  });

  test('with a price on ways and ends, too', () => {
    for (let seed = 101; seed <= 130; seed += 1) {
      const problem = { ...smallProblem(seed), wayWeight: 2, endWeight: 0.1 };
      const prepared = prepare(problem);
      const answer = solved(problem);
      const optimum = exhaustiveCost(problem);
      const cost = costOf(problem, { ...answer, objective: answer.cost });
      expect(cost).toBeGreaterThanOrEqual(optimum - 1e-6);
      expect(cost).toBeLessThanOrEqual(optimum * 1.01 + 1e-6);
      expect(answer.ways).toBeLessThanOrEqual(prepared.jobs.length * 24);
    }
  });

  test('every answer keeps skills, carts, shifts, deadlines, releases and precedence', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
        const problem = smallProblem(seed);
        const answer = solved(problem, 300, seed);
        const endOf = new Map<string, number>();
        for (const { worker, jobs } of answer.assignments) {
          checkRoute(problem, worker, jobs);
          for (const { id, end } of jobs) endOf.set(id, end);
        }
        const startOf = new Map(
          answer.assignments.flatMap(({ jobs }) => jobs.map(({ id, start }) => [id, start])),
        );
        for (const [before, after] of problem.precedence ?? []) {
          const start = startOf.get(after);
          if (start !== undefined) expect(endOf.get(before)).toBeLessThanOrEqual(start);
        }
        expect(endOf.size + answer.notScheduled.length).toBe(problem.jobs.length);
        expect(answer.objective).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 60 },
    );
  });

  test('locked jobs stay first, and a warm start is never made worse', () => {
    const problem = smallProblem(12);
    problem.workers[0] = { ...problem.workers[0], id: 'w0', locked: ['j2', 'j0'] };
    const first = solved(problem, 200);
    expect(first.assignments[0]?.jobs.slice(0, 2).map(({ id }) => id)).toEqual(['j2', 'j0']);
    const warmStart = first.assignments.map(({ worker, jobs }) => ({
      worker,
      jobs: jobs.map(({ id }) => id),
    }));
    const again = solved({ ...problem, warmStart }, 0);
    expect(again.objective).toBeLessThanOrEqual(first.objective);
  });
});

test('a job is locked by one worker only, who can do it', () => {
  const problem = smallProblem(12);
  problem.workers.forEach((worker) => {
    worker.locked = ['j2'];
  });
  const answer = solved(problem, 100);
  const done = answer.assignments.flatMap(({ jobs }) => jobs.filter(({ id }) => id === 'j2'));
  expect(done).toHaveLength(1);
  expect(answer.faults.length).toBe(problem.workers.length - 1);
});

/** Walks a route by hand: ways, full carts, releases, deadlines, shift. */
function checkRoute(
  problem: PlanProblem,
  workerId: string,
  jobs: readonly { id: string; start: number; end: number }[],
): void {
  const worker = problem.workers.find(({ id }) => id === workerId);
  let time = worker?.start ?? 0;
  let room = worker?.cart ?? Number.POSITIVE_INFINITY;
  let last = -1;
  for (const { id, start, end } of jobs) {
    const place = problem.jobs.findIndex((job) => job.id === id);
    const job = problem.jobs[place];
    if (job === undefined) throw new Error(`unknown job ${id}`);
    const capacity = job.capacity ?? 0;
    let way = problem.initial[place] ?? 0;
    if (last >= 0 && capacity <= room) way = problem.setup[last]?.[place] ?? 0;
    else if (last >= 0) {
      way += problem.unload?.[last] ?? 0;
      room = worker?.cart ?? Number.POSITIVE_INFINITY;
    }
    room -= capacity;
    expect(room).toBeGreaterThanOrEqual(0);
    expect(start).toBeGreaterThanOrEqual(Math.max(time + way, job.release ?? 0));
    expect(end).toBe(start + job.duration);
    expect(end).toBeLessThanOrEqual(job.deadline ?? Number.POSITIVE_INFINITY);
    expect(end).toBeLessThanOrEqual(worker?.end ?? Number.POSITIVE_INFINITY);
    for (const skill of job.skills ?? []) expect(worker?.skills).toContain(skill);
    time = end;
    last = place;
  }
}

describe('one worker and no extras', () => {
  test('equals the exhaustive search on small problems', () => {
    for (let seed = 1; seed <= 25; seed += 1) {
      const problem = singleProblem(seed, 6);
      expect(solved(problem, 300).objective).toBeCloseTo(exhaustiveCost(problem), 6);
    }
  });

  test('the times add up to the objective, and the bound is below it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.integer({ min: 1, max: 14 }),
        (seed, count) => {
          const problem = singleProblem(seed, count);
          const answer = solved(problem, 20, seed);
          let time = 0;
          let last = -1;
          let tardiness = 0;
          for (const { id, start, end } of answer.assignments[0]?.jobs ?? []) {
            const place = Number(id);
            const job = problem.jobs[place];
            const way = last < 0 ? problem.initial[place] : problem.setup[last]?.[place];
            expect(start).toBe(time + (way ?? 0));
            expect(end).toBe(start + (job?.duration ?? 0));
            tardiness += (job?.weight ?? 0) * Math.max(0, end - (job?.due ?? 0));
            time = end;
            last = place;
          }
          expect(answer.objective).toBeCloseTo(tardiness, 6);
          expect(answer.bound).toBeLessThanOrEqual(answer.objective + 1e-6);
          expect(answer.assignments[0]?.jobs).toHaveLength(count);
        },
      ),
    );
  });

  test('the same seed and iterations give the same plan, another seed may not', () => {
    const problem = singleProblem(3, 40);
    const plan = (seed: number) => JSON.stringify(solved(problem, 4, seed));
    expect(plan(1)).toBe(plan(1));
    expect(plan(1)).not.toBe(plan(2));
  });
});

describe('a problem that is not whole', () => {
  const job = (id: string, more = {}) => ({ id, duration: 5, due: 10, ...more });
  const square = (count: number) => Array.from({ length: count }, () => Array(count).fill(1));

  test.each([
    ['a skill nobody has', { skills: ['forklift'] }, 'nobody has the skills forklift'],
    ['a deadline nobody can meet', { deadline: 3 }, 'deadline 3 cannot be met'],
    ['a negative duration', { duration: -1 }, 'duration -1'],
    ['a negative weight', { weight: -2 }, 'weight -2'],
    ['a load for no cart', { capacity: 99 }, 'fits on nobody’s cart'],
  ])('names %s and plans the rest', (_name, more, reason) => {
    const answer = solved({
      jobs: [job('good'), job('bad', more)],
      workers: [{ id: 'w1', cart: 12 }],
      setup: square(2),
      initial: [1, 1],
    });
    expect(answer.assignments[0]?.jobs).toEqual([{ id: 'good', start: 1, end: 6 }]);
    expect(answer.notScheduled).toEqual([{ id: 'bad', reason: expect.stringContaining(reason) }]);
  });

  test('names tables that are too long, ways back that make no sense, and who is not there', () => {
    const answer = solved({
      jobs: [job('a'), job('b')],
      workers: [{ id: 'w1', cart: 1 }],
      setup: [...square(2), [1, 1]],
      initial: [1, 1, 1],
      unload: [-5],
      warmStart: [
        { worker: 'w9', jobs: ['a'] },
        { worker: 'w1', jobs: ['b', 'x'] },
      ],
      wayWeight: -1,
    });
    expect(answer.faults.map(({ field, found }) => `${field}: ${found}`)).toEqual([
      'setup: 3 rows',
      'initial: 3 values',
      'unload: 1 values',
      'unload[0]: -5',
      'warmStart[0].worker: w9',
      'warmStart[1].jobs: x',
      'wayWeight: -1',
    ]);
    expect(answer.assignments[0]?.jobs.map(({ id }) => id).sort()).toEqual(['a', 'b']);
  });

  test('names a circle, unknown ids and a matrix that is not square', () => {
    const answer = solved({
      jobs: [job('a'), job('b'), job('c'), job('d'), job('a')],
      workers: [{ id: 'w1' }, { id: 'w1' }],
      setup: [
        [0, 1, 1, 1, 1],
        [1, 0, 1, 1, 1],
        [1, 1, 0, 1],
        [1, 1, 1, 0, 1],
        [1, 1, 1, 1, 0],
      ],
      initial: [1, 1, 1, 1, 1],
      precedence: [
        ['a', 'b'],
        ['b', 'a'],
        ['c', 'd'],
        ['x', 'a'],
      ],
    });
    expect(Object.fromEntries(answer.notScheduled.map(({ id, reason }) => [id, reason]))).toEqual({
      a: expect.stringMatching(/circle|another job/),
      b: expect.stringContaining('circle: a, b'),
      c: expect.stringContaining('not square'),
      d: expect.stringContaining('follows "c"'),
    });
    expect(answer.faults.map(({ field }) => field)).toEqual(['workers[1].id', 'precedence[3]']);
  });

  test.each([
    [
      'too many columns',
      [
        [0, 1, 9],
        [1, 0, 9],
      ],
      ['a', 'b'],
      [],
      ['setup: 3 columns'],
    ],
    ['too few columns', [[0], [1]], ['a'], ['setup has no column 1: the matrix is not square'], []],
    [
      'ways from a job to itself that make no sense',
      [
        [-1, 1],
        [1, Number.NaN],
      ],
      ['a', 'b'],
      [],
      [],
    ],
    [
      'a way without end',
      [
        [0, Number.POSITIVE_INFINITY],
        [1, 0],
      ],
      ['b'],
      ['setup[0][1] is Inf'],
      [],
    ],
  ])('plans what a matrix with %s allows', (_name, setup, done, reasons, faults) => {
    const problem = { jobs: [job('a'), job('b')], workers: [{ id: 'w1' }], setup, initial: [1, 1] };
    const answer = solved(problem);
    expect(answer.assignments[0]?.jobs.map(({ id }) => id).sort()).toEqual(done);
    expect(answer.notScheduled.map(({ reason }) => reason)).toEqual(
      reasons.map((reason) => expect.stringContaining(reason)),
    );
    expect(answer.faults.map(({ field, found }) => `${field}: ${found}`)).toEqual(faults);
  });

  test('takes no figure that sums cannot hold, and works where nothing takes time', () => {
    const answer = solved({
      jobs: [job('a', { duration: 1e308 }), job('b', { weight: 1e300 }), job('c', { due: -1e99 })],
      workers: [{ id: 'w1' }],
      setup: square(3),
      initial: [1, 1, 1],
    });
    expect(answer.notScheduled.map(({ id, reason }) => `${id}: ${reason}`)).toEqual([
      expect.stringContaining('a: duration 1e+308: expected 0 to'),
      expect.stringContaining('b: weight 1e+300: expected 0 to'),
      expect.stringContaining('c: due -1e+99'),
    ]);
    const still = { id: 'a', duration: 0, due: 0 };
    const nothing = { jobs: [still], workers: [{ id: 'w1' }], setup: [[0]], initial: [0] };
    expect(solved(nothing).assignments[0]?.jobs).toEqual([{ id: 'a', start: 0, end: 0 }]);
  });
});
