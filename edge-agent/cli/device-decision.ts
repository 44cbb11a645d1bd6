/** `stockhand device approve` and `block`: what a manager decides at the kiosk, from a shell. */
import { create } from '@bufbuild/protobuf';
import { Outcome } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { DeviceSchema } from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import type { Command } from 'commander';
import { uuidv7 } from 'uuidv7';
import { deviceKinds, readingIdentities } from '../catalogue/master-data.ts';
import { type AgentOptions, asPerson, withAgentOptions } from './agent-call.ts';
import { UsageError } from './data-folder.ts';

interface ApproveOptions extends AgentOptions {
  kind?: string;
  slot?: string[];
  identity: string;
  empty: string;
  deadBand: string;
  model: string;
  json?: boolean;
}

interface BlockOptions extends AgentOptions {
  reason: string;
  json?: boolean;
}

/** The message's number of a name such as "weight-plate". @throws UsageError */
function numberOf<Key extends number>(
  names: ReadonlyMap<Key, string>,
  name: string,
  option: string,
) {
  for (const [number, one] of names) if (one === name) return number;
  throw new UsageError(`${option} takes one of ${[...names.values()].join(', ')}.`);
}

function wholeNumber(text: string, option: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError(`${option} takes a whole number.`);
}

function assignmentOf(deviceId: string, options: ApproveOptions) {
  if (options.kind === undefined) return undefined;
  return create(DeviceSchema, {
    deviceId,
    kind: numberOf(deviceKinds, options.kind, '--kind'),
    slotIds: options.slot ?? [],
    readingIdentity: numberOf(readingIdentities, options.identity, '--identity'),
    emptyReading: wholeNumber(options.empty, '--empty'),
    deadBand: wholeNumber(options.deadBand, '--dead-band'),
    model: options.model,
  });
}

type Decision =
  | {
      case: 'approveDevice';
      value: { deviceId: string; assignment?: ReturnType<typeof assignmentOf> };
    }
  | { case: 'blockDevice'; value: { deviceId: string; reason: string } };

async function decide(options: AgentOptions & { json?: boolean }, action: Decision) {
  const answer = await asPerson(options, (client) =>
    // `create` inside completes what is left out.
    client.act({ actionId: uuidv7(), seenVersion: 0, action: action as never }),
  );
  const { deviceId } = action.value;
  const { reason, field, expected } = answer;
  if (answer.outcome === Outcome.REFUSED) {
    throw new UsageError(`${deviceId}: ${reason}, ${field}, expected ${expected}`);
  }
  const word = action.case === 'approveDevice' ? 'approved' : 'blocked';
  console.log(
    options.json ? JSON.stringify({ deviceId, decision: word }) : `${deviceId} is ${word}`,
  );
}

/** Adds the two subcommands. */
export function addDeviceDecisions(program: Command): void {
  withAgentOptions(
    program
      .command('approve <device>')
      .description('let a pending device speak, and say what it is'),
  )
    .option('--kind <kind>', 'weight-plate, distance, rfid-zone, scale, scanner, till, temperature')
    .option('--slot <slot...>', 'the shelf slots that it watches')
    .option('--identity <identity>', 'sequence, device-time or none', 'sequence')
    .option('--empty <reading>', 'the empty slot: milligrams or millimetres', '0')
    .option('--dead-band <change>', 'a smaller change is no news: milligrams or millimetres', '0')
    .option('--model <name>', 'the device’s model', '')
    .option('--json', '{"deviceId","decision"}')
    .action((deviceId: string, options: ApproveOptions) => {
      const assignment = assignmentOf(deviceId, options);
      const value = assignment ? { deviceId, assignment } : { deviceId };
      return decide(options, { case: 'approveDevice', value });
    });
  withAgentOptions(program.command('block <device>').description('disconnect and refuse a device'))
    .requiredOption('--reason <text>', 'why')
    .option('--json', '{"deviceId","decision"}')
    .action((deviceId: string, options: BlockOptions) =>
      decide(options, { case: 'blockDevice', value: { deviceId, reason: options.reason } }),
    );
}
