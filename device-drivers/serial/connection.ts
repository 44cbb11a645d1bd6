/**
 * Keeps one serial device connected for as long as the agent runs.
 *
 *     absent ──> opening ──> open(idle | answering | silent) ──> lost ──> absent …
 *
 * Each opening is a new generation with a new port and, above it, a new decoder: half a frame of
 * the old connection can never join the new one. The process never dies of a device, and every
 * change of state is told with its cause, so that the kiosk can say "unplugged" and not "error".
 */
import {
  type BytePort,
  type Clock,
  type LineSettings,
  OpenError,
  type PortOpener,
  type Random,
} from '../ports.ts';
import { type RetrySettings, reopenRetry, retryDelaysMs } from './retry-schedule.ts';

export type PortState =
  /** Nothing at the path, or no right to it, or another program holds it. */
  | 'absent'
  | 'opening'
  /** Open; nothing was asked or heard yet. */
  | 'idle'
  /** Open and the device speaks. */
  | 'answering'
  /** Open, but the device does not answer: switched off, wrong baud rate, cable loose. */
  | 'silent'
  /** It was open and is gone. */
  | 'lost'
  | 'stopped';

export interface PortStatus {
  state: PortState;
  /** For people: "locked: /dev/ttyUSB0 …", "end-of-file". Empty when all is well. */
  cause: string;
  /** Counts the openings; readings carry it. */
  generation: number;
  sinceMs: number;
}

export interface ConnectionEvents {
  /** A new port is open: start with a fresh decoder. */
  opened(generation: number): void;
  data(chunk: Uint8Array): void;
  /** The port is gone or was closed. */
  closed(): void;
  status(status: PortStatus): void;
}

export interface ConnectionOptions {
  line: LineSettings;
  opener: PortOpener;
  clock: Clock;
  random: Random;
  events: ConnectionEvents;
  retry?: RetrySettings;
}

export class SerialConnection {
  readonly #options: ConnectionOptions;
  #port: BytePort | null = null;
  #status: PortStatus;
  #delays: Generator<number, never>;
  #cancelRetry: () => void = () => {};
  #stopWatching: () => void = () => {};
  #running = false;
  #opening = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#delays = retryDelaysMs(options.retry ?? reopenRetry, options.random);
    this.#status = { state: 'stopped', cause: '', generation: 0, sinceMs: options.clock.wallMs() };
  }

  get status(): PortStatus {
    return this.#status;
  }

  /** May be called twice without harm, and again after `stop`. */
  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#stopWatching = this.#options.opener.watch(this.#options.line, () => {
      if (!this.#port) this.#openSoon(0);
    });
    this.#openSoon(0);
  }

  async stop(): Promise<void> {
    if (!this.#running) return;
    this.#running = false;
    this.#cancelRetry();
    this.#stopWatching();
    await this.#closePort();
    // It may have been started again while the port closed.
    if (!this.#running) this.#tell('stopped', '');
  }

  /** Rejects when the port is not open: nothing is queued for a device that is not there. */
  async write(bytes: Uint8Array): Promise<void> {
    if (!this.#port) throw new Error(`${this.#options.line.path} is not open`);
    await this.#port.write(bytes);
  }

  async flush(): Promise<void> {
    // A port that cannot be flushed is on its way out, and its close tells so.
    await this.#port?.flush().catch(() => undefined);
  }

  /** The session above found that the device speaks, or does not. */
  observe(state: 'answering' | 'silent', cause = ''): void {
    if (!this.#port || this.#status.state === state) return;
    this.#tell(state, cause);
  }

  /** Closes and opens again: the cure for a device that is silent though its port is open. */
  async reopen(cause: string): Promise<void> {
    if (!this.#port) return;
    await this.#closePort();
    if (!this.#running) return;
    this.#tell('opening', cause);
    this.#openSoon(0);
  }

  async #closePort(): Promise<void> {
    const port = this.#port;
    if (!port) return;
    this.#port = null;
    this.#options.events.closed();
    await port.close();
  }

  #openSoon(delayMs: number): void {
    this.#cancelRetry();
    this.#cancelRetry = this.#options.clock.schedule(delayMs, () => void this.#open());
  }

  async #open(): Promise<void> {
    if (!this.#running || this.#port || this.#opening) return;
    const { line, opener, events } = this.#options;
    this.#opening = true;
    // Told for the first attempt only: an absent device stays "absent" through its retries.
    if (this.#status.state === 'stopped') this.#tell('opening', '');
    const generation = this.#status.generation + 1;
    let lostEarly: string | null = null;
    try {
      const port = await opener.open(line, {
        data: (chunk) => {
          if (this.#status.generation === generation) events.data(chunk);
        },
        lost: (cause, detail) => {
          if (this.#port && this.#status.generation === generation) this.#lose(cause);
          else lostEarly = detail;
        },
      });
      if (!this.#running || lostEarly !== null) {
        await port.close();
        if (this.#running) this.#retryFrom('lost', lostEarly ?? '');
        return;
      }
      this.#port = port;
      this.#delays = retryDelaysMs(this.#options.retry ?? reopenRetry, this.#options.random);
      this.#tell('idle', '', generation);
      events.opened(generation);
    } catch (error) {
      const cause =
        error instanceof OpenError ? `${error.failure}: ${error.message}` : String(error);
      this.#retryFrom('absent', cause);
    } finally {
      this.#opening = false;
    }
  }

  #lose(cause: string): void {
    this.#port = null;
    this.#options.events.closed();
    this.#retryFrom('lost', cause);
  }

  #retryFrom(state: 'lost' | 'absent', cause: string): void {
    if (!this.#running) return;
    this.#tell(state, cause);
    this.#openSoon(this.#delays.next().value);
  }

  #tell(state: PortState, cause: string, generation = this.#status.generation): void {
    const same = this.#status.state === state && this.#status.cause === cause;
    const sinceMs = this.#options.clock.wallMs();
    this.#status = { state, cause, generation, sinceMs };
    if (!same) this.#options.events.status(this.#status);
  }
}
