/** `stockhand device profiles`: tries a file of profiles against those in force, and changes nothing. */
import type { Command } from 'commander';
import { ConfigError } from '../checked-yaml.ts';
import { type ProfileDifference, profileDifferences, readProfiles } from '../device-profiles.ts';
import { rebuildState } from '../event-store/state-rebuild.ts';
import { createState } from '../state.ts';
import { openLogForReading, UsageError } from './data-folder.ts';

interface Options {
  check: string;
  data?: string;
  json?: boolean;
}

/** The state of the log in the folder; an empty one where none is named. */
function stateOf(folder: string | undefined) {
  if (folder === undefined) return createState({ storeGln: '', epoch: '0'.repeat(32) });
  const log = openLogForReading(folder);
  try {
    return rebuildState(log, log.storeGln).state;
  } finally {
    log.close();
  }
}

function tell({ model, change, fields, devices }: ProfileDifference): void {
  const concerned = devices.length === 0 ? 'no device' : devices.join(', ');
  console.log(`${change.padEnd(8)} ${model} (${concerned})`);
  for (const { field, before, after } of fields)
    console.log(`         ${field}: ${before} → ${after}`);
}

function check({ check: file, data, json }: Options): void {
  try {
    const applied = readProfiles(file);
    const differences = profileDifferences(stateOf(data), applied);
    if (json) {
      console.log(JSON.stringify({ file, version: applied.version, faults: [], differences }));
      return;
    }
    console.log(`${file} is fine: version ${applied.version}, ${applied.profiles.length} models`);
    if (differences.length === 0) console.log('Nothing would change.');
    for (const difference of differences) tell(difference);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    if (!json) throw new UsageError(error.message);
    console.log(JSON.stringify({ file, version: '', faults: error.faults, differences: [] }));
    process.exitCode = 2;
  }
}

/** Adds the subcommand. */
export function addProfileCheck(program: Command): void {
  program
    .command('profiles')
    .description('check a file of device profiles and print what it would change')
    .requiredOption('--check <file>', 'the YAML file')
    .option('--data <folder>', 'the agent’s data folder, to compare with the profiles in force')
    .option(
      '--json',
      '{"file","version","faults","differences":[{"model","change","fields","devices"}]}',
    )
    .action(check);
}
