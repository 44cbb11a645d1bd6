/** Stockhand's processes as children: for `npm start` and for whole-path tests on free ports. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const root = join(import.meta.dirname, '..', '..');
const dispatcher = join(root, 'edge-agent', 'cli', 'stockhand.ts');

/** Runs `stockhand …` to its end. @throws Error with what it printed when it fails */
export function stockhand(...args: string[]): string {
  const result = spawnSync(process.execPath, [dispatcher, ...args], { encoding: 'utf8' });
  if (result.status === 0) return result.stdout;
  throw new Error(`stockhand ${args.join(' ')} ended with ${result.status}: ${result.stderr}`);
}

export type LogEntry = { event: string } & Record<string, unknown>;

function readEntry(line: string): LogEntry {
  try {
    // Our processes log JSON objects with an event name.
    return JSON.parse(line) as LogEntry;
  } catch {
    return { event: line };
  }
}

/** Log lines kept of each child. */
const entriesKept = 10_000;

/** A child that logs JSON lines. */
export class LoggingProcess {
  readonly entries: LogEntry[] = [];
  readonly #child: ChildProcess;
  #stderr = '';

  private constructor(entry: string, args: string[]) {
    const child = spawn(process.execPath, [join(root, entry), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    child.stderr.on('data', (chunk: Buffer) => {
      this.#stderr += chunk;
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.entries.push(readEntry(line));
      if (this.entries.length > entriesKept) this.entries.shift();
    });
  }

  /** Starts an entry file and waits for the line that says it is ready. */
  static async start(
    entry: string,
    args: string[],
    readyEvent: string,
  ): Promise<{ process: LoggingProcess; ready: LogEntry }> {
    const started = new LoggingProcess(entry, args);
    while (true) {
      const ready = started.entries.find((line) => line.event === readyEvent);
      if (ready) return { process: started, ready };
      if (started.hasEnded) throw new Error(startFailure(entry, started.#stderr));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** What it wrote to standard error. */
  get errors(): string {
    return this.#stderr.trim();
  }

  /** Resolves when it has ended, for whatever reason. */
  get ended(): Promise<unknown> {
    return this.hasEnded ? Promise.resolve() : once(this.#child, 'exit');
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this.hasEnded) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill(signal);
    await exited;
  }
}

/** The port's own message is long; what helps is which one and what to do. */
function startFailure(entry: string, stderr: string): string {
  const port = /EADDRINUSE.*?:(\d+)|No address added.*?:(\d+)/.exec(stderr);
  if (!port) return `${entry} could not start:\n${stderr.trim()}`;
  const number = port[1] ?? port[2];
  return `Port ${number} is taken, perhaps by another Stockhand. End it, or add: --ports auto`;
}

export async function startHq(data: string, grpcPort = 0) {
  const ports = ['--grpc-port', `${grpcPort}`, '--web-port', '0', '--web-tls-port', '0'];
  const args = ['run', '--data', data, '--host', '127.0.0.1', '--open-loopback', ...ports];
  const { process, ready } = await LoggingProcess.start(
    'central-sync/hq/main.ts',
    args,
    'hq-ready',
  );
  return { process, grpcPort: Number(ready['grpcPort']), webPort: Number(ready['webPort']) };
}

export interface AgentPlace {
  folder: string;
  storeGln: string;
  /** 0: the store has no HQ. */
  hqPort: number;
  certificates: string;
  /** More of the section `mqtt`, in YAML's flow form. */
  mqtt?: string;
  /** Lines of the `serial` section. */
  serial?: readonly string[];
  /** For a restart on the same port; 0 takes a free one. */
  kioskPort?: number;
}

export async function startAgent({
  folder,
  storeGln,
  hqPort,
  certificates,
  mqtt = '',
  serial = [],
  kioskPort = 0,
}: AgentPlace) {
  const config = join(folder, 'store.yaml');
  writeFileSync(
    config,
    `store: "${storeGln}"
timeZone: Europe/Berlin
dataFolder: ${folder}
mqtt: { host: 127.0.0.1, port: 0${mqtt === '' ? '' : `, ${mqtt}`} }
kiosk: { host: 127.0.0.1, httpPort: ${kioskPort}, httpsPort: 0 }
metrics: { port: 0 }
${hqPort === 0 ? '' : `hq: { address: "localhost:${hqPort}", certificates: ${certificates} }`}
${serial.length > 0 ? `serial:\n${serial.join('\n')}` : ''}
`,
  );
  const args = ['--config', config];
  const { process, ready } = await LoggingProcess.start('edge-agent/main.ts', args, 'agent-ready');
  return {
    process,
    mqttPort: Number(ready['mqttPort']),
    statusPort: Number(ready['statusPort']),
    kioskPort: Number(ready['kioskHttpPort']),
  };
}
