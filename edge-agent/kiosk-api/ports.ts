/**
 * What the kiosk API needs beside the running agent: how the sync with HQ stands, what serial ports
 * and brokers know of devices, who works here, and what desk devices read. `store-agent.ts` gives
 * the real ones.
 */
import type { PolicyActivated } from '@stockhand/proto/events/v1alpha/governance_events_pb.js';
import type { ReadingIdentity } from '../catalogue/catalogue.ts';
import type { Refusal } from '../input.ts';
import type { FoundPlan } from '../planning/plan-search.ts';
import type { PlanSnapshot } from '../planning/plan-snapshot.ts';
import type { Hands } from '../planning/shifts.ts';
import type { DryRun } from '../policy/dry-run.ts';
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
  /** Readings a minute, over the last five minutes. */
  readingsPerMinute: number;
  /** Of the last refused input; empty when none was. */
  lastRefusedReason: string;
  /** What it last said of itself; null when it says nothing of that. */
  batteryPercent: number | null;
  signalDbm: number | null;
  /** "weight", "distance"…: the kind of value of its last reading; empty before the first. */
  lastValueKind: string;
  /** How its last reading can be told from others; null before the first. */
  lastIdentity: ReadingIdentity | null;
}

/** A serial port as the device page tells it. */
export interface PortState {
  /** "opening", "answering", "silent", "lost"… */
  state: string;
  /** Why it was lost; empty while it is well. */
  cause: string;
}

export interface DeviceStatusPort {
  /** State of each serial port by device id. */
  portStates(): ReadonlyMap<string, PortState>;
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
  deadLetters(filter: {
    deviceId?: string;
    reason?: string;
    onlyOpen?: boolean;
    beforeNumber?: number;
    limit: number;
  }): DeadLetter[];
}

/** What became of a replay. */
export type ReplayAnswer =
  | { kind: 'taken-in' }
  /** It, or the same word of its device, was taken in before. */
  | { kind: 'already-taken-in' }
  | { kind: 'refused'; refusal: Refusal }
  | { kind: 'unknown-letter' }
  /** It came through a door that cannot take it again, or only its beginning is kept. */
  | { kind: 'not-replayable' };

/** Searches a plan as if there were more people. */
export interface WhatIfPort {
  whatIf(extra: readonly Hands[]): Promise<{
    snapshot: PlanSnapshot;
    now: FoundPlan;
    then: FoundPlan;
  }>;
}

export interface LetterReplayPort {
  isReplayable(letter: DeadLetter): boolean;
  /** Answers after the commit. Rejects when the disk failed: then nothing happened. */
  replay(letterNumber: number): Promise<ReplayAnswer>;
}

/** Rules that were tried on the facts of the last weeks, and what came of it. */
export interface PolicyProposal {
  policy: PolicyActivated;
  triedAtMs: number;
  days: number;
  result: Pick<
    DryRun,
    | 'recorded'
    | 'inForce'
    | 'candidate'
    | 'failures'
    | 'firstFailure'
    | 'avoidedStockoutMinutes'
    | 'avoidedLostUnits'
  >;
}

export interface PolicyDeskPort {
  /** The configuration names the policy's files, and nobody changes them here. */
  readonly isFixed: boolean;
  /** Null when none waits. */
  proposal(): PolicyProposal | null;
  /** The proposal is in force: it becomes the store's files. */
  activated(): void;
}
