/**
 * HQ's page and API: over TLS for the network, and over plain HTTP on loopback only. Both ask for a
 * sign-in, unless loopback was opened on purpose (a demo, a machine with one user). `/healthz` answers
 * everybody; `/metrics` answers on loopback, and elsewhere with the token.
 *
 * Plain HTML over a small JSON API; what comes from stores is set as text, never as markup.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { CertificateBundle } from '../../client/certificate-authority.ts';
import type { Log } from '../grpc-server/store-call.ts';
import { answerOrder } from '../store/order-answer.ts';
import { answerApi, type EventApiOptions } from './event-api.ts';
import type { HqMetrics } from './hq-metrics.ts';
import { orderAnswerForm, orderAnswerOf } from './order-answer-form.ts';
import type { PageAccess } from './page-access.ts';

export interface WebServerOptions extends EventApiOptions {
  /** Address and port of the TLS door. */
  host: string;
  tlsPort: number;
  /** Port of the plain door, on 127.0.0.1. */
  port: number;
  bundle: CertificateBundle;
  access: PageAccess;
  /** Whether the plain door needs no sign-in. */
  isLoopbackOpen: boolean;
  metrics: HqMetrics;
  logger: Log;
}

export interface WebServer {
  port: number;
  tlsPort: number;
  stop(): Promise<void>;
}

/** A token in a form is below 100 bytes. */
const formLimitBytes = 1_024;
const requestTimeoutMs = 10_000;
const sessionSeconds = 12 * 3_600;
const loopbackNames: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

const pageText = (name: string) => readFileSync(join(import.meta.dirname, name), 'utf8');
const page = pageText('page.html');
const signInPage = pageText('sign-in.html');

/** A page's one script and one style are allowed by their hashes, and nothing else is. */
function policyOf(text: string): string {
  const hashOf = (tag: 'script' | 'style') => {
    const inner = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(text)?.[1];
    return inner === undefined
      ? "'none'"
      : `'sha256-${createHash('sha256').update(inner).digest('base64')}'`;
  };
  return `default-src 'none'; connect-src 'self'; script-src ${hashOf('script')}; style-src ${hashOf('style')}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`;
}

const [pagePolicy, signInPolicy] = [policyOf(page), policyOf(signInPage)];

function sendHtml(response: ServerResponse, status: number, text: string, policy: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  });
  response.end(text);
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

function redirect(response: ServerResponse, path: string, cookie?: string): void {
  response.writeHead(303, { location: path, ...(cookie ? { 'set-cookie': cookie } : {}) });
  response.end();
}

/** A small body. A larger one is read to its end, which a timeout bounds, and dropped. */
async function readText(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) {
    if (text.length <= formLimitBytes) text += chunk;
  }
  return text.length <= formLimitBytes ? text : '';
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  return new URLSearchParams(await readText(request));
}

/** One door: the same page behind it, with its own rule of who may come in. */
class Door {
  readonly #options: WebServerOptions;
  readonly #isTls: boolean;

  constructor(options: WebServerOptions, isTls: boolean) {
    this.#options = options;
    this.#isTls = isTls;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A page of another site must not read the events through a name that points to loopback.
    const host = request.headers.host?.replace(/:\d+$/, '') ?? '';
    if (!this.#isTls && !loopbackNames.includes(host)) {
      sendJson(response, 403, { fault: 'plain HTTP answers on loopback only' });
      return;
    }
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname === '/healthz') {
      response.end('ok\n');
      return;
    }
    if (url.pathname === '/sign-in') return this.#signIn(request, response);
    if (url.pathname === '/sign-out' && request.method === 'POST') {
      this.#options.access.signOut(this.#session(request));
      return redirect(response, '/sign-in', this.#cookie('', 0));
    }
    if (url.pathname === '/metrics' && (!this.#isTls || this.#mayCome(request))) {
      const { registry } = this.#options.metrics;
      response.setHeader('content-type', registry.contentType);
      response.end(await registry.metrics());
      return;
    }
    if (!this.#mayCome(request)) {
      if (url.pathname === '/') return redirect(response, '/sign-in');
      response.setHeader('www-authenticate', 'Bearer');
      return sendJson(response, 401, { fault: 'sign in, or send the access token as Bearer' });
    }
    if (url.pathname === '/') return sendHtml(response, 200, page, pagePolicy);
    if (url.pathname === '/api/orders/answer') return this.#answerOrder(request, response);
    const body = answerApi(this.#options, url.pathname, url.searchParams);
    if (body === null) return sendJson(response, 404, { fault: 'there is nothing here' });
    sendJson(response, 200, body);
  }

  /** JSON only: a page of another site cannot send it without asking first. */
  async #answerOrder(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { store, nowMs, logger } = this.#options;
    const isJson = request.headers['content-type'] === 'application/json';
    if (request.method !== 'POST' || !isJson) {
      return sendJson(response, 405, { fault: 'POST application/json' });
    }
    const given = orderAnswerOf(await readText(request));
    if (given === null) return sendJson(response, 400, { fault: orderAnswerForm });
    const { storeGln, proposalId, answer } = given;
    const result = answerOrder(store, storeGln, proposalId, answer, nowMs());
    if (!result.ok) return sendJson(response, 409, { fault: result.fault });
    logger.info({ storeGln, proposalId, accepted: answer.accepted }, 'order-answered');
    sendJson(response, 200, { sequence: result.sequence });
  }

  #mayCome(request: IncomingMessage): boolean {
    const { access, isLoopbackOpen } = this.#options;
    if (!this.#isTls && isLoopbackOpen) return true;
    const bearer = /^Bearer (\S{1,200})$/.exec(request.headers.authorization ?? '')?.[1];
    if (bearer !== undefined) return access.isToken(bearer);
    return access.isSession(this.#session(request));
  }

  async #signIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { access, metrics, logger } = this.#options;
    if (request.method !== 'POST') return sendHtml(response, 200, signInPage, signInPolicy);
    const form = await readForm(request);
    const session = access.signIn(form.get('token') ?? '');
    if (session !== null) return redirect(response, '/', this.#cookie(session, sessionSeconds));
    metrics.signInRefused();
    logger.warn({ from: request.socket.remoteAddress }, 'page-sign-in-refused');
    const fault = '<p class="fault" role="alert">This is not the access token.</p>';
    sendHtml(response, 403, signInPage.replace('<!--fault-->', fault), signInPolicy);
  }

  /** Two doors on one host share their cookies, so each has a name of its own. */
  get #cookieName(): string {
    return this.#isTls ? '__Host-stockhand-hq' : 'stockhand-hq';
  }

  #cookie(value: string, maxAgeSeconds: number): string {
    const secure = this.#isTls ? '; Secure' : '';
    return `${this.#cookieName}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAgeSeconds}${secure}`;
  }

  #session(request: IncomingMessage): string {
    const cookies = (request.headers.cookie ?? '').split(/;\s*/);
    const lead = `${this.#cookieName}=`;
    return cookies.find((cookie) => cookie.startsWith(lead))?.slice(lead.length) ?? '';
  }
}

async function listen(server: Server, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  // A server that listens on a port has an address.
  return (server.address() as AddressInfo).port;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  const { bundle, host, logger } = options;
  const listenerOf = (door: Door): RequestListener => {
    return (request, response) => {
      door.answer(request, response).catch((error: unknown) => {
        logger.warn({ err: error, path: request.url }, 'page-failed');
        if (!response.headersSent) sendJson(response, 500, { fault: 'HQ could not answer' });
        else response.destroy();
      });
    };
  };
  const limits = { requestTimeout: requestTimeoutMs };
  const plain = createServer(limits, listenerOf(new Door(options, false)));
  const tls = createTlsServer(
    { ...limits, cert: bundle.certificatePem, key: bundle.privateKeyPem, minVersion: 'TLSv1.2' },
    listenerOf(new Door(options, true)),
  );
  const port = await listen(plain, options.port, '127.0.0.1');
  const tlsPort = await listen(tls, options.tlsPort, host);
  return { port, tlsPort, stop: async () => void (await Promise.all([close(plain), close(tls)])) };
}
