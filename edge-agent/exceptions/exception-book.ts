/** Raises, answers, escalates and resolves exceptions; each of these is an event. */
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { ActorKind } from '@stockhand/proto/events/v1alpha/event_pb.js';
import type { StaffRoleName } from '../catalogue/catalogue.ts';
import { refusal, refused } from '../errors.ts';
import type { Recorder } from '../events/recorder.ts';
import type { Outcome } from '../input.ts';
import { policyOf } from '../policy/policy.ts';
import type { State } from '../state.ts';
import {
  type ExceptionRecord,
  type ExceptionType,
  escalation,
  evidenceTextLimit,
  factsLimit,
  handlings,
  openExceptionsLimit,
  subjectKey,
  subjectsLimit,
} from './exception.ts';

const ruleActor = { kind: ActorKind.RULE, id: 'exceptions', detail: '1' };

export interface Cause {
  type: ExceptionType;
  causeKey: string;
  subjects: string[];
  evidence: string;
  /** Position of the event of this step that shows it. */
  causedBy?: number;
  /** More of the same joins the open one, as a fact of its own. */
  isGathering?: boolean;
  /** The cause goes on after an answer (a truck is still late): it is not raised again. */
  isLasting?: boolean;
  /** Instead of those of its type. */
  answers?: readonly string[];
  ownerRole?: StaffRoleName;
}

/**
 * True for what goes on minute after minute (`typesBySubject`) when somebody was told of the subject, or
 * has answered for it: it is not told again.
 */
export function isTold(state: Readonly<State>, causeKey: string, subject: string): boolean {
  const open = state.exceptions.get(causeKey);
  if (open?.subjects.includes(subject) === true) return true;
  return isSettled(state, subjectKey(causeKey, subject));
}

function isSettled({ settledCauses }: Readonly<State>, causeKey: string): boolean {
  return settledCauses.has(causeKey);
}

/** Calls something to the attention of its owner, unless it is open already. */
export function raiseException(recorder: Recorder, cause: Cause): void {
  const { exceptions, epoch } = recorder.state;
  const open = exceptions.get(cause.causeKey);
  if (open !== undefined) {
    if (cause.isGathering === true) gather(recorder, open, cause);
    return;
  }
  if (exceptions.size >= openExceptionsLimit) return;
  if (cause.isLasting === true && isSettled(recorder.state, cause.causeKey)) return;
  const { type, causeKey, subjects, evidence, causedBy } = cause;
  const { severity, minutes } = handlings[type];
  const routed = policyOf(recorder.state.policy).routeOf(type);
  const { answers = handlings[type].answers } = cause;
  const ownerRole = routed ?? cause.ownerRole ?? handlings[type].ownerRole;
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
      facts: [factOf(cause)],
    },
    { actor: ruleActor, ...(causedBy !== undefined && { causedBy }) },
  );
}

/** More of the same cause: what is new joins the open exception. */
function gather(recorder: Recorder, open: ExceptionRecord, cause: Cause): void {
  if (open.facts.some(({ text }) => text === cause.evidence)) return;
  const { exceptionId } = open;
  // A full exception takes no more; without this the same would be merged at each step.
  const isFull = open.facts.length >= factsLimit;
  const names = open.subjects;
  const isNamed =
    names.length >= subjectsLimit || cause.subjects.every((one) => names.includes(one));
  if (isFull && isNamed) return;
  const subjects = [...new Set([...names, ...cause.subjects])].slice(0, subjectsLimit);
  const evidence = `${open.evidence} ${cause.evidence}`.slice(0, evidenceTextLimit);
  const facts = [...open.facts.map(factMessage), factOf(cause)].slice(0, factsLimit);
  const fields = { exceptionId, subjects, evidence, facts };
  const { causedBy } = cause;
  recorder.record('exceptionMerged', fields, {
    actor: ruleActor,
    ...(causedBy !== undefined && { causedBy }),
  });
}

function factOf({ evidence, causedBy = 0 }: Cause) {
  return factMessage({ text: evidence, position: causedBy });
}

function factMessage(fact: { text: string; position: number }) {
  return { text: fact.text, position: BigInt(fact.position) };
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
