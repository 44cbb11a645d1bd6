/**
 * Tables of the agent's one database file. All STRICT, so that a GTIN stays text with its leading
 * zeros. Migrations are numbered and run in order in one transaction each; `user_version` says how
 * far a file is.
 */
import type { Database } from 'better-sqlite3';
import { StorageError } from './storage-error.ts';

const migrations: readonly string[] = [
  `
  CREATE TABLE log_identity (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    store_gln TEXT NOT NULL,
    epoch BLOB NOT NULL CHECK (length(epoch) = 16)
  ) STRICT;

  CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    lane INTEGER NOT NULL,
    lane_sequence INTEGER NOT NULL,
    type TEXT NOT NULL,
    recorded_at_ms INTEGER NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    bytes BLOB NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX events_by_lane ON events (lane, lane_sequence);

  CREATE TABLE input_marks (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE snapshots (
    position INTEGER PRIMARY KEY,
    model_version INTEGER NOT NULL,
    chain_hash BLOB NOT NULL,
    state BLOB NOT NULL,
    state_hash BLOB NOT NULL
  ) STRICT;

  CREATE TABLE dead_letters (
    number INTEGER PRIMARY KEY,
    received_at_ms INTEGER NOT NULL,
    device_id TEXT NOT NULL,
    source TEXT NOT NULL,
    topic TEXT NOT NULL,
    payload BLOB NOT NULL,
    reason TEXT NOT NULL,
    field TEXT NOT NULL,
    found TEXT NOT NULL,
    expected TEXT NOT NULL
  ) STRICT;
  CREATE INDEX dead_letters_by_device ON dead_letters (device_id, number);

  CREATE TABLE recorded_inputs (
    number INTEGER PRIMARY KEY,
    moment TEXT NOT NULL,
    input BLOB NOT NULL
  ) STRICT;

  CREATE TABLE people (
    person_ref TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    pin_hash TEXT NOT NULL,
    badge_hash TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE device_credentials (
    device_id TEXT PRIMARY KEY,
    secret_hash BLOB NOT NULL CHECK (length(secret_hash) = 32),
    created_at_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE sync_cursors (
    lane INTEGER PRIMARY KEY,
    sequence INTEGER NOT NULL,
    hash BLOB NOT NULL
  ) STRICT;
  `,
  `
  ALTER TABLE dead_letters ADD COLUMN replayed_at_ms INTEGER NOT NULL DEFAULT 0;
  `,
  `
  CREATE TABLE raw_readings (
    number INTEGER PRIMARY KEY,
    from_ms INTEGER NOT NULL,
    until_ms INTEGER NOT NULL,
    end_bytes INTEGER NOT NULL,
    page BLOB NOT NULL
  ) STRICT;
  `,
];

/**
 * Opens the tables, making or migrating them as needed.
 * @throws StorageError `newer-release` when the file is from a later release than this one.
 */
export function migrate(database: Database): void {
  const found = Number(database.pragma('user_version', { simple: true }));
  if (found > migrations.length) {
    throw new StorageError(
      'newer-release',
      `the file is of version ${found}, this release knows ${migrations.length}`,
    );
  }
  for (const [index, sql] of migrations.entries()) {
    if (index < found) continue;
    database.transaction(() => {
      database.exec(sql);
      database.pragma(`user_version = ${index + 1}`);
    })();
  }
}
