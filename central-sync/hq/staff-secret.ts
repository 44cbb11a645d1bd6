/**
 * Hashes of staff secrets. A PIN can be guessed, so its hash is slow: scrypt with N = 2^15, r = 8,
 * p = 1 (OWASP Password Storage Cheat Sheet). A badge code has 128 random bits and needs no salt.
 */
import { createHash, randomBytes, scryptSync } from 'node:crypto';

const cost = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 } as const;
const hashBytes = 32;

/** "scrypt$N$r$p$salt$hash", salt and hash in base64. */
export function hashPin(pin: string): string {
  const salt = randomBytes(16);
  const hash = scryptSync(pin, salt, hashBytes, cost);
  const parts = [
    'scrypt',
    cost.N,
    cost.r,
    cost.p,
    salt.toString('base64'),
    hash.toString('base64'),
  ];
  return parts.join('$');
}

/** SHA-256 of the badge code, hexadecimal. */
export function hashBadge(badge: string): string {
  return createHash('sha256').update(badge).digest('hex');
}
