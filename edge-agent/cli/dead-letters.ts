/** `stockhand dead-letters`: what was refused, by whom it was sent, and why. */
import { Outcome } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { explainReason } from '../dead-letter-explanation.ts';
import type { DeadLetter } from '../ports.ts';
import { type AgentOptions, asPerson, withAgentOptions } from './agent-call.ts';
import { commandNamed, openLogForReading, runCommand, UsageError } from './data-folder.ts';

interface Options {
  data: string;
  device?: string;
  reason?: string;
  open?: boolean;
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
  JSON.stringify({
    ...letter,
    ...explainReason(letter.reason),
    payloadHex: Buffer.from(payload).toString('hex'),
  });

function list(options: Options): void {
  const limit = Number(options.limit);
  if (!Number.isInteger(limit) || limit < 1) throw new UsageError('--limit takes a whole number.');
  const log = openLogForReading(options.data);
  try {
    const letters = log.deadLetters({
      deviceId: options.device ?? '',
      reason: options.reason ?? '',
      onlyOpen: options.open ?? false,
      limit,
    });
    if (letters.length === 0 && !options.json) console.log('Nothing was refused.');
    for (const letter of letters) {
      if (options.json) {
        console.log(asJson(letter));
        continue;
      }
      const time = new Date(letter.receivedAtMs).toISOString();
      console.log(
        `#${letter.number}  ${time}  ${letter.deviceId}  ${letter.reason}  ${letter.field}${
          letter.replayedAtMs > 0 ? '  (replayed)' : ''
        }`,
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
    const { meaning, advice } = explainReason(letter.reason);
    const replayed = letter.replayedAtMs > 0 ? new Date(letter.replayedAtMs).toISOString() : 'no';
    console.log(`number    ${letter.number}
received  ${new Date(letter.receivedAtMs).toISOString()}
from      ${letter.deviceId} (${letter.source}) ${letter.topic}
reason    ${letter.reason}: ${meaning}
field     ${letter.field}
found     ${letter.found}
expected  ${letter.expected}
to do     ${advice}
replayed  ${replayed}
payload   ${printable(letter.payload)}
bytes     ${Buffer.from(letter.payload).toString('hex')}`);
  } finally {
    log.close();
  }
}

async function replay(number: string, options: AgentOptions & { json?: boolean }): Promise<void> {
  if (!/^\d{1,15}$/.test(number)) throw new UsageError(`"${number}" is no dead letter’s number.`);
  const answer = await asPerson(options, (client) =>
    client.replayDeadLetter({ number: BigInt(number) }),
  );
  const { reason, field, found, expected } = answer;
  const outcome = replayOutcomes.get(answer.outcome) ?? 'refused';
  if (options.json) {
    console.log(
      JSON.stringify({ number: Number(number), outcome, reason, field, found, expected }),
    );
  } else if (outcome === 'refused') {
    console.log(`still refused: ${reason}, ${field}: found ${found}, expected ${expected}`);
  } else {
    console.log(outcome === 'taken-in' ? 'taken in' : 'it counts already, or newer readings do');
  }
  if (outcome === 'refused') process.exitCode = 1;
}

const replayOutcomes: ReadonlyMap<Outcome, string> = new Map([
  [Outcome.ACCEPTED, 'taken-in'],
  [Outcome.ALREADY_DONE, 'already-taken-in'],
]);

const program = commandNamed('stockhand dead-letters').description(
  'Look at what was refused. Nothing of it changed any stock.',
);
program
  .command('list', { isDefault: true })
  .description('newest first')
  .requiredOption('--data <folder>', 'the agent’s data folder')
  .option('--device <id>', 'only of this device')
  .option('--reason <code>', 'only of this reason')
  .option('--open', 'only those that were not replayed')
  .option('--limit <count>', 'at most so many', '50')
  .option('--json', 'one object a line, the payload as hexadecimal')
  .action(list);
program
  .command('show <number>')
  .description('one explained: its bytes, what was expected, what to do')
  .requiredOption('--data <folder>', 'the agent’s data folder')
  .option('--json', 'one object')
  .action(show);
withAgentOptions(
  program
    .command('replay <number>')
    .description('send it again through the running agent, once its cause is mended'),
)
  .option('--json', '{"number","outcome","reason","field","found","expected"}')
  .action(replay);
program.addHelpText(
  'after',
  `
Examples:
  stockhand dead-letters list --data ./data --device plate-07-3
  stockhand dead-letters list --data ./data --reason device-pending --open
  stockhand dead-letters show 17 --data ./data
  STOCKHAND_PIN=… stockhand dead-letters replay 17 --person p-7`,
);

await runCommand(() => program.parseAsync());
