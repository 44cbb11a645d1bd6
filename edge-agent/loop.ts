/**
 * The loop around the core: step, append, commit, and only then acknowledge and act.
 *
 * Inputs are stepped as they come, so that each sees what the ones before did; their events wait in
 * memory until the event loop has drained what it was reading, or until a commit is full. Then one
 * transaction makes all of them durable, and outcomes, listeners and readers are told in order. So
 * memory may run ahead of the disk, but nobody outside sees it.
 *
 * When a commit fails, nothing of it happened: its senders are told that it failed (a device sends
 * again, a kiosk keeps its action), and the state is built again from snapshot and log. Until the
 * disk works again, inputs are turned away at the door.
 */
import { createHash } from 'node:crypto';
import { apply, restoreMarks, step } from './agent.ts';
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
  RunningAgent,
  StoredEvent,
} from './ports.ts';
import {
  createState,
  deserializeState,
  modelVersion,
  type State,
  serializeState,
} from './state.ts';

/** A commit is made at once when it holds this many rows. */
export const commitRowLimit = 1_000;
export const snapshotEveryEvents = 50_000;
export const snapshotEveryMs = 15 * 60_000;
/** Pause before the disk is tried again after a failed commit. */
export const recoveryDelayMs = 1_000;

export interface LoopOptions {
  storeGln: string;
  log: EventLog;
  clock: Clock;
  logger: Log;
  /** Agent time and the store's calendar. */
  moment(): Moment;
  /** Keeps each input with its moment, for replay of a live run. */
  recordInput?: (input: Input) => Uint8Array;
  /** Told of each commit, for metrics. */
  onCommitted?: (rows: number, durationMs: number) => void;
}

interface Waiting {
  tell(): void;
  fail(error: unknown): void;
}

const emptyBatch = (): CommitBatch => ({
  events: [],
  inputMarks: [],
  deadLetters: [],
  recordedInputs: [],
  people: null,
});

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
  #state: State;
  #lastHash: Uint8Array;
  #nextDeadLetter: number;
  #batch: CommitBatch = emptyBatch();
  #rows = 0;
  #waiting: Waiting[] = [];
  #cancelCommit: (() => void) | null = null;
  #failure: unknown = null;
  #snapshotPosition = 0;
  #snapshotAtMs: number;
  #stopped = false;

  /** Builds the state from snapshot and log. @throws StorageError */
  constructor(options: LoopOptions) {
    this.#options = options;
    this.#state = this.#rebuild();
    this.#lastHash = options.log.lastHash();
    this.#nextDeadLetter = options.log.nextDeadLetterNumber();
    this.#snapshotAtMs = options.clock.monotonicMs();
  }

  /** What keeps the agent from recording, or null when all is well. */
  get failure(): unknown {
    return this.#failure;
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
    if (this.#failure !== null || this.#stopped) {
      return Promise.reject(new NotCommittedError(this.#failure ?? 'the agent is stopping'));
    }
    const moment = this.moment();
    const outcome = this.#step(input, moment);
    const told = this.#withDeadLetter(outcome, evidence, moment);
    return this.#afterCommit(() => told);
  }

  #step(input: Input, moment: Moment): Outcome {
    try {
      const { outcome, events, marks, people } = step(this.#state, input, moment);
      for (const event of events) this.#append(event);
      this.#batch.inputMarks.push(...marks);
      this.#rows += marks.length;
      if (people) this.#batch.people = people;
      const { recordInput } = this.#options;
      if (recordInput) this.#batch.recordedInputs.push({ moment, input: recordInput(input) });
      return outcome;
    } catch (error) {
      return this.#afterBug(error, input);
    }
  }

  /**
   * A bug of the core met this input; its half-made changes are thrown away with the state. The input
   * is refused, or it would come again for ever; what came before it is sound and is kept.
   */
  #afterBug(error: unknown, input: Input): Outcome {
    this.#options.logger.error({ err: error, input: input.kind }, 'core-failed');
    this.#commit();
    if (this.#failure === null) this.#state = this.#rebuild();
    const found = error instanceof Error ? error.message : String(error);
    const expected = 'no fault of the sender: tell support, with the dead letter';
    return {
      kind: 'refused',
      refusals: [{ reason: 'internal-error', field: '', found, expected }],
    };
  }

  keepDeadLetter(letter: Omit<DeadLetterDraft, 'receivedAtMs'>): Promise<number> {
    if (this.#failure !== null || this.#stopped) {
      return Promise.reject(new NotCommittedError(this.#failure ?? 'the agent is stopping'));
    }
    const number = this.#addDeadLetter({ ...letter, receivedAtMs: this.moment().nowMs });
    return this.#afterCommit(() => number);
  }

  read<T>(reader: (state: Readonly<State>, asOfPosition: number) => T): Promise<T> {
    const answer = () => reader(this.#state, this.#state.position);
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
    if (this.#failure === null) this.#keepSnapshot();
  }

  #append(event: StoreEvent): void {
    const bytes = encodeEvent(event, {
      storeGln: this.#options.storeGln,
      epoch: this.#options.log.epoch,
      previousHash: this.#lastHash,
    });
    const hash = createHash('sha256').update(bytes).digest();
    this.#lastHash = hash;
    this.#batch.events.push({ event, bytes, hash });
    this.#rows += 1;
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
    this.#batch.deadLetters.push({ ...draft, number });
    this.#rows += 1;
    return number;
  }

  #afterCommit<T>(answer: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ tell: () => resolve(answer()), fail: reject });
      if (this.#rows >= commitRowLimit) this.#commit();
      else this.#cancelCommit ??= this.#options.clock.whenIdle(() => this.#commit());
    });
  }

  #commit(): void {
    this.#cancelCommit?.();
    this.#cancelCommit = null;
    const [batch, rows, waiting] = [this.#batch, this.#rows, this.#waiting];
    this.#batch = emptyBatch();
    this.#rows = 0;
    this.#waiting = [];
    if (waiting.length === 0 && rows === 0) return;
    const startedMs = this.#options.clock.monotonicMs();
    try {
      if (rows > 0 || batch.people || batch.recordedInputs.length > 0) {
        this.#options.log.commit(batch);
      }
    } catch (error) {
      this.#fail(error, waiting);
      return;
    }
    this.#options.onCommitted?.(rows, this.#options.clock.monotonicMs() - startedMs);
    for (const one of waiting) one.tell();
    for (const listener of this.#listeners) listener(batch.events, this.#state.position);
    this.#snapshotIfDue();
  }

  #fail(error: unknown, waiting: Waiting[]): void {
    this.#failure = error;
    this.#options.logger.error({ err: error, inputs: waiting.length }, 'commit-failed');
    for (const one of waiting) one.fail(new NotCommittedError(error));
    this.#recoverLater();
  }

  #recoverLater(): void {
    this.#options.clock.schedule(recoveryDelayMs, () => {
      if (this.#stopped) return;
      try {
        // An empty transaction that writes nothing proves nothing; the next commit does. Here only
        // the state that ran ahead of the disk is thrown away.
        this.#state = this.#rebuild();
        this.#lastHash = this.#options.log.lastHash();
        this.#nextDeadLetter = this.#options.log.nextDeadLetterNumber();
        this.#failure = null;
        this.#options.logger.warn({ position: this.#state.position }, 'state-rebuilt');
      } catch (error) {
        this.#options.logger.error({ err: error }, 'rebuild-failed');
        this.#recoverLater();
      }
    });
  }

  /** Newest good snapshot and the log behind it; without one, the whole log. */
  #rebuild(): State {
    const { log, storeGln } = this.#options;
    const snapshot = log
      .snapshots()
      .find((one) => one.modelVersion === modelVersion && one.position <= log.lastPosition());
    const state = snapshot
      ? deserializeState(snapshot.state)
      : createState({ storeGln, epoch: Buffer.from(log.epoch).toString('hex') });
    for (const { event } of log.readFrom(state.position + 1)) apply(state, event);
    restoreMarks(state, log.inputMarks());
    this.#snapshotPosition = snapshot?.position ?? 0;
    return state;
  }

  #snapshotIfDue(): void {
    const events = this.#state.position - this.#snapshotPosition;
    const ageMs = this.#options.clock.monotonicMs() - this.#snapshotAtMs;
    const isDue = events >= snapshotEveryEvents || (ageMs >= snapshotEveryMs && events > 0);
    if (isDue && this.#waiting.length === 0) this.#keepSnapshot();
  }

  #keepSnapshot(): void {
    const { log, clock, logger } = this.#options;
    this.#snapshotAtMs = clock.monotonicMs();
    if (this.#state.position === this.#snapshotPosition) return;
    try {
      log.saveSnapshot({
        position: this.#state.position,
        chainHash: this.#lastHash,
        modelVersion,
        state: serializeState(this.#state),
      });
      this.#snapshotPosition = this.#state.position;
    } catch (error) {
      // The log is whole without it; only the next start takes longer.
      logger.warn({ err: error }, 'snapshot-failed');
    }
  }
}
