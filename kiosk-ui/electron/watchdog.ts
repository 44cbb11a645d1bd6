/**
 * Brings a kiosk page back that crashed, hangs or could not be loaded: reload after a pause that
 * grows, so that an agent that is away is not hammered, and shrinks again after a good load.
 */
export interface WatchdogOptions {
  reload(): void;
  schedule(delayMs: number, callback: () => void): () => void;
}

export const firstPauseMs = 1_000;
export const longestPauseMs = 30_000;

export class Watchdog {
  readonly #options: WatchdogOptions;
  #pauseMs = firstPauseMs;
  #cancel: (() => void) | null = null;

  constructor(options: WatchdogOptions) {
    this.#options = options;
  }

  /** The page is gone, hangs, or did not load. */
  failed(): void {
    if (this.#cancel) return;
    this.#cancel = this.#options.schedule(this.#pauseMs, () => {
      this.#cancel = null;
      this.#options.reload();
    });
    this.#pauseMs = Math.min(longestPauseMs, this.#pauseMs * 2);
  }

  /** It answers again by itself, or was loaded. */
  recovered(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#pauseMs = firstPauseMs;
  }
}
