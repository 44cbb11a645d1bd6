/**
 * What is believed of each slot: one probability per slot (belief/slot-belief.ts) and what the signals
 * have to explain to each other.
 *
 * A sensor's observation moves the belief. Sales, stockings and counts move it, too, but goods that a
 * sensor has already seen go must not go a second time when the till reports them minutes later: each
 * slot remembers how many pieces a sensor saw taken and not yet sold, and seen put in and not yet
 * reported as stocked. A sale or a stocking uses these up first, and only the rest moves the belief.
 *
 * Example: the plate shows 9 after 10 (belief 9, one taken). The till sells one: the taken one is
 * explained, the belief stays 9. A slot without a sensor goes from 10 to 9 by the sale itself.
 *
 * A rise of no more than was taken is a shopper who put something back; a greater one, and any while
 * somebody has a refill of the slot in hand, is a refill. A slot never holds more than its capacity:
 * what is stocked beyond it was sold or taken in between.
 *
 * A slot with a sensor keeps a second belief that no sensor touches, set to the first every few calm
 * hours: when the sensor turns out to lie, this one takes over (see belief/witness.ts).
 */
import { type Distribution, likeliestCell, summarise } from '../belief/distribution.ts';
import type { Likelihood } from '../belief/observation-model.ts';
import {
  believeCounted,
  believeObserved,
  believePlaced,
  believeReturned,
  believeRoomFor,
  believeSold,
  believeStocked,
  resized,
  unknownSlot,
} from '../belief/slot-belief.ts';
import { believeSoldFromOneOf, moveSplit, type SlotSplit } from '../belief/slot-split.ts';
import { freshWitness, type SensorWitness, weighSales } from '../belief/witness.ts';
import type { Slot } from '../catalogue/catalogue.ts';

export interface ShelfRecord {
  slotId: string;
  gtin: string;
  /** Likeliest base units in the slot, never below zero. */
  quantity: number;
  belief: Distribution;
  /**
   * What is believed without the slot's sensor since its last calm hours, in which it agreed with the till
   * (belief-events.ts takes it over then): when it is found to lie, this is what folding the time since
   * would give without its words, and no event of that time has to be kept. Null while no sensor watches.
   */
  unwatched: Distribution | null;
  /** Of a product in several slots: from which shoppers take it; null until that mattered. */
  split: SlotSplit | null;
  /** Base units that the sensor's last word came to; -1 before its first. */
  lastSeen: number;
  /** Base units that a sensor saw leave and no sale has explained. */
  seenTaken: number;
  /** Base units that a sensor saw arrive and no stocking has explained. */
  seenPlaced: number;
  /** What till and sensor say of each other. */
  witness: SensorWitness;
  /** Agent time of the last observation by a sensor; 0 when none watches it. */
  observedAtMs: number;
  /** Since when each sale should have been seen to leave: its first word, or a count. */
  watchedSinceMs: number;
  /** Agent time of the last count or look by a person; 0 before the first. */
  countedAtMs: number;
  /** Agent time of the last stocking; 0 before the first. */
  stockedAtMs: number;
  /** When it was said to have run empty; 0 while it is not. */
  emptySinceMs: number;
}

export type Shelves = Map<string, ShelfRecord>;

/** A sensor's word: what it came to, and how well each quantity would explain it. */
export interface Observation {
  quantity: number;
  atMs: number;
  /** Absent for a word that is taken as it is. */
  likelihood: Likelihood | undefined;
  /** See `believeObserved`. */
  basketShare?: number | undefined;
}

/** `isBeingRefilled`: somebody has a task for the slot in hand. */
export function observeShelf(
  shelves: Shelves,
  slot: Slot,
  observation: Observation,
  isBeingRefilled: boolean,
): ShelfRecord {
  const { atMs, likelihood, basketShare } = observation;
  const existing = shelves.get(slot.slotId);
  const shelf = existing ?? newShelf(slot);
  const before = shelf.quantity;
  // The first word of a sensor finds out what the others believe without it.
  shelf.unwatched ??= existing === undefined ? unknownSlot(slot.capacity) : copyOf(shelf.belief);
  if (likelihood === undefined) believeCounted(shelf.belief, observation.quantity);
  else believeObserved(shelf.belief, likelihood, basketShare);
  shelf.quantity = settledQuantity(shelf.belief, observation.quantity);
  shelf.lastSeen = observation.quantity;
  if (shelf.observedAtMs === 0) shelf.watchedSinceMs = atMs;
  shelf.observedAtMs = atMs;
  if (existing === undefined) {
    shelves.set(slot.slotId, shelf);
    return shelf;
  }
  const change = shelf.quantity - before;
  if (change < 0) shelf.seenTaken -= change;
  else if (isBeingRefilled || change > shelf.seenTaken) shelf.seenPlaced += change;
  else shelf.seenTaken -= change;
  return shelf;
}

/** A count by a person: what they saw is what is there, and nothing is left to explain. */
export function countShelf(shelves: Shelves, slot: Slot, quantity: number, atMs: number): void {
  const shelf = shelfOf(shelves, slot);
  believeCounted(shelf.belief, quantity);
  shelf.quantity = quantity;
  shelf.seenTaken = 0;
  shelf.seenPlaced = 0;
  shelf.witness = freshWitness();
  shelf.countedAtMs = atMs;
  shelf.watchedSinceMs = atMs;
  if (shelf.unwatched !== null) shelf.unwatched = copyOf(shelf.belief);
}

/** What was reported as placed in a slot; `casePack` is what a misplaced case would lack. */
export interface Stocking {
  quantity: number;
  casePack: number;
  atMs: number;
}

export function stockShelf(
  shelves: Shelves,
  slot: Slot,
  { quantity, casePack, atMs }: Stocking,
): void {
  const existing = shelves.get(slot.slotId);
  const shelf = shelfOf(shelves, slot);
  shelf.stockedAtMs = atMs;
  if (existing === undefined) {
    // Nothing was known, so that somebody filled it is taken for an empty slot before.
    believeCounted(shelf.belief, Math.min(slot.capacity, quantity));
    shelf.quantity = Math.min(slot.capacity, quantity);
    return;
  }
  const explained = Math.min(quantity, shelf.seenPlaced);
  shelf.seenPlaced -= explained;
  if (shelf.unwatched !== null) believeStocked(shelf.unwatched, quantity, casePack);
  const placed = quantity - explained;
  if (placed === 0) return;
  believeRoomFor(shelf.belief, placed);
  moveSplit(shelf, (belief) => believePlaced(belief, placed, casePack));
  const most = Math.max(shelf.quantity, slot.capacity);
  shelf.quantity = Math.min(most, shelf.quantity + placed);
  shelf.quantity = settledQuantity(shelf.belief, shelf.quantity);
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
  soldAtMs = Number.POSITIVE_INFINITY,
): string[] {
  const known: ShelfRecord[] = [];
  for (const slot of slots) {
    const shelf = shelves.get(slot.slotId);
    if (shelf !== undefined) known.push(shelf);
  }
  let left = quantity;
  for (const shelf of known) {
    const explained = Math.min(left, shelf.seenTaken);
    if (explained === 0) continue;
    shelf.seenTaken -= explained;
    weighSales(shelf.witness, explained, 0);
    left -= explained;
  }
  for (const shelf of known) {
    if (shelf.unwatched !== null) believeSold(shelf.unwatched, quantity, 1 / known.length);
  }
  if (left === 0) return [];
  const unwatched = known.filter(({ observedAtMs }) => observedAtMs === 0);
  if (unwatched.length > 1) return sellFromOneOf(unwatched, left, soldAtMs);
  if (known.length > 1) known.sort(unwatchedThenFullest);
  const source = sourceOf(known);
  const [only] = known;
  if (known.length === 1 && only !== undefined && only.observedAtMs > 0) {
    weighSales(only.witness, 0, left * leftSince(only.watchedSinceMs, soldAtMs));
  }
  const moved: string[] = [];
  for (const shelf of known) {
    const taken = Math.min(left, shelf.quantity);
    // A sale from a slot believed empty is evidence, too: it was not.
    const told = shelf === source ? left : taken;
    if (told === 0) continue;
    const share = leftSince(shelf.countedAtMs, soldAtMs);
    believeSold(shelf.belief, told, share);
    left -= told;
    if (share < 0.5) continue;
    const before = shelf.quantity;
    shelf.quantity = settledQuantity(shelf.belief, before - taken);
    if (shelf.quantity !== before) moved.push(shelf.slotId);
  }
  return moved;
}

/** No sensor says which of these slots it was (belief/slot-split.ts). */
function sellFromOneOf(shelves: ShelfRecord[], quantity: number, soldAtMs: number): string[] {
  const expected = shelves.map(({ belief }) => summarise(belief).mean);
  believeSoldFromOneOf(shelves, quantity, (slot) => {
    const counted = shelves.find((shelf) => shelf.slotId === slot.slotId)?.countedAtMs ?? 0;
    return leftSince(counted, soldAtMs);
  });
  const moved: string[] = [];
  shelves.forEach((shelf, index) => {
    const before = shelf.quantity;
    const left = (expected[index] ?? 0) - summarise(shelf.belief).mean;
    shelf.quantity = settledQuantity(shelf.belief, Math.max(0, Math.round(before - left)));
    if (shelf.quantity !== before) moved.push(shelf.slotId);
  });
  return moved;
}

/**
 * From where goods came that no slot's figure accounts for: what no sensor saw leave left a slot without
 * one; where all have one, the last.
 */
function sourceOf(unwatchedFirst: readonly ShelfRecord[]): ShelfRecord | undefined {
  const unwatched = unwatchedFirst.filter(({ observedAtMs }) => observedAtMs === 0);
  return unwatched.at(-1) ?? unwatchedFirst.at(-1);
}

/**
 * True when all known slots were counted after that moment, so that what left before is in no slot's
 * figure any more.
 */
export function wasCountedSince(shelves: Shelves, slots: readonly Slot[], atMs: number): boolean {
  let isCounted = false;
  for (const { slotId } of slots) {
    const shelf = shelves.get(slotId);
    if (shelf === undefined) continue;
    if (shelf.countedAtMs <= atMs) return false;
    isCounted = true;
  }
  return isCounted;
}

/** Time that goods spend in a basket before the till sees them. */
const basketMs = 10 * 60_000;

/**
 * The chance that what is sold now left the slot after a moment, its last count for example: goods that
 * were in a basket when somebody counted were not counted. `sinceMs` 0: it was always so.
 */
function leftSince(sinceMs: number, soldAtMs: number): number {
  if (sinceMs === 0) return 1;
  return Math.min(1, Math.max(0, (soldAtMs - sinceMs) / basketMs));
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
    moveSplit(shelf, (belief) => believeReturned(belief, quantity));
    shelf.quantity = settledQuantity(shelf.belief, shelf.quantity + quantity);
    return [slot.slotId];
  }
  return [];
}

/** What nobody explained by the end of the day was theft or a miss; it explains nothing tomorrow. */
export function forgetUnexplained(shelves: Shelves): void {
  for (const shelf of shelves.values()) {
    shelf.seenTaken = 0;
    shelf.seenPlaced = 0;
    shelf.witness.takenBefore = 0;
  }
}

/** The slot's capacity changed: the belief is cut to it. */
export function resizeShelf(shelf: ShelfRecord, slot: Slot): void {
  const { length } = unknownSlot(slot.capacity).cells;
  if (length === shelf.belief.cells.length) return;
  shelf.belief = resized(shelf.belief, slot.capacity);
  shelf.split = null;
  if (shelf.unwatched !== null) shelf.unwatched = resized(shelf.unwatched, slot.capacity);
  shelf.quantity = settledQuantity(shelf.belief, Math.min(shelf.quantity, slot.capacity));
}

/** The sensor lied: what the others say is believed from now on. */
export function forgetSensor(shelf: ShelfRecord): void {
  if (shelf.unwatched === null) return;
  shelf.belief = shelf.unwatched;
  shelf.split = null;
  shelf.unwatched = null;
  shelf.observedAtMs = 0;
  shelf.lastSeen = -1;
  shelf.seenTaken = 0;
  shelf.seenPlaced = 0;
  shelf.quantity = likeliestCell(shelf.belief.cells) * shelf.belief.unit;
}

export function copyOf(belief: Distribution): Distribution {
  return { unit: belief.unit, cells: [...belief.cells] };
}

/** The likeliest quantity; where a cell holds many units, the exact one that lies in or beside it. */
function settledQuantity(belief: Distribution, exact: number): number {
  const likeliest = likeliestCell(belief.cells) * belief.unit;
  return belief.unit > 1 && Math.abs(exact - likeliest) <= belief.unit ? exact : likeliest;
}

function shelfOf(shelves: Shelves, slot: Slot): ShelfRecord {
  let shelf = shelves.get(slot.slotId);
  if (shelf === undefined) {
    shelf = newShelf(slot);
    shelves.set(slot.slotId, shelf);
  }
  return shelf;
}

function newShelf(slot: Slot): ShelfRecord {
  return {
    slotId: slot.slotId,
    gtin: slot.gtin,
    quantity: 0,
    belief: unknownSlot(slot.capacity),
    unwatched: null,
    split: null,
    lastSeen: -1,
    seenTaken: 0,
    seenPlaced: 0,
    witness: freshWitness(),
    observedAtMs: 0,
    watchedSinceMs: 0,
    countedAtMs: 0,
    stockedAtMs: 0,
    emptySinceMs: 0,
  };
}

function unwatchedThenFullest(one: ShelfRecord, other: ShelfRecord): number {
  const watched = Number(one.observedAtMs > 0) - Number(other.observedAtMs > 0);
  if (watched !== 0) return watched;
  return other.quantity - one.quantity || (one.slotId < other.slotId ? -1 : 1);
}
