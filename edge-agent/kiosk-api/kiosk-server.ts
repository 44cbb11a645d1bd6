/**
 * The doors for kiosks and handhelds: Connect calls and the built kiosk page, over HTTPS for the
 * store's network and over plain HTTP on loopback only (browsers count loopback as secure).
 *
 * HTTPS speaks HTTP/2 as well: over HTTP/1.1 a browser keeps six connections per host, and each open
 * tab holds one for its stream, so that the seventh tab would never load. A page of another site
 * cannot call the API, for it is granted no cross-origin access.
 */
import type { AddressInfo } from 'node:net';
import { createContextValues } from '@connectrpc/connect';
import { fastifyConnectPlugin } from '@connectrpc/connect-fastify';
import { KioskService } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import fastify, { type FastifyInstance } from 'fastify';
import { serveBundle } from './bundle.ts';
import { callerAddress, KioskCalls, type KioskServiceOptions } from './kiosk-service.ts';
import type { DeskPort, SyncStatusPort } from './ports.ts';
import { SessionUse } from './sessions.ts';
import { StoreWatch } from './store-watch.ts';

/** An action is far below 1 kB, a scan to look up below 5 kB. */
export const requestLimitBytes = 64 * 1024;
/** A board of a hypermarket is far below this. */
const answerLimitBytes = 16 * 1024 * 1024;
const sweepIntervalMs = 30_000;

const localNames: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]', '::1']);

export interface KioskApiOptions extends Omit<KioskServiceOptions, 'watch' | 'sessions'> {
  sync: SyncStatusPort;
  desk: DeskPort;
  host: string;
  httpsPort: number;
  httpPort: number;
  certificatePem: string;
  privateKeyPem: string;
  /** The built kiosk page; without it only the calls are served. */
  pageFolder: string;
  /** Further doors on the same servers, such as the tills'. */
  addRoutes?(server: FastifyInstance): Promise<void>;
}

export interface KioskApi {
  httpPort: number;
  httpsPort: number;
  stop(): Promise<void>;
}

export async function startKioskApi(options: KioskApiOptions): Promise<KioskApi> {
  const { agent, clock, sync, people, devices, desk } = options;
  const watch = new StoreWatch({
    agent,
    clock,
    surroundings: () => ({
      sync: sync.status(),
      portStates: new Map(
        [...devices.portStates()].map(([deviceId, { state }]) => [deviceId, state]),
      ),
      people: people.people(),
    }),
  });
  const sessions = new SessionUse(clock.monotonicMs(), options.idleMs);
  const calls = new KioskCalls({ ...options, watch, sessions });
  const ends = [
    desk.onScan((scan) => watch.scanned(scan)),
    desk.onWeight((weight) => watch.weighed(weight)),
  ];
  watch.start();
  let cancelSweep = () => {};
  const sweepLater = () => {
    cancelSweep = clock.schedule(sweepIntervalMs, () => {
      calls.sweep().catch((error: unknown) => options.logger.warn({ err: error }, 'sweep-failed'));
      sweepLater();
    });
  };
  sweepLater();
  const servers = [
    await listen(options, calls, '127.0.0.1', options.httpPort, false),
    await listen(options, calls, options.host, options.httpsPort, true),
  ];
  const [http, https] = servers.map((server) => {
    // A server that listens on a port has an address.
    return (server.server.address() as AddressInfo).port;
  });
  return {
    httpPort: http ?? 0,
    httpsPort: https ?? 0,
    stop: async () => {
      cancelSweep();
      for (const end of ends) end();
      watch.stop();
      for (const server of servers) await server.close();
    },
  };
}

async function listen(
  options: KioskApiOptions,
  calls: KioskCalls,
  host: string,
  port: number,
  isSecure: boolean,
): Promise<FastifyInstance> {
  const common = { bodyLimit: requestLimitBytes, forceCloseConnections: true };
  const { certificatePem: cert, privateKeyPem: key } = options;
  const https = { cert, key, allowHTTP1: true, minVersion: 'TLSv1.2' } as const;
  // The two kinds of server differ in their types only where nobody looks.
  const server = (isSecure
    ? fastify({ ...common, http2: true, https })
    : fastify(common)) as unknown as FastifyInstance;
  if (!isSecure) {
    // A page of another site must not reach loopback through a name of its own (DNS rebinding).
    server.addHook('onRequest', async (request, reply) => {
      if (localNames.has(request.hostname.replace(/:\d+$/, ''))) return;
      await reply.code(403).send({ fault: 'plain HTTP answers on localhost only' });
    });
  }
  await server.register(fastifyConnectPlugin, {
    routes: (router) => router.service(KioskService, calls.service(!isSecure)),
    contextValues: ({ ip }) => createContextValues().set(callerAddress, ip),
    // The plugin reads bodies itself, so that fastify's own limit does not bind it.
    readMaxBytes: requestLimitBytes,
    writeMaxBytes: answerLimitBytes,
    grpc: false,
    grpcWeb: false,
  });
  await options.addRoutes?.(server);
  await serveBundle(server, options.pageFolder);
  await server.listen({ host, port });
  return server;
}
