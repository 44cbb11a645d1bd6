/**
 * Deliveries as the dock needs them: those that are here with their clocks first, then the late ones,
 * then those that are due.
 *
 * Cold goods that nobody has checked yet run against a clock that began with the arrival; the earliest
 * of a delivery is the delivery's. What is checked has a put-away task with the same deadline, so it does
 * not hold this clock.
 *
 * Example: D3 is here with milk (until 12:30) and jam, D2 should have come at 11:30, D1 comes at 13:30:
 * D3 (cold until 12:30, 0 of 2 checked), D2 (late), D1 (due).
 */
import { timestampMs } from '@bufbuild/protobuf/wkt';
import type {
  DeliveryLineView,
  DeliveryView,
} from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { type Difference, lineDifference } from './line-check.ts';
import { amountOf } from './quantity.ts';

export type DeliveryStanding = 'here' | 'late' | 'due';

export interface DeliveryCard {
  delivery: DeliveryView;
  standing: DeliveryStanding;
  linesChecked: number;
  /** Checked lines that are not as announced. */
  linesOff: number;
  /** Unix milliseconds: when it arrived, or when it should. */
  sinceMs: number | undefined;
  /** When the first of the cold goods that nobody has checked must be in the cold. */
  coldUntilMs: number | undefined;
}

const order: readonly DeliveryStanding[] = ['here', 'late', 'due'];

export function deliveryCards(deliveries: readonly DeliveryView[]): DeliveryCard[] {
  const latest = Number.MAX_SAFE_INTEGER;
  return deliveries
    .map(deliveryCard)
    .sort(
      (one, other) =>
        order.indexOf(one.standing) - order.indexOf(other.standing) ||
        (one.coldUntilMs ?? latest) - (other.coldUntilMs ?? latest) ||
        (one.sinceMs ?? latest) - (other.sinceMs ?? latest) ||
        (one.delivery.deliveryId < other.delivery.deliveryId ? -1 : 1),
    );
}

export function deliveryCard(delivery: DeliveryView): DeliveryCard {
  const { arrivedAt, expectedAt, lines, late } = delivery;
  const checked = lines.filter(isChecked);
  const moment = arrivedAt ?? expectedAt;
  const cold = lines.flatMap(({ coldUntil, received }) =>
    coldUntil !== undefined && received === undefined ? [timestampMs(coldUntil)] : [],
  );
  return {
    delivery,
    standing: arrivedAt !== undefined ? 'here' : late ? 'late' : 'due',
    linesChecked: checked.length,
    linesOff: checked.filter((line) => differenceOf(line)?.kind !== 'none').length,
    sinceMs: moment === undefined ? undefined : timestampMs(moment),
    coldUntilMs: cold.length === 0 ? undefined : Math.min(...cold),
  };
}

export function isChecked({ received }: DeliveryLineView): boolean {
  return received !== undefined;
}

/** What a checked line came to; undefined before it is checked. */
export function differenceOf(line: DeliveryLineView): Difference | undefined {
  const received = amountOf(line.received);
  if (received === undefined) return undefined;
  const damaged = amountOf(line.damaged)?.count ?? 0;
  const came = { ...received, count: received.count + damaged };
  return lineDifference(amountOf(line.announced), came, damaged);
}

/** The delivery that a scan names: by its id, or by the SSCC of one of its logistic units. */
export function deliveryNamed(
  deliveries: readonly DeliveryView[],
  name: string,
): DeliveryView | undefined {
  const isIt = ({ deliveryId, unitsSeen, lines }: DeliveryView) =>
    deliveryId === name || unitsSeen.includes(name) || lines.some(({ sscc }) => sscc === name);
  return name === '' ? undefined : deliveries.find(isIt);
}

/** Lines shown at one time; a scan finds any. */
export const linesShown = 60;

/** Lines that wait first, the cold ones of them before others, in the order of the notice. */
export function linesInOrder(lines: readonly DeliveryLineView[]): DeliveryLineView[] {
  const coldMs = ({ coldUntil }: DeliveryLineView) =>
    coldUntil === undefined ? Number.MAX_SAFE_INTEGER : timestampMs(coldUntil);
  return [...lines].sort(
    (one, other) =>
      Number(isChecked(one)) - Number(isChecked(other)) ||
      coldMs(one) - coldMs(other) ||
      one.line - other.line,
  );
}
