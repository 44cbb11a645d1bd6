import { expect, test } from 'vitest';
import { type PlanOutcome, whatIfSentence } from './labour-view.ts';

const load = { handsMinutes: 60, loadMinutes: 90, tasks: 5, lateTasks: 0, unplannedTasks: 0 };
const outcome = (lateTasks: number, unplannedTasks: number, ...ids: string[]): PlanOutcome => ({
  load: { ...load, lateTasks, unplannedTasks },
  troubledIds: new Set(ids),
});
const nameOf = (taskId: string) => `Refill ${taskId}`;

test.each([
  [
    outcome(3, 2, 'a', 'b', 'c', 'd', 'e'),
    outcome(1, 0, 'e'),
    'With these people: 1 task late instead of 3, 0 undone instead of 2. In time then: Refill a, Refill b, Refill c and 1 more.',
  ],
  [
    outcome(1, 0, 'a'),
    outcome(1, 0, 'a'),
    'With these people: 1 task late instead of 1, 0 undone instead of 0. They would not be there in time, or lack the skill, for what is late.',
  ],
  [outcome(0, 0), outcome(0, 0), 'Everything is done in time already: more people change nothing.'],
])('what more people change is said with its tasks', (now, then, sentence) => {
  expect(whatIfSentence(now, then, nameOf)).toBe(sentence);
});
