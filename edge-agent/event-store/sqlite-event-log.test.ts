/** What only a log in files can do, and suffer. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createState, step } from '../agent.ts';
import { encodeEvent } from '../events/event-codec.ts';
import type { StoredEvent } from '../ports.ts';
import { DeviceCredentials } from './device-credentials.ts';
import { SqliteEventLog } from './sqlite-event-log.ts';

const storeGln = '4012345000009';
const moment = { nowMs: 1_000, localHour: 9, utcOffsetMinutes: 60, businessDay: '2026-11-23' };

let folder: string;
let log: SqliteEventLog;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stockhand-log-'));
  log = new SqliteEventLog({ folder, storeGln });
});

afterEach(() => {
  log.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The two events of a first start. */
function commitStart(): void {
  const state = createState({ storeGln, epoch: Buffer.from(log.epoch).toString('hex') });
  const input = { kind: 'start', agentVersion: '1', configurationHash: 'a' } as const;
  const events: StoredEvent[] = [];
  let previousHash = log.lastHash();
  for (const event of step(state, input, moment).events) {
    const bytes = encodeEvent(event, { storeGln, epoch: log.epoch, previousHash });
    const hash = createHash('sha256').update(bytes).digest();
    previousHash = hash;
    events.push({ event, bytes, hash });
  }
  log.commit({
    events,
    inputMarks: [],
    deadLetters: [],
    letterReplays: [],
    rawReadings: [],
    recordedInputs: [],
    people: null,
  });
}

const fault = (name: string) => expect.objectContaining({ name: 'StorageError', fault: name });

describe('the log in files', () => {
  it('is written through to the disk at each commit', () => {
    // 2 is FULL: SQLite syncs the write-ahead log before a commit returns.
    expect(log.database.pragma('synchronous', { simple: true })).toBe(2);
    expect(log.database.pragma('journal_mode', { simple: true })).toBe('wal');
  });

  it('has STRICT tables only, so that codes keep their leading zeros', () => {
    const tables = log.database.pragma('table_list') as { name: string; strict: number }[];
    const ours = tables.filter(({ name }) => !name.startsWith('sqlite_'));
    expect(ours.length).toBeGreaterThan(5);
    expect(ours.filter(({ strict }) => strict !== 1)).toEqual([]);
  });

  it('is of one store', () => {
    log.close();
    expect(() => new SqliteEventLog({ folder, storeGln: '4012345000016' })).toThrow(
      fault('wrong-store'),
    );
    log = new SqliteEventLog({ folder, storeGln });
  });

  it('lets tools look at the log of a running agent', () => {
    commitStart();
    const reader = new SqliteEventLog({ folder, storeGln: '', readOnly: true });
    expect(reader.storeGln).toBe(storeGln);
    expect(reader.lastPosition()).toBe(2);
    reader.close();
  });

  it('refuses a file of a newer release', () => {
    log.close();
    const database = new SqliteDatabase(join(folder, 'store.db'));
    database.pragma('user_version = 999');
    database.close();
    expect(() => new SqliteEventLog({ folder, storeGln })).toThrow(fault('newer-release'));
  });

  it('notices an event whose bytes are no longer those that were written', () => {
    commitStart();
    log.database.prepare("UPDATE events SET bytes = x'00' WHERE position = 2").run();
    const events = log.readFrom(1);
    expect(events.next().value?.event.position).toBe(1);
    expect(() => events.next()).toThrow(fault('database-broken'));
  });

  it('leaves out a damaged snapshot', () => {
    commitStart();
    const chainHash = log.lastHash();
    log.saveSnapshot({ position: 2, chainHash, modelVersion: 1, state: Uint8Array.of(1) });
    expect(log.snapshots()).toHaveLength(1);
    log.database.prepare("UPDATE snapshots SET state = x'00'").run();
    expect(log.snapshots()).toEqual([]);
  });

  it('says with a code and advice that the disk is full', () => {
    const pages = Number(log.database.pragma('page_count', { simple: true }));
    log.database.pragma(`max_page_count = ${pages + 1}`);
    const payload = new Uint8Array(60_000);
    const letter = {
      number: 1,
      receivedAtMs: 1,
      deviceId: 'd',
      source: 'mqtt',
      topic: '',
    } as const;
    const why = { reason: 'r', field: '', found: '', expected: '', replayedAtMs: 0 };
    const deadLetters = [{ ...letter, ...why, payload }];
    const batch = {
      events: [],
      inputMarks: [],
      letterReplays: [],
      rawReadings: [],
      recordedInputs: [],
      people: null,
    };
    expect(() => log.commit({ ...batch, deadLetters })).toThrow(fault('disk-full'));
    expect(() => log.commit({ ...batch, deadLetters })).toThrow(/Free space/);
    log.database.pragma(`max_page_count = ${pages + 1_000}`);
    log.commit({ ...batch, deadLetters });
    expect(log.nextDeadLetterNumber()).toBe(2);
  });

  it('refuses a file that is no database, and leaves it as it is', () => {
    log.close();
    for (const name of ['store.db-wal', 'store.db-shm'])
      rmSync(join(folder, name), { force: true });
    const garbage = 'this was a database once '.repeat(200);
    writeFileSync(join(folder, 'store.db'), garbage);
    expect(() => new SqliteEventLog({ folder, storeGln })).toThrow(fault('database-broken'));
    expect(readFileSync(join(folder, 'store.db'), 'utf8')).toBe(garbage);
  });

  it('knows a device by its secret only', () => {
    const credentials = new DeviceCredentials(log.database);
    const secret = credentials.issue('plate-1', 5);
    expect(secret).toMatch(/^[0-9a-f]{32}$/);
    const login = credentials.login('plate-1', Buffer.from(secret)) ?? '';
    expect(credentials.isCurrent('plate-1', login)).toBe(true);
    expect(credentials.login('plate-1', Buffer.from('wrong'))).toBeNull();
    expect(credentials.login('plate-2', Buffer.from(secret))).toBeNull();
    expect(credentials.login('plate-2', Buffer.from(''))).toBeNull();
    expect(credentials.mayHaveChanged()).toBe(false);
    const command = new SqliteDatabase(join(folder, 'store.db'));
    expect(new DeviceCredentials(command).revoke('plate-1')).toBe(true);
    command.close();
    expect(credentials.mayHaveChanged()).toBe(true);
    expect(credentials.mayHaveChanged()).toBe(false);
    expect(credentials.isCurrent('plate-1', login)).toBe(false);
    expect(credentials.login('plate-1', Buffer.from(secret))).toBeNull();
    expect(log.database.serialize().includes(Buffer.from(secret))).toBe(false);
  });
});
