/**
 * Receiving at the dock: a delivery is here, its lines are checked one by one, and its goods are put
 * away.
 *
 * A person says what came in all, sound and damaged. Sound goods are on the dock then, damaged ones in
 * quarantine; a line is checked once, and saying the same again changes nothing. What differs from the
 * notice is an exception of its line, and an invoice hold for what is missing or damaged. When the last
 * line is checked the delivery is accepted.
 *
 * Example: 24 jars announced, 18 come, one of them broken: ItemsReceived 17 to the dock and 1 to
 * quarantine, delivery-short (6), delivery-damaged (1), two invoice holds.
 */
import { AccountKind } from '@stockhand/proto/events/v1alpha/stock_events_pb.js';
import type {
  ArriveDelivery,
  PutAway,
  ReceiveLine,
} from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import type { Quantity } from '@stockhand/proto/quantity/v1alpha/quantity_pb.js';
import { quantityText, readQuantity } from '@stockhand/proto/vocabulary/quantity.ts';
import { refusal, refused } from '../errors.ts';
import type { Recorder } from '../events/recorder.ts';
import type { ExceptionType } from '../exceptions/exception.ts';
import { raiseException, resolveException } from '../exceptions/exception-book.ts';
import { isPlainId, plainIdExpectation } from '../ingest/identity.ts';
import type { Outcome, Refusal } from '../input.ts';
import { baseUnitOf, quantityOf } from '../stock/base-unit.ts';
import { type AccountRef, bin, quarantine } from '../stock/ledger.ts';
import { ensureStock } from '../stock/withdrawal.ts';
import type { DeliveryLineRecord, DeliveryRecord } from './delivery.ts';
import { lateKey } from './delivery-commands.ts';

export const dock: AccountRef = { kind: AccountKind.DOCK, placeId: '' };

/** A delivery, by its id or by the SSCC of one of its units, is at the dock. */
export function arriveDelivery(recorder: Recorder, action: ArriveDelivery): Outcome {
  const id = action.deliveryId.trim();
  if (!isPlainId(id)) return refused(refusal('bad-field', 'deliveryId', id, plainIdExpectation));
  const delivery = findDelivery(recorder, id);
  if (delivery !== undefined && delivery.arrivedAtMs > 0) return { kind: 'unchanged' };
  const deliveryId = delivery?.deliveryId ?? id;
  const wasAnnounced = delivery !== undefined;
  const causedBy = recorder.record('deliveryArrived', { deliveryId, wasAnnounced });
  resolveException(recorder, lateKey(deliveryId), 'arrived');
  if (!wasAnnounced) {
    raiseException(recorder, {
      type: 'delivery-unannounced',
      causeKey: `delivery-unannounced/${deliveryId}`,
      subjects: [deliveryId],
      evidence: `${deliveryId} is at the dock, and no notice names it.`,
      causedBy,
    });
  }
  return { kind: 'accepted' };
}

function findDelivery(recorder: Recorder, id: string): DeliveryRecord | undefined {
  const { deliveries } = recorder.state;
  const direct = deliveries.get(id);
  if (direct !== undefined) return direct;
  for (const delivery of deliveries.values()) {
    for (const { sscc } of delivery.lines.values()) if (sscc === id) return delivery;
  }
  return undefined;
}

export function receiveLine(recorder: Recorder, action: ReceiveLine): Outcome {
  const { deliveryId, line } = action;
  const delivery = recorder.state.deliveries.get(deliveryId);
  if (delivery === undefined || delivery.arrivedAtMs === 0) {
    return refused(
      refusal('unknown-delivery', 'deliveryId', deliveryId, 'a delivery that is here'),
    );
  }
  const known = delivery.lines.get(line);
  if (known === undefined) {
    return refused(refusal('unknown-line', 'line', line, 'a line of the notice'));
  }
  const received = amountOf(recorder, known.gtin, action.received, 'received');
  if (typeof received !== 'number') return refused(received);
  const damaged =
    action.damaged === undefined ? 0 : amountOf(recorder, known.gtin, action.damaged, 'damaged');
  if (typeof damaged !== 'number') return refused(damaged);
  if (known.received >= 0) {
    if (known.received === received && known.damaged === damaged) return { kind: 'unchanged' };
    const found = quantityText(known.received, baseUnitOf(recorder.state, known.gtin));
    return refused(refusal('already-answered', 'line', found, 'a line that nobody has checked'));
  }
  bookLine(recorder, delivery, known, received, damaged);
  tellDifferences(recorder, delivery, known, received, damaged);
  const checked = recorder.state.deliveries.get(deliveryId);
  if (checked !== undefined && [...checked.lines.values()].every((one) => one.received >= 0)) {
    acceptDelivery(recorder, checked);
  }
  return { kind: 'accepted' };
}

function amountOf(
  recorder: Recorder,
  gtin: string,
  quantity: Quantity | undefined,
  field: string,
): number | Refusal {
  const read = readQuantity(quantity, baseUnitOf(recorder.state, gtin));
  if (!read.ok) return refusal('bad-quantity', field, '', read.expected);
  return read.baseUnits >= 0
    ? read.baseUnits
    : refusal('out-of-range', field, read.baseUnits, '0 or more');
}

function bookLine(
  recorder: Recorder,
  { deliveryId }: DeliveryRecord,
  { line, gtin, announced }: DeliveryLineRecord,
  received: number,
  damaged: number,
): void {
  const { state } = recorder;
  const amount = (baseUnits: number) => quantityOf(state, gtin, baseUnits);
  const circumstances = { correlationId: deliveryId };
  recorder.record(
    'deliveryLineChecked',
    {
      deliveryId,
      line,
      gtin,
      announced: amount(announced),
      received: amount(received),
      damaged: amount(damaged),
    },
    circumstances,
  );
  const book = (quantity: number, to: AccountRef) => {
    if (quantity === 0) return;
    const fields = { gtin, quantity: amount(quantity), to, deliveryId };
    recorder.record('itemsReceived', fields, circumstances);
  };
  book(received, dock);
  book(damaged, quarantine);
}

function tellDifferences(
  recorder: Recorder,
  { deliveryId }: DeliveryRecord,
  { line, gtin, announced }: DeliveryLineRecord,
  received: number,
  damaged: number,
): void {
  const { state } = recorder;
  const unit = baseUnitOf(state, gtin);
  const name = state.catalogue.productByGtin.get(gtin)?.name ?? gtin;
  const missing = announced - received - damaged;
  const tell = (type: ExceptionType, words: string) =>
    raiseException(recorder, {
      type,
      causeKey: `${type}/${deliveryId}/${line}`,
      subjects: [`${deliveryId}/${line}`, deliveryId, gtin],
      evidence: `${name}, line ${line} of ${deliveryId}: ${words}.`,
    });
  const announcedText = quantityText(announced, unit);
  if (missing > 0) {
    tell('delivery-short', `${quantityText(missing, unit)} of ${announcedText} did not come`);
    hold(recorder, deliveryId, line, gtin, missing, 'short');
  }
  if (missing < 0) {
    tell(
      'delivery-over',
      `${quantityText(-missing, unit)} more than the ${announcedText} announced`,
    );
  }
  if (damaged > 0) {
    tell('delivery-damaged', `${quantityText(damaged, unit)} of ${announcedText} came damaged`);
    hold(recorder, deliveryId, line, gtin, damaged, 'damaged');
  }
}

function hold(
  recorder: Recorder,
  deliveryId: string,
  line: number,
  gtin: string,
  baseUnits: number,
  reason: string,
): void {
  const quantity = quantityOf(recorder.state, gtin, baseUnits);
  const correlation = { correlationId: deliveryId };
  recorder.record(
    'invoiceHoldRequested',
    { deliveryId, line, gtin, quantity, reason },
    correlation,
  );
}

function acceptDelivery(recorder: Recorder, { deliveryId, lines }: DeliveryRecord): void {
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
}

/** Goods went from the dock to a bin; what the record did not know on the dock is contradicted. */
export function putAway(recorder: Recorder, action: PutAway): Outcome {
  const { gtin, toPlaceId } = action;
  const { catalogue } = recorder.state;
  if (!catalogue.productByGtin.has(gtin)) {
    return refused(refusal('unknown-product', 'gtin', gtin, 'a product of the master data'));
  }
  if (!catalogue.placeById.has(toPlaceId)) {
    return refused(refusal('unknown-place', 'toPlaceId', toPlaceId, 'a bin of the master data'));
  }
  const quantity = amountOf(recorder, gtin, action.quantity, 'quantity');
  if (typeof quantity !== 'number') return refused(quantity);
  if (quantity === 0) return { kind: 'unchanged' };
  const causedBy = ensureStock(recorder, gtin, dock, quantity, 'put-away');
  const amount = quantityOf(recorder.state, gtin, quantity);
  recorder.record(
    'itemsPutAway',
    { gtin, quantity: amount, from: dock, to: bin(toPlaceId), taskId: '' },
    { causedBy },
  );
  return { kind: 'accepted' };
}
