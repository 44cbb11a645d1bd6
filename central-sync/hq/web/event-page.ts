/**
 * HQ's page, on loopback: the stores with their lag, and their events with filters, newest first.
 * Plain HTML over a small JSON API; what comes from stores is set as text, never as markup.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { fromBinary, toJson } from '@bufbuild/protobuf';
import { EventSchema } from '@stockhand/proto/events/v1alpha/event_pb.js';
import type { EventFilter, HqStore } from '../store/hq-store.ts';

const pageLimit = 100;

export interface EventPageOptions {
  port: number;
  store: HqStore;
  isConnected(storeGln: string): boolean;
  nowMs(): number;
}

export interface EventPage {
  port: number;
  stop(): Promise<void>;
}

const page = readFileSync(join(import.meta.dirname, 'page.html'), 'utf8');
/** The page's one script and one style are allowed by their hashes, and nothing else is. */
const hashOf = (tag: 'script' | 'style') => {
  const text = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(page)?.[1] ?? '';
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
};
const policy = `default-src 'none'; connect-src 'self'; script-src ${hashOf('script')}; style-src ${hashOf('style')}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`;

function filterOf(query: URLSearchParams): EventFilter {
  const filter: EventFilter = { limit: pageLimit };
  for (const name of ['storeGln', 'type', 'correlationId', 'gtin'] as const) {
    const value = query.get(name);
    if (value) filter[name] = value;
  }
  const beforeId = Number(query.get('beforeId'));
  if (Number.isInteger(beforeId) && beforeId > 0) filter.beforeId = beforeId;
  return filter;
}

function answerJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

export async function startEventPage(options: EventPageOptions): Promise<EventPage> {
  const { store } = options;
  const server: Server = createServer((request, response) => {
    // A page of another site must not read the events through a name that points to loopback.
    const host = request.headers.host?.replace(/:\d+$/, '') ?? '';
    if (!['localhost', '127.0.0.1', '[::1]'].includes(host)) {
      return answerJson(response, { fault: 'this page answers on loopback only' }, 403);
    }
    const url = new URL(request.url ?? '/', 'http://localhost');
    switch (url.pathname) {
      case '/':
        response.writeHead(200, {
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': policy,
          'x-content-type-options': 'nosniff',
        });
        response.end(page);
        return;
      case '/healthz':
        response.end('ok\n');
        return;
      case '/api/stores': {
        const nowMs = options.nowMs();
        const stores = store
          .stores()
          .map((row) => ({ ...row, connected: options.isConnected(row.gln) }));
        return answerJson(response, { nowMs, stores, types: store.eventTypes() });
      }
      case '/api/events':
        return answerJson(response, { events: store.events(filterOf(url.searchParams)) });
      case '/api/event': {
        const bytes = store.eventBytes(Number(url.searchParams.get('id')));
        if (!bytes) return answerJson(response, { fault: 'there is no such event' }, 404);
        return answerJson(response, readable(bytes));
      }
      default:
        return answerJson(response, { fault: 'there is nothing here' }, 404);
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const address = server.address();
  return {
    port: address && typeof address === 'object' ? address.port : options.port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The event in proto3 JSON, or its bytes where it cannot be read. */
function readable(bytes: Uint8Array): unknown {
  try {
    return toJson(EventSchema, fromBinary(EventSchema, bytes));
  } catch {
    return { unreadable: Buffer.from(bytes).toString('hex') };
  }
}
