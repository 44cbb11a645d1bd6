import { create } from '@bufbuild/protobuf';
import { TaskSchema, TaskStatus } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { expect, it } from 'vitest';
import { taskBoard } from './task-list.ts';

const task = (taskId: string, more: object = {}) =>
  create(TaskSchema, { taskId, status: TaskStatus.OPEN, ...more });

const order = (tasks: ReturnType<typeof task>[], personRef = 'anna') => {
  const { next, others } = taskBoard(tasks, personRef, new Map());
  return [next?.task.taskId, ...others.map((card) => card.task.taskId)];
};

it('follows the plan of the person who looks', () => {
  const tasks = [
    task('bens', { plannedForRef: 'ben', plannedRank: 1, urgencyPpm: 950_000 }),
    task('free', { urgencyPpm: 900_000 }),
    task('second', { plannedForRef: 'anna', plannedRank: 2, urgencyPpm: 800_000 }),
    task('first', { plannedForRef: 'anna', plannedRank: 1, urgencyPpm: 100_000 }),
  ];
  expect(order(tasks)).toEqual(['first', 'second', 'free', 'bens']);
  expect(order(tasks, 'ben')).toEqual(['bens', 'free', 'second', 'first']);
});

it('keeps what was put down with whoever has it', () => {
  const paused = task('paused', { status: TaskStatus.PAUSED, claimedByRef: 'anna' });
  expect(order([task('open', { urgencyPpm: 999_999 }), paused])).toEqual(['paused', 'open']);
});
