/**
 * The way through a broker of the store: the devices' readings go to a real Mosquitto, and an agent
 * records them from there. A device's PUBACK comes from Mosquitto and says nothing of the agent, so a
 * burst is sent as fast as Mosquitto takes it, and timed until the agent has recorded the last of it.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { agentUser, isMosquittoInstalled, Mosquitto, passwordOf } from '../../harness/mosquitto.ts';
import { LoggingProcess } from '../../harness/processes.ts';
import { benchStoreGln, prepareStore } from './bench-store.ts';
import { type Load, LoadGenerator } from './load.ts';

const pollMs = 50;
/** The burst, as a share of the time of a round: what follows is the agent catching up. */
const burstShare = 0.25;

export class ExternalPath {
  readonly #broker: Mosquitto;
  readonly #agent: LoggingProcess;
  readonly #generator = new LoadGenerator();
  readonly #statusPort: number;

  private constructor(broker: Mosquitto, agent: LoggingProcess, statusPort: number) {
    this.#broker = broker;
    this.#agent = agent;
    this.#statusPort = statusPort;
  }

  /** Null where Mosquitto is not installed. */
  static async start(
    folder: string,
    plates: number,
    session: string,
  ): Promise<ExternalPath | null> {
    if (!isMosquittoInstalled) return null;
    const agentFolder = join(folder, `external-agent-${session}`);
    mkdirSync(agentFolder);
    const { config, devices } = await prepareStore(agentFolder, plates);
    const users = devices.map(({ deviceId }) => deviceId);
    const brokerFolder = join(folder, `mosquitto-${session}`);
    const broker = await Mosquitto.start({ folder: brokerFolder, storeGln: benchStoreGln, users });
    const passwordFile = join(folder, `external-password-${session}`);
    writeFileSync(passwordFile, passwordOf(agentUser), { mode: 0o600 });
    const section = `external: { url: "mqtts://localhost:${broker.port}", ca: ${join(brokerFolder, 'authority.pem')}, user: ${agentUser}, passwordFile: ${passwordFile} }`;
    const text = readFileSync(config, 'utf8').replace(/^mqtt: \{ /m, `mqtt: { ${section}, `);
    writeFileSync(config, text);
    const { process: agent, ready } = await LoggingProcess.start(
      'edge-agent/main.ts',
      ['--config', config],
      'agent-ready',
    );
    const path = new ExternalPath(broker, agent, Number(ready['statusPort']));
    await path.#until(() => agent.entries.some((one) => one.event === 'mqtt-external-connected'));
    await path.#generator.connect({
      port: broker.port,
      authorityPem: broker.authorityPem,
      topicPrefix: `stockhand/v1/${benchStoreGln}`,
      session,
      devices: users.map((deviceId) => ({ deviceId, secret: passwordOf(deviceId) })),
    });
    return path;
  }

  /** Readings a second, from the first publish to the last record. */
  async measure(load: Load, seconds: number): Promise<number> {
    const before = await this.#recorded();
    const startedMs = performance.now();
    const order = { load, warmUpSeconds: 0, seconds: seconds * burstShare };
    const { total } = await this.#generator.run(order);
    await this.#until(async () => (await this.#recorded()) >= before + total);
    return (total * 1_000) / (performance.now() - startedMs);
  }

  async end(): Promise<void> {
    this.#generator.end();
    await this.#agent.end('SIGTERM');
    await this.#broker.kill();
  }

  /** Readings whose outcome is on disk, of every kind. */
  async #recorded(): Promise<number> {
    const answer = await fetch(`http://127.0.0.1:${this.#statusPort}/metrics`);
    const lines = (await answer.text()).matchAll(/^stockhand_readings_total\{.*\} (\d+)$/gm);
    return [...lines].reduce((sum, [, count]) => sum + Number(count), 0);
  }

  async #until(condition: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await condition())) {
      if (this.#agent.hasEnded) throw new Error(`the agent ended: ${this.#agent.errors}`);
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  }
}
