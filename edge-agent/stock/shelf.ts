/**
 * What is believed of a slot: a first belief, one number per slot.
 *
 * A sensor's observation sets it. Sales, stockings and counts move it, too, but goods that a sensor
 * has already seen go must not go a second time when the till reports them minutes later: each slot
 * remembers how many pieces a sensor saw taken and not yet sold, and seen put in and not yet reported
 * as stocked. A sale or a stocking uses these up first, and only the rest moves the belief.
 *
 * Example: the plate shows 9 after 10 (belief 9, one taken). The till sells one: the taken one is
 * explained, the belief stays 9. A slot without a sensor goes from 10 to 9 by the sale itself.
 *
 * A rise of no more than was taken is a shopper who put something back; a greater one, and any while
 * somebody has a refill of the slot in hand, is a refill. A slot never holds more than its capacity:
 * what is stocked beyond it was sold or taken in between.
 */
import type { Slot } from '../catalogue/catalogue.ts';

export interface ShelfRecord {
  slotId: string;
  gtin: string;
  /** Believed base units in the slot, never below zero. */
  quantity: number;
  /** Base units that a sensor saw leave and no sale has explained. */
  seenTaken: number;
  /** Base units that a sensor saw arrive and no stocking has explained. */
  seenPlaced: number;
  /** Agent time of the last observation by a sensor; 0 when none watches it. */
  observedAtMs: number;
  /** When it was said to have run empty; 0 while it is not. */
  emptySinceMs: number;
}

export type Shelves = Map<string, ShelfRecord>;

/** A sensor's word. `isBeingRefilled`: somebody has a task for the slot in hand. */
export function observeShelf(
  shelves: Shelves,
  slot: Slot,
  quantity: number,
  atMs: number,
  isBeingRefilled: boolean,
): void {
  const shelf = shelves.get(slot.slotId);
  if (shelf === undefined) {
    shelves.set(slot.slotId, { ...newShelf(slot, quantity), observedAtMs: atMs });
    return;
  }
  const change = quantity - shelf.quantity;
  if (change < 0) shelf.seenTaken -= change;
  else if (isBeingRefilled || change > shelf.seenTaken) shelf.seenPlaced += change;
  else shelf.seenTaken -= change;
  shelf.quantity = quantity;
  shelf.observedAtMs = atMs;
}

/** A count by a person: what they saw is what is there, and nothing is left to explain. */
export function countShelf(shelves: Shelves, slot: Slot, quantity: number): void {
  const shelf = shelves.get(slot.slotId);
  if (shelf === undefined) shelves.set(slot.slotId, newShelf(slot, quantity));
  else {
    shelf.quantity = quantity;
    shelf.seenTaken = 0;
    shelf.seenPlaced = 0;
  }
}

/** Goods reported as placed in the slot. */
export function stockShelf(shelves: Shelves, slot: Slot, quantity: number): void {
  const shelf = shelves.get(slot.slotId);
  if (shelf === undefined) {
    shelves.set(slot.slotId, newShelf(slot, Math.min(slot.capacity, quantity)));
    return;
  }
  const explained = Math.min(quantity, shelf.seenPlaced);
  shelf.seenPlaced -= explained;
  shelf.quantity = Math.max(
    shelf.quantity,
    Math.min(slot.capacity, shelf.quantity + quantity - explained),
  );
}

/**
 * Goods sold of a product that is in these slots; a till does not say from which. What sensors saw
 * taken is used first, then slots that no sensor has observed, then the others, fullest first.
 * Returns the slots whose belief moved.
 */
export function sellFromShelves(
  shelves: Shelves,
  slots: readonly Slot[],
  quantity: number,
): string[] {
  const known: ShelfRecord[] = [];
  for (const slot of slots) {
    const shelf = shelves.get(slot.slotId);
    if (shelf !== undefined) known.push(shelf);
  }
  let left = quantity;
  for (const shelf of known) {
    const explained = Math.min(left, shelf.seenTaken);
    shelf.seenTaken -= explained;
    left -= explained;
  }
  if (left === 0) return [];
  if (known.length > 1) known.sort(unwatchedThenFullest);
  const moved: string[] = [];
  for (const shelf of known) {
    const taken = Math.min(left, shelf.quantity);
    if (taken === 0) continue;
    shelf.quantity -= taken;
    left -= taken;
    moved.push(shelf.slotId);
  }
  return moved;
}

/** A sale that was taken back: the goods stay in the first slot that is not full. */
export function unsellToShelves(
  shelves: Shelves,
  slots: readonly Slot[],
  quantity: number,
): string[] {
  for (const slot of slots) {
    const shelf = shelves.get(slot.slotId);
    if (shelf === undefined || shelf.observedAtMs > 0) continue;
    if (shelf.quantity + quantity > slot.capacity) continue;
    shelf.quantity += quantity;
    return [slot.slotId];
  }
  return [];
}

/** What nobody explained by the end of the day was theft or a miss; it explains nothing tomorrow. */
export function forgetUnexplained(shelves: Shelves): void {
  for (const shelf of shelves.values()) {
    shelf.seenTaken = 0;
    shelf.seenPlaced = 0;
  }
}

function newShelf(slot: Slot, quantity: number): ShelfRecord {
  return {
    slotId: slot.slotId,
    gtin: slot.gtin,
    quantity,
    seenTaken: 0,
    seenPlaced: 0,
    observedAtMs: 0,
    emptySinceMs: 0,
  };
}

function unwatchedThenFullest(one: ShelfRecord, other: ShelfRecord): number {
  const watched = Number(one.observedAtMs > 0) - Number(other.observedAtMs > 0);
  if (watched !== 0) return watched;
  return other.quantity - one.quantity || (one.slotId < other.slotId ? -1 : 1);
}
