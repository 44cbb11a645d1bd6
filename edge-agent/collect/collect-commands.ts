/**
 * Customers' orders that HQ passes on, and takes back. Lines of unknown products or impossible quantities
 * are refused one by one, and the others are taken: the customer gets what can be had.
 */
import { timestampMs } from '@bufbuild/protobuf/wkt';
import type {
  CancelCollectOrder,
  PlaceCollectOrder,
} from '@stockhand/proto/sync/v1alpha/sync_service_pb.js';
import { Faults } from '../catalogue/faults.ts';
import type { Recorder } from '../events/recorder.ts';
import { isPlainId, plainIdExpectation } from '../ingest/identity.ts';
import type { LineResult } from '../ingest/line-result.ts';
import type { Refusal } from '../input.ts';
import { quantityOf } from '../stock/base-unit.ts';
import { quantityField } from '../stock/quantity-field.ts';
import { collectLinesLimit, collectOrdersLimit } from './collect-order.ts';
import { releaseOrder } from './collect-work.ts';

export function placeCollectOrder(recorder: Recorder, command: PlaceCollectOrder): LineResult {
  const { state } = recorder;
  const { orderId, promiseAt, deliveryId } = command;
  const { orders, closed } = state.collect;
  const faults = new Faults();
  if (!isPlainId(orderId)) faults.add('bad-field', 'orderId', orderId, plainIdExpectation);
  if (orders.has(orderId) || closed.has(orderId)) {
    faults.add('already-answered', 'orderId', orderId, 'an order that was not placed yet');
  }
  if (orders.size >= collectOrdersLimit) {
    faults.add('too-many', 'orderId', orderId, `at most ${collectOrdersLimit} open orders`);
  }
  if (deliveryId !== '' && !isPlainId(deliveryId)) {
    faults.add('bad-field', 'deliveryId', deliveryId, plainIdExpectation);
  }
  if (promiseAt === undefined || !Number.isSafeInteger(timestampMs(promiseAt))) {
    faults.add('missing-field', 'promiseAt', '', 'when it is promised');
  }
  if (command.lines.length > collectLinesLimit) {
    faults.add('too-many', 'lines', command.lines.length, `at most ${collectLinesLimit}`);
  }
  if (faults.list.length > 0 || promiseAt === undefined) {
    return { isApplied: false, refusals: faults.list };
  }
  const wanted = wantedOf(recorder, command, faults);
  if (wanted.size === 0) {
    if (faults.list.length === 0) faults.add('missing-field', 'lines', '', 'at least one line');
    return { isApplied: false, refusals: faults.list };
  }
  const lines = [...wanted].map(([gtin, units]) => ({
    gtin,
    quantity: quantityOf(state, gtin, units),
  }));
  const fields = { orderId, promiseAt, lines, deliveryId };
  recorder.record('collectOrderPlaced', fields, { correlationId: orderId });
  return { isApplied: true, refusals: faults.list };
}

/** Base units by product; two lines of one product are one. */
function wantedOf(
  recorder: Recorder,
  command: PlaceCollectOrder,
  faults: Faults,
): Map<string, number> {
  const { state } = recorder;
  const wanted = new Map<string, number>();
  command.lines.forEach(({ gtin, quantity }, index) => {
    const at = `lines[${index}]`;
    if (!state.catalogue.productByGtin.has(gtin)) {
      faults.add('unknown-product', `${at}.gtin`, gtin, 'a product of the master data');
      return;
    }
    const read = quantityField(state, gtin, quantity, `${at}.quantity`, 1);
    if (typeof read !== 'number') faults.take(read);
    else wanted.set(gtin, (wanted.get(gtin) ?? 0) + read);
  });
  return wanted;
}

export function cancelCollectOrder(recorder: Recorder, command: CancelCollectOrder): Refusal[] {
  const { orderId } = command;
  const order = recorder.state.collect.orders.get(orderId);
  if (order === undefined) {
    const faults = new Faults();
    const reason = recorder.state.collect.closed.has(orderId)
      ? 'already-answered'
      : 'unknown-order';
    faults.add(reason, 'orderId', orderId, 'an order that is open');
    return faults.list;
  }
  releaseOrder(recorder, order, 'cancelled');
  return [];
}
