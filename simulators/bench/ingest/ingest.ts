/**
 * Readings over MQTT/TLS until their PUBACK, through the whole agent: TLS, credentials, decoding,
 * identity, belief, triggers, log, group commit. Beside it, under the same load in the same minute, a
 * broker that acknowledges at once, one that only makes the bytes durable, and bare inserts.
 *
 * Each round runs every competitor once, one after the other, so that a slow minute of the disk meets
 * them all; a ratio is the median of the rounds' ratios.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { LoggingProcess } from '../../harness/processes.ts';
import { thisMachine, timeFdatasync } from '../machine.ts';
import type { BenchSettings } from '../main.ts';
import { type BenchReport, type BenchResult, rounded } from '../report.ts';
import { openRows, timeInserts } from './bare-rows.ts';
import { type BenchDevice, benchStoreGln, prepareStore } from './bench-store.ts';
import { ExternalPath } from './external.ts';
import { killLoad, measureKills } from './kill.ts';
import { type Load, type LoadFigures, LoadGenerator } from './load.ts';
import { type Competitor, type Rounds, resultsOf } from './results.ts';

const loads: Readonly<Record<string, Load>> = {
  // First, while the agent is fresh: what it holds in memory for the devices of store M at their peak.
  'devices-2000': { kind: 'open', connections: 2_000, perSecond: 200 },
  'closed-50x10': { kind: 'closed', connections: 50, inFlight: 10 },
  'closed-500x2': { kind: 'closed', connections: 500, inFlight: 2 },
  'closed-2000x1': { kind: 'closed', connections: 2_000, inFlight: 1 },
  'open-500': { kind: 'open', connections: 50, perSecond: 500 },
  'open-1000': { kind: 'open', connections: 50, perSecond: 1_000 },
  'open-5000': { kind: 'open', connections: 50, perSecond: 5_000 },
};

interface Runner {
  port: number;
  generator: LoadGenerator;
  residentMiB(): number;
  /** Until it has worked off what the load before left behind. */
  rest(): Promise<void>;
  end(): Promise<void>;
}

/** The loads that are sent through a broker of the store, too. */
const externalLoads = ['closed-50x10', 'closed-500x2'];

function residentMiB(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1_024;
}

/** Below this share of a core a process counts as at rest. */
const restShare = 0.1;
const restLooks = 60;

/** Processor time of a process so far, in ticks of 10 ms (proc(5), fields 14 and 15). */
function processorTicks(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

/**
 * Until a process has worked off what an earlier load left behind: two thousand closed connections
 * are no part of what the next load measures. Gives up after half a minute.
 */
async function atRest(pid: number): Promise<void> {
  const lookMs = 500;
  for (let look = 0; look < restLooks; look += 1) {
    const before = processorTicks(pid);
    await setTimeout(lookMs);
    if ((processorTicks(pid) - before) * 10 < restShare * lookMs) return;
  }
}

async function startAgentProcess(config: string): Promise<Runner> {
  const { process: agent, ready } = await LoggingProcess.start(
    'edge-agent/main.ts',
    ['--config', config],
    'agent-ready',
  );
  const generator = new LoadGenerator();
  return {
    port: Number(ready['mqttPort']),
    generator,
    residentMiB: () => residentMiB(Number(ready['pid'])),
    rest: () => atRest(Number(ready['pid'])),
    end: async () => {
      generator.end();
      await agent.end('SIGTERM');
    },
  };
}

async function startBareBroker(mode: 'bare' | 'durable', folder: string, certificates: string) {
  const file = join(import.meta.dirname, 'bare-broker-process.ts');
  const child: ChildProcess = fork(file, [mode, certificates, folder], { stdio: 'inherit' });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  const generator = new LoadGenerator();
  const runner: Runner = {
    port,
    generator,
    residentMiB: () => residentMiB(child.pid),
    rest: () => atRest(Number(child.pid)),
    end: async () => {
      generator.end();
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
  return runner;
}

const describeFigures = (figures: LoadFigures) =>
  `${Math.round(figures.perSecond)}/s, p50 ${figures.p50Ms.toFixed(2)} ms, p95 ${figures.p95Ms.toFixed(2)} ms, p99 ${figures.p99Ms.toFixed(2)} ms, generator ${Math.round(figures.cpuShare * 100)} % of a core`;

export async function measureIngest(settings: BenchSettings): Promise<BenchReport> {
  const chosen = chooseLoads(settings.only);
  const isKilling = settings.only.length === 0 || settings.only.includes(killLoad);
  const folder = mkdtempSync(join(tmpdir(), 'stockhand-bench-'));
  const runners = new Map<Competitor, Runner>();
  const killResults: BenchResult[] = [];
  try {
    if (isKilling) killResults.push(await measureKills(folder, settings));
    if (chosen.length === 0) {
      return { bench: 'ingest', machine: { ...thisMachine() }, results: killResults };
    }
    const plates = Math.max(...chosen.map(([, load]) => load.connections));
    const agentFolder = join(folder, 'agent');
    mkdirSync(agentFolder);
    const { config, devices } = await prepareStore(agentFolder, plates);
    runners.set('agent', await startAgentProcess(config));
    const certificates = join(agentFolder, 'certificates', 'server');
    runners.set('bare durable aedes', await startBareBroker('durable', folder, certificates));
    runners.set('bare aedes', await startBareBroker('bare', folder, certificates));
    const authorityPem = readFileSync(join(certificates, 'authority.pem'), 'utf8');
    const results: BenchResult[] = killResults;
    const syncsMs: number[] = [];
    for (const [name, load] of chosen) {
      const rounds = await runLoad({
        name,
        load,
        settings,
        folder,
        runners,
        authorityPem,
        devices,
        syncsMs,
      });
      results.push(...resultsOf(name, load, rounds));
    }
    const machine = { ...thisMachine(), fdatasyncMs: syncsMs.map(rounded) };
    return { bench: 'ingest', machine, results };
  } finally {
    for (const runner of runners.values()) await runner.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Somebody asked for a load that there is not. */
export class UnknownLoadError extends Error {
  constructor(name: string) {
    super(
      `There is no load "${name}". There are: ${[...Object.keys(loads), killLoad].join(', ')}.`,
    );
    this.name = 'UnknownLoadError';
  }
}

function chooseLoads(only: readonly string[]): [string, Load][] {
  const unknown = only.find((name) => !loads[name] && name !== killLoad);
  if (unknown !== undefined) {
    throw new UnknownLoadError(unknown);
  }
  return Object.entries(loads).filter(([name]) => only.length === 0 || only.includes(name));
}

interface LoadRun {
  name: string;
  load: Load;
  settings: BenchSettings;
  folder: string;
  runners: ReadonlyMap<Competitor, Runner>;
  authorityPem: string;
  devices: readonly BenchDevice[];
  /** Collects one fdatasync a round. */
  syncsMs: number[];
}

async function runLoad(run: LoadRun): Promise<Rounds> {
  const { name, load, folder, runners, authorityPem, devices } = run;
  const rounds: Rounds = {
    externalPerSecond: [],
    figures: { agent: [], 'bare durable aedes': [], 'bare aedes': [] },
    insertsPerSecond: [],
    residentMiB: 0,
  };
  for (const { port, generator } of runners.values()) {
    await generator.connect({
      port,
      authorityPem,
      topicPrefix: `stockhand/v1/${benchStoreGln}`,
      session: name,
      devices: devices.slice(0, load.connections),
    });
  }
  for (const runner of runners.values()) await runner.rest();
  const isExternal = externalLoads.includes(name);
  const external = isExternal ? await ExternalPath.start(folder, load.connections, name) : null;
  try {
    await runRounds(run, rounds, external);
  } finally {
    await external?.end();
  }
  rounds.residentMiB = runners.get('agent')?.residentMiB() ?? Number.NaN;
  for (const { generator } of runners.values()) await generator.disconnect();
  return rounds;
}

async function runRounds(
  { name, load, settings, folder, runners, syncsMs }: LoadRun,
  rounds: Rounds,
  external: ExternalPath | null,
): Promise<void> {
  const rows = openRows(join(folder, `rows-${name}.db`));
  for (let round = 1; round <= settings.rounds; round += 1) {
    const syncMs = timeFdatasync(folder);
    syncsMs.push(syncMs);
    settings.progress(`${name}, round ${round}: one fdatasync ${syncMs.toFixed(2)} ms`);
    for (const [competitor, { generator }] of runners) {
      const warmUpSeconds = Math.min(1, settings.seconds / 2);
      const figures = await generator.run({ load, warmUpSeconds, seconds: settings.seconds });
      rounds.figures[competitor].push(figures);
      settings.progress(`  ${competitor.padEnd(18)} ${describeFigures(figures)}`);
    }
    if (external) {
      const perSecond = await external.measure(load, settings.seconds);
      rounds.externalPerSecond.push(perSecond);
      settings.progress(`  ${'through Mosquitto'.padEnd(18)} ${Math.round(perSecond)}/s`);
    }
    if (load.kind === 'closed') {
      rounds.insertsPerSecond.push(timeInserts(rows, settings.seconds / 2));
    }
  }
  rows.close();
}
