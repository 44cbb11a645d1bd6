/**
 * The broker inside the agent: aedes over TLS, one secret per device.
 *
 * aedes acknowledges a publish after `authorizePublish` calls back and before anything else, so that
 * hook holds the callback until the commit: the PUBACK (for QoS 2 the PUBREC) says "durable". An
 * error there would drop the connection without an acknowledgement, and a payload that cannot be
 * read would come again for ever; so what is refused is acknowledged, kept as a dead letter and
 * told on the device's `refused` topic. Only a failing disk drops the connection: then the device
 * shall send again.
 *
 * aedes keeps retained messages in memory without limit and forwards publishes to listeners. Consumers
 * are fed from the log instead, so nothing that a device says is retained or forwarded.
 */
import type { Socket } from 'node:net';
import { createServer, type Server, type TlsOptions } from 'node:tls';
import { Aedes, type AuthenticateError, type Client, type PublishPacket } from 'aedes';
import type { Clock, Log } from '../ports.ts';
import type { Intake } from './intake.ts';
import { type RateLimit, RateLimiter } from './rate-limit.ts';
import { deviceIdPattern, mayListen } from './topics.ts';

export interface BrokerLimits {
  connections: number;
  /** Publishes of one connection that may wait for their acknowledgement. */
  inFlight: number;
  rate: RateLimit;
}

export const defaultBrokerLimits: BrokerLimits = {
  connections: 4_000,
  inFlight: 2_000,
  rate: { perSecond: 200, burst: 5_000 },
};

export interface EmbeddedBrokerOptions {
  host: string;
  port: number;
  tls: TlsOptions;
  storeGln: string;
  intake: Intake;
  verify(deviceId: string, secret: Uint8Array): boolean;
  /** A device came or went. */
  presence(deviceId: string, online: boolean, reason: string): void;
  limits: BrokerLimits;
  clock: Clock;
  logger: Log;
}

/** Nobody can subscribe below it: what is acknowledged but not forwarded goes there. */
const voidTopic = '$stockhand/void';

const refuseLogin = (returnCode: 2 | 4 | 5): AuthenticateError =>
  Object.assign(new Error('login refused'), { returnCode });

export class EmbeddedBroker {
  readonly #options: EmbeddedBrokerOptions;
  readonly #rates: RateLimiter;
  readonly #sockets = new Set<Socket>();
  #broker: Aedes | null = null;
  #server: Server | null = null;

  constructor(options: EmbeddedBrokerOptions) {
    this.#options = options;
    this.#rates = new RateLimiter(options.limits.rate, options.clock);
  }

  get connections(): number {
    return this.#sockets.size;
  }

  /** The port that it listens on, once started. */
  get port(): number {
    const address = this.#server?.address();
    return address && typeof address === 'object' ? address.port : 0;
  }

  async start(): Promise<void> {
    if (this.#server) return;
    const { limits, host, port, tls } = this.#options;
    const broker = await Aedes.createBroker({
      concurrency: limits.inFlight,
      maxInflightInbound: limits.inFlight,
      maxClientsIdLength: 64,
      maxTopicLevels: 8,
      connectTimeout: 10_000,
      authenticate: (client, username, password, done) => {
        const error = this.#loginError(client, username, password);
        done(error, error === null);
      },
      authorizePublish: (client, packet, callback) => this.#publish(client, packet, callback),
      authorizeSubscribe: (client, subscription, callback) => {
        const allowed = mayListen(subscription.topic, this.#options.storeGln, client.id);
        callback(null, allowed ? subscription : null);
      },
    });
    this.#broker = broker;
    broker.on('clientReady', (client) => this.#options.presence(client.id, true, ''));
    broker.on('clientDisconnect', (client) => {
      this.#rates.forget(client.id);
      this.#options.presence(client.id, false, 'disconnected');
    });
    const note = (client: Client | null, error: Error) =>
      this.#options.logger.debug(
        { deviceId: client?.id, reason: error.message },
        'mqtt-client-error',
      );
    broker.on('clientError', note);
    broker.on('connectionError', note);
    const server = createServer(tls, (socket) => broker.handle(socket));
    this.#server = server;
    server.on('connection', (socket) => this.#guard(socket));
    server.on('tlsClientError', (error) =>
      this.#options.logger.debug({ reason: error.message }, 'mqtt-tls-refused'),
    );
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => {
        server.off('error', reject);
        resolve();
      });
    });
  }

  async stop(): Promise<void> {
    const [server, broker] = [this.#server, this.#broker];
    this.#server = null;
    this.#broker = null;
    if (!server || !broker) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => broker.close(() => resolve()));
    await closed;
  }

  /** Publishes to a device, for example why it was refused. */
  tell(topic: string, payload: string): void {
    this.#broker?.publish(
      { cmd: 'publish', topic, payload, qos: 1, retain: false, dup: false },
      () => {},
    );
  }

  #guard(socket: Socket): void {
    if (this.#sockets.size >= this.#options.limits.connections) {
      this.#options.logger.warn(
        { limit: this.#options.limits.connections },
        'mqtt-connections-full',
      );
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
  }

  /** Null lets the client in. The client id must be the user name, so nobody can take another's place. */
  #loginError(
    client: Client,
    username: string | undefined,
    password: Uint8Array | undefined,
  ): AuthenticateError | null {
    if (!username || !password) return refuseLogin(4);
    if (client.id !== username || !deviceIdPattern.test(username)) return refuseLogin(2);
    if (this.#options.verify(username, password)) return null;
    this.#options.logger.warn({ deviceId: username }, 'mqtt-login-refused');
    return refuseLogin(4);
  }

  #publish(
    client: Client | null,
    packet: PublishPacket,
    callback: (error?: Error | null) => void,
  ): void {
    // Our own publishes to devices have no client.
    if (!client) {
      callback(null);
      return;
    }
    const waitMs = this.#rates.takeMs(client.id);
    if (waitMs > 0) {
      this.#options.clock.schedule(waitMs, () => this.#take(client, packet, callback));
    } else this.#take(client, packet, callback);
  }

  #take(client: Client, packet: PublishPacket, callback: (error?: Error | null) => void): void {
    const { topic, payload, messageId, dup, retain } = packet;
    const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
    packet.topic = voidTopic;
    packet.retain = false;
    packet.payload = '';
    this.#options.intake
      .take(client.id, {
        topic,
        payload: bytes,
        delivery: {
          client: client.id,
          packetId: messageId ?? 0,
          duplicateFlag: dup,
          // A retained flag on a publish to us only asks to keep it; old retained messages reach a
          // subscriber, which an embedded broker is not.
          retained: false,
        },
      })
      .then(
        () => callback(null),
        (error: unknown) => {
          this.#options.logger.warn(
            { deviceId: client.id, retain, err: error },
            'mqtt-not-committed',
          );
          callback(error instanceof Error ? error : new Error(String(error)));
        },
      );
  }
}
