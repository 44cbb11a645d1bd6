/**
 * Trucks and the dock. A truck brings lines; what is on it may differ from its notice, and who receives
 * may book another number than came. Everything stays at the dock until it is put away.
 */
import { isDrawn } from '../kernel/distributions.ts';
import type { RandomStream } from '../kernel/random.ts';
import { world } from './reference-store.ts';
import type { PlannedProduct } from './store-plan.ts';
import type { TrueStock } from './true-stock.ts';
import type { TruckLine } from './work.ts';

export interface LoadedLine {
  line: TruckLine;
  product: PlannedProduct;
  truePieces: number;
  /** Of the true pieces: not to be sold. */
  damagedPieces: number;
}

export interface Truck {
  truckId: string;
  dueAtMs: number;
  arrivesAtMs: number;
  lines: LoadedLine[];
}

/** A line at the dock. */
export interface DockLine extends LoadedLine {
  arrivedAtMs: number;
  receivedAtMs: number | null;
  countedPieces: number;
  leftPieces: number;
  putAwayAtMs: number | null;
}

export class Dock {
  readonly lines = new Map<string, DockLine>();
  /** The same lines: a store receives tens of thousands in two weeks, of a product a few. */
  readonly #linesOf = new Map<string, DockLine[]>();
  readonly #stock: TrueStock;
  readonly #random: RandomStream;
  readonly #nowMs: () => number;

  constructor(stock: TrueStock, random: RandomStream, nowMs: () => number) {
    this.#stock = stock;
    this.#random = random;
    this.#nowMs = nowMs;
  }

  arrive(truck: Truck): void {
    for (const loaded of truck.lines) {
      this.#stock.deliver(loaded.truePieces);
      const { lineId, gtin } = loaded.line;
      const line = {
        ...loaded,
        arrivedAtMs: this.#nowMs(),
        receivedAtMs: null,
        countedPieces: 0,
        leftPieces: loaded.truePieces,
        putAwayAtMs: null,
      };
      this.lines.set(lineId, line);
      const same = this.#linesOf.get(gtin);
      if (same) same.push(line);
      else this.#linesOf.set(gtin, [line]);
    }
  }

  /** Counts the line and sorts out what is damaged; in a few lines the count is a case off. */
  receive(lineId: string): DockLine | undefined {
    const line = this.lines.get(lineId);
    if (!line || line.receivedAtMs !== null) return undefined;
    const draws = this.#random.stream(lineId);
    const good = line.truePieces - line.damagedPieces;
    const isWrong = good > 0 && isDrawn(draws, world.wrongReceiptShare);
    // Nobody overlooks the only case.
    const isTooFew = isDrawn(draws, 0.5) && good > line.product.casePackPieces;
    const error = (isTooFew ? -1 : 1) * line.product.casePackPieces;
    line.receivedAtMs = this.#nowMs();
    line.countedPieces = Math.max(0, good + (isWrong ? error : 0));
    this.#stock.waste(line.damagedPieces);
    line.leftPieces = good;
    if (good === 0) line.putAwayAtMs = this.#nowMs();
    return line;
  }

  /** Onto a cart; answers the pieces that came along. */
  take(lineId: string, piecesAtMost: number): number {
    const line = this.lines.get(lineId);
    if (!line || line.receivedAtMs === null) return 0;
    const pieces = Math.min(line.leftPieces, piecesAtMost);
    line.leftPieces -= pieces;
    this.#stock.takeFromDock(pieces);
    return pieces;
  }

  /** Takes received goods straight from the dock; answers the pieces that were there. */
  takeProduct(gtin: string, pieces: number): number {
    let left = pieces;
    for (const { line } of this.#linesOf.get(gtin) ?? []) {
      if (left === 0) break;
      left -= this.take(line.lineId, left);
      this.finish(line.lineId);
    }
    return pieces - left;
  }

  /** Received pieces of the product that stand there. */
  standing(gtin: string): number {
    let pieces = 0;
    for (const { receivedAtMs, leftPieces } of this.#linesOf.get(gtin) ?? []) {
      if (receivedAtMs !== null) pieces += leftPieces;
    }
    return pieces;
  }

  /** What was taken straight from the dock and found no room. */
  giveBack(gtin: string, pieces: number): void {
    const line = this.#linesOf.get(gtin)?.findLast(({ receivedAtMs }) => receivedAtMs !== null);
    if (!line) return;
    line.leftPieces += pieces;
    line.putAwayAtMs = null;
    this.#stock.bringToDock(pieces);
  }

  /** The last piece of the line lies in its bin. */
  finish(lineId: string): void {
    const line = this.lines.get(lineId);
    if (line && line.leftPieces === 0) line.putAwayAtMs ??= this.#nowMs();
  }
}
