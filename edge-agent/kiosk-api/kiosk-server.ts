/**
 * The doors for kiosks and handhelds: Connect calls and the built kiosk page, over HTTPS for the
 * store's network and over plain HTTP on loopback only (browsers count loopback as secure).
 *
 * The page is served with a policy that lets it run its own files and talk to its own origin, and
 * nothing else; a page of another site cannot call the API, for it is granted no cross-origin access.
 */
import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { fastifyConnectPlugin } from '@connectrpc/connect-fastify';
import fastifyStatic from '@fastify/static';
import { KioskService } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import fastify, { type FastifyInstance } from 'fastify';
import { KioskCalls, type KioskServiceOptions } from './kiosk-service.ts';
import type { DeskPort, SyncStatusPort } from './ports.ts';
import { SessionUse } from './sessions.ts';
import { StoreWatch } from './store-watch.ts';

/** A kiosk action is far below this. */
const bodyLimitBytes = 64 * 1024;
const sweepIntervalMs = 30_000;

const localNames: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]', '::1']);

const contentPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; " +
  "frame-ancestors 'none'";

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
      portStates: devices.portStates(),
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
  const common = { bodyLimit: bodyLimitBytes, forceCloseConnections: true };
  const { certificatePem: cert, privateKeyPem: key } = options;
  // The two kinds of server differ in their types only where nobody looks.
  const server = (isSecure
    ? fastify({ ...common, https: { cert, key } })
    : fastify(common)) as unknown as FastifyInstance;
  if (!isSecure) {
    // A page of another site must not reach loopback through a name of its own (DNS rebinding).
    server.addHook('onRequest', async (request, reply) => {
      if (localNames.has(request.hostname.replace(/:\d+$/, ''))) return;
      await reply.code(403).send({ fault: 'plain HTTP answers on localhost only' });
    });
  }
  server.addHook('onSend', async (_request, reply, payload) => {
    reply.headers({
      'content-security-policy': contentPolicy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    return payload;
  });
  await server.register(fastifyConnectPlugin, {
    routes: (router) => router.service(KioskService, calls.service(!isSecure)),
  });
  if (existsSync(options.pageFolder)) {
    await server.register(fastifyStatic, {
      root: options.pageFolder,
      // Built files carry a hash in their names; the page itself must be asked for each time.
      setHeaders: (reply, path) => {
        const isBuilt = /\/assets\//.test(path);
        const caching = isBuilt ? 'public, max-age=31536000, immutable' : 'no-cache';
        reply.header('cache-control', caching);
      },
    });
  }
  await server.listen({ host, port });
  return server;
}
