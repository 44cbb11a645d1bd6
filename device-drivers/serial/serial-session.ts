/**
 * One serial device in use: a connection, a decoder per generation, and the conversation.
 *
 * A polled device (most scales) is asked one thing at a time: write, wait for the reply or the
 * time-out, then the next. After a time-out what is still in the line is thrown away before the
 * next poll, or every later reply would be one late. Three unanswered polls make the device
 * "silent", a different thing from a lost port; the port is then opened again once, and polling goes
 * on slowly. A listened-to device (scanners, scales that stream) just speaks. A protocol whose two
 * sides answer each other by rules of their own brings its conversation.
 *
 * Half a frame that is older than the inter-byte time-out ends there: a scanner without suffix
 * ends its scans so, and a cut frame of a scale is told as refused.
 */
import type { Reading } from '@stockhand/proto/device/v1alpha/reading_pb.js';
import type { Codec, CodecContext, Decoded, Meaning, Reject, StreamDecoder } from '../codec.ts';
import { isReject } from '../codec.ts';
import type { Clock, LineSettings, PortOpener, Random } from '../ports.ts';
import { readingFromMeaning } from '../reading.ts';
import { type PortStatus, SerialConnection } from './connection.ts';
import type { Conversation, Converse } from './conversation.ts';

export interface PollSettings {
  /** What the host asks; the codec says it in bytes. */
  command: Meaning;
  intervalMs: number;
  replyTimeoutMs: number;
  /** Unanswered polls in a row until the device counts as silent. */
  missedUntilSilent: number;
  /** Pause between polls of a silent device. */
  silentIntervalMs: number;
}

/** 4 polls a second for a weight display; MT-SICS answers `SI` well within a second. */
export const defaultPoll: Omit<PollSettings, 'command'> = {
  intervalMs: 250,
  replyTimeoutMs: 1_000,
  missedUntilSilent: 3,
  silentIntervalMs: 2_000,
};

export interface SerialSessionEvents {
  /**
   * A reading that differs from the one before (a scale), or any scan. `frame` holds the bytes for
   * audit.
   */
  reading(reading: Reading, frame: Uint8Array): void;
  /** Bytes that made no sense, for the dead letters. */
  refused(reject: Reject, frame: Uint8Array): void;
  /** Everything that was understood, observation or not: for a live weight display. */
  meaning(meaning: Meaning): void;
  status(status: PortStatus): void;
}

export interface SerialSessionOptions {
  deviceId: string;
  /** Names this run of the agent; with the port's generation it is the readings' session. */
  bootId: string;
  line: LineSettings;
  codec: Codec;
  context: CodecContext;
  /** Null: the device speaks unasked. */
  poll: PollSettings | null;
  /** Where the protocol has rules of its own who speaks when; `poll` is not used then. */
  converse?: Converse;
  interByteTimeoutMs: number;
  opener: PortOpener;
  clock: Clock;
  random: Random;
  events: SerialSessionEvents;
}

export class SerialSession {
  readonly #options: SerialSessionOptions;
  readonly #connection: SerialConnection;
  #decoder: StreamDecoder;
  #generation = 0;
  #sequence = 0n;
  #lastWeight = '';
  #missed = 0;
  #reopened = false;
  #awaitingReply = false;
  #conversation: Conversation | null = null;
  #cancelPoll: () => void = () => {};
  #cancelInterByte: () => void = () => {};

  constructor(options: SerialSessionOptions) {
    this.#options = options;
    this.#decoder = this.#freshDecoder();
    this.#connection = new SerialConnection({
      line: options.line,
      opener: options.opener,
      clock: options.clock,
      random: options.random,
      events: {
        opened: (generation) => this.#opened(generation),
        data: (chunk) => this.#data(chunk),
        closed: () => this.#closed(),
        status: (status) => options.events.status(status),
      },
    });
  }

  get status(): PortStatus {
    return this.#connection.status;
  }

  /** Opens the port; also after `stop`. */
  start(): void {
    this.#connection.start();
  }

  async stop(): Promise<void> {
    await this.#connection.stop();
  }

  /**
   * The last reading did not reach the disk: the weight on the scale is news again, and the scale's
   * next reply tells it.
   */
  repeatWeight(): void {
    this.#lastWeight = '';
  }

  /** Says one command to the device, for example "zero". Rejects when the port is not open. */
  async command(meaning: Meaning): Promise<void> {
    if (this.#conversation) return this.#conversation.command(meaning);
    await this.#connection.write(this.#options.codec.encode(meaning, this.#options.context));
  }

  #freshDecoder(): StreamDecoder {
    const { codec, context } = this.#options;
    return codec.decoder({ direction: 'device->host', context });
  }

  #opened(generation: number): void {
    this.#generation = generation;
    this.#sequence = 0n;
    this.#lastWeight = '';
    this.#missed = 0;
    this.#decoder = this.#freshDecoder();
    this.#conversation = this.#options.converse?.(this.#conversationLine()) ?? null;
    if (this.#conversation) this.#conversation.begin();
    else if (this.#options.poll) this.#pollAfter(0);
  }

  #conversationLine() {
    const { events, clock } = this.#options;
    return {
      // The connection tells of a port that is gone.
      write: (bytes: Uint8Array) => void this.#connection.write(bytes).catch(() => {}),
      flush: () => this.#connection.flush(),
      heard: () => this.#connection.observe('answering'),
      passOn: (meaning: Meaning, frame: Uint8Array) => {
        if (isReject(meaning)) events.refused(meaning, frame);
        else this.#understood(meaning, frame);
      },
      silent: (cause: string) => void this.#silent(cause),
      schedule: (delayMs: number, callback: () => void) => clock.schedule(delayMs, callback),
    };
  }

  #closed(): void {
    this.#cancelPoll();
    this.#cancelInterByte();
    this.#awaitingReply = false;
    this.#conversation?.end();
    this.#conversation = null;
  }

  #data(chunk: Uint8Array): void {
    this.#take(this.#decoder.push(chunk));
    this.#cancelInterByte();
    this.#cancelInterByte = this.#options.clock.schedule(this.#options.interByteTimeoutMs, () =>
      this.#take(this.#decoder.end()),
    );
  }

  #take(results: Decoded[]): void {
    for (const decoded of results) {
      const { meaning, frame } = decoded;
      if (this.#conversation) this.#conversation.received(decoded);
      else if (isReject(meaning)) this.#options.events.refused(meaning, frame);
      else this.#understood(meaning, frame);
    }
  }

  #understood(meaning: Meaning, frame: Uint8Array): void {
    this.#missed = 0;
    this.#reopened = false;
    this.#connection.observe('answering');
    this.#options.events.meaning(meaning);
    this.#observe(meaning, frame);
    const { poll } = this.#options;
    if (poll && this.#awaitingReply) {
      this.#awaitingReply = false;
      this.#pollAfter(poll.intervalMs);
    }
  }

  /** A scale repeats itself four times a second; only a change is news. A scan always is. */
  #observe(meaning: Meaning, frame: Uint8Array): void {
    if (meaning.kind === 'weight') {
      const said = JSON.stringify(meaning);
      if (said === this.#lastWeight) return;
      this.#lastWeight = said;
    }
    const { deviceId, bootId, clock, events } = this.#options;
    const source = {
      deviceId,
      session: `${bootId}-${this.#generation}`,
      sequence: this.#sequence + 1n,
      observedAtMs: clock.wallMs(),
    };
    const reading = readingFromMeaning(source, meaning);
    if (!reading) return;
    this.#sequence += 1n;
    events.reading(reading, frame);
  }

  #pollAfter(delayMs: number): void {
    this.#cancelPoll();
    this.#cancelPoll = this.#options.clock.schedule(delayMs, () => void this.#poll());
  }

  async #poll(): Promise<void> {
    const { poll, clock } = this.#options;
    if (!poll) return;
    this.#awaitingReply = true;
    this.#cancelPoll = clock.schedule(poll.replyTimeoutMs, () => void this.#unanswered());
    try {
      await this.command(poll.command);
    } catch {
      // The port went away while we wrote: its loss is told by the connection, and the next
      // opening begins a new round of polls.
    }
  }

  async #unanswered(): Promise<void> {
    const { poll } = this.#options;
    if (!poll) return;
    this.#awaitingReply = false;
    this.#missed += 1;
    const generation = this.#generation;
    // Drain what may still be coming, or the next reply would be the answer to this question.
    this.#take(this.#decoder.end());
    this.#decoder = this.#freshDecoder();
    await this.#connection.flush();
    if (generation !== this.#generation) return;
    if (this.#missed < poll.missedUntilSilent) return this.#pollAfter(poll.intervalMs);
    const isReopening = await this.#silent(`${this.#missed} polls without an answer`);
    if (!isReopening) this.#pollAfter(poll.silentIntervalMs);
  }

  /** Opens the port again, once for each silence; answers whether it did. */
  async #silent(cause: string): Promise<boolean> {
    this.#connection.observe('silent', cause);
    if (this.#reopened) return false;
    this.#reopened = true;
    await this.#connection.reopen(cause);
    return true;
  }
}
