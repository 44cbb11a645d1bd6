/**
 * Work that every store does as it comes: receive what a truck brought, put it away, pick customers'
 * orders. Chilled and frozen goods go first, then what customers have ordered, and a cart leaves the dock as soon as it is full.
 */
import { world } from '../store/reference-store.ts';
import type { PlannedProduct, StorePlan } from '../store/store-plan.ts';
import type { CollectOrder, PickSource, Report, TruckLine, Work } from '../store/work.ts';
import type { News } from './policy.ts';

interface WaitingLine {
  line: TruckLine;
  product: PlannedProduct;
  /** Pieces to put away; null until it is received. */
  pieces: number | null;
  isTaken: boolean;
}

interface WaitingOrder {
  order: CollectOrder;
  isTaken: boolean;
  /** When somebody last came back without all of it. */
  triedAtMs: number;
}

/** Where the goods of an order are, as far as the policy knows. */
export type FindSources = (order: CollectOrder) => PickSource[];

/** An order that could not be completed is tried again so much later. */
const tryAgainMs = 30 * 60_000;
/** Cold goods go in half carts, so that several people share the last of them. */
const coldCartCases = world.cartCases / 2;
const readyBeforeMs = 12 * 60_000;

export class DockWork {
  readonly #lines = new Map<string, WaitingLine>();
  readonly #orders = new Map<string, WaitingOrder>();
  readonly #products: ReadonlyMap<string, PlannedProduct>;
  readonly #nowMs: () => number;
  readonly #arrived = new Set<string>();
  /** When trucks are due that have not come, as last told. */
  readonly #dueAtMs = new Map<string, number>();

  constructor(plan: StorePlan, nowMs: () => number) {
    this.#products = new Map(plan.products.map((product) => [product.gtin, product]));
    this.#nowMs = nowMs;
  }

  hear(news: News): void {
    if (news.kind === 'truck-announced' || news.kind === 'truck-delayed') {
      this.#dueAtMs.set(news.truckId, news.dueAtMs);
    }
    if (news.kind === 'truck-arrived') {
      this.#dueAtMs.delete(news.truckId);
      this.#arrived.add(news.truckId);
      for (const line of news.lines) {
        const product = this.#products.get(line.gtin);
        if (product) this.#lines.set(line.lineId, { line, product, pieces: null, isTaken: false });
      }
    }
    if (news.kind === 'order-placed') {
      const { order } = news;
      const triedAtMs = Number.NEGATIVE_INFINITY;
      this.#orders.set(order.orderId, { order, isTaken: false, triedAtMs });
    }
  }

  told(report: Report): void {
    if (report.kind === 'received') {
      const waiting = this.#lines.get(report.line.lineId);
      if (!waiting) return;
      waiting.pieces = report.countedPieces;
      waiting.isTaken = false;
    }
    if (report.kind === 'put-away') {
      const waiting = this.#lines.get(report.lineId);
      if (report.leftPieces === 0) this.#lines.delete(report.lineId);
      else if (waiting) waiting.isTaken = false;
    }
    if (report.kind === 'order-ready') {
      const { orderId } = report.order;
      const waiting = this.#orders.get(orderId);
      if (report.isComplete) this.#orders.delete(orderId);
      else if (waiting) {
        waiting.isTaken = false;
        waiting.triedAtMs = this.#nowMs();
      }
    }
  }

  /** Whether the goods that a truck brings for an order are in their bins. */
  isAtHand({ truckId, lines }: CollectOrder): boolean {
    if (truckId === '') return true;
    if (!this.#arrived.has(truckId)) return false;
    const ordered = new Set(lines.map(({ gtin }) => gtin));
    for (const { line } of this.#lines.values()) {
      if (line.truckId === truckId && ordered.has(line.gtin)) return false;
    }
    return true;
  }

  /** Whoever is out on a long walk when a truck comes lets its cold goods stand. */
  isTruckNear(): boolean {
    const nowMs = this.#nowMs();
    for (const dueAtMs of this.#dueAtMs.values()) {
      if (dueAtMs > nowMs && dueAtMs - nowMs <= readyBeforeMs) return true;
    }
    return false;
  }

  /** Whether cold goods, or goods that a customer has ordered, stand at the dock. */
  isPressing(): boolean {
    const ordered = this.#orderedGtins();
    for (const waiting of this.#lines.values()) {
      if (!waiting.isTaken && rankOf(waiting, ordered) > 0) return true;
    }
    return false;
  }

  /** A full cart first, else what is still to be received, else what is left. */
  nextDock(): Work | null {
    const waiting = [...this.#lines.values()].filter(({ isTaken }) => !isTaken);
    const ordered = this.#orderedGtins();
    waiting.sort((one, other) => rankOf(other, ordered) - rankOf(one, ordered));
    const received = waiting.filter(({ pieces }) => pieces !== null);
    const announced = waiting.filter(({ pieces }) => pieces === null);
    const cold = received.some(isCold) && !announced.some(isCold);
    const coldCases = casesOf(received.filter(isCold));
    if (
      casesOf(received) >= world.cartCases ||
      coldCases >= coldCartCases ||
      (received.length > 0 && announced.length === 0) ||
      cold
    ) {
      return this.#putAway(received);
    }
    return announced.length > 0 ? this.#receive(announced) : null;
  }

  /** The order with the next promise among those that can be picked now. */
  nextPick(canPick: (order: CollectOrder) => boolean, sources: FindSources): Work | null {
    const waiting = [...this.#orders.values()]
      .filter(({ isTaken, triedAtMs }) => !isTaken && this.#nowMs() - triedAtMs >= tryAgainMs)
      .filter(({ order }) => canPick(order))
      .sort((one, other) => one.order.promiseAtMs - other.order.promiseAtMs);
    for (const candidate of waiting) {
      const found = sources(candidate.order);
      if (found.length === 0) continue;
      candidate.isTaken = true;
      return { kind: 'pick', order: candidate.order, sources: found };
    }
    return null;
  }

  #orderedGtins(): ReadonlySet<string> {
    const gtins = new Set<string>();
    for (const { order } of this.#orders.values()) {
      for (const { gtin } of order.lines) gtins.add(gtin);
    }
    return gtins;
  }

  #receive(waiting: readonly WaitingLine[]): Work {
    const chosen: WaitingLine[] = [];
    for (const one of waiting) {
      const limit = isCold(one) ? coldCartCases : world.cartCases;
      if (chosen.length > 0 && casesOf([...chosen, one]) > limit) break;
      // Ambient goods wait until the cold ones are in.
      if (chosen[0] && isCold(chosen[0]) && !isCold(one)) break;
      one.isTaken = true;
      chosen.push(one);
    }
    return { kind: 'receive', lines: chosen.map(({ line }) => line) };
  }

  #putAway(waiting: readonly WaitingLine[]): Work {
    const chosen: WaitingLine[] = [];
    const limit = waiting[0] && isCold(waiting[0]) ? coldCartCases : world.cartCases;
    for (const one of waiting) {
      if (chosen.length > 0 && casesOf(chosen) >= limit) break;
      if (chosen[0] && isCold(chosen[0]) && !isCold(one)) break;
      one.isTaken = true;
      chosen.push(one);
    }
    const lines = chosen.map(({ line: { lineId, gtin }, product }) => ({
      lineId,
      gtin,
      binId: product.binId,
    }));
    return { kind: 'put-away', lines };
  }
}

const isCold = ({ product }: WaitingLine) => product.temperature !== 'ambient';

/** Cold goods first, then what is ordered. */
const rankOf = (waiting: WaitingLine, ordered: ReadonlySet<string>) =>
  Number(isCold(waiting)) * 2 + Number(ordered.has(waiting.line.gtin));

const casesOf = (lines: readonly WaitingLine[]) =>
  lines.reduce(
    (sum, { line, product, pieces }) =>
      sum + Math.ceil((pieces ?? line.announcedPieces) / product.casePackPieces),
    0,
  );
