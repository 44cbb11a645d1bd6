/**
 * What comes into the core, already parsed into domain types, and what the core answers.
 *
 * Each input carries its identity: the words that make a second arrival a duplicate (see
 * ingest/identity.ts). The core answers every input with exactly one outcome, and an outcome may be
 * told to the outside only after the commit that holds it.
 */
import type { Reading } from '@stockhand/proto/device/v1alpha/reading_pb.js';
import type { TillSale } from '@stockhand/proto/device/v1alpha/till_sale_pb.js';
import type { DeviceProfilesApplied } from '@stockhand/proto/events/v1alpha/device_events_pb.js';
import type { PolicyActivated } from '@stockhand/proto/events/v1alpha/governance_events_pb.js';
import type { PlanProposed } from '@stockhand/proto/events/v1alpha/plan_events_pb.js';
import type { ActRequest } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import type { Role } from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import type { Command } from '@stockhand/proto/sync/v1alpha/sync_service_pb.js';

/** The moment of an input: agent time, and the same moment on the store's wall clock. */
export interface Moment {
  /** Agent time in Unix milliseconds; never goes back within a log. */
  nowMs: number;
  localHour: number;
  utcOffsetMinutes: number;
  /** ISO date of the business day, by the store's day end. */
  businessDay: string;
}

/** How a packet reached the agent, for redelivery of devices without a counter. */
export interface Delivery {
  source: 'mqtt' | 'serial' | 'http' | 'kiosk' | 'hq';
  /** MQTT client id or serial port. */
  client: string;
  packetId: number;
  duplicateFlag: boolean;
  retained: boolean;
  /** SHA-256 of the payload bytes, hexadecimal; with client and packet id it names a redelivery. */
  payloadHash: string;
  /** Set when a dead letter is replayed. */
  replay?: ReplayFacts;
}

export interface ReplayFacts {
  /** Agent time at which it was first received. */
  receivedAtMs: number;
  /**
   * Its identity was noted when it was refused: that note is no sign that it was ever taken in. The
   * letter's own mark sees to it that it is taken in once.
   */
  wasNoted: boolean;
}

export type Input =
  | { kind: 'reading'; reading: Reading; delivery: Delivery }
  | { kind: 'sale'; sale: TillSale; deviceId: string; delivery: Delivery }
  | { kind: 'device-state'; deviceId: string; online: boolean; reason: string }
  /** It repeats itself to the digit, which it never used to (device-stillness.ts). */
  | { kind: 'sensor-still'; deviceId: string; value: string; words: number }
  | { kind: 'action'; action: ActRequest; personRef: string; role: Role; sessionId: string }
  | {
      kind: 'sign-in';
      personRef: string;
      role: Role;
      sessionId: string;
      kioskId: string;
      method: string;
    }
  | { kind: 'sign-out'; personRef: string; sessionId: string; reason: string }
  | { kind: 'hq-command'; command: Command }
  | { kind: 'timer'; purpose: string; dueAtMs: number }
  | { kind: 'profiles'; applied: DeviceProfilesApplied }
  | { kind: 'plan'; proposed: PlanProposed }
  | { kind: 'policy'; policy: PolicyActivated }
  | { kind: 'start'; agentVersion: string; configurationHash: string };

/** Why an input was refused: shown to the sender, counted, and kept as a dead letter. */
export interface Refusal {
  /** Stable code from errors.ts, for example "unknown-product". */
  reason: string;
  /** Path of the field, "lines[2].code". */
  field: string;
  found: string;
  expected: string;
}

export type Outcome =
  /** It is in the log as one or more events. */
  | { kind: 'accepted'; taskId?: string }
  /** Within the dead-band or of no effect: identity noted, no event. */
  | { kind: 'unchanged' }
  /** Seen before: nothing happened. */
  | { kind: 'duplicate' }
  /** Refused, whole or (for receipts) in the named lines; what could be applied was. */
  | {
      kind: 'refused';
      refusals: Refusal[];
      /** Number of the dead letter that keeps the input, where one was kept. */
      deadLetter?: number;
    };
