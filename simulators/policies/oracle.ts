/**
 * Policy `oracle`: the same people and the same shoppers, but it sees every true quantity, the bins
 * that goods really lie in, and the mean demand of the hours to come, promotions included. The ceiling
 * that others are measured against, as near as simple rules come to it.
 *
 * What a person does next: orders of customers, cold goods at the dock, slots that are about to run
 * empty (the likeliest loss first, with what lies near and has room), the rest of the dock, and then
 * whatever is not full.
 */
import { hourOf } from '../kernel/day-clock.ts';
import { world } from '../store/reference-store.ts';
import { nearestFirst } from '../store/route.ts';
import { type PlannedSlot, walkMetres } from '../store/store-plan.ts';
import type { TrueStock } from '../store/true-stock.ts';
import type { CollectOrder, PickSource, RefillStop, Report, Work } from '../store/work.ts';
import { DockWork } from './dock-work.ts';
import { certain, type News, type Policy, type PolicyContext, type SlotGuess } from './policy.ts';

export interface Truth {
  stock: TrueStock;
  /** Pieces that a product will be asked for in the next so many hours, on average. */
  demandAhead(gtin: string, hours: number): number;
  missing(orderId: string): readonly { gtin: string; pieces: number }[];
}

const stopsAtMost = 10;
const nearMetres = 12;
const rankAgainMs = 2 * 60_000;
const urgentHours = 2;
const urgentPpm = 20_000;
/** From this share of capacity on a slot is left alone in idle time. */
const idleShare = 0.75;

export class Oracle implements Policy {
  readonly name = 'oracle';
  readonly hearsSensors = false;
  readonly digest = '';
  readonly #context: PolicyContext;
  readonly #truth: Truth;
  readonly #dock: DockWork;
  readonly #slotsOf = new Map<string, PlannedSlot[]>();
  /** Slots that somebody is on the way to. */
  readonly #underway = new Map<string, string>();
  #urgent: { slot: PlannedSlot; worth: number }[] = [];
  #rankedAtMs = Number.NEGATIVE_INFINITY;

  constructor(context: PolicyContext, truth: Truth) {
    this.#context = context;
    this.#truth = truth;
    this.#dock = new DockWork(context.plan, context.nowMs);
    for (const slot of context.plan.slots) {
      const { gtin } = slot.product;
      this.#slotsOf.set(gtin, [...(this.#slotsOf.get(gtin) ?? []), slot]);
    }
  }

  next(personRef: string): Work | null {
    for (const [slotId, who] of this.#underway) {
      if (who === personRef) this.#underway.delete(slotId);
    }
    const pick = this.#dock.nextPick(
      (order) => this.#canComplete(order),
      (order) => this.#sources(order),
    );
    const pressing = () => (this.#dock.isPressing() ? this.#dock.nextDock() : null);
    return (
      pick ??
      pressing() ??
      this.#refill(personRef, this.#ranked()) ??
      this.#dock.nextDock() ??
      (this.#dock.isTruckNear() ? null : this.#refill(personRef, this.#notFull()))
    );
  }

  hear(news: News): void {
    this.#dock.hear(news);
  }

  told(report: Report): void {
    this.#dock.told(report);
  }

  guess(slotId: string): SlotGuess {
    return certain(this.#truth.stock.inSlot(slotId));
  }

  recordOf(gtin: string): number {
    const { stock } = this.#truth;
    const onShelf = (this.#slotsOf.get(gtin) ?? []).map(({ slotId }) => stock.inSlot(slotId));
    return stock.inBackroom(gtin) + onShelf.reduce((sum, pieces) => sum + pieces, 0);
  }

  #canComplete({ orderId }: CollectOrder): boolean {
    return this.#truth.missing(orderId).every(({ gtin, pieces }) => this.recordOf(gtin) >= pieces);
  }

  #sources({ orderId }: CollectOrder): PickSource[] {
    const { stock } = this.#truth;
    return this.#truth.missing(orderId).flatMap(({ gtin, pieces }) => {
      const sources: PickSource[] = [];
      let left = pieces;
      const add = (held: number, place: { binId: string; slotId: string }) => {
        const part = Math.min(left, held);
        if (part > 0) sources.push({ gtin, pieces: part, ...place });
        left -= part;
      };
      for (const [binId, held] of stock.binsOf(gtin)) add(held, { binId, slotId: '' });
      for (const { slotId } of this.#slotsOf.get(gtin) ?? []) {
        add(stock.inSlot(slotId), { binId: '', slotId });
      }
      return sources;
    });
  }

  /** Slots likely to run empty soon, by the sales that would be lost. */
  #ranked(): PlannedSlot[] {
    const nowMs = this.#context.nowMs();
    if (nowMs - this.#rankedAtMs >= rankAgainMs) {
      this.#rankedAtMs = nowMs;
      this.#urgent = [];
      for (const [gtin, slots] of this.#slotsOf) this.#rank(gtin, slots);
      this.#urgent.sort((one, other) => other.worth - one.worth);
    }
    return this.#urgent.map(({ slot }) => slot);
  }

  /** Shoppers empty the first slot of a product before the second. */
  #rank(gtin: string, slots: readonly PlannedSlot[]): void {
    const { stock } = this.#truth;
    if (stock.inBackroom(gtin) === 0) return;
    const mean = this.#truth.demandAhead(gtin, urgentHours);
    let before = 0;
    for (const slot of slots) {
      before += stock.inSlot(slot.slotId);
      const empty = poissonAtLeast(before, mean);
      if (empty * 1_000_000 >= urgentPpm && stock.roomIn(slot.slotId) > 0) {
        this.#urgent.push({ slot, worth: empty * mean });
      }
    }
  }

  #notFull(): PlannedSlot[] {
    const { stock } = this.#truth;
    const hour = hourOf(this.#context.nowMs());
    const share = hour >= world.closesHour || hour < world.opensHour ? 1 : idleShare;
    return this.#context.plan.slots.filter(
      ({ slotId, capacityPieces, product }) =>
        stock.inSlot(slotId) < capacityPieces * share && stock.inBackroom(product.gtin) > 0,
    );
  }

  /** A walk around the first of these slots. */
  #refill(personRef: string, wanted: readonly PlannedSlot[]): Work | null {
    const isFree = ({ slotId, product }: PlannedSlot) =>
      !this.#underway.has(slotId) && this.#truth.stock.inBackroom(product.gtin) > 0;
    const first = wanted.find(isFree);
    if (!first) return null;
    const { plan } = this.#context;
    const near = wanted.filter(
      (slot) => isFree(slot) && walkMetres(plan, first.fixtureId, slot.fixtureId) <= nearMetres,
    );
    const also = this.#notFull().filter(
      (slot) => isFree(slot) && walkMetres(plan, first.fixtureId, slot.fixtureId) === 0,
    );
    const chosen: RefillStop[] = [];
    let room = world.cartCases;
    for (const slot of new Set([first, ...near, ...also])) {
      if (chosen.length >= stopsAtMost || room <= 0) break;
      const stop = this.#stopAt(slot);
      const cases = Math.ceil((stop?.pieces ?? 0) / slot.product.casePackPieces);
      if (!stop || (chosen.length > 0 && cases > room)) continue;
      room -= cases;
      chosen.push(stop);
      this.#underway.set(slot.slotId, personRef);
    }
    const fixtureOf = new Map(plan.slots.map(({ slotId, fixtureId }) => [slotId, fixtureId]));
    const stops = nearestFirst(plan, 'dock', chosen, ({ slotId }) => fixtureOf.get(slotId) ?? '');
    return stops.length === 0 ? null : { kind: 'refill', stops };
  }

  #stopAt({ slotId, product }: PlannedSlot): RefillStop | null {
    const { stock } = this.#truth;
    const { gtin } = product;
    const [fullest] = [...stock.binsOf(gtin)].sort((one, other) => other[1] - one[1]);
    if (!fullest) return null;
    const pieces = Math.min(stock.roomIn(slotId), fullest[1]);
    return pieces <= 0 ? null : { slotId, gtin, binId: fullest[0], pieces };
  }
}

/** P(X >= count) for a Poisson X of this mean. */
export function poissonAtLeast(count: number, mean: number): number {
  if (count <= 0) return 1;
  if (count > mean + 8 * Math.sqrt(mean) + 10) return 0;
  let term = Math.exp(-mean);
  let below = 0;
  for (let k = 0; k < count; k += 1) {
    below += term;
    term *= mean / (k + 1);
  }
  return Math.max(0, 1 - below);
}
