import { expect, test } from 'vitest';
import { prepare } from './preparation.ts';
import type { PlanProblem } from './problem.ts';

const problemOf = (ids: readonly string[], precedence: [string, string][]): PlanProblem => ({
  jobs: ids.map((id) => ({ id, duration: 1 })),
  workers: [{ id: 'w1' }],
  setup: ids.map(() => Array(ids.length).fill(0)),
  initial: ids.map(() => 0),
  precedence,
});
const reasonsOf = (problem: PlanProblem) =>
  Object.fromEntries(prepare(problem).notScheduled.map(({ id, reason }) => [id, reason]));

test('a circle blames its own jobs; what comes behind it names the one that it waits for', () => {
  const problem = problemOf(
    ['c', 'a', 'b', 'free', 'first', 'd'],
    [
      ['first', 'a'],
      ['a', 'b'],
      ['b', 'a'],
      ['b', 'c'],
      ['c', 'd'],
    ],
  );
  expect(reasonsOf(problem)).toEqual({
    a: 'precedence goes in a circle: a, b',
    b: 'precedence goes in a circle: a, b',
    c: 'it follows "b", which is not scheduled',
    d: 'it follows "c", which is not scheduled',
  });
});

test('a job before itself is a circle of one', () => {
  const pairs: [string, string][] = [
    ['a', 'a'],
    ['a', 'b'],
  ];
  expect(reasonsOf(problemOf(['a', 'b'], pairs))).toEqual({
    a: 'precedence goes in a circle: a',
    b: 'it follows "a", which is not scheduled',
  });
});

test('a long chain that is written from its end is looked through once', () => {
  const ids = Array.from({ length: 800 }, (_, index) => `j${index}`);
  let looks = 0;
  const pairs = ids.slice(1).map((id, index): [string, string] => {
    const pair: [string, string] = [id, ids[index] ?? ''];
    return new Proxy(pair, {
      get: (target, key, receiver) => {
        looks += 1;
        return Reflect.get(target, key, receiver);
      },
    });
  });
  expect(reasonsOf(problemOf(ids, pairs))).toEqual({});
  expect(looks).toBeLessThan(100 * ids.length);
});
