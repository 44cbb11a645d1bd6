/**
 * The ways out of the drivers. `serial/` and `mqtt/` have the real ones; tests and simulators put
 * virtual or faulty ones in their place.
 */

export interface Clock {
  /** Unix milliseconds of the machine's clock; for telling people, not for measuring. */
  wallMs(): number;
  /** Milliseconds from an arbitrary start; never jumps. */
  monotonicMs(): number;
  /** Calls back once after `delayMs`; the answer cancels it. */
  schedule(delayMs: number, callback: () => void): () => void;
}

export interface Random {
  /** Uniform in [0, 1); spreads retries so that devices do not come back in step. */
  fraction(): number;
}

/** How a serial line is set. The factory default of each model is in its codec's `line`. */
export interface LineSettings {
  /** Device file or a link to it. Empty when `adapter` says which port is meant. */
  path: string;
  /** A USB adapter by vendor, product and serial number, where the number of its port changes. */
  adapter?: { vendorId?: string; productId?: string; serialNumber?: string };
  baudRate: number;
  dataBits: 7 | 8;
  parity: 'none' | 'even' | 'odd';
  stopBits: 1 | 2;
}

/** Why an open port is gone. */
export type LossCause = 'removed' | 'end-of-file' | 'input-output-error' | 'closed-by-system';

export interface BytePortEvents {
  data(chunk: Uint8Array): void;
  /** Told once; the port is closed and must not be used again. */
  lost(cause: LossCause, detail: string): void;
}

/** One open connection to a device. */
export interface BytePort {
  /** Resolves when the system took the bytes; rejects when the port is gone. */
  write(bytes: Uint8Array): Promise<void>;
  /** Throws away what the system holds unread. */
  flush(): Promise<void>;
  /** May be called twice. */
  close(): Promise<void>;
}

/** Why a port could not be opened. */
export type OpenFailure = 'absent' | 'locked' | 'forbidden' | 'failed';

export class OpenError extends Error {
  readonly failure: OpenFailure;

  constructor(failure: OpenFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.failure = failure;
  }
}

export interface PortOpener {
  /** @throws OpenError */
  open(settings: LineSettings, events: BytePortEvents): Promise<BytePort>;
  /** Calls back when something appears or vanishes where the port should be; the answer stops it. */
  watch(settings: LineSettings, changed: () => void): () => void;
}
