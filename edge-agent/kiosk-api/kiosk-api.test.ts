/** The kiosk API over real HTTP and HTTPS, with the real core and a real log behind it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Code, createClient, type Interceptor } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-node';
import {
  createAuthority,
  issueServerCertificate,
} from '@stockhand/central-sync/client/certificate-authority.ts';
import { KioskService, Outcome } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { quantityMessage } from '@stockhand/proto/vocabulary/quantity.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LetterReplay } from '../dead-letter-replay.ts';
import { Desk } from '../desk.ts';
import { SqliteEventLog } from '../event-store/sqlite-event-log.ts';
import { AgentLoop } from '../loop.ts';
import { ForeignTopics } from '../mqtt-broker/foreign-topics.ts';
import { Planner } from '../planner/planner.ts';
import { systemClock, systemRandom } from '../platform/system-ports.ts';
import {
  jam,
  jarsReading,
  masterDataCommand,
  momentAt,
  openingStockCommand,
  startMs,
  storeGln,
} from '../sample-store.ts';
import { hashBadge, hashPin } from './credentials.ts';
import { type KioskApi, startKioskApi } from './kiosk-server.ts';
import { noPolicies } from './sample-kiosk.ts';
import { anonymousStreamsPerAddress } from './store-watch.ts';

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const badge = 'e7c1f0a2b9d84c55';

let folder: string;
let log: SqliteEventLog;
let loop: AgentLoop;
let desk: Desk;
let api: KioskApi;
let authorityPem: string;

async function masterDataWithPeople() {
  const input = masterDataCommand(1);
  if (input.kind !== 'hq-command' || input.command.command.case !== 'applyMasterData') {
    throw new Error('master data expected');
  }
  const pinHash = await hashPin('4711', systemRandom);
  input.command.command.value.staff = {
    $typeName: 'stockhand.masterdata.v1alpha.StaffDirectory',
    members: [
      { personRef: 'anna', name: 'Anna', pinHash, badgeHash: hashBadge(badge) },
      { personRef: 'max', name: 'Max', pinHash, badgeHash: '' },
    ].map((member) => ({ ...member, $typeName: 'stockhand.masterdata.v1alpha.StaffMember' })),
  };
  return input;
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stockhand-kiosk-'));
  log = new SqliteEventLog({ folder, storeGln });
  const moment = () => momentAt(startMs);
  loop = new AgentLoop({ storeGln, log, clock: systemClock, logger: silent, moment });
  await loop.submit(await masterDataWithPeople());
  await loop.submit(openingStockCommand(2));
  await loop.submit(jarsReading(1, 2));
  const nowMs = Date.now();
  const authority = await createAuthority('Test', nowMs);
  authorityPem = authority.certificatePem;
  const names = { commonName: 'localhost', dnsNames: ['localhost'], ipAddresses: ['127.0.0.1'] };
  const bundle = await issueServerCertificate(authority, names, nowMs);
  desk = new Desk();
  api = await startKioskApi({
    agent: loop,
    people: log,
    letters: log,
    replays: new LetterReplay({
      agent: loop,
      letters: log,
      foreign: new ForeignTopics([]),
      logger: silent,
    }),
    policies: noPolicies,
    planner: new Planner({ agent: loop, clock: systemClock, logger: silent }),
    devices: {
      portStates: () => new Map([['scale-1', { state: 'lost', cause: 'unplugged' }]]),
      counts: () => undefined,
    },
    sync: { status: () => ({ hqConnected: false, eventsWaiting: 7, oldestWaitingMs: startMs }) },
    desk,
    host: '127.0.0.1',
    httpPort: 0,
    httpsPort: 0,
    idleMs: 900_000,
    certificatePem: bundle.certificatePem,
    privateKeyPem: bundle.privateKeyPem,
    pageFolder: join(folder, 'no-page'),
    clock: systemClock,
    random: systemRandom,
    logger: silent,
  });
});

afterEach(async () => {
  await api.stop();
  log.close();
  rmSync(folder, { recursive: true, force: true });
});

function client(token?: string, isSecure = false) {
  const bearer: Interceptor = (next) => (request) => {
    if (token !== undefined) request.header.set('authorization', `Bearer ${token}`);
    return next(request);
  };
  const port = isSecure ? api.httpsPort : api.httpPort;
  return createClient(
    KioskService,
    createConnectTransport({
      baseUrl: `${isSecure ? 'https' : 'http'}://localhost:${port}`,
      httpVersion: '1.1',
      interceptors: [bearer],
      nodeOptions: { ca: authorityPem },
    }),
  );
}

const signInWithBadge = () =>
  client().signIn({ kioskId: 'kiosk-1', credential: { case: 'badge', value: badge } });
const signInWithPin = (pin: string) =>
  client().signIn({
    kioskId: 'kiosk-1',
    credential: { case: 'pin', value: { personRef: 'anna', pin } },
  });

async function boardOf(token?: string) {
  for await (const { message } of client(token).watchStore({ kioskId: 'kiosk-1' })) {
    if (message.case === 'board') return message.value;
  }
  throw new Error('the stream ended without a board');
}

describe('the kiosk API', () => {
  it('lets staff in by badge and by PIN, over HTTP on loopback and over HTTPS', async () => {
    expect(await signInWithBadge()).toMatchObject({ personRef: 'anna', displayName: 'Anna' });
    const { sessionToken } = await signInWithPin('4711');
    expect(await client(sessionToken, true).listDevices({})).toBeDefined();
  });

  it('lets one address open only so many streams without a session', async () => {
    const stop = new AbortController();
    const boards = Array.from({ length: anonymousStreamsPerAddress }, () =>
      client().watchStore({ kioskId: 'kiosk-1' }, { signal: stop.signal })[Symbol.asyncIterator](),
    );
    try {
      await Promise.all(boards.map((stream) => stream.next()));
      await expect(boardOf()).rejects.toMatchObject({ code: Code.ResourceExhausted });
      const { sessionToken } = await signInWithBadge();
      expect(await boardOf(sessionToken)).toBeDefined();
    } finally {
      stop.abort();
    }
  });

  it('refuses a wrong badge, a wrong PIN and a call without a session', async () => {
    const wrongBadge = { case: 'badge', value: 'nobody' } as const;
    await expect(client().signIn({ kioskId: 'k', credential: wrongBadge })).rejects.toMatchObject({
      code: Code.Unauthenticated,
    });
    await expect(client().listDevices({})).rejects.toMatchObject({ code: Code.Unauthenticated });
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await expect(signInWithPin('0000')).rejects.toMatchObject({ code: Code.Unauthenticated });
    }
    await expect(signInWithPin('4711')).rejects.toMatchObject({ code: Code.ResourceExhausted });
    expect(await signInWithBadge()).toMatchObject({ personRef: 'anna' });
  });

  it('shows names and connections before sign-in, and tasks only after it', async () => {
    const before = await boardOf();
    expect(before.people.map((person) => person.displayName)).toEqual(['Anna', 'Max']);
    expect(before.connections).toMatchObject({
      eventsWaitingForHq: 7n,
      troubledDevices: ['scale-1'],
    });
    expect(before.tasks).toEqual([]);
    const { sessionToken } = await signInWithBadge();
    const after = await boardOf(sessionToken);
    expect(after.tasks).toMatchObject([{ gtin: jam, productName: 'Jam', slotId: 'A1' }]);
    expect(after.figures).toMatchObject({ tasksOpen: 1 });
  });

  it('takes a task through its life, each action once', async () => {
    const { sessionToken } = await signInWithBadge();
    const kiosk = client(sessionToken);
    const board = await boardOf(sessionToken);
    const task = board.tasks[0];
    if (!task) throw new Error('a task expected');
    const { taskId, version, quantity } = task;
    const claim = {
      actionId: 'a-1',
      seenVersion: version,
      action: { case: 'claimTask', value: { taskId } },
    } as const;
    expect((await kiosk.act(claim)).outcome).toBe(Outcome.ACCEPTED);
    expect((await kiosk.act(claim)).outcome).toBe(Outcome.ALREADY_DONE);
    const versionNow = async () => (await boardOf(sessionToken)).tasks[0]?.version ?? 0;
    const complete = async (actionId: string, scan: string) =>
      kiosk.act({
        actionId,
        seenVersion: await versionNow(),
        action: {
          case: 'completeTask',
          value: { taskId, scan, quantity: quantity ?? quantityMessage(0, 'pieces') },
        },
      });
    expect(await complete('a-2', '4000000000013')).toMatchObject({
      outcome: Outcome.REFUSED,
      reason: 'wrong-product',
    });
    const done = await complete('a-3', '4006381333931');
    expect(done.outcome).toBe(Outcome.ACCEPTED);
    expect(Number(done.asOfPosition)).toBe(log.lastPosition());
    expect((await boardOf(sessionToken)).tasks).toEqual([]);
  });

  it('sends what changes to an open stream, and the scans of its desk', async () => {
    const { sessionToken } = await signInWithBadge();
    const stop = new AbortController();
    const seen: string[] = [];
    let boards = 0;
    const stream = client(sessionToken).watchStore(
      { kioskId: 'kiosk-1', deskDeviceIds: ['scanner-1'] },
      { signal: stop.signal },
    );
    try {
      for await (const { message } of stream) {
        if (message.case === 'board') {
          boards += 1;
          if (boards === 1) await loop.submit(jarsReading(2, 1));
          else {
            const scan = { text: '4006381333931', aimId: ']E0', seenAtMs: startMs };
            desk.scanned({ deviceId: 'scanner-2', ...scan });
            desk.scanned({ deviceId: 'scanner-1', ...scan });
          }
        }
        if (message.case === 'scan') {
          seen.push(message.value.deviceId);
          break;
        }
      }
    } finally {
      stop.abort();
    }
    expect(boards).toBeGreaterThanOrEqual(2);
    expect(seen).toEqual(['scanner-1']);
  });

  it('answers what the store holds of a scanned product', async () => {
    const { sessionToken } = await signInWithBadge();
    const answer = await client(sessionToken).lookUp({ text: '4006381333931' });
    expect(answer).toMatchObject({ gtin: jam, productName: 'Jam' });
    expect(answer.slots.map((slot) => slot.slotId)).toEqual(['A1', 'A2']);
    await expect(client(sessionToken).lookUp({ text: 'nothing' })).rejects.toMatchObject({
      code: Code.NotFound,
    });
  });

  it('ends a session when its person signs out', async () => {
    const { sessionToken } = await signInWithBadge();
    await client(sessionToken).signOut({});
    await expect(client(sessionToken).listDevices({})).rejects.toMatchObject({
      code: Code.Unauthenticated,
    });
  });

  it('answers plain HTTP under loopback names only', async () => {
    const url = `http://127.0.0.1:${api.httpPort}/`;
    const { request } = await import('node:http');
    const status = await new Promise((resolve, reject) => {
      const call = request(url, { headers: { host: 'evil.example' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      call.on('error', reject).end();
    });
    expect(status).toBe(403);
  });
});
