/**
 * Notices of HQ or a supplier: a despatch advice, and that it will be late. Lines that name unknown
 * products are left out of the notice, with a refusal of their own; the others are expected.
 */
import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import type { DeliveryLine } from '@stockhand/proto/events/v1alpha/inbound_events_pb.js';
import type {
  AnnounceDelivery,
  DelayDelivery,
} from '@stockhand/proto/sync/v1alpha/sync_service_pb.js';
import { isSscc } from '@stockhand/proto/vocabulary/gs1-keys.ts';
import { Faults } from '../catalogue/faults.ts';
import type { Recorder } from '../events/recorder.ts';
import { raiseException, resolveException } from '../exceptions/exception-book.ts';
import { isPlainId, plainIdExpectation } from '../ingest/identity.ts';
import type { LineResult } from '../ingest/line-result.ts';
import type { Refusal } from '../input.ts';
import type { State } from '../state.ts';
import { lotFault } from '../stock/lot-naming.ts';
import { quantityField } from '../stock/quantity-field.ts';
import { deliveriesLimit, deliveryLinesLimit, isUnderWay, lateToleranceMs } from './delivery.ts';

/** Expects the delivery, or answers what is wrong with the notice and expects nothing. */
export function announceDelivery(recorder: Recorder, notice: AnnounceDelivery): LineResult {
  const { state } = recorder;
  const { deliveryId, noticeVersion, lines, expectedAt } = notice;
  const faults = new Faults();
  if (!isPlainId(deliveryId)) faults.add('bad-field', 'deliveryId', deliveryId, plainIdExpectation);
  if (expectedAt === undefined) faults.add('missing-field', 'expectedAt', '', 'when it is due');
  if (lines.length > deliveryLinesLimit) {
    faults.add('too-many', 'lines', lines.length, `at most ${deliveryLinesLimit}`);
  }
  const known = state.deliveries.get(deliveryId);
  if (known === undefined && state.deliveries.size >= deliveriesLimit) {
    faults.add('too-many', 'deliveryId', deliveryId, `at most ${deliveriesLimit} under way`);
  }
  if (known !== undefined && noticeVersion <= known.noticeVersion) {
    const expected = `a version above ${known.noticeVersion}`;
    faults.add('out-of-range', 'noticeVersion', noticeVersion, expected);
  }
  if (state.closedDeliveries.has(deliveryId)) {
    faults.add('already-answered', 'deliveryId', deliveryId, 'a delivery that is not over');
  }
  if (faults.list.length > 0) return { isApplied: false, refusals: faults.list };
  const sound = notice.lines.filter((line, index) => lineFits(state, notice, line, index, faults));
  if (sound.length === 0 && faults.list.length > 0) {
    return { isApplied: false, refusals: faults.list };
  }
  const { senderGln, despatchAdviceNumber } = notice;
  recorder.record(
    'deliveryAnnounced',
    {
      deliveryId,
      senderGln,
      despatchAdviceNumber,
      noticeVersion,
      ...(expectedAt !== undefined && { expectedAt }),
      lines: sound,
    },
    { correlationId: deliveryId },
  );
  resolveException(recorder, cancelledKey(deliveryId), 'it is announced again');
  return { isApplied: true, refusals: faults.list };
}

/** Notes what is wrong with a line; the sound ones are expected without it. */
function lineFits(
  state: Readonly<State>,
  { lines }: AnnounceDelivery,
  { line, gtin, quantity, sscc, lot, bestBefore }: DeliveryLine,
  index: number,
  faults: Faults,
): boolean {
  const at = `lines[${index}]`;
  const found = faults.count;
  if (line === 0) faults.add('out-of-range', `${at}.line`, line, 'a number from 1');
  if (lines.findIndex((one) => one.line === line) < index) {
    faults.add('bad-field', `${at}.line`, line, 'a number of its own');
  }
  if (sscc !== '' && !isSscc(sscc)) faults.add('bad-field', `${at}.sscc`, sscc, 'an SSCC');
  const lotWords = lotFault({ lot, bestBefore }, at);
  if (lotWords !== null) faults.take(lotWords);
  if (!state.catalogue.productByGtin.has(gtin)) {
    faults.add('unknown-product', `${at}.gtin`, gtin, 'a product of the master data');
    return false;
  }
  const announced = quantityField(state, gtin, quantity, `${at}.quantity`, 1);
  if (typeof announced !== 'number') faults.take(announced);
  return typeof announced === 'number' && faults.count === found;
}

/** A delay that is told is an exception at once: somebody may have to change the day's work. */
export function delayDelivery(recorder: Recorder, delay: DelayDelivery): Refusal[] {
  const { deliveryId, expectedAt, reason } = delay;
  const delivery = recorder.state.deliveries.get(deliveryId);
  const faults = new Faults();
  if (delivery === undefined || delivery.arrivedAtMs > 0) {
    faults.add('unknown-delivery', 'deliveryId', deliveryId, 'a delivery that is expected');
  }
  if (expectedAt === undefined) faults.add('missing-field', 'expectedAt', '', 'when it is due now');
  if (delivery === undefined || expectedAt === undefined || faults.list.length > 0) {
    return faults.list;
  }
  const before = delivery.announcedAtMs;
  const now = timestampMs(expectedAt);
  const causedBy = recorder.record('deliveryDelayed', {
    deliveryId,
    expectedAt: timestampFromMs(now),
    reason,
  });
  if (now - before >= lateToleranceMs) {
    const minutes = Math.round((now - before) / 60_000);
    raiseLate(
      recorder,
      deliveryId,
      `it is announced ${minutes} minutes later than it was`,
      causedBy,
    );
  } else resolveLate(recorder, deliveryId, 'it is in time again');
  return [];
}

/** Few deliveries are under way, so each step may look whether one of them should be here. */
export function noticeLateDeliveries(recorder: Recorder): void {
  const { deliveries } = recorder.state;
  const { nowMs } = recorder.moment;
  for (const delivery of deliveries.values()) {
    const { deliveryId, expectedAtMs } = delivery;
    if (expectedAtMs === 0 || nowMs < expectedAtMs + lateToleranceMs) continue;
    // Of one whose transport is cancelled somebody was told already.
    if (!isUnderWay(delivery)) continue;
    const minutes = Math.round((nowMs - expectedAtMs) / 60_000);
    raiseLate(recorder, deliveryId, `it should have been here ${minutes} minutes ago`);
  }
}

/** Tells that a delivery does not come at all, also those who said that they wait for it. */
export function raiseCancelled(recorder: Recorder, deliveryId: string, causedBy: number): void {
  resolveException(recorder, lateKey(deliveryId), 'its transport is cancelled');
  raiseException(recorder, {
    type: 'delivery-late',
    causeKey: cancelledKey(deliveryId),
    subjects: [deliveryId],
    evidence: `Delivery ${deliveryId}: its transport is cancelled; it does not come.`,
    isLasting: true,
    causedBy,
  });
}

/** It is here, or in time again. */
export function resolveLate(recorder: Recorder, deliveryId: string, reason: string): void {
  resolveException(recorder, lateKey(deliveryId), reason);
  resolveException(recorder, cancelledKey(deliveryId), reason);
}

/** Tells once that a delivery does not keep its time. */
export function raiseLate(
  recorder: Recorder,
  deliveryId: string,
  evidence: string,
  causedBy?: number,
): void {
  raiseException(recorder, {
    type: 'delivery-late',
    causeKey: lateKey(deliveryId),
    subjects: [deliveryId],
    evidence: `Delivery ${deliveryId}: ${evidence}.`,
    isLasting: true,
    ...(causedBy !== undefined && { causedBy }),
  });
}

function cancelledKey(deliveryId: string): string {
  return `delivery-late/${deliveryId}/cancelled`;
}

function lateKey(deliveryId: string): string {
  return `delivery-late/${deliveryId}`;
}
