/**
 * The broker inside the agent: aedes over TLS, one secret per device.
 *
 * aedes acknowledges a publish after `authorizePublish` calls back and before anything else, so that
 * hook holds the callback until the commit: the PUBACK (for QoS 2 the PUBREC) says "durable". aedes
 * calls it again for a repeated QoS 2 publish, so duplicates are recognised behind it. An error there
 * would drop the connection without an acknowledgement, and a payload that cannot be read would come
 * again for ever; so what is refused is acknowledged, kept as a dead letter and told on the device's
 * `refused` topic. Only a failing disk drops the connection: then the device shall send again.
 *
 * What is bounded, and where: connections and packet size here; one connection's unacknowledged
 * publishes by aedes, which reads the next 64 KiB only when all of the last are acknowledged; the rate
 * of a device in `publish-gate.ts`; subscriptions in `topics.ts`. Nothing is retained or queued.
 */
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer, type Server, type TlsOptions } from 'node:tls';
import type { AuthenticateError, Client, PublishPacket } from 'aedes';
import type { Clock, Log } from '../ports.ts';
import { DeviceBroker } from './device-broker.ts';
import type { ForeignTopics } from './foreign-topics.ts';
import type { Intake } from './intake.ts';
import { PacketGuard } from './packet-guard.ts';
import { PublishGate, type RateLimit } from './publish-gate.ts';
import { deviceIdPattern, mayListen } from './topics.ts';
import { WebSocketDoor } from './web-socket-door.ts';

export interface BrokerLimits {
  connections: number;
  /** Larger packets end the connection; a payload over 64 KiB in a smaller one is refused by name. */
  packetBytes: number;
  rate: RateLimit;
}

export const defaultBrokerLimits: BrokerLimits = {
  connections: 4_000,
  packetBytes: 256 * 1_024,
  rate: { perSecond: 200, burst: 5_000 },
};

/** A last will is kept in memory for as long as its device is connected. */
const willPayloadLimitBytes = 1_024;
/** QoS 2 publishes of one device whose PUBREL is awaited. */
const inFlightLimit = 1_000;
const handshakeTimeoutMs = 10_000;
/** After so long without a byte the system asks whether the device is still there. */
const keepAliveMs = 60_000;
/** How often it is asked whether secrets were taken away by a command beside us. */
const credentialCheckMs = 5_000;

export type LoginRefusal = 'bad-credentials' | 'blocked' | 'foreign-client-id' | 'not-recording';

export interface EmbeddedBrokerOptions {
  host: string;
  port: number;
  tls: TlsOptions;
  /** Where MQTT over WebSockets is spoken, too; null: nowhere. */
  webSocketPort: number | null;
  storeGln: string;
  intake: Intake;
  /** Topics that gateways of foreign devices may use. */
  foreign: Pick<ForeignTopics, 'mayListen'>;
  credentials: {
    /** Names the secret that fits; null when none does. */
    login(deviceId: string, secret: Uint8Array): string | null;
    /** Whether the secret of that name is still the device's. */
    isCurrent(deviceId: string, login: string): boolean;
    /** Whether secrets may have changed since the last time it was asked. */
    mayHaveChanged(): boolean;
  };
  /** While this is so, nobody is let in: nothing could be acknowledged. */
  isRecording(): boolean;
  /** A device came or went. */
  presence(deviceId: string, online: boolean, reason: string): void;
  loginRefused(reason: LoginRefusal): void;
  /** A manager blocked the device: it is not let in. */
  isBlocked(deviceId: string): boolean;
  limits: BrokerLimits;
  clock: Clock;
  logger: Log;
}

type LoginReturnCode = 2 | 3 | 4 | 5;

const loginError = (returnCode: LoginReturnCode): AuthenticateError =>
  Object.assign(new Error('login refused'), { returnCode });

export class EmbeddedBroker {
  readonly #options: EmbeddedBrokerOptions;
  readonly #gate: PublishGate;
  readonly #sockets = new Set<Socket>();
  /** Devices that are in, with the name of the secret that let them in. */
  readonly #logins = new Map<Client, string>();
  #broker: DeviceBroker | null = null;
  #server: Server | null = null;
  #webSockets: WebSocketDoor | null = null;
  #cancelCheck: (() => void) | null = null;

  constructor(options: EmbeddedBrokerOptions) {
    this.#options = options;
    this.#gate = new PublishGate(options.limits.rate, options.clock);
  }

  get connections(): number {
    return this.#sockets.size;
  }

  /** Publishes that wait because their device is over its rate. */
  get slowedPublishes(): number {
    return this.#gate.waiting;
  }

  /** The port that it listens on, once started. */
  get port(): number {
    const address = this.#server?.address();
    return address && typeof address === 'object' ? address.port : 0;
  }

  /** The port of WebSockets, once started; 0 without them. */
  get webSocketPort(): number {
    return this.#webSockets?.port ?? 0;
  }

  async start(): Promise<void> {
    if (this.#server) return;
    const { host, port, tls, logger } = this.#options;
    const broker = this.#createBroker();
    await broker.listen();
    this.#broker = broker;
    const server = createServer({ ...tls, handshakeTimeout: handshakeTimeoutMs });
    this.#server = server;
    server.on('connection', (socket) => this.#countIn(socket));
    server.on('secureConnection', (socket) => this.#letIn(broker, socket));
    server.on('tlsClientError', (error) =>
      logger.debug({ reason: error.message }, 'mqtt-tls-refused'),
    );
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => {
        server.off('error', reject);
        resolve();
      });
    });
    server.on('error', (error) => logger.error({ err: error }, 'mqtt-listener-failed'));
    await this.#openWebSockets(broker);
    this.#checkLater();
  }

  async stop(): Promise<void> {
    const [server, broker, webSockets] = [this.#server, this.#broker, this.#webSockets];
    this.#server = null;
    this.#webSockets = null;
    this.#broker = null;
    this.#cancelCheck?.();
    if (!server || !broker) return;
    const closed = Promise.all([
      new Promise<void>((resolve) => server.close(() => resolve())),
      webSockets?.stop(),
    ]);
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => broker.close(() => resolve()));
    await closed;
  }

  /**
   * Publishes to a device, for example why it was refused. QoS 0: for a device that is away it is gone,
   * and no queue can grow; what was refused stays in the dead letters.
   */
  tell(topic: string, payload: string | Uint8Array): void {
    this.#broker?.publish(
      { cmd: 'publish', topic, payload: Buffer.from(payload), qos: 0, retain: false, dup: false },
      () => {},
    );
  }

  /** Ends the connections of a device that was blocked. */
  disconnect(deviceId: string): void {
    for (const client of this.#logins.keys()) {
      if (client.id === deviceId) client.close();
    }
  }

  async #openWebSockets(broker: DeviceBroker): Promise<void> {
    const { host, tls, webSocketPort: port, limits } = this.#options;
    if (port === null) return;
    this.#webSockets = new WebSocketDoor({
      host,
      port,
      tls: { ...tls, handshakeTimeout: handshakeTimeoutMs },
      messageBytes: limits.packetBytes,
      countIn: (socket) => this.#countIn(socket),
      letIn: (stream) => this.#letIn(broker, stream),
    });
    await this.#webSockets.start();
  }

  #createBroker(): DeviceBroker {
    const { storeGln, presence, foreign, logger } = this.#options;
    const broker = new DeviceBroker({
      concurrency: inFlightLimit,
      maxInflightInbound: inFlightLimit,
      maxClientsIdLength: 64,
      maxTopicLevels: 8,
      connectTimeout: 10_000,
      preConnect: (_client, { will }, callback) => {
        const isFitting = (will?.payload?.length ?? 0) <= willPayloadLimitBytes;
        callback(isFitting ? null : new Error('the last will is too large'), isFitting);
      },
      authenticate: (client, username, password, done) => {
        const returnCode = this.#login(client, username, password);
        if (returnCode === 0) done(null, true);
        else done(loginError(returnCode), false);
      },
      authorizePublish: (client, packet, callback) => this.#publish(client, packet, callback),
      authorizeSubscribe: (client, subscription, callback) => {
        const { topic } = subscription;
        const isAllowed =
          mayListen(topic, storeGln, client.id) || foreign.mayListen(client.id, topic);
        callback(null, isAllowed ? subscription : null);
      },
    });
    broker.on('clientReady', (client) => presence(client.id, true, ''));
    broker.on('clientDisconnect', (client) => {
      this.#gate.forget(client.id, client);
      presence(client.id, false, 'disconnected');
    });
    const note = (client: Client | null, error: Error) =>
      logger.debug({ deviceId: client?.id, reason: error.message }, 'mqtt-client-error');
    broker.on('clientError', note);
    broker.on('connectionError', note);
    return broker;
  }

  #countIn(socket: Socket): void {
    const { limits, logger } = this.#options;
    if (this.#sockets.size >= limits.connections) {
      logger.warn({ limit: limits.connections }, 'mqtt-connections-full');
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, keepAliveMs);
    socket.on('close', () => this.#sockets.delete(socket));
  }

  /** Hands the connection to aedes, whose reads pass the guard. */
  #letIn(broker: DeviceBroker, socket: Duplex): void {
    const { limits, logger, intake } = this.#options;
    const guard = new PacketGuard(limits.packetBytes);
    const client = broker.handle(socket);
    socket.on('close', () => this.#logins.delete(client));
    const read = socket.read.bind(socket);
    socket.read = (size?: number) => {
      // A byte stream that aedes has set no encoding on gives buffers.
      const chunk = read(size) as Buffer | null;
      if (chunk === null || guard.admits(chunk)) return chunk;
      const deviceId = this.#logins.has(client) ? client.id : null;
      logger.warn({ deviceId, limit: limits.packetBytes }, 'mqtt-packet-too-large');
      if (deviceId !== null) intake.refusePacket(deviceId, chunk, limits.packetBytes);
      socket.destroy();
      return null;
    };
  }

  /** 0 lets the client in; otherwise the return code of the CONNACK (MQTT 3.1.1, section 3.2.2.3). */
  #login(
    client: Client,
    username: string | undefined,
    password: Uint8Array | undefined,
  ): 0 | LoginReturnCode {
    const { credentials, isRecording, loginRefused, logger } = this.#options;
    const refuse = (reason: LoginRefusal, returnCode: LoginReturnCode) => {
      loginRefused(reason);
      logger.debug({ deviceId: username, reason }, 'mqtt-login-refused');
      return returnCode;
    };
    if (!isRecording()) return refuse('not-recording', 3);
    if (!username || !password) return refuse('bad-credentials', 4);
    // The client id must be the user name, so nobody can take another's place.
    if (client.id !== username || !deviceIdPattern.test(username)) {
      return refuse('foreign-client-id', 2);
    }
    const login = credentials.login(username, password);
    if (login === null) return refuse('bad-credentials', 4);
    if (this.#options.isBlocked(username)) return refuse('blocked', 5);
    this.#logins.set(client, login);
    return 0;
  }

  #publish(
    client: Client | null,
    packet: PublishPacket,
    callback: (error?: Error | null) => void,
  ): void {
    // Our own publishes to devices have no client.
    if (!client) callback(null);
    else this.#gate.admit(client.id, client, () => this.#take(client.id, packet, callback));
  }

  #take(deviceId: string, packet: PublishPacket, callback: (error?: Error | null) => void): void {
    const { topic, payload, messageId, dup } = packet;
    const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
    // aedes keeps a QoS 2 publish until its PUBREL; its payload is ours already.
    packet.payload = '';
    const delivery = {
      client: deviceId,
      packetId: messageId ?? 0,
      duplicateFlag: dup,
      // On a publish to a broker the retain flag only asks to keep it; old retained messages reach
      // subscribers, which an embedded broker is not.
      retained: false,
    };
    this.#options.intake.take(deviceId, { topic, payload: bytes, delivery }).then(
      () => callback(null),
      (error: unknown) => {
        this.#options.logger.debug({ deviceId, err: error }, 'mqtt-not-committed');
        callback(error instanceof Error ? error : new Error(String(error)));
      },
    );
  }

  /** A secret that was taken away ends the connection that it let in. */
  #checkLater(): void {
    const { clock, credentials, logger } = this.#options;
    this.#cancelCheck = clock.schedule(credentialCheckMs, () => {
      this.#checkLater();
      if (!credentials.mayHaveChanged()) return;
      for (const [client, login] of this.#logins) {
        if (credentials.isCurrent(client.id, login)) continue;
        logger.info({ deviceId: client.id }, 'mqtt-secret-revoked');
        client.close();
      }
    });
  }
}
