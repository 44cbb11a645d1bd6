import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Lane } from '@stockhand/proto/events/v1alpha/event_pb.js';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createState, step } from '../agent.ts';
import { encodeEvent } from '../events/event-codec.ts';
import type { CommitBatch, DeadLetter, StoredEvent } from '../ports.ts';
import { DeviceCredentials } from './device-credentials.ts';
import { deadLetterLimit, SqliteEventLog, snapshotsKept } from './sqlite-event-log.ts';
import { StorageError } from './storage-error.ts';

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

const batch = (parts: Partial<CommitBatch>): CommitBatch => ({
  events: [],
  inputMarks: [],
  deadLetters: [],
  recordedInputs: [],
  people: null,
  ...parts,
});

/** The events of `count` agent starts, chained as the loop does. */
function someEvents(count: number): StoredEvent[] {
  const state = createState({ storeGln, epoch: Buffer.from(log.epoch).toString('hex') });
  const stored: StoredEvent[] = [];
  let previousHash = log.lastHash();
  for (let number = 0; stored.length < count; number += 1) {
    const input = { kind: 'start', agentVersion: '1', configurationHash: `${number}` } as const;
    for (const event of step(state, input, moment).events) {
      const bytes = encodeEvent(event, { storeGln, epoch: log.epoch, previousHash });
      const hash = createHash('sha256').update(bytes).digest();
      previousHash = hash;
      stored.push({ event, bytes, hash });
    }
  }
  return stored.slice(0, count);
}

const letter = (number: number, deviceId = 'plate-1'): DeadLetter => ({
  number,
  receivedAtMs: 5,
  deviceId,
  source: 'mqtt',
  topic: 't',
  payload: Uint8Array.of(1, 2),
  reason: 'bad-json',
  field: '',
  found: 'x',
  expected: 'JSON',
});

const reopen = () => {
  log.close();
  log = new SqliteEventLog({ folder, storeGln });
};

describe('the log on disk', () => {
  it('keeps events, marks, letters and people of one commit through a restart', () => {
    const events = someEvents(5);
    const person = { personRef: 'p1', name: 'Ana', pinHash: 'h', badgeHash: 'b' };
    log.commit(
      batch({
        events,
        inputMarks: [
          { key: 'a', value: '1' },
          { key: 'b', value: '1' },
          { key: 'a', value: '2' },
          { key: 'b', value: '' },
        ],
        deadLetters: [letter(1), letter(2, 'plate-2')],
        people: [person],
      }),
    );
    const { epoch } = log;
    reopen();
    expect(log.epoch).toEqual(epoch);
    expect([...log.readFrom(1)].map((one) => one.event)).toEqual(events.map((one) => one.event));
    expect([...log.readFrom(4)]).toHaveLength(2);
    expect(log.lastHash()).toEqual(events[4]?.hash);
    expect(log.inputMarks()).toEqual([{ key: 'a', value: '2' }]);
    expect(log.people()).toEqual([person]);
    expect(log.nextDeadLetterNumber()).toBe(3);
    expect(log.deadLetters({ limit: 10 }).map((one) => one.number)).toEqual([2, 1]);
    expect(log.deadLetters({ limit: 10, deviceId: 'plate-2' })[0]?.payload).toEqual(
      Buffer.from([1, 2]),
    );
  });

  it('makes nothing of a commit that fails in its middle', () => {
    const [first, second] = someEvents(2);
    if (!first || !second) throw new Error('two events expected');
    expect(() =>
      log.commit(batch({ events: [first, second, first], inputMarks: [{ key: 'a', value: '1' }] })),
    ).toThrow();
    expect(log.lastPosition()).toBe(0);
    expect(log.inputMarks()).toEqual([]);
  });

  it('reads a lane from a sequence on and remembers how far HQ is', () => {
    const events = someEvents(5);
    log.commit(batch({ events }));
    const lane = log.readLane(Lane.BUSINESS, 3, 2);
    expect(lane.map((row) => row.sequence)).toEqual([3, 4]);
    expect(lane[0]?.bytes).toEqual(Buffer.from(events[2]?.bytes ?? []));
    expect(log.laneSequence(Lane.BUSINESS)).toBe(5);
    expect(log.laneSequence(Lane.TELEMETRY)).toBe(0);
    expect(log.cursor(Lane.BUSINESS).sequence).toBe(0);
    log.saveCursor(Lane.BUSINESS, 4, new Uint8Array(32));
    log.saveCursor(Lane.BUSINESS, 2, new Uint8Array(32));
    expect(log.cursor(Lane.BUSINESS).sequence).toBe(4);
  });

  it('keeps the newest snapshots and leaves out a damaged one', () => {
    for (let position = 1; position <= snapshotsKept + 2; position += 1) {
      const state = new TextEncoder().encode(`state ${position}`);
      log.saveSnapshot({ position, chainHash: new Uint8Array(32), modelVersion: 1, state });
    }
    expect(log.snapshots().map((one) => one.position)).toEqual([5, 4, 3]);
    log.database.prepare("UPDATE snapshots SET state = x'00' WHERE position = 5").run();
    expect(log.snapshots().map((one) => one.position)).toEqual([4, 3]);
  });

  it('bounds the dead letters, oldest first', () => {
    const count = deadLetterLimit.rows + deadLetterLimit.rows / 20 + 10;
    const deadLetters = Array.from({ length: count }, (_, index) => letter(index + 1));
    log.commit(batch({ deadLetters }));
    const kept = Number(log.database.prepare('SELECT count(*) FROM dead_letters').pluck().get());
    expect(kept).toBe(deadLetterLimit.rows);
    expect(log.deadLetters({ limit: 1 })[0]?.number).toBe(count);
  });

  it('lets one agent in at a time, and no other store', () => {
    expect(() => new SqliteEventLog({ folder, storeGln })).toThrow(StorageError);
    log.close();
    expect(() => new SqliteEventLog({ folder, storeGln: '4012345000016' })).toThrow(
      expect.objectContaining({ fault: 'wrong-store' }),
    );
    log = new SqliteEventLog({ folder, storeGln });
  });

  it('lets tools look at the log of a running agent', () => {
    log.commit(batch({ events: someEvents(2) }));
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
    expect(() => new SqliteEventLog({ folder, storeGln })).toThrow(
      expect.objectContaining({ fault: 'newer-release' }),
    );
  });

  it('knows a device by its secret only', () => {
    const credentials = new DeviceCredentials(log.database);
    const secret = credentials.issue('plate-1', 5);
    expect(secret).toMatch(/^[0-9a-f]{32}$/);
    expect(credentials.verify('plate-1', Buffer.from(secret))).toBe(true);
    expect(credentials.verify('plate-1', Buffer.from('wrong'))).toBe(false);
    expect(credentials.verify('plate-2', Buffer.from(secret))).toBe(false);
    expect(credentials.revoke('plate-1')).toBe(true);
    expect(credentials.verify('plate-1', Buffer.from(secret))).toBe(false);
    expect(log.database.serialize().includes(Buffer.from(secret))).toBe(false);
  });
});
