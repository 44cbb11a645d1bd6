/**
 * The ways out of the core: time, chance, storage, log lines. Only `main.ts` chooses the real ones;
 * tests and simulators put virtual or faulty ones in their place.
 */
import type { StoreEvent } from './events/event.ts';
import type { Input, Moment, Outcome } from './input.ts';

export interface Clock {
  /** Unix milliseconds of the machine's wall clock: may jump. */
  wallMs(): number;
  /** Milliseconds from an arbitrary start: never jumps. */
  monotonicMs(): number;
  /** Calls back once after `delayMs`; the answer cancels it. */
  schedule(delayMs: number, callback: () => void): () => void;
  /** Calls back when the event loop has drained what it was reading (setImmediate). */
  whenIdle(callback: () => void): () => void;
}

export interface Random {
  /** Cryptographically strong bytes in the product, seeded ones in the simulator. */
  bytes(count: number): Uint8Array;
}

/** A structured log line: an event name and fields, never a sentence. */
export interface Log {
  debug(fields: Record<string, unknown>, event: string): void;
  info(fields: Record<string, unknown>, event: string): void;
  warn(fields: Record<string, unknown>, event: string): void;
  error(fields: Record<string, unknown>, event: string): void;
}

/** An event as it lies in the log: the fact and its bytes. */
export interface StoredEvent {
  event: StoreEvent;
  bytes: Uint8Array;
  /** SHA-256 of the bytes. */
  hash: Uint8Array;
}

/** Something that was refused, kept to be looked at and replayed. */
export interface DeadLetterDraft {
  receivedAtMs: number;
  deviceId: string;
  source: 'mqtt' | 'serial' | 'http' | 'kiosk' | 'hq';
  topic: string;
  payload: Uint8Array;
  reason: string;
  field: string;
  found: string;
  expected: string;
}

/** What was received, for the dead letter if the input is refused. */
export type Evidence = Pick<DeadLetterDraft, 'deviceId' | 'source' | 'topic' | 'payload'>;

/** A reading as it came, and what became of it: to be looked at, not to be decided from. */
export interface RawReading extends Evidence {
  receivedAtMs: number;
  result: Outcome['kind'];
}

export interface DeadLetter extends DeadLetterDraft {
  number: number;
  /** Agent time at which it was replayed with effect; 0 while it is open. */
  replayedAtMs: number;
}

/** A dead letter that was taken in after all. */
export interface LetterReplay {
  number: number;
  atMs: number;
}

/**
 * How far a device's own count is, durable beside the log: an input that led to no event ("unchanged")
 * must still be recognised when it comes again. One row per key, the newest value replaces the one
 * before (within a batch only the last of a key need be written), and an empty value deletes the row.
 * Key and value mean something to `ingest/reading-marks.ts` only.
 */
export interface InputMark {
  key: string;
  value: string;
}

/** Everything that one commit makes durable together. */
export interface CommitBatch {
  events: StoredEvent[];
  /**
   * Marks of the inputs in this batch, in order, in the same transaction as their events. At start the
   * whole table goes to `restoreMarks(state, rows)` of `agent.ts`, after snapshot and log tail: it is
   * as of the last commit, whatever the snapshot held.
   */
  inputMarks: InputMark[];
  deadLetters: DeadLetter[];
  /** Letters whose replay this batch makes durable, together with what followed from it. */
  letterReplays: LetterReplay[];
  /** Readings as they came, in order; a log that nobody looks after devices with may leave them out. */
  rawReadings: RawReading[];
  /** Raw inputs, in order, when recording is on (replay of a live run). */
  recordedInputs: { moment: Moment; input: Uint8Array }[];
  /** Personal data that must not be in the log, keyed by person reference. */
  people: PersonRecord[] | null;
}

export interface PersonRecord {
  personRef: string;
  name: string;
  pinHash: string;
  badgeHash: string;
}

export interface Snapshot {
  /** The last event that is folded into it. */
  position: number;
  /** Hash of that event's bytes. */
  chainHash: Uint8Array;
  modelVersion: number;
  /** Serialised state. */
  state: Uint8Array;
}

/** The durable side of the log. One writer; throws a coded StorageError when the disk fails. */
export interface EventLog {
  readonly epoch: Uint8Array;
  /** Appends a batch in one transaction and returns when it is fsynced. */
  commit(batch: CommitBatch): void;
  /** Events from a position on, in order. */
  readFrom(position: number): IterableIterator<StoredEvent>;
  /** Bytes of a lane from a sequence on, at most `limit` of them. */
  readLane(
    lane: number,
    fromSequence: number,
    limit: number,
  ): { sequence: number; bytes: Uint8Array; recordedAtMs: number }[];
  /** All rows of the mark table, in any order. */
  inputMarks(): InputMark[];
  /** Sequence of the last event of a lane; 0 for none. */
  laneSequence(lane: number): number;
  lastPosition(): number;
  lastHash(): Uint8Array;
  saveSnapshot(snapshot: Snapshot): void;
  /** Newest first; ones with a wrong checksum are left out. */
  snapshots(): Snapshot[];
  deadLetters(filter: {
    deviceId?: string;
    reason?: string;
    onlyOpen?: boolean;
    beforeNumber?: number;
    limit: number;
  }): DeadLetter[];
  nextDeadLetterNumber(): number;
  people(): PersonRecord[];
  /** HQ's acknowledgement per lane: the sync cursor. */
  cursor(lane: number): { sequence: number; hash: Uint8Array };
  saveCursor(lane: number, sequence: number, hash: Uint8Array): void;
  close(): void;
}

/**
 * The running agent as its doors see it (broker, serial ports, kiosk API, sync). Everything that it
 * tells is durable.
 */
export interface RunningAgent<State> {
  /**
   * Steps the core and answers after the commit that holds the outcome. With evidence, a refused
   * input is kept as a dead letter in the same commit. Rejects when the disk failed: then nothing
   * happened, and the sender must send again.
   */
  submit(input: Input, evidence?: Evidence): Promise<Outcome>;
  /** Steps what a dead letter held; unless it is refused again, the same commit marks the letter. */
  submitReplay(input: Input, letterNumber: number): Promise<Outcome>;
  /** Keeps something that could not even be parsed; answers its number after the commit. */
  keepDeadLetter(letter: Omit<DeadLetterDraft, 'receivedAtMs'>): Promise<number>;
  /** Reads the state as of the last commit, with its log position. */
  read<T>(reader: (state: Readonly<State>, asOfPosition: number) => T): Promise<T>;
  /** Called after each commit with its events; the answer unsubscribes. */
  onCommit(listener: (events: readonly StoredEvent[], asOfPosition: number) => void): () => void;
  moment(): Moment;
}
