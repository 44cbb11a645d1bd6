/** What the events of inbound goods do to the deliveries under way. */
import { timestampMs } from '@bufbuild/protobuf/wkt';
import {
  type DeliveryAnnounced,
  type DeliveryArrived,
  type DeliveryDelayed,
  type DeliveryLineChecked,
  type LogisticUnitScanned,
  TransportStatus,
} from '@stockhand/proto/events/v1alpha/inbound_events_pb.js';
import { baseUnitsOf } from '@stockhand/proto/vocabulary/quantity.ts';
import type { State } from '../state.ts';
import { closedDeliveriesKept, type DeliveryLineRecord } from './delivery.ts';

export function applyDeliveryAnnounced(state: State, announced: DeliveryAnnounced): void {
  const { deliveryId, noticeVersion, expectedAt, lines } = announced;
  const before = state.deliveries.get(deliveryId);
  const isGone = before === undefined || before.transport === TransportStatus.CANCELLED;
  const announcedAtMs = expectedAt === undefined ? 0 : timestampMs(expectedAt);
  state.deliveries.set(deliveryId, {
    deliveryId,
    noticeVersion,
    announcedAtMs,
    expectedAtMs: announcedAtMs,
    // Announced again after it was cancelled, it is expected again.
    transport: isGone ? TransportStatus.UNSPECIFIED : before.transport,
    appointment: before?.appointment ?? null,
    arrivedAtMs: before?.arrivedAtMs ?? 0,
    units: before?.units ?? new Set(),
    lines: new Map([
      // What was checked stays, also when a later notice does not name it any more.
      ...[...(before?.lines ?? [])].filter(([, { received }]) => received >= 0),
      ...lines.map(
        ({ line, gtin, quantity, sscc, lot, bestBefore }): [number, DeliveryLineRecord] => {
          const known = before?.lines.get(line);
          const { received = -1, damaged = 0 } = known?.gtin === gtin ? known : {};
          const said = { line, gtin, announced: baseUnitsOf(quantity), sscc, lot, bestBefore };
          const record = { ...said, received, damaged };
          return [line, record];
        },
      ),
    ]),
  });
}

export function applyDeliveryDelayed(state: State, delayed: DeliveryDelayed): void {
  const delivery = state.deliveries.get(delayed.deliveryId);
  if (delivery === undefined || delayed.expectedAt === undefined) return;
  delivery.expectedAtMs = timestampMs(delayed.expectedAt);
}

export function applyDeliveryArrived(state: State, arrived: DeliveryArrived, atMs: number): void {
  const { deliveryId } = arrived;
  const delivery = state.deliveries.get(deliveryId);
  if (delivery !== undefined) delivery.arrivedAtMs = atMs;
  else {
    state.deliveries.set(deliveryId, {
      deliveryId,
      noticeVersion: 0,
      announcedAtMs: 0,
      expectedAtMs: 0,
      transport: TransportStatus.UNSPECIFIED,
      appointment: null,
      arrivedAtMs: atMs,
      lines: new Map(),
      units: new Set(),
    });
  }
}

export function applyDeliveryLineChecked(state: State, checked: DeliveryLineChecked): void {
  const { line, gtin } = checked;
  const lines = state.deliveries.get(checked.deliveryId)?.lines;
  const received = baseUnitsOf(checked.received);
  const damaged = baseUnitsOf(checked.damaged);
  const { announced = 0, sscc = '', lot = '', bestBefore = '' } = lines?.get(line) ?? {};
  lines?.set(line, { line, gtin, announced, sscc, lot, bestBefore, received, damaged });
}

export function applyLogisticUnitScanned(state: State, scanned: LogisticUnitScanned): void {
  state.deliveries.get(scanned.deliveryId)?.units.add(scanned.sscc);
}

/** Accepted or refused: the delivery is over. */
export function applyDeliveryOver(state: State, deliveryId: string): void {
  const { deliveries, closedDeliveries } = state;
  deliveries.delete(deliveryId);
  closedDeliveries.add(deliveryId);
  if (closedDeliveries.size <= closedDeliveriesKept) return;
  const [oldest] = closedDeliveries;
  if (oldest !== undefined) closedDeliveries.delete(oldest);
}
