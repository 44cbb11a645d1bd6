/**
 * HQ's gRPC door: TLS with client certificates only. The certificate names the store, a store can
 * speak for no other, and it speaks through one connection: a newer one takes the place of the one
 * before, which is most often a connection that died without a word.
 */
import { create } from '@bufbuild/protobuf';
import {
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js';
import {
  type PlaceOrderRequest,
  type PlaceOrderResponse,
  PlaceOrderResponseSchema,
} from '@stockhand/proto/sync/v1alpha/sync_service_pb.js';
import { type CertificateBundle, storeOfAltNames } from '../../client/certificate-authority.ts';
import { keepaliveOptions, placeOrderMethod, syncMethod } from '../../client/sync-method.ts';
import { placedOrderOf } from '../orders/placed-order.ts';
import type { HqStore } from '../store/hq-store.ts';
import { type BatchFigures, type Log, StoreCall, type StoreStream } from './store-call.ts';

/** Commands may come from another process (`stockhand hq push-…`): the table is looked at so often. */
const commandPollMs = 500;

type PlaceOrderCall = ServerUnaryCall<PlaceOrderRequest, PlaceOrderResponse>;
type PlaceOrderAnswer = sendUnaryData<PlaceOrderResponse>;

/** The store that the client's certificate names. */
function storeOf(call: Pick<StoreStream, 'getAuthContext'>): string | null {
  return storeOfAltNames(call.getAuthContext().sslPeerCertificate?.subjectaltname);
}

export interface SyncServerOptions {
  host: string;
  port: number;
  bundle: CertificateBundle;
  store: HqStore;
  nowMs(): number;
  observed?(figures: BatchFigures): void;
  logger: Log;
}

export class SyncServer {
  readonly #options: SyncServerOptions;
  readonly #calls = new Map<string, StoreCall>();
  #server: Server | null = null;
  #poll: NodeJS.Timeout | null = null;
  #port = 0;

  constructor(options: SyncServerOptions) {
    this.#options = options;
  }

  get port(): number {
    return this.#port;
  }

  get connectedStores(): number {
    return this.#calls.size;
  }

  isConnected(storeGln: string): boolean {
    return this.#calls.has(storeGln);
  }

  async start(): Promise<void> {
    const { host, port, bundle } = this.#options;
    const server = new Server(keepaliveOptions);
    server.addService(
      { Sync: syncMethod, PlaceOrder: placeOrderMethod },
      {
        Sync: (stream: StoreStream) => this.#open(stream),
        PlaceOrder: (call: PlaceOrderCall, answer: PlaceOrderAnswer) =>
          this.#placeOrder(call, answer),
      },
    );
    const credentials = ServerCredentials.createSsl(
      Buffer.from(bundle.authorityPem),
      [
        {
          private_key: Buffer.from(bundle.privateKeyPem),
          cert_chain: Buffer.from(bundle.certificatePem),
        },
      ],
      true,
    );
    this.#port = await new Promise<number>((resolve, reject) => {
      server.bindAsync(`${host}:${port}`, credentials, (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    this.#server = server;
    this.#poll = setInterval(() => {
      for (const call of this.#calls.values()) call.sendCommands();
    }, commandPollMs);
  }

  async stop(): Promise<void> {
    if (this.#poll) clearInterval(this.#poll);
    this.#server?.forceShutdown();
    this.#server = null;
  }

  #placeOrder(call: PlaceOrderCall, answer: PlaceOrderAnswer): void {
    const { store, nowMs, logger } = this.#options;
    const storeGln = storeOf(call);
    const order = placedOrderOf(call.request.order);
    if (storeGln === null) {
      answer({ code: status.PERMISSION_DENIED, details: 'the client certificate names no store' });
    } else if (order === null) {
      const details = 'order: a proposal id, a product and a quantity above 0 expected';
      answer({ code: status.INVALID_ARGUMENT, details });
    } else {
      try {
        const isNew = store.placeOrder(storeGln, order, nowMs());
        const { proposalId } = order;
        logger.info({ storeGln, proposalId, isNew }, 'order-placed');
        answer(null, create(PlaceOrderResponseSchema, { alreadyKnown: !isNew }));
      } catch (error) {
        logger.warn({ storeGln, err: error }, 'order-not-kept');
        answer({ code: status.UNAVAILABLE, details: 'HQ could not keep it; its event will come' });
      }
    }
  }

  #open(stream: StoreStream): void {
    const storeGln = storeOf(stream);
    if (storeGln === null) {
      const details = 'the client certificate names no store; enrol it with stockhand hq';
      stream.emit('error', { code: status.PERMISSION_DENIED, details });
      return;
    }
    this.#calls.get(storeGln)?.refuse(status.ABORTED, 'a newer connection of this store came');
    const { host: _host, port: _port, bundle: _bundle, ...shared } = this.#options;
    const call = new StoreCall({ ...shared, storeGln, stream });
    this.#calls.set(storeGln, call);
    const forget = () => {
      if (this.#calls.get(storeGln) !== call) return;
      this.#calls.delete(storeGln);
      this.#options.logger.info({ storeGln }, 'store-disconnected');
    };
    stream.on('end', () => {
      forget();
      stream.end();
    });
    stream.on('cancelled', forget);
    stream.on('error', forget);
  }
}
