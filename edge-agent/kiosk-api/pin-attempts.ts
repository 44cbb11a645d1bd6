/**
 * Slows down the guessing of PINs, per person.
 *
 * Three wrong PINs are free, for fingers slip. Each further one locks the person's PIN for twice as
 * long: 5 s, 10 s, 20 s … up to 15 minutes; the right PIN, once the lock is over, clears the count.
 * An attempt counts when it begins, so a hundred at once are not a hundred free guesses. A badge
 * still works meanwhile: it cannot be guessed, and a colleague must not be locked out of the day's
 * work by someone who plays with their name. With 10,000 four-digit PINs the lock lets through
 * about a hundred guesses a day: a chance of one per cent, with a warning in the log for each.
 */
export const freeAttempts = 3;
export const firstLockMs = 5_000;
export const longestLockMs = 15 * 60_000;

interface Attempts {
  wrong: number;
  lockedUntilMs: number;
}

export class PinAttempts {
  /** By person reference; callers ask only about people whom the store knows, which bounds it. */
  readonly #byPerson = new Map<string, Attempts>();

  /** Begins an attempt. 0 when it may go on, else the milliseconds until the next may. */
  begin(personRef: string, nowMs: number): number {
    const attempts = this.#byPerson.get(personRef) ?? { wrong: 0, lockedUntilMs: 0 };
    if (attempts.lockedUntilMs > nowMs) return Math.ceil(attempts.lockedUntilMs - nowMs);
    attempts.wrong += 1;
    const beyond = attempts.wrong - freeAttempts;
    if (beyond >= 0) {
      attempts.lockedUntilMs = nowMs + Math.min(longestLockMs, firstLockMs * 2 ** beyond);
    }
    this.#byPerson.set(personRef, attempts);
    return 0;
  }

  /** The PIN was right. */
  succeeded(personRef: string): void {
    this.#byPerson.delete(personRef);
  }
}
