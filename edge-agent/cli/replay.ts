/** `stockhand replay`: folds the log again, checks its hash chain, and tells the state it gives. */
import { createHash } from 'node:crypto';
import { Command } from 'commander';
import { apply, createState, serializeState } from '../agent.ts';
import { decodeEvent, firstPreviousHash } from '../events/event-codec.ts';
import { openLogForReading, runCommand, UsageError } from './data-folder.ts';

interface Options {
  data: string;
  to?: string;
  json?: boolean;
}

function replay(options: Options): void {
  const last = options.to === undefined ? Number.MAX_SAFE_INTEGER : Number(options.to);
  if (!Number.isInteger(last) || last < 0) throw new UsageError('--to takes a log position.');
  const log = openLogForReading(options.data);
  try {
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
    const stateHash = createHash('sha256').update(serializeState(state)).digest('hex');
    const chainHash = Buffer.from(previousHash).toString('hex');
    const answer = { store: log.storeGln, epoch, position: state.position, stateHash, chainHash };
    if (options.json) console.log(JSON.stringify(answer));
    else {
      for (const [name, value] of Object.entries(answer))
        console.log(`${name.padEnd(10)} ${value}`);
    }
  } finally {
    log.close();
  }
}

const program = new Command('stockhand replay')
  .description('Fold the log into state again and check that nobody changed it.')
  .requiredOption('--data <folder>', 'the agent’s data folder')
  .option('--to <position>', 'stop after this log position')
  .option('--json', '{"store","epoch","position","stateHash","chainHash"}')
  .addHelpText(
    'after',
    `
Examples:
  stockhand replay --data ./data
  stockhand replay --data ./data --to 88123 --json

The agent may be running. The state hash is that of the events alone, without reading marks.`,
  );

await runCommand(async () => replay(program.parse().opts()));
