/** The agent's side of the sync with HQ: its log as the queue, HQ's commands as inputs of the core. */
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBundle } from '@stockhand/central-sync/client/certificate-authority.ts';
import { type SyncStatus, startSyncClient } from '@stockhand/central-sync/client/sync-client.ts';
import { type AgentConfig, ConfigError } from './config.ts';
import type { AgentLoop } from './loop.ts';
import type { Clock, EventLog, Log } from './ports.ts';

export interface SyncOptions {
  config: AgentConfig;
  log: EventLog;
  loop: AgentLoop;
  clock: Clock;
  logger: Log;
  agentVersion: string;
}

export interface RunningSync {
  status(): SyncStatus;
  stop(): void;
}

/** Random name of this installation, beside the database: a database that was copied lacks it. */
function installationId(dataFolder: string): string {
  const file = join(dataFolder, 'installation-id');
  if (!existsSync(file)) writeFileSync(file, `${randomUUID()}\n`, { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}

/** The last command in the log, of the newest HQ epoch: the one that HQ asks about. */
function lastCommandOf(loop: AgentLoop): { hqEpoch: string; sequence: number } {
  const last = [...loop.latestState().commandSequences].at(-1);
  return { hqEpoch: last?.[0] ?? '', sequence: last?.[1] ?? 0 };
}

/**
 * Starts the sync; null when the configuration names no HQ.
 * @throws ConfigError when the certificates are not there.
 */
export function startSync(options: SyncOptions): RunningSync | null {
  const { config, log, loop, clock, logger, agentVersion } = options;
  if (!config.hq) return null;
  const bundle = readBundle(config.hq.certificates);
  if (!bundle) {
    throw new ConfigError(config.hq.certificates, [
      'holds no certificate.pem: HQ issues it with `stockhand hq enroll-store`',
    ]);
  }
  let lastCommand = lastCommandOf(loop);
  const client = startSyncClient({
    address: config.hq.address,
    bundle,
    storeGln: config.store,
    installationId: installationId(config.dataFolder),
    agentVersion,
    log,
    clock,
    logger,
    fraction: () => Math.random(),
    lastCommand: () => lastCommand,
    masterDataVersion: () => loop.latestState().catalogue.facts.version,
    applyCommand: async (command) => {
      const outcome = await loop.submit({ kind: 'hq-command', command });
      const refusals = outcome.kind === 'refused' ? outcome.refusals : [];
      const fields = { command: command.command.case, sequence: `${command.sequence}`, refusals };
      logger.info({ ...fields, outcome: outcome.kind }, 'hq-command');
    },
  });
  const unsubscribe = loop.onCommit((events) => {
    // Taken at the commit: HQ must not hear of a command that the disk may still lose.
    lastCommand = lastCommandOf(loop);
    if (events.length > 0) client.wake();
    for (const { event } of events) {
      if (event.payload.case === 'orderPlaced') client.placeOrder(event.payload.value);
    }
  });
  return {
    status: () => client.status(),
    stop: () => {
      unsubscribe();
      client.stop();
    },
  };
}
