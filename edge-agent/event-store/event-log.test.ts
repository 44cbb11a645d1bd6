/** What every event log promises: the same cases for the one on disk and its twin in memory. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Lane } from '@stockhand/proto/events/v1alpha/event_pb.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createState, step } from '../agent.ts';
import { encodeEvent } from '../events/event-codec.ts';
import type { CommitBatch, DeadLetter, EventLog, StoredEvent } from '../ports.ts';
import { deadLetterLimit } from './dead-letter-box.ts';
import { MemoryDisk, MemoryEventLog } from './memory-event-log.ts';
import { usualRetention } from './retention.ts';
import { SqliteEventLog, snapshotsKept } from './sqlite-event-log.ts';

const storeGln = '4012345000009';
const moment = { nowMs: 1_000, localHour: 9, utcOffsetMinutes: 60, businessDay: '2026-11-23' };

interface Place {
  open(): EventLog;
  remove(): void;
}

function folderPlace(): Place {
  const folder = mkdtempSync(join(tmpdir(), 'stockhand-log-'));
  return {
    open: () => new SqliteEventLog({ folder, storeGln }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function memoryPlace(): Place {
  const disk = new MemoryDisk({ storeGln, epoch: new Uint8Array(16).fill(7) });
  return { open: () => new MemoryEventLog(disk), remove: () => {} };
}

const batch = (parts: Partial<CommitBatch>): CommitBatch => ({
  events: [],
  inputMarks: [],
  deadLetters: [],
  letterReplays: [],
  rawReadings: [],
  recordedInputs: [],
  people: null,
  ...parts,
});

/** The events of `count` agent starts, chained as the loop does. */
function someEvents(log: EventLog, count: number): StoredEvent[] {
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

const letter = (number: number, more: Partial<DeadLetter> = {}): DeadLetter => ({
  number,
  receivedAtMs: 5,
  deviceId: 'plate-1',
  source: 'mqtt',
  topic: 't',
  payload: Uint8Array.of(1, 2),
  reason: 'bad-json',
  field: '',
  found: 'x',
  expected: 'JSON',
  replayedAtMs: 0,
  ...more,
});

const bytesOf = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []);

describe.each([
  ['on disk', folderPlace],
  ['in memory', memoryPlace],
])('the log %s', (_name, choosePlace) => {
  let place: Place;
  let log: EventLog;

  beforeEach(() => {
    place = choosePlace();
    log = place.open();
  });

  afterEach(() => {
    log.close();
    place.remove();
  });

  const reopen = () => {
    log.close();
    log = place.open();
  };

  it('keeps events, marks, letters and people of one commit through a restart', () => {
    const events = someEvents(log, 5);
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
        deadLetters: [letter(1), letter(2, { deviceId: 'plate-2' })],
        people: [person],
      }),
    );
    log.commit(batch({ letterReplays: [{ number: 1, atMs: 9 }] }));
    const { epoch } = log;
    reopen();
    expect(log.deadLetters({ limit: 9, onlyOpen: true }).map(({ number }) => number)).toEqual([2]);
    expect(log.deadLetters({ limit: 9, reason: 'other' })).toEqual([]);
    expect(log.deadLetters({ limit: 9 }).map((one) => one.replayedAtMs)).toEqual([0, 9]);
    expect(log.epoch).toEqual(epoch);
    expect([...log.readFrom(1)].map((one) => one.event)).toEqual(events.map((one) => one.event));
    expect([...log.readFrom(4)]).toHaveLength(2);
    expect(bytesOf(log.lastHash())).toEqual(bytesOf(events[4]?.hash));
    expect(log.inputMarks()).toEqual([{ key: 'a', value: '2' }]);
    expect(log.people()).toEqual([person]);
    expect(log.nextDeadLetterNumber()).toBe(3);
    expect(log.deadLetters({ limit: 10 }).map((one) => one.number)).toEqual([2, 1]);
    const [ofSecond] = log.deadLetters({ limit: 10, deviceId: 'plate-2' });
    expect(bytesOf(ofSecond?.payload)).toEqual(Buffer.from([1, 2]));
  });

  it('replaces the people as a whole, and keeps them when a commit says nothing of them', () => {
    const person = (personRef: string, name: string) => ({
      personRef,
      name,
      pinHash: '',
      badgeHash: '',
    });
    log.commit(batch({ people: [person('p1', 'Zoe'), person('p2', 'Ana')] }));
    log.commit(batch({ inputMarks: [{ key: 'a', value: '1' }] }));
    expect(log.people().map((one) => one.name)).toEqual(['Ana', 'Zoe']);
    log.commit(batch({ people: [] }));
    expect(log.people()).toEqual([]);
  });

  it('makes nothing of a commit that fails in its middle', () => {
    const [first, second] = someEvents(log, 2);
    if (!first || !second) throw new Error('two events expected');
    const inputMarks = [{ key: 'a', value: '1' }];
    const deadLetters = [letter(1)];
    expect(() =>
      log.commit(batch({ events: [first, second, first], inputMarks, deadLetters })),
    ).toThrow();
    expect(log.lastPosition()).toBe(0);
    expect(log.inputMarks()).toEqual([]);
    expect(log.nextDeadLetterNumber()).toBe(1);
    log.commit(batch({ events: [first, second], deadLetters }));
    expect(log.lastPosition()).toBe(2);
  });

  it('reads a lane from a sequence on and remembers how far HQ is', () => {
    const events = someEvents(log, 5);
    log.commit(batch({ events }));
    const lane = log.readLane(Lane.BUSINESS, 3, 2);
    expect(lane.map((row) => row.sequence)).toEqual([3, 4]);
    expect(bytesOf(lane[0]?.bytes)).toEqual(bytesOf(events[2]?.bytes));
    expect(log.laneSequence(Lane.BUSINESS)).toBe(5);
    expect(log.laneSequence(Lane.TELEMETRY)).toBe(0);
    expect(log.cursor(Lane.BUSINESS).sequence).toBe(0);
    log.saveCursor(Lane.BUSINESS, 4, new Uint8Array(32));
    log.saveCursor(Lane.BUSINESS, 2, new Uint8Array(32));
    reopen();
    expect(log.cursor(Lane.BUSINESS).sequence).toBe(4);
  });

  it('keeps the newest snapshots, and leaves out one that is of another history', () => {
    const events = someEvents(log, snapshotsKept + 2);
    log.commit(batch({ events }));
    for (const { event, hash } of events) {
      const state = new TextEncoder().encode(`state ${event.position}`);
      log.saveSnapshot({ position: event.position, chainHash: hash, modelVersion: 1, state });
    }
    expect(log.snapshots().map((one) => one.position)).toEqual([5, 4, 3]);
    const state = Uint8Array.of(1);
    log.saveSnapshot({ position: 5, chainHash: new Uint8Array(32), modelVersion: 1, state });
    expect(log.snapshots().map((one) => one.position)).toEqual([4, 3]);
  });

  it('bounds the dead letters in rows, oldest first', () => {
    const count = deadLetterLimit.rows + deadLetterLimit.rows / 20 + 10;
    log.commit(batch({ deadLetters: Array.from({ length: count }, (_, n) => letter(n + 1)) }));
    const kept = log.deadLetters({ limit: 2 * count });
    expect(kept).toHaveLength(deadLetterLimit.rows);
    expect(kept[0]?.number).toBe(count);
  });

  it('bounds the dead letters in bytes: of one, and of all', () => {
    const payload = new Uint8Array(deadLetterLimit.payloadBytes + 1);
    const fitting = deadLetterLimit.bytes / deadLetterLimit.payloadBytes;
    const count = Math.ceil(fitting * 1.05) + 1;
    const deadLetters = Array.from({ length: count }, (_, n) => letter(n + 1, { payload }));
    log.commit(batch({ deadLetters }));
    const kept = log.deadLetters({ limit: count });
    expect(kept).toHaveLength(fitting);
    expect(kept[0]?.payload).toHaveLength(deadLetterLimit.payloadBytes);
    expect(kept.at(-1)?.number).toBe(count - fitting + 1);
  });

  it('forgets dead letters after their time, and never gives a number twice', () => {
    log.commit(batch({ deadLetters: [letter(1), letter(2)] }));
    const receivedAtMs = 6 + deadLetterLimit.ageMs;
    log.commit(batch({ deadLetters: [letter(3, { receivedAtMs })] }));
    expect(log.deadLetters({ limit: 9 }).map((one) => one.number)).toEqual([3]);
    reopen();
    expect(log.nextDeadLetterNumber()).toBe(4);
  });

  it('lets one agent in at a time', () => {
    expect(() => place.open()).toThrow(expect.objectContaining({ fault: 'in-use' }));
    reopen();
    expect(log.lastPosition()).toBe(0);
  });
});

it('the log on disk keeps as many dead letters as it is told', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stockhand-log-'));
  const keeping = (rows: number) => ({
    ...usualRetention,
    deadLetters: { ...usualRetention.deadLetters, rows },
  });
  const log = new SqliteEventLog({ folder, storeGln, retention: keeping(100) });
  log.commit(batch({ deadLetters: Array.from({ length: 106 }, (_, n) => letter(n + 1)) }));
  expect(log.deadLetters({ limit: 1_000 })).toHaveLength(100);
  log.close();
  const smaller = new SqliteEventLog({ folder, storeGln, retention: keeping(10) });
  smaller.commit(batch({ deadLetters: [letter(107)] }));
  expect(
    smaller
      .deadLetters({ limit: 1_000 })
      .map(({ number }) => number)
      .at(-1),
  ).toBe(98);
  smaller.close();
  rmSync(folder, { recursive: true, force: true });
});
