/** What each device sent since the agent started: for the device page, not for decisions. */
import type { DeviceCounts } from './kiosk-api/ports.ts';

/** More devices than this are counted together with nobody. */
const deviceLimit = 10_000;

export class DeviceCounters {
  readonly #byDevice = new Map<string, DeviceCounts>();

  observed(deviceId: string, result: string, nowMs: number): void {
    const counts = this.#byDevice.get(deviceId) ?? {
      accepted: 0,
      refused: 0,
      missed: 0,
      lastSeenMs: null,
    };
    if (result === 'refused' || result === 'lost') counts.refused += 1;
    else counts.accepted += 1;
    counts.lastSeenMs = nowMs;
    if (this.#byDevice.size < deviceLimit || this.#byDevice.has(deviceId)) {
      this.#byDevice.set(deviceId, counts);
    }
  }

  missed(deviceId: string, count: number): void {
    const counts = this.#byDevice.get(deviceId);
    if (counts) counts.missed += count;
  }

  of(deviceId: string): DeviceCounts | undefined {
    return this.#byDevice.get(deviceId);
  }
}
