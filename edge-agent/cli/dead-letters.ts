/** `stockhand dead-letters`: what was refused, by whom it was sent, and why. */
import { Command } from 'commander';
import type { DeadLetter } from '../ports.ts';
import { openLogForReading, runCommand, UsageError } from './data-folder.ts';

interface Options {
  data: string;
  device?: string;
  limit: string;
  json?: boolean;
}

/** The bytes as text where they are text, as hexadecimal otherwise. */
function printable(payload: Uint8Array): string {
  const text = Buffer.from(payload).toString('utf8');
  const isText = !text.includes('\uFFFD') && !/[^\x20-\x7e\n\t\u00a0-\uffff]/.test(text);
  return isText ? text : Buffer.from(payload).toString('hex');
}

const asJson = ({ payload, ...letter }: DeadLetter) =>
  JSON.stringify({ ...letter, payloadHex: Buffer.from(payload).toString('hex') });

function list(options: Options): void {
  const limit = Number(options.limit);
  if (!Number.isInteger(limit) || limit < 1) throw new UsageError('--limit takes a whole number.');
  const log = openLogForReading(options.data);
  try {
    const filter = options.device === undefined ? {} : { deviceId: options.device };
    const letters = log.deadLetters({ ...filter, limit });
    if (letters.length === 0 && !options.json) console.log('Nothing was refused.');
    for (const letter of letters) {
      if (options.json) {
        console.log(asJson(letter));
        continue;
      }
      const time = new Date(letter.receivedAtMs).toISOString();
      console.log(
        `#${letter.number}  ${time}  ${letter.deviceId}  ${letter.reason}  ${letter.field}`,
      );
    }
  } finally {
    log.close();
  }
}

function show(number: string, options: Options): void {
  const log = openLogForReading(options.data);
  try {
    const wanted = Number(number);
    const [letter] = log.deadLetters({ beforeNumber: wanted + 1, limit: 1 });
    if (!letter || letter.number !== wanted)
      throw new UsageError(`There is no dead letter ${number}.`);
    if (options.json) {
      console.log(asJson(letter));
      return;
    }
    console.log(`number    ${letter.number}
received  ${new Date(letter.receivedAtMs).toISOString()}
from      ${letter.deviceId} (${letter.source}) ${letter.topic}
reason    ${letter.reason}
field     ${letter.field}
found     ${letter.found}
expected  ${letter.expected}
payload   ${printable(letter.payload)}`);
  } finally {
    log.close();
  }
}

const program = new Command('stockhand dead-letters').description(
  'Look at what was refused. Nothing of it changed any stock.',
);
program
  .command('list', { isDefault: true })
  .description('newest first')
  .requiredOption('--data <folder>', 'the agent’s data folder')
  .option('--device <id>', 'only of this device')
  .option('--limit <count>', 'at most so many', '50')
  .option('--json', 'one object a line, the payload as hexadecimal')
  .action(list);
program
  .command('show <number>')
  .description('one with its bytes')
  .requiredOption('--data <folder>', 'the agent’s data folder')
  .option('--json', 'one object')
  .action(show);
program.addHelpText(
  'after',
  `
Examples:
  stockhand dead-letters list --data ./data --device plate-07-3
  stockhand dead-letters show 17 --data ./data`,
);

await runCommand(() => program.parseAsync());
