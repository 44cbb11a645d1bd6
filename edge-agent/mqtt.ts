/** The agent's MQTT side: the embedded broker, its credentials, and the way from a publish to the core. */
import type { CertificateBundle } from '@stockhand/central-sync/client/certificate-authority.ts';
import type { AgentConfig } from './config.ts';
import { DeviceCredentials } from './event-store/device-credentials.ts';
import type { SqliteEventLog } from './event-store/sqlite-event-log.ts';
import type { AgentLoop } from './loop.ts';
import {
  defaultBrokerLimits,
  EmbeddedBroker,
  type LoginRefusal,
} from './mqtt-broker/embedded-broker.ts';
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
  connections(): number;
  /** Publishes that wait because their device is over its rate. */
  slowedPublishes(): number;
  stop(): Promise<void>;
}

/** Opens the broker's door. Rejects when the port is taken. */
export async function startMqtt(options: MqttOptions): Promise<RunningMqtt> {
  const { config, log, loop, bundle, observed, loginRefused, clock, logger } = options;
  const { host, port, connections, publishesPerSecond, publishBurst } = config.mqtt;
  const intake: Intake = new Intake({
    agent: loop,
    storeGln: config.store,
    tell: (topic, payload) => broker.tell(topic, payload),
    observed,
    logger,
  });
  const presence = new PresenceReport({ agent: loop, clock, logger });
  const broker: EmbeddedBroker = new EmbeddedBroker({
    host,
    port,
    tls: { cert: bundle.certificatePem, key: bundle.privateKeyPem, minVersion: 'TLSv1.2' },
    storeGln: config.store,
    intake,
    credentials: new DeviceCredentials(log.database),
    isRecording: () => loop.failure === null,
    presence: (deviceId, online, reason) => presence.tell(deviceId, { online, reason }),
    loginRefused,
    limits: {
      ...defaultBrokerLimits,
      connections,
      rate: { perSecond: publishesPerSecond, burst: publishBurst },
    },
    clock,
    logger,
  });
  await broker.start();
  return {
    port: broker.port,
    connections: () => broker.connections,
    slowedPublishes: () => broker.slowedPublishes,
    stop: async () => {
      await broker.stop();
      presence.stop();
    },
  };
}
