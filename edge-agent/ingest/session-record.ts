/** A person signed in at a kiosk or handheld; the log knows people by reference only. */
import type { StaffSignedIn } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import type { StoreEvent } from '../events/event.ts';
import type { State } from '../state.ts';

export interface SessionRecord {
  sessionId: string;
  personRef: string;
  kioskId: string;
  signedInAtMs: number;
}

/** People signed in at one time; the oldest session gives way. */
export const sessionsLimit = 500;

export function applyStaffSignedIn(state: State, signedIn: StaffSignedIn, event: StoreEvent): void {
  state.sessions.set(signedIn.sessionId, {
    sessionId: signedIn.sessionId,
    personRef: signedIn.personRef,
    kioskId: signedIn.kioskId,
    signedInAtMs: event.recordedAtMs,
  });
}
