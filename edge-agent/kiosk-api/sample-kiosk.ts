/**
 * A kiosk API for tests: the sample store with people who can sign in, a real core, a real log in a
 * folder, and real ports. Nothing in it is a double but the sync status and the port states.
 */
import { create } from '@bufbuild/protobuf';
import { createClient, type Interceptor } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-node';
import {
  createAuthority,
  issueServerCertificate,
} from '@stockhand/central-sync/client/certificate-authority.ts';
import { KioskService } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { StaffDirectorySchema } from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import { LetterReplay } from '../dead-letter-replay.ts';
import { Desk } from '../desk.ts';
import { SqliteEventLog } from '../event-store/sqlite-event-log.ts';
import { AgentLoop } from '../loop.ts';
import { ForeignTopics } from '../mqtt-broker/foreign-topics.ts';
import { Planner } from '../planner/planner.ts';
import { systemClock, systemRandom } from '../platform/system-ports.ts';
import type { Clock } from '../ports.ts';
import {
  jarsReading,
  masterDataCommand,
  momentAt,
  openingStockCommand,
  startMs,
  storeGln,
} from '../sample-store.ts';
import { hashBadge, hashPin } from './credentials.ts';
import { type KioskApi, startKioskApi } from './kiosk-server.ts';
import type { PolicyDeskPort, PortState, SyncStatus } from './ports.ts';

/** No rules were tried. */
export const noPolicies: PolicyDeskPort = {
  isFixed: false,
  proposal: () => null,
  activated: () => {},
};

export const samplePin = '4711';
/** Badge codes by person reference. */
export const sampleBadges = {
  anna: 'e7c1f0a2b9d84c55',
  ben: '1f5a90cc7b3e4d21',
  lea: '93d0b7e15c2a4f68',
  max: '5b8e2d47f1a09c36',
} as const;

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

export interface SampleKioskOptions {
  /** Holds the log; a second start in it continues. */
  folder: string;
  pageFolder: string;
  httpPort?: number;
  idleMs?: number;
  clock?: Clock;
}

export class SampleKiosk {
  readonly #options: SampleKioskOptions;
  readonly desk = new Desk();
  readonly portStates = new Map<string, PortState>();
  sync: SyncStatus = { hqConnected: true, eventsWaiting: 0, oldestWaitingMs: null };
  /** The people's moment: it goes on with the machine's clock from a fixed start. */
  readonly #startedMs = performance.now();
  #running: { log: SqliteEventLog; loop: AgentLoop; api: KioskApi; authorityPem: string } | null =
    null;

  constructor(options: SampleKioskOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { folder, pageFolder, httpPort = 0, idleMs = 900_000 } = this.#options;
    const { clock = systemClock } = this.#options;
    const log = new SqliteEventLog({ folder, storeGln });
    const moment = () => momentAt(startMs + Math.floor(performance.now() - this.#startedMs));
    const loop = new AgentLoop({ storeGln, log, clock, logger: silent, moment });
    if (loop.latestState().position === 0) {
      await loop.submit(await masterDataWithPeople());
      await loop.submit(openingStockCommand(2));
      await loop.submit(jarsReading(1, 2));
    }
    const nowMs = Date.now();
    const authority = await createAuthority('Sample', nowMs);
    const names = { commonName: 'localhost', dnsNames: ['localhost'], ipAddresses: ['127.0.0.1'] };
    const bundle = await issueServerCertificate(authority, names, nowMs);
    const api = await startKioskApi({
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
      devices: { portStates: () => this.portStates, counts: () => undefined },
      sync: { status: () => this.sync },
      desk: this.desk,
      host: '127.0.0.1',
      httpPort,
      httpsPort: 0,
      idleMs,
      certificatePem: bundle.certificatePem,
      privateKeyPem: bundle.privateKeyPem,
      pageFolder,
      clock,
      random: systemRandom,
      logger: silent,
    });
    this.#running = { log, loop, api, authorityPem: authority.certificatePem };
  }

  /** The kiosk's doors close and the log is let go, as when the agent restarts. */
  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = null;
    await running?.api.stop();
    running?.loop.stop();
    running?.log.close();
  }

  get #now() {
    if (this.#running === null) throw new Error('the sample kiosk is not started');
    return this.#running;
  }

  get loop(): AgentLoop {
    return this.#now.loop;
  }

  get httpPort(): number {
    return this.#now.api.httpPort;
  }

  /** Calls over plain HTTP on loopback, or over HTTPS with HTTP/2. */
  client(token = '', door: 'http' | 'https' = 'http') {
    const bearer: Interceptor = (next) => (request) => {
      if (token !== '') request.header.set('authorization', `Bearer ${token}`);
      return next(request);
    };
    const { api, authorityPem } = this.#now;
    const transport =
      door === 'http'
        ? createConnectTransport({
            baseUrl: `http://localhost:${api.httpPort}`,
            httpVersion: '1.1',
            interceptors: [bearer],
          })
        : createConnectTransport({
            baseUrl: `https://localhost:${api.httpsPort}`,
            httpVersion: '2',
            interceptors: [bearer],
            nodeOptions: { ca: authorityPem },
          });
    return createClient(KioskService, transport);
  }

  async tokenOf(personRef: keyof typeof sampleBadges, kioskId = `kiosk-${personRef}`) {
    const credential = { case: 'badge', value: sampleBadges[personRef] } as const;
    return (await this.client().signIn({ kioskId, credential })).sessionToken;
  }
}

async function masterDataWithPeople() {
  const input = masterDataCommand(1);
  if (input.kind !== 'hq-command' || input.command.command.case !== 'applyMasterData') {
    throw new Error('master data expected');
  }
  const pinHash = await hashPin(samplePin, systemRandom);
  const names = { anna: 'Anna', ben: 'Ben', lea: 'Lea', max: 'Max' };
  input.command.command.value.staff = create(StaffDirectorySchema, {
    members: Object.entries(sampleBadges).map(([personRef, badge]) => ({
      personRef,
      name: names[personRef as keyof typeof names],
      pinHash,
      badgeHash: hashBadge(badge),
    })),
  });
  return input;
}
