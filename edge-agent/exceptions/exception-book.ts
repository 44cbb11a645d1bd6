/** Raises, answers, escalates and resolves exceptions; each of these is an event. */
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { ActorKind } from '@stockhand/proto/events/v1alpha/event_pb.js';
import type { StaffRoleName } from '../catalogue/catalogue.ts';
import { refusal, refused } from '../errors.ts';
import type { Recorder } from '../events/recorder.ts';
import type { Outcome } from '../input.ts';
import type { State } from '../state.ts';
import {
  type ExceptionRecord,
  type ExceptionType,
  escalation,
  handlings,
  openExceptionsLimit,
} from './exception.ts';

const ruleActor = { kind: ActorKind.RULE, id: 'exceptions', detail: '1' };

export interface Cause {
  type: ExceptionType;
  causeKey: string;
  subjects: string[];
  evidence: string;
  /** Position of the event of this step that shows it. */
  causedBy?: number;
}

/** Calls something to the attention of its owner, unless it is open already. */
export function raiseException(recorder: Recorder, cause: Cause): void {
  const { exceptions, epoch } = recorder.state;
  if (exceptions.has(cause.causeKey) || exceptions.size >= openExceptionsLimit) return;
  const { type, causeKey, subjects, evidence, causedBy } = cause;
  const { severity, ownerRole, minutes, answers } = handlings[type];
  recorder.record(
    'exceptionRaised',
    {
      exceptionId: `x-${epoch.slice(0, 8)}-${recorder.nextPosition()}`,
      type,
      severity,
      ownerRole,
      causeKey,
      subjects,
      evidence,
      deadline: timestampFromMs(recorder.moment.nowMs + minutes * 60_000),
      answers: [...answers],
    },
    { actor: ruleActor, ...(causedBy !== undefined && { causedBy }) },
  );
}

/** The cause is gone. */
export function resolveException(recorder: Recorder, causeKey: string, reason: string): void {
  const open = recorder.state.exceptions.get(causeKey);
  if (open === undefined) return;
  const { exceptionId } = open;
  recorder.record('exceptionResolved', { exceptionId, reason }, { actor: ruleActor });
}

export function findException(
  state: Readonly<State>,
  exceptionId: string,
): ExceptionRecord | undefined {
  for (const one of state.exceptions.values()) if (one.exceptionId === exceptionId) return one;
  return undefined;
}

/** Who may answer for whom: the owner's role, and those above it. */
const ranks: readonly StaffRoleName[] = ['associate', 'lead', 'manager', 'hq'];

/** A person's one-touch answer closes it; a second answer is told that somebody was quicker. */
export function answerException(
  recorder: Recorder,
  person: { ref: string; role: StaffRoleName },
  exceptionId: string,
  answer: string,
): Outcome {
  const open = findException(recorder.state, exceptionId);
  if (open === undefined) {
    return refused(
      refusal('already-answered', 'exceptionId', exceptionId, 'an exception that is open'),
    );
  }
  if (!open.answers.includes(answer)) {
    return refused(refusal('bad-field', 'answer', answer, open.answers.join(' or ')));
  }
  if (ranks.indexOf(person.role) < ranks.indexOf(open.ownerRole)) {
    return refused(refusal('not-allowed', 'role', person.role, open.ownerRole));
  }
  recorder.record('exceptionAnswered', { exceptionId, answer, personRef: person.ref });
  return { kind: 'accepted' };
}

/** Asks the next role about what nobody answered in time. Few are open, so each step may look. */
export function escalateOverdue(recorder: Recorder): void {
  const { nowMs } = recorder.moment;
  for (const { exceptionId, deadlineMs, ownerRole, type } of recorder.state.exceptions.values()) {
    if (deadlineMs > nowMs) continue;
    const next = escalation[ownerRole];
    if (next === undefined) continue;
    const deadline = timestampFromMs(nowMs + handlings[type].minutes * 60_000);
    recorder.record(
      'exceptionEscalated',
      { exceptionId, ownerRole: next, deadline },
      { actor: ruleActor },
    );
  }
}
