import { TaskStatus } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { quantityMessage } from '@stockhand/proto/vocabulary/quantity.ts';
import { describe, expect, test } from 'vitest';
import { action, jamCase, jarsReading, runningStore, signIn } from '../sample-store.ts';
import { nextTask, openTasks } from '../views.ts';

function pieces(count: number) {
  return quantityMessage(count, 'pieces');
}

describe('people', () => {
  test('only who is signed in acts, and only as the role allows', () => {
    const store = runningStore();
    const count = { case: 'countSlot', value: { slotId: 'A1', counted: pieces(3) } };
    expect(store.outcome(action('anna', 0, count))).toMatchObject({
      refusals: [{ reason: 'not-allowed', found: 'associate', expected: 'lead or manager' }],
    });
    expect(store.cases(action('lea', 0, count))).toContain('itemsCounted');
    store.take({ kind: 'sign-out', personRef: 'lea', sessionId: 'session-lea', reason: 'asked' });
    expect(store.outcome(action('lea', 0, count))).toMatchObject({
      refusals: [{ reason: 'not-signed-in' }],
    });
  });

  test('signs in only whom master data lists, and one person per kiosk', () => {
    const store = runningStore();
    const stranger = { ...signIn('eve'), sessionId: 's-eve' } as ReturnType<typeof signIn>;
    expect(store.outcome(stranger)).toMatchObject({ refusals: [{ reason: 'unknown-person' }] });
    expect(store.outcome(signIn('anna'))).toEqual({ kind: 'duplicate' });
    const second = { ...signIn('ben'), sessionId: 's-2', kioskId: 'kiosk-anna' };
    expect(store.cases(second as ReturnType<typeof signIn>)).toEqual([
      'staffSignedOut',
      'staffSignedIn',
    ]);
  });

  test('two people who take one task get one yes', () => {
    const store = runningStore();
    store.take(jarsReading(1, 4));
    const taskId = nextTask(store.state)?.taskId ?? '';
    const claim = { case: 'claimTask', value: { taskId } };
    expect(store.outcome(action('anna', 1, claim))).toEqual({ kind: 'accepted', taskId });
    expect(store.outcome(action('anna', 1, claim))).toEqual({ kind: 'unchanged' });
    expect(store.outcome(action('ben', 1, claim))).toMatchObject({
      refusals: [{ reason: 'task-taken' }],
    });
    const release = { case: 'releaseTask', value: { taskId } };
    expect(store.outcome(action('ben', 2, release))).toMatchObject({
      refusals: [{ reason: 'task-taken' }],
    });
    expect(store.cases(action('lea', 2, release))).toEqual(['taskReleased']);
    expect(store.outcome(action('ben', 1, claim))).toMatchObject({
      refusals: [{ reason: 'stale-version', expected: 'version 3' }],
    });
    const block = { case: 'blockTask', value: { taskId, reason: 'aisle closed' } };
    expect(store.cases(action('ben', 3, block))).toEqual(['taskBlocked']);
    expect(openTasks(store.state)[0]?.status).toBe(TaskStatus.BLOCKED);
  });

  test('a refill is refused with the wrong product, too much, or before it is taken', () => {
    const store = runningStore();
    store.take(jarsReading(1, 4));
    const taskId = nextTask(store.state)?.taskId ?? '';
    const complete = (value: object) =>
      action('anna', store.state.tasks.open.get(taskId)?.version ?? 1, {
        case: 'completeTask',
        value: { taskId, quantity: pieces(8), ...value },
      });
    const reasonOf = (value: object) => {
      const outcome = store.outcome(complete(value));
      return outcome.kind === 'refused' ? outcome.refusals[0]?.reason : outcome.kind;
    };
    expect(reasonOf({})).toBe('task-not-claimed');
    store.take(action('anna', 1, { case: 'startTask', value: { taskId } }));
    expect(reasonOf({ scan: '4000000000013' })).toBe('wrong-product');
    expect(reasonOf({ scan: 'nonsense' })).toBe('wrong-product');
    expect(reasonOf({ quantity: pieces(13) })).toBe('more-than-capacity');
    expect(reasonOf({ quantity: pieces(-1) })).toBe('out-of-range');
    expect(reasonOf({ quantity: quantityMessage(1, 'milligrams') })).toBe('wrong-unit');
    expect(reasonOf({ quantity: undefined })).toBe('missing-field');
    expect(reasonOf({ scan: `]C1${'01'}${jamCase}` })).toBe('accepted');
    expect(reasonOf({})).toBe('task-closed');
    expect(reasonOf({ taskId: 't-00000000-1' })).toBe('unknown-task');
  });
});
