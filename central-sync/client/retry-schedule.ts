/** When to call HQ again. 600 stores must not come back in the same second, hence the jitter. */

export interface RetrySettings {
  firstDelayMs: number;
  growth: number;
  longestDelayMs: number;
}

export const reconnectRetry: RetrySettings = {
  firstDelayMs: 500,
  growth: 2,
  longestDelayMs: 30_000,
};

/**
 * Delays with full jitter (each uniform between 0 and its ceiling, AWS Architecture Blog 2015).
 * @param fraction uniform in [0, 1)
 */
export function* reconnectDelaysMs(
  settings: RetrySettings,
  fraction: () => number,
): Generator<number, never> {
  let ceilingMs = settings.firstDelayMs;
  while (true) {
    yield Math.round(ceilingMs * fraction());
    ceilingMs = Math.min(settings.longestDelayMs, ceilingMs * settings.growth);
  }
}
