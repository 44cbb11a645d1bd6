/**
 * An exception: something that a person must look at or decide. It has an owner by role, a deadline
 * after which the next role is asked, evidence in words, and answers for one touch. While it is open its
 * cause raises no second one; when the cause is gone it closes by itself.
 */
import { Severity } from '@stockhand/proto/events/v1alpha/exception_events_pb.js';
import type { StaffRoleName } from '../catalogue/catalogue.ts';

export const exceptionTypes = [
  'sensor-fault',
  'misplaced-goods',
  'stock-discrepancy',
  'phantom-suspected',
  'overstock',
  'delivery-late',
  'delivery-short',
  'delivery-over',
  'delivery-damaged',
  'delivery-unannounced',
  'demand-shift',
  'substitution-needed',
  'task-overdue',
  'unusual-dwell',
  'cold-chain-breach',
  'approval-needed',
  'sync-stale',
  'forecast-unusual',
  'policy-rule-failed',
] as const;
export type ExceptionType = (typeof exceptionTypes)[number];

/** Each subject of these has a clock of its own: an answer is about those that it was given for. */
export const typesBySubject: ReadonlySet<ExceptionType> = new Set([
  'cold-chain-breach',
  'unusual-dwell',
]);

export function subjectKey(causeKey: string, subject: string): string {
  return `${causeKey}/${subject}`;
}

export interface EvidenceFactRecord {
  text: string;
  /** The event that says so; 0 when no single one does. */
  position: number;
}

export interface ExceptionRecord {
  exceptionId: string;
  type: ExceptionType;
  severity: Severity;
  ownerRole: StaffRoleName;
  /** What it is about: the same for the same cause. */
  causeKey: string;
  subjects: string[];
  evidence: string;
  facts: EvidenceFactRecord[];
  raisedAtMs: number;
  deadlineMs: number;
  answers: string[];
}

/** By cause key, oldest first. */
export type ExceptionBook = Map<string, ExceptionRecord>;

export function sensorFaultKey(deviceId: string): string {
  return `sensor/${deviceId}`;
}

export function misplacedGoodsKey(slotId: string): string {
  return `misplaced/${slotId}`;
}

/** Causes that were answered, so that what goes on is not raised again, oldest first. */
export type SettledCauses = Set<string>;
/** Answered causes that are remembered. */
export const settledCausesKept = 5_000;
/** Subjects and facts that one exception gathers, and length of its evidence. */
export const subjectsLimit = 200;
export const factsLimit = 50;
export const evidenceTextLimit = 2_000;

/** Open exceptions at most; what comes on top waits until one is closed. */
export const openExceptionsLimit = 2_000;

/** Who is asked after whom. */
export const escalation: Readonly<Partial<Record<StaffRoleName, StaffRoleName>>> = {
  associate: 'lead',
  lead: 'manager',
  manager: 'hq',
};

interface Handling {
  severity: Severity;
  ownerRole: StaffRoleName;
  /** Minutes until the next role is asked. */
  minutes: number;
  answers: readonly string[];
}

/** How each type is handled, until a policy says otherwise. */
export const handlings: Readonly<Record<ExceptionType, Handling>> = {
  'sensor-fault': {
    severity: Severity.WARNING,
    ownerRole: 'lead',
    minutes: 24 * 60,
    answers: ['recalibrated', 'replaced', 'sensor is right'],
  },
  'misplaced-goods': {
    severity: Severity.NOTE,
    ownerRole: 'associate',
    minutes: 8 * 60,
    answers: ['taken away', 'nothing there'],
  },
  'stock-discrepancy': {
    severity: Severity.WARNING,
    ownerRole: 'lead',
    minutes: 12 * 60,
    answers: ['count is right', 'count again', 'found elsewhere'],
  },
  'phantom-suspected': {
    severity: Severity.NOTE,
    ownerRole: 'associate',
    minutes: 4 * 60,
    answers: ['it is there', 'it is gone'],
  },
  overstock: {
    severity: Severity.NOTE,
    ownerRole: 'manager',
    minutes: 3 * 24 * 60,
    answers: ['let it be', 'send back', 'sell at a discount'],
  },
  'delivery-late': {
    severity: Severity.WARNING,
    ownerRole: 'lead',
    minutes: 60,
    answers: ['waiting', 'asked the carrier', 'not coming today'],
  },
  'delivery-short': {
    severity: Severity.WARNING,
    ownerRole: 'lead',
    minutes: 8 * 60,
    answers: ['accept', 'claim', 'reorder'],
  },
  'delivery-over': {
    severity: Severity.NOTE,
    ownerRole: 'lead',
    minutes: 24 * 60,
    answers: ['keep', 'send back'],
  },
  'delivery-damaged': {
    severity: Severity.WARNING,
    ownerRole: 'lead',
    minutes: 8 * 60,
    answers: ['claim', 'waste', 'sell at a discount'],
  },
  'delivery-unannounced': {
    severity: Severity.WARNING,
    ownerRole: 'manager',
    minutes: 60,
    answers: ['receive', 'refuse'],
  },
  'demand-shift': {
    severity: Severity.NOTE,
    ownerRole: 'manager',
    minutes: 4 * 60,
    answers: ['known promotion', 'order more', 'let it run'],
  },
  'substitution-needed': {
    severity: Severity.WARNING,
    ownerRole: 'associate',
    minutes: 30,
    answers: ['leave out'],
  },
  'task-overdue': {
    severity: Severity.WARNING,
    ownerRole: 'lead',
    minutes: 60,
    answers: ['going on', 'give it to others'],
  },
  'unusual-dwell': {
    severity: Severity.WARNING,
    ownerRole: 'lead',
    minutes: 2 * 60,
    answers: ['put away now', 'waits for a reason'],
  },
  'cold-chain-breach': {
    severity: Severity.URGENT,
    ownerRole: 'lead',
    minutes: 15,
    answers: ['checked, still good', 'waste it', 'send back'],
  },
  'approval-needed': {
    severity: Severity.WARNING,
    ownerRole: 'lead',
    minutes: 4 * 60,
    answers: [],
  },
  'sync-stale': {
    severity: Severity.WARNING,
    ownerRole: 'manager',
    minutes: 12 * 60,
    answers: ['known outage', 'called support'],
  },
  'policy-rule-failed': {
    severity: Severity.WARNING,
    ownerRole: 'manager',
    minutes: 24 * 60,
    answers: ['told HQ', 'policy corrected'],
  },
  'forecast-unusual': {
    severity: Severity.NOTE,
    ownerRole: 'manager',
    minutes: 12 * 60,
    answers: ['explained', 'order more', 'let it run'],
  },
};
