import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  ActRequestSchema,
  ActResponseSchema,
  TaskStatus,
} from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { describe, expect, it } from 'vitest';
import { conflictAdvice, conflictText } from '../strings/conflict-words.ts';
import { conflictOf, withConflict } from './refused-action.ts';

const claim = create(ActRequestSchema, { action: { case: 'startTask', value: { taskId: 't-1' } } });
const complete = create(ActRequestSchema, {
  action: { case: 'completeTask', value: { taskId: 't-1' } },
});
const answer = (reason: string, taskStatus: TaskStatus, more: object = {}) =>
  create(ActResponseSchema, {
    reason,
    taskStatus,
    taskTitle: 'Refill Jam',
    holderName: 'Anna',
    ...more,
  });
const clock = (atMs: number) => `${atMs}`;

describe('whoever was second', () => {
  it('hears who has it, and leaves it', () => {
    const conflict = conflictOf(claim, answer('task-taken', TaskStatus.CLAIMED));
    if (!conflict) throw new Error('a conflict expected');
    expect(conflictText(conflict, clock)).toBe('Refill Jam: Anna has it.');
    expect(conflictAdvice(conflict)).toContain('Leave it');
  });

  it('hears who did it and when, and that it is counted', () => {
    const more = { closedAt: timestampFromMs(5), countAsked: true };
    const conflict = conflictOf(complete, answer('task-closed', TaskStatus.DONE, more));
    if (!conflict) throw new Error('a conflict expected');
    expect(conflictText(conflict, clock)).toBe('Refill Jam: Anna did it at 5.');
    expect(conflictAdvice(conflict)).toContain('count');
  });

  it('hears that it ran out', () => {
    const conflict = conflictOf(claim, answer('task-closed', TaskStatus.EXPIRED));
    if (!conflict) throw new Error('a conflict expected');
    expect(conflictText(conflict, clock)).toContain('ran out');
  });

  it('hears one story for a task: that of the work', () => {
    const first = conflictOf(claim, answer('task-closed', TaskStatus.DONE));
    const second = conflictOf(complete, answer('task-closed', TaskStatus.DONE));
    if (!first || !second) throw new Error('conflicts expected');
    expect(withConflict(withConflict([], first), second)).toEqual([second]);
    expect(withConflict(withConflict([], second), first)).toEqual([second]);
  });

  it('is nobody where something else was wrong', () => {
    expect(conflictOf(complete, answer('wrong-product', TaskStatus.CLAIMED))).toBeUndefined();
    expect(conflictOf(claim, answer('task-closed', TaskStatus.UNSPECIFIED))).toBeUndefined();
  });
});
