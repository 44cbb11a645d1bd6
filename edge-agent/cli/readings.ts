/** `stockhand readings`: what devices really said in the last days, byte for byte, newest first. */
import type { Database } from 'better-sqlite3';
import { type KeptReading, rawReadings } from '../event-store/raw-readings.ts';
import { commandNamed, openLogForReading, runCommand, UsageError } from './data-folder.ts';

interface Options {
  data: string;
  device?: string;
  since?: string;
  result?: string;
  limit: string;
  json?: boolean;
}

const results = ['accepted', 'unchanged', 'duplicate', 'refused'];
const unitMs: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** "90m" is so long ago; "2026-11-23T09:00:00Z" is that moment. @throws UsageError */
function momentOf(text: string | undefined): number {
  if (text === undefined) return 0;
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const moment = unit ? Date.now() - Number(count) * (unitMs[unit] ?? 0) : Date.parse(text);
  if (Number.isFinite(moment)) return moment;
  throw new UsageError('--since takes 30m, 2h, 3d or a time such as 2026-11-23T09:00:00Z.');
}

/** As text where the bytes are text, as hexadecimal otherwise; always one line. */
function printable({ payload, payloadLength }: KeptReading): string {
  const bytes = Buffer.from(payload);
  const text = bytes.toString('utf8');
  const isText = !/[\ufffd\p{Cc}]/u.test(text.replaceAll(/[\r\n\t]/g, ''));
  const shown = isText ? text.replaceAll(/\s+/g, ' ').trim() : bytes.toString('hex');
  const cut = payloadLength - payload.length;
  return cut > 0 ? `${shown}… (${cut} more bytes)` : shown;
}

function print(reading: KeptReading, isJson: boolean): void {
  const { receivedAtMs, payload, ...rest } = reading;
  const receivedAt = new Date(receivedAtMs).toISOString();
  if (isJson) {
    const payloadHex = Buffer.from(payload).toString('hex');
    console.log(JSON.stringify({ receivedAt, ...rest, payloadHex }));
    return;
  }
  const { deviceId, result, source } = rest;
  console.log(`${receivedAt}  ${deviceId}  ${source}  ${result.padEnd(9)}  ${printable(reading)}`);
}

/** A file that an older release wrote last has no such table yet. */
function requireTable(database: Database): void {
  const found = database
    .prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'raw_readings'")
    .get();
  if (found === undefined) {
    throw new UsageError('No readings are kept yet: start this release of the agent once.');
  }
}

function list(options: Options): void {
  const { device = '', result = '', json = false } = options;
  const limit = Number(options.limit);
  if (!Number.isInteger(limit) || limit < 1) throw new UsageError('--limit takes a whole number.');
  if (result !== '' && !results.includes(result)) {
    throw new UsageError(`--result takes one of ${results.join(', ')}.`);
  }
  const sinceMs = momentOf(options.since);
  const log = openLogForReading(options.data);
  try {
    requireTable(log.database);
    let shown = 0;
    for (const reading of rawReadings(log.database, { deviceId: device, result, sinceMs })) {
      print(reading, json);
      shown += 1;
      if (shown === limit) break;
    }
    if (shown === 0 && !json) {
      console.log('No reading is kept. What could not be read at all: stockhand dead-letters list');
    }
  } finally {
    log.close();
  }
}

const program = commandNamed('stockhand readings')
  .description('Look at what devices really said, and what became of it. Newest first.')
  .requiredOption('--data <folder>', 'the agent’s data folder; the agent may be running')
  .option('--device <id>', 'only of this device')
  .option('--since <time>', 'only from then on: 30m, 2h, 3d, or 2026-11-23T09:00:00Z')
  .option('--result <word>', `only with this result: ${results.join(', ')}`)
  .option('--limit <count>', 'at most so many', '50')
  .option(
    '--json',
    '{"receivedAt","result","deviceId","source","topic","payloadLength","payloadHex"} a line',
  )
  .action(list)
  .addHelpText(
    'after',
    `
Results:
  accepted   it changed what is known of the store
  unchanged  within the dead-band, or it says nothing of stock
  duplicate  it had come before
  refused    see stockhand dead-letters

Examples:
  stockhand readings --data ./data --device plate-07-3
  stockhand readings --data ./data --device plate-07-3 --since 2h --limit 500
  stockhand readings --data ./data --result refused --since 2026-11-23T09:00:00Z --json

Readings are kept for 72 hours and up to 256 MiB unless the agent's configuration says otherwise (retention);
of each payload the first 4 KiB.`,
  );

await runCommand(() => program.parseAsync());
