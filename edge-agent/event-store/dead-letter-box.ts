/**
 * Refused inputs with their bytes, bounded in rows, bytes and age; the oldest go first. The newest
 * stays whatever its size and age: the number of the next follows from it.
 *
 * `keep` runs inside the transaction of a commit, so a letter is there exactly when its input's outcome
 * is.
 */
import type { Database, Statement } from 'better-sqlite3';
import type { DeadLetter, LetterReplay } from '../ports.ts';

export const deadLetterLimit = {
  rows: 20_000,
  /** Of all payloads together. */
  bytes: 64 * 1024 * 1024,
  /** Of one payload; the rest is cut off. */
  payloadBytes: 64 * 1024,
  ageMs: 30 * 24 * 3_600_000,
} as const;

/** Trimming begins when a limit is passed by this share, so that it is not done for each letter. */
const trimSlack = 1 / 20;

const columns = `number, received_at_ms AS receivedAtMs, device_id AS deviceId, source, topic, payload,
  reason, field, found, expected, replayed_at_ms AS replayedAtMs`;

const sql = {
  insert: `INSERT INTO dead_letters VALUES (@number, @receivedAtMs, @deviceId, @source, @topic,
    @payload, @reason, @field, @found, @expected, @replayedAtMs)`,
  markReplayed: 'UPDATE dead_letters SET replayed_at_ms = @atMs WHERE number = @number',
  sum: 'SELECT count(*) AS rows, coalesce(sum(length(payload)), 0) AS bytes FROM dead_letters',
  last: 'SELECT max(number) FROM dead_letters',
  deleteSurplus: `DELETE FROM dead_letters
    WHERE number < (SELECT max(number) FROM dead_letters) AND number <= (
      SELECT max(number) FROM (
        SELECT number, row_number() OVER newest AS nth, sum(length(payload)) OVER newest AS bytes
        FROM dead_letters WINDOW newest AS (ORDER BY number DESC)
      ) WHERE nth > @rows OR bytes > @bytes)`,
  deleteAged: `DELETE FROM dead_letters
    WHERE received_at_ms < ? AND number < (SELECT max(number) FROM dead_letters)`,
  select: `SELECT ${columns} FROM dead_letters
    WHERE number < @beforeNumber AND (@deviceId = '' OR device_id = @deviceId)
      AND (@reason = '' OR reason = @reason) AND (@onlyOpen = 0 OR replayed_at_ms = 0)
    ORDER BY number DESC LIMIT @limit`,
} as const;

export interface LetterFilter {
  deviceId?: string;
  reason?: string;
  /** Leaves out those that were replayed. */
  onlyOpen?: boolean;
  beforeNumber?: number;
  limit: number;
}

export class DeadLetterBox {
  readonly #statements: Record<keyof typeof sql, Statement>;
  readonly #limit: { rows: number; bytes: number; ageMs: number };
  /** What the table holds, and the time of the last look at ages; null: look again. */
  #held: { rows: number; bytes: number; agedAtMs: number } | null = null;

  constructor(
    database: Database,
    limit: { rows: number; bytes: number; ageMs: number } = deadLetterLimit,
  ) {
    this.#limit = limit;
    const prepared = Object.entries(sql).map(([name, text]) => [name, database.prepare(text)]);
    // Object.fromEntries forgets the keys; they are those of `sql`.
    this.#statements = Object.fromEntries(prepared) as Record<keyof typeof sql, Statement>;
  }

  /** Adds letters and drops what is over a limit. */
  keep(letters: readonly DeadLetter[]): void {
    const latestMs = letters.at(-1)?.receivedAtMs;
    if (latestMs === undefined) return;
    const held = this.#held ?? { ...this.#sum(), agedAtMs: 0 };
    for (const letter of letters) {
      const payload = letter.payload.subarray(0, deadLetterLimit.payloadBytes);
      this.#statements.insert.run({ ...letter, payload });
      held.rows += 1;
      held.bytes += payload.length;
    }
    const { rows, bytes, ageMs } = this.#limit;
    const isFull = held.rows > rows * (1 + trimSlack) || held.bytes > bytes * (1 + trimSlack);
    const isAgeDue = latestMs - held.agedAtMs > ageMs * trimSlack;
    this.#held = held;
    if (!isFull && !isAgeDue) return;
    this.#statements.deleteAged.run(latestMs - ageMs);
    this.#statements.deleteSurplus.run({ rows, bytes });
    this.#held = { ...this.#sum(), agedAtMs: latestMs };
  }

  /** Notes what was replayed with effect; a letter that was dropped meanwhile needs no note. */
  markReplayed(replays: readonly LetterReplay[]): void {
    for (const replay of replays) this.#statements.markReplayed.run(replay);
  }

  /** The transaction of the last `keep` was rolled back: what it counted is not there. */
  forgetCounts(): void {
    this.#held = null;
  }

  /** Newest first. */
  list(filter: LetterFilter): DeadLetter[] {
    return this.#statements.select.all({
      deviceId: filter.deviceId ?? '',
      reason: filter.reason ?? '',
      onlyOpen: filter.onlyOpen ? 1 : 0,
      beforeNumber: filter.beforeNumber ?? Number.MAX_SAFE_INTEGER,
      limit: filter.limit,
    }) as DeadLetter[];
  }

  /** How many are kept. */
  get count(): number {
    return (this.#held ?? this.#sum()).rows;
  }

  nextNumber(): number {
    return Number(this.#statements.last.pluck().get() ?? 0) + 1;
  }

  #sum(): { rows: number; bytes: number } {
    return this.#statements.sum.get() as { rows: number; bytes: number };
  }
}
