/** `stockhand policy`: checks files of business rules, tries them on the log, and puts them in force. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { apply, createState } from '../agent.ts';
import { ConfigError } from '../checked-yaml.ts';
import { rebuildState } from '../event-store/state-rebuild.ts';
import { DryRunner, type Estimate } from '../policy/dry-run.ts';
import { layersOfHq } from '../policy/hq-layers.ts';
import { explainPolicy, type PolicyLayerFacts } from '../policy/policy.ts';
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

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const defaultDays = 28;

interface InForce {
  /** Layers that HQ pushed: they stand before the store's own. */
  fromHq: PolicyLayerFacts[];
  lastRecordedAtMs: number;
}

/** @throws UsageError where the folder holds no agent's database */
function inForceIn(folder: string): InForce {
  const log = openLogForReading(folder);
  try {
    const { policy, lastRecordedAtMs } = rebuildState(log, log.storeGln).state;
    return { fromHq: layersOfHq(policy), lastRecordedAtMs };
  } finally {
    log.close();
  }
}

/** What is left out of force, in words: nobody should wait for a rule that HQ holds back. */
function shadowedText(files: readonly string[], fromHq: readonly PolicyLayerFacts[]): string[] {
  return files.flatMap((file) => {
    const layer = layerOf(file);
    const above = fromHq.find((one) => one.layer === layer);
    if (above === undefined) return [];
    return [
      `${file} does not hold: HQ has a layer "${layer}" (${above.version}) of its own, until it takes it back.`,
    ];
  });
}

function check(files: string[], { data, json }: { data?: string; json?: boolean }): void {
  const fromHq = data === undefined ? [] : inForceIn(data).fromHq;
  const policy = readPolicy(data === undefined ? files : withActivated(files, data), fromHq);
  const settings = explainPolicy(policyFactsOf(policy));
  const { version } = policy;
  if (json) {
    console.log(JSON.stringify({ version, faults: [], settings }));
    return;
  }
  console.log(`The policy is fine: ${version}`);
  for (const text of shadowedText(files, fromHq)) console.log(text);
  console.log('');
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
  const { data, propose, json } = options;
  const length = Number(options.days ?? defaultDays);
  if (!Number.isInteger(length) || length < 1)
    throw new UsageError('--days takes a number of days.');
  const { fromHq, lastRecordedAtMs } = inForceIn(data);
  const policy = readPolicy(withActivated(files, data), fromHq);
  const fromMs = lastRecordedAtMs - length * dayMs;
  const log = openLogForReading(data);
  try {
    const { storeGln } = log;
    let firstMs = lastRecordedAtMs;
    const epoch = Buffer.from(log.epoch).toString('hex');
    const state = createState({ storeGln, epoch });
    let runner: DryRunner | null = null;
    for (const { event } of log.readFrom(1)) {
      if (runner === null && event.recordedAtMs >= fromMs) {
        firstMs = event.recordedAtMs;
        runner = new DryRunner(state, policyFactsOf(policy));
      }
      if (runner === null) apply(state, event);
      else runner.take(event);
    }
    if (runner === null) throw new UsageError(`${data} holds no event yet.`);
    const outcome = runner.finish();
    const hours = Math.round((lastRecordedAtMs - firstMs) / hourMs);
    const result = { version: policy.version, days: length, hours, ...outcome };
    if (propose) {
      const layers = files.map((file) => ({
        layer: layerOf(file),
        text: readFileSync(file, 'utf8'),
      }));
      const days = Math.min(length, Math.max(1, Math.ceil(hours / 24)));
      keepProposal(data, { triedAtMs: Date.now(), days, layers, policy, result: outcome });
    }
    if (json) console.log(JSON.stringify(result));
    else tell(result, shadowedText(files, fromHq));
    if (propose && !json) console.log('\nA manager sees it at the kiosk, and may put it in force.');
  } finally {
    log.close();
  }
}

type Result = { version: string; days: number; hours: number } & ReturnType<DryRunner['finish']>;

/** A young store has fewer days than were asked for. */
function spanText({ days, hours }: Result): string {
  const [full, rest] = [Math.floor(hours / 24), hours % 24];
  if (full >= days - 1) return `the last ${days} days`;
  const whole = full === 0 ? '' : `${full} d `;
  return `${hours === 0 ? 'less than an hour' : `${whole}${rest} h`}, which is all there is`;
}

function tell(result: Result, shadowed: readonly string[]): void {
  const { version, recorded, inForce, candidate, difference, isReproduced } = result;
  for (const text of shadowed) console.log(text);
  console.log(`Policy ${version} on the facts of ${spanText(result)} (${result.steps} inputs)\n`);
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
  const { fromHq } = inForceIn(data);
  const { version } = readPolicy(withActivated(files, data), fromHq);
  const shadowed = shadowedText(files, fromHq);
  for (const file of files) {
    const target = join(data, `policy-${layerOf(file)}.yaml`);
    writeFileSync(`${target}.new`, readFileSync(file), { mode: 0o600 });
    renameSync(`${target}.new`, target);
  }
  if (json) {
    console.log(JSON.stringify({ version, files: files.length, shadowed }));
    return;
  }
  for (const text of shadowed) console.log(text);
  console.log(`${version} holds from now on: a running agent takes it within two seconds.`);
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
  .option('--data <folder>', 'with HQ’s layers and the others in force, of this data folder')
  .option('--json', '{"version","faults","settings":[{"name","value","layer"}]}')
  .addHelpText(
    'after',
    '\nExamples:\n  stockhand policy check chain.yaml store.yaml --json\n  stockhand policy check store.yaml --data ./data',
  )
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
    '{"version","days","hours","steps","recorded","inForce","candidate","difference","isReproduced","failures",' +
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
  .option('--json', '{"version","files","shadowed"}; shadowed: files that HQ holds back')
  .addHelpText('after', '\nExample:\n  stockhand policy activate store.yaml --data ./data')
  .action(guarded(activate));

await runCommand(async () => program.parse());
