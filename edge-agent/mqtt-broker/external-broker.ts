/**
 * A broker that the store runs already (Mosquitto, EMQX, HiveMQ): the agent is its client, and what
 * devices publish there goes the way of the embedded broker's publishes. Who may publish what is the
 * broker's to decide: its rules must let a device publish below its own topic only, for here the topic
 * alone says who speaks.
 *
 * With more than one connection the readings come over a shared subscription. Then the broker hands a
 * device's publishes to several connections, which may overtake each other, and may send again over
 * another one: that is for devices with a counter or clock only. States are heard by the first
 * connection, unshared, for a shared subscription brings no retained messages.
 */
import type { SecureContextOptions } from 'node:tls';
import type { IPublishPacket } from 'mqtt-packet';
import type { Clock, Log } from '../ports.ts';
import { ExternalConnection, type OversizePublish } from './external-connection.ts';
import type { ForeignTopics } from './foreign-topics.ts';
import type { Intake } from './intake.ts';
import type { MqttProtocol, SessionTerms } from './session-packets.ts';
import { type DeviceTopic, deviceIdPattern, parseDeviceTopic } from './topics.ts';

const keepAliveSeconds = 30;
const packetLimitBytes = 256 * 1_024;
/** Devices whose coming is told; twice what a hypermarket has. */
const heardDevicesLimit = 10_000;

export interface ExternalBrokerOptions {
  host: string;
  port: number;
  tls: SecureContextOptions | null;
  protocol: MqttProtocol;
  clientId: string;
  user: string;
  password: string;
  connections: number;
  /** Name of the shared subscription, used when there are several connections. */
  group: string;
  receiveMaximum: number;
  sessionExpirySeconds: number;
  storeGln: string;
  intake: Intake;
  /** Topics of foreign devices, heard by the first connection: their order matters. */
  foreign: ForeignTopics;
  isRecording(): boolean;
  /** A device made itself heard: the broker does not tell us who is connected. */
  presence(deviceId: string): void;
  clock: Clock;
  fraction(): number;
  logger: Log;
}

export class ExternalBroker {
  readonly #options: ExternalBrokerOptions;
  readonly #connections: readonly ExternalConnection[];
  /** Devices that were told to be there since their last word on their state. */
  readonly #heard = new Set<string>();

  constructor(options: ExternalBrokerOptions) {
    this.#options = options;
    this.#connections = Array.from({ length: options.connections }, (_, index) =>
      this.#connection(index),
    );
  }

  /** Connections that are subscribed. */
  get connected(): number {
    return this.#connections.filter((connection) => connection.isReady).length;
  }

  /** Publishes whose outcome is not durable yet. */
  get unacknowledged(): number {
    return this.#connections.reduce((sum, connection) => sum + connection.unacknowledged, 0);
  }

  start(): void {
    for (const connection of this.#connections) connection.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#connections.map((connection) => connection.stop()));
  }

  /** Publishes to a device, QoS 0, over the first connection that is up. */
  tell(topic: string, payload: string | Uint8Array): void {
    // What names no device cannot be told.
    if (topic.includes('//')) return;
    this.#connections.find((connection) => connection.isReady)?.tell(topic, payload);
  }

  #connection(index: number): ExternalConnection {
    const { connections, clientId, protocol, user, password } = this.#options;
    const { receiveMaximum, sessionExpirySeconds, isRecording } = this.#options;
    const { host, port, tls, clock, fraction, logger, intake } = this.#options;
    const name = connections === 1 ? clientId : `${clientId}-${index + 1}`;
    const limits = { keepAliveSeconds, sessionExpirySeconds, receiveMaximum };
    const terms: SessionTerms = {
      ...limits,
      packetBytes: packetLimitBytes,
      protocol,
      clientId: name,
      user,
      password,
    };
    return new ExternalConnection({
      host,
      port,
      tls,
      terms,
      filters: this.#filters(index),
      take: (packet) => this.#take(name, packet),
      refuseOversize: (publish: OversizePublish) =>
        intake.refuseOversize(
          deviceTopicOf(publish.topic)?.deviceId ?? '',
          publish,
          packetLimitBytes,
        ),
      isRecording,
      clock,
      fraction,
      logger,
    });
  }

  #filters(index: number): string[] {
    const { storeGln, connections, group, foreign } = this.#options;
    const below = `stockhand/v1/${storeGln}/+`;
    const lead = connections > 1 ? `$share/${group}/` : '';
    const shared = ['reading', 'sale', 'reply/+/+'].map((channel) => `${lead}${below}/${channel}`);
    return index === 0 ? [...shared, `${below}/state`, ...foreign.filters] : shared;
  }

  #take(client: string, packet: IPublishPacket): Promise<void> {
    const { topic, payload, messageId, dup, retain } = packet;
    const { intake, foreign, storeGln } = this.#options;
    const named = deviceTopicOf(topic);
    if (named?.store === storeGln && !retain) this.#hear(named);
    const speaker = named?.deviceId ?? foreign.routeOf(topic)?.gateway ?? '';
    return intake.take(speaker, {
      topic,
      payload: typeof payload === 'string' ? Buffer.from(payload) : payload,
      delivery: {
        // Packet ids are the connection's: they tell a redelivery within its session.
        client,
        packetId: messageId ?? 0,
        duplicateFlag: dup,
        retained: retain,
      },
    });
  }

  /** Who speaks is there; a state of its own, such as the last will, has the last word. */
  #hear({ deviceId, channel }: DeviceTopic): void {
    if (channel === 'state') this.#heard.delete(deviceId);
    else if (!this.#heard.has(deviceId) && this.#heard.size < heardDevicesLimit) {
      this.#heard.add(deviceId);
      this.#options.presence(deviceId);
    }
  }
}

/** What a topic of our own says; null for others and for ids that no device can have. */
function deviceTopicOf(topic: string): DeviceTopic | null {
  const named = parseDeviceTopic(topic);
  return named && deviceIdPattern.test(named.deviceId) ? named : null;
}
