/**
 * Secrets of devices: 128 random bits each, of which only the SHA-256 is kept. A fast hash is right
 * here: the secret cannot be guessed, and 2,000 devices that come back at once must be let in within
 * a second. (People's PINs can be guessed and get a slow hash.)
 */
import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Database, Statement } from 'better-sqlite3';

const sql = {
  put: 'INSERT OR REPLACE INTO device_credentials VALUES (?, ?, ?)',
  get: 'SELECT secret_hash FROM device_credentials WHERE device_id = ?',
  remove: 'DELETE FROM device_credentials WHERE device_id = ?',
  list: `SELECT device_id AS deviceId, created_at_ms AS createdAtMs FROM device_credentials
    ORDER BY device_id`,
} as const;

const nobodysHash = hash('sha256', '', 'buffer');

export class DeviceCredentials {
  readonly #database: Database;
  readonly #statements: Record<keyof typeof sql, Statement>;
  #dataVersion: unknown;

  constructor(database: Database) {
    this.#database = database;
    this.#statements = {
      put: database.prepare(sql.put),
      get: database.prepare(sql.get).pluck(),
      remove: database.prepare(sql.remove),
      list: database.prepare(sql.list),
    };
    this.#dataVersion = this.#readDataVersion();
  }

  /** Makes a new secret for the device and answers it; it cannot be read again. */
  issue(deviceId: string, nowMs: number): string {
    const secret = randomBytes(16).toString('hex');
    this.set(deviceId, secret, nowMs);
    return secret;
  }

  set(deviceId: string, secret: string, nowMs: number): void {
    this.#statements.put.run(deviceId, hash('sha256', secret, 'buffer'), nowMs);
  }

  revoke(deviceId: string): boolean {
    return this.#statements.remove.run(deviceId).changes > 0;
  }

  /** Names the secret that lets the device in; null when it is not the device's. */
  login(deviceId: string, secret: Uint8Array): string | null {
    const stored = this.#statements.get.get(deviceId) as Buffer | undefined;
    const given = hash('sha256', secret, 'buffer');
    // An unknown device costs the same comparison as a known one with a wrong secret.
    const isEqual = timingSafeEqual(given, stored ?? nobodysHash);
    return stored && isEqual ? stored.toString('hex') : null;
  }

  /** Whether the secret that `login` named still lets the device in. */
  isCurrent(deviceId: string, login: string): boolean {
    const stored = this.#statements.get.get(deviceId) as Buffer | undefined;
    return stored?.toString('hex') === login;
  }

  /** Whether another process (a command) has written to the database since the last call. */
  mayHaveChanged(): boolean {
    const before = this.#dataVersion;
    this.#dataVersion = this.#readDataVersion();
    return this.#dataVersion !== before;
  }

  list(): { deviceId: string; createdAtMs: number }[] {
    return this.#statements.list.all() as { deviceId: string; createdAtMs: number }[];
  }

  #readDataVersion(): unknown {
    return this.#database.pragma('data_version', { simple: true });
  }
}
