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
import type {
  ArriveDelivery,
  PutAway,
  ReceiveLine,
} from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { isSscc } from '@stockhand/proto/vocabulary/gs1-keys.ts';
import { quantityText } from '@stockhand/proto/vocabulary/quantity.ts';
import { lookupTextLimit } from '../catalogue/product-lookup.ts';
import { refusal, refused } from '../errors.ts';
import type { Recorder } from '../events/recorder.ts';
import { raiseException } from '../exceptions/exception-book.ts';
import { isPlainId, plainIdExpectation } from '../ingest/identity.ts';
import type { Outcome, Refusal } from '../input.ts';
import type { State } from '../state.ts';
import { baseUnitOf, quantityOf } from '../stock/base-unit.ts';
import { bin } from '../stock/ledger.ts';
import { assumedLot, lotNameOf, readLots, scannedLot, takenLots } from '../stock/lot-naming.ts';
import { type LotStock, sumOf } from '../stock/lots.ts';
import { quantityField } from '../stock/quantity-field.ts';
import { dock } from '../stock/store-places.ts';
import { ensureStock } from '../stock/withdrawal.ts';
import {
  type DeliveryLineRecord,
  type DeliveryRecord,
  deliveriesLimit,
  deliveryLinesLimit,
} from './delivery.ts';
import { acceptDelivery, unannouncedKey } from './delivery-closing.ts';
import { resolveLate } from './delivery-commands.ts';
import { checkLine } from './line-check.ts';

/** A delivery, by its id or by the SSCC of one of its units, is at the dock. */
export function arriveDelivery(recorder: Recorder, action: ArriveDelivery): Outcome {
  if (action.sscc !== '') return scanLogisticUnit(recorder, action.sscc);
  const id = action.deliveryId.trim();
  if (isSscc(id)) return scanLogisticUnit(recorder, id);
  if (!isPlainId(id)) return refused(refusal('bad-field', 'deliveryId', id, plainIdExpectation));
  const delivery = findDelivery(recorder.state, id);
  if (delivery !== undefined && delivery.arrivedAtMs > 0) return { kind: 'unchanged' };
  return noteArrival(recorder, delivery, id);
}

/** A pallet or roll cage was seen; the first one of a delivery says that the delivery is here. */
export function scanLogisticUnit(recorder: Recorder, text: string): Outcome {
  const sscc = readSscc(text);
  if (sscc === null) {
    return refused(refusal('bad-field', 'sscc', text, 'an SSCC of 18 digits'));
  }
  const { state } = recorder;
  const delivery = findDelivery(state, sscc);
  const deliveryId = delivery?.deliveryId ?? sscc;
  if (delivery?.units.has(sscc) === true) return { kind: 'unchanged' };
  if (delivery === undefined || delivery.arrivedAtMs === 0) {
    const outcome = noteArrival(recorder, delivery, deliveryId);
    if (outcome.kind === 'refused') return outcome;
  }
  recorder.record('logisticUnitScanned', { sscc, deliveryId }, { correlationId: deliveryId });
  return { kind: 'accepted' };
}

function noteArrival(
  recorder: Recorder,
  delivery: DeliveryRecord | undefined,
  id: string,
): Outcome {
  const { deliveries, closedDeliveries } = recorder.state;
  if (delivery === undefined && closedDeliveries.has(id)) {
    const expected = 'a delivery that is not over';
    return refused(refusal('already-answered', 'deliveryId', id, expected));
  }
  if (delivery === undefined && deliveries.size >= deliveriesLimit) {
    return refused(refusal('too-many', 'deliveryId', id, `at most ${deliveriesLimit} under way`));
  }
  const deliveryId = delivery?.deliveryId ?? id;
  const wasAnnounced = delivery !== undefined;
  const fields = { deliveryId, wasAnnounced };
  const causedBy = recorder.record('deliveryArrived', fields, { correlationId: deliveryId });
  resolveLate(recorder, deliveryId, 'arrived');
  if (!wasAnnounced) {
    raiseException(recorder, {
      type: 'delivery-unannounced',
      causeKey: unannouncedKey(deliveryId),
      subjects: [deliveryId],
      evidence: `${deliveryId} is at the dock, and no notice names it.`,
      causedBy,
    });
  }
  return { kind: 'accepted' };
}

/** The SSCC in a typed or scanned text: 18 digits, or a GS1 barcode with AI 00. */
function readSscc(text: string): string | null {
  const code = text.trim();
  if (code.length > lookupTextLimit) return null;
  if (isSscc(code)) return code;
  const digits = code.startsWith(']') ? code.slice(3) : code;
  const inner = digits.startsWith('(00)') ? digits.slice(4) : digits.slice(2);
  return /^\(?00/.test(digits) && isSscc(inner) ? inner : null;
}

function findDelivery(state: Readonly<State>, id: string): DeliveryRecord | undefined {
  const { deliveries } = state;
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
  const known = line > 0 ? delivery.lines.get(line) : extraLine(delivery, action.gtin);
  if (known === undefined) {
    return refused(refusal('unknown-line', 'line', line, 'a line of the notice, or 0 and a GTIN'));
  }
  if (!recorder.state.catalogue.productByGtin.has(known.gtin)) {
    return refused(refusal('unknown-product', 'gtin', known.gtin, 'a product of the master data'));
  }
  const received = quantityField(recorder.state, known.gtin, action.received, 'received');
  if (typeof received !== 'number') return refused(received);
  const damaged =
    action.damaged === undefined
      ? 0
      : quantityField(recorder.state, known.gtin, action.damaged, 'damaged');
  if (typeof damaged !== 'number') return refused(damaged);
  if (known.received >= 0) {
    if (known.received === received && known.damaged === damaged) return { kind: 'unchanged' };
    const found = quantityText(known.received, baseUnitOf(recorder.state, known.gtin));
    return refused(refusal('already-answered', 'line', found, 'a line that nobody has checked'));
  }
  const lots = receivedLots(recorder, known, received, action);
  if (!Array.isArray(lots)) return refused(lots);
  checkLine(recorder, delivery, known, { received, damaged, lots });
  // What nobody announced has no last line: a lead says when that is all.
  const isAll = [...delivery.lines.values()].every((one) => one.received >= 0);
  if (isAll && delivery.noticeVersion > 0 && line > 0) acceptDelivery(recorder, delivery);
  return { kind: 'accepted' };
}

/**
 * Of which lots the sound goods of a line are: as typed, as scanned, as the notice says, or as old as
 * goods that came today may become.
 */
function receivedLots(
  recorder: Recorder,
  { gtin, lot, bestBefore }: DeliveryLineRecord,
  received: number,
  said: Pick<ReceiveLine, 'scan' | 'lots'>,
): LotStock[] | Refusal {
  const { state } = recorder;
  const typed = readLots(state, gtin, said.lots, received);
  if (!Array.isArray(typed)) return typed;
  const left = received - sumOf(typed);
  const name =
    scannedLot(recorder, gtin, said.scan) ??
    lotNameOf(state, gtin, { lot, bestBefore }) ??
    assumedLot(recorder, gtin);
  return name === null || left === 0 ? typed : [...typed, { ...name, quantity: left }];
}

/** Checks the only line of a receive task that is still open: "so many came, none damaged". */
export function checkOpenLine(
  recorder: Recorder,
  task: { deliveryId: string; lines: readonly number[] },
  received: number,
  scan: string,
): Refusal | null {
  const delivery = recorder.state.deliveries.get(task.deliveryId);
  const open = task.lines.filter((line) => (delivery?.lines.get(line)?.received ?? 0) < 0);
  const [line] = open;
  if (delivery === undefined || line === undefined || open.length > 1) {
    const expected = 'a task with one line that nobody has checked; check the others first';
    return refusal('wrong-status', 'taskId', `${open.length} open lines`, expected);
  }
  const known = delivery.lines.get(line);
  if (known === undefined) return null;
  const lots = receivedLots(recorder, known, received, { scan, lots: [] });
  if (!Array.isArray(lots)) return lots;
  checkLine(recorder, delivery, known, { received, damaged: 0, lots });
  const isAll = [...delivery.lines.values()].every((one) => one.received >= 0);
  if (isAll) acceptDelivery(recorder, delivery);
  return null;
}

/** The line of goods that no notice names: the one that is there, or the next number. */
function extraLine(delivery: DeliveryRecord, gtin: string): DeliveryLineRecord | undefined {
  if (gtin === '') return undefined;
  let last = 0;
  for (const known of delivery.lines.values()) {
    if (known.gtin === gtin && known.announced === 0) return known;
    last = Math.max(last, known.line);
  }
  if (delivery.lines.size >= deliveryLinesLimit) return undefined;
  return {
    line: last + 1,
    gtin,
    announced: 0,
    sscc: '',
    lot: '',
    bestBefore: '',
    received: -1,
    damaged: 0,
  };
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
  const quantity = quantityField(recorder.state, gtin, action.quantity, 'quantity');
  if (typeof quantity !== 'number') return refused(quantity);
  if (quantity === 0) return { kind: 'unchanged' };
  const occasion = 'put-away';
  const causedBy = ensureStock(recorder, gtin, dock, quantity, occasion);
  const named = scannedLot(recorder, gtin, action.scan);
  const lots = takenLots(recorder, { gtin, account: dock, quantity, named, occasion });
  const amount = quantityOf(recorder.state, gtin, quantity);
  recorder.record(
    'itemsPutAway',
    { gtin, quantity: amount, from: dock, to: bin(toPlaceId), taskId: '', lots },
    { causedBy },
  );
  return { kind: 'accepted' };
}
