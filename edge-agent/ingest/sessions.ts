/**
 * Who is signed in where. The kiosk API checked badge or PIN; the core checks that master data knows the
 * person in that role, keeps one session per kiosk, and lets the oldest go at the limit.
 */
import { ActorKind } from '@stockhand/proto/events/v1alpha/event_pb.js';
import { Role } from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import { staffRoles } from '../catalogue/master-data.ts';
import { refusal, refused } from '../errors.ts';
import type { EventActor } from '../events/event.ts';
import type { Recorder } from '../events/recorder.ts';
import type { Outcome } from '../input.ts';
import { isPlainId, plainIdExpectation } from './identity.ts';
import { type SessionRecord, sessionsLimit } from './session-record.ts';

export function personActor(personRef: string, role: Role): EventActor {
  return { kind: ActorKind.PERSON, id: personRef, detail: staffRoles.get(role) ?? '' };
}

export interface SignIn {
  personRef: string;
  role: Role;
  sessionId: string;
  kioskId: string;
  method: string;
}

export function takeSignIn(recorder: Recorder, input: SignIn): Outcome {
  const { personRef, role, sessionId, kioskId, method } = input;
  const { state } = recorder;
  recorder.attribute(`sign-in/${sessionId}`, personActor(personRef, role));
  const roleName = staffRoles.get(role);
  const member = state.catalogue.staffByRef.get(personRef);
  if (roleName === undefined || member?.role !== roleName) {
    const expected = 'a person of the master data, in the role that it gives';
    return refused(refusal('unknown-person', 'personRef', personRef, expected));
  }
  if (!/^[\x21-\x7e]{1,128}$/.test(sessionId)) {
    const expected = '1 to 128 printable characters';
    return refused(refusal('bad-field', 'sessionId', '(not shown)', expected));
  }
  if (!isPlainId(kioskId)) {
    return refused(refusal('bad-field', 'kioskId', kioskId, plainIdExpectation));
  }
  if (state.sessions.has(sessionId)) return { kind: 'duplicate' };
  for (const session of [...state.sessions.values()]) {
    if (session.kioskId === kioskId) endSession(recorder, session, 'replaced');
  }
  if (state.sessions.size >= sessionsLimit) {
    const [oldest] = state.sessions.values();
    if (oldest !== undefined) endSession(recorder, oldest, 'replaced');
  }
  recorder.record('staffSignedIn', { personRef, sessionId, kioskId, method });
  return { kind: 'accepted' };
}

export function takeSignOut(
  recorder: Recorder,
  input: { personRef: string; sessionId: string; reason: string },
): Outcome {
  const { personRef, sessionId, reason } = input;
  recorder.attribute(`sign-out/${sessionId}`, personActor(personRef, Role.UNSPECIFIED));
  const session = recorder.state.sessions.get(sessionId);
  if (session === undefined) return { kind: 'duplicate' };
  if (session.personRef !== personRef) {
    return refused(refusal('not-signed-in', 'sessionId', sessionId, 'the person’s own session'));
  }
  endSession(recorder, session, reason);
  return { kind: 'accepted' };
}

export function endSession(recorder: Recorder, session: SessionRecord, reason: string): void {
  const { personRef, sessionId } = session;
  recorder.record('staffSignedOut', { personRef, sessionId, reason });
}
