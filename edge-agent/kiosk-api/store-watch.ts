/**
 * The live view: one board for all kiosks, rebuilt when a commit or a connection changed it, at most
 * four times a second, and handed to each stream together with the scans of its desk.
 *
 * A slow kiosk costs nothing: its stream holds the newest board only, and scans up to a limit, the
 * oldest falling out (a scan that nobody read for that long is not wanted any more). A commit that
 * changed nothing on the board moves the position only, and goes out as Alive.
 *
 * A badge is a credential, and what a scanner at a desk reads may be one. So the text of a badge
 * never goes to a stream where someone is signed in, and scans reach a stream without a session
 * only when the kiosk runs on the agent's own machine. Elsewhere, badges are read by a scanner that
 * types (keyboard wedge) into the kiosk itself.
 */
import { create, toBinary } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  type Board,
  BoardSchema,
  ScanSeenSchema,
  type WatchStoreResponse,
  WatchStoreResponseSchema,
  WeightSeenSchema,
} from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import type { Clock, RunningAgent } from '../ports.ts';
import type { State } from '../state.ts';
import { type Surroundings, signInBoard, storeBoard } from './board.ts';
import { callError } from './call-errors.ts';
import { personOfBadge } from './credentials.ts';
import type { DeskScan, DeskWeight } from './ports.ts';

/** Four boards a second at most. */
export const boardIntervalMs = 250;
/** How often connections are looked at, for they change without a commit. */
export const surroundingsIntervalMs = 1_000;
/** A stream that had nothing to say says that it is alive. */
export const aliveIntervalMs = 5_000;
/** Desk messages that wait for one kiosk. */
export const deskMessageLimit = 50;
export const streamLimit = 200;
/** Of them without a session, so that strangers leave room for people at work. */
export const anonymousStreamLimit = 100;
/** Of these from one address: the kiosks behind one proxy, not one page that opens them all. */
export const anonymousStreamsPerAddress = 20;

export interface StoreWatchOptions {
  agent: RunningAgent<State>;
  clock: Clock;
  surroundings(): Surroundings;
}

/** Who watches. */
export interface Watcher {
  /** Undefined before sign-in. */
  sessionId: string | undefined;
  /** Desk devices of this kiosk; empty: all. */
  deskDeviceIds: ReadonlySet<string>;
  /** The kiosk runs on the agent's machine. */
  isLocal: boolean;
  /** IP address of the kiosk. */
  address: string;
}

interface View {
  position: number;
  store: Board;
  storeBytes: Uint8Array;
  signIn: Board;
  signInBytes: Uint8Array;
  sessionIds: ReadonlySet<string>;
}

interface Stream extends Watcher {
  sentBytes: Uint8Array | undefined;
  sentPosition: number;
  sentAtMs: number;
  desk: WatchStoreResponse[];
  wake(): void;
}

const sameBytes = (one: Uint8Array, other: Uint8Array) => Buffer.compare(one, other) === 0;

export class StoreWatch {
  readonly #options: StoreWatchOptions;
  readonly #streams = new Set<Stream>();
  #view: View | undefined;
  #builtAtMs = Number.NEGATIVE_INFINITY;
  #cancelBuild: (() => void) | undefined;
  #cancelTick: (() => void) | undefined;
  #unsubscribe: (() => void) | undefined;
  #isStopped = false;

  constructor(options: StoreWatchOptions) {
    this.#options = options;
  }

  start(): void {
    this.#unsubscribe ??= this.#options.agent.onCommit(() => this.#buildSoon());
    this.#tick();
  }

  /** Ends all streams. */
  stop(): void {
    this.#isStopped = true;
    this.#unsubscribe?.();
    this.#cancelTick?.();
    this.#cancelBuild?.();
    for (const stream of this.#streams) stream.wake();
  }

  scanned(scan: DeskScan): void {
    const { people } = this.#options.surroundings();
    const isBadge = personOfBadge(people, scan.text) !== undefined;
    const { deviceId, text, aimId, seenAtMs } = scan;
    const seenAt = timestampFromMs(seenAtMs);
    const value = create(ScanSeenSchema, { deviceId, text, aimId, seenAt });
    for (const stream of this.#streams) {
      const mayKnow = stream.sessionId === undefined ? stream.isLocal : !isBadge;
      if (mayKnow) this.#toDesk(stream, deviceId, { case: 'scan', value });
    }
  }

  weighed({ deviceId, value, unit, isStable }: DeskWeight): void {
    const message = create(WeightSeenSchema, { deviceId, value, unit, stable: isStable });
    for (const stream of this.#streams) {
      if (stream.sessionId !== undefined) {
        this.#toDesk(stream, deviceId, { case: 'weight', value: message });
      }
    }
  }

  /**
   * The messages of one stream, until `signal` aborts.
   * @throws ConnectError too-many-at-once when there is no room, session-ended when the session is over, stopping when the agent stops.
   */
  async *messages(watcher: Watcher, signal: AbortSignal): AsyncGenerator<WatchStoreResponse> {
    if (!this.#hasRoomFor(watcher)) throw callError('too-many-at-once');
    let wake = () => {};
    const stream: Stream = {
      ...watcher,
      sentBytes: undefined,
      sentPosition: -1,
      sentAtMs: this.#options.clock.monotonicMs(),
      desk: [],
      wake: () => wake(),
    };
    const onAbort = () => stream.wake();
    signal.addEventListener('abort', onAbort);
    this.#streams.add(stream);
    try {
      await this.#build();
      while (!signal.aborted) {
        if (this.#isStopped) throw callError('stopping');
        const woken = new Promise<void>((resolve) => {
          wake = resolve;
        });
        const message = this.#nextMessage(stream);
        if (message !== undefined) yield message;
        else await woken;
      }
    } finally {
      this.#streams.delete(stream);
      signal.removeEventListener('abort', onAbort);
    }
  }

  #hasRoomFor({ sessionId, address }: Watcher): boolean {
    if (this.#streams.size >= streamLimit) return false;
    if (sessionId !== undefined) return true;
    const strangers = [...this.#streams].filter((stream) => stream.sessionId === undefined);
    const neighbours = strangers.filter((stream) => stream.address === address);
    return (
      strangers.length < anonymousStreamLimit && neighbours.length < anonymousStreamsPerAddress
    );
  }

  #nextMessage(stream: Stream): WatchStoreResponse | undefined {
    const view = this.#view;
    const nowMs = this.#options.clock.monotonicMs();
    if (view === undefined) return undefined;
    if (stream.sessionId !== undefined && !view.sessionIds.has(stream.sessionId)) {
      throw callError('session-ended');
    }
    const desk = stream.desk.shift();
    if (desk !== undefined) return desk;
    const isSignedIn = stream.sessionId !== undefined;
    const bytes = isSignedIn ? view.storeBytes : view.signInBytes;
    const asOfPosition = BigInt(view.position);
    if (stream.sentBytes === undefined || !sameBytes(stream.sentBytes, bytes)) {
      Object.assign(stream, { sentBytes: bytes, sentPosition: view.position, sentAtMs: nowMs });
      const board = isSignedIn ? view.store : view.signIn;
      return create(WatchStoreResponseSchema, {
        asOfPosition,
        message: { case: 'board', value: board },
      });
    }
    const isNews = view.position !== stream.sentPosition;
    if (!isNews && nowMs - stream.sentAtMs < aliveIntervalMs) return undefined;
    Object.assign(stream, { sentPosition: view.position, sentAtMs: nowMs });
    return create(WatchStoreResponseSchema, {
      asOfPosition,
      message: { case: 'alive', value: {} },
    });
  }

  #toDesk(stream: Stream, deviceId: string, message: WatchStoreResponse['message']): void {
    if (stream.deskDeviceIds.size > 0 && !stream.deskDeviceIds.has(deviceId)) return;
    const asOfPosition = BigInt(this.#view?.position ?? 0);
    stream.desk.push(create(WatchStoreResponseSchema, { asOfPosition, message }));
    if (stream.desk.length > deskMessageLimit) stream.desk.shift();
    stream.wake();
  }

  /** Looks at the connections from time to time and gives quiet streams their chance to say so. */
  #tick(): void {
    if (this.#isStopped) return;
    this.#cancelTick = this.#options.clock.schedule(surroundingsIntervalMs, () => this.#tick());
    if (this.#streams.size > 0) this.#buildSoon();
  }

  #buildSoon(): void {
    if (this.#isStopped || this.#streams.size === 0 || this.#cancelBuild !== undefined) return;
    const { clock } = this.#options;
    const waitMs = Math.max(0, this.#builtAtMs + boardIntervalMs - clock.monotonicMs());
    this.#cancelBuild = clock.schedule(waitMs, () => {
      this.#cancelBuild = undefined;
      this.#build().catch(() => {
        // The disk failed; the loop says so and recovers, and the next tick asks again.
      });
    });
  }

  /**
   * Builds the view from committed state, and wakes the streams. Builds may overlap: a stream that
   * begins needs one that knows its session. The newest position stays.
   */
  async #build(): Promise<void> {
    const { agent, clock, surroundings } = this.#options;
    const around = surroundings();
    const view = await agent.read((state, position) => {
      const store = storeBoard(state, around);
      const signIn = signInBoard(state, around);
      return {
        position,
        store,
        storeBytes: toBinary(BoardSchema, store),
        signIn,
        signInBytes: toBinary(BoardSchema, signIn),
        sessionIds: new Set(state.sessions.keys()),
      };
    });
    this.#builtAtMs = clock.monotonicMs();
    if (view.position >= (this.#view?.position ?? 0)) this.#view = view;
    for (const stream of this.#streams) stream.wake();
  }
}
