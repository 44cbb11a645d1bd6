/**
 * The agent's half of the sync: keeps a connection to HQ, and waits without harm when there is none.
 * The log is the queue, so an outage of a week needs no memory.
 */
import { create } from '@bufbuild/protobuf';
import { Client, credentials, status as grpcStatus, Metadata } from '@grpc/grpc-js';
import type { OrderPlaced } from '@stockhand/proto/events/v1alpha/order_events_pb.js';
import { PlaceOrderRequestSchema } from '@stockhand/proto/sync/v1alpha/sync_service_pb.js';
import type { CertificateBundle } from './certificate-authority.ts';
import type { Clock, SyncLog } from './ports.ts';
import { reconnectDelaysMs, reconnectRetry } from './retry-schedule.ts';
import { keepaliveOptions, placeOrderMethod, syncMethod } from './sync-method.ts';
import { lanes, type SessionOptions, SyncSession, type SyncStream } from './sync-session.ts';

/** A call that takes longer has lost its advantage over the event. */
const placeOrderDeadlineMs = 10_000;

export interface SyncStatus {
  connected: boolean;
  /** Durable events that HQ has not acknowledged. */
  waitingEvents: number;
  /** When the oldest of them was recorded; null when none waits. */
  oldestWaitingAtMs: number | null;
  /** Why the last connection ended; empty while all is well. */
  lastError: string;
}

export interface SyncClientOptions extends Omit<SessionOptions, 'welcomed'> {
  /** host:port of HQ. */
  address: string;
  bundle: CertificateBundle;
  clock: Clock;
  /** Uniform in [0, 1), for the jitter. */
  fraction(): number;
  /** Told whenever the connection comes or goes. */
  changed?(): void;
}

export class SyncClient {
  readonly #options: SyncClientOptions;
  #client: Client | null = null;
  #stream: SyncStream | null = null;
  #session: SyncSession | null = null;
  #delays: Generator<number, never>;
  #cancelRetry: () => void = () => {};
  #connected = false;
  #lastError = '';

  constructor(options: SyncClientOptions) {
    this.#options = options;
    this.#delays = reconnectDelaysMs(reconnectRetry, options.fraction);
  }

  /** May be called twice without harm. */
  start(): void {
    if (this.#client) return;
    const { address, bundle } = this.#options;
    this.#client = new Client(
      address,
      credentials.createSsl(
        Buffer.from(bundle.authorityPem),
        Buffer.from(bundle.privateKeyPem),
        Buffer.from(bundle.certificatePem),
      ),
      { ...keepaliveOptions, 'grpc.initial_reconnect_backoff_ms': 200 },
    );
    this.#connect();
  }

  stop(): void {
    this.#cancelRetry();
    this.#stream?.cancel();
    this.#client?.close();
    this.#client = null;
    this.#connected = false;
  }

  /** Something was committed: send it on. */
  wake(): void {
    this.#session?.pump();
  }

  /**
   * Tells HQ of an order at once. A call that fails is not made again: the event with the same key is in the
   * log and goes up with the stream.
   */
  placeOrder(order: OrderPlaced): void {
    const { log, clock, logger } = this.#options;
    const { proposalId } = order;
    if (!this.#client || !this.#connected) return;
    const { path, requestSerialize, responseDeserialize } = placeOrderMethod;
    const request = create(PlaceOrderRequestSchema, { epoch: log.epoch, order });
    const deadline = { deadline: clock.wallMs() + placeOrderDeadlineMs };
    this.#client.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      new Metadata(),
      deadline,
      (error, answer) => {
        if (error) logger.warn({ proposalId, reason: error.message }, 'order-call-failed');
        else logger.info({ proposalId, alreadyKnown: answer?.alreadyKnown }, 'order-call-answered');
      },
    );
  }

  status(): SyncStatus {
    const { log } = this.#options;
    let waitingEvents = 0;
    let oldestWaitingAtMs: number | null = null;
    for (const lane of lanes) {
      const acknowledged = log.cursor(lane).sequence;
      const waiting = log.laneSequence(lane) - acknowledged;
      waitingEvents += waiting;
      if (waiting === 0) continue;
      const [oldest] = log.readLane(lane, acknowledged + 1, 1);
      if (oldest && oldest.recordedAtMs < (oldestWaitingAtMs ?? Number.POSITIVE_INFINITY)) {
        oldestWaitingAtMs = oldest.recordedAtMs;
      }
    }
    const [connected, lastError] = [this.#connected, this.#lastError];
    return { connected, waitingEvents, oldestWaitingAtMs, lastError };
  }

  #connect(): void {
    const client = this.#client;
    if (!client) return;
    const { path, requestSerialize, responseDeserialize } = syncMethod;
    const stream = client.makeBidiStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      new Metadata(),
    );
    this.#stream = stream;
    let hasEnded = false;
    const end = (reason: string) => {
      if (hasEnded) return;
      hasEnded = true;
      this.#ended(reason);
    };
    stream.on('error', (error) => {
      const code = 'code' in error ? grpcStatus[Number(error.code)] : undefined;
      end(`${code ?? ''} ${error.message}`.trim());
    });
    stream.on('end', () => end('HQ closed the connection'));
    this.#session = new SyncSession(
      {
        ...this.#options,
        welcomed: () => {
          this.#connected = true;
          this.#lastError = '';
          this.#delays = reconnectDelaysMs(reconnectRetry, this.#options.fraction);
          this.#options.logger.info({ address: this.#options.address }, 'hq-connected');
          this.#options.changed?.();
        },
      },
      stream,
    );
  }

  #ended(reason: string): void {
    this.#session = null;
    this.#stream = null;
    this.#connected = false;
    if (!this.#client) return;
    this.#lastError = reason;
    const { clock, logger, changed } = this.#options;
    const delayMs = this.#delays.next().value;
    logger.warn({ reason, delayMs }, 'hq-disconnected');
    changed?.();
    this.#cancelRetry = clock.schedule(delayMs, () => this.#connect());
  }
}

/** Starts the sync and answers it. */
export function startSyncClient(options: SyncClientOptions): SyncClient {
  const client = new SyncClient(options);
  client.start();
  return client;
}

export type { SyncLog };
