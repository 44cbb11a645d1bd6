/**
 * An exception: something that a person must look at or decide. It has an owner by role, a deadline
 * after which the next role is asked, evidence in words, and answers for one touch. While it is open its
 * cause raises no second one; when the cause is gone it closes by itself.
 */
import { Severity } from '@stockhand/proto/events/v1alpha/exception_events_pb.js';
import type { StaffRoleName } from '../catalogue/catalogue.ts';

export const exceptionTypes = [
  'sensor-fault',
  'stock-discrepancy',
  'phantom-suspected',
  'delivery-late',
  'delivery-short',
  'delivery-over',
  'delivery-damaged',
  'delivery-unannounced',
  'demand-shift',
] as const;
export type ExceptionType = (typeof exceptionTypes)[number];

export interface ExceptionRecord {
  exceptionId: string;
  type: ExceptionType;
  severity: Severity;
  ownerRole: StaffRoleName;
  /** What it is about: the same for the same cause. */
  causeKey: string;
  subjects: string[];
  evidence: string;
  raisedAtMs: number;
  deadlineMs: number;
  answers: string[];
}

/** By cause key, oldest first. */
export type ExceptionBook = Map<string, ExceptionRecord>;

export function sensorFaultKey(deviceId: string): string {
  return `sensor/${deviceId}`;
}

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
};
