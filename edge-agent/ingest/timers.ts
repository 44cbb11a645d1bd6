/** A timer fired: an event, so that replay knows it; firing twice for the same due time changes nothing. */
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { refusal, refused } from '../errors.ts';
import { agentActor, type Recorder } from '../events/recorder.ts';
import { raiseException, resolveException } from '../exceptions/exception-book.ts';
import type { Outcome } from '../input.ts';
import { isPlainId, plainIdExpectation, timerName } from './identity.ts';

/**
 * Fires once a minute so that time moves on in a quiet store: the step then does what is due (see
 * tasks/due-work.ts). What it finds are events of their own; the tick itself is none.
 */
export const minuteTimer = 'minute';

/** HQ has been out of reach for long, and is in reach again; each changes an exception. */
export const syncStaleTimer = 'sync-stale';
export const syncFreshTimer = 'sync-fresh';

const syncStaleKey = 'sync-stale';

/** Purposes that have a timer. */
export const timerPurposesLimit = 1_000;

export function takeTimer(
  recorder: Recorder,
  input: { purpose: string; dueAtMs: number },
): Outcome {
  const { purpose, dueAtMs } = input;
  const { timers } = recorder.state;
  recorder.attribute(timerName(purpose, dueAtMs), agentActor);
  if (purpose === minuteTimer) return { kind: 'unchanged' };
  if (!isPlainId(purpose)) {
    return refused(refusal('bad-field', 'purpose', purpose, plainIdExpectation));
  }
  const last = timers.get(purpose);
  if (last !== undefined && dueAtMs <= last) return { kind: 'duplicate' };
  if (last === undefined && timers.size >= timerPurposesLimit) {
    return refused(refusal('too-many', 'purpose', purpose, `at most ${timerPurposesLimit}`));
  }
  if (dueAtMs > recorder.moment.nowMs) {
    return refused(refusal('out-of-range', 'dueAtMs', dueAtMs, 'a time that has come'));
  }
  const isSyncOpen = recorder.state.exceptions.has(syncStaleKey);
  if (purpose === syncFreshTimer && !isSyncOpen) return { kind: 'unchanged' };
  recorder.record('timerFired', { purpose, dueAt: timestampFromMs(dueAtMs) });
  if (purpose === syncFreshTimer) resolveException(recorder, syncStaleKey, 'in reach again');
  if (purpose === syncStaleTimer) {
    raiseException(recorder, {
      type: 'sync-stale',
      causeKey: syncStaleKey,
      subjects: [],
      evidence: 'HQ has been out of reach for long; the store works on, HQ does not see it.',
    });
  }
  return { kind: 'accepted' };
}
