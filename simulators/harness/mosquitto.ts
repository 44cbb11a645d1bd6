/**
 * A real Mosquitto for tests and benchmarks: TLS, a password for each user, and rules by which a device
 * publishes below its own topic only. Where it is not installed, suites that need it are skipped loudly,
 * or fail when STOCKHAND_REQUIRE asks for them ("mosquitto" or "all").
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import {
  createAuthority,
  issueServerCertificate,
  writeBundle,
} from '@stockhand/central-sync/client/certificate-authority.ts';

function findProgram(name: string): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

const mosquittoPath = findProgram('mosquitto');

export const isMosquittoInstalled = mosquittoPath !== null;

const required = (process.env['STOCKHAND_REQUIRE'] ?? '').split(',');
export const isMosquittoMissing =
  !isMosquittoInstalled && !required.includes('all') && !required.includes('mosquitto');
export const agentUser = 'stockhand';

export interface MosquittoOptions {
  folder: string;
  storeGln: string;
  /** Beside the agent's own user. */
  users: readonly string[];
  /** More lines for the file of rules. */
  moreRules?: string;
}

/** Passwords are for tests: the user's name, spelt out. */
export const passwordOf = (user: string) => `secret of ${user}`;

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return address !== null && typeof address === 'object' ? address.port : 0;
}

const configuration = (folder: string, port: number) => `
per_listener_settings false
user root
listener ${port} 127.0.0.1
cafile ${join(folder, 'authority.pem')}
certfile ${join(folder, 'certificate.pem')}
keyfile ${join(folder, 'private-key.pem')}
allow_anonymous false
password_file ${join(folder, 'passwords')}
acl_file ${join(folder, 'rules')}
persistence false
# Of what waits for an agent that is away, nothing may fall out.
max_queued_messages 0
max_inflight_messages 1000
`;

const rules = (storeGln: string) => `
user ${agentUser}
topic readwrite stockhand/v1/${storeGln}/#
pattern write stockhand/v1/${storeGln}/%u/#
pattern read stockhand/v1/${storeGln}/%u/refused
`;

export class Mosquitto {
  readonly port: number;
  readonly authorityPem: string;
  readonly #folder: string;
  #child: ChildProcess | null = null;

  private constructor(folder: string, port: number, authorityPem: string) {
    this.#folder = folder;
    this.port = port;
    this.authorityPem = authorityPem;
  }

  /** Prepares its folder and starts it. */
  static async start(options: MosquittoOptions): Promise<Mosquitto> {
    const { folder, storeGln, users, moreRules = '' } = options;
    mkdirSync(folder, { recursive: true });
    const authority = await createAuthority('Broker', Date.now());
    const names = { commonName: 'localhost', dnsNames: ['localhost'], ipAddresses: ['127.0.0.1'] };
    writeBundle(folder, await issueServerCertificate(authority, names, Date.now()));
    const port = await freePort();
    writeFileSync(join(folder, 'mosquitto.conf'), configuration(folder, port));
    writeFileSync(join(folder, 'rules'), `${rules(storeGln)}${moreRules}`);
    const lines = [agentUser, ...users].map((user) => `${user}:${passwordOf(user)}`);
    writeFileSync(join(folder, 'passwords'), `${lines.join('\n')}\n`);
    // Replaces what is in clear by hashes.
    execFileSync(findProgram('mosquitto_passwd') ?? 'mosquitto_passwd', [
      '-U',
      join(folder, 'passwords'),
    ]);
    const broker = new Mosquitto(folder, port, authority.certificatePem);
    await broker.run();
    return broker;
  }

  /** Starts it again, after `kill`, on the same port. */
  async run(): Promise<void> {
    const config = join(this.#folder, 'mosquitto.conf');
    const child = spawn(mosquittoPath ?? 'mosquitto', ['-c', config], { stdio: 'ignore' });
    this.#child = child;
    while (!(await this.#answers())) {
      if (child.exitCode !== null) throw new Error(`mosquitto ended with ${child.exitCode}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** It keeps nothing, so all sessions are gone. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  #answers(): Promise<boolean> {
    return new Promise((resolve) => {
      const options = { host: '127.0.0.1', port: this.port, ca: this.authorityPem };
      const socket = connectTls({ ...options, servername: 'localhost' });
      socket.once('secureConnect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
  }
}
