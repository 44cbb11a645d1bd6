/** What the exception events do to the open exceptions. */
import { timestampMs } from '@bufbuild/protobuf/wkt';
import type {
  EvidenceFact,
  ExceptionEscalated,
  ExceptionMerged,
  ExceptionRaised,
} from '@stockhand/proto/events/v1alpha/exception_events_pb.js';
import type { StaffRoleName } from '../catalogue/catalogue.ts';
import type { State } from '../state.ts';
import {
  type EvidenceFactRecord,
  type ExceptionType,
  settledCausesKept,
  subjectKey,
  typesBySubject,
} from './exception.ts';
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
    facts: raised.facts.map(factRecord),
  });
  if (raised.type === 'demand-shift') noteTold(state, raised.subjects, atMs);
}

export function applyExceptionMerged(state: State, merged: ExceptionMerged): void {
  const open = findException(state, merged.exceptionId);
  if (open === undefined) return;
  open.subjects = [...merged.subjects];
  open.evidence = merged.evidence;
  open.facts = merged.facts.map(factRecord);
}

/** Answered by a person: a cause that goes on is settled. */
export function applyExceptionAnswered(state: State, exceptionId: string): void {
  const open = findException(state, exceptionId);
  if (open === undefined) return;
  const { settledCauses } = state;
  settledCauses.add(open.causeKey);
  if (typesBySubject.has(open.type)) {
    for (const subject of open.subjects) settledCauses.add(subjectKey(open.causeKey, subject));
  }
  applyExceptionClosed(state, exceptionId);
  for (const oldest of settledCauses) {
    if (settledCauses.size <= settledCausesKept) break;
    settledCauses.delete(oldest);
  }
}

function factRecord({ text, position }: EvidenceFact): EvidenceFactRecord {
  return { text, position: Number(position) };
}

export function applyExceptionEscalated(state: State, escalated: ExceptionEscalated): void {
  const open = findException(state, escalated.exceptionId);
  if (open === undefined) return;
  // Written by escalateOverdue from the chain of roles.
  open.ownerRole = escalated.ownerRole as StaffRoleName;
  if (escalated.deadline !== undefined) open.deadlineMs = timestampMs(escalated.deadline);
}

/** Answered or resolved: nobody need look any more. */
export function applyExceptionClosed(state: State, exceptionId: string): void {
  const open = findException(state, exceptionId);
  if (open !== undefined) state.exceptions.delete(open.causeKey);
}

/** A product that sells unusually is told once a day, whatever people answer. */
function noteTold(state: State, gtins: readonly string[], atMs: number): void {
  for (const gtin of gtins) {
    const record = state.demand.byGtin.get(gtin);
    if (record !== undefined) record.toldAtMs = atMs;
  }
}
