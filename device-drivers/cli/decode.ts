/**
 * `stockhand decode`: one frame explained field by field, or a file of captured frames run as a
 * regression test of an integrator's own devices.
 */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import {
  type CodecContext,
  type Decoded,
  type Direction,
  isReject,
  type Meaning,
  reject,
} from '../codec.ts';
import { allCodecs, findCodec } from '../codecs/all.ts';
import { barcodeNotes } from './barcode-notes.ts';
import { contextFaults } from './profile-settings.ts';

/** An error of the person who typed the command. */
class UsageError extends Error {}

interface Frame {
  protocol: string;
  direction: Direction;
  chunks: Uint8Array[];
  context: CodecContext;
  topic: string | undefined;
}

function bytesOfHex(text: string): Uint8Array {
  const digits = text.replace(/[\s:]+|0x/gi, '');
  if (digits.length % 2 !== 0 || /[^0-9a-f]/i.test(digits)) {
    throw new UsageError(`"${text}" is not hexadecimal: two digits for each byte, like 53 20 53.`);
  }
  return Uint8Array.from(Buffer.from(digits, 'hex'));
}

/** \r, \n, \t, \\ and \xHH stand for their bytes; everything else for itself. */
function bytesOfText(text: string): Uint8Array {
  const escapes: Readonly<Record<string, string>> = { r: '\r', n: '\n', t: '\t', '\\': '\\' };
  const plain = text.replace(/\\(?:x([0-9a-fA-F]{2})|([rnt\\]))/g, (_all, hex, letter) =>
    hex === undefined ? (escapes[letter] ?? '') : String.fromCharCode(Number.parseInt(hex, 16)),
  );
  const isLatin = [...plain].every((character) => character.charCodeAt(0) < 0x100);
  return Uint8Array.from(Buffer.from(plain, isLatin ? 'latin1' : 'utf8'));
}

function decode(frame: Frame): Decoded[] {
  const codec = findCodec(frame.protocol);
  if (!codec) throw new UsageError(`There is no protocol "${frame.protocol}". See --list.`);
  const { direction, context, topic } = frame;
  const decoder = codec.decoder({ direction, context, ...(topic === undefined ? {} : { topic }) });
  return [...frame.chunks.flatMap((chunk) => decoder.push(chunk)), ...decoder.end()];
}

/** One meaning of a whole capture: what was understood; only where nothing was, the refusal. */
function meaningOf(results: readonly Decoded[]): Meaning {
  const meanings = results.map((result) => result.meaning);
  const understood = meanings.filter((meaning) => !isReject(meaning));
  const [first, second] = understood;
  if (second) return { kind: 'sequence', items: understood };
  return first ?? meanings[0] ?? { kind: 'none' };
}

const vectorFile = z.object({ vectors: z.array(z.looseObject({ id: z.string() })) });

/** One captured frame; a member that is null is one that is not there. */
const vectorForm = z
  .looseObject({
    id: z.string(),
    protocol: z.string(),
    direction: z.enum(['device->host', 'host->device']).nullish(),
    bytes_hex: z.string().nullish(),
    chunks_hex: z.array(z.string()).nullish(),
    context: z.record(z.string(), z.json()).nullish(),
    topic: z.string().nullish(),
    retained: z.boolean().nullish(),
  })
  .transform((vector) => ({
    ...vector,
    direction: vector.direction ?? ('device->host' as const),
    context: vector.context ?? {},
    topic: vector.topic ?? undefined,
  }));

type Vector = z.infer<typeof vectorForm>;

/** Null where the protocol is unknown: the other vectors of the file are still run. */
function vectorMeaning(vector: Vector): Meaning {
  const { protocol, direction, topic, retained } = vector;
  const context =
    retained === undefined || retained === null ? vector.context : { ...vector.context, retained };
  if (!findCodec(protocol)) {
    return reject('wrong-type', `there is no protocol ${protocol}; see stockhand decode --list`);
  }
  const hex = vector.chunks_hex ?? [vector.bytes_hex ?? ''];
  return meaningOf(decode({ protocol, direction, context, topic, chunks: hex.map(bytesOfHex) }));
}

/** A captured frame may carry more than its codec reads; what is decoded does not depend on it. */
function warnOfSettings({ id, protocol, context }: Vector): void {
  const codec = findCodec(protocol);
  if (!codec) return;
  for (const { message } of contextFaults(codec, context)) console.error(`${id}: ${message}`);
}

/** Refuses what no protocol knows; tells of what has no effect here. */
function checkSettings(protocol: string, context: CodecContext): void {
  const codec = findCodec(protocol);
  if (!codec) throw new UsageError(`There is no protocol "${protocol}". See --list.`);
  const faults = contextFaults(codec, context);
  const unknown = faults.find(({ isUnknown }) => isUnknown);
  if (unknown) throw new UsageError(unknown.message);
  for (const { message } of faults) console.error(message);
}

/** A vector that is written wrongly is told, ends the call with 2, and stops no other vector. */
function rowMeaning(row: { id: string }): Meaning {
  try {
    const vector = vectorForm.safeParse(row);
    if (!vector.success) throw new UsageError(z.prettifyError(vector.error));
    warnOfSettings(vector.data);
    return vectorMeaning(vector.data);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${row.id}: ${error.message}`);
    process.exitCode = 2;
    return reject('wrong-type', `the vector is not of the form: ${error.message}`);
  }
}

function runVectors(file: string): void {
  const parsed = vectorFile.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new UsageError(`${file}: ${z.prettifyError(parsed.error)}`);
  for (const row of parsed.data.vectors) {
    console.log(JSON.stringify({ id: row.id, meaning: rowMeaning(row) }));
  }
}

function list(isJson: boolean): void {
  if (isJson) {
    const rows = allCodecs.map(({ protocol, title, group, line, source, settings }) => {
      return { protocol, title, group, line, source, settings };
    });
    console.log(JSON.stringify(rows));
    return;
  }
  for (const { protocol, title, line, settings } of allCodecs) {
    console.log(`${protocol.padEnd(22)} ${line.padEnd(12)} ${title}`);
    for (const setting of settings) {
      console.log(`${' '.repeat(24)}${setting.name}: ${setting.values} (${setting.meaning})`);
    }
  }
}

function explain(results: readonly Decoded[]): void {
  for (const { meaning, notes } of results) {
    for (const { field, found, means } of [...notes, ...barcodeNotes(meaning)]) {
      console.log(`  ${field.padEnd(18)} ${found.padEnd(24)} ${means}`);
    }
    if (isReject(meaning)) console.log(`refused: ${meaning.error} (${meaning.detail})`);
    else console.log(JSON.stringify(meaning));
  }
  if (results.length === 0) console.log('no frame: the bytes hold nothing to decode');
}

interface Options {
  protocol?: string;
  hex?: string;
  text?: string;
  direction: string;
  context: string;
  topic?: string;
  retained?: boolean;
  vectors?: string;
  list?: boolean;
  json?: boolean;
}

/** A JSON object, or with @ in front the name of a YAML or JSON file that holds one. */
function contextOf(text: string): CodecContext {
  const isFile = text.startsWith('@');
  const source = isFile ? readFileSync(text.slice(1), 'utf8') : text;
  try {
    return z.record(z.string(), z.json()).parse(isFile ? parseYaml(source) : JSON.parse(source));
  } catch {
    throw new UsageError(
      `--context takes a JSON object, like '{"unit":"kg"}', or @FILE; got ${text}`,
    );
  }
}

/** Serial frames hold control bytes, for which the text has escapes; a payload is taken as it is. */
function bytesGiven({ hex, text }: Options, protocol: string): Uint8Array {
  if (hex !== undefined) return bytesOfHex(hex);
  if (text === undefined) return Uint8Array.from(readFileSync(0));
  const group = findCodec(protocol)?.group;
  return group === 'mqtt' || group === 'till' ? new TextEncoder().encode(text) : bytesOfText(text);
}

function run(options: Options): void {
  if (options.list) return list(options.json ?? false);
  if (options.vectors !== undefined) return runVectors(options.vectors);
  const { protocol, direction } = options;
  if (protocol === undefined) throw new UsageError('Name a --protocol; --list shows them.');
  if (direction !== 'device->host' && direction !== 'host->device') {
    throw new UsageError('--direction is "device->host" or "host->device".');
  }
  const given = contextOf(options.context);
  checkSettings(protocol, given);
  const bytes = bytesGiven(options, protocol);
  const context = options.retained === true ? { ...given, retained: true } : given;
  const results = decode({ protocol, direction, context, topic: options.topic, chunks: [bytes] });
  const meaning = meaningOf(results);
  if (options.json) console.log(JSON.stringify(meaning));
  else explain(results);
  if (isReject(meaning)) process.exitCode = 1;
}

const program = new Command('stockhand decode')
  // A wrong call ends with 2; 1 says that a frame was refused.
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .description('Explain what a device said, byte for byte.')
  .option('--protocol <name>', 'as in the device’s profile')
  .option('--hex <bytes>', 'the frame in hexadecimal')
  .option('--text <text>', 'the frame as text; for serial devices \\r \\n \\xHH are bytes')
  .option('--direction <way>', 'device->host or host->device', 'device->host')
  .option('--context <json>', 'the profile’s settings: unit, region, model…; or @FILE (YAML)', '{}')
  .option('--topic <topic>', 'of an MQTT message')
  .option('--retained', 'the broker kept the MQTT message: it is old')
  .option('--vectors <file>', 'run a file of captured frames')
  .option('--list', 'name the protocols with their settings')
  .option('--json', 'only the meaning, as one line')
  .addHelpText(
    'after',
    `
Examples:
  stockhand decode --protocol mt-sics --text 'S S     100.00 g\\r\\n'
  stockhand decode --protocol toledo-8217 --hex 0230312e3235300d --context '{"unit":"kg"}' --json
  stockhand decode --protocol zigbee2mqtt --topic zigbee2mqtt/cold-3 --text '{"temperature":4.5}'
  stockhand decode --protocol milesight --hex 01756403821e00 \\
    --context '{"model":"EM500-UDL","empty_mm":530,"full_mm":30}'
  stockhand decode --protocol generic-json --topic store/1/shelf/12 --text '{"level":42}' \\
    --context '{"map":{"device_id":"topic[3]","level_pct":"$.level"}}'
  stockhand decode --protocol generic-json --context @shelf-profile.yaml < payload.json
  stockhand decode --protocol poslog --json < receipt.xml
  stockhand decode --vectors my-devices.json
  stockhand decode --list

Without --hex and --text the bytes are read from standard input.
Exit codes: 0 understood, 1 refused, 2 the call was wrong.`,
  );

try {
  run(program.parse().opts<Options>());
} catch (error) {
  const isUsage = error instanceof UsageError || error instanceof SyntaxError;
  if (!isUsage && !(error instanceof Error && 'code' in error)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
