/**
 * Secrets of devices: 128 random bits each, of which only the SHA-256 is kept. A fast hash is right
 * here: the secret cannot be guessed, and 2,000 devices that come back at once must be let in within
 * a second. (People's PINs can be guessed and get a slow hash.)
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Database } from 'better-sqlite3';

export class DeviceCredentials {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Makes a new secret for the device and answers it; it cannot be read again. */
  issue(deviceId: string, nowMs: number): string {
    const secret = randomBytes(16).toString('hex');
    this.set(deviceId, secret, nowMs);
    return secret;
  }

  set(deviceId: string, secret: string, nowMs: number): void {
    const hash = createHash('sha256').update(secret).digest();
    this.#database
      .prepare('INSERT OR REPLACE INTO device_credentials VALUES (?, ?, ?)')
      .run(deviceId, hash, nowMs);
  }

  revoke(deviceId: string): boolean {
    const result = this.#database
      .prepare('DELETE FROM device_credentials WHERE device_id = ?')
      .run(deviceId);
    return result.changes > 0;
  }

  verify(deviceId: string, secret: Uint8Array): boolean {
    const stored = this.#database
      .prepare('SELECT secret_hash FROM device_credentials WHERE device_id = ?')
      .pluck()
      .get(deviceId) as Buffer | undefined;
    const given = createHash('sha256').update(secret).digest();
    // An unknown device costs the same comparison as a known one with a wrong secret.
    const equal = timingSafeEqual(given, stored ?? createHash('sha256').digest());
    return stored !== undefined && equal;
  }

  list(): { deviceId: string; createdAtMs: number }[] {
    return this.#database
      .prepare(
        'SELECT device_id AS deviceId, created_at_ms AS createdAtMs FROM device_credentials ORDER BY 1',
      )
      .all() as { deviceId: string; createdAtMs: number }[];
  }
}
