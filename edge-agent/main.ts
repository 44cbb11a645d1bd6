/** `stockhand agent`: runs one store's edge agent until it is told to stop. */
import { Command } from 'commander';
import { ConfigError, readConfig } from './config.ts';
import { StorageError } from './event-store/storage-error.ts';
import { createLogger } from './observability/logger.ts';
import { systemClock } from './platform/system-ports.ts';
import { agentVersion, StoreAgent } from './store-agent.ts';

async function run(options: { config: string; check?: boolean; json?: boolean }): Promise<void> {
  const config = readConfig(options.config);
  if (options.check) {
    console.log(options.json ? JSON.stringify(config) : `${options.config} is fine`);
    return;
  }
  const logger = createLogger(config.logLevel);
  const agent = new StoreAgent({ config, clock: systemClock, logger });
  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) return;
    stopping = true;
    logger.info({ signal }, 'agent-stopping');
    await agent.stop();
    logger.info({}, 'agent-stopped');
    process.exit(0);
  };
  process.on('SIGINT', (signal) => void stop(signal));
  process.on('SIGTERM', (signal) => void stop(signal));
  await agent.start();
}

const program = new Command('stockhand agent')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .description('Run the edge agent of one store.')
  .version(agentVersion)
  .requiredOption('--config <file>', 'the store’s YAML file')
  .option('--check', 'only check the file and say what is wrong with it')
  .option('--json', 'with --check: print the configuration with its defaults')
  .addHelpText(
    'after',
    `
Examples:
  stockhand agent --config store.yaml
  stockhand agent --config store.yaml --check --json

Logs are JSON lines on standard output; the line "agent-ready" tells the ports.
Exit codes: 0 stopped as asked, 1 something failed, 2 the configuration is wrong.`,
  );

try {
  await run(program.parse().opts());
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof StorageError)) throw error;
  console.error(error.message);
  process.exit(error instanceof ConfigError ? 2 : 1);
}
