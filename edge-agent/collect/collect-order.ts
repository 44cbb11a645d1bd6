/** Click-and-collect orders as the core keeps them: what was ordered, reserved, picked. */

export interface CollectLineRecord {
  gtin: string;
  /** Base units that the customer wants. */
  ordered: number;
  /** Set aside in the books and not picked yet. */
  reserved: number;
  /** On the collect shelf. */
  picked: number;
  /** Nothing more is looked for: left out, or another product takes its place. */
  isClosed: boolean;
}

export interface CollectOrderRecord {
  orderId: string;
  placedAtMs: number;
  promiseAtMs: number;
  /** The delivery that carries its goods; empty when the store has them. */
  deliveryId: string;
  lines: CollectLineRecord[];
  /** 0 until all of it is on the collect shelf. */
  readyAtMs: number;
}

export interface CollectBook {
  /** By id; collected and released ones are gone. */
  orders: Map<string, CollectOrderRecord>;
  /** Base units reserved and not picked yet, by GTIN: refills may not take them. */
  reserved: Map<string, number>;
  /** Ids of orders that are over, oldest first; bounded by `closedOrdersKept`. */
  closed: Set<string>;
}

/** Orders that may be open, and lines of one. */
export const collectOrdersLimit = 5_000;
export const collectLinesLimit = 200;
/** Orders that are over and still known, so that none is placed twice. */
export const closedOrdersKept = 5_000;
/** So long after its promise an order waits for its customer. */
export const collectHoldMs = 24 * 3_600_000;

/** Base units that a line still lacks: neither reserved nor picked. */
export function missingOf(line: CollectLineRecord): number {
  return line.isClosed ? 0 : Math.max(0, line.ordered - line.reserved - line.picked);
}

/** True when all that will ever be picked is on the collect shelf, and that is something. */
export function isComplete(order: CollectOrderRecord): boolean {
  return (
    order.lines.every((line) => line.reserved === 0 && missingOf(line) === 0) &&
    order.lines.some(({ picked }) => picked > 0)
  );
}
