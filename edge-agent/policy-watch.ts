/**
 * Keeps the policy in force in step with its files: those that the configuration names, or else the one
 * that `stockhand policy activate` puts beside the database.
 */
import { existsSync, unwatchFile, watchFile } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from './checked-yaml.ts';
import { readPolicy } from './policy-file.ts';
import type { Log, RunningAgent } from './ports.ts';
import type { State } from './state.ts';

export interface PolicyWatchOptions {
  /** Of the configuration; empty: the activated file of the data folder. */
  files: readonly string[];
  dataFolder: string;
  agent: RunningAgent<State>;
  logger: Log;
}

/** How often the files are looked at: they lie on any kind of disk, where notices are unreliable. */
const lookIntervalMs = 2_000;

/** Layers that `stockhand policy activate` may have put there, most general first. */
export function activatedFiles(dataFolder: string): string[] {
  return ['chain', 'banner', 'region', 'format', 'store'].map((layer) =>
    join(dataFolder, `policy-${layer}.yaml`),
  );
}

export class PolicyWatch {
  readonly #options: PolicyWatchOptions;
  readonly #reload = () => void this.reload();

  constructor(options: PolicyWatchOptions) {
    this.#options = options;
  }

  get #watched(): readonly string[] {
    const { files, dataFolder } = this.#options;
    return files.length > 0 ? files : activatedFiles(dataFolder);
  }

  /** Applies the files once, then whenever one changes and on SIGHUP. */
  async start(): Promise<void> {
    await this.reload();
    for (const file of this.#watched) {
      watchFile(file, { interval: lookIntervalMs, persistent: false }, this.#reload);
    }
    process.on('SIGHUP', this.#reload);
  }

  stop(): void {
    for (const file of this.#watched) unwatchFile(file, this.#reload);
    process.off('SIGHUP', this.#reload);
  }

  /** Reads the files; with a fault in one they are told and change nothing. */
  async reload(): Promise<void> {
    const { files, agent, logger } = this.#options;
    const present = files.length > 0 ? files : this.#watched.filter((file) => existsSync(file));
    if (present.length === 0) return;
    try {
      const policy = readPolicy(present);
      const outcome = await agent.submit({ kind: 'policy', policy });
      const { version } = policy;
      if (outcome.kind === 'accepted') logger.info({ files: present, version }, 'policy-activated');
      if (outcome.kind === 'refused') {
        logger.error({ files: present, faults: outcome.refusals }, 'policy-refused');
      }
    } catch (error) {
      const faults = error instanceof ConfigError ? error.faults : [String(error)];
      logger.error({ files: present, faults }, 'policy-refused');
    }
  }
}
