/** A timer fired: an event, so that replay knows it; firing twice for the same due time changes nothing. */
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { refusal, refused } from '../errors.ts';
import { agentActor, type Recorder } from '../events/recorder.ts';
import type { Outcome } from '../input.ts';
import { isPlainId, plainIdExpectation, timerName } from './identity.ts';

/**
 * Fires once a minute so that time moves on in a quiet store: the step then does what is due (see
 * tasks/due-work.ts). What it finds are events of their own; the tick itself is none.
 */
export const minuteTimer = 'minute';

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
  recorder.record('timerFired', { purpose, dueAt: timestampFromMs(dueAtMs) });
  return { kind: 'accepted' };
}
