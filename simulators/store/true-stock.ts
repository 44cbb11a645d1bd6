/**
 * What is really in the store, place by place. Shoppers, trucks and staff change it, sensors look at
 * it, judges read it; the agent and the policies never see it (policy `oracle` does).
 *
 * Goods move between accounts and are never made or lost inside: what a truck brings, what was found
 * or vanished by a planted discrepancy, what is sold, stolen, collected or thrown away is counted, so
 * that `balance` holds at any moment (see `isBalanced`).
 */
import { fullSlots, openingBackroomPieces, type SlotFill } from './master-data.ts';
import type { PlannedSlot, StorePlan } from './store-plan.ts';

export type SlotListener = (slot: PlannedSlot, pieces: number) => void;

/** Where goods come from and go to, in pieces over all products. */
export interface GoodsFlow {
  opening: number;
  delivered: number;
  found: number;
  vanished: number;
  taken: number;
  collected: number;
  wasted: number;
}

export class TrueStock {
  readonly flow: GoodsFlow = {
    opening: 0,
    delivered: 0,
    found: 0,
    vanished: 0,
    taken: 0,
    collected: 0,
    wasted: 0,
  };
  readonly #bySlot = new Map<string, number>();
  /** Pieces of other products that lie on a slot, by slot and product. */
  readonly #foreign = new Map<string, Map<string, number>>();
  readonly #bins = new Map<string, Map<string, number>>();
  readonly #inBackroom = new Map<string, number>();
  readonly #listeners: SlotListener[] = [];
  readonly #slotById: ReadonlyMap<string, PlannedSlot>;
  readonly #homeBin: ReadonlyMap<string, string>;
  #onDock = 0;
  #inHands = 0;
  #onCollectShelf = 0;

  constructor(plan: StorePlan, backroomDays: number, fill: SlotFill = fullSlots) {
    this.#slotById = new Map(plan.slots.map((slot) => [slot.slotId, slot]));
    this.#homeBin = new Map(plan.products.map(({ gtin, binId }) => [gtin, binId]));
    for (const slot of plan.slots) {
      this.#bySlot.set(slot.slotId, fill(slot));
      this.flow.opening += fill(slot);
    }
    for (const product of plan.products) {
      const pieces = openingBackroomPieces(product, backroomDays);
      this.#addToBin(product.gtin, product.binId, pieces);
      this.flow.opening += pieces;
    }
  }

  /** What is where, to go on with after a restart of the simulator. */
  toJson(): { slots: [string, number][]; backroom: [string, number][] } {
    return { slots: [...this.#bySlot], backroom: [...this.#inBackroom] };
  }

  /** Goes on with what `toJson` gave; products and slots that are new keep their opening stock. */
  restore(saved: { slots: [string, number][]; backroom: [string, number][] }): void {
    for (const [slotId, pieces] of saved.slots) this.#bySlot.set(slotId, pieces);
    for (const [gtin, pieces] of saved.backroom) {
      this.#bins.delete(gtin);
      this.#inBackroom.delete(gtin);
      this.#addToBin(gtin, this.#homeBin.get(gtin) ?? '', pieces);
    }
  }

  onChange(listener: SlotListener): void {
    this.#listeners.push(listener);
  }

  inSlot(slotId: string): number {
    return this.#bySlot.get(slotId) ?? 0;
  }

  inBackroom(gtin: string): number {
    return this.#inBackroom.get(gtin) ?? 0;
  }

  inBin(gtin: string, binId: string): number {
    return this.#bins.get(gtin)?.get(binId) ?? 0;
  }

  /** Bins that hold the product, by what they hold. */
  binsOf(gtin: string): ReadonlyMap<string, number> {
    return this.#bins.get(gtin) ?? new Map();
  }

  /** Pieces of other products on a slot. */
  foreignIn(slotId: string): ReadonlyMap<string, number> {
    return this.#foreign.get(slotId) ?? new Map();
  }

  get onDock(): number {
    return this.#onDock;
  }

  /** Takes one piece; false when the slot is empty. */
  takePiece(slotId: string): boolean {
    const pieces = this.inSlot(slotId);
    if (pieces === 0) return false;
    this.flow.taken += 1;
    this.#set(slotId, pieces - 1);
    return true;
  }

  /** Fills from the backroom as far as slot and backroom allow; answers the pieces placed. */
  refill(slotId: string, wantedPieces: number): number {
    const slot = this.#slotById.get(slotId);
    if (!slot) return 0;
    const { gtin } = slot.product;
    const placed = Math.max(0, Math.min(wantedPieces, this.roomIn(slotId)));
    let left = placed;
    for (const binId of [...this.binsOf(gtin).keys()]) left -= this.takeFromBin(gtin, binId, left);
    return this.placeFromHands(slotId, placed - left);
  }

  roomIn(slotId: string): number {
    return (this.#slotById.get(slotId)?.capacityPieces ?? 0) - this.inSlot(slotId);
  }

  /** A truck stands at the dock. */
  deliver(pieces: number): void {
    this.flow.delivered += pieces;
    this.#onDock += pieces;
  }

  bringToDock(pieces: number): void {
    this.#inHands -= pieces;
    this.#onDock += pieces;
  }

  takeFromDock(pieces: number): void {
    this.#onDock -= pieces;
    this.#inHands += pieces;
  }

  /** Into hands; answers what was there. */
  takeFromBin(gtin: string, binId: string, pieces: number): number {
    const taken = Math.max(0, Math.min(pieces, this.inBin(gtin, binId)));
    if (taken > 0) this.#addToBin(gtin, binId, -taken);
    this.#inHands += taken;
    return taken;
  }

  /** Into hands, from a slot; answers what was there. */
  takeFromSlot(slotId: string, pieces: number): number {
    const taken = Math.max(0, Math.min(pieces, this.inSlot(slotId)));
    if (taken > 0) this.#set(slotId, this.inSlot(slotId) - taken);
    this.#inHands += taken;
    return taken;
  }

  putInBin(gtin: string, binId: string, pieces: number): void {
    this.#inHands -= pieces;
    this.#addToBin(gtin, binId, pieces);
  }

  /** Answers what the slot had room for; the rest stays in hands. */
  placeFromHands(slotId: string, pieces: number): number {
    const placed = Math.max(0, Math.min(pieces, this.roomIn(slotId)));
    this.#inHands -= placed;
    if (placed > 0) this.#set(slotId, this.inSlot(slotId) + placed);
    return placed;
  }

  /** Puts goods of another product on a slot, by mistake. */
  misplace(slotId: string, gtin: string, pieces: number): void {
    this.#inHands -= pieces;
    const lying = this.#foreign.get(slotId) ?? new Map<string, number>();
    lying.set(gtin, (lying.get(gtin) ?? 0) + pieces);
    this.#foreign.set(slotId, lying);
    this.#set(slotId, this.inSlot(slotId));
  }

  /** Takes what does not belong on the slot into hands. */
  clearForeign(slotId: string): ReadonlyMap<string, number> {
    const lying = this.foreignIn(slotId);
    for (const pieces of lying.values()) this.#inHands += pieces;
    if (this.#foreign.delete(slotId)) this.#set(slotId, this.inSlot(slotId));
    return lying;
  }

  /** From hands to the collect shelf. */
  setAside(pieces: number): void {
    this.#inHands -= pieces;
    this.#onCollectShelf += pieces;
  }

  takeFromCollectShelf(pieces: number): void {
    this.#onCollectShelf -= pieces;
    this.#inHands += pieces;
  }

  /** From the collect shelf to the customer. */
  collect(pieces: number): void {
    this.#onCollectShelf -= pieces;
    this.flow.collected += pieces;
  }

  /** Damaged goods leave from the dock. */
  waste(pieces: number): void {
    this.#onDock -= pieces;
    this.flow.wasted += pieces;
  }

  /** A planted error: goods that nobody took are gone. Answers how many there were. */
  vanish(gtin: string, binId: string, pieces: number): number {
    const taken = this.takeFromBin(gtin, binId, pieces);
    this.#inHands -= taken;
    this.flow.vanished += taken;
    return taken;
  }

  /** A planted error: goods that no record knows. */
  appear(gtin: string, binId: string, pieces: number): void {
    this.#addToBin(gtin, binId, pieces);
    this.flow.found += pieces;
  }

  /** What is in the store, over all places. */
  get total(): number {
    let pieces = this.#onDock + this.#inHands + this.#onCollectShelf;
    for (const held of this.#bySlot.values()) pieces += held;
    for (const held of this.#inBackroom.values()) pieces += held;
    for (const lying of this.#foreign.values()) for (const held of lying.values()) pieces += held;
    return pieces;
  }

  /** Whether all that came is here or went: the law of this class. */
  get isBalanced(): boolean {
    const { opening, delivered, found, vanished, taken, collected, wasted } = this.flow;
    return opening + delivered + found === this.total + vanished + taken + collected + wasted;
  }

  #addToBin(gtin: string, binId: string, pieces: number): void {
    const bins = this.#bins.get(gtin) ?? new Map<string, number>();
    const after = (bins.get(binId) ?? 0) + pieces;
    if (after === 0) bins.delete(binId);
    else bins.set(binId, after);
    this.#bins.set(gtin, bins);
    this.#inBackroom.set(gtin, this.inBackroom(gtin) + pieces);
  }

  #set(slotId: string, pieces: number): void {
    this.#bySlot.set(slotId, pieces);
    const slot = this.#slotById.get(slotId);
    if (slot) for (const listener of this.#listeners) listener(slot, pieces);
  }
}
