/**
 * The log on disk: one SQLite file in WAL mode with `synchronous=FULL`. `commit` returns after the
 * fsync, so whatever is acknowledged after it survives a power cut. One commit holds events, input
 * marks, dead letters, raw readings and personal data of many inputs together (group commit).
 *
 * What is dropped: dead letters and raw readings beyond their limits and snapshots beyond three. Events are never
 * dropped here.
 */
import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
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
import { DeadLetterBox, type LetterFilter } from './dead-letter-box.ts';
import { RawReadingPages } from './raw-readings.ts';
import { type Retention, usualRetention } from './retention.ts';
import { migrate } from './schema.ts';
import { prepareStatements, type Statements } from './statements.ts';
import { asStorageError, StorageError } from './storage-error.ts';
import { takeWriterLock } from './writer-lock.ts';

export const snapshotsKept = 3;
/** Size to which the write-ahead log is cut back after a checkpoint. */
const walKeptBytes = 32 * 1024 * 1024;

export interface SqliteEventLogOptions {
  /** Folder of the database; must exist. */
  folder: string;
  storeGln: string;
  /** Tools that only look leave the lock to the running agent. */
  readOnly?: boolean;
  /** Absent: as usual. */
  retention?: Retention;
}

const sha256 = (bytes: Uint8Array) => hash('sha256', bytes, 'buffer');

function openDatabase(folder: string, readOnly: boolean): Database {
  const file = join(folder, 'store.db');
  try {
    const database = new SqliteDatabase(file, { readonly: readOnly, timeout: 5_000 });
    if (readOnly) return database;
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    // Measured: a checkpoint in the writer every 1,000 pages beats a thread of its own.
    database.pragma('wal_autocheckpoint = 1000');
    // People can be erased: what is deleted is overwritten.
    database.pragma('secure_delete = ON');
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
  readonly #folder: string;
  readonly #statements: Statements;
  readonly #letters: DeadLetterBox;
  /** Null beside a running agent: its table may be missing in the file of an older release. */
  readonly #readings: RawReadingPages | null;
  readonly #unlock: () => void;
  readonly #commitBatch: (batch: CommitBatch) => void;

  /** @throws StorageError */
  constructor(options: SqliteEventLogOptions) {
    const readOnly = options.readOnly ?? false;
    this.#folder = options.folder;
    this.#unlock = readOnly ? () => {} : takeWriterLock(join(options.folder, 'writer.lock'));
    try {
      this.database = openDatabase(options.folder, readOnly);
      this.epoch = readEpoch(this.database, options.storeGln, readOnly);
    } catch (error) {
      this.#unlock();
      throw asStorageError(error, 'opening the log');
    }
    this.#statements = prepareStatements(this.database);
    const { rawReadings, deadLetters } = options.retention ?? usualRetention;
    this.#letters = new DeadLetterBox(this.database, deadLetters);
    this.#readings = readOnly ? null : new RawReadingPages(this.database, rawReadings);
    this.storeGln = String(
      this.database.prepare('SELECT store_gln FROM log_identity').pluck().get(),
    );
    this.#commitBatch = this.database.transaction((batch: CommitBatch) => this.#write(batch));
  }

  commit(batch: CommitBatch): void {
    try {
      this.#commitBatch(batch);
    } catch (error) {
      this.#letters.forgetCounts();
      this.#readings?.forgetCounts();
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
    this.#letters.keep(batch.deadLetters);
    this.#letters.markReplayed(batch.letterReplays);
    this.#readings?.keep(batch.rawReadings);
    for (const { moment, input } of batch.recordedInputs) {
      statements.insertInput.run(JSON.stringify(moment), input);
    }
    if (batch.people) {
      statements.deletePeople.run();
      for (const person of batch.people) statements.insertPerson.run(person);
    }
  }

  /** @throws StorageError `database-broken` when the bytes of an event are not those that were written. */
  *readFrom(position: number): IterableIterator<StoredEvent> {
    const rows = this.#statements.eventsFrom.iterate(position) as IterableIterator<{
      position: number;
      bytes: Buffer;
      hash: Buffer;
    }>;
    try {
      for (const row of rows) {
        if (!sha256(row.bytes).equals(row.hash)) {
          throw new StorageError('database-broken', `event ${row.position} does not fit its hash`);
        }
        yield { event: decodeEvent(row.bytes).event, bytes: row.bytes, hash: row.hash };
      }
    } catch (error) {
      throw asStorageError(error, 'reading the log');
    }
  }

  readLane(lane: number, fromSequence: number, limit: number) {
    return this.#reading(
      () =>
        this.#statements.laneFrom.all(lane, fromSequence, limit) as {
          sequence: number;
          bytes: Uint8Array;
          recordedAtMs: number;
        }[],
    );
  }

  laneSequence(lane: number): number {
    return this.#reading(() => Number(this.#statements.lastLaneSequence.pluck().get(lane) ?? 0));
  }

  inputMarks(): InputMark[] {
    return this.#reading(() => this.#statements.allMarks.all() as InputMark[]);
  }

  lastPosition(): number {
    return this.#reading(() => Number(this.#statements.lastPosition.pluck().get() ?? 0));
  }

  lastHash(): Uint8Array {
    return this.#reading(() => {
      const row = this.#statements.lastHash.get() as { hash: Buffer } | undefined;
      return row ? row.hash : firstPreviousHash;
    });
  }

  saveSnapshot(snapshot: Snapshot): void {
    const { position, modelVersion, chainHash, state } = snapshot;
    this.#writing('snapshot', () => {
      this.#statements.putSnapshot.run(position, modelVersion, chainHash, state, sha256(state));
      this.#statements.deleteOldSnapshots.run(snapshotsKept);
    });
  }

  /** Left out: those with a wrong checksum, and those that are not of this log's events. */
  snapshots(): Snapshot[] {
    const rows = this.#reading(
      () => this.#statements.allSnapshots.all() as (Snapshot & { stateHash: Buffer })[],
    );
    return rows
      .filter((row) => timingSafeEqual(sha256(row.state), row.stateHash) && this.#isOfLog(row))
      .map(({ stateHash: _checked, ...snapshot }) => snapshot);
  }

  #isOfLog({ position, chainHash }: Snapshot): boolean {
    const row = this.#statements.hashAt.get(position) as { hash: Buffer } | undefined;
    return row?.hash.equals(chainHash) ?? false;
  }

  deadLetters(filter: LetterFilter): DeadLetter[] {
    return this.#reading(() => this.#letters.list(filter));
  }

  nextDeadLetterNumber(): number {
    return this.#reading(() => this.#letters.nextNumber());
  }

  recordedInputs(): IterableIterator<{ moment: string; input: Uint8Array }> {
    return this.#statements.allInputs.iterate() as IterableIterator<{
      moment: string;
      input: Uint8Array;
    }>;
  }

  people(): PersonRecord[] {
    return this.#reading(() => this.#statements.allPeople.all() as PersonRecord[]);
  }

  cursor(lane: number): { sequence: number; hash: Uint8Array } {
    return this.#reading(() => {
      const row = this.#statements.getCursor.get(lane) as
        | { sequence: number; hash: Buffer }
        | undefined;
      return row ?? { sequence: 0, hash: firstPreviousHash };
    });
  }

  saveCursor(lane: number, sequence: number, hash: Uint8Array): void {
    this.#writing('sync cursor', () => this.#statements.putCursor.run(lane, sequence, hash));
  }

  /** What it takes on the disk, for the limits on it. */
  sizes(): { databaseBytes: number; walBytes: number; deadLetters: number } {
    const sizeOf = (name: string) =>
      statSync(join(this.#folder, name), { throwIfNoEntry: false })?.size ?? 0;
    return {
      databaseBytes: sizeOf('store.db'),
      walBytes: sizeOf('store.db-wal'),
      deadLetters: this.#letters.count,
    };
  }

  close(): void {
    if (!this.database.open) return;
    this.database.close();
    this.#unlock();
  }

  #reading<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      throw asStorageError(error, 'reading the log');
    }
  }

  #writing(what: string, write: () => void): void {
    try {
      this.database.transaction(write)();
    } catch (error) {
      throw asStorageError(error, what);
    }
  }
}
