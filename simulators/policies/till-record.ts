/**
 * The record that stores without sensors keep: what was placed, minus what the tills sold. It never
 * hears of theft, of unscanned sales, of goods on the wrong slot or in the wrong bin.
 *
 * Example: filled to 18, ten sold: the record says 8, whatever a thief took.
 */
import type { PlannedSlot, StorePlan } from '../store/store-plan.ts';
import type { Report } from '../store/work.ts';
import type { News } from './policy.ts';

export class TillRecord {
  readonly #shelf = new Map<string, number>();
  readonly #bin = new Map<string, number>();
  readonly #slotsOf = new Map<string, PlannedSlot[]>();
  readonly #capacityOf = new Map<string, number>();

  constructor(plan: StorePlan, openingBinPieces: (product: PlannedSlot['product']) => number) {
    for (const slot of plan.slots) {
      this.#shelf.set(slot.slotId, slot.capacityPieces);
      this.#capacityOf.set(slot.slotId, slot.capacityPieces);
      const { gtin } = slot.product;
      this.#slotsOf.set(gtin, [...(this.#slotsOf.get(gtin) ?? []), slot]);
    }
    for (const product of plan.products) this.#bin.set(product.gtin, openingBinPieces(product));
  }

  shelf(slotId: string): number {
    return Math.max(0, this.#shelf.get(slotId) ?? 0);
  }

  bin(gtin: string): number {
    return Math.max(0, this.#bin.get(gtin) ?? 0);
  }

  slotsOf(gtin: string): readonly PlannedSlot[] {
    return this.#slotsOf.get(gtin) ?? [];
  }

  hear(news: News): void {
    if (news.kind !== 'sold') return;
    // A till does not say from which slot it sold: the fuller one is likelier.
    const [fullest] = this.slotsOf(news.gtin).toSorted(
      (one, other) => this.shelf(other.slotId) - this.shelf(one.slotId),
    );
    if (fullest) this.#shelf.set(fullest.slotId, this.shelf(fullest.slotId) - 1);
  }

  told(report: Report): void {
    switch (report.kind) {
      case 'received':
        this.#add(report.line.gtin, report.countedPieces);
        break;
      case 'refilled': {
        const { slotId, gtin } = report.stop;
        this.#add(gtin, -report.placedPieces);
        const full = this.#capacityOf.get(slotId) ?? 0;
        const pieces = report.isFull ? full : this.shelf(slotId) + report.placedPieces;
        this.#shelf.set(slotId, Math.min(full, pieces));
        break;
      }
      case 'looked':
        this.#shelf.set(report.slotId, report.pieces);
        break;
      case 'picked': {
        const { slotId, gtin } = report.source;
        if (slotId) this.#shelf.set(slotId, this.shelf(slotId) - report.pieces);
        else this.#add(gtin, -report.pieces);
        break;
      }
      default:
        break;
    }
  }

  #add(gtin: string, pieces: number): void {
    this.#bin.set(gtin, this.bin(gtin) + pieces);
  }
}
