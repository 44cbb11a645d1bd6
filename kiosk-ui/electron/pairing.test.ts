import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  defaultPairing,
  judgeCertificate,
  keepPairing,
  parseAgentUrl,
  readPairing,
} from './pairing.ts';
import { firstPauseMs, longestPauseMs, Watchdog } from './watchdog.ts';

describe('the pairing of a kiosk with its agent', () => {
  it('takes HTTPS anywhere and plain HTTP on loopback only', () => {
    expect(parseAgentUrl('https://store-pc.local:8443')?.port).toBe('8443');
    expect(parseAgentUrl('http://localhost:8080')?.port).toBe('8080');
    for (const text of ['http://store-pc.local:8080', 'file:///etc/passwd', 'nonsense', '']) {
      expect(parseAgentUrl(text)).toBeNull();
    }
  });

  it('trusts the certificate of the first connection, and no other afterwards', () => {
    const fresh = { agentUrl: 'https://store-pc.local:8443', fingerprint: '' };
    expect(judgeCertificate(fresh, 'store-pc.local', 'sha256/a')).toBe('pair');
    const paired = { ...fresh, fingerprint: 'sha256/a' };
    expect(judgeCertificate(paired, 'store-pc.local', 'sha256/a')).toBe('trusted');
    expect(judgeCertificate(paired, 'store-pc.local', 'sha256/b')).toBe('refused');
    expect(judgeCertificate(fresh, 'elsewhere.example', 'sha256/a')).toBe('refused');
  });

  it('is kept through a restart, and a broken file does no harm', () => {
    const folder = mkdtempSync(join(tmpdir(), 'stockhand-pairing-'));
    try {
      const file = join(folder, 'pairing.json');
      expect(readPairing(file)).toEqual(defaultPairing);
      const pairing = { agentUrl: 'https://store-pc.local:8443', fingerprint: 'sha256/a' };
      keepPairing(file, pairing);
      expect(readPairing(file)).toEqual(pairing);
      writeFileSync(file, '{"agentUrl":"http://evil.example"}');
      expect(readPairing(file)).toEqual(defaultPairing);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('the watchdog of the page', () => {
  it('reloads with growing pauses and begins anew after a good load', () => {
    const pauses: number[] = [];
    let reloads = 0;
    let due = () => {};
    const watchdog = new Watchdog({
      reload: () => {
        reloads += 1;
      },
      schedule: (delayMs, callback) => {
        pauses.push(delayMs);
        due = callback;
        return () => {};
      },
    });
    for (let round = 0; round < 7; round += 1) {
      watchdog.failed();
      watchdog.failed();
      due();
    }
    expect(reloads).toBe(7);
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, longestPauseMs, longestPauseMs]);
    watchdog.recovered();
    watchdog.failed();
    expect(pauses.at(-1)).toBe(firstPauseMs);
  });
});
