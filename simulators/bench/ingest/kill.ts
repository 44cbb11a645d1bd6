/**
 * The ledger of a kill: fifty devices with ten readings each in flight, and SIGKILL in the middle of it.
 * What a device was told is durable is then looked for in the file that the agent left: its own count, kept
 * in the commit of each reading, must have come as far. And no reading may have moved a shelf twice.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { SqliteEventLog } from '@stockhand/edge-agent/event-store/sqlite-event-log.ts';
import { LoggingProcess } from '../../harness/processes.ts';
import type { BenchSettings } from '../main.ts';
import { type BenchResult, judged } from '../report.ts';
import { benchStoreGln, prepareStore } from './bench-store.ts';
import { type Ledger, LoadGenerator } from './load.ts';

export const killLoad = 'kill-50x10';
const devicesUnderLoad = 50;
const inFlight = 10;

/** Kills one agent as often as there are rounds, each time further into its log. */
export async function measureKills(folder: string, settings: BenchSettings): Promise<BenchResult> {
  const dataFolder = join(folder, 'killed-agent');
  mkdirSync(dataFolder);
  const { config, devices } = await prepareStore(dataFolder, devicesUnderLoad);
  let [acknowledged, missing, twice] = [0, 0, 0];
  for (let round = 1; round <= settings.rounds; round += 1) {
    const session = `${killLoad}-${round}`;
    const ledger = await killOnce({ config, dataFolder, devices, session }, settings.seconds);
    const found = compare(dataFolder, session, ledger);
    acknowledged += ledger.reduce((sum, one) => sum + one.acknowledged, 0);
    missing += found.missing;
    twice = found.twice;
    settings.progress(
      `${killLoad}, round ${round}: ${acknowledged} acknowledged so far, ${missing} missing, ${twice} applied twice`,
    );
  }
  return judged({
    name: `${killLoad}: missing or applied twice of ${acknowledged} acknowledged, ${settings.rounds} × SIGKILL`,
    unit: 'readings',
    better: 'lower',
    value: missing + twice,
    limit: { name: 'acknowledged', value: acknowledged },
    ratio: (missing + twice) / acknowledged,
    goal: 0,
  });
}

interface Target {
  config: string;
  dataFolder: string;
  devices: readonly { deviceId: string; secret: string }[];
  session: string;
}

async function killOnce(target: Target, seconds: number): Promise<Ledger> {
  const { config, dataFolder, devices, session } = target;
  const args = ['--config', config];
  const { process: agent, ready } = await LoggingProcess.start(
    'edge-agent/main.ts',
    args,
    'agent-ready',
  );
  const generator = new LoadGenerator();
  try {
    const authority = join(dataFolder, 'certificates', 'server', 'authority.pem');
    await generator.connect({
      port: Number(ready['mqttPort']),
      authorityPem: readFileSync(authority, 'utf8'),
      topicPrefix: `stockhand/v1/${benchStoreGln}`,
      session,
      devices,
    });
    const told = generator.runUntilKilled(inFlight);
    await setTimeout(seconds * 1_000);
    await agent.end('SIGKILL');
    return await told;
  } finally {
    generator.end();
    await agent.end('SIGKILL');
  }
}

function compare(dataFolder: string, session: string, ledger: Ledger) {
  const log = new SqliteEventLog({ folder: dataFolder, storeGln: '', readOnly: true });
  try {
    const marks = new Map(log.inputMarks().map(({ key, value }) => [key, value]));
    let missing = 0;
    for (const { deviceId, acknowledged, lastSequence } of ledger) {
      if (acknowledged === 0) continue;
      const [high = '0'] = (marks.get(`${deviceId}\ns:${session}`) ?? '').split(' ');
      missing += Math.min(acknowledged, Math.max(0, lastSequence - Number(high)));
    }
    const causes = new Set<string>();
    let twice = 0;
    for (const { event } of log.readFrom(1)) {
      if (event.payload.case !== 'shelfObserved') continue;
      if (causes.has(event.causationInput)) twice += 1;
      causes.add(event.causationInput);
    }
    return { missing, twice };
  } finally {
    log.close();
  }
}
