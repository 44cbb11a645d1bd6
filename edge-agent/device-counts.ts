/** What each device sent since the agent started: for the device page, not for decisions. */
import type { Reading } from '@stockhand/proto/device/v1alpha/reading_pb.js';
import type { ReadingIdentity } from './catalogue/catalogue.ts';
import type { Input } from './input.ts';
import type { DeviceCounts } from './kiosk-api/ports.ts';

/** More devices than this are counted together with nobody. */
const deviceLimit = 10_000;

const minuteMs = 60_000;
/** Minutes over which the rate is told. */
const rateMinutes = 5;

interface Counted extends Omit<DeviceCounts, 'readingsPerMinute'> {
  /** Readings of the last minutes, the oldest first, and the minute of the last of them. */
  byMinute: number[];
  minute: number;
}

const nothingYet = (): Counted => ({
  accepted: 0,
  refused: 0,
  missed: 0,
  lastSeenMs: null,
  lastRefusedReason: '',
  batteryPercent: null,
  signalDbm: null,
  lastValueKind: '',
  lastIdentity: null,
  byMinute: new Array<number>(rateMinutes).fill(0),
  minute: 0,
});

export class DeviceCounters {
  readonly #byDevice = new Map<string, Counted>();
  readonly #now: () => number;

  /** @param now Unix milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** What became of an input of the device. */
  observed(deviceId: string, result: string, reason: string): void {
    const counts = this.#of(deviceId);
    if (result === 'refused' || result === 'lost') {
      counts.refused += 1;
      counts.lastRefusedReason = reason;
    } else counts.accepted += 1;
    const nowMs = this.#now();
    counts.lastSeenMs = nowMs;
    turnTo(counts, Math.floor(nowMs / minuteMs));
    counts.byMinute[rateMinutes - 1] = (counts.byMinute.at(-1) ?? 0) + 1;
  }

  /** What a device says of itself beside its readings. */
  heard(input: Input): void {
    if (input.kind !== 'reading' || input.delivery.replay !== undefined) return;
    const { deviceId, health, value } = input.reading;
    const counts = this.#of(deviceId);
    if (value.case !== undefined) counts.lastValueKind = value.case;
    counts.lastIdentity = identityOf(input.reading);
    if (health?.batteryPercent !== undefined) counts.batteryPercent = health.batteryPercent;
    if (health?.signalDbm !== undefined) counts.signalDbm = health.signalDbm;
  }

  missed(deviceId: string, count: number): void {
    const counts = this.#byDevice.get(deviceId);
    if (counts) counts.missed += count;
  }

  of(deviceId: string): DeviceCounts | undefined {
    const counts = this.#byDevice.get(deviceId);
    if (counts === undefined) return undefined;
    turnTo(counts, Math.floor(this.#now() / minuteMs));
    const { byMinute, minute: _minute, ...told } = counts;
    const sum = byMinute.reduce((one, other) => one + other, 0);
    return { ...told, readingsPerMinute: Math.round(sum / rateMinutes) };
  }

  #of(deviceId: string): Counted {
    const counts = this.#byDevice.get(deviceId) ?? nothingYet();
    if (this.#byDevice.size < deviceLimit) this.#byDevice.set(deviceId, counts);
    return counts;
  }
}

function identityOf({ sequence, session, observedAt }: Reading): ReadingIdentity {
  if (sequence !== undefined && session !== '') return 'sequence';
  return observedAt === undefined ? 'none' : 'device-time';
}

/** Moves the window of minutes on. */
function turnTo(counts: Counted, minute: number): void {
  const passed = Math.min(rateMinutes, Math.max(0, minute - counts.minute));
  for (let count = 0; count < passed; count += 1) {
    counts.byMinute.shift();
    counts.byMinute.push(0);
  }
  counts.minute = Math.max(minute, counts.minute);
}
