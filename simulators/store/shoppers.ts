/**
 * Shoppers: a Poisson process per product and hour with a factor for the day. Whoever finds the slot
 * empty buys something of the same category instead, or the sale is lost. Some pieces leave unpaid.
 */
import type { Agenda } from '../kernel/agenda.ts';
import { drawDayFactor, drawPoisson, isDrawn } from '../kernel/distributions.ts';
import type { RandomStream } from '../kernel/random.ts';
import { world } from './reference-store.ts';
import type { PlannedProduct, PlannedSlot, StorePlan } from './store-plan.ts';
import type { TrueStock } from './true-stock.ts';

const hourMs = 3_600_000;
/** From the shelf to the till. */
const longestWayToTillMs = 10 * 60_000;

export interface ShoppingOutcome {
  wanted: number;
  sold: number;
  substituted: number;
  lost: number;
  stolen: number;
}

export interface ShoppersOptions {
  plan: StorePlan;
  stock: TrueStock;
  agenda: Agenda;
  random: RandomStream;
  /** What a promotion does to the demand of a product in an hour of a day (0 is the first). */
  demandFactor?(gtin: string, day: number, hour: number): number;
  /** A piece passes a till. */
  scanned(product: PlannedProduct): void;
}

export class Shoppers {
  readonly outcome: ShoppingOutcome = { wanted: 0, sold: 0, substituted: 0, lost: 0, stolen: 0 };
  readonly #options: ShoppersOptions;
  readonly #slotsByGtin = new Map<string, PlannedSlot[]>();
  readonly #slotsByCategory = new Map<string, PlannedSlot[]>();

  constructor(options: ShoppersOptions) {
    this.#options = options;
    for (const slot of options.plan.slots) {
      const { gtin, category } = slot.product;
      this.#slotsByGtin.set(gtin, [...(this.#slotsByGtin.get(gtin) ?? []), slot]);
      this.#slotsByCategory.set(category, [...(this.#slotsByCategory.get(category) ?? []), slot]);
    }
  }

  /** Enters all visits of one day, from its local midnight. */
  planDay(midnightMs: number, day: number): void {
    const { plan, agenda, random } = this.#options;
    const today = random.stream(`day/${day}`);
    const factor = drawDayFactor(today, world.dayFactorSigma);
    for (const product of plan.products) {
      if (!this.#slotsByGtin.has(product.gtin)) continue;
      const visits = today.stream(product.gtin);
      for (let hour = world.opensHour; hour < world.closesHour; hour += 1) {
        const uplift = this.#options.demandFactor?.(product.gtin, day, hour) ?? 1;
        const mean = (product.piecesPerHour[hour] ?? 0) * factor * uplift;
        const count = drawPoisson(visits, mean);
        for (let visit = 0; visit < count; visit += 1) {
          const atMs = midnightMs + Math.floor((hour + visits.fraction()) * hourMs);
          const draws = visits.stream(`${hour}/${visit}`);
          // A simulation that begins at nine has missed those who came before.
          if (atMs >= agenda.nowMs) agenda.at(atMs, () => this.#visit(product, draws));
        }
      }
    }
  }

  /** Draws in a fixed order, so that an empty shelf does not change who comes next. */
  #visit(product: PlannedProduct, draws: RandomStream): void {
    const { stock } = this.#options;
    this.outcome.wanted += 1;
    const isThief = isDrawn(draws, world.theftShare);
    const acceptsOther = isDrawn(draws, world.substituteShare);
    const slot = this.#stocked(this.#slotsByGtin.get(product.gtin) ?? []);
    if (slot) {
      stock.takePiece(slot.slotId);
      this.outcome.sold += 1;
      this.#pay(product, draws);
      if (isThief && stock.takePiece(slot.slotId)) this.outcome.stolen += 1;
      return;
    }
    const others = this.#slotsByCategory.get(product.category) ?? [];
    const first = draws.integer(Math.max(1, others.length));
    const other = this.#stocked([...others.slice(first), ...others.slice(0, first)]);
    if (!acceptsOther || !other) {
      this.outcome.lost += 1;
      return;
    }
    stock.takePiece(other.slotId);
    this.outcome.substituted += 1;
    this.#pay(other.product, draws);
  }

  #stocked(slots: readonly PlannedSlot[]): PlannedSlot | undefined {
    return slots.find((slot) => this.#options.stock.inSlot(slot.slotId) > 0);
  }

  #pay(product: PlannedProduct, draws: RandomStream): void {
    if (isDrawn(draws, world.unscannedShare)) return;
    const delayMs = Math.floor(draws.fraction() * longestWayToTillMs);
    this.#options.agenda.after(delayMs, () => this.#options.scanned(product));
  }
}
