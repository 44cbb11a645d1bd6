import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { type IncomingHttpHeaders, request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAuthority, issueServerCertificate } from '../../client/certificate-authority.ts';
import { SqliteHqStore } from '../store/sqlite-hq-store.ts';
import { createHqMetrics } from './hq-metrics.ts';
import { newAccessToken, PageAccess } from './page-access.ts';
import { startWebServer, type WebServer } from './web-server.ts';

let folder: string;
let store: SqliteHqStore;
let server: WebServer;
let authorityPem: string;
let token: string;
let nowMs: number;
const logged: string[] = [];

async function start(isLoopbackOpen: boolean): Promise<void> {
  const authority = await createAuthority('HQ', Date.now());
  authorityPem = authority.certificatePem;
  const names = { commonName: 'hq', dnsNames: ['localhost'], ipAddresses: ['127.0.0.1'] };
  const bundle = await issueServerCertificate(authority, names, Date.now());
  const options = { store, connectedStores: () => 1, nowMs: () => nowMs };
  server = await startWebServer({
    ...options,
    host: '127.0.0.1',
    port: 0,
    tlsPort: 0,
    bundle,
    isConnected: () => true,
    access: new PageAccess(folder, () => nowMs),
    isLoopbackOpen,
    metrics: createHqMetrics(options),
    logger: { info: () => {}, warn: (_fields, event) => logged.push(event) },
  });
}

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

interface Ask {
  headers?: Record<string, string>;
  /** Posts this form. */
  form?: string;
}

function ask(door: 'plain' | 'tls', path: string, { headers = {}, form }: Ask = {}) {
  return new Promise<Answer>((resolve, reject) => {
    const method = form === undefined ? 'GET' : 'POST';
    const common = { host: '127.0.0.1', path, method, headers, agent: false } as const;
    const request =
      door === 'tls'
        ? tlsRequest({ ...common, port: server.tlsPort, ca: authorityPem, servername: 'localhost' })
        : plainRequest({ ...common, port: server.port });
    request.on('error', reject);
    request.on('response', (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    request.end(form);
  });
}

/** Signs in and answers the cookie. */
async function cookieFrom(door: 'plain' | 'tls'): Promise<string> {
  const { headers } = await ask(door, '/sign-in', { form: `token=${token}` });
  return headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stockhand-hq-page-'));
  store = new SqliteHqStore(join(folder, 'hq.db'));
  token = newAccessToken(folder);
  nowMs = 1_000_000;
  logged.length = 0;
});

afterEach(async () => {
  await server.stop();
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('HQ’s page', () => {
  it('asks for a sign-in on both doors and tells nothing before', async () => {
    await start(false);
    for (const door of ['plain', 'tls'] as const) {
      const first = await ask(door, '/');
      expect([first.status, first.headers.location]).toEqual([303, '/sign-in']);
      for (const path of ['/api/stores', '/api/events', '/api/event?id=1', '/anything']) {
        expect((await ask(door, path)).status).toBe(401);
      }
      expect((await ask(door, '/sign-in')).body).toContain('Access token');
      expect((await ask(door, '/healthz')).status).toBe(200);
    }
    expect((await ask('tls', '/metrics')).status).toBe(401);
  });

  it('lets in who has the token, by cookie or as Bearer, until they sign out', async () => {
    await start(false);
    for (const door of ['plain', 'tls'] as const) {
      const headers = { cookie: await cookieFrom(door) };
      expect((await ask(door, '/', { headers })).body).toContain('Stores');
      expect(JSON.parse((await ask(door, '/api/stores', { headers })).body)).toMatchObject({
        stores: [],
      });
      await ask(door, '/sign-out', { headers, form: '' });
      expect((await ask(door, '/api/stores', { headers })).status).toBe(401);
      const bearer = { authorization: `Bearer ${token}` };
      expect((await ask(door, '/api/events', { headers: bearer })).status).toBe(200);
    }
  });

  it('gives a cookie that scripts and other sites cannot use', async () => {
    await start(false);
    const { headers } = await ask('tls', '/sign-in', { form: `token=${token}` });
    const cookie = headers['set-cookie']?.[0] ?? '';
    for (const part of ['__Host-', 'HttpOnly', 'SameSite=Strict', 'Secure', 'Path=/']) {
      expect(cookie).toContain(part);
    }
  });

  it('refuses a wrong token, says so, and logs and counts it', async () => {
    await start(false);
    const wrong = await ask('tls', '/sign-in', { form: 'token=aaaa-bbbb' });
    expect(wrong.status).toBe(403);
    expect(wrong.body).toContain('This is not the access token.');
    expect(wrong.headers['set-cookie']).toBeUndefined();
    expect((await ask('tls', '/sign-in', { form: `token=${'x'.repeat(5_000)}` })).status).toBe(403);
    expect(logged).toEqual(['page-sign-in-refused', 'page-sign-in-refused']);
    const { body } = await ask('plain', '/metrics');
    expect(body).toContain('stockhand_hq_sign_ins_refused_total 2');
    const headers = { authorization: 'Bearer nonsense' };
    expect((await ask('tls', '/api/stores', { headers })).status).toBe(401);
  });

  it('tells in its metrics how long each store was silent', async () => {
    await start(false);
    const [gln, installationId, epoch] = ['4012345000009', 'i', '00'];
    const versions = { agentVersion: '1', masterDataVersion: 'v1' };
    store.greet({ gln, installationId, epoch, ...versions, atMs: nowMs - 5_000 });
    const { body } = await ask('plain', '/metrics');
    expect(body).toContain('stockhand_hq_store_silence_seconds{store="4012345000009"} 5');
    expect(body).toContain('stockhand_hq_stores_connected 1');
  });

  it('ends sessions after half a day and when the token is replaced', async () => {
    await start(false);
    const headers = { cookie: await cookieFrom('tls') };
    nowMs += 13 * 3_600_000;
    expect((await ask('tls', '/api/stores', { headers })).status).toBe(401);
    const again = { cookie: await cookieFrom('tls') };
    expect((await ask('tls', '/api/stores', { headers: again })).status).toBe(200);
    const old = token;
    token = newAccessToken(folder);
    expect((await ask('tls', '/api/stores', { headers: again })).status).toBe(401);
    const bearer = { authorization: `Bearer ${old}` };
    expect((await ask('tls', '/api/stores', { headers: bearer })).status).toBe(401);
    expect((await ask('tls', '/', { headers: { cookie: await cookieFrom('tls') } })).status).toBe(
      200,
    );
  });

  it('opens the loopback door only when asked to, and only under a loopback name', async () => {
    await start(true);
    expect((await ask('plain', '/api/stores')).status).toBe(200);
    expect((await ask('tls', '/api/stores')).status).toBe(401);
    const headers = { host: 'rebound.example.com' };
    expect((await ask('plain', '/api/stores', { headers })).status).toBe(403);
  });

  it('keeps the token as a hash that only its owner can read', async () => {
    await start(false);
    const file = join(folder, 'page-access.sha256');
    expect(statSync(file).mode & 0o077).toBe(0);
    for (const name of readdirSync(folder)) {
      expect(readFileSync(join(folder, name)).includes(token)).toBe(false);
    }
  });
});
