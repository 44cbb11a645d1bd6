/** What the exception events do to the open exceptions. */
import { timestampMs } from '@bufbuild/protobuf/wkt';
import type {
  ExceptionEscalated,
  ExceptionRaised,
} from '@stockhand/proto/events/v1alpha/exception_events_pb.js';
import type { StaffRoleName } from '../catalogue/catalogue.ts';
import type { State } from '../state.ts';
import type { ExceptionType } from './exception.ts';
import { findException } from './exception-book.ts';

export function applyExceptionRaised(state: State, raised: ExceptionRaised, atMs: number): void {
  const { exceptionId, severity, causeKey, subjects, evidence, answers, deadline } = raised;
  state.exceptions.set(causeKey, {
    exceptionId,
    // Written by raiseException, which knows no other types and roles.
    type: raised.type as ExceptionType,
    severity,
    ownerRole: raised.ownerRole as StaffRoleName,
    causeKey,
    subjects: [...subjects],
    evidence,
    raisedAtMs: atMs,
    deadlineMs: deadline === undefined ? atMs : timestampMs(deadline),
    answers: [...answers],
  });
}

export function applyExceptionEscalated(state: State, escalated: ExceptionEscalated): void {
  const open = findException(state, escalated.exceptionId);
  if (open === undefined) return;
  // Written by escalateOverdue from the chain of roles.
  open.ownerRole = escalated.ownerRole as StaffRoleName;
  if (escalated.deadline !== undefined) open.deadlineMs = timestampMs(escalated.deadline);
}

/** Answered or resolved. */
export function applyExceptionClosed(state: State, exceptionId: string): void {
  const open = findException(state, exceptionId);
  if (open !== undefined) state.exceptions.delete(open.causeKey);
}
