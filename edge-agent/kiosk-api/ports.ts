/**
 * What the kiosk API needs beside the running agent: how the sync with HQ stands, what serial ports
 * and brokers know of devices, who works here, and what desk devices read. `store-agent.ts` gives
 * the real ones.
 */
import type { DeadLetter, PersonRecord } from '../ports.ts';

export interface SyncStatus {
  hqConnected: boolean;
  /** Events of all lanes that HQ has not acknowledged. */
  eventsWaiting: number;
  /** Agent time at which the oldest of them was recorded; null when none waits. */
  oldestWaitingMs: number | null;
}

export interface SyncStatusPort {
  status(): SyncStatus;
}

/** Counts of one device since the agent started. */
export interface DeviceCounts {
  accepted: number;
  refused: number;
  /** Readings that the device's own sequence shows to be missing. */
  missed: number;
  /** Agent time of the last reading or heartbeat; null before the first. */
  lastSeenMs: number | null;
}

export interface DeviceStatusPort {
  /** State of each serial port by device id: "answering", "silent", "lost"… */
  portStates(): ReadonlyMap<string, string>;
  /** Undefined for a device that was not heard since the start. */
  counts(deviceId: string): DeviceCounts | undefined;
}

/** Names, PIN hashes and badge hashes: the erasable table beside the log. */
export interface PeoplePort {
  people(): readonly PersonRecord[];
}

export interface DeskScan {
  deviceId: string;
  text: string;
  /** "]E0"; empty when the scanner sends none. */
  aimId: string;
  /** Agent time. */
  seenAtMs: number;
}

export interface DeskWeight {
  deviceId: string;
  /** Decimal text as the scale sent it, "0.250". */
  value: string;
  unit: string;
  isStable: boolean;
}

/** Scanners and scales that are wired to the agent. Each subscription answers its end. */
export interface DeskPort {
  onScan(listener: (scan: DeskScan) => void): () => void;
  onWeight(listener: (weight: DeskWeight) => void): () => void;
}

export interface DeadLetterPort {
  /** Newest first. */
  deadLetters(filter: { deviceId?: string; limit: number }): DeadLetter[];
}
