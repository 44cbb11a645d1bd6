/**
 * The log on disk: one SQLite file in WAL mode with `synchronous=FULL`. `commit` returns after the
 * fsync, so whatever is acknowledged after it survives a power cut. One commit holds events, input
 * marks, dead letters and personal data of many inputs together (group commit).
 *
 * What is dropped: dead letters beyond the rows, bytes or age of `deadLetterLimit`, oldest first, and
 * snapshots beyond three. Events are never dropped here.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { decodeEvent, eventTypeName, firstPreviousHash } from '../events/event-codec.ts';
import type {
  CommitBatch,
  DeadLetter,
  EventLog,
  InputMark,
  PersonRecord,
  Snapshot,
  StoredEvent,
} from '../ports.ts';
import { migrate } from './schema.ts';
import { prepareStatements, type Statements } from './statements.ts';
import { asStorageError, StorageError } from './storage-error.ts';
import { takeWriterLock } from './writer-lock.ts';

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
export const snapshotsKept = 3;
/** What a checkpoint leaves of the write-ahead log at most. */
const walKeptBytes = 32 * 1024 * 1024;

export interface SqliteEventLogOptions {
  /** Folder of the database; must exist. */
  folder: string;
  storeGln: string;
  /** Tools that only look leave the lock to the running agent. */
  readOnly?: boolean;
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();

function openDatabase(folder: string, readOnly: boolean): Database {
  const file = join(folder, 'store.db');
  try {
    const database = new SqliteDatabase(file, { readonly: readOnly, timeout: 5_000 });
    if (readOnly) return database;
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    // Measured: a checkpoint in the writer every 1,000 pages beats a thread of its own.
    database.pragma('wal_autocheckpoint = 1000');
    database.pragma(`journal_size_limit = ${walKeptBytes}`);
    migrate(database);
    return database;
  } catch (error) {
    throw asStorageError(error, `opening ${file}`);
  }
}

/** The epoch of the log; a new file gets a random one. */
function readEpoch(database: Database, storeGln: string, readOnly: boolean): Uint8Array {
  const row = database.prepare('SELECT store_gln, epoch FROM log_identity').get() as
    | { store_gln: string; epoch: Buffer }
    | undefined;
  if (row && storeGln !== '' && row.store_gln !== storeGln) {
    throw new StorageError('wrong-store', `log of ${row.store_gln}, configured ${storeGln}`);
  }
  if (row) return row.epoch;
  if (readOnly) throw new StorageError('database-broken', 'the log has no identity');
  const epoch = randomBytes(16);
  database.prepare('INSERT INTO log_identity VALUES (1, ?, ?)').run(storeGln, epoch);
  return epoch;
}

export class SqliteEventLog implements EventLog {
  readonly epoch: Uint8Array;
  readonly storeGln: string;
  readonly database: Database;
  readonly #statements: Statements;
  readonly #unlock: () => void;
  readonly #commitBatch: (batch: CommitBatch) => void;
  /** Rows and bytes in the table, and the oldest letter that may stay was checked at this time. */
  #letters: { rows: number; bytes: number; agedAtMs: number };

  /** @throws StorageError */
  constructor(options: SqliteEventLogOptions) {
    const readOnly = options.readOnly ?? false;
    this.#unlock = readOnly ? () => {} : takeWriterLock(join(options.folder, 'writer.lock'));
    try {
      this.database = openDatabase(options.folder, readOnly);
      this.epoch = readEpoch(this.database, options.storeGln, readOnly);
    } catch (error) {
      this.#unlock();
      throw error;
    }
    this.#statements = prepareStatements(this.database);
    this.storeGln = String(
      this.database.prepare('SELECT store_gln FROM log_identity').pluck().get(),
    );
    this.#letters = { ...this.#sumOfLetters(), agedAtMs: 0 };
    this.#commitBatch = this.database.transaction((batch: CommitBatch) => this.#write(batch));
  }

  commit(batch: CommitBatch): void {
    try {
      this.#commitBatch(batch);
    } catch (error) {
      // What was counted in the transaction is gone with it; the table knows.
      this.#letters = { rows: 0, bytes: 0, agedAtMs: this.#letters.agedAtMs };
      throw asStorageError(error, 'commit');
    }
  }

  #write(batch: CommitBatch): void {
    const statements = this.#statements;
    for (const { event, bytes, hash } of batch.events) {
      const { position, lane, laneSequence, recordedAtMs, payload } = event;
      const type = eventTypeName(payload.case);
      statements.insertEvent.run(position, lane, laneSequence, type, recordedAtMs, hash, bytes);
    }
    // Only the last mark of a key matters; an empty value takes the row away.
    const marks = new Map(batch.inputMarks.map((mark) => [mark.key, mark.value]));
    for (const [key, value] of marks) {
      if (value === '') statements.deleteMark.run(key);
      else statements.putMark.run(key, value);
    }
    if (batch.deadLetters.length > 0) this.#keepLetters(batch.deadLetters);
    for (const { moment, input } of batch.recordedInputs) {
      statements.insertInput.run(JSON.stringify(moment), input);
    }
    if (batch.people) {
      statements.deletePeople.run();
      for (const person of batch.people) statements.insertPerson.run(person);
    }
  }

  #keepLetters(letters: readonly DeadLetter[]): void {
    const { rows, bytes, ageMs } = deadLetterLimit;
    const statements = this.#statements;
    for (const letter of letters) {
      const payload = letter.payload.subarray(0, deadLetterLimit.payloadBytes);
      statements.insertDeadLetter.run({ ...letter, payload });
      this.#letters.rows += 1;
      this.#letters.bytes += payload.length;
    }
    const latestMs = letters.at(-1)?.receivedAtMs ?? 0;
    const isAgeDue = latestMs - this.#letters.agedAtMs > ageMs * trimSlack;
    const isFull =
      this.#letters.rows > rows * (1 + trimSlack) || this.#letters.bytes > bytes * (1 + trimSlack);
    if (!isAgeDue && !isFull) return;
    statements.deleteAgedLetters.run(latestMs - ageMs);
    statements.deleteSurplusLetters.run({ rows, bytes });
    this.#letters = { ...this.#sumOfLetters(), agedAtMs: latestMs };
  }

  #sumOfLetters(): { rows: number; bytes: number } {
    return this.#statements.sumDeadLetters.get() as { rows: number; bytes: number };
  }

  *readFrom(position: number): IterableIterator<StoredEvent> {
    for (const row of this.#statements.eventsFrom.iterate(position)) {
      const { bytes, hash } = row as { bytes: Buffer; hash: Buffer };
      yield { event: decodeEvent(bytes).event, bytes, hash };
    }
  }

  readLane(lane: number, fromSequence: number, limit: number) {
    return this.#statements.laneFrom.all(lane, fromSequence, limit) as {
      sequence: number;
      bytes: Uint8Array;
      recordedAtMs: number;
    }[];
  }

  laneSequence(lane: number): number {
    return Number(this.#statements.lastLaneSequence.pluck().get(lane) ?? 0);
  }

  inputMarks(): InputMark[] {
    return this.#statements.allMarks.all() as InputMark[];
  }

  lastPosition(): number {
    return Number(this.#statements.lastPosition.pluck().get() ?? 0);
  }

  lastHash(): Uint8Array {
    const row = this.#statements.lastHash.get() as { hash: Buffer } | undefined;
    return row ? row.hash : firstPreviousHash;
  }

  saveSnapshot(snapshot: Snapshot): void {
    const { position, modelVersion, chainHash, state } = snapshot;
    try {
      this.#statements.putSnapshot.run(position, modelVersion, chainHash, state, sha256(state));
      this.#statements.deleteOldSnapshots.run(snapshotsKept);
    } catch (error) {
      throw asStorageError(error, 'snapshot');
    }
  }

  snapshots(): Snapshot[] {
    const rows = this.#statements.allSnapshots.all() as (Snapshot & { stateHash: Buffer })[];
    return rows
      .filter((row) => timingSafeEqual(sha256(row.state), row.stateHash))
      .map(({ stateHash: _checked, ...snapshot }) => snapshot);
  }

  deadLetters(filter: { deviceId?: string; beforeNumber?: number; limit: number }): DeadLetter[] {
    return this.#statements.selectDeadLetters.all({
      deviceId: filter.deviceId ?? '',
      beforeNumber: filter.beforeNumber ?? Number.MAX_SAFE_INTEGER,
      limit: filter.limit,
    }) as DeadLetter[];
  }

  nextDeadLetterNumber(): number {
    return Number(this.#statements.lastDeadLetter.pluck().get() ?? 0) + 1;
  }

  recordedInputs(): IterableIterator<{ moment: string; input: Uint8Array }> {
    return this.#statements.allInputs.iterate() as IterableIterator<{
      moment: string;
      input: Uint8Array;
    }>;
  }

  people(): PersonRecord[] {
    return this.#statements.allPeople.all() as PersonRecord[];
  }

  cursor(lane: number): { sequence: number; hash: Uint8Array } {
    const row = this.#statements.getCursor.get(lane) as
      | { sequence: number; hash: Buffer }
      | undefined;
    return row ?? { sequence: 0, hash: firstPreviousHash };
  }

  saveCursor(lane: number, sequence: number, hash: Uint8Array): void {
    this.#statements.putCursor.run(lane, sequence, hash);
  }

  close(): void {
    if (!this.database.open) return;
    this.database.close();
    this.#unlock();
  }
}
