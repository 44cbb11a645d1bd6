/**
 * What is really in the store. Shoppers and staff change it, sensors look at it, the judge reads it;
 * the agent and the policies never see it.
 */
import { fullSlots, openingBackroomPieces, type SlotFill } from './master-data.ts';
import type { PlannedSlot, StorePlan } from './store-plan.ts';

export type SlotListener = (slot: PlannedSlot, pieces: number) => void;

export class TrueStock {
  readonly #bySlot = new Map<string, number>();
  readonly #backroom = new Map<string, number>();
  readonly #listeners: SlotListener[] = [];
  readonly #slotById: ReadonlyMap<string, PlannedSlot>;

  constructor(plan: StorePlan, backroomDays: number, fill: SlotFill = fullSlots) {
    this.#slotById = new Map(plan.slots.map((slot) => [slot.slotId, slot]));
    for (const slot of plan.slots) this.#bySlot.set(slot.slotId, fill(slot));
    for (const product of plan.products) {
      this.#backroom.set(product.gtin, openingBackroomPieces(product, backroomDays));
    }
  }

  /** What is where, to go on with after a restart of the simulator. */
  toJson(): { slots: [string, number][]; backroom: [string, number][] } {
    return { slots: [...this.#bySlot], backroom: [...this.#backroom] };
  }

  /** Goes on with what `toJson` gave; products and slots that are new keep their opening stock. */
  restore(saved: { slots: [string, number][]; backroom: [string, number][] }): void {
    for (const [slotId, pieces] of saved.slots) this.#bySlot.set(slotId, pieces);
    for (const [gtin, pieces] of saved.backroom) this.#backroom.set(gtin, pieces);
  }

  onChange(listener: SlotListener): void {
    this.#listeners.push(listener);
  }

  inSlot(slotId: string): number {
    return this.#bySlot.get(slotId) ?? 0;
  }

  inBackroom(gtin: string): number {
    return this.#backroom.get(gtin) ?? 0;
  }

  /** Takes one piece; false when the slot is empty. */
  takePiece(slotId: string): boolean {
    const pieces = this.inSlot(slotId);
    if (pieces === 0) return false;
    this.#set(slotId, pieces - 1);
    return true;
  }

  /** Fills from the backroom as far as slot and backroom allow; answers the pieces placed. */
  refill(slotId: string, wantedPieces: number): number {
    const slot = this.#slotById.get(slotId);
    if (!slot) return 0;
    const { gtin } = slot.product;
    const room = slot.capacityPieces - this.inSlot(slotId);
    const placed = Math.max(0, Math.min(wantedPieces, room, this.inBackroom(gtin)));
    this.#backroom.set(gtin, this.inBackroom(gtin) - placed);
    if (placed > 0) this.#set(slotId, this.inSlot(slotId) + placed);
    return placed;
  }

  #set(slotId: string, pieces: number): void {
    this.#bySlot.set(slotId, pieces);
    const slot = this.#slotById.get(slotId);
    if (slot) for (const listener of this.#listeners) listener(slot, pieces);
  }
}
