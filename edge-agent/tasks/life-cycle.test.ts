import { TaskStatus } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { expect, test } from 'vitest';
import { apply, createState } from '../agent.ts';
import { action, jarsReading, runningStore } from '../sample-store.ts';
import { nextTask } from '../views.ts';
import { isClosed, statusAfter, statusName, type TaskChange } from './life-cycle.ts';

const changes: TaskChange[] = [
  'claim',
  'start',
  'complete',
  'complete-short',
  'block',
  'release',
  'cancel',
  'adjust',
];

// One row per status, one column per change; "-" is not allowed.
const table: [status: TaskStatus, after: string][] = [
  [TaskStatus.OPEN, 'claimed - - - blocked - cancelled open'],
  [TaskStatus.CLAIMED, '- started done done_short blocked open cancelled -'],
  [TaskStatus.STARTED, '- - done done_short blocked open cancelled -'],
  [TaskStatus.BLOCKED, '- - - - - open cancelled -'],
  [TaskStatus.DONE, '- - - - - - - -'],
  [TaskStatus.DONE_SHORT, '- - - - - - - -'],
  [TaskStatus.CANCELLED, '- - - - - - - -'],
  [TaskStatus.UNSPECIFIED, '- - - - - - - -'],
];

test.each(table)('from status %d only the listed changes lead on', (status, after) => {
  const found = changes.map((change) => {
    const next = statusAfter(status, change);
    return next === null ? '-' : TaskStatus[next].toLowerCase();
  });
  expect(found.join(' ')).toBe(after);
  if (isClosed(status)) expect(found.every((name) => name === '-')).toBe(true);
});

test('statuses have names for people', () => {
  expect(statusName(TaskStatus.DONE_SHORT)).toBe('done short');
});

test('a log in which a task does what it cannot stops the replay', () => {
  const store = runningStore();
  store.take(jarsReading(1, 3));
  const taskId = nextTask(store.state)?.taskId ?? '';
  store.take(action('anna', 1, { case: 'claimTask', value: { taskId } }));
  const last = store.log.at(-1);
  if (last === undefined) throw new Error('nothing was logged');
  const state = createState({ storeGln: store.state.storeGln, epoch: store.state.epoch });
  for (const event of store.log) apply(state, event);
  const again = { ...last, position: last.position + 1 };
  expect(() => apply(state, again)).toThrow(/is claimed: cannot claim/);
});
