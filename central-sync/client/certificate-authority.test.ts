import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isGln } from '@stockhand/proto/vocabulary/gs1-keys.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createAuthority,
  issueServerCertificate,
  issueStoreCertificate,
  keepAuthority,
  keepServerCertificate,
  readBundle,
  storeOfAltNames,
  writeBundle,
} from './certificate-authority.ts';

const gln = '4012345000009';
if (!isGln(gln)) throw new Error('the test needs a valid GLN');
const nowMs = Date.UTC(2026, 10, 23, 9);
const dayMs = 86_400_000;
const names = { commonName: 'kiosk', dnsNames: ['localhost'], ipAddresses: ['127.0.0.1'] };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stockhand-certificates-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('certificate authority', () => {
  it('issues a store certificate that names the store and matches its key', async () => {
    const authority = await createAuthority('Chain', nowMs);
    const bundle = await issueStoreCertificate(authority, gln, nowMs);
    const certificate = new X509Certificate(bundle.certificatePem);
    expect(certificate.subjectAltName).toBe(`URI:urn:stockhand:store:${gln}`);
    expect(storeOfAltNames(certificate.subjectAltName)).toBe(gln);
    expect(certificate.checkPrivateKey(createPrivateKey(bundle.privateKeyPem))).toBe(true);
    const issuer = new X509Certificate(authority.certificatePem);
    expect(certificate.checkIssued(issuer)).toBe(true);
    expect(certificate.verify(issuer.publicKey)).toBe(true);
    expect(certificate.validToDate.getTime()).toBe(nowMs + 730 * dayMs);
  });

  it('issues a server certificate for host names and addresses', async () => {
    const authority = await createAuthority('Chain', nowMs);
    const bundle = await issueServerCertificate(authority, names, nowMs);
    const certificate = new X509Certificate(bundle.certificatePem);
    expect(certificate.checkHost('localhost')).toBe('localhost');
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(certificate.checkHost('example.com')).toBeUndefined();
  });

  it.each([
    ['no name', undefined],
    ['no store name', 'DNS:localhost, URI:urn:other:1'],
    ['two stores', `URI:urn:stockhand:store:${gln}, URI:urn:stockhand:store:4012345000016`],
    ['a wrong check digit', 'URI:urn:stockhand:store:4012345000008'],
    ['a host that spells the name', `DNS:urn:stockhand:store:${gln}`],
  ])('reads no store from %s', (_, altNames) => {
    expect(storeOfAltNames(altNames)).toBeNull();
  });

  it('keeps the authority, and the server certificate while it fits', async () => {
    const authority = await keepAuthority(join(folder, 'authority'), 'Chain', nowMs);
    expect(await keepAuthority(join(folder, 'authority'), 'Chain', nowMs)).toEqual(authority);
    const server = join(folder, 'server');
    const first = await keepServerCertificate(server, authority, names, nowMs);
    expect(await keepServerCertificate(server, authority, names, nowMs)).toEqual(first);
    const renamed = { ...names, dnsNames: ['localhost', 'kiosk.store.example'] };
    const second = await keepServerCertificate(server, authority, renamed, nowMs);
    expect(second.certificatePem).not.toBe(first.certificatePem);
    const later = nowMs + 340 * dayMs;
    const third = await keepServerCertificate(server, authority, renamed, later);
    expect(third.certificatePem).not.toBe(second.certificatePem);
    const other = await createAuthority('Another chain', nowMs);
    const fourth = await keepServerCertificate(server, other, renamed, later);
    expect(fourth.authorityPem).toBe(other.certificatePem);
  });

  it('writes files that only the owner can read, and leaves nothing else behind', async () => {
    const authority = await createAuthority('Chain', nowMs);
    const bundle = await issueStoreCertificate(authority, gln, nowMs);
    const target = join(folder, 'store');
    expect(readBundle(target)).toBeNull();
    writeBundle(target, bundle);
    expect(readBundle(target)).toEqual(bundle);
    expect(statSync(target).mode & 0o777).toBe(0o700);
    expect(readdirSync(target).sort()).toEqual([
      'authority.pem',
      'certificate.pem',
      'private-key.pem',
    ]);
    for (const name of readdirSync(target)) {
      expect(statSync(join(target, name)).mode & 0o777).toBe(0o600);
    }
  });
});
