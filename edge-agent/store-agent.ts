/**
 * One running agent, put together from its parts in the order in which they depend on each other, and
 * taken apart in reverse. `main.ts` gives it the real world; tests give it folders and free ports.
 */
import { mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import {
  type CertificateBundle,
  keepAuthority,
  keepServerCertificate,
} from '@stockhand/central-sync/client/certificate-authority.ts';
import { serialPortOpener } from '@stockhand/device-drivers/serial/serial-port-opener.ts';
import type { AgentConfig } from './config.ts';
import { Desk } from './desk.ts';
import { DeviceCounters } from './device-counts.ts';
import { DeviceCredentials } from './event-store/device-credentials.ts';
import { SqliteEventLog } from './event-store/sqlite-event-log.ts';
import { recordInput } from './ingest/input-record.ts';
import { type KioskApi, startKioskApi } from './kiosk-api/kiosk-server.ts';
import { AgentLoop } from './loop.ts';
import { defaultBrokerLimits, EmbeddedBroker } from './mqtt-broker/embedded-broker.ts';
import { Intake } from './mqtt-broker/intake.ts';
import { type AgentMetrics, createMetrics } from './observability/metrics.ts';
import { type StatusServer, startStatusServer } from './observability/status-server.ts';
import { AgentTime } from './platform/agent-time.ts';
import { LocalCalendar } from './platform/local-calendar.ts';
import { systemRandom } from './platform/system-ports.ts';
import type { Clock, Log } from './ports.ts';
import { SerialDevices } from './serial-devices.ts';
import type { State } from './state.ts';
import { type RunningSync, startSync } from './sync.ts';
import { deviceFacts, onShelfAvailabilityPpm } from './views.ts';

export const agentVersion = '0.1.0';

export interface StoreAgentOptions {
  config: AgentConfig;
  clock: Clock;
  logger: Log;
}

/** Where the agent listens, once it does; useful with port 0. */
export interface AgentAddresses {
  mqttPort: number;
  statusPort: number;
  kioskHttpPort: number;
  kioskHttpsPort: number;
}

const nowhere: AgentAddresses = { mqttPort: 0, statusPort: 0, kioskHttpPort: 0, kioskHttpsPort: 0 };

export class StoreAgent {
  readonly #options: StoreAgentOptions;
  readonly #stops: (() => Promise<void> | void)[] = [];
  #addresses: AgentAddresses = nowhere;
  readonly #desk = new Desk();
  readonly #counters = new DeviceCounters();

  constructor(options: StoreAgentOptions) {
    this.#options = options;
  }

  get addresses(): AgentAddresses {
    return this.#addresses;
  }

  /** Opens the log, replays it, and opens the doors last. @throws StorageError, ConfigError */
  async start(): Promise<void> {
    try {
      await this.#start();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Closes the doors first and the log last. May be called twice. */
  async stop(): Promise<void> {
    for (let stop = this.#stops.pop(); stop; stop = this.#stops.pop()) await stop();
  }

  async #start(): Promise<void> {
    const { config, clock, logger } = this.#options;
    mkdirSync(config.dataFolder, { recursive: true, mode: 0o700 });
    const log = new SqliteEventLog({ folder: config.dataFolder, storeGln: config.store });
    this.#stops.push(() => log.close());
    const { loop, view } = this.#startLoop(log);
    await loop.submit({ kind: 'start', agentVersion, configurationHash: config.hash });

    await this.#reportAbsent(loop);

    const sync = startSync({ config, log, loop, clock, logger, agentVersion });
    this.#stops.push(() => sync?.stop());
    const counted: { broker: EmbeddedBroker | null } = { broker: null };
    const metrics = createMetrics({
      eventsInLog: () => view().position,
      openTasks: () => view().tasks.open.size,
      onShelfAvailabilityPpm: () => onShelfAvailabilityPpm(view()),
      mqttConnections: () => counted.broker?.connections ?? 0,
      eventsWaitingForHq: () => sync?.status().waitingEvents ?? 0,
      hqConnected: () => sync?.status().connected ?? false,
    });
    const observed = this.#observer(metrics, view);
    const status = await startStatusServer({
      port: config.metrics.port,
      registry: metrics.registry,
      notReady: () => (loop.failure === null ? null : 'the log cannot be written'),
    });
    this.#stops.push(() => status.stop());

    const serial = new SerialDevices({
      devices: config.serial,
      agent: loop,
      opener: serialPortOpener(),
      clock,
      logger,
      observed,
      desk: this.#desk,
    });
    serial.start();
    this.#stops.push(() => serial.stop());

    const bundle = await this.#serverCertificate();
    const kiosk = await this.#startKiosk({ log, loop, sync, serial, bundle });
    const broker = await this.#startBroker(log, loop, observed, bundle);
    counted.broker = broker;
    this.#tellAddresses(broker, status, kiosk);
  }

  /** The loop on the log's own time and calendar; the calendar follows master data. */
  #startLoop(log: SqliteEventLog): { loop: AgentLoop; view: () => Readonly<State> } {
    const { config, clock, logger } = this.#options;
    const calendar = new LocalCalendar({ timeZone: config.timeZone, businessDayEndMinute: 0 });
    let agentTime: AgentTime | null = null;
    const loop = new AgentLoop({
      storeGln: config.store,
      log,
      clock,
      logger,
      moment: () => calendar.moment((agentTime ?? new AgentTime(clock, 0)).nowMs()),
      ...(config.recordInputs ? { recordInput } : {}),
    });
    this.#stops.push(() => loop.stop());
    agentTime = new AgentTime(clock, loop.latestState().lastRecordedAtMs);
    const followStore = () => {
      const { store } = loop.latestState().catalogue.facts;
      if (store.timeZone !== '') calendar.change(store);
    };
    followStore();
    loop.onCommit((events) => {
      if (events.some(({ event }) => event.payload.case === 'masterDataApplied')) followStore();
    });
    return { loop, view: () => loop.latestState() };
  }

  /**
   * Presence is in the log and survives a restart, but connections do not: whoever was online is
   * offline until it comes back.
   */
  async #reportAbsent(loop: AgentLoop): Promise<void> {
    const online = deviceFacts(loop.latestState()).filter(
      ({ record }) => record.presence === 'online',
    );
    await Promise.all(
      online.map(({ record }) => {
        const { deviceId } = record;
        const reason = 'agent-restarted';
        return loop.submit({ kind: 'device-state', deviceId, online: false, reason });
      }),
    );
  }

  #observer(metrics: AgentMetrics, view: () => Readonly<State>) {
    return (deviceId: string, result: string, reason: string) => {
      metrics.reading(view().catalogue.deviceById.get(deviceId)?.kind ?? 'unknown', result);
      if (result === 'refused') metrics.refused(reason);
      this.#counters.observed(deviceId, result, this.#options.clock.wallMs());
    };
  }

  async #startBroker(
    log: SqliteEventLog,
    loop: AgentLoop,
    observed: (deviceId: string, result: string, reason: string) => void,
    bundle: CertificateBundle,
  ): Promise<EmbeddedBroker> {
    const { config, clock, logger } = this.#options;
    const credentials = new DeviceCredentials(log.database);
    const intake = new Intake({
      agent: loop,
      storeGln: config.store,
      tell: (topic, payload) => broker.tell(topic, payload),
      observed,
    });
    const { connections, publishesPerSecond, publishBurst } = config.mqtt;
    const broker: EmbeddedBroker = new EmbeddedBroker({
      host: config.mqtt.host,
      port: config.mqtt.port,
      tls: { cert: bundle.certificatePem, key: bundle.privateKeyPem, minVersion: 'TLSv1.2' },
      storeGln: config.store,
      intake,
      verify: (deviceId, secret) => credentials.verify(deviceId, secret),
      presence: (deviceId, online, reason) => {
        loop.submit({ kind: 'device-state', deviceId, online, reason }).catch((error: unknown) => {
          logger.warn({ deviceId, err: error }, 'device-state-lost');
        });
      },
      limits: {
        ...defaultBrokerLimits,
        connections,
        rate: { perSecond: publishesPerSecond, burst: publishBurst },
      },
      clock,
      logger,
    });
    await broker.start();
    this.#stops.push(() => broker.stop());
    return broker;
  }

  async #startKiosk(parts: {
    log: SqliteEventLog;
    loop: AgentLoop;
    sync: RunningSync | null;
    serial: SerialDevices;
    bundle: CertificateBundle;
  }): Promise<KioskApi> {
    const { config, clock, logger } = this.#options;
    const { log, loop, sync, serial, bundle } = parts;
    const kiosk = await startKioskApi({
      agent: loop,
      people: log,
      letters: log,
      devices: {
        portStates: () =>
          new Map([...serial.statuses()].map(([deviceId, { state }]) => [deviceId, state])),
        counts: (deviceId) => this.#counters.of(deviceId),
      },
      sync: {
        status: () => {
          const status = sync?.status();
          return {
            hqConnected: status?.connected ?? false,
            eventsWaiting: status?.waitingEvents ?? 0,
            oldestWaitingMs: status?.oldestWaitingAtMs ?? null,
          };
        },
      },
      desk: this.#desk,
      host: config.kiosk.host,
      httpsPort: config.kiosk.httpsPort,
      httpPort: config.kiosk.httpPort,
      idleMs: config.kiosk.idleMinutes * 60_000,
      certificatePem: bundle.certificatePem,
      privateKeyPem: bundle.privateKeyPem,
      pageFolder: join(import.meta.dirname, '..', 'kiosk-ui', 'dist', 'web'),
      clock,
      random: systemRandom,
      logger,
    });
    this.#stops.push(() => kiosk.stop());
    loop.onCommit((events) => {
      for (const { event } of events) {
        if (event.payload.case !== 'readingsMissed') continue;
        const { deviceId, firstSequence, lastSequence } = event.payload.value;
        this.#counters.missed(deviceId, Number(lastSequence - firstSequence) + 1);
      }
    });
    return kiosk;
  }

  /** Our own authority signs the certificate of broker and kiosk; devices trust `authority.pem`. */
  async #serverCertificate() {
    const { config, clock } = this.#options;
    const folder = join(config.dataFolder, 'certificates');
    const nowMs = clock.wallMs();
    const authority = await keepAuthority(
      join(folder, 'authority'),
      `Stockhand ${config.store}`,
      nowMs,
    );
    const names = {
      commonName: hostname(),
      dnsNames: [...new Set(['localhost', hostname(), ...config.kiosk.names])],
      ipAddresses: ['127.0.0.1', '::1'],
    };
    return keepServerCertificate(join(folder, 'server'), authority, names, nowMs);
  }

  #tellAddresses(broker: EmbeddedBroker, status: StatusServer, kiosk: KioskApi): void {
    this.#addresses = {
      mqttPort: broker.port,
      statusPort: status.port,
      kioskHttpPort: kiosk.httpPort,
      kioskHttpsPort: kiosk.httpsPort,
    };
    this.#options.logger.info({ ...this.#addresses, pid: process.pid }, 'agent-ready');
  }
}
