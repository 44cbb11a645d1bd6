import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SqliteEventLog } from './event-store/sqlite-event-log.ts';
import { StorageError } from './event-store/storage-error.ts';
import { AgentLoop, NotCommittedError, recoveryDelayMs } from './loop.ts';
import type { CommitBatch, EventLog, Log, StoredEvent } from './ports.ts';
import {
  jam,
  jarsReading,
  masterDataCommand,
  momentAt,
  openingStockCommand,
  sale,
  startMs,
  storeGln,
} from './sample-store.ts';
import { serializeState } from './state.ts';
import { openTasks, shelfQuantity } from './views.ts';
import { VirtualClock } from './virtual-clock.ts';

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

let folder: string;
let disk: SqliteEventLog;
let clock: VirtualClock;
let failing: boolean;
let loop: AgentLoop;

/** The real log, whose commits fail while `failing` says so. */
function faultyLog(log: SqliteEventLog): EventLog {
  return new Proxy(log, {
    get(target, name) {
      if (name === 'commit') {
        return (batch: CommitBatch) => {
          if (failing) throw new StorageError('disk-full', 'planted');
          target.commit(batch);
        };
      }
      // The real log keeps its private members on itself, so its methods need it as `this`.
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

function startLoop(): AgentLoop {
  return new AgentLoop({
    storeGln,
    log: faultyLog(disk),
    clock,
    logger: silent,
    moment: () => momentAt(clock.wallMs()),
  });
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stockhand-loop-'));
  disk = new SqliteEventLog({ folder, storeGln });
  clock = new VirtualClock(startMs);
  failing = false;
  loop = startLoop();
  await committed(loop.submit(masterDataCommand(1)), loop.submit(openingStockCommand(2)));
});

afterEach(() => {
  disk.close();
  rmSync(folder, { recursive: true, force: true });
});

function committed<T extends readonly Promise<unknown>[]>(...promises: T) {
  clock.becomeIdle();
  return Promise.all(promises);
}

const stateHash = (one: AgentLoop) =>
  createHash('sha256').update(serializeState(one.latestState())).digest('hex');

describe('the loop around the core', () => {
  it('tells nobody before the commit, and everyone after one', async () => {
    const told: string[] = [];
    const seen: StoredEvent[] = [];
    loop.onCommit((events) => seen.push(...events));
    const before = disk.lastPosition();
    const answers = [
      loop.submit(jarsReading(1, 11)).then((outcome) => told.push(outcome.kind)),
      loop.submit(jarsReading(1, 11)).then((outcome) => told.push(outcome.kind)),
      loop
        .read((state, position) => `${shelfQuantity(state, 'A1')} at ${position}`)
        .then((answer) => told.push(answer)),
    ];
    await Promise.resolve();
    expect(told).toEqual([]);
    expect(disk.lastPosition()).toBe(before);
    await committed(...answers);
    expect(told).toEqual(['accepted', 'duplicate', `11 at ${disk.lastPosition()}`]);
    expect(seen.map(({ event }) => event.payload.case)).toContain('shelfObserved');
    expect(disk.lastPosition()).toBe(before + seen.length);
  });

  it('chains each event to the bytes of the one before', () => {
    let previous = Buffer.alloc(32);
    for (const { bytes, hash } of disk.readFrom(1)) {
      expect(Buffer.from(bytes).includes(previous)).toBe(true);
      previous = createHash('sha256').update(bytes).digest();
      expect(hash).toEqual(previous);
    }
  });

  it('starts again with the identical state, from the log and from a snapshot', async () => {
    await committed(
      loop.submit(jarsReading(1, 3)),
      loop.submit(sale('r1', [{ code: jam, quantity: '2' }])),
    );
    const hash = stateHash(loop);
    expect(stateHash(startLoop())).toBe(hash);
    loop.stop();
    expect(disk.snapshots()).toHaveLength(1);
    loop = startLoop();
    expect(stateHash(loop)).toBe(hash);
    const again = await committed(loop.submit(jarsReading(1, 3)));
    expect(again).toEqual([{ kind: 'duplicate' }]);
  });

  it('throws away what a failed commit would have held, tells its senders, and goes on', async () => {
    const hash = stateHash(loop);
    failing = true;
    const reading = loop.submit(jarsReading(1, 1));
    const look = loop.read((state) => shelfQuantity(state, 'A1'));
    clock.becomeIdle();
    await expect(reading).rejects.toBeInstanceOf(NotCommittedError);
    await expect(look).rejects.toBeInstanceOf(NotCommittedError);
    await expect(loop.submit(jarsReading(2, 2))).rejects.toBeInstanceOf(NotCommittedError);
    failing = false;
    clock.pass(recoveryDelayMs);
    expect(loop.failure).toBeNull();
    expect(stateHash(loop)).toBe(hash);
    const [outcome] = await committed(loop.submit(jarsReading(1, 1)));
    expect(outcome).toMatchObject({ kind: 'accepted' });
    expect(openTasks(loop.latestState())).toHaveLength(1);
  });

  it('keeps a refused input with its bytes in the same commit', async () => {
    const evidence = {
      deviceId: 'till-1',
      source: 'mqtt',
      topic: 't',
      payload: Uint8Array.of(7),
    } as const;
    const refused = sale('r1', [{ code: '4006381333932', quantity: '1' }]);
    const [outcome] = await committed(loop.submit(refused, evidence));
    expect(outcome).toMatchObject({ kind: 'refused', deadLetter: 1 });
    expect(disk.deadLetters({ limit: 5 })).toMatchObject([
      { number: 1, deviceId: 'till-1', reason: 'bad-check-digit', payload: Buffer.from([7]) },
    ]);
  });

  it('commits without waiting when a batch is full', () => {
    const before = disk.lastPosition();
    const letter = {
      deviceId: 'd',
      source: 'mqtt',
      topic: '',
      payload: new Uint8Array(),
      reason: 'bad-json',
      field: '',
      found: '',
      expected: '',
    } as const;
    for (let count = 0; count < 2_500; count += 1) void loop.keepDeadLetter(letter);
    expect(disk.nextDeadLetterNumber()).toBe(2_001);
    clock.becomeIdle();
    expect(disk.nextDeadLetterNumber()).toBe(2_501);
    expect(disk.lastPosition()).toBe(before);
  });
});
