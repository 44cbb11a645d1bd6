/**
 * The loop around the core: step, append, commit, and only then acknowledge and act.
 *
 * Inputs are stepped as they come, so that each sees what the ones before did; their events wait in
 * memory until the event loop has drained what it was reading, or until a commit is full. Then one
 * transaction makes all of them durable, and outcomes, listeners and readers are told in order. So
 * memory may run ahead of the disk, but nobody outside sees it.
 *
 * When a commit fails, nothing of it happened: its senders are told that it failed (a device sends
 * again, a kiosk keeps its action), and the state is built again from snapshot and log. For a second
 * after that inputs are turned away at the door; then the disk is tried again with the next one.
 */
import { hash } from 'node:crypto';
import { step } from './agent.ts';
import { foundTextLimit } from './errors.ts';
import { SnapshotKeeper } from './event-store/snapshot-keeper.ts';
import { rebuildState } from './event-store/state-rebuild.ts';
import type { StoreEvent } from './events/event.ts';
import { encodeEvent } from './events/event-codec.ts';
import type { Input, Moment, Outcome, Refusal } from './input.ts';
import type {
  Clock,
  CommitBatch,
  DeadLetterDraft,
  EventLog,
  Evidence,
  Log,
  RawReading,
  RunningAgent,
  StoredEvent,
} from './ports.ts';
import type { State } from './state.ts';

/** A commit is made at once when it holds this many rows. */
export const commitRowLimit = 1_000;
/** Characters of a topic that a dead letter keeps. */
const letterTopicLimit = 512;
/** Pause before the disk is tried again after a failed commit. */
export const recoveryDelayMs = 1_000;

/** What became of one commit. */
export interface CommitFigures {
  rows: number;
  /** Inputs, reads and dead letters that waited for it. */
  waiting: number;
  durationMs: number;
  failed: boolean;
}

export interface LoopOptions {
  storeGln: string;
  log: EventLog;
  clock: Clock;
  logger: Log;
  /** Agent time and the store's calendar. */
  moment(): Moment;
  /** Keeps each input with its moment, for replay of a live run. */
  recordInput?: (input: Input) => Uint8Array;
  /** Told of each input as it is stepped, before its commit: for figures, not for decisions. */
  onStepped?: (input: Input) => void;
  /** Told of each commit, for metrics. */
  onCommitted?: (figures: CommitFigures) => void;
}

interface Waiting {
  tell(): void;
  fail(error: NotCommittedError): void;
}

/** A commit that succeeded and of which nobody knows yet. */
interface Durable {
  batch: CommitBatch;
  position: number;
  waiting: readonly Waiting[];
}

const emptyBatch = (): CommitBatch => ({
  events: [],
  inputMarks: [],
  deadLetters: [],
  letterReplays: [],
  rawReadings: [],
  recordedInputs: [],
  people: null,
});

const rawReading = (
  { deviceId, source, topic, payload }: Evidence,
  receivedAtMs: number,
  result: Outcome['kind'],
): RawReading => ({ receivedAtMs, result, deviceId, source, topic, payload });

/** The disk failed; whoever sent the input must send it again. */
export class NotCommittedError extends Error {
  constructor(cause: unknown) {
    super('The input was not recorded: the disk failed. Send it again.', { cause });
    this.name = 'NotCommittedError';
  }
}

type CommitListener = (events: readonly StoredEvent[], asOfPosition: number) => void;

export class AgentLoop implements RunningAgent<State> {
  readonly #options: LoopOptions;
  readonly #listeners = new Set<CommitListener>();
  readonly #snapshots: SnapshotKeeper;
  #state: State;
  #lastHash: Uint8Array;
  #nextDeadLetter: number;
  #batch: CommitBatch = emptyBatch();
  #rows = 0;
  #waiting: Waiting[] = [];
  #cancelCommit: (() => void) | null = null;
  #failure: unknown = null;
  /** The state runs ahead of a disk that could not be read either: nobody may see it. */
  #isStateLost = false;
  #stopped = false;

  /** Builds the state from snapshot and log. @throws StorageError */
  constructor(options: LoopOptions) {
    const { log, storeGln, clock, logger } = options;
    this.#options = options;
    const { state, snapshotPosition } = rebuildState(log, storeGln);
    this.#state = state;
    this.#snapshots = new SnapshotKeeper({ log, clock, logger });
    this.#snapshots.beginAt(snapshotPosition);
    this.#lastHash = log.lastHash();
    this.#nextDeadLetter = log.nextDeadLetterNumber();
  }

  /** What keeps the agent from recording, or null when all is well. */
  get failure(): unknown {
    return this.#failure;
  }

  /** How many wait for the next commit. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * The state for figures that may run a commit ahead of the disk (metrics) and for wiring at the
   * start. Whatever is told to people or devices goes through `read`.
   */
  latestState(): Readonly<State> {
    return this.#state;
  }

  moment(): Moment {
    return this.#options.moment();
  }

  submit(input: Input, evidence?: Evidence): Promise<Outcome> {
    if (this.#isClosed()) return this.#turnAway();
    const moment = this.moment();
    const outcome = this.#step(input, moment);
    if (outcome === null) return this.#turnAway();
    this.#options.onStepped?.(input);
    const told = this.#withDeadLetter(outcome, evidence, moment);
    if (input.kind === 'reading' && evidence) {
      this.#batch.rawReadings.push(rawReading(evidence, moment.nowMs, outcome.kind));
    }
    return this.#afterCommit(() => told);
  }

  submitReplay(input: Input, letterNumber: number): Promise<Outcome> {
    if (this.#isClosed()) return this.#turnAway();
    const moment = this.moment();
    const outcome = this.#step(input, moment);
    if (outcome === null) return this.#turnAway();
    if (outcome.kind !== 'refused') {
      this.#batch.letterReplays.push({ number: letterNumber, atMs: moment.nowMs });
      this.#rows += 1;
    }
    return this.#afterCommit(() => outcome);
  }

  keepDeadLetter(letter: Omit<DeadLetterDraft, 'receivedAtMs'>): Promise<number> {
    if (this.#isClosed()) return this.#turnAway();
    const number = this.#addDeadLetter({ ...letter, receivedAtMs: this.moment().nowMs });
    return this.#afterCommit(() => number);
  }

  /** Rejects only while neither a commit nor a rebuild of the state succeeds. */
  read<T>(reader: (state: Readonly<State>, asOfPosition: number) => T): Promise<T> {
    const answer = () => {
      if (this.#isStateLost) throw new NotCommittedError(this.#failure);
      return reader(this.#state, this.#state.position);
    };
    if (this.#waiting.length === 0) return new Promise((resolve) => resolve(answer()));
    return this.#afterCommit(answer);
  }

  onCommit(listener: CommitListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Commits what waits and keeps a snapshot, so that the next start is quick. */
  stop(): void {
    if (this.#stopped) return;
    this.#commit();
    this.#stopped = true;
    if (this.#failure === null) this.#snapshots.keep(this.#state, this.#lastHash);
  }

  #isClosed(): boolean {
    return this.#failure !== null || this.#stopped;
  }

  #turnAway(): Promise<never> {
    return Promise.reject(new NotCommittedError(this.#failure ?? 'the agent is stopping'));
  }

  /** Null when the input met a bug and then the disk failed. */
  #step(input: Input, moment: Moment): Outcome | null {
    try {
      const { outcome, events, marks, people } = step(this.#state, input, moment);
      // Encoded before any is kept: half of an input's events must never be committed.
      const stored = this.#chain(events);
      const { recordInput } = this.#options;
      const record = recordInput ? [{ moment, input: recordInput(input) }] : [];
      this.#batch.events.push(...stored);
      this.#lastHash = stored.at(-1)?.hash ?? this.#lastHash;
      this.#batch.inputMarks.push(...marks);
      this.#batch.recordedInputs.push(...record);
      if (people) this.#batch.people = people;
      this.#rows += stored.length + marks.length + record.length + (people ? 1 : 0);
      return outcome;
    } catch (error) {
      return this.#afterBug(error, input);
    }
  }

  /**
   * A bug of the core met this input; its half-made changes are thrown away with the state. The input
   * is refused, or it would come again for ever; what came before it is sound: it is committed, and
   * told once the state is whole again.
   */
  #afterBug(error: unknown, input: Input): Outcome | null {
    this.#options.logger.error({ err: error, input: input.kind }, 'core-failed');
    const durable = this.#makeDurable();
    if (this.#failure === null) this.#rebuild();
    if (durable) this.#tell(durable);
    if (this.#failure !== null) return null;
    const found = error instanceof Error ? error.message : String(error);
    const expected = 'no fault of the sender: tell support, with the dead letter';
    return {
      kind: 'refused',
      refusals: [{ reason: 'internal-error', field: '', found, expected }],
    };
  }

  #chain(events: readonly StoreEvent[]): StoredEvent[] {
    const { storeGln, log } = this.#options;
    let previousHash = this.#lastHash;
    return events.map((event) => {
      const bytes = encodeEvent(event, { storeGln, epoch: log.epoch, previousHash });
      const ownHash = hash('sha256', bytes, 'buffer');
      previousHash = ownHash;
      return { event, bytes, hash: ownHash };
    });
  }

  #withDeadLetter(outcome: Outcome, evidence: Evidence | undefined, moment: Moment): Outcome {
    const refusal: Refusal | undefined =
      outcome.kind === 'refused' ? outcome.refusals[0] : undefined;
    if (outcome.kind !== 'refused' || !refusal || !evidence) return outcome;
    const deadLetter = this.#addDeadLetter({ ...evidence, ...refusal, receivedAtMs: moment.nowMs });
    return { ...outcome, deadLetter };
  }

  #addDeadLetter(draft: DeadLetterDraft): number {
    const number = this.#nextDeadLetter;
    this.#nextDeadLetter += 1;
    // Payloads have a limit of their own; a hostile topic may be as long as one.
    const topic = draft.topic.slice(0, letterTopicLimit);
    const found = draft.found.slice(0, foundTextLimit);
    this.#batch.deadLetters.push({ ...draft, topic, found, number, replayedAtMs: 0 });
    this.#rows += 1;
    return number;
  }

  #afterCommit<T>(answer: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const tell = () => {
        try {
          resolve(answer());
        } catch (error) {
          // A reader's own fault is told to its caller; the others must still hear of the commit.
          reject(error);
        }
      };
      this.#waiting.push({ tell, fail: reject });
      if (this.#rows >= commitRowLimit) this.#commit();
      else this.#cancelCommit ??= this.#options.clock.whenIdle(() => this.#commit());
    });
  }

  #commit(): void {
    const durable = this.#makeDurable();
    if (!durable) return;
    this.#tell(durable);
    // Listeners may have sent in more: the state must be that of the last commit.
    if (this.#waiting.length === 0) this.#snapshots.keepIfDue(this.#state, this.#lastHash);
  }

  /** Writes what waits; null when there was nothing, or when it failed and everyone was told so. */
  #makeDurable(): Durable | null {
    this.#cancelCommit?.();
    this.#cancelCommit = null;
    const [batch, rows, waiting] = [this.#batch, this.#rows, this.#waiting];
    this.#batch = emptyBatch();
    this.#rows = 0;
    this.#waiting = [];
    // A duplicate has no row of its own, but what the device said is kept.
    const isEmpty = rows === 0 && batch.rawReadings.length === 0;
    if (waiting.length === 0 && isEmpty) return null;
    const { log, clock, onCommitted } = this.#options;
    const position = batch.events.at(-1)?.event.position ?? this.#state.position;
    const startedMs = clock.monotonicMs();
    let failure: unknown = null;
    try {
      if (!isEmpty) log.commit(batch);
    } catch (error) {
      failure = error;
    }
    const durationMs = clock.monotonicMs() - startedMs;
    onCommitted?.({ rows, waiting: waiting.length, durationMs, failed: failure !== null });
    if (failure === null) return { batch, waiting, position };
    this.#fail(failure);
    for (const one of waiting) one.fail(new NotCommittedError(failure));
    return null;
  }

  #tell({ batch, waiting, position }: Durable): void {
    for (const one of waiting) one.tell();
    for (const listener of this.#listeners) {
      try {
        listener(batch.events, position);
      } catch (error) {
        // What is durable stays so, whatever a screen makes of it.
        this.#options.logger.error({ err: error }, 'commit-listener-failed');
      }
    }
  }

  #fail(error: unknown): void {
    this.#failure = error;
    this.#options.logger.error({ err: error }, 'commit-failed');
    this.#rebuild();
    this.#options.clock.schedule(recoveryDelayMs, () => this.#recover());
  }

  /** The next input tries the disk again: only a commit can prove that it works. */
  #recover(): void {
    if (this.#stopped) return;
    if (this.#isStateLost) this.#rebuild();
    if (this.#isStateLost) {
      this.#options.clock.schedule(recoveryDelayMs, () => this.#recover());
      return;
    }
    this.#failure = null;
    this.#options.logger.warn({ position: this.#state.position }, 'recording-again');
  }

  /** Throws the state away and builds it from disk; where that fails too, nothing is told at all. */
  #rebuild(): void {
    const { log, storeGln, logger, clock } = this.#options;
    try {
      const { state, snapshotPosition } = rebuildState(log, storeGln);
      this.#state = state;
      this.#snapshots.beginAt(snapshotPosition);
      this.#lastHash = log.lastHash();
      this.#nextDeadLetter = log.nextDeadLetterNumber();
      this.#isStateLost = false;
    } catch (error) {
      logger.error({ err: error }, 'rebuild-failed');
      this.#isStateLost = true;
      if (this.#failure !== null) return;
      this.#failure = error;
      clock.schedule(recoveryDelayMs, () => this.#recover());
    }
  }
}
