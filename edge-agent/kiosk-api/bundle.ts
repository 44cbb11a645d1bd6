/**
 * Serves the built kiosk page. Files whose name carries a hash of their content may be kept for
 * ever; the page itself is asked for anew each time, so that an upgraded agent is seen at the next
 * load. Every answer carries a policy under which a page can only talk to where it came from and
 * run only scripts of the bundle.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

export const pageHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), payment=()',
};

const notBuilt =
  'The kiosk page is not built yet. Run "node kiosk-ui/build.ts" in the repository, then reload.\n';

/** Serves `folder` at "/"; without a built page there, "/" says how to build it. */
export async function serveBundle(server: FastifyInstance, folder: string): Promise<void> {
  server.addHook('onSend', async (_request, reply) => {
    reply.headers(pageHeaders);
  });
  if (!existsSync(join(folder, 'index.html'))) {
    server.get('/', (_request, reply) => reply.code(503).type('text/plain').send(notBuilt));
    return;
  }
  await server.register(fastifyStatic, {
    root: folder,
    cacheControl: false,
    setHeaders: (reply, path) => {
      const isHashed = /[/\\]assets[/\\]/.test(path);
      const caching = isHashed ? 'public, max-age=31536000, immutable' : 'no-cache';
      reply.header('cache-control', caching);
    },
  });
}
