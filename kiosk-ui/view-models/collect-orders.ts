/**
 * Customers' orders as the desk that hands them over needs them: ready ones first, then by promise.
 *
 * An order waits when some of it is neither reserved nor picked nor given up: it comes with a delivery,
 * or somebody must choose a substitute. Otherwise people are picking it.
 *
 * Example: K1 (ready, promised 17:00), K2 (12 wanted, 9 reserved, 15:00), K3 (all reserved, 14:00): K1,
 * K3, K2 waits.
 */
import { timestampMs } from '@bufbuild/protobuf/wkt';
import type {
  CollectOrderLineView,
  CollectOrderView,
} from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { amountOf } from './quantity.ts';

export type OrderStanding = 'ready' | 'picking' | 'waits';

export function orderStanding({ ready, lines }: CollectOrderView): OrderStanding {
  if (ready) return 'ready';
  return lines.some((line) => missing(line) > 0) ? 'waits' : 'picking';
}

function missing({ ordered, reserved, picked, closed }: CollectOrderLineView): number {
  const count = (quantity: typeof ordered) => amountOf(quantity)?.count ?? 0;
  return closed ? 0 : count(ordered) - count(reserved) - count(picked);
}

/** Lines of which all that will come is on the collect shelf. */
export function linesReady({ lines }: CollectOrderView): number {
  return lines.filter((line) => {
    const reserved = amountOf(line.reserved)?.count ?? 0;
    return missing(line) <= 0 && reserved === 0;
  }).length;
}

export function ordersInOrder(orders: readonly CollectOrderView[]): CollectOrderView[] {
  const promiseMs = ({ promiseAt }: CollectOrderView) =>
    promiseAt === undefined ? Number.MAX_SAFE_INTEGER : timestampMs(promiseAt);
  return [...orders].sort(
    (one, other) =>
      Number(other.ready) - Number(one.ready) ||
      promiseMs(one) - promiseMs(other) ||
      (one.orderId < other.orderId ? -1 : 1),
  );
}
