import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer, type TLSSocket } from 'node:tls';
import {
  bundleFiles,
  createAuthority,
  issueServerCertificate,
  issueStoreCertificate,
  writeBundle,
} from '@stockhand/central-sync/client/certificate-authority.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storeGln } from '../sample-store.ts';
import { brokerAccess, externalBroker, withResolvedFiles } from './external-settings.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stockhand-broker-settings-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const accessOf = (section: object) =>
  brokerAccess(withResolvedFiles(externalBroker.parse(section), folder));

describe('the settings of a broker of the store', () => {
  it('name host and port, with the usual ports where none is said', () => {
    expect(accessOf({ url: 'mqtts://broker.store.example' })).toMatchObject({
      host: 'broker.store.example',
      port: 8_883,
      tls: {},
    });
    expect(accessOf({ url: 'mqtt://[::1]' })).toMatchObject({
      host: '::1',
      port: 1_883,
      tls: null,
    });
    expect(accessOf({ url: 'mqtts://192.0.2.7:1234' })).toMatchObject({ port: 1_234 });
  });

  it('take the password from its file, without the line’s end', () => {
    writeFileSync(join(folder, 'password'), 'not shown\n');
    const section = { url: 'mqtts://b', user: 'stockhand', passwordFile: 'password' };
    expect(accessOf(section)).toMatchObject({ user: 'stockhand', password: 'not shown' });
    const absent = { url: 'mqtts://b', passwordFile: 'nowhere' };
    expect(() => accessOf(absent)).toThrow(/ENOENT.*nowhere/);
  });

  it('prove who we are by a certificate, and trust the named authority only', async () => {
    const issuer = await createAuthority('Broker', Date.now());
    const names = { commonName: 'broker', dnsNames: ['localhost'], ipAddresses: ['127.0.0.1'] };
    const { certificatePem: cert, privateKeyPem: key } = await issueServerCertificate(
      issuer,
      names,
      Date.now(),
    );
    // The sample's store number is a GLN.
    const gln = storeGln as Parameters<typeof issueStoreCertificate>[1];
    writeBundle(folder, await issueStoreCertificate(issuer, gln, Date.now()));
    const server = createServer({ cert, key, ca: issuer.certificatePem, requestCert: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const { authority: ca, certificate, privateKey } = bundleFiles;
    const url = `mqtts://localhost:${port}`;
    const access = accessOf({ url, ca, certificate, key: privateKey });
    const accepted = once(server, 'secureConnection') as Promise<[TLSSocket]>;
    const socket = connect({ host: access.host, port: access.port, ...access.tls });
    socket.on('error', () => {});
    const [peer] = await accepted;
    expect(peer.authorized).toBe(true);
    expect(peer.getPeerCertificate().subject.CN).toContain(storeGln);
    const stranger = connect({ host: 'localhost', port, ...accessOf({ url }).tls });
    const [error] = await once(stranger, 'error');
    expect(String(error)).toMatch(/self-signed|unable to/i);
    socket.destroy();
    stranger.destroy();
    server.close();
  });
});
