/**
 * Who may see HQ's page and API. There is one access token: 140 random bits, made at the first start,
 * shown once, kept as its SHA-256. A secret that nobody can guess needs no slow hash, so a flood of
 * sign-ins costs nothing. Browsers give it once and get a session cookie; scripts send it as
 * `Authorization: Bearer …`.
 *
 * Example: `stockhand hq new-token --data ./hq` while HQ runs: the old token and every session that it
 * opened are refused from the next request on.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const fileName = 'page-access.sha256';
const sessionMs = 12 * 3_600_000;
/** More people than HQ has; beyond it the oldest sign in again. */
export const sessionLimit = 1_000;

/** Without letters and digits that look alike: five bits each. */
const alphabet = 'abcdefghijkmnpqrstuvwxyz23456789';

const digest = (text: string) => createHash('sha256').update(text).digest();

/** Makes a new token and keeps its hash. Answers the token: it is shown once and nowhere kept. */
export function newAccessToken(folder: string): string {
  const letters = [...randomBytes(28)].map((byte) => alphabet[byte & 31] ?? '').join('');
  const token = letters.replace(/(.{4})(?=.)/g, '$1-');
  const file = join(folder, fileName);
  writeFileSync(`${file}.new`, `${digest(token).toString('hex')}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return token;
}

export function hasAccessToken(folder: string): boolean {
  return existsSync(join(folder, fileName));
}

interface Session {
  untilMs: number;
  /** Hash of the token that opened it. */
  tokenHash: string;
}

export class PageAccess {
  readonly #folder: string;
  readonly #nowMs: () => number;
  readonly #sessions = new Map<string, Session>();

  constructor(folder: string, nowMs: () => number) {
    this.#folder = folder;
    this.#nowMs = nowMs;
  }

  /** The file is read each time: it is small, and another process may have replaced it. */
  get #tokenHash(): string {
    return readFileSync(join(this.#folder, fileName), 'utf8').trim();
  }

  isToken(text: string): boolean {
    const kept = Buffer.from(this.#tokenHash, 'hex');
    const given = digest(text.trim());
    return kept.length === given.length && timingSafeEqual(kept, given);
  }

  /** Opens a session for whoever has the token; null for others. */
  signIn(token: string): string | null {
    if (!this.isToken(token)) return null;
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size >= sessionLimit && oldest !== undefined) this.#sessions.delete(oldest);
    const id = randomBytes(32).toString('base64url');
    this.#sessions.set(digest(id).toString('hex'), {
      untilMs: this.#nowMs() + sessionMs,
      tokenHash: this.#tokenHash,
    });
    return id;
  }

  isSession(id: string): boolean {
    const key = digest(id).toString('hex');
    const session = this.#sessions.get(key);
    if (!session) return false;
    if (session.untilMs > this.#nowMs() && session.tokenHash === this.#tokenHash) return true;
    this.#sessions.delete(key);
    return false;
  }

  signOut(id: string): void {
    this.#sessions.delete(digest(id).toString('hex'));
  }
}
