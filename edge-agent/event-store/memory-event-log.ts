/**
 * The event log in memory: for the virtual store, and for tests that plant failures between two
 * commits. It keeps the same promises as the log on disk, held by the same tests, except that its
 * "disk" lives as long as the object that stands for it.
 */
import { createHash } from 'node:crypto';
import { firstPreviousHash } from '../events/event-codec.ts';
import type {
  CommitBatch,
  DeadLetter,
  EventLog,
  InputMark,
  PersonRecord,
  Snapshot,
  StoredEvent,
} from '../ports.ts';
import { deadLetterLimit, type LetterFilter } from './dead-letter-box.ts';
import { snapshotsKept } from './sqlite-event-log.ts';
import { StorageError } from './storage-error.ts';

/** What survives a restart. One log may be open on it at a time. */
export class MemoryDisk {
  readonly epoch: Uint8Array;
  readonly storeGln: string;
  readonly events: StoredEvent[] = [];
  readonly marks = new Map<string, string>();
  readonly recordedInputs: CommitBatch['recordedInputs'] = [];
  readonly cursors = new Map<number, { sequence: number; hash: Uint8Array }>();
  deadLetters: DeadLetter[] = [];
  people: PersonRecord[] = [];
  snapshots: (Snapshot & { stateHash: string })[] = [];
  isInUse = false;

  constructor(identity: { storeGln: string; epoch: Uint8Array }) {
    this.epoch = identity.epoch;
    this.storeGln = identity.storeGln;
  }
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

export class MemoryEventLog implements EventLog {
  readonly epoch: Uint8Array;
  readonly #disk: MemoryDisk;
  #isOpen = true;

  /** @throws StorageError `in-use` while another log is open on this disk. */
  constructor(disk: MemoryDisk) {
    if (disk.isInUse) throw new StorageError('in-use', 'memory');
    disk.isInUse = true;
    this.#disk = disk;
    this.epoch = disk.epoch;
  }

  commit(batch: CommitBatch): void {
    const disk = this.#disk;
    let position = this.lastPosition();
    for (const { event } of batch.events) {
      position += 1;
      if (event.position !== position) {
        throw new RangeError(`event ${event.position} follows ${position - 1}`);
      }
    }
    disk.events.push(...batch.events);
    for (const { key, value } of batch.inputMarks) {
      if (value === '') disk.marks.delete(key);
      else disk.marks.set(key, value);
    }
    this.#keepLetters(batch.deadLetters);
    for (const { number, atMs } of batch.letterReplays) {
      disk.deadLetters = disk.deadLetters.map((letter) =>
        letter.number === number ? { ...letter, replayedAtMs: atMs } : letter,
      );
    }
    disk.recordedInputs.push(...batch.recordedInputs);
    if (batch.people) disk.people = [...batch.people];
  }

  #keepLetters(letters: readonly DeadLetter[]): void {
    const { rows, bytes, payloadBytes, ageMs } = deadLetterLimit;
    const all = this.#disk.deadLetters;
    for (const letter of letters) {
      all.push({ ...letter, payload: letter.payload.slice(0, payloadBytes) });
    }
    const newest = all.at(-1);
    if (!newest) return;
    let sum = 0;
    this.#disk.deadLetters = all
      .reverse()
      .filter((letter, index) => {
        sum += letter.payload.length;
        const isYoung = letter.receivedAtMs >= newest.receivedAtMs - ageMs;
        return letter === newest || (isYoung && index < rows && sum <= bytes);
      })
      .reverse();
  }

  readFrom(position: number): IterableIterator<StoredEvent> {
    return this.#disk.events.slice(Math.max(0, position - 1)).values();
  }

  readLane(lane: number, fromSequence: number, limit: number) {
    return this.#disk.events
      .filter(({ event }) => event.lane === lane && event.laneSequence >= fromSequence)
      .slice(0, limit)
      .map(({ event, bytes }) => ({
        sequence: event.laneSequence,
        bytes,
        recordedAtMs: event.recordedAtMs,
      }));
  }

  laneSequence(lane: number): number {
    return this.#disk.events.findLast(({ event }) => event.lane === lane)?.event.laneSequence ?? 0;
  }

  inputMarks(): InputMark[] {
    return [...this.#disk.marks].map(([key, value]) => ({ key, value }));
  }

  lastPosition(): number {
    return this.#disk.events.length;
  }

  lastHash(): Uint8Array {
    return this.#disk.events.at(-1)?.hash ?? firstPreviousHash;
  }

  saveSnapshot(snapshot: Snapshot): void {
    const others = this.#disk.snapshots.filter((one) => one.position !== snapshot.position);
    this.#disk.snapshots = [{ ...snapshot, stateHash: sha256(snapshot.state) }, ...others]
      .sort((one, other) => other.position - one.position)
      .slice(0, snapshotsKept);
  }

  snapshots(): Snapshot[] {
    return this.#disk.snapshots
      .filter(({ position, chainHash, state, stateHash }) => {
        const event = this.#disk.events[position - 1];
        return sha256(state) === stateHash && event && sha256(event.bytes) === hex(chainHash);
      })
      .map(({ stateHash: _checked, ...snapshot }) => snapshot);
  }

  deadLetters(filter: LetterFilter): DeadLetter[] {
    const { deviceId, reason, onlyOpen, beforeNumber = Number.MAX_SAFE_INTEGER, limit } = filter;
    return this.#disk.deadLetters
      .filter((one) => one.number < beforeNumber && (!deviceId || one.deviceId === deviceId))
      .filter((one) => (!reason || one.reason === reason) && (!onlyOpen || one.replayedAtMs === 0))
      .reverse()
      .slice(0, limit);
  }

  nextDeadLetterNumber(): number {
    return (this.#disk.deadLetters.at(-1)?.number ?? 0) + 1;
  }

  people(): PersonRecord[] {
    return [...this.#disk.people].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  cursor(lane: number): { sequence: number; hash: Uint8Array } {
    return this.#disk.cursors.get(lane) ?? { sequence: 0, hash: firstPreviousHash };
  }

  saveCursor(lane: number, sequence: number, hash: Uint8Array): void {
    if (sequence > this.cursor(lane).sequence) this.#disk.cursors.set(lane, { sequence, hash });
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#disk.isInUse = false;
  }
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
