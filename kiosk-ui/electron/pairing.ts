/**
 * Which agent this kiosk belongs to, and by which certificate it is known. The first connection to
 * an address notes the certificate's fingerprint, and from then on only that one is trusted: the
 * agent's authority is its own, so the system's list of authorities says nothing about it.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

export interface Pairing {
  /** "https://store-pc.local:8443" or "http://localhost:8080". */
  agentUrl: string;
  /** SHA-256 fingerprint as Electron gives it, "sha256/…"; empty before the first connection. */
  fingerprint: string;
}

export const defaultPairing: Pairing = { agentUrl: 'http://localhost:8080', fingerprint: '' };

const loopbackNames: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** HTTPS anywhere, plain HTTP on loopback only. Null where it is neither. */
export function parseAgentUrl(text: string): URL | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const isLocal = url.protocol === 'http:' && loopbackNames.has(url.hostname);
  return url.protocol === 'https:' || isLocal ? url : null;
}

export function readPairing(file: string): Pairing {
  if (!existsSync(file)) return defaultPairing;
  const kept: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (typeof kept !== 'object' || kept === null) return defaultPairing;
  const agentUrl = 'agentUrl' in kept ? String(kept.agentUrl) : '';
  const fingerprint = 'fingerprint' in kept ? String(kept.fingerprint) : '';
  return parseAgentUrl(agentUrl) ? { agentUrl, fingerprint } : defaultPairing;
}

/** Renamed into place, so that a power cut leaves the old pairing. */
export function keepPairing(file: string, pairing: Pairing): void {
  writeFileSync(`${file}.new`, JSON.stringify(pairing), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

export type TrustVerdict = 'trusted' | 'pair' | 'refused';

/** What to make of a certificate that the system does not know. */
export function judgeCertificate(
  pairing: Pairing,
  host: string,
  fingerprint: string,
): TrustVerdict {
  if (parseAgentUrl(pairing.agentUrl)?.hostname !== host) return 'refused';
  if (pairing.fingerprint === '') return 'pair';
  return pairing.fingerprint === fingerprint ? 'trusted' : 'refused';
}
