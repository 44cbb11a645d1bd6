/**
 * What an answer to an exception sets going: most are words for the record; some are work.
 *
 * | type | answer | what follows |
 * |---|---|---|
 * | sensor-fault | recalibrated, replaced, sensor is right | the sensor is heard again |
 * | misplaced-goods | taken away, nothing there | the sensor is heard again |
 * | stock-discrepancy | count again | a count task of the bin |
 * | phantom-suspected | it is gone | a count task of the slot or bin |
 * | overstock | send back | tasks that return the excess from the bins |
 * | cold-chain-breach | waste it, send back | tasks that take what stands at the dock out of sale, or back |
 * | delivery-damaged | waste, claim | what is set aside is wasted, or kept for the carrier |
 * | substitution-needed | a GTIN, or leave out | the customer's order gets it, or goes without |
 * | task-overdue | give it to others | the task is open again |
 */
import { TaskStatus } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { chooseByAnswer } from '../collect/substitution.ts';
import type { Recorder } from '../events/recorder.ts';
import type { Outcome } from '../input.ts';
import { returnExcess } from '../replenishment/overstock.ts';
import { type AccountRef, balance, quarantine } from '../stock/ledger.ts';
import { dock, placeOfKind } from '../stock/store-places.ts';
import type { Person } from '../tasks/actions.ts';
import { askForReturn, askForWaste } from '../tasks/goods-tasks.ts';
import { askForCount } from '../tasks/task-creation.ts';
import type { ExceptionRecord } from './exception.ts';
import { answerException, findException } from './exception-book.ts';
import { settleDoubt } from './sensor-doubt.ts';

/** Urgency of a count that a person asked for. */
const askedCountPpm = 500_000;

/** Records the answer and starts what it asks for. */
export function answerWithEffect(
  recorder: Recorder,
  person: Person,
  exceptionId: string,
  answer: string,
): Outcome {
  const open = findException(recorder.state, exceptionId);
  const outcome = answerException(recorder, person, exceptionId, answer);
  if (outcome.kind === 'accepted' && open !== undefined) followUp(recorder, person, open, answer);
  return outcome;
}

function followUp(
  recorder: Recorder,
  person: Person,
  { type, causeKey, subjects, evidence }: ExceptionRecord,
  answer: string,
): void {
  switch (type) {
    case 'sensor-fault':
    case 'misplaced-goods':
      settleDoubt(recorder, subjects, answer);
      break;
    case 'stock-discrepancy':
      if (answer === 'count again') countSubjects(recorder, subjects, evidence);
      break;
    case 'phantom-suspected':
      if (answer === 'it is gone') countSubjects(recorder, subjects, evidence);
      break;
    case 'overstock':
      if (answer === 'send back') returnExcess(recorder, subjects[0] ?? '', evidence);
      break;
    case 'cold-chain-breach':
      if (answer === 'waste it') askForHeld(recorder, subjects, dock, askForWaste, evidence);
      if (answer === 'send back') askForHeld(recorder, subjects, dock, askForReturn, evidence);
      break;
    case 'delivery-damaged':
      if (answer === 'waste') askForHeld(recorder, subjects, quarantine, askForWaste, evidence);
      break;
    case 'substitution-needed':
      chooseByAnswer(recorder, causeKey, answer);
      break;
    case 'task-overdue':
      if (answer === 'give it to others') reopen(recorder, person, subjects);
      break;
    default:
      break;
  }
}

/** Asks for a count of the slot, or of the product in the bin, that the exception names. */
function countSubjects(recorder: Recorder, subjects: readonly string[], evidence: string): void {
  const { catalogue } = recorder.state;
  const slotId = subjects.find((one) => catalogue.slotById.has(one)) ?? '';
  const placeId = slotId === '' ? (subjects.find((one) => catalogue.placeById.has(one)) ?? '') : '';
  const slot = catalogue.slotById.get(slotId);
  const gtin = slot?.gtin ?? subjects.find((one) => catalogue.productByGtin.has(one)) ?? '';
  if (gtin === '' || (slotId === '' && placeId === '')) return;
  askForCount(recorder, { gtin, slotId, placeId }, askedCountPpm, evidence);
}

/** A task for what the account holds of each product that the exception names. */
function askForHeld(
  recorder: Recorder,
  subjects: readonly string[],
  account: AccountRef,
  ask: typeof askForWaste,
  why: string,
): void {
  const { ledger, catalogue } = recorder.state;
  const kind = account.kind === dock.kind ? 'dock' : 'quarantine';
  for (const gtin of subjects.filter((one) => catalogue.productByGtin.has(one))) {
    const quantity = balance(ledger, gtin, account);
    const fromPlaceId = placeOfKind(recorder.state, kind);
    if (quantity > 0) ask(recorder, { gtin, quantity, fromPlaceId }, why);
  }
}

function reopen(recorder: Recorder, person: Person, subjects: readonly string[]): void {
  for (const taskId of subjects) {
    const task = recorder.state.tasks.open.get(taskId);
    if (task?.status !== TaskStatus.CLAIMED && task?.status !== TaskStatus.STARTED) continue;
    const reason = task.claimedBy === person.ref ? 'given-back' : 'taken-back-by-lead';
    recorder.record('taskReleased', { taskId, personRef: task.claimedBy, reason });
    recorder.touchedSlots.add(task.slotId);
  }
}
