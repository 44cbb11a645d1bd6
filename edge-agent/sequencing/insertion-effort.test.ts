/** How often the whole plan is timed while new jobs are put in: counted, not clocked. */
import { expect, test, vi } from 'vitest';
import { insertNew } from './insertion.ts';
import { prepare } from './preparation.ts';
import * as schedule from './schedule.ts';

vi.mock(import('./schedule.ts'), async (original) => {
  const actual = await original();
  return { ...actual, totalCost: vi.fn(actual.totalCost) };
});

test('one pair in precedence does not make every new job time the whole plan', () => {
  const count = 60;
  const ids = Array.from({ length: count }, (_, index) => `j${index}`);
  const prepared = prepare({
    jobs: ids.map((id, index) => ({ id, duration: 10, due: 40 * index })),
    workers: [{ id: 'w1' }, { id: 'w2' }],
    setup: ids.map((_, from) => ids.map((_, to) => Math.abs(from - to))),
    initial: ids.map(() => 1),
    wayWeight: 1,
    precedence: [['j0', 'j1']],
  });
  const [known, added] = [
    [...prepared.jobs.keys()].slice(0, 40),
    [...prepared.jobs.keys()].slice(40),
  ];
  const routes = [known.filter((one) => one % 2 === 0), known.filter((one) => one % 2 === 1)];
  insertNew(prepared, routes, added);
  expect(routes.flat().sort((one, other) => one - other)).toEqual([...prepared.jobs.keys()]);
  expect(schedule.totalCost).not.toHaveBeenCalled();
  const linked = prepared.jobs.findIndex(({ id }) => id === 'j1');
  const without = routes.map((route) => route.filter((one) => one !== linked));
  insertNew(prepared, without, [linked]);
  expect(schedule.totalCost).toHaveBeenCalled();
  expect(without.flat()).toHaveLength(count);
});
