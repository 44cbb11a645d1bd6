/**
 * How a delivery ends: accepted when its last line is checked, or when a lead says that nothing more
 * comes; refused when all of it goes back. Lines that nobody checked did not come, and are short.
 */
import type { CloseDelivery } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { refusal, refused } from '../errors.ts';
import type { Recorder } from '../events/recorder.ts';
import { resolveException } from '../exceptions/exception-book.ts';
import type { Outcome } from '../input.ts';
import { reasonFaultOf } from '../tasks/task-steps.ts';
import type { DeliveryLineRecord, DeliveryRecord } from './delivery.ts';
import { checkLine } from './line-check.ts';

export function unannouncedKey(deliveryId: string): string {
  return `delivery-unannounced/${deliveryId}`;
}

const nothingCame = { received: 0, damaged: 0, lots: [] };

export function closeDelivery(recorder: Recorder, action: CloseDelivery): Outcome {
  const { deliveryId, refuse, reason } = action;
  const delivery = recorder.state.deliveries.get(deliveryId);
  if (delivery === undefined || delivery.arrivedAtMs === 0) {
    const expected = 'a delivery that is here';
    return refused(refusal('unknown-delivery', 'deliveryId', deliveryId, expected));
  }
  if (!refuse) {
    for (const line of [...delivery.lines.values()]) {
      if (line.received < 0) checkLine(recorder, delivery, line, nothingCame);
    }
    acceptDelivery(recorder, delivery);
    return { kind: 'accepted' };
  }
  const fault = reasonFaultOf('reason', reason);
  if (fault !== null) return refused(fault);
  if ([...delivery.lines.values()].some(({ received }) => received >= 0)) {
    const expected = 'a delivery of which nothing is received';
    return refused(refusal('wrong-status', 'deliveryId', deliveryId, expected));
  }
  recorder.record('deliveryRefused', { deliveryId, reason }, { correlationId: deliveryId });
  resolveException(recorder, unannouncedKey(deliveryId), 'refused');
  return { kind: 'accepted' };
}

export function acceptDelivery(recorder: Recorder, { deliveryId, lines }: DeliveryRecord): void {
  const all = [...lines.values()];
  const count = (isSo: (line: DeliveryLineRecord) => boolean) => all.filter(isSo).length;
  recorder.record(
    'deliveryAccepted',
    {
      deliveryId,
      linesShort: count(({ announced, received, damaged }) => received + damaged < announced),
      linesOver: count(({ announced, received, damaged }) => received + damaged > announced),
      linesDamaged: count(({ damaged }) => damaged > 0),
    },
    { correlationId: deliveryId },
  );
  resolveException(recorder, unannouncedKey(deliveryId), 'received');
}
