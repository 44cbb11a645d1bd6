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
import { type AgentAddresses, forgetAddresses, keepAddresses } from './agent-addresses.ts';
import type { AgentConfig } from './config.ts';
import { LetterReplay } from './dead-letter-replay.ts';
import { Desk } from './desk.ts';
import { DeviceAvailability } from './device-availability.ts';
import { DeviceCounters } from './device-counts.ts';
import { ProfileWatch } from './device-profiles.ts';
import { DeviceStillness } from './device-stillness.ts';
import { DeviceCredentials } from './event-store/device-credentials.ts';
import { retentionOf } from './event-store/retention.ts';
import { SqliteEventLog } from './event-store/sqlite-event-log.ts';
import { recordInput } from './ingest/input-record.ts';
import type { Input } from './input.ts';
import { type KioskApi, startKioskApi } from './kiosk-api/kiosk-server.ts';
import { AgentLoop } from './loop.ts';
import { MinuteTick } from './minute-tick.ts';
import { type RunningMqtt, startMqtt } from './mqtt.ts';
import { ForeignTopics } from './mqtt-broker/foreign-topics.ts';
import { eventFields } from './observability/event-lines.ts';
import { type AgentMetrics, createMetrics } from './observability/metrics.ts';
import { type StatusServer, startStatusServer } from './observability/status-server.ts';
import { Planner } from './planner/planner.ts';
import { StoreTime } from './platform/store-time.ts';
import { systemRandom } from './platform/system-ports.ts';
import { finishActivation, PolicyDesk } from './policy-proposal.ts';
import { PolicyWatch } from './policy-watch.ts';
import type { Clock, Log } from './ports.ts';
import { summariseScore } from './replenishment/prediction.ts';
import { SerialDevices } from './serial-devices.ts';
import type { State } from './state.ts';
import { type RunningSync, startSync } from './sync.ts';
import { addTillRoutes } from './till-api/till-routes.ts';
import { deviceFacts, onShelfAvailabilityPpm } from './views.ts';

export const agentVersion = '0.1.0';

export interface StoreAgentOptions {
  config: AgentConfig;
  clock: Clock;
  logger: Log;
}

/** Where the agent listens, once it does; useful with port 0. */
const nowhere: AgentAddresses = {
  mqttPort: 0,
  mqttWebSocketPort: 0,
  statusPort: 0,
  kioskHttpPort: 0,
  kioskHttpsPort: 0,
};

export class StoreAgent {
  readonly #options: StoreAgentOptions;
  readonly #stops: (() => Promise<void> | void)[] = [];
  #addresses: AgentAddresses = nowhere;
  readonly #desk = new Desk();
  readonly #counters: DeviceCounters;
  readonly #stillness = new DeviceStillness();

  constructor(options: StoreAgentOptions) {
    this.#options = options;
    this.#counters = new DeviceCounters(() => options.clock.wallMs());
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
    const retention = retentionOf(config.retention);
    const log = new SqliteEventLog({
      folder: config.dataFolder,
      storeGln: config.store,
      retention,
    });
    this.#stops.push(() => log.close());
    const metrics = createMetrics();
    const time = new StoreTime({ clock, logger, timeZone: config.timeZone });
    const loop = this.#startLoop(log, time, metrics);
    const view = () => loop.latestState();
    await loop.submit({ kind: 'start', agentVersion, configurationHash: config.hash });

    await this.#reportAbsent(loop);
    const profiles = new ProfileWatch({ file: config.profiles, agent: loop, logger });
    await profiles.start();
    this.#stops.push(() => profiles.stop());
    const { policy: files, dataFolder } = config;
    if (files.length === 0) finishActivation(dataFolder, view().policy);
    const policies = new PolicyWatch({ files: [...files], dataFolder, agent: loop, logger });
    await policies.start();
    this.#stops.push(() => policies.stop());

    const sync = startSync({ config, log, loop, clock, logger, agentVersion });
    this.#stops.push(() => sync?.stop());
    const tick = new MinuteTick({
      agent: loop,
      clock,
      hqConnected: () => sync?.status().connected ?? null,
    });
    tick.start();
    this.#stops.push(() => tick.stop());
    const availability = new DeviceAvailability({ agent: loop, clock, logger });
    availability.start();
    this.#stops.push(() => availability.stop());
    const observed = this.#observer(metrics, view, availability);
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
    const planner = new Planner({ agent: loop, clock, logger });
    planner.start();
    this.#stops.push(() => planner.stop());
    const kiosk = await this.#startKiosk({
      log,
      loop,
      sync,
      serial,
      planner,
      bundle,
      observed,
    });
    const { loginRefused } = metrics;
    const mqtt = await startMqtt({
      config,
      log,
      loop,
      bundle,
      observed,
      loginRefused,
      clock,
      logger,
    });
    this.#stops.push(() => mqtt.stop());
    this.#watch(metrics, { log, loop, sync, mqtt, time });
    this.#tellAddresses(mqtt, status, kiosk);
  }

  #watch(
    metrics: AgentMetrics,
    parts: {
      log: SqliteEventLog;
      loop: AgentLoop;
      sync: RunningSync | null;
      mqtt: RunningMqtt;
      time: StoreTime;
    },
  ): void {
    const { log, loop, sync, mqtt, time } = parts;
    const { clock } = this.#options;
    const oldestWaitingMs = () => sync?.status().oldestWaitingAtMs ?? null;
    metrics.watch({
      isRecording: () => loop.failure === null,
      eventsInLog: () => loop.latestState().position,
      inputsWaiting: () => loop.waiting,
      deadLetters: () => log.sizes().deadLetters,
      databaseBytes: () => log.sizes().databaseBytes,
      walBytes: () => log.sizes().walBytes,
      openTasks: () => loop.latestState().tasks.open.size,
      predictions: () => summariseScore(loop.latestState().predictions),
      onShelfAvailabilityPpm: () => onShelfAvailabilityPpm(loop.latestState()),
      mqttConnections: () => mqtt.connections(),
      slowedPublishes: () => mqtt.slowedPublishes(),
      externalBrokerConnections: () => mqtt.externalConnections(),
      externalBrokerUnacknowledged: () => mqtt.externalUnacknowledged(),
      eventsWaitingForHq: () => sync?.status().waitingEvents ?? 0,
      syncLagSeconds: () => Math.max(0, clock.wallMs() - (oldestWaitingMs() ?? Infinity)) / 1_000,
      hqConnected: () => sync?.status().connected ?? false,
      heldClockSeconds: () => {
        const { held } = time;
        return held ? (held.wallMs - held.agentMs) / 1_000 : 0;
      },
    });
  }

  /** The loop on the log's own time; its calendar follows master data. */
  #startLoop(log: SqliteEventLog, time: StoreTime, metrics: AgentMetrics): AgentLoop {
    const { config, clock, logger } = this.#options;
    const loop = new AgentLoop({
      storeGln: config.store,
      log,
      clock,
      logger,
      moment: () => time.moment(),
      onStepped: (input) => {
        this.#counters.heard(input);
        this.#hearStillness(loop, input);
      },
      onCommitted: (figures) => metrics.committed(figures),
      ...(config.recordInputs ? { recordInput } : {}),
    });
    this.#stops.push(() => loop.stop());
    time.continueFrom(loop.latestState().lastRecordedAtMs);
    time.follow(loop.latestState().catalogue.facts.store);
    loop.onCommit((events) => {
      if (events.some(({ event }) => event.payload.case === 'masterDataApplied')) {
        time.follow(loop.latestState().catalogue.facts.store);
      }
    });
    if (config.logLevel === 'debug') {
      loop.onCommit((events) => {
        for (const { event } of events) logger.debug(eventFields(event), 'event-recorded');
      });
    }
    return loop;
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

  /** Tells the core of a sensor that hangs. */
  #hearStillness(loop: AgentLoop, input: Input): void {
    if (input.kind !== 'reading' || input.delivery.replay !== undefined) return;
    const { clock, logger } = this.#options;
    const still = this.#stillness.heard(input.reading, clock.monotonicMs());
    if (still === null) return;
    loop.submit({ kind: 'sensor-still', ...still }).catch((error: unknown) => {
      logger.warn({ err: error, deviceId: still.deviceId }, 'stillness-not-told');
    });
  }

  #observer(metrics: AgentMetrics, view: () => Readonly<State>, availability: DeviceAvailability) {
    return (deviceId: string, result: string, reason: string) => {
      metrics.reading(view().catalogue.deviceById.get(deviceId)?.kind ?? 'unknown', result);
      if (result === 'refused') metrics.refused(reason);
      this.#counters.observed(deviceId, result, reason);
      if (result !== 'lost') availability.heard(deviceId);
    };
  }

  async #startKiosk(parts: {
    log: SqliteEventLog;
    loop: AgentLoop;
    sync: RunningSync | null;
    serial: SerialDevices;
    planner: Planner;
    bundle: CertificateBundle;
    observed(deviceId: string, result: string, reason: string): void;
  }): Promise<KioskApi> {
    const { config, clock, logger } = this.#options;
    const { log, loop, sync, serial, planner, bundle, observed } = parts;
    const credentials = new DeviceCredentials(log.database);
    const kiosk = await startKioskApi({
      agent: loop,
      people: log,
      letters: log,
      replays: new LetterReplay({
        agent: loop,
        letters: log,
        foreign: new ForeignTopics(config.mqtt.foreign),
        logger,
      }),
      planner,
      policies: new PolicyDesk({
        dataFolder: config.dataFolder,
        isFixed: config.policy.length > 0,
      }),
      devices: {
        portStates: () =>
          new Map(
            [...serial.statuses()].map(([deviceId, { state, cause }]) => [
              deviceId,
              { state, cause: cause ?? '' },
            ]),
          ),
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
      addRoutes: (server) => addTillRoutes(server, { agent: loop, credentials, observed }),
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

  #tellAddresses(mqtt: RunningMqtt, status: StatusServer, kiosk: KioskApi): void {
    this.#addresses = {
      mqttPort: mqtt.port,
      mqttWebSocketPort: mqtt.webSocketPort,
      statusPort: status.port,
      kioskHttpPort: kiosk.httpPort,
      kioskHttpsPort: kiosk.httpsPort,
    };
    const { dataFolder } = this.#options.config;
    keepAddresses(dataFolder, this.#addresses);
    this.#stops.push(() => forgetAddresses(dataFolder));
    this.#options.logger.info({ ...this.#addresses, pid: process.pid }, 'agent-ready');
  }
}
