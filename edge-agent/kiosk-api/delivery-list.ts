/** What is coming, at the dock, and ordered by customers, as a kiosk shows it. */
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  type CollectOrderView,
  CollectOrderViewSchema,
  type DeliveryLineView,
  DeliveryLineViewSchema,
  type DeliveryView,
  DeliveryViewSchema,
  type ListDeliveriesResponse,
  ListDeliveriesResponseSchema,
} from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { TemperatureClass } from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import type { CollectOrderRecord } from '../collect/collect-order.ts';
import { coldDeadline, temperatureOf } from '../inbound/cold-chain.ts';
import {
  type DeliveryLineRecord,
  type DeliveryRecord,
  lateToleranceMs,
} from '../inbound/delivery.ts';
import type { State } from '../state.ts';
import { quantityOf } from '../views.ts';

/** Deliveries and orders that one answer holds. */
export const shownDeliveriesLimit = 100;
export const shownOrdersLimit = 200;

const temperatureByName = {
  ambient: TemperatureClass.AMBIENT,
  chilled: TemperatureClass.CHILLED,
  frozen: TemperatureClass.FROZEN,
} as const;

export function deliveryList(
  state: Readonly<State>,
  nowMs: number,
  asOfPosition: number,
): ListDeliveriesResponse {
  const isHere = ({ arrivedAtMs }: DeliveryRecord) => Number(arrivedAtMs > 0);
  return create(ListDeliveriesResponseSchema, {
    asOfPosition: BigInt(asOfPosition),
    now: timestampFromMs(nowMs),
    deliveries: [...state.deliveries.values()]
      .sort((one, other) => isHere(other) - isHere(one) || one.expectedAtMs - other.expectedAtMs)
      .slice(0, shownDeliveriesLimit)
      .map((delivery) => deliveryView(state, delivery, nowMs)),
    orders: [...state.collect.orders.values()]
      .sort((one, other) => one.promiseAtMs - other.promiseAtMs)
      .slice(0, shownOrdersLimit)
      .map((order) => orderView(state, order)),
  });
}

function deliveryView(
  state: Readonly<State>,
  delivery: DeliveryRecord,
  nowMs: number,
): DeliveryView {
  const { deliveryId, expectedAtMs, arrivedAtMs, lines, units, transport, appointment } = delivery;
  const isExpected = expectedAtMs > 0;
  return create(DeliveryViewSchema, {
    deliveryId,
    ...(isExpected && { expectedAt: timestampFromMs(expectedAtMs) }),
    ...(arrivedAtMs > 0 && { arrivedAt: timestampFromMs(arrivedAtMs) }),
    late: arrivedAtMs === 0 && isExpected && nowMs >= expectedAtMs + lateToleranceMs,
    lines: [...lines.values()].map((line) => lineView(state, line, arrivedAtMs)),
    unitsSeen: [...units],
    transport,
    ...(appointment !== null && {
      dockDoor: state.catalogue.placeById.get(appointment.dockPlaceId)?.name ?? '',
      dockFrom: timestampFromMs(appointment.fromMs),
      dockUntil: timestampFromMs(appointment.untilMs),
    }),
  });
}

function lineView(
  state: Readonly<State>,
  line: DeliveryLineRecord,
  arrivedAtMs: number,
): DeliveryLineView {
  const { gtin, sscc, announced, received, damaged } = line;
  const product = state.catalogue.productByGtin.get(gtin);
  const coldUntilMs = arrivedAtMs > 0 ? coldDeadline(state, gtin, arrivedAtMs) : 0;
  const amount = (baseUnits: number) => quantityOf(state, gtin, baseUnits);
  return create(DeliveryLineViewSchema, {
    line: line.line,
    gtin,
    productName: product?.name ?? gtin,
    sscc,
    ...(announced > 0 && { announced: amount(announced) }),
    ...(received >= 0 && { received: amount(received), damaged: amount(damaged) }),
    temperatureClass: temperatureByName[temperatureOf(state, gtin)],
    ...(coldUntilMs > 0 && { coldUntil: timestampFromMs(coldUntilMs) }),
    casePackPieces: product?.unitOfMeasure === 'piece' ? product.casePack : 0,
  });
}

function orderView(state: Readonly<State>, order: CollectOrderRecord): CollectOrderView {
  return create(CollectOrderViewSchema, {
    orderId: order.orderId,
    promiseAt: timestampFromMs(order.promiseAtMs),
    ready: order.readyAtMs > 0,
    deliveryId: order.deliveryId,
    lines: order.lines.map(({ gtin, ordered, reserved, picked, isClosed }) => ({
      gtin,
      productName: state.catalogue.productByGtin.get(gtin)?.name ?? gtin,
      ordered: quantityOf(state, gtin, ordered),
      reserved: quantityOf(state, gtin, reserved),
      picked: quantityOf(state, gtin, picked),
      closed: isClosed,
    })),
  });
}
