/** `stockhand device`: which devices may log in to the broker, and which may speak. */
import { DeviceCredentials } from '../event-store/device-credentials.ts';
import { deviceIdPattern } from '../mqtt-broker/topics.ts';
import { commandNamed, openSideTables, runCommand, UsageError } from './data-folder.ts';
import { addDeviceDecisions } from './device-decision.ts';
import { addProfileCheck } from './device-profiles.ts';

interface Options {
  data: string;
  json?: boolean;
}

function withCredentials<T>(folder: string, use: (credentials: DeviceCredentials) => T): T {
  const database = openSideTables(folder);
  try {
    return use(new DeviceCredentials(database));
  } finally {
    database.close();
  }
}

function add(deviceIds: string[], options: Options): void {
  const wrong = deviceIds.find((deviceId) => !deviceIdPattern.test(deviceId));
  if (wrong !== undefined) {
    throw new UsageError(`"${wrong}" is no device id: letters, digits, dot, dash, at most 64.`);
  }
  const issued = withCredentials(options.data, (credentials) =>
    deviceIds.map((deviceId) => ({ deviceId, secret: credentials.issue(deviceId, Date.now()) })),
  );
  if (options.json) console.log(JSON.stringify(issued));
  else {
    for (const { deviceId, secret } of issued) console.log(`${deviceId} ${secret}`);
    console.error('Client id and user name are the device id. The secret is shown only now.');
  }
}

function list(options: Options): void {
  const devices = withCredentials(options.data, (credentials) => credentials.list());
  if (options.json) console.log(JSON.stringify(devices));
  else if (devices.length === 0) console.log('No device has a secret yet.');
  else {
    for (const { deviceId, createdAtMs } of devices) {
      console.log(`${deviceId}  since ${new Date(createdAtMs).toISOString()}`);
    }
  }
}

function remove(deviceId: string, options: Options): void {
  const removed = withCredentials(options.data, (credentials) => credentials.revoke(deviceId));
  if (!removed) throw new UsageError(`${deviceId} has no secret.`);
  console.log(
    options.json ? JSON.stringify({ deviceId, removed }) : `${deviceId} cannot log in any more`,
  );
}

const program = commandNamed('stockhand device').description(
  'Let devices in to the MQTT broker; approve and block them.',
);
const data: [flags: string, description: string] = ['--data <folder>', 'the agent’s data folder'];

program
  .command('add <device...>')
  .description('give each device a new secret; one that it had stops working')
  .requiredOption(...data)
  .option('--json', '[{"deviceId","secret"}]')
  .action(add);
program
  .command('list')
  .description('devices that have a secret')
  .requiredOption(...data)
  .option('--json', '[{"deviceId","createdAtMs"}]')
  .action(list);
program
  .command('remove <device>')
  .description('take a device’s secret away')
  .requiredOption(...data)
  .option('--json', '{"deviceId","removed"}')
  .action(remove);
addDeviceDecisions(program);
addProfileCheck(program);
program.addHelpText(
  'after',
  `
Examples:
  stockhand device add plate-07-3 --data ./data
  stockhand device add plate-1 plate-2 --data ./data --json
  stockhand device remove plate-07-3 --data ./data
  STOCKHAND_PIN=… stockhand device approve plate-9 --person p-7 --kind weight-plate --slot A2 --empty 2000000
  STOCKHAND_PIN=… stockhand device block plate-9 --person p-7 --reason stolen
  stockhand device profiles --check profiles.yaml --data ./data`,
);

await runCommand(() => program.parseAsync());
