/**
 * One connection to an external broker, opened again whenever it is lost. The session on the broker is
 * persistent, so what devices publish meanwhile waits there.
 *
 * mqtt.js hands over one publish at a time and the next when it is acknowledged, which costs a commit
 * each; so packets are read and acknowledged here, with `mqtt-packet` for their bytes. In flight are at
 * most `receiveMaximum` publishes: MQTT 5 tells the broker, and in both versions the socket is not read
 * on while so many are unacknowledged. When the disk fails the connection is dropped, and not opened
 * again before the agent can record: then the broker sends again what was not acknowledged.
 */
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type SecureContextOptions } from 'node:tls';
import {
  type RetrySettings,
  reconnectDelaysMs,
} from '@stockhand/central-sync/client/retry-schedule.ts';
import mqttPacket, { type IPublishPacket, type Packet, type Parser } from 'mqtt-packet';
import type { Clock, Log } from '../ports.ts';
import { InboundSession, type SessionLink } from './inbound-session.ts';
import { PacketSplitter, type SplitPacket } from './packet-splitter.ts';
import {
  connectBytes,
  disconnectBytes,
  isGranted,
  pingBytes,
  publishBytes,
  readPublishHead,
  refusalOf,
  type SessionTerms,
  subscribeBytes,
} from './session-packets.ts';

const retry: RetrySettings = { firstDelayMs: 500, growth: 2, longestDelayMs: 30_000 };
/** TCP, TLS, CONNACK and SUBACK together. */
const openTimeoutMs = 15_000;
/** What we say to devices may wait for the socket up to here; more is dropped, as QoS 0 allows. */
const outgoingLimitBytes = 1_048_576;

/** A publish of which only the beginning was kept. */
export interface OversizePublish {
  topic: string;
  beginning: Buffer;
  length: number;
}

export interface ExternalConnectionOptions {
  host: string;
  port: number;
  /** Null: plain TCP. */
  tls: SecureContextOptions | null;
  terms: SessionTerms;
  filters: readonly string[];
  /** Resolve when the outcome is durable. */
  take(packet: IPublishPacket): Promise<void>;
  refuseOversize(publish: OversizePublish): Promise<void>;
  /** While this is not so, nothing could be acknowledged, and nobody connects. */
  isRecording(): boolean;
  clock: Clock;
  /** Uniform in [0, 1). */
  fraction(): number;
  logger: Log;
}

export class ExternalConnection {
  readonly #options: ExternalConnectionOptions;
  readonly #session: InboundSession;
  #delaysMs: Generator<number, never>;
  #link: BrokerLink | null = null;
  #cancelRetry: (() => void) | null = null;
  #hadSession = false;
  #isStopped = true;

  constructor(options: ExternalConnectionOptions) {
    this.#options = options;
    this.#session = new InboundSession(options.take);
    this.#delaysMs = reconnectDelaysMs(retry, options.fraction);
  }

  get isReady(): boolean {
    return this.#link?.isReady ?? false;
  }

  get unacknowledged(): number {
    return this.#session.unacknowledged;
  }

  start(): void {
    if (!this.#isStopped) return;
    this.#isStopped = false;
    this.#open();
  }

  /** Leaves the session on the broker. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelRetry?.();
    this.#cancelRetry = null;
    await this.#link?.leave();
  }

  /** QoS 0: while the broker is away it is gone; what was refused stays in the dead letters. */
  tell(topic: string, payload: string | Uint8Array): void {
    this.#link?.tell(publishBytes(this.#options.terms.protocol, topic, payload));
  }

  #open(): void {
    this.#cancelRetry = null;
    const { isRecording, logger, terms } = this.#options;
    if (!isRecording()) {
      this.#openLater('not-recording');
      return;
    }
    const link: BrokerLink = new BrokerLink(this.#options, this.#session, {
      ready: (isPresent) => {
        const fields = { clientId: terms.clientId, sessionPresent: isPresent };
        logger.info(fields, 'mqtt-external-connected');
        // What the broker held for us is gone with the session; devices with counters show the gap.
        if (!isPresent && this.#hadSession) logger.warn(fields, 'mqtt-external-session-lost');
        this.#hadSession = true;
        this.#delaysMs = reconnectDelaysMs(retry, this.#options.fraction);
      },
      ended: (reason) => {
        if (this.#link !== link) return;
        this.#link = null;
        this.#session.detach();
        this.#openLater(reason);
      },
    });
    this.#link = link;
    link.open();
  }

  #openLater(reason: string): void {
    const { clock, logger, terms } = this.#options;
    if (this.#isStopped) return;
    const retryMs = this.#delaysMs.next().value;
    logger.warn({ clientId: terms.clientId, reason, retryMs }, 'mqtt-external-lost');
    this.#cancelRetry = clock.schedule(retryMs, () => this.#open());
  }
}

interface LinkEvents {
  ready(isSessionPresent: boolean): void;
  ended(reason: string): void;
}

/** A socket from its opening to its end. */
class BrokerLink implements SessionLink {
  readonly #options: ExternalConnectionOptions;
  readonly #session: InboundSession;
  readonly #events: LinkEvents;
  readonly #socket: Socket;
  readonly #splitter: PacketSplitter;
  readonly #parser: Parser;
  #cancelTimer: () => void = () => {};
  #isSessionPresent = false;
  #keepAliveSeconds = 0;
  #hasHeard = false;
  #endReason = '';
  isReady = false;

  constructor(options: ExternalConnectionOptions, session: InboundSession, events: LinkEvents) {
    const { host, port, tls, terms } = options;
    this.#options = options;
    this.#session = session;
    this.#events = events;
    const name = isIP(host) === 0 ? { servername: host } : {};
    this.#socket = tls
      ? connectTls({ host, port, ...name, ...tls, minVersion: 'TLSv1.2' })
      : connectTcp({ host, port });
    this.#splitter = new PacketSplitter(terms.packetBytes);
    this.#parser = mqttPacket.parser({ protocolVersion: terms.protocol });
  }

  open(): void {
    const { tls, terms, clock } = this.#options;
    const socket = this.#socket;
    socket.setNoDelay(true);
    socket.once(tls ? 'secureConnect' : 'connect', () => socket.write(connectBytes(terms)));
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', (error) => this.#end(error.message));
    socket.on('close', () => {
      this.#cancelTimer();
      this.isReady = false;
      this.#events.ended(this.#endReason || 'the broker closed the connection');
    });
    this.#parser.on('packet', (packet) => this.#handle(packet));
    this.#parser.on('error', (error) => this.#end(`not MQTT: ${String(error)}`));
    this.#cancelTimer = clock.schedule(openTimeoutMs, () => this.#end('no answer in time'));
  }

  send(bytes: Buffer): void {
    if (this.#socket.writable) this.#socket.write(bytes);
  }

  failed(error: unknown): void {
    this.#options.logger.debug({ err: error }, 'mqtt-not-committed');
    this.#end('not committed');
  }

  acknowledged(): void {
    if (!this.#isFull) this.#socket.resume();
  }

  tell(bytes: Buffer): void {
    if (this.isReady && this.#socket.writableLength < outgoingLimitBytes) this.send(bytes);
  }

  /** Ends as agreed, so that the broker sees no failure. */
  async leave(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      if (this.#socket.destroyed) resolve();
      else this.#socket.once('close', () => resolve());
    });
    this.#endReason = 'stopped';
    if (this.isReady) this.#socket.end(disconnectBytes, () => this.#socket.destroy());
    else this.#socket.destroy();
    await closed;
  }

  get #isFull(): boolean {
    return this.#session.unacknowledged >= this.#options.terms.receiveMaximum;
  }

  #end(reason: string): void {
    this.#endReason ||= reason;
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    this.#hasHeard = true;
    let packets: SplitPacket[];
    try {
      packets = this.#splitter.push(chunk);
    } catch (error) {
      this.#end(`not MQTT: ${error instanceof Error ? error.message : String(error)}`);
      return;
    }
    for (const packet of packets) {
      if (this.#socket.destroyed) return;
      if (packet.isWhole) this.#parser.parse(packet.bytes);
      else this.#passOver(packet);
    }
    if (this.#isFull) this.#socket.pause();
  }

  #passOver({ bytes: beginning, length }: SplitPacket): void {
    const head = readPublishHead(beginning);
    if (!head) {
      this.#end('a packet that is too large');
      return;
    }
    const { qos, topic, packetId } = head;
    const recorded = this.#options.refuseOversize({ topic, beginning, length });
    this.#session.pass(qos, packetId, recorded);
  }

  #handle(packet: Packet): void {
    const { terms, filters } = this.#options;
    switch (packet.cmd) {
      case 'connack': {
        const refusal = refusalOf(packet);
        if (refusal !== '') return this.#end(refusal);
        this.#isSessionPresent = packet.sessionPresent;
        // Redelivery begins at once, before the subscription is confirmed.
        this.#session.attach(this, packet.sessionPresent);
        this.#keepAliveSeconds = packet.properties?.serverKeepAlive ?? terms.keepAliveSeconds;
        this.send(subscribeBytes(terms.protocol, filters));
        return;
      }
      case 'suback':
        if (!isGranted(packet)) return this.#end(`the broker refused to subscribe ${filters}`);
        this.isReady = true;
        this.#keepAlive(this.#keepAliveSeconds);
        return this.#events.ready(this.#isSessionPresent);
      case 'publish':
        return this.#session.publish(packet);
      case 'pubrel':
        return this.#session.release(packet.messageId ?? 0);
      case 'disconnect':
        return this.#end(`the broker says good-bye (code ${packet.reasonCode ?? 0})`);
      default:
    }
  }

  /** Asks at half the time, and gives up when nothing was heard in between while we did listen. */
  #keepAlive(seconds: number): void {
    this.#cancelTimer();
    if (seconds === 0) return;
    const everyMs = (seconds * 1_000) / 2;
    const ask = () => {
      if (!this.#hasHeard && !this.#socket.isPaused()) return this.#end('the broker is silent');
      this.#hasHeard = false;
      this.send(pingBytes);
      this.#cancelTimer = this.#options.clock.schedule(everyMs, ask);
    };
    this.#cancelTimer = this.#options.clock.schedule(everyMs, ask);
  }
}
