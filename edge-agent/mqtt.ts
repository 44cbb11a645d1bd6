/**
 * The agent's MQTT side: the embedded broker with its credentials, a broker of the store beside it where
 * there is one, and the way from a publish to the core, which is the same from both.
 */
import type { CertificateBundle } from '@stockhand/central-sync/client/certificate-authority.ts';
import { type AgentConfig, ConfigError } from './config.ts';
import { DeviceCredentials } from './event-store/device-credentials.ts';
import type { SqliteEventLog } from './event-store/sqlite-event-log.ts';
import type { AgentLoop } from './loop.ts';
import {
  defaultBrokerLimits,
  EmbeddedBroker,
  type LoginRefusal,
} from './mqtt-broker/embedded-broker.ts';
import { ExternalBroker } from './mqtt-broker/external-broker.ts';
import { brokerAccess } from './mqtt-broker/external-settings.ts';
import { ForeignTopics } from './mqtt-broker/foreign-topics.ts';
import { Intake } from './mqtt-broker/intake.ts';
import { PresenceReport } from './mqtt-broker/presence-report.ts';
import type { Clock, Log } from './ports.ts';

export interface MqttOptions {
  config: AgentConfig;
  log: SqliteEventLog;
  loop: AgentLoop;
  /** Certificate of this machine. */
  bundle: CertificateBundle;
  observed(deviceId: string, result: string, reason: string): void;
  loginRefused(reason: LoginRefusal): void;
  clock: Clock;
  logger: Log;
}

export interface RunningMqtt {
  readonly port: number;
  /** 0: there is none. */
  readonly webSocketPort: number;
  connections(): number;
  /** Publishes that wait because their device is over its rate. */
  slowedPublishes(): number;
  /** Connections to the external broker that are subscribed. */
  externalConnections(): number;
  /** Publishes of the external broker whose outcome is not durable yet. */
  externalUnacknowledged(): number;
  stop(): Promise<void>;
}

/** Opens the broker's door. Rejects when the port is taken. */
export async function startMqtt(options: MqttOptions): Promise<RunningMqtt> {
  const { config, log, loop, bundle, loginRefused, clock, logger } = options;
  const { host, port, webSocketPort, connections } = config.mqtt;
  const { publishesPerSecond, publishBurst } = config.mqtt;
  const foreign = new ForeignTopics(config.mqtt.foreign);
  const intake = intakeOf(options, foreign, (topic, payload) => broker.tell(topic, payload));
  const presence = new PresenceReport({ agent: loop, clock, logger });
  const broker: EmbeddedBroker = new EmbeddedBroker({
    host,
    port,
    tls: { cert: bundle.certificatePem, key: bundle.privateKeyPem, minVersion: 'TLSv1.2' },
    webSocketPort: webSocketPort ?? null,
    storeGln: config.store,
    intake,
    foreign,
    credentials: new DeviceCredentials(log.database),
    isRecording: () => loop.failure === null,
    presence: (deviceId, online, reason) => presence.tell(deviceId, { online, reason }),
    loginRefused,
    isBlocked: (deviceId) => loop.latestState().devices.get(deviceId)?.standing === 'blocked',
    limits: {
      ...defaultBrokerLimits,
      connections,
      rate: { perSecond: publishesPerSecond, burst: publishBurst },
    },
    clock,
    logger,
  });
  const external = createExternal(options, presence);
  const stopListening = loop.onCommit((events) => {
    for (const { event } of events) {
      if (event.payload.case !== 'deviceBlocked') continue;
      broker.disconnect(event.payload.value.deviceId);
    }
  });
  await broker.start();
  external?.start();
  return {
    port: broker.port,
    webSocketPort: broker.webSocketPort,
    connections: () => broker.connections,
    slowedPublishes: () => broker.slowedPublishes,
    externalConnections: () => external?.connected ?? 0,
    externalUnacknowledged: () => external?.unacknowledged ?? 0,
    stop: async () => {
      stopListening();
      await external?.stop();
      await broker.stop();
      presence.stop();
    },
  };
}

/** What takes the publishes of one broker in, and answers on it. */
function intakeOf(
  { config, loop, observed, logger }: MqttOptions,
  foreign: ForeignTopics,
  tell: (topic: string, payload: string | Uint8Array) => void,
): Intake {
  return new Intake({ agent: loop, storeGln: config.store, tell, observed, foreign, logger });
}

/** The store's own broker; null where it has none. */
function createExternal(options: MqttOptions, presence: PresenceReport): ExternalBroker | null {
  const { config, loop, clock, logger } = options;
  const { external } = config.mqtt;
  if (!external) return null;
  const foreign = new ForeignTopics(config.mqtt.foreign);
  const intake = intakeOf(options, foreign, (topic, payload) => broker.tell(topic, payload));
  const { protocol, connections, group, receiveMaximum, sessionDays } = external;
  const broker: ExternalBroker = new ExternalBroker({
    ...accessOf(external),
    protocol,
    connections,
    group,
    receiveMaximum,
    clientId: external.clientId ?? `stockhand-${config.store}`,
    sessionExpirySeconds: Math.round(sessionDays * 86_400),
    storeGln: config.store,
    intake,
    foreign,
    isRecording: () => loop.failure === null,
    presence: (deviceId) => presence.tell(deviceId, { online: true, reason: '' }),
    clock,
    fraction: () => Math.random(),
    logger,
  });
  return broker;
}

/** @throws ConfigError when a file that the section names cannot be read */
function accessOf(external: NonNullable<AgentConfig['mqtt']['external']>) {
  try {
    return brokerAccess(external);
  } catch (error) {
    throw new ConfigError('mqtt.external', [error instanceof Error ? error.message : `${error}`]);
  }
}
