/** `stockhand policy`: checks files of business rules, tries them on the log, and puts them in force. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { apply, createState } from '../agent.ts';
import { ConfigError } from '../checked-yaml.ts';
import { rebuildState } from '../event-store/state-rebuild.ts';
import { DryRunner, type Estimate } from '../policy/dry-run.ts';
import { explainPolicy } from '../policy/policy.ts';
import { policyFactsOf } from '../policy/policy-events.ts';
import { layerOf, readPolicy } from '../policy-file.ts';
import { keepProposal } from '../policy-proposal.ts';
import { activatedFiles } from '../policy-watch.ts';
import { commandNamed, openLogForReading, runCommand, UsageError } from './data-folder.ts';

interface Options {
  data: string;
  days?: string;
  propose?: boolean;
  json?: boolean;
}

const dayMs = 86_400_000;
const defaultDays = 28;

function check(files: string[], { json }: { json?: boolean }): void {
  const policy = readPolicy(files);
  const settings = explainPolicy(policyFactsOf(policy));
  const { version } = policy;
  if (json) {
    console.log(JSON.stringify({ version, faults: [], settings }));
    return;
  }
  console.log(`The policy is fine: ${version}\n`);
  const width = Math.max(...settings.map(({ name }) => name.length));
  for (const { name, value, layer } of settings) {
    console.log(`${name.padEnd(width)}  ${layer.padEnd(8)}  ${value}`);
  }
}

/** Files that hold together with those that were activated before, of other layers. */
function withActivated(files: readonly string[], folder: string): string[] {
  const layers = new Set(files.map(layerOf));
  const others = activatedFiles(folder).filter(
    (file) => existsSync(file) && !layers.has(layerOf(file)),
  );
  return [...others, ...files];
}

function dryRun(files: string[], options: Options): void {
  const { data, days = String(defaultDays), propose, json } = options;
  const length = Number(days);
  if (!Number.isInteger(length) || length < 1)
    throw new UsageError('--days takes a number of days.');
  const policy = readPolicy(withActivated(files, data));
  const log = openLogForReading(data);
  try {
    const { storeGln } = log;
    const fromMs = rebuildState(log, storeGln).state.lastRecordedAtMs - length * dayMs;
    const epoch = Buffer.from(log.epoch).toString('hex');
    const state = createState({ storeGln, epoch });
    let runner: DryRunner | null = null;
    for (const { event } of log.readFrom(1)) {
      if (runner === null && event.recordedAtMs >= fromMs) {
        runner = new DryRunner(state, policyFactsOf(policy));
      }
      if (runner === null) apply(state, event);
      else runner.take(event);
    }
    if (runner === null) throw new UsageError(`${data} holds no event yet.`);
    const outcome = runner.finish();
    const result = { version: policy.version, days: length, ...outcome };
    if (propose) {
      const layers = files.map((file) => ({
        layer: layerOf(file),
        text: readFileSync(file, 'utf8'),
      }));
      keepProposal(data, { triedAtMs: Date.now(), days: length, layers, policy, result: outcome });
    }
    if (json) console.log(JSON.stringify(result));
    else tell(result);
    if (propose && !json) console.log('\nA manager sees it at the kiosk, and may put it in force.');
  } finally {
    log.close();
  }
}

type Result = { version: string; days: number } & ReturnType<DryRunner['finish']>;

function tell(result: Result): void {
  const { version, days, recorded, inForce, candidate, difference, isReproduced } = result;
  console.log(`Policy ${version} on the facts of the last ${days} days (${result.steps} inputs)\n`);
  console.log('                     needs   tasks   ended');
  for (const [name, { needs, tasks, ended }] of Object.entries({
    recorded,
    'in force, again': inForce,
    'this policy': candidate,
  })) {
    const columns = [needs, tasks, ended].map((count) => String(count).padStart(8));
    console.log(`${name.padEnd(18)}${columns.join('')}`);
  }
  console.log(`\nIt would have raised ${moreOrFewer(difference.tasks)} (counted exactly).`);
  if (!isReproduced) {
    console.log(
      'Deciding again with the rules in force gives another count than was recorded: another release\n' +
        'decided then. Compare with the line "in force, again".',
    );
  }
  if (result.failures > 0) {
    console.log(`A rule failed on ${result.failures} inputs, first: ${result.firstFailure}`);
  }
  console.log('\nEstimates of the demand model, not counts (between with a chance of 80 %):');
  console.log(`  stockout minutes avoided  ${interval(result.avoidedStockoutMinutes)}`);
  console.log(`  lost units avoided        ${interval(result.avoidedLostUnits)}`);
}

function moreOrFewer(tasks: number): string {
  const plural = Math.abs(tasks) === 1 ? '' : 's';
  if (tasks === 0) return 'as many tasks';
  return `${Math.abs(tasks)} ${tasks > 0 ? 'more' : 'fewer'} task${plural}`;
}

function interval({ mean, low, high }: Estimate): string {
  return `about ${mean.toFixed(1)} (${low.toFixed(1)} to ${high.toFixed(1)})`;
}

function activate(files: string[], { data, json }: Options): void {
  // Only a folder that holds an agent's database takes a policy.
  openLogForReading(data).close();
  const { version } = readPolicy(withActivated(files, data));
  for (const file of files) {
    const target = join(data, `policy-${layerOf(file)}.yaml`);
    writeFileSync(`${target}.new`, readFileSync(file), { mode: 0o600 });
    renameSync(`${target}.new`, target);
  }
  if (json) console.log(JSON.stringify({ version, files: files.length }));
  else console.log(`${version} holds from now on: a running agent takes it within two seconds.`);
}

/** Tells faults of the files in the form that was asked for. */
function guarded<Rest extends { json?: boolean }>(work: (files: string[], options: Rest) => void) {
  return (files: string[], options: Rest) => {
    try {
      work(files, options);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      if (options.json !== true) throw new UsageError(error.message);
      console.log(JSON.stringify({ version: '', faults: error.faults }));
      process.exitCode = 2;
    }
  };
}

const program = commandNamed('stockhand policy')
  .description('Check business rules, try them on what happened, and put them in force.')
  .addHelpText(
    'after',
    `
Examples:
  stockhand policy check chain.yaml store.yaml
  stockhand policy dry-run store.yaml --data ./data --days 28
  stockhand policy activate store.yaml --data ./data

The agent may be running. Exit code 2: a file has a fault; nothing changes then.
Where the agent's configuration names policy files itself, those hold and activate has no effect.`,
  );

program
  .command('check')
  .description('check layers of a policy and print each value with the layer that it comes from')
  .argument('<file...>', 'one YAML file for each layer')
  .option('--json', '{"version","faults","settings":[{"name","value","layer"}]}')
  .addHelpText('after', '\nExample:\n  stockhand policy check chain.yaml store.yaml --json')
  .action(guarded(check));

program
  .command('dry-run')
  .description('replay the facts of the last weeks and count what the policy would have raised')
  .argument('<file...>', 'one YAML file for each layer; other activated layers stay')
  .requiredOption('--data <folder>', 'the agent’s data folder')
  .option('--days <n>', 'how far back', String(defaultDays))
  .option('--propose', 'show the result at the kiosk, where a manager may put it in force')
  .option(
    '--json',
    '{"version","days","steps","recorded","inForce","candidate","difference","isReproduced","failures",' +
      '"firstFailure","avoidedStockoutMinutes","avoidedLostUnits"}',
  )
  .addHelpText(
    'after',
    '\nExample:\n  stockhand policy dry-run store.yaml --data ./data --days 14 --propose',
  )
  .action(guarded(dryRun));

program
  .command('activate')
  .description('put layers in force; layers that were activated before and are not named stay')
  .argument('<file...>', 'one YAML file for each layer')
  .requiredOption('--data <folder>', 'the agent’s data folder')
  .option('--json', '{"version","files"}')
  .addHelpText('after', '\nExample:\n  stockhand policy activate store.yaml --data ./data')
  .action(guarded(activate));

await runCommand(async () => program.parse());
