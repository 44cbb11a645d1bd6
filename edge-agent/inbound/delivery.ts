/** Deliveries as the core keeps them: what was announced, where it is, what came. */
import { TransportStatus } from '@stockhand/proto/events/v1alpha/inbound_events_pb.js';
import type { DockAppointment } from './dock-appointment.ts';

export interface DeliveryLineRecord {
  line: number;
  gtin: string;
  /** Base units, as the notice says; 0 for a line that no notice names. */
  announced: number;
  sscc: string;
  /** As the notice says; empty where it does not. */
  lot: string;
  bestBefore: string;
  /** Base units that came sound and damaged; -1 until somebody has checked. */
  received: number;
  damaged: number;
}

export interface DeliveryRecord {
  deliveryId: string;
  noticeVersion: number;
  /** When it should be here, as announced; 0 for one that was never announced. */
  announcedAtMs: number;
  /** When it is expected, as last told; 0 for one that was never announced. */
  expectedAtMs: number;
  /** As the carrier last said. */
  transport: TransportStatus;
  /** The door that is kept for it. */
  appointment: DockAppointment | null;
  /** 0 until it is here. */
  arrivedAtMs: number;
  lines: Map<number, DeliveryLineRecord>;
  /** SSCCs that were seen at the dock. */
  units: Set<string>;
}

/** Expected and arrived ones by id; accepted ones are gone. */
export type Deliveries = Map<string, DeliveryRecord>;

/** Deliveries that are over and still known, so that none comes twice. */
export const closedDeliveriesKept = 2_000;

/** Deliveries that may be under way, and lines of one. */
export const deliveriesLimit = 1_000;
export const deliveryLinesLimit = 5_000;
/** So much after its time a delivery counts as late. */
export const lateToleranceMs = 15 * 60_000;
/** So much after its time one that never came counts as cover no more. */
const lostAfterMs = 12 * 3_600_000;
/** And so much after it is forgotten: should it come after all, nobody announced it. */
const forgottenAfterMs = 7 * 24 * 3_600_000;

/** It may still come: neither here nor cancelled. */
export function isUnderWay({ arrivedAtMs, transport }: Readonly<DeliveryRecord>): boolean {
  return arrivedAtMs === 0 && transport !== TransportStatus.CANCELLED;
}

/** What it carries is still to be counted on: here and unchecked, or under way and not long overdue. */
export function isCover(delivery: Readonly<DeliveryRecord>, nowMs: number): boolean {
  if (delivery.arrivedAtMs > 0) return true;
  return isUnderWay(delivery) && !isOverdueBy(delivery, lostAfterMs, nowMs);
}

/** Forgets what was announced and never came, so that it takes no place for ever. */
export function forgetLost(deliveries: Deliveries, nowMs: number): void {
  for (const delivery of [...deliveries.values()]) {
    if (delivery.arrivedAtMs > 0 || !isOverdueBy(delivery, forgottenAfterMs, nowMs)) continue;
    deliveries.delete(delivery.deliveryId);
  }
}

function isOverdueBy({ expectedAtMs }: DeliveryRecord, byMs: number, nowMs: number): boolean {
  return expectedAtMs > 0 && nowMs >= expectedAtMs + byMs;
}
