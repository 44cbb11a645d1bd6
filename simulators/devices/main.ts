/** The simulated store as a process of its own; `npm start` runs it beside agent and HQ. */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { planStore } from '../store/store-plan.ts';
import type { StaffMember } from './kiosk-person.ts';
import { LiveStore } from './live-store.ts';

interface Options {
  folder: string;
  mqttPort: string;
  authority: string;
  secrets: string;
  speed: string;
  storeSeed: string;
  staff: string;
  staffFile?: string;
  kioskUrl: string;
  hqUrl: string;
}

const options: Options = new Command('simulated store')
  .requiredOption('--folder <folder>', 'for serial lines and the truth')
  .requiredOption('--mqtt-port <port>', 'of the agent')
  .requiredOption('--authority <file>', 'PEM of the authority that signed the agent’s certificate')
  .requiredOption('--secrets <file>', 'JSON: [{"deviceId","secret"}]')
  .option('--speed <factor>', 'virtual seconds in a second', '10')
  .option('--store-seed <number>', 'of the store', '1')
  .option('--staff <count>', 'virtual staff who do the tasks', '0')
  .option('--staff-file <file>', 'JSON of virtual staff: [{"personRef","badge"}]')
  .option('--kiosk-url <url>', 'where the agent serves kiosks, for virtual staff', '')
  .option('--hq-url <url>', 'HQ’s page, which tells what people at the kiosk placed', '')
  .parse()
  .opts();

const secrets = JSON.parse(readFileSync(options.secrets, 'utf8')) as {
  deviceId: string;
  secret: string;
}[];
/** The first so many of the file. */
function staffOf({ staff, staffFile }: Options): StaffMember[] {
  if (Number(staff) === 0 || staffFile === undefined) return [];
  // Written by the harness.
  const members = JSON.parse(readFileSync(staffFile, 'utf8')) as StaffMember[];
  return members.slice(0, Number(staff));
}

const store = new LiveStore({
  plan: planStore('S', Number(options.storeSeed), 1),
  seed: 1,
  speed: Number(options.speed),
  mqttPort: Number(options.mqttPort),
  authorityPem: readFileSync(options.authority, 'utf8'),
  secrets: new Map(secrets.map(({ deviceId, secret }) => [deviceId, secret])),
  staff: staffOf(options),
  kioskUrl: options.kioskUrl,
  hqUrl: options.hqUrl,
  folder: options.folder,
});
store.start();
console.log(JSON.stringify({ event: 'simulator-ready', devices: secrets.length }));

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    void store.stop().then(() => process.exit(0));
  });
}
