/**
 * Policy `nightly`: trucks and customers' orders as they come; after closing the shelves are refilled
 * by a list that compares the till record with par, and what is left of it in the morning is done then.
 * Nobody looks at a shelf in between.
 *
 * Example: 18 fit, the tills sold 12 since the last night: 12 are on the list, in case lots, if the
 * record says that the bin has some.
 */
import { dayIndexOf, hourOf } from '../kernel/day-clock.ts';
import { world } from '../store/reference-store.ts';
import type { CollectOrder, PickSource, RefillStop, Report, Work } from '../store/work.ts';
import { DockWork } from './dock-work.ts';
import { certain, type News, type Policy, type PolicyContext, type SlotGuess } from './policy.ts';
import { TillRecord } from './till-record.ts';

export class Nightly implements Policy {
  readonly name = 'nightly';
  readonly hearsSensors = false;
  readonly digest = '';
  readonly #context: PolicyContext;
  readonly #record: TillRecord;
  readonly #dock: DockWork;
  #list: RefillStop[] = [];
  #listedDay = -1;

  constructor(context: PolicyContext) {
    this.#context = context;
    this.#record = new TillRecord(context.plan, context.openingBinPieces);
    this.#dock = new DockWork(context.plan, context.nowMs);
  }

  next(): Work | null {
    const nowMs = this.#context.nowMs();
    const day = dayIndexOf(nowMs);
    const hour = hourOf(nowMs);
    if (hour >= world.closesHour && this.#listedDay < day) {
      this.#listedDay = day;
      this.#list = refillList(this.#context.plan.slots, this.#record, 1);
    }
    const pick = this.#dock.nextPick(
      (order) => this.#dock.isAtHand(order),
      (order) => recordedSources(order, this.#record, this.#binOf),
    );
    const refill = () => nextWalk(this.#list, this.#casePackOf);
    return pick ?? this.#dock.nextDock() ?? refill();
  }

  hear(news: News): void {
    this.#record.hear(news);
    this.#dock.hear(news);
  }

  told(report: Report): void {
    this.#record.told(report);
    this.#dock.told(report);
  }

  guess(slotId: string): SlotGuess {
    return certain(this.#record.shelf(slotId));
  }

  readonly #binOf = (gtin: string): string => this.#record.slotsOf(gtin)[0]?.product.binId ?? '';

  readonly #casePackOf = (gtin: string): number =>
    this.#record.slotsOf(gtin)[0]?.product.casePackPieces ?? 1;
}

/** Slots with at most this share of par by the record, in the order of the aisles. */
export function refillList(
  slots: PolicyContext['plan']['slots'],
  record: TillRecord,
  belowShare: number,
): RefillStop[] {
  const left = new Map<string, number>();
  const stops: RefillStop[] = [];
  for (const { slotId, product, capacityPieces } of slots) {
    const { gtin, binId } = product;
    const inBin = left.get(gtin) ?? record.bin(gtin);
    const missing = capacityPieces - record.shelf(slotId);
    if (record.shelf(slotId) >= capacityPieces * belowShare || missing <= 0 || inBin <= 0) continue;
    const pieces = Math.min(missing, inBin);
    left.set(gtin, inBin - pieces);
    stops.push({ slotId, gtin, binId, pieces });
  }
  return stops;
}

/** Takes one cart's worth from the head of the list. */
export function nextWalk(list: RefillStop[], casePackOf: (gtin: string) => number): Work | null {
  const stops: RefillStop[] = [];
  let room = world.cartCases;
  for (let head = list[0]; head; head = list[0]) {
    const cases = Math.ceil(head.pieces / casePackOf(head.gtin));
    if (stops.length > 0 && cases > room) break;
    room -= cases;
    stops.push(head);
    list.shift();
  }
  return stops.length === 0 ? null : { kind: 'refill', stops };
}

/** Bins first, then slots, as far as the record says that they hold enough. */
export function recordedSources(
  order: CollectOrder,
  record: TillRecord,
  binOf: (gtin: string) => string,
): PickSource[] {
  const sources: PickSource[] = [];
  for (const { gtin, pieces } of order.lines) {
    if (record.bin(gtin) > 0) sources.push({ gtin, pieces, binId: binOf(gtin), slotId: '' });
    for (const { slotId } of record.slotsOf(gtin)) {
      if (record.shelf(slotId) > 0) sources.push({ gtin, pieces, binId: '', slotId });
    }
  }
  return sources;
}
