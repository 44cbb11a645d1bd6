/**
 * Sessions of people at kiosks.
 *
 * A session token is 256 random bits, shown once to the kiosk that signed in. Only its SHA-256 is
 * kept: it is the session id of the `StaffSignedIn` event, so the core's own list of sessions is the
 * single truth, and a restarted agent still knows who is signed in where. What this table adds is
 * when a session was last used, in monotonic time: after `idleMs` without an action or a question
 * it is signed out. A session that is known from before a restart counts as used at the start.
 *
 * Example: Anna signs in at 09:00, finishes a refill at 09:10 and walks off. With 15 minutes of idle
 * time, whoever comes to the kiosk at 09:25 finds the sign-in screen.
 */
import { createHash } from 'node:crypto';
import type { SessionRecord } from '../ingest/session-record.ts';
import type { Random } from '../ports.ts';

export const tokenBytes = 32;

/** What a request proves: the token's session, as the core knows it. */
export function sessionIdOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

export function newToken(random: Random): string {
  return Buffer.from(random.bytes(tokenBytes)).toString('base64url');
}

/** Token of an "authorization: Bearer …" header; undefined when there is none. */
export function bearerToken(header: string | null): string | undefined {
  return /^Bearer ([A-Za-z0-9_-]{16,256})$/.exec(header ?? '')?.[1];
}

export class SessionUse {
  readonly #startedMs: number;
  readonly #idleMs: number;
  readonly #usedMs = new Map<string, number>();

  constructor(startedMs: number, idleMs: number) {
    this.#startedMs = startedMs;
    this.#idleMs = idleMs;
  }

  used(sessionId: string, nowMs: number): void {
    this.#usedMs.set(sessionId, nowMs);
  }

  isIdle(sessionId: string, nowMs: number): boolean {
    return nowMs - (this.#usedMs.get(sessionId) ?? this.#startedMs) >= this.#idleMs;
  }

  /** Sessions to sign out; forgets those that the core no longer has, so the table stays bounded. */
  sweep(sessions: ReadonlyMap<string, SessionRecord>, nowMs: number): SessionRecord[] {
    for (const sessionId of this.#usedMs.keys()) {
      if (!sessions.has(sessionId)) this.#usedMs.delete(sessionId);
    }
    return [...sessions.values()].filter(({ sessionId }) => this.isIdle(sessionId, nowMs));
  }
}
