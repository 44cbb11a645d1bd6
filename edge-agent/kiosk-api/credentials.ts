/**
 * Badges and PINs of staff.
 *
 * A badge carries 128 random bits, which nobody can guess: its SHA-256 is looked up. A PIN of a few
 * digits can be guessed, so it is kept as scrypt with its own salt ("scrypt$N$r$p$salt$hash", base64)
 * and attempts are slowed down (see pin-attempts.ts).
 */
import { createHash, scrypt, timingSafeEqual } from 'node:crypto';
import type { PersonRecord, Random } from '../ports.ts';

/** Cost of a PIN hash made here: N=2^15, r=8, p=1 takes about 85 ms and 32 MiB. */
const cost = { n: 32_768, r: 8, p: 1 } as const;
const hashBytes = 32;
const saltBytes = 16;
/** Greater costs than these would let a pushed record exhaust the agent's memory or time. */
const costLimit = { n: 131_072, r: 16, p: 4 } as const;

/** SHA-256 of a badge code, hexadecimal: how `PersonRecord.badgeHash` is made. */
export function hashBadge(badge: string): string {
  return createHash('sha256').update(badge).digest('hex');
}

/** The record form of a PIN. */
export async function hashPin(pin: string, random: Random): Promise<string> {
  const salt = random.bytes(saltBytes);
  const hash = await derive(pin, salt, cost.n, cost.r, cost.p, hashBytes);
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  return `scrypt$${cost.n}$${cost.r}$${cost.p}$${text(salt)}$${text(hash)}`;
}

/** False also for a record that is not in the form above or asks for more than the limits. */
export async function isPinOf(pin: string, record: string): Promise<boolean> {
  const match = /^scrypt\$(\d{1,7})\$(\d{1,2})\$(\d{1,2})\$([\w+/=]+)\$([\w+/=]+)$/.exec(record);
  if (match === null) return false;
  const [n, r, p] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const isPowerOfTwo = n > 1 && (n & (n - 1)) === 0;
  if (!isPowerOfTwo || n > costLimit.n || r < 1 || r > costLimit.r) return false;
  if (p < 1 || p > costLimit.p) return false;
  const wanted = Buffer.from(match[5] ?? '', 'base64');
  if (wanted.length < 16 || wanted.length > 64) return false;
  const salt = Buffer.from(match[4] ?? '', 'base64');
  return timingSafeEqual(await derive(pin, salt, n, r, p, wanted.length), wanted);
}

/** Whose badge it is; undefined for nobody's. */
export function personOfBadge(
  people: readonly PersonRecord[],
  badge: string,
): PersonRecord | undefined {
  if (badge === '') return undefined;
  const hash = hashBadge(badge);
  return people.find((person) => person.badgeHash === hash);
}

/**
 * Who signs in with a PIN: by reference, as the kiosk's list gives it, or by name, as people type it in a
 * shell. Undefined for nobody's name and for a name that several people have.
 */
export function personNamed(
  people: readonly PersonRecord[],
  text: string,
): PersonRecord | undefined {
  const byRef = people.find(({ personRef }) => personRef === text);
  if (byRef !== undefined) return byRef;
  const [first, second] = people.filter(({ name }) => isSameName(name, text));
  return second === undefined ? first : undefined;
}

/** What is in brackets behind a name, such as a role, need not be typed. */
function isSameName(name: string, text: string): boolean {
  const typed = text.trim().toLowerCase();
  const full = name.trim().toLowerCase();
  return typed !== '' && (typed === full || typed === full.replace(/\s*\([^()]*\)$/, ''));
}

function derive(
  pin: string,
  salt: Uint8Array,
  n: number,
  r: number,
  p: number,
  length: number,
): Promise<Buffer> {
  const options = { N: n, r, p, maxmem: 256 * n * r };
  return new Promise((resolve, reject) => {
    scrypt(pin, salt, length, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
