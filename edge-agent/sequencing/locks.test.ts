import { expect, test } from 'vitest';
import type { PlanProblem } from './problem.ts';
import { seededFraction } from './seeded-fraction.ts';
import { solve } from './solve.ts';

const problemOf = (more: Partial<PlanProblem>): PlanProblem => ({
  jobs: ['a', 'b', 'c'].map((id) => ({ id, duration: 5 })),
  workers: [{ id: 'w1', locked: ['b'] }],
  setup: [0, 1, 2].map(() => [1, 1, 1]),
  initial: [1, 1, 1],
  precedence: [['a', 'b']],
  ...more,
});
const solved = (problem: PlanProblem) =>
  solve(problem, { random: seededFraction(1), budget: { isSpent: (done) => done >= 500 } });
const orderOf = (problem: PlanProblem, worker = 0) =>
  solved(problem).assignments[worker]?.jobs.map(({ id }) => id);

test('a lock behind which its own work would have to be done is named, and all is planned', () => {
  const answer = solved(problemOf({}));
  const order = answer.assignments[0]?.jobs.map(({ id }) => id) ?? [];
  expect([...order].sort()).toEqual(['a', 'b', 'c']);
  expect(order.indexOf('a')).toBeLessThan(order.indexOf('b'));
  expect(answer.notScheduled).toEqual([]);
  expect(answer.faults).toMatchObject([{ field: 'workers w1.locked', found: 'b' }]);
});

test('a lock that waits for somebody else’s work stays', () => {
  const workers = [{ id: 'w1', locked: ['b'] }, { id: 'w2' }];
  const answer = solved(problemOf({ workers }));
  expect(orderOf(problemOf({ workers }))?.[0]).toBe('b');
  expect(orderOf(problemOf({ workers }), 1)).toContain('a');
  expect(answer.faults).toEqual([]);
});

test('two who are locked to wait for each other', () => {
  const workers = [
    { id: 'w1', locked: ['b', 'c'] },
    { id: 'w2', locked: ['d', 'a'] },
  ];
  const jobs = ['a', 'b', 'c', 'd'].map((id) => ({ id, duration: 5 }));
  const setup = jobs.map(() => [1, 1, 1, 1]);
  const precedence: [string, string][] = [
    ['a', 'b'],
    ['c', 'd'],
  ];
  const answer = solved({ jobs, workers, setup, initial: [1, 1, 1, 1], precedence });
  expect(answer.notScheduled).toEqual([]);
  expect(answer.faults).toHaveLength(1);
});

test('what follows a job without room says whom it follows', () => {
  const workers = [{ id: 'w1', end: 7 }];
  const answer = solved(
    problemOf({
      workers,
      precedence: [
        ['a', 'b'],
        ['b', 'c'],
      ],
    }),
  );
  const reasons = new Map(answer.notScheduled.map(({ id, reason }) => [id, reason]));
  expect(answer.assignments[0]?.jobs).toEqual([{ id: 'a', start: 1, end: 6 }]);
  expect(reasons.get('b')).toBe('it does not fit into the shift beside the other jobs');
  expect(reasons.get('c')).toBe('it follows "b", which is not scheduled');
});
test('no saving of lateness is worth leaving out a job, in whatever unit times are', () => {
  const jobs = [
    { id: 'late', duration: 3_600_000, due: 0, weight: 1_000 },
    { id: 'hard', duration: 3_600_000, deadline: 3_600_000 },
  ];
  const setup = [
    [0, 0],
    [0, 0],
  ];
  const problem = { jobs, workers: [{ id: 'w1' }], setup, initial: [0, 0] };
  expect(orderOf(problem)).toEqual(['hard', 'late']);
});
