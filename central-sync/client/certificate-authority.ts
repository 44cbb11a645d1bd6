/**
 * The chain's own certificate authority: who may speak for which store.
 *
 * HQ keeps one authority in its data folder and issues from it a certificate per store. What a
 * store's certificate says is its URI name `urn:stockhand:store:<gln>`, and HQ believes nothing
 * else about who is calling. An agent uses the same functions with an authority of its own for its
 * MQTT and kiosk servers, which devices and browsers of the store trust.
 *
 * Keys are ECDSA P-256. Folders are made with mode 0700 and files with 0600. Each file is written
 * beside its place, synced and renamed; the key goes before the certificate, so a folder without a
 * certificate was never finished and may be filled again.
 */
import 'reflect-metadata';
import { X509Certificate as NodeCertificate, randomBytes, webcrypto } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import { type Gln, isGln } from '@stockhand/proto/vocabulary/gs1-keys.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const dayMs = 86_400_000;
/** A store whose clock is a day behind must still accept a certificate made just now. */
const backdatedMs = dayMs;
const authorityDays = 20 * 365;
const storeDays = 2 * 365;
/** Browsers refuse server certificates that are valid for longer than 398 days. */
const serverDays = 397;
/** A server certificate is made anew at a start when fewer days than this are left. */
const renewWithinDays = 60;

const storeUrnPrefix = 'urn:stockhand:store:';

/** PEM texts of one party: what it shows, what it signs with, and whom it trusts. */
export interface CertificateBundle {
  certificatePem: string;
  privateKeyPem: string;
  /** Certificate of the authority that issued it and that peers are checked against. */
  authorityPem: string;
}

/** A certificate that can sign others. */
export interface CertificateAuthority {
  certificatePem: string;
  privateKeyPem: string;
}

export interface ServerNames {
  commonName: string;
  /** Host names that callers use, for example "localhost". */
  dnsNames: readonly string[];
  /** Addresses that callers use, for example "127.0.0.1". */
  ipAddresses: readonly string[];
}

/** The files of a bundle within its folder. */
export const bundleFiles = {
  certificate: 'certificate.pem',
  privateKey: 'private-key.pem',
  authority: 'authority.pem',
} as const;

/** The URI name by which a certificate speaks for a store. */
export function storeUrn(gln: Gln): string {
  return `${storeUrnPrefix}${gln}`;
}

/**
 * The store that a peer certificate speaks for, read from Node's `subjectaltname` text ("URI:…,
 * DNS:…"); null when it names none, names several, or the name is no GLN.
 */
export function storeOfAltNames(subjectAltName: string | undefined): Gln | null {
  const names = (subjectAltName ?? '')
    .split(/,\s*/)
    .filter((name) => name.startsWith(`URI:${storeUrnPrefix}`))
    .map((name) => name.slice(`URI:${storeUrnPrefix}`.length));
  const gln = names[0];
  return names.length === 1 && gln !== undefined && isGln(gln) ? gln : null;
}

/** Makes a new authority, valid for 20 years. */
export async function createAuthority(
  commonName: string,
  nowMs: number,
): Promise<CertificateAuthority> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerialNumber(),
    name: [{ CN: [commonName] }],
    notBefore: new Date(nowMs - backdatedMs),
    notAfter: new Date(nowMs + authorityDays * dayMs),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificatePem: toPem(certificate), privateKeyPem: await keyPem(keys.privateKey) };
}

/** Issues a certificate that lets its holder speak for one store, valid for two years. */
export function issueStoreCertificate(
  authority: CertificateAuthority,
  gln: Gln,
  nowMs: number,
): Promise<CertificateBundle> {
  return issue(authority, {
    commonName: `Stockhand store ${gln}`,
    names: [{ type: 'url', value: storeUrn(gln) }],
    usage: x509.ExtendedKeyUsage.clientAuth,
    days: storeDays,
    nowMs,
  });
}

/** Issues a certificate for a server that is reached by the given names. */
export function issueServerCertificate(
  authority: CertificateAuthority,
  names: ServerNames,
  nowMs: number,
): Promise<CertificateBundle> {
  return issue(authority, {
    commonName: names.commonName,
    names: [
      ...names.dnsNames.map((value) => ({ type: 'dns' as const, value })),
      ...names.ipAddresses.map((value) => ({ type: 'ip' as const, value })),
    ],
    usage: x509.ExtendedKeyUsage.serverAuth,
    days: serverDays,
    nowMs,
  });
}

/** Loads the authority that lies in a folder, or makes one and keeps it there. */
export async function keepAuthority(
  folder: string,
  commonName: string,
  nowMs: number,
): Promise<CertificateAuthority> {
  const certificatePem = readIfThere(join(folder, bundleFiles.certificate));
  if (certificatePem !== null) {
    const privateKeyPem = readFileSync(join(folder, bundleFiles.privateKey), 'utf8');
    return { certificatePem, privateKeyPem };
  }
  const authority = await createAuthority(commonName, nowMs);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writePrivateFile(folder, bundleFiles.privateKey, authority.privateKeyPem);
  writePrivateFile(folder, bundleFiles.certificate, authority.certificatePem);
  return authority;
}

/**
 * Loads the server certificate that lies in a folder, or issues one and keeps it there: when there
 * is none, when another authority issued it, when it lacks a wanted name, or when it soon expires.
 */
export async function keepServerCertificate(
  folder: string,
  authority: CertificateAuthority,
  names: ServerNames,
  nowMs: number,
): Promise<CertificateBundle> {
  const kept = readBundle(folder);
  if (kept !== null && stillFits(kept, authority, names, nowMs)) return kept;
  const fresh = await issueServerCertificate(authority, names, nowMs);
  writeBundle(folder, fresh);
  return fresh;
}

/** Reads the bundle of a folder; null when it has no certificate. */
export function readBundle(folder: string): CertificateBundle | null {
  const certificatePem = readIfThere(join(folder, bundleFiles.certificate));
  if (certificatePem === null) return null;
  return {
    certificatePem,
    privateKeyPem: readFileSync(join(folder, bundleFiles.privateKey), 'utf8'),
    authorityPem: readFileSync(join(folder, bundleFiles.authority), 'utf8'),
  };
}

/** Writes a bundle into a folder that only its owner can read. */
export function writeBundle(folder: string, bundle: CertificateBundle): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writePrivateFile(folder, bundleFiles.privateKey, bundle.privateKeyPem);
  writePrivateFile(folder, bundleFiles.authority, bundle.authorityPem);
  writePrivateFile(folder, bundleFiles.certificate, bundle.certificatePem);
}

interface Issue {
  commonName: string;
  names: x509.JsonGeneralName[];
  usage: x509.ExtendedKeyUsage;
  days: number;
  nowMs: number;
}

async function issue(authority: CertificateAuthority, what: Issue): Promise<CertificateBundle> {
  const keys = await newKeys();
  const issuer = new x509.X509Certificate(authority.certificatePem);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: newSerialNumber(),
    subject: [{ CN: [what.commonName] }],
    issuer: issuer.subject,
    notBefore: new Date(what.nowMs - backdatedMs),
    notAfter: new Date(what.nowMs + what.days * dayMs),
    publicKey: keys.publicKey,
    signingKey: await signingKey(authority.privateKeyPem),
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([what.usage]),
      new x509.SubjectAlternativeNameExtension(what.names),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return {
    certificatePem: toPem(certificate),
    privateKeyPem: await keyPem(keys.privateKey),
    authorityPem: authority.certificatePem,
  };
}

function stillFits(
  bundle: CertificateBundle,
  authority: CertificateAuthority,
  names: ServerNames,
  nowMs: number,
): boolean {
  if (bundle.authorityPem !== authority.certificatePem) return false;
  const certificate = new NodeCertificate(bundle.certificatePem);
  const untilMs = certificate.validToDate.getTime();
  const covers =
    names.dnsNames.every((name) => certificate.checkHost(name) !== undefined) &&
    names.ipAddresses.every((address) => certificate.checkIP(address) !== undefined);
  return covers && untilMs - nowMs > renewWithinDays * dayMs;
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

function signingKey(privateKeyPem: string): Promise<webcrypto.CryptoKey> {
  const [der] = x509.PemConverter.decode(privateKeyPem);
  if (der === undefined) throw new Error('the private key of the authority is not in PEM form');
  return webcrypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign']);
}

async function keyPem(key: webcrypto.CryptoKey): Promise<string> {
  const der = await webcrypto.subtle.exportKey('pkcs8', key);
  return `${x509.PemConverter.encode(der, 'PRIVATE KEY')}\n`;
}

function toPem(certificate: x509.X509Certificate): string {
  return `${certificate.toString('pem')}\n`;
}

/** A positive number of 127 random bits; zero in the first bit keeps it positive in DER. */
function newSerialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

function writePrivateFile(folder: string, name: string, text: string): void {
  const path = join(folder, name);
  const beside = `${path}.${randomBytes(6).toString('hex')}.new`;
  const file = openSync(beside, 'wx', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(beside, path);
}
