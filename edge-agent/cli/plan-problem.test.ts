import { expect, test } from 'vitest';
import { seededFraction } from '../sequencing/seeded-fraction.ts';
import { solve } from '../sequencing/solve.ts';
import { parseProblem } from './plan-problem.ts';

const good = { id: 'good', duration: 4 };
const whole = {
  jobs: [good, { id: 'bad', duration: 5 }],
  workers: [{ id: 'w1' }],
  setup: [
    [0, 1],
    [1, 0],
  ],
  initial: [1, 1],
};

function answerTo(text: string) {
  const { problem, faults } = parseProblem(text, 'p.json');
  const budget = { isSpent: () => true };
  const answer = solve(problem, { random: seededFraction(1), budget });
  return { ...answer, faults: [...faults, ...answer.faults] };
}

test.each([
  ['a text for a duration', { duration: '5 min' }, 'duration: ', 'found "5 min"'],
  ['no duration', {}, 'duration: ', 'found nothing'],
  ['a text for a deadline', { duration: 5, deadline: 'soon' }, 'deadline: ', 'found "soon"'],
  ['skills that are no list', { duration: 5, skills: 'cold' }, 'skills: ', 'found "cold"'],
])('a job with %s is named, and the rest is planned', (_name, members, field, found) => {
  const answer = answerTo(JSON.stringify({ ...whole, jobs: [good, { id: 'bad', ...members }] }));
  expect(answer.assignments[0]?.jobs).toEqual([{ id: 'good', start: 1, end: 5 }]);
  expect(answer.notScheduled).toHaveLength(1);
  expect(answer.notScheduled[0]).toMatchObject({ id: 'bad' });
  expect(answer.notScheduled[0]?.reason).toContain(field);
  expect(answer.notScheduled[0]?.reason).toContain(found);
});

test('a figure beyond all numbers, and a job without an id', () => {
  const text = JSON.stringify({ ...whole, jobs: [{ duration: 3 }, good] }).replace('4', '1e999');
  expect(answerTo(text).notScheduled).toEqual([
    { id: 'jobs[0]', reason: expect.stringContaining('id: ') },
    { id: 'good', reason: expect.stringContaining('found Infinity') },
  ]);
});

test('ways that are no figures stop their own job only', () => {
  const setup = [
    [null, 1],
    ['far', null],
  ];
  const answer = answerTo(JSON.stringify({ ...whole, setup }));
  expect(answer.assignments[0]?.jobs.map(({ id }) => id)).toEqual(['good']);
  expect(answer.notScheduled).toEqual([
    { id: 'bad', reason: expect.stringContaining('setup[1][0] is NaN') },
  ]);
});

test('workers, pairs and warm starts that cannot be read are left out and named', () => {
  const answer = answerTo(
    JSON.stringify({
      ...whole,
      workers: [{ id: 'w0', start: 'six' }, { id: 'w1' }],
      precedence: [['good'], ['good', 'bad']],
      warmStart: [{ worker: 'w1' }],
      wayWeight: 'much',
    }),
  );
  expect(answer.assignments[0]?.jobs.map(({ id }) => id)).toEqual(['good', 'bad']);
  expect(answer.faults.map(({ field }) => field)).toEqual([
    'workers[0].start',
    'precedence[0]',
    'warmStart[0].jobs',
    'wayWeight',
  ]);
});

test.each([
  '{',
  '[1]',
  '{"jobs":[],"workers":7}',
  '{"jobs":[],"workers":[],"objective":"makespan"}',
])('what is no problem at all is refused: %s', (text) => {
  expect(() => parseProblem(text, 'p.json')).toThrow(/^p\.json is no/);
});

test('a byte-order mark is no fault, and what is nested without end is one of its job only', () => {
  const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
  const text = JSON.stringify({ ...whole, jobs: [good, 'deep'] }).replace('"deep"', deep);
  const answer = answerTo(`\uFEFF${text}`);
  expect(answer.assignments[0]?.jobs.map(({ id }) => id)).toEqual(['good']);
  expect(answer.notScheduled.map(({ id }) => id)).toEqual(['jobs[1]']);
});

test('a misspelt member is told once, with the ones that there are', () => {
  const jobs = [
    { ...good, dueDate: 9 },
    { id: 'bad', duration: 5, dueDate: 9 },
  ];
  const { ignored } = parseProblem(JSON.stringify({ ...whole, jobs, comment: 'mine' }), 'p.json');
  expect(ignored).toHaveLength(2);
  expect(ignored[0]).toMatch(/^comment: the problem has no such member \(objective, jobs, /);
  expect(ignored[1]).toMatch(/^jobs\[0\]\.dueDate: a job has no such member \(id, duration, due, /);
});
