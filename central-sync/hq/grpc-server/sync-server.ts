/**
 * HQ's gRPC door: TLS with client certificates only. The certificate names the store, a store can
 * speak for no other, and it speaks through one connection: a newer one takes the place of the one
 * before, which is most often a connection that died without a word.
 */
import { Server, ServerCredentials, status } from '@grpc/grpc-js';
import { type CertificateBundle, storeOfAltNames } from '../../client/certificate-authority.ts';
import { keepaliveOptions, syncMethod } from '../../client/sync-method.ts';
import type { HqStore } from '../store/hq-store.ts';
import { type BatchFigures, type Log, StoreCall, type StoreStream } from './store-call.ts';

/** Commands may come from another process (`stockhand hq push-…`): the table is looked at so often. */
const commandPollMs = 500;

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
    server.addService({ Sync: syncMethod }, { Sync: (stream: StoreStream) => this.#open(stream) });
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

  #open(stream: StoreStream): void {
    const names = stream.getAuthContext().sslPeerCertificate?.subjectaltname;
    const storeGln = storeOfAltNames(names);
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
