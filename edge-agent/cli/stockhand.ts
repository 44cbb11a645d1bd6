#!/usr/bin/env node
/**
 * The `stockhand` command: finds the subcommand and runs its entry file in a process of its own, so
 * that each workspace owns its commands and nothing else is loaded.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** Subcommand → entry file, arguments in front, and what it does. */
const subcommands: Readonly<Record<string, { entry: string; summary: string }>> = {
  agent: { entry: 'edge-agent/main.ts', summary: 'run the edge agent of one store' },
  hq: {
    entry: 'central-sync/hq/main.ts',
    summary: 'run headquarters, enrol stores, push master data',
  },
  device: { entry: 'edge-agent/cli/device.ts', summary: 'let devices in: add, list, remove' },
  readings: { entry: 'edge-agent/cli/readings.ts', summary: 'look at what devices really said' },
  'dead-letters': {
    entry: 'edge-agent/cli/dead-letters.ts',
    summary: 'look at what was refused, and why',
  },
  decode: { entry: 'device-drivers/cli/decode.ts', summary: 'explain what a device said' },
  sim: { entry: 'simulators/cli/sim.ts', summary: 'run days of a virtual store, headless' },
  forecast: { entry: 'edge-agent/cli/forecast.ts', summary: 'forecast demand and stockouts' },
  plan: { entry: 'edge-agent/cli/plan.ts', summary: 'solve one sequencing problem' },
  labour: { entry: 'edge-agent/cli/labour.ts', summary: 'the plan: who, what, load, what if' },
  policy: { entry: 'edge-agent/cli/policy.ts', summary: 'check, try and activate business rules' },
  explain: { entry: 'edge-agent/cli/explain.ts', summary: 'tell why something is believed' },
  suspects: { entry: 'edge-agent/cli/suspects.ts', summary: 'list records that may be wrong' },
  replay: { entry: 'edge-agent/cli/replay.ts', summary: 'fold the log again and check its chain' },
};

function help(): string {
  const width = Math.max(...Object.keys(subcommands).map((name) => name.length));
  const rows = Object.entries(subcommands).map(
    ([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`,
  );
  return `Usage: stockhand <command> [options]

The tireless stockhand of a store.

Commands:
${rows.join('\n')}

Each command has --help with examples, and --json where it answers with data. --version prints
which Stockhand this is.

Examples:
  stockhand agent --config store.yaml
  stockhand device add plate-07-3 --data ./data
`;
}

function version(): string {
  const { version: text } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  return text;
}

const [name = '--help', ...rest] = process.argv.slice(2);
const subcommand = subcommands[name];
if (subcommand) {
  const child = spawn(process.execPath, [join(root, subcommand.entry), ...rest], {
    stdio: 'inherit',
  });
  // A signal to the group reaches the child by itself; one to this process alone is passed on.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
} else if (name === '--help' || name === '-h' || name === 'help') {
  process.stdout.write(help());
} else if (name === '--version' || name === '-V') {
  console.log(version());
} else {
  console.error(`stockhand has no command "${name}".\n\n${help()}`);
  process.exitCode = 2;
}
