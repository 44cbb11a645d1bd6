/**
 * What waits for somebody's word, as one list: exceptions, approvals, and substitutes for customers'
 * orders.
 *
 * An approval and a substitution are announced by an exception of their own, so that they escalate like
 * any other. For people they are one thing: where the question itself is in the list, its exception is
 * left out. First comes what the person at the screen may answer, then the most severe, then what is due
 * first; equal ones go by id, so that the list does not jitter.
 *
 * Example: Lea, a lead, sees a short delivery (a lead answers), a cold-chain breach that has gone on to
 * the manager, and a count of 360.00 to approve: the count and the delivery first, then the breach.
 */
import { type Timestamp, timestampMs } from '@bufbuild/protobuf/wkt';
import { Severity } from '@stockhand/proto/events/v1alpha/exception_events_pb.js';
import type {
  ApprovalView,
  ExceptionView,
  ListExceptionsResponse,
  SubstitutionView,
} from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';

export type DecisionTone = 'urgent' | 'warning' | 'note';

interface CardFacts {
  id: string;
  tone: DecisionTone;
  /** The person at the screen may answer it. */
  isMine: boolean;
  /** Unix milliseconds; undefined when nothing happens by waiting. */
  dueMs: number | undefined;
}

export type DecisionCard = CardFacts &
  (
    | { kind: 'exception'; exception: ExceptionView }
    | { kind: 'approval'; approval: ApprovalView }
    | { kind: 'substitution'; substitution: SubstitutionView }
  );

const toneBySeverity: Readonly<Record<Severity, DecisionTone>> = {
  [Severity.UNSPECIFIED]: 'note',
  [Severity.NOTE]: 'note',
  [Severity.WARNING]: 'warning',
  [Severity.URGENT]: 'urgent',
};

const order: readonly DecisionTone[] = ['urgent', 'warning', 'note'];

export function decisionCards(list: ListExceptionsResponse): DecisionCard[] {
  const asked = new Map<string, ExceptionView>();
  const cards: DecisionCard[] = [];
  for (const exception of list.exceptions) {
    const question = questionOf(exception, list);
    if (question !== undefined) asked.set(question, exception);
    else cards.push(exceptionCard(exception));
  }
  for (const approval of list.approvals) {
    const announced = asked.get(approval.approvalId);
    cards.push({
      kind: 'approval',
      id: approval.approvalId,
      tone: toneOf(announced),
      isMine: approval.decidable,
      dueMs: momentOf(approval.expiresAt),
      approval,
    });
  }
  for (const substitution of list.substitutions) {
    const announced = asked.get(substitution.substitutionId);
    cards.push({
      kind: 'substitution',
      id: substitution.substitutionId,
      tone: toneOf(announced),
      isMine: true,
      dueMs: momentOf(announced?.deadline),
      substitution,
    });
  }
  return cards.sort(compareCards);
}

/** Id of the approval or substitution that the exception announces, when the list holds it. */
function questionOf(
  { type, subjects }: ExceptionView,
  { approvals, substitutions }: ListExceptionsResponse,
): string | undefined {
  const names = (id: string) => subjects.some((subject) => subject.id === id);
  if (type === 'approval-needed') {
    return approvals.find(({ approvalId }) => names(approvalId))?.approvalId;
  }
  if (type !== 'substitution-needed') return undefined;
  const isIt = ({ orderId, gtin }: SubstitutionView) => names(orderId) && names(gtin);
  return substitutions.find(isIt)?.substitutionId;
}

function exceptionCard(exception: ExceptionView): DecisionCard {
  return {
    kind: 'exception',
    id: exception.exceptionId,
    tone: toneOf(exception),
    isMine: exception.answerable,
    dueMs: momentOf(exception.deadline),
    exception,
  };
}

function toneOf(exception: ExceptionView | undefined): DecisionTone {
  return exception === undefined ? 'warning' : toneBySeverity[exception.severity];
}

function momentOf(moment: Timestamp | undefined): number | undefined {
  return moment === undefined ? undefined : timestampMs(moment);
}

function compareCards(one: DecisionCard, other: DecisionCard): number {
  return (
    Number(other.isMine) - Number(one.isMine) ||
    order.indexOf(one.tone) - order.indexOf(other.tone) ||
    (one.dueMs ?? Number.MAX_SAFE_INTEGER) - (other.dueMs ?? Number.MAX_SAFE_INTEGER) ||
    (one.id < other.id ? -1 : 1)
  );
}
