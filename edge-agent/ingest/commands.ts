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
import { applyMasterData } from '../catalogue/master-data-command.ts';
import { refusal, refused } from '../errors.ts';
import { eventTypeName } from '../events/event-codec.ts';
import type { Recorder } from '../events/recorder.ts';
import { announceDelivery, delayDelivery } from '../inbound/delivery-commands.ts';
import type { Outcome, Refusal } from '../input.ts';
import type { PersonRecord } from '../ports.ts';
import { applyOpeningStock } from '../stock/opening-stock.ts';
import { commandName, isPlainId, plainIdExpectation } from './identity.ts';

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
    const [first] = result.refusals;
    recorder.record('commandRefused', {
      hqEpoch,
      commandSequence: command.sequence,
      command: nameOf(command),
      reason: first?.reason ?? '',
      field:
        first === undefined
          ? ''
          : `${first.field}: found ${first.found}, expected ${first.expected}`,
    });
    return { outcome: { kind: 'refused', refusals: result.refusals }, people: null };
  }
  recorder.record('commandApplied', {
    hqEpoch,
    commandSequence: command.sequence,
    command: nameOf(command),
  });
  return { outcome: { kind: 'accepted' }, people: result.people };
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

type CarriedOut = { people: PersonRecord[] | null } | { refusals: Refusal[] };

function carryOut(recorder: Recorder, command: Command): CarriedOut {
  const { nowMs } = recorder.moment;
  if (command.expiresAt !== undefined && timestampMs(command.expiresAt) < nowMs) {
    const found = timestampMs(command.expiresAt);
    return { refusals: [refusal('command-expired', 'expiresAt', found, `${nowMs} or later`)] };
  }
  switch (command.command.case) {
    case 'applyMasterData':
      return applyMasterData(recorder, command.command.value);
    case 'applyOpeningStock': {
      const refusals = applyOpeningStock(recorder, command.command.value);
      return refusals.length > 0 ? { refusals } : { people: null };
    }
    case 'announceDelivery': {
      const refusals = announceDelivery(recorder, command.command.value);
      return refusals.length > 0 ? { refusals } : { people: null };
    }
    case 'delayDelivery': {
      const refusals = delayDelivery(recorder, command.command.value);
      return refusals.length > 0 ? { refusals } : { people: null };
    }
    case 'reportQuarantine':
      // That HQ keeps bytes which it cannot read is on record with the command itself.
      return { people: null };
    default:
      return {
        refusals: [refusal('missing-field', 'command', '', 'a command that this release knows')],
      };
  }
}

function nameOf(command: Command): string {
  return command.command.case === undefined ? '' : eventTypeName(command.command.case);
}
