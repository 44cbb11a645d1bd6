/**
 * Takes a command of HQ in. Each has a number per store and HQ epoch; a number that is in the log is a
 * duplicate. A command that cannot be applied is refused as a whole, and the refusal is an event as
 * well: HQ sees it, and the number counts as answered, so that one bad command holds up no other.
 *
 * Example: command 7 brings master data with a slot whose par is above its capacity: CommandRefused
 * {7, "slots[4].par"}; the store goes on with what it has. Command 7 again: duplicate.
 */
import { timestampMs } from '@bufbuild/protobuf/wkt';
import { ActorKind } from '@stockhand/proto/events/v1alpha/event_pb.js';
import type { Command } from '@stockhand/proto/sync/v1alpha/sync_service_pb.js';
import { decideApproval } from '../approvals/approval-book.ts';
import { applyMasterData } from '../catalogue/master-data-command.ts';
import { cancelCollectOrder, placeCollectOrder } from '../collect/collect-commands.ts';
import { applyDemandForecast } from '../demand/hq-forecast.ts';
import { refusal, refused } from '../errors.ts';
import { eventTypeName } from '../events/event-codec.ts';
import type { Recorder } from '../events/recorder.ts';
import { announceDelivery, delayDelivery } from '../inbound/delivery-commands.ts';
import { bookDockAppointment } from '../inbound/dock-appointment.ts';
import { reportTransport } from '../inbound/transport.ts';
import type { Outcome, Refusal } from '../input.ts';
import { answerOrder } from '../orders/placement.ts';
import { announcePromotion } from '../orders/promotion.ts';
import { reportWarehouseStock } from '../orders/warehouse-stock.ts';
import { applyRoster } from '../planning/shifts.ts';
import { applyPolicyLayer } from '../policy/activation.ts';
import type { PersonRecord } from '../ports.ts';
import { applyOpeningStock } from '../stock/opening-stock.ts';
import { approveDeviceForHq, blockDeviceForHq } from './device-command.ts';
import { commandName, isPlainId, plainIdExpectation } from './identity.ts';
import type { LineResult } from './line-result.ts';

export interface CommandResult {
  outcome: Outcome;
  /** The whole new side table of people; null when the command says nothing of them. */
  people: PersonRecord[] | null;
}

export function takeCommand(recorder: Recorder, command: Command): CommandResult {
  const { hqEpoch } = command;
  const sequence = Number(command.sequence);
  recorder.attribute(commandName(hqEpoch, sequence), { kind: ActorKind.HQ, id: 'hq', detail: '' });
  const formFault = formFaultOf(command);
  // Without a number it cannot be answered in the log; the sync client is broken.
  if (formFault !== null) return { outcome: refused(formFault), people: null };
  const last = recorder.state.commandSequences.get(hqEpoch) ?? 0;
  if (sequence <= last) return { outcome: { kind: 'duplicate' }, people: null };
  const result = carryOut(recorder, command);
  if ('refusals' in result) {
    recordRefusal(recorder, command, result.refusals[0]);
    return { outcome: { kind: 'refused', refusals: result.refusals }, people: null };
  }
  const { hqEpoch: epoch, sequence: commandSequence } = command;
  recorder.record('commandApplied', { hqEpoch: epoch, commandSequence, command: nameOf(command) });
  const { leftOut = [], people } = result;
  for (const one of leftOut) recordRefusal(recorder, command, one);
  const outcome: Outcome =
    leftOut.length > 0 ? { kind: 'refused', refusals: leftOut } : { kind: 'accepted' };
  return { outcome, people };
}

/** HQ sees why: of the whole command, or of a line that was left out of one that was applied. */
function recordRefusal(recorder: Recorder, command: Command, first: Refusal | undefined): void {
  recorder.record('commandRefused', {
    hqEpoch: command.hqEpoch,
    commandSequence: command.sequence,
    command: nameOf(command),
    reason: first?.reason ?? '',
    field:
      first === undefined ? '' : `${first.field}: found ${first.found}, expected ${first.expected}`,
  });
}

function formFaultOf(command: Command): Refusal | null {
  if (!isPlainId(command.hqEpoch)) {
    return refusal('bad-field', 'hqEpoch', command.hqEpoch, plainIdExpectation);
  }
  const sequence = Number(command.sequence);
  if (sequence < 1 || !Number.isSafeInteger(sequence)) {
    return refusal('out-of-range', 'sequence', command.sequence, 'a number from 1');
  }
  return null;
}

type CarriedOut = { people: PersonRecord[] | null; leftOut?: Refusal[] } | { refusals: Refusal[] };

function carryOut(recorder: Recorder, command: Command): CarriedOut {
  const { nowMs } = recorder.moment;
  if (command.expiresAt !== undefined && timestampMs(command.expiresAt) < nowMs) {
    const found = timestampMs(command.expiresAt);
    return { refusals: [refusal('command-expired', 'expiresAt', found, `${nowMs} or later`)] };
  }
  switch (command.command.case) {
    case 'applyMasterData':
      return applyMasterData(recorder, command.command.value);
    case 'applyOpeningStock':
      return allOrNothing(applyOpeningStock(recorder, command.command.value));
    case 'announceDelivery':
      return lineByLine(announceDelivery(recorder, command.command.value));
    case 'delayDelivery':
      return allOrNothing(delayDelivery(recorder, command.command.value));
    case 'reportTransport':
      return allOrNothing(reportTransport(recorder, command.command.value));
    case 'bookDockAppointment':
      return allOrNothing(bookDockAppointment(recorder, command.command.value));
    case 'reportWarehouseStock':
      return lineByLine(reportWarehouseStock(recorder, command.command.value));
    case 'placeCollectOrder':
      return lineByLine(placeCollectOrder(recorder, command.command.value));
    case 'cancelCollectOrder':
      return allOrNothing(cancelCollectOrder(recorder, command.command.value));
    case 'announcePromotion':
      return lineByLine(announcePromotion(recorder, command.command.value));
    case 'answerApproval': {
      const decision = { ...command.command.value, decidedBy: 'hq', role: 'hq' as const };
      const outcome = decideApproval(recorder, decision);
      return allOrNothing(outcome.kind === 'refused' ? outcome.refusals : []);
    }
    case 'approveDevice':
      return allOrNothing(approveDeviceForHq(recorder, command.command.value));
    case 'blockDevice':
      return allOrNothing(blockDeviceForHq(recorder, command.command.value));
    case 'applyRoster':
      return allOrNothing(applyRoster(recorder, command.command.value));
    case 'applyDemandForecast':
      return allOrNothing(applyDemandForecast(recorder, command.command.value));
    case 'applyPolicyLayer':
      return allOrNothing(applyPolicyLayer(recorder, command.command.value));
    case 'answerOrder':
      return allOrNothing(answerOrder(recorder, command.command.value));
    case 'reportQuarantine':
      // That HQ keeps bytes which it cannot read is on record with the command itself.
      return { people: null };
    default:
      return {
        refusals: [refusal('missing-field', 'command', '', 'a command that this release knows')],
      };
  }
}

function allOrNothing(refusals: Refusal[]): CarriedOut {
  return refusals.length > 0 ? { refusals } : { people: null };
}

/** Lines that were left out are told beside what was taken. */
function lineByLine({ isApplied, refusals }: LineResult): CarriedOut {
  return isApplied ? { people: null, leftOut: refusals } : { refusals };
}

function nameOf(command: Command): string {
  return command.command.case === undefined ? '' : eventTypeName(command.command.case);
}
