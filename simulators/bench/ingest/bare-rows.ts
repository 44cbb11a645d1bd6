/** Bare batched inserts: what the disk and SQLite give when nothing else is done. */
import SqliteDatabase from 'better-sqlite3';

export interface BareRows {
  insert(payloads: readonly Uint8Array[]): void;
  close(): void;
}

/** One STRICT table with a UNIQUE id, WAL, synchronous=FULL: as safe as the agent's log. */
export function openRows(file: string): BareRows {
  const database = new SqliteDatabase(file);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.exec(
    'CREATE TABLE rows (number INTEGER PRIMARY KEY, id TEXT UNIQUE, payload BLOB) STRICT',
  );
  const insertOne = database.prepare('INSERT INTO rows (id, payload) VALUES (?, ?)');
  let count = 0;
  const insertAll = database.transaction((payloads: readonly Uint8Array[]) => {
    for (const payload of payloads) {
      count += 1;
      insertOne.run(`row-${count}`, payload);
    }
  });
  return { insert: (payloads) => insertAll(payloads), close: () => database.close() };
}

const rowsPerBatch = 1_000;
const rowBytes = 200;

/** Rows a second in batches of 1,000. */
export function timeInserts(rows: BareRows, seconds: number): number {
  const batch = Array.from({ length: rowsPerBatch }, () => Buffer.alloc(rowBytes, 7));
  const startedMs = performance.now();
  let inserted = 0;
  while (performance.now() - startedMs < seconds * 1_000) {
    rows.insert(batch);
    inserted += rowsPerBatch;
  }
  return inserted / ((performance.now() - startedMs) / 1_000);
}
