/**
 * Click-and-collect: orders come in over the day with a promise of two to four hours, or the evening
 * before with goods that the 11:00 truck carries. The customer comes at the promised time, and again
 * when the order is ready.
 */
import type { Agenda } from '../kernel/agenda.ts';
import { hourMs, instantOf } from '../kernel/day-clock.ts';
import type { RandomStream } from '../kernel/random.ts';
import type { PlannedProduct, StorePlan } from './store-plan.ts';
import type { TrueStock } from './true-stock.ts';
import type { CollectLine, CollectOrder } from './work.ts';

const firstOrderHour = 8;
const lastOrderHour = 16;
const promiseHours = { least: 2, most: 4 };
const linesAtMost = 5;

export interface CollectFacts {
  order: CollectOrder;
  pickedPieces: Map<string, number>;
  readyAtMs: number | null;
  isCollected: boolean;
}

export interface CollectDeskOptions {
  plan: StorePlan;
  stock: TrueStock;
  agenda: Agenda;
  random: RandomStream;
  placed(order: CollectOrder): void;
  collected(order: CollectOrder): void;
}

export class CollectDesk {
  readonly orders = new Map<string, CollectFacts>();
  readonly #options: CollectDeskOptions;
  readonly #listed: readonly PlannedProduct[];

  constructor(options: CollectDeskOptions) {
    this.#options = options;
    const listed = new Set(options.plan.slots.map(({ product }) => product));
    this.#listed = [...listed];
  }

  /** Enters the orders that customers place on a day (the first is 1). */
  planDay(day: number): void {
    const { plan, agenda, random } = this.#options;
    for (let index = 0; index < plan.reference.collectOrders.placed; index += 1) {
      const draws = random.stream(`placed/${day}/${index}`);
      const hour = firstOrderHour + draws.fraction() * (lastOrderHour - firstOrderHour);
      const atMs = Math.floor(instantOf(day, hour));
      const orderId = `order-${day}-${index + 1}`;
      const lines = drawLines(this.#listed, draws);
      const promiseAtMs = Math.floor(atMs + drawPromiseMs(draws));
      const order = { orderId, lines, placedAtMs: atMs, promiseAtMs, truckId: '' };
      agenda.at(atMs, () => this.#place(order));
    }
  }

  /** Orders whose goods travel on a truck; answers them, so that it can be loaded. */
  planCarried(day: number, truckId: string, dueAtMs: number, nowMs: number): CollectOrder[] {
    const { plan, agenda, random } = this.#options;
    return Array.from({ length: plan.reference.collectOrders.carried }, (_, index) => {
      const draws = random.stream(`carried/${day}/${index}`);
      const order: CollectOrder = {
        orderId: `order-${day}-truck-${index + 1}`,
        lines: drawLines(this.#listed, draws),
        placedAtMs: nowMs,
        promiseAtMs: Math.floor(dueAtMs + drawPromiseMs(draws)),
        truckId,
      };
      agenda.at(nowMs, () => this.#place(order));
      return order;
    });
  }

  /** What is still to be picked; pieces of another product stand in for what a line lacks. */
  missing(orderId: string): CollectLine[] {
    const facts = this.orders.get(orderId);
    if (!facts) return [];
    const { order, pickedPieces } = facts;
    const ordered = new Set(order.lines.map(({ gtin }) => gtin));
    let substitutes = 0;
    for (const [gtin, pieces] of pickedPieces) if (!ordered.has(gtin)) substitutes += pieces;
    const missing: CollectLine[] = [];
    for (const { gtin, pieces } of order.lines) {
      const lacking = pieces - (pickedPieces.get(gtin) ?? 0);
      const replaced = Math.min(lacking, substitutes);
      substitutes -= replaced;
      if (lacking > replaced) missing.push({ gtin, pieces: lacking - replaced });
    }
    return missing;
  }

  /** Goods from hands to the collect shelf; answers whether the order is complete. */
  setAside(orderId: string, picked: readonly CollectLine[]): boolean {
    const { stock, agenda } = this.#options;
    const facts = this.orders.get(orderId);
    if (!facts) return false;
    for (const { gtin, pieces } of picked) {
      facts.pickedPieces.set(gtin, (facts.pickedPieces.get(gtin) ?? 0) + pieces);
      stock.setAside(pieces);
    }
    if (this.missing(orderId).length > 0) return false;
    facts.readyAtMs ??= agenda.nowMs;
    agenda.at(facts.order.promiseAtMs, () => this.#collect(facts));
    return true;
  }

  /** From the collect shelf into hands, when an order is given up; answers what was there. */
  takeBack(orderId: string, gtin: string, pieces: number): number {
    const facts = this.orders.get(orderId);
    const held = facts?.isCollected ? 0 : (facts?.pickedPieces.get(gtin) ?? 0);
    const taken = Math.min(held, pieces);
    facts?.pickedPieces.set(gtin, held - taken);
    this.#options.stock.takeFromCollectShelf(taken);
    return taken;
  }

  #place(order: CollectOrder): void {
    const pickedPieces = new Map<string, number>();
    this.orders.set(order.orderId, { order, pickedPieces, readyAtMs: null, isCollected: false });
    this.#options.placed(order);
  }

  #collect(facts: CollectFacts): void {
    if (facts.isCollected || this.missing(facts.order.orderId).length > 0) return;
    facts.isCollected = true;
    for (const pieces of facts.pickedPieces.values()) this.#options.stock.collect(pieces);
    this.#options.collected(facts.order);
  }
}

const drawPromiseMs = (draws: RandomStream) =>
  (promiseHours.least + draws.fraction() * (promiseHours.most - promiseHours.least)) * hourMs;

function drawLines(products: readonly PlannedProduct[], draws: RandomStream): CollectLine[] {
  const lines = new Map<string, number>();
  for (let count = 1 + draws.integer(linesAtMost); count > 0; count -= 1) {
    const product = products[draws.integer(products.length)];
    if (product) lines.set(product.gtin, 1 + draws.integer(2));
  }
  return [...lines].map(([gtin, pieces]) => ({ gtin, pieces }));
}
