/**
 * What the retailer's ERP believes to be in the store, and what it orders from that.
 *
 * The record is opening stock, plus receipts as booked, minus what tills and the collect shelf sold,
 * plus or minus what the policy corrects. Each evening the trucks of the next day are ordered by a
 * base-stock rule: record and what is on order are brought up to three days of mean demand, in whole
 * cases. Announced promotions add what they are expected to sell.
 *
 * Example: 14 pieces a day in cases of 12 make a level of 42. The record says 20, nothing is on order:
 * two cases come, the smallest number of cases that reaches it.
 */
import { world } from './reference-store.ts';
import { dailyDemand, type PlannedProduct, type StorePlan } from './store-plan.ts';

export interface OrderedCases {
  product: PlannedProduct;
  cases: number;
}

export class Erp {
  readonly #plan: StorePlan;
  readonly #record = new Map<string, number>();
  readonly #onOrder = new Map<string, number>();
  readonly #listed: readonly PlannedProduct[];

  constructor(plan: StorePlan, opening: (product: PlannedProduct) => number) {
    this.#plan = plan;
    const listed = new Set(plan.slots.map(({ product }) => product.gtin));
    this.#listed = this.#plan.products.filter(({ gtin }) => listed.has(gtin));
    for (const product of plan.products) this.#record.set(product.gtin, opening(product));
  }

  recordOf(gtin: string): number {
    return this.#record.get(gtin) ?? 0;
  }

  /** Sold, received, collected or corrected. */
  book(gtin: string, pieces: number): void {
    this.#record.set(gtin, this.recordOf(gtin) + pieces);
  }

  /** A line has been received, whatever it held. */
  closeOrder(gtin: string, announcedPieces: number): void {
    this.#onOrder.set(gtin, (this.#onOrder.get(gtin) ?? 0) - announcedPieces);
  }

  /** Adds to what is on order outside of the rule: goods of customers' orders. */
  addOrder(gtin: string, pieces: number): void {
    this.#onOrder.set(gtin, (this.#onOrder.get(gtin) ?? 0) + pieces);
  }

  /**
   * The orders of an evening.
   *
   * @param recordOf what the store believes, when it knows better than the tills' sum
   * @param expectedExtra pieces that an announced promotion will sell on top
   */
  order(
    recordOf: (gtin: string) => number,
    expectedExtra: (product: PlannedProduct) => number,
  ): OrderedCases[] {
    const orders: OrderedCases[] = [];
    for (const product of this.#listed) {
      const { gtin, casePackPieces } = product;
      const level = world.baseStockDays * dailyDemand(product) + expectedExtra(product);
      const position = recordOf(gtin) + (this.#onOrder.get(gtin) ?? 0);
      const cases = Math.ceil((level - position) / casePackPieces);
      if (cases <= 0) continue;
      this.addOrder(gtin, cases * casePackPieces);
      orders.push({ product, cases });
    }
    return orders;
  }
}
