/**
 * Where a delivery is on its way, as the carrier says, and what that changes: the time at which it is
 * expected, whether somebody must be told, and whether it still counts as cover.
 *
 * Lateness is measured by the time that was announced. An estimate a quarter of an hour and more behind it
 * is an exception at once, hours before the truck is missed; one that is back in time takes it away.
 *
 * Example: D7 is announced for 11:00. At 08:40 the truck says 16:30: `delivery-late`, and nothing that D7
 * carries counts as cover for the morning. At 09:10 it says 11:05: the exception closes by itself.
 */
import { timestampMs } from '@bufbuild/protobuf/wkt';
import {
  type TransportReported,
  TransportStatus,
} from '@stockhand/proto/events/v1alpha/inbound_events_pb.js';
import type { ReportTransport } from '@stockhand/proto/sync/v1alpha/sync_service_pb.js';
import { Faults } from '../catalogue/faults.ts';
import type { Recorder } from '../events/recorder.ts';
import type { Refusal } from '../input.ts';
import type { State } from '../state.ts';
import { lateToleranceMs } from './delivery.ts';
import { raiseCancelled, raiseLate, resolveLate } from './delivery-commands.ts';

/** Takes the report in, or answers what is wrong with it and changes nothing. */
export function reportTransport(recorder: Recorder, report: ReportTransport): Refusal[] {
  const { deliveryId, status, estimatedAt } = report;
  const delivery = recorder.state.deliveries.get(deliveryId);
  const faults = new Faults();
  if (delivery === undefined || delivery.arrivedAtMs > 0) {
    faults.add('unknown-delivery', 'deliveryId', deliveryId, 'a delivery that is expected');
  }
  if (status === TransportStatus.UNSPECIFIED || TransportStatus[status] === undefined) {
    faults.add('bad-field', 'status', status, 'PLANNED, LOADED, DEPARTED, AT_GATE or CANCELLED');
  }
  if (delivery === undefined || faults.list.length > 0) return faults.list;
  const causedBy = recorder.record('transportReported', {
    deliveryId,
    status,
    ...(estimatedAt !== undefined && { estimatedAt }),
  });
  if (status === TransportStatus.CANCELLED) {
    raiseCancelled(recorder, deliveryId, causedBy);
    return [];
  }
  if (estimatedAt === undefined) return [];
  const behindMs = timestampMs(estimatedAt) - delivery.announcedAtMs;
  if (behindMs >= lateToleranceMs) {
    const minutes = Math.round(behindMs / 60_000);
    const evidence = `the truck says that it comes ${minutes} minutes after its time`;
    raiseLate(recorder, deliveryId, evidence, causedBy);
  } else {
    resolveLate(recorder, deliveryId, 'the truck is in time again');
  }
  return [];
}

export function applyTransportReported(state: State, reported: TransportReported): void {
  const delivery = state.deliveries.get(reported.deliveryId);
  if (delivery === undefined) return;
  delivery.transport = reported.status;
  if (reported.estimatedAt !== undefined) delivery.expectedAtMs = timestampMs(reported.estimatedAt);
}
