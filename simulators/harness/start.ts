/**
 * `npm start`: a whole store on this machine. HQ, the agent and a simulated store run as processes of
 * their own and talk over the real protocols; certificates and device secrets are made at the first
 * start and kept, so that a second start goes on where the first one ended.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { toJsonString } from '@bufbuild/protobuf';
import { buildKioskPage } from '@stockhand/kiosk-ui/build.ts';
import { ApplyOpeningStockSchema } from '@stockhand/proto/sync/v1alpha/sync_service_pb.js';
import { Command, InvalidArgumentError, Option } from 'commander';
import { demoBackroomDays, demoFill } from '../devices/demo-opening.ts';
import { openingStockOf } from '../store/master-data.ts';
import { planStore, type StorePlan } from '../store/store-plan.ts';
import {
  demoMasterDataJson,
  demoPeople,
  keepVirtualStaff,
  virtualStaffLimit,
} from './demo-people.ts';
import { type LogEntry, LoggingProcess, stockhand } from './processes.ts';
import { StatusLine } from './status-line.ts';

const storeSeed = 1;
const examplesFolder = join(import.meta.dirname, '..', '..', 'central-sync', 'examples');
/** As many as store S has. */
const virtualStaffDefault = 2;

interface Options {
  data: string;
  speed: number;
  ports: 'standard' | 'auto';
  /** Virtual people who do the tasks; 0: whoever is at the kiosk does them. */
  staff: number;
}

interface Ports {
  grpc: number;
  hqPage: number;
  hqPageTls: number;
  mqtt: number;
  metrics: number;
  kioskHttp: number;
  kioskHttps: number;
}

const standardPorts: Ports = {
  grpc: 7_443,
  hqPage: 9_080,
  hqPageTls: 9_443,
  mqtt: 8_883,
  metrics: 9_464,
  kioskHttp: 8_080,
  kioskHttps: 8_443,
};
/** What a newcomer would otherwise wait for without knowing. */
const firstSteps = `
A customer's order is to be picked, and a truck is expected in a quarter of an hour: receive it under
Deliveries, or leave it until it is late. central-sync/examples/ has more to send, as HQ.
`;

const autoPorts: Ports = {
  grpc: 0,
  hqPage: 0,
  hqPageTls: 0,
  mqtt: 0,
  metrics: 0,
  kioskHttp: 0,
  kioskHttps: 0,
};

class Demo {
  readonly #options: Options;
  readonly #plan: StorePlan = planStore('S', storeSeed, 1);
  readonly #ports: Ports;
  /** In the order of their start; ended in reverse. */
  readonly #processes: LoggingProcess[] = [];
  #statusLine: StatusLine | null = null;
  #stopping = false;

  constructor(options: Options) {
    this.#options = options;
    this.#ports = options.ports === 'auto' ? autoPorts : standardPorts;
  }

  async start(): Promise<void> {
    mkdirSync(this.#folder('serial'), { recursive: true, mode: 0o700 });
    mkdirSync(this.#folder('agent'), { recursive: true, mode: 0o700 });
    if (await buildKioskPage()) console.log('Built the kiosk page.');
    const isFirst = this.#prepareHq();
    const hq = await this.#startHq();
    const agent = await this.#startAgent(Number(hq['grpcPort']));
    const secrets = this.#deviceSecrets();
    await this.#startSimulator(hq, agent, secrets);
    this.#tell(isFirst, hq, agent);
    this.#statusLine = new StatusLine(Number(agent['statusPort']));
    this.#statusLine.start();
  }

  async stop(): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    this.#statusLine?.stop();
    console.log('\nStopping…');
    for (const child of this.#processes.reverse()) await child.end('SIGTERM');
    console.log(`Stopped. The store is kept in ${this.#options.data}.`);
  }

  #folder(...parts: string[]): string {
    return join(this.#options.data, ...parts);
  }

  /**
   * Enrols the store and queues what it must know; once, and again when there are more virtual staff
   * than before. Answers whether this is the first start.
   */
  #prepareHq(): boolean {
    const certificates = this.#folder('hq-certificates');
    const isFirst = !existsSync(join(certificates, 'certificate.pem'));
    const { members, hasGrown } = keepVirtualStaff(this.#virtualStaffFile, this.#options.staff);
    const data = this.#folder('hq');
    const forStore = ['--data', data, '--gln', this.#plan.gln];
    if (isFirst || hasGrown) {
      const file = this.#folder('master-data.json');
      const version = new Date().toISOString();
      writeFileSync(file, demoMasterDataJson(this.#plan, members, version), { mode: 0o600 });
      stockhand('hq', 'push-master-data', ...forStore, '--file', file);
    }
    if (isFirst) {
      const file = this.#folder('opening-stock.json');
      const stock = openingStockOf(this.#plan, demoBackroomDays, demoFill);
      writeFileSync(file, toJsonString(ApplyOpeningStockSchema, stock));
      stockhand('hq', 'push-opening-stock', ...forStore, '--file', file);
      // So that there is something to receive and to pick from the first minutes on.
      for (const name of ['delivery.yaml', 'collect-order.yaml']) {
        stockhand('hq', 'push', ...forStore, '--file', join(examplesFolder, name));
      }
      stockhand('hq', 'enroll-store', ...forStore, '--out', certificates);
      const { token } = JSON.parse(stockhand('hq', 'new-token', '--data', data, '--json'));
      console.log(`Access token of HQ’s page over TLS, shown only now: ${token}`);
    }
    return isFirst;
  }

  get #virtualStaffFile(): string {
    return this.#folder('virtual-staff.json');
  }

  #startHq() {
    const { grpc, hqPage, hqPageTls } = this.#ports;
    const ports = ['--grpc-port', `${grpc}`, '--web-port', `${hqPage}`];
    ports.push('--web-tls-port', `${hqPageTls}`, '--open-loopback');
    const args = ['run', '--data', this.#folder('hq'), '--host', '127.0.0.1', ...ports];
    return this.#spawn('HQ', 'central-sync/hq/main.ts', args, 'hq-ready');
  }

  #startAgent(hqPort: number) {
    const config = this.#folder('store.yaml');
    const { mqtt, metrics, kioskHttp, kioskHttps } = this.#ports;
    writeFileSync(
      config,
      `# Written by npm start at each start.
store: "${this.#plan.gln}"
timeZone: Europe/Berlin
dataFolder: ./agent
mqtt: { host: 127.0.0.1, port: ${mqtt}, publishBurst: 20000 }
kiosk: { host: 127.0.0.1, httpsPort: ${kioskHttps}, httpPort: ${kioskHttp} }
metrics: { port: ${metrics} }
hq: { address: "localhost:${hqPort}", certificates: ./hq-certificates }
serial:
  - { device: scale-1, path: ${this.#folder('serial', 'scale-1')}, protocol: mt-sics, poll: true }
  - { device: scanner-1, path: ${this.#folder('serial', 'scanner-1')}, protocol: scanner-serial }
`,
    );
    return this.#spawn('the agent', 'edge-agent/main.ts', ['--config', config], 'agent-ready');
  }

  /** Each simulated device has a secret of its own; made once. Answers the file that holds them. */
  #deviceSecrets(): string {
    const file = this.#folder('device-secrets.json');
    if (!existsSync(file)) {
      const sensors = this.#plan.slots.map((slot) => slot.deviceId).filter((id) => id !== '');
      const ids = [...sensors, ...this.#plan.tills];
      const secrets = stockhand('device', 'add', ...ids, '--data', this.#folder('agent'), '--json');
      writeFileSync(file, secrets, { mode: 0o600 });
    }
    return file;
  }

  #startSimulator(hq: LogEntry, agent: LogEntry, secrets: string) {
    const authority = this.#folder('agent', 'certificates', 'server', 'authority.pem');
    const { speed, staff } = this.#options;
    const args = ['--folder', this.#folder('serial'), '--mqtt-port', `${agent['mqttPort']}`];
    args.push('--authority', authority, '--secrets', secrets, '--speed', `${speed}`);
    args.push('--staff', `${staff}`, '--staff-file', this.#virtualStaffFile);
    args.push('--hq-url', `http://127.0.0.1:${hq['webPort']}`);
    args.push('--kiosk-url', `http://127.0.0.1:${agent['kioskHttpPort']}`);
    return this.#spawn(
      'the simulated store',
      'simulators/devices/main.ts',
      args,
      'simulator-ready',
    );
  }

  async #spawn(name: string, entry: string, args: string[], readyEvent: string) {
    console.log(`Starting ${name}…`);
    const { process: child, ready } = await LoggingProcess.start(entry, args, readyEvent);
    this.#processes.push(child);
    void child.ended.then(() => {
      if (this.#stopping) return;
      console.error(`\n${name} ended by itself: ${child.errors || 'see above'}`);
      void this.stop().then(() => process.exit(1));
    });
    return ready;
  }

  #tell(isFirst: boolean, hq: LogEntry, agent: LogEntry): void {
    const people = demoPeople.map(({ name, pin }) => `${name} PIN ${pin}`).join(', ');
    console.log(`
${isFirst ? 'A new store is open.' : 'The store goes on where it was.'}

  kiosk      http://localhost:${agent['kioskHttpPort']}
  sign in    ${people}
  HQ page    http://localhost:${hq['webPort']}, and with its access token https://localhost:${hq['webTlsPort']}
  metrics    http://localhost:${agent['statusPort']}/metrics
  devices    mqtts://localhost:${agent['mqttPort']}, store ${this.#plan.gln}, trusting
             ${this.#folder('agent', 'certificates', 'server', 'authority.pem')}
  data       ${this.#options.data} (commands take ${this.#folder('agent')})
  speed      ${this.#options.speed} virtual seconds in a second
  tasks      ${this.#whoWorks()}
${isFirst ? firstSteps : ''}
Ctrl-C stops it.
`);
  }

  #whoWorks(): string {
    const { staff } = this.#options;
    if (staff === 0) return 'are yours at the kiosk (with --staff, virtual staff do them)';
    return `${staff} virtual ${staff === 1 ? 'person does' : 'staff do'} them`;
  }
}

function speed(text: string): number {
  const value = Number(text);
  if (!(value >= 1 && value <= 60)) throw new InvalidArgumentError('1 to 60.');
  return value;
}

function staffCount(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= virtualStaffLimit) return value;
  throw new InvalidArgumentError(`0 to ${virtualStaffLimit}.`);
}

const program = new Command('npm start --')
  .description('A whole store on this machine, with simulated devices on real protocols.')
  .option('--data <folder>', 'where the store is kept', './.stockhand')
  .option('--speed <factor>', 'virtual seconds in a second, 1 to 60', speed, 10)
  .addOption(
    new Option('--ports <choice>', 'standard, or auto for free ones')
      .choices(['standard', 'auto'])
      .default('standard'),
  )
  .addOption(
    new Option('--staff [count]', 'virtual staff who do the tasks at the real kiosk API')
      .argParser(staffCount)
      .preset(`${virtualStaffDefault}`)
      .default(0, 'you do them'),
  )
  .addHelpText(
    'after',
    `
Examples:
  npm start
  npm start -- --staff --speed 30
  npm start -- --speed 60
  npm start -- --data /tmp/other-store --ports auto`,
  );

const options = program.parse().opts<Options>();
const demo = new Demo({ ...options, data: resolve(options.data) });
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    void demo.stop().then(() => process.exit(0));
  });
}
try {
  await demo.start();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  await demo.stop();
  process.exit(1);
}
