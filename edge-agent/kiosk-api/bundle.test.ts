/** The page behind the doors: caching, policy, HTTP/2. The calls are in kiosk-api.test.ts. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serveBundle } from './bundle.ts';

let folder: string;
let server: FastifyInstance;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stockhand-bundle-'));
  server = fastify();
});

afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the kiosk page as it is served', () => {
  beforeEach(() => {
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Stockhand</title>');
    writeFileSync(join(folder, 'assets', 'index-a1b2.js'), 'export {};');
  });

  it('is asked for anew at each load, its hashed files never again', async () => {
    await serveBundle(server, folder);
    const page = await server.inject('/');
    expect(page.statusCode).toBe(200);
    expect(page.headers['cache-control']).toBe('no-cache');
    const script = await server.inject('/assets/index-a1b2.js');
    expect(script.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  });

  it('may run its own scripts and talk to its own origin only', async () => {
    await serveBundle(server, folder);
    for (const path of ['/', '/assets/index-a1b2.js', '/nothing-here']) {
      const { headers } = await server.inject(path);
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self'");
      expect(policy).not.toContain('unsafe');
      expect(headers['x-content-type-options']).toBe('nosniff');
    }
  });

  it('gives out nothing beside the bundle', async () => {
    writeFileSync(join(folder, '..', 'stockhand-outside.txt'), 'secret');
    await serveBundle(server, folder);
    for (const path of ['/../stockhand-outside.txt', '/%2e%2e/stockhand-outside.txt']) {
      expect((await server.inject(path)).statusCode).toBeGreaterThanOrEqual(400);
    }
    rmSync(join(folder, '..', 'stockhand-outside.txt'));
  });
});

it('says how to build the page where it is not built', async () => {
  await serveBundle(server, join(folder, 'nowhere'));
  const page = await server.inject('/');
  expect(page.statusCode).toBe(503);
  expect(page.body).toContain('node kiosk-ui/build.ts');
});
