/** `npm run bench -- NAME`: measures a part of Stockhand beside its limit, in one run. */
import { Command, InvalidArgumentError } from 'commander';
import { measureBelief } from './belief/belief.ts';
import { measureCore } from './core/core.ts';
import { measureDecide } from './decide.ts';
import { measureDecode } from './decode/decode.ts';
import { measureForecast } from './forecast/forecast.ts';
import { measureIngest, UnknownLoadError } from './ingest/ingest.ts';
import { measurePlan } from './plan/plan.ts';
import { type BenchReport, reportLine, reportTable } from './report.ts';
import { measureScenarios } from './scenarios/scenarios.ts';
import { measureStoreDay } from './store-day.ts';

interface Options {
  rounds: number;
  seconds: number;
  days: number;
  only?: string[];
  json?: boolean;
}

export interface BenchSettings {
  rounds: number;
  /** How long one load lasts. */
  seconds: number;
  /** Virtual days of each run of a scenario. */
  days: number;
  /** Names of the loads that are wanted; empty: all. */
  only: readonly string[];
  progress(line: string): void;
}

const benches: Readonly<
  Record<string, { summary: string; measure(settings: BenchSettings): Promise<BenchReport> }>
> = {
  decode: {
    summary: 'frames a second of every codec, beside the least work',
    measure: measureDecode,
  },
  ingest: {
    summary:
      'readings over MQTT/TLS until their PUBACK, beside brokers that do less, and bare inserts',
    measure: measureIngest,
  },
  core: {
    summary: 'the pure core with store L: events a second, slowest decisions, replay, memory',
    measure: measureCore,
  },
  belief: {
    summary:
      'belief beside the truth: reliability, intervals, liars, wrong records; rounds are seeds',
    measure: measureBelief,
  },
  decide: {
    summary: 'a decision after a reading with 5,000 slots; two virtual weeks of stores S and M',
    measure: measureDecide,
  },
  scenarios: {
    summary: 'six scenarios, four policies, as many seeds of store S as rounds (about 10 minutes)',
    measure: measureScenarios,
  },
  plan: {
    summary: 'the sequencing search beside proven optima, and replanning',
    measure: measurePlan,
  },
  forecast: {
    summary: 'daily units and empty hours of real stores, beside eight simple forecasts',
    measure: measureForecast,
  },
  'store-day': {
    summary: '24 virtual hours of store S against the core',
    measure: measureStoreDay,
  },
};

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('A number above 0 is expected.');
  return value;
}

async function run(name: string, options: Options): Promise<void> {
  const bench = benches[name];
  if (!bench) {
    console.error(
      `There is no benchmark "${name}". There are: ${Object.keys(benches).join(', ')}.`,
    );
    process.exitCode = 2;
    return;
  }
  try {
    const report = await bench.measure({
      rounds: Math.round(options.rounds),
      seconds: options.seconds,
      days: Math.round(options.days),
      only: options.only ?? [],
      progress: (line) => console.error(line),
    });
    console.log(options.json ? reportLine(report) : `\n${reportTable(report)}`);
  } catch (error) {
    if (!(error instanceof UnknownLoadError)) throw error;
    console.error(error.message);
    process.exitCode = 2;
  }
}

const list = Object.entries(benches).map(
  ([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`,
);

const program = new Command('npm run bench --')
  .description('Measure a part of Stockhand beside its limit, interleaved in one run.')
  .argument('<name>', 'which benchmark')
  .option('--rounds <count>', 'interleaved rounds; ratios are medians over them', positive, 5)
  .option('--seconds <count>', 'length of each load in each round', positive, 2)
  .option('--days <count>', 'scenarios, decide: virtual days of each run', positive, 14)
  .option(
    '--only <load...>',
    'only these loads (ingest: closed-50x10), protocols (decode) or scenarios',
  )
  .option('--json', 'one line: {"bench","machine","results":[…]}')
  .addHelpText(
    'after',
    `
Benchmarks:
${list.join('\n')}

Examples:
  npm run bench -- ingest
  npm run bench -- ingest --only closed-50x10 open-1000 --rounds 7 --json
  npm run bench -- scenarios --only late-delivery --rounds 2 --days 7
  npm run bench -- store-day --json
  npm run bench -- decode --only milesight poslog

Progress goes to standard error. Leave the machine alone meanwhile.`,
  )
  .action(run);

await program.parseAsync();
