/** What the events of inbound goods do to the deliveries under way. */
import { timestampMs } from '@bufbuild/protobuf/wkt';
import type {
  DeliveryAnnounced,
  DeliveryArrived,
  DeliveryDelayed,
  DeliveryLineChecked,
} from '@stockhand/proto/events/v1alpha/inbound_events_pb.js';
import { baseUnitsOf } from '@stockhand/proto/vocabulary/quantity.ts';
import type { State } from '../state.ts';

export function applyDeliveryAnnounced(state: State, announced: DeliveryAnnounced): void {
  const { deliveryId, noticeVersion, expectedAt, lines } = announced;
  const before = state.deliveries.get(deliveryId);
  state.deliveries.set(deliveryId, {
    deliveryId,
    noticeVersion,
    expectedAtMs: expectedAt === undefined ? 0 : timestampMs(expectedAt),
    arrivedAtMs: before?.arrivedAtMs ?? 0,
    lines: new Map(
      lines.map(({ line, gtin, quantity, sscc }) => {
        const known = before?.lines.get(line);
        const { received = -1, damaged = 0 } = known?.gtin === gtin ? known : {};
        const record = { line, gtin, announced: baseUnitsOf(quantity), sscc, received, damaged };
        return [line, record];
      }),
    ),
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
    const unannounced = { deliveryId, noticeVersion: 0, expectedAtMs: 0, arrivedAtMs: atMs };
    state.deliveries.set(deliveryId, { ...unannounced, lines: new Map() });
  }
}

export function applyDeliveryLineChecked(state: State, checked: DeliveryLineChecked): void {
  const line = state.deliveries.get(checked.deliveryId)?.lines.get(checked.line);
  if (line === undefined) return;
  line.received = baseUnitsOf(checked.received);
  line.damaged = baseUnitsOf(checked.damaged);
}
