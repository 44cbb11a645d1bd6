/** `stockhand sim`: days of a virtual store, without disk or network, judged by the truth. */

import { Command, InvalidArgumentError, Option } from 'commander';
import { policyNames } from '../policies/policy.ts';
import { scenarioNames } from '../scenarios/scenario.ts';
import { runStore, type StoreRunOptions } from '../scenarios/store-run.ts';
import {
  DayStories,
  dayStory,
  missedText,
  savingsText,
  stillToComeText,
  summaryText,
} from '../scenarios/story.ts';
import { capacityFactors, referenceStores, world } from '../store/reference-store.ts';

interface Options
  extends Pick<StoreRunOptions, 'scenario' | 'policy' | 'store' | 'seed' | 'capacityFactor'> {
  days?: number;
  hours?: number;
  json?: boolean;
}

const defaultDays = 14;

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('A number above 0 is expected.');
  return value;
}

function whole(text: string): number {
  const value = positive(text);
  if (!Number.isInteger(value)) throw new InvalidArgumentError('A whole number is expected.');
  return value;
}

function wholeOrZero(text: string): number {
  return text.trim() === '0' ? 0 : whole(text);
}

/** Whole days when `hours` are not given. */
function runOptions(options: Options): StoreRunOptions {
  const { hours, scenario, policy, store, seed, capacityFactor } = options;
  const days = options.days ?? (hours === undefined ? defaultDays : Math.ceil(hours / 24));
  return {
    scenario,
    policy,
    store,
    seed,
    days,
    ...(hours === undefined ? {} : { hours }),
    ...(capacityFactor === undefined ? {} : { capacityFactor }),
  };
}

function simulate(options: Options): void {
  const wanted = runOptions(options);
  if (options.json) {
    console.log(JSON.stringify(runStore(wanted).report));
    return;
  }
  const isCompared = wanted.policy !== 'nightly';
  const nightlyDays = new DayStories();
  if (isCompared) console.log('First the same days with a refill at night only, to compare…\n');
  const nightly = isCompared
    ? runStore({
        ...wanted,
        policy: 'nightly',
        progress: (_hour, store) => void nightlyDays.hour(store),
      }).report
    : null;
  const own = new DayStories();
  const run = runStore({
    ...wanted,
    progress: (_hour, store) => {
      const loss = own.hour(store);
      if (loss === null) return;
      const lines = dayStory(store, loss, nightlyDays.days[own.days.length - 1]);
      console.log(`${lines.join('\n')}\n`);
    },
  });
  const missed = missedText(run.missed);
  if (missed !== '') console.log(`${missed}\n`);
  const hours = wanted.hours ?? wanted.days * 24;
  const factor = wanted.capacityFactor ?? capacityFactors[wanted.store];
  console.log(summaryText(run.report, factor, hours));
  if (nightly && hours > world.opensHour) console.log(`\n${savingsText(run.report, nightly)}`);
  const coming = stillToComeText(wanted.scenario, hours);
  if (coming !== '') console.log(`\n${coming}`);
}

const program = new Command('stockhand sim')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .description('Run days of a virtual store under a policy, as fast as it goes, and judge it.')
  .addOption(
    new Option('--scenario <name>', 'what goes wrong').choices(scenarioNames).default('normal'),
  )
  .addOption(
    new Option('--policy <name>', 'who decides what is done')
      .choices(policyNames)
      .default('stockhand'),
  )
  .addOption(
    new Option('--store <size>', 'reference store')
      .choices(Object.keys(referenceStores))
      .default('S'),
  )
  .option('--seed <number>', 'of what happens: shoppers, sensors, thieves', wholeOrZero, 1)
  .option('--days <count>', `virtual days (default: ${defaultDays})`, whole)
  .addOption(
    new Option('--hours <count>', 'virtual hours, from midnight, instead of days')
      .argParser(whole)
      .conflicts('days'),
  )
  .option('--capacity-factor <number>', 'shelf space, times the reference', positive)
  .option(
    '--json',
    'one line: scenario, policy, store, seed, days, kpi, exceptions, belief, digest',
  )
  .addHelpText(
    'after',
    `
Policies:
  stockhand  the agent’s core: sensors, tills and people tell it, its tasks are done
  nightly    after closing, refill list from till records against par
  patrol     staff look at every slot every two hours and refill what is below half
  oracle     knows the truth: the ceiling

Examples:
  stockhand sim --hours 24 --seed 7 --json
  stockhand sim --scenario late-delivery --policy stockhand --days 14
  stockhand sim --scenario normal --policy nightly --store M --seed 3 --json

The same options give the same bytes. Shares are of 1, distances in metres. The default capacity
factor is ${Object.entries(capacityFactors)
      .map(([size, factor]) => `${factor} for ${size}`)
      .join(', ')}.`,
  );

simulate(program.parse().opts());
