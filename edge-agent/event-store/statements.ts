/** The SQL of the event log, prepared once. */
import type { Database, Statement } from 'better-sqlite3';

const sql = {
  insertEvent: 'INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)',
  eventsFrom: 'SELECT position, bytes, hash FROM events WHERE position >= ? ORDER BY position',
  laneFrom: `SELECT lane_sequence AS sequence, bytes, recorded_at_ms AS recordedAtMs FROM events
    WHERE lane = ? AND lane_sequence >= ? ORDER BY lane_sequence LIMIT ?`,
  lastLaneSequence: 'SELECT max(lane_sequence) FROM events WHERE lane = ?',
  lastPosition: 'SELECT max(position) FROM events',
  lastHash: 'SELECT hash FROM events ORDER BY position DESC LIMIT 1',
  hashAt: 'SELECT hash FROM events WHERE position = ?',
  putMark: 'INSERT INTO input_marks VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  deleteMark: 'DELETE FROM input_marks WHERE key = ?',
  allMarks: 'SELECT key, value FROM input_marks',
  putSnapshot: 'INSERT OR REPLACE INTO snapshots VALUES (?, ?, ?, ?, ?)',
  allSnapshots: `SELECT position, model_version AS modelVersion, chain_hash AS chainHash, state,
    state_hash AS stateHash FROM snapshots ORDER BY position DESC`,
  deleteOldSnapshots: `DELETE FROM snapshots WHERE position NOT IN
    (SELECT position FROM snapshots ORDER BY position DESC LIMIT ?)`,
  insertInput: 'INSERT INTO recorded_inputs (moment, input) VALUES (?, ?)',
  allInputs: 'SELECT moment, input FROM recorded_inputs ORDER BY number',
  deletePeople: 'DELETE FROM people',
  insertPerson: 'INSERT INTO people VALUES (@personRef, @name, @pinHash, @badgeHash)',
  allPeople: `SELECT person_ref AS personRef, name, pin_hash AS pinHash, badge_hash AS badgeHash
    FROM people ORDER BY name`,
  getCursor: 'SELECT sequence, hash FROM sync_cursors WHERE lane = ?',
  putCursor: `INSERT INTO sync_cursors VALUES (?, ?, ?) ON CONFLICT DO UPDATE
    SET sequence = excluded.sequence, hash = excluded.hash WHERE excluded.sequence > sequence`,
} as const;

export type Statements = Record<keyof typeof sql, Statement>;

export function prepareStatements(database: Database): Statements {
  const prepared = Object.entries(sql).map(([name, text]) => [name, database.prepare(text)]);
  // Object.fromEntries forgets the keys; they are those of `sql`.
  return Object.fromEntries(prepared) as Statements;
}
