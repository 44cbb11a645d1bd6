/** `stockhand hq`: headquarters' server, and the small commands around it. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import {
  ApplyMasterDataSchema,
  ApplyOpeningStockSchema,
  ApplyPolicyLayerSchema,
  CommandSchema,
  type Command as SyncCommand,
} from '@stockhand/proto/sync/v1alpha/sync_service_pb.js';
import { type Gln, parseGln } from '@stockhand/proto/vocabulary/gs1-keys.ts';
import { quantityText } from '@stockhand/proto/vocabulary/quantity.ts';
import { Command, InvalidArgumentError } from 'commander';
import pino from 'pino';
import {
  issueStoreCertificate,
  keepAuthority,
  keepServerCertificate,
  writeBundle,
} from '../client/certificate-authority.ts';
import { contentLine, contentOf } from './event-content.ts';
import { queueCommand } from './grpc-server/store-call.ts';
import { SyncServer } from './grpc-server/sync-server.ts';
import { parseMessageFile } from './master-data/master-data-file.ts';
import { hashBadge, hashPin } from './staff-secret.ts';
import { answerOrder } from './store/order-answer.ts';
import { SqliteHqStore } from './store/sqlite-hq-store.ts';
import { createHqMetrics } from './web/hq-metrics.ts';
import { hasAccessToken, newAccessToken, PageAccess } from './web/page-access.ts';
import { startWebServer } from './web/web-server.ts';

/** An error of the person who typed the command. */
class UsageError extends Error {}

interface DataOption {
  data: string;
  json?: boolean;
}

const authorityOf = (data: string) =>
  keepAuthority(join(data, 'certificates', 'authority'), 'Stockhand HQ', Date.now());

function openStore(data: string): SqliteHqStore {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  return new SqliteHqStore(join(data, 'hq.db'));
}

/** For questions: a folder that holds no HQ is a typing error, not a new one. */
function openExistingStore(data: string): SqliteHqStore {
  if (!existsSync(join(data, 'hq.db'))) {
    throw new UsageError(`${data} holds no hq.db. Start HQ once, or name its data folder.`);
  }
  return openStore(data);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

interface RunOptions extends DataOption {
  host: string;
  grpcPort: number;
  webPort: number;
  webTlsPort: number;
  openLoopback: boolean;
  name: string[];
}

/** At the first start; on standard error, for the log keeps no secrets. */
function giveAccess(data: string): void {
  if (hasAccessToken(data)) return;
  console.error(`Access token of HQ’s page, shown only now: ${newAccessToken(data)}`);
}

async function run(options: RunOptions): Promise<void> {
  const { data, host, grpcPort, webPort, webTlsPort, openLoopback, name } = options;
  const pinoLogger = pino({
    base: null,
    messageKey: 'event',
    timestamp: pino.stdTimeFunctions.isoTime,
  });
  const logger = {
    info: (fields: object, event: string) => pinoLogger.info(fields, event),
    warn: (fields: object, event: string) => pinoLogger.warn(fields, event),
  };
  const store = openStore(data);
  const names = {
    commonName: hostname(),
    dnsNames: [...new Set(['localhost', hostname(), ...name])],
    ipAddresses: ['127.0.0.1', '::1'],
  };
  const folder = join(data, 'certificates', 'server');
  const bundle = await keepServerCertificate(folder, await authorityOf(data), names, Date.now());
  const nowMs = () => Date.now();
  const connectedStores = () => server.connectedStores;
  const metrics = createHqMetrics({ store, connectedStores, nowMs });
  const observed = metrics.received;
  const common = { host, bundle, store, nowMs, logger };
  const server: SyncServer = new SyncServer({ ...common, port: grpcPort, observed });
  await server.start();
  giveAccess(data);
  const page = await startWebServer({
    ...common,
    port: webPort,
    tlsPort: webTlsPort,
    isConnected: (storeGln) => server.isConnected(storeGln),
    access: new PageAccess(data, nowMs),
    isLoopbackOpen: openLoopback,
    metrics,
  });
  const ports = { grpcPort: server.port, webPort: page.port, webTlsPort: page.tlsPort };
  logger.info(ports, 'hq-ready');
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    await server.stop();
    await page.stop();
    store.close();
    logger.info({}, 'hq-stopped');
    process.exit(0);
  };
  process.on('SIGINT', () => void stop());
  process.on('SIGTERM', () => void stop());
}

function newToken({ data, json }: DataOption): void {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const token = newAccessToken(data);
  const text = `${token}\nThe one before is void, and so are the sessions that it opened.`;
  console.log(json ? JSON.stringify({ token }) : text);
}

async function enrollStore(options: DataOption & { gln: Gln; out: string }): Promise<void> {
  const { data, gln, out, json } = options;
  writeBundle(out, await issueStoreCertificate(await authorityOf(data), gln, Date.now()));
  const text = `Certificates of store ${gln} are in ${out}. Move them to the store over a safe way.`;
  console.log(json ? JSON.stringify({ gln, folder: out }) : text);
}

/** Staff entries may carry `pin` and `badge` in clear: they are replaced by their hashes. */
function hashSecrets(text: string): string {
  return text
    .replace(/^(\s*-?\s*)pin:\s*["']?(\d{4,12})["']?\s*$/gm, (_all, lead: string, pin: string) => {
      return `${lead}pinHash: "${hashPin(pin)}"`;
    })
    .replace(
      /^(\s*-?\s*)badge:\s*["']?([^"'\s]+)["']?\s*$/gm,
      (_all, lead: string, badge: string) => {
        return `${lead}badgeHash: "${hashBadge(badge)}"`;
      },
    );
}

type Pushed = Exclude<SyncCommand['command'], { case: undefined }>;

/** What a file for `push` may hold. */
const commandNames = CommandSchema.oneofs.flatMap(({ fields }) =>
  fields.map(({ jsonName }) => jsonName),
);

function push(options: DataOption & { gln: Gln }, command: Pushed): void {
  const store = openStore(options.data);
  try {
    const sequence = queueCommand(store, options.gln, Date.now(), command);
    const text = `Command ${sequence} for store ${options.gln} is queued; it goes out when the store is connected.`;
    const where = `Were it refused, this says why: stockhand hq events --data ${options.data} --type CommandRefused`;
    console.log(
      options.json ? JSON.stringify({ gln: options.gln, sequence }) : `${text}\n${where}`,
    );
  } finally {
    store.close();
  }
}

function messageFrom<T>(
  file: string,
  result: { ok: true; value: T } | { ok: false; fault: string },
): T {
  if (result.ok) return result.value;
  throw new UsageError(`${file}: ${result.fault}`);
}

function listEvents(options: DataOption & { gln?: Gln; type?: string; limit: number }): void {
  const store = openExistingStore(options.data);
  try {
    const { gln, type, limit } = options;
    const filter = { ...(gln ? { storeGln: gln } : {}), ...(type ? { type } : {}), limit };
    for (const event of store.events(filter)) {
      const bytes = store.eventBytes(event.id);
      if (options.json) {
        console.log(JSON.stringify({ ...event, content: contentOf(bytes) }));
        continue;
      }
      const time = new Date(event.recordedAtMs).toISOString();
      const { storeGln, position, type: name } = event;
      console.log(`${time}  ${storeGln}  ${position}  ${name}  ${contentLine(bytes)}`);
    }
  } finally {
    store.close();
  }
}

function listOrders(options: DataOption & { limit: number }): void {
  const store = openExistingStore(options.data);
  try {
    for (const order of store.orders(options.limit)) {
      const { storeGln, proposalId, gtin, baseUnits, unit, kind, status } = order;
      const time = new Date(order.heardAtMs).toISOString();
      const outcome = `${status} ${order.orderNumber}${order.reason}`.trim();
      const line = `${time}  ${storeGln}  ${proposalId}  ${gtin}  ${quantityText(baseUnits, unit)}  ${kind}  ${outcome}`;
      console.log(options.json ? JSON.stringify(order) : line);
    }
  } finally {
    store.close();
  }
}

interface AnswerOptions extends DataOption {
  gln: Gln;
  order: string;
  accept?: string;
  refuse?: string;
  expected?: string;
}

function answer(options: AnswerOptions): void {
  const { data, gln: storeGln, order, accept, refuse = '', expected, json } = options;
  if ((accept === undefined) === (refuse === '')) {
    throw new UsageError('Say --accept with the order’s number, or --refuse with the reason.');
  }
  const expectedAtMs = expected === undefined ? null : Date.parse(expected);
  const given = {
    accepted: accept !== undefined,
    orderNumber: accept ?? '',
    reason: refuse,
    expectedAtMs,
  };
  const store = openExistingStore(data);
  try {
    const result = answerOrder(store, storeGln, order, given, Date.now());
    if (!result.ok) throw new UsageError(result.fault);
    const { sequence } = result;
    const text = `Command ${sequence} for store ${storeGln} is queued; it goes out when the store is connected.`;
    console.log(json ? JSON.stringify({ gln: storeGln, sequence }) : text);
  } finally {
    store.close();
  }
}

function gln(text: string): Gln {
  const result = parseGln(text);
  if (!result.ok) throw new InvalidArgumentError('A GLN has 13 digits with a right check digit.');
  return result.value;
}

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('A whole number.');
  return value;
}

const data: [string, string] = ['--data <folder>', 'HQ’s data folder'];
const forStore: [string, string, typeof gln] = ['--gln <gln>', 'the store', gln];
const program = new Command('stockhand hq')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .description('Headquarters: what stores sync with.');

program
  .command('run')
  .description('serve stores over gRPC, and the page of their events')
  .requiredOption(...data)
  .option('--host <address>', 'where to listen for stores and for the page over TLS', '0.0.0.0')
  .option('--grpc-port <port>', 'for stores, with client certificates', whole, 7_443)
  .option('--web-tls-port <port>', 'the page over TLS, with sign-in', whole, 9_443)
  .option('--web-port <port>', 'the page over plain HTTP, on loopback only', whole, 9_080)
  .option('--open-loopback', 'let everyone on this machine see the plain page', false)
  .option('--name <host>', 'a name under which stores reach HQ; may be repeated', collect, [])
  .action(run);
program
  .command('new-token')
  .description('replace the access token of the page and its API, and print it')
  .requiredOption(...data)
  .option('--json', '{"token"}')
  .action(newToken);
program
  .command('enroll-store')
  .description('issue the certificates by which a store speaks')
  .requiredOption(...data)
  .requiredOption(...forStore)
  .requiredOption('--out <folder>', 'where to write them')
  .option('--json', '{"gln","folder"}')
  .action(enrollStore);
/** A command that sends a file to a store. */
function pushing(name: string, description: string, form: string): Command {
  return program
    .command(name)
    .description(description)
    .requiredOption(...data)
    .requiredOption(...forStore)
    .requiredOption('--file <file>', form)
    .option('--json', '{"gln","sequence"}');
}

pushing(
  'push-master-data',
  'products, places, slots, devices and staff of a store, replacing what it has',
  'YAML or JSON form of ApplyMasterData',
).action((options) => {
  const text = hashSecrets(readText(options.file));
  const value = messageFrom(options.file, parseMessageFile(ApplyMasterDataSchema, text));
  push(options, { case: 'applyMasterData', value });
});
pushing(
  'push-opening-stock',
  'what the store starts with, as the ERP knows it',
  'YAML or JSON form of ApplyOpeningStock',
).action((options) => {
  const text = readText(options.file);
  const value = messageFrom(options.file, parseMessageFile(ApplyOpeningStockSchema, text));
  push(options, { case: 'applyOpeningStock', value });
});
pushing(
  'push-policy',
  'one layer of the business rules, in the place of the one that HQ pushed before',
  'a policy file: layer, version, rules, thresholds, routes, final',
).action((options) => {
  const text = readText(options.file);
  const value = messageFrom(options.file, parseMessageFile(ApplyPolicyLayerSchema, text));
  push(options, { case: 'applyPolicyLayer', value });
});
pushing(
  'push',
  'any command to a store: a delivery notice, a customer’s order, a roster',
  'YAML or JSON: one of announceDelivery, applyRoster… with its fields',
)
  .action((options) => {
    const { file } = options;
    const { command } = messageFrom(
      file,
      parseMessageFile(CommandSchema, readText(file), Date.now()),
    );
    if (command.case === undefined) {
      throw new UsageError(`${file}: expected one of ${commandNames.join(', ')}.`);
    }
    push(options, command);
  })
  .addHelpText(
    'after',
    `
A file, with times from now on (s, m, h, d) or in ISO 8601:
  announceDelivery:
    deliveryId: D-1001
    noticeVersion: 1
    expectedAt: now+15m
    lines:
      - { line: 1, gtin: "04012345000153", quantity: { pieces: "36" } }

Commands: ${commandNames.join(', ')}.
More files are in central-sync/examples/.`,
  );
program
  .command('events')
  .description('events of the stores, newest first')
  .requiredOption(...data)
  .option(...forStore)
  .option('--type <name>', 'for example TaskDone; CommandRefused tells why')
  .option('--limit <count>', 'at most so many', whole, 50)
  .option('--json', 'one object a line')
  .action(listEvents);
program
  .command('orders')
  .description('orders that stores placed, waiting ones first')
  .requiredOption(...data)
  .option('--limit <count>', 'at most so many', whole, 50)
  .option('--json', 'one object a line')
  .action(listOrders);
program
  .command('answer-order')
  .description('accept or refuse an order of a store; the first answer holds')
  .requiredOption(...data)
  .requiredOption(...forStore)
  .requiredOption('--order <id>', 'its id, as `orders` lists it')
  .option('--accept <number>', 'the number under which it was ordered')
  .option('--refuse <reason>', 'why it is not ordered')
  .option('--expected <time>', 'when it will come, ISO 8601')
  .option('--json', '{"gln","sequence"}')
  .action(answer);
program.addHelpText(
  'after',
  `
Examples:
  stockhand hq run --data ./hq
  stockhand hq enroll-store --data ./hq --gln 4012345000009 --out ./hq-certificates
  stockhand hq push-master-data --data ./hq --gln 4012345000009 --file store.yaml
  stockhand hq push-policy --data ./hq --gln 4012345000009 --file chain.yaml
  stockhand hq push --data ./hq --gln 4012345000009 --file roster.yaml
  stockhand hq orders --data ./hq
  stockhand hq answer-order --data ./hq --gln 4012345000009 --order o-1f0c-88 --accept PO-4711
  stockhand hq events --data ./hq --type TaskDone --json

run logs JSON lines; the line "hq-ready" tells the ports. The first run prints the access token of the
page on standard error; scripts send it as "Authorization: Bearer …".`,
);

function collect(value: string, values: string[]): string[] {
  return [...values, value];
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exit(2);
}
