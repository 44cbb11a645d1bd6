/** `stockhand replay`: folds the log again, checks its hash chain, and tells the state it gives. */
import { createHash } from 'node:crypto';
import { apply, createState, type State, serializeState } from '../agent.ts';
import type { SqliteEventLog } from '../event-store/sqlite-event-log.ts';
import { decodeEvent, firstPreviousHash } from '../events/event-codec.ts';
import { commandNamed, openLogForReading, runCommand, UsageError } from './data-folder.ts';
import { replayInputs } from './input-replay.ts';

interface Options {
  data: string;
  to?: string;
  inputs?: boolean;
  json?: boolean;
}

const stateHash = (state: State) =>
  createHash('sha256').update(serializeState(state)).digest('hex');

/** @throws Error when an event does not name the hash of the one before. */
function replayEvents(log: SqliteEventLog, last: number): Record<string, string | number> {
  const epoch = Buffer.from(log.epoch).toString('hex');
  const state = createState({ storeGln: log.storeGln, epoch });
  let previousHash: Uint8Array = firstPreviousHash;
  for (const { bytes, event } of log.readFrom(1)) {
    if (event.position > last) break;
    const { frame } = decodeEvent(bytes);
    if (!Buffer.from(frame.previousHash).equals(previousHash)) {
      throw new Error(`The chain is broken before event ${event.position}: the log was changed.`);
    }
    previousHash = createHash('sha256').update(bytes).digest();
    apply(state, event);
  }
  const chainHash = Buffer.from(previousHash).toString('hex');
  const { position } = state;
  return { store: log.storeGln, epoch, position, stateHash: stateHash(state), chainHash };
}

/** @throws Error when the recorded inputs lead to other events than those in the log. */
function replayRecorded(log: SqliteEventLog): Record<string, string | number> {
  const { storeGln, epoch } = log;
  const [inputs, events] = [log.recordedInputs(), log.readFrom(1)];
  const { state, ...result } = replayInputs({ storeGln, epoch, events, inputs });
  if (result.inputs === 0) {
    throw new UsageError('No inputs were recorded. Set recordInputs: true before the first start.');
  }
  if (result.firstDifference !== null) {
    throw new Error(
      `Event ${result.firstDifference} comes out differently: recording began later, or the core changed.`,
    );
  }
  if (result.unexplained > 0) {
    throw new Error(`${result.unexplained} events of the log follow from no recorded input.`);
  }
  const { inputs: steps, events: same } = result;
  return { store: storeGln, inputs: steps, events: same, stateHash: stateHash(state) };
}

function replay(options: Options): void {
  const last = options.to === undefined ? Number.MAX_SAFE_INTEGER : Number(options.to);
  if (!Number.isInteger(last) || last < 0) throw new UsageError('--to takes a log position.');
  if (options.inputs && options.to !== undefined) {
    throw new UsageError('--inputs replays everything: leave --to out.');
  }
  const log = openLogForReading(options.data);
  try {
    const answer = options.inputs ? replayRecorded(log) : replayEvents(log, last);
    if (options.json) console.log(JSON.stringify(answer));
    else {
      for (const [name, value] of Object.entries(answer)) {
        console.log(`${name.padEnd(10)} ${value}`);
      }
    }
  } finally {
    log.close();
  }
}

const program = commandNamed('stockhand replay')
  .description('Fold the log into state again and check that nobody changed it.')
  .requiredOption('--data <folder>', 'the agent’s data folder')
  .option('--to <position>', 'stop after this log position')
  .option('--inputs', 'step the recorded inputs instead, and compare their events with the log')
  .option(
    '--json',
    '{"store","epoch","position","stateHash","chainHash"}, with --inputs {"store","inputs","events","stateHash"}',
  )
  .addHelpText(
    'after',
    `
Examples:
  stockhand replay --data ./data
  stockhand replay --data ./data --to 88123 --json
  stockhand replay --data ./data --inputs

The agent may be running. The state hash is that of the events alone, without reading marks.
Exit code 1: the log was changed, or its inputs lead to other events.`,
  );

await runCommand(async () => replay(program.parse().opts()));
