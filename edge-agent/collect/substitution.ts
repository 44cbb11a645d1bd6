/**
 * A product that a customer ordered is not there and will not come in time: what master data lists as its
 * substitutes, and the store has, is proposed, and a person chooses one touch away. "Leave out" is an
 * answer, too. What arrives or is found meanwhile ends the question.
 */
import type { ChooseSubstitute } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { quantityText } from '@stockhand/proto/vocabulary/quantity.ts';
import { refusal, refused } from '../errors.ts';
import type { Recorder } from '../events/recorder.ts';
import { raiseException, resolveException } from '../exceptions/exception-book.ts';
import type { Outcome } from '../input.ts';
import { candidatesLimit, type SubstitutionRecord } from '../orders/proposal.ts';
import type { State } from '../state.ts';
import { baseUnitOf, quantityOf } from '../stock/base-unit.ts';
import { workActor } from '../tasks/task-creation.ts';
import { type CollectLineRecord, type CollectOrderRecord, missingOf } from './collect-order.ts';
import { freeSupply } from './supply.ts';

/** The answer that takes no substitute. */
export const leaveOut = 'leave out';

export function substituteKey(orderId: string, gtin: string): string {
  return `substitution-needed/${orderId}/${gtin}`;
}

/** Substitutes that the store has, as master data ranks them; those that suffice come first. */
export function candidatesFor(state: Readonly<State>, gtin: string, quantity: number): string[] {
  const listed = state.catalogue.productByGtin.get(gtin)?.substitutes ?? [];
  const supply = new Map(listed.map((other) => [other, freeSupply(state, other)]));
  const isEnough = (other: string) => (supply.get(other) ?? 0) >= quantity;
  return listed
    .filter((other) => (supply.get(other) ?? 0) > 0)
    .sort((one, other) => Number(isEnough(other)) - Number(isEnough(one)))
    .slice(0, candidatesLimit);
}

/** Asks what to give instead, unless it was asked before. */
export function needSubstitute(
  recorder: Recorder,
  order: CollectOrderRecord,
  line: CollectLineRecord,
): void {
  const { state } = recorder;
  const { orderId } = order;
  const { gtin } = line;
  const causeKey = substituteKey(orderId, gtin);
  if (state.exceptions.has(causeKey) || state.settledCauses.has(causeKey)) return;
  const missing = missingOf(line);
  const candidateGtins = candidatesFor(state, gtin, missing);
  const substitutionId = `s-${state.epoch.slice(0, 8)}-${recorder.nextPosition()}`;
  const causedBy = recorder.record(
    'substitutionProposed',
    { substitutionId, gtin, candidateGtins, quantity: quantityOf(state, gtin, missing), orderId },
    { actor: workActor, correlationId: orderId },
  );
  const nameOf = (one: string) => state.catalogue.productByGtin.get(one)?.name ?? one;
  const text = quantityText(missing, baseUnitOf(state, gtin));
  const instead =
    candidateGtins.length === 0
      ? 'nothing listed can take its place'
      : `instead: ${candidateGtins.map(nameOf).join(', ')}`;
  raiseException(recorder, {
    type: 'substitution-needed',
    causeKey,
    subjects: [orderId, gtin],
    evidence: `Order ${orderId} lacks ${text} of ${nameOf(gtin)}; ${instead}.`,
    answers: [...candidateGtins, leaveOut],
    causedBy,
  });
}

/** A person chose, on the substitution itself or as the answer to its exception. */
export function chooseSubstitute(recorder: Recorder, action: ChooseSubstitute): Outcome {
  const { state } = recorder;
  const { substitutionId, gtin } = action;
  const proposed = state.proposals.substitutions.get(substitutionId);
  if (proposed === undefined) {
    const expected = 'a substitution that nobody has decided';
    return refused(refusal('already-answered', 'substitutionId', substitutionId, expected));
  }
  if (gtin !== '' && !proposed.candidateGtins.includes(gtin)) {
    const expected = [...proposed.candidateGtins, 'nothing'].join(' or ');
    return refused(refusal('bad-field', 'gtin', gtin, expected));
  }
  recordChoice(recorder, proposed, gtin);
  resolveException(recorder, substituteKey(proposed.orderId, proposed.gtin), 'chosen');
  return { kind: 'accepted' };
}

/** The answer to a substitution-needed exception: a GTIN, or to leave it out. */
export function chooseByAnswer(recorder: Recorder, causeKey: string, answer: string): void {
  for (const proposed of recorder.state.proposals.substitutions.values()) {
    if (substituteKey(proposed.orderId, proposed.gtin) !== causeKey) continue;
    recordChoice(recorder, proposed, answer === leaveOut ? '' : answer);
    return;
  }
}

function recordChoice(
  recorder: Recorder,
  { substitutionId, gtin, quantity, orderId }: SubstitutionRecord,
  substituteGtin: string,
): void {
  const fields = {
    substitutionId,
    substituteGtin,
    quantity: quantityOf(recorder.state, gtin, quantity),
  };
  recorder.record('substitutionChosen', fields, { correlationId: orderId });
}
