/**
 * Policy `stockhand`: the agent's core as it runs in stores. It gets readings, sales and what people say
 * at the kiosk; its open tasks, walk by walk, are what people do next. The simulator adds nothing to
 * its decisions.
 */
import {
  backroomBins,
  backroomQuantity,
  salesFloorQuantity,
  slotBelief,
  walkFor,
} from '@stockhand/edge-agent/views.ts';
import type { PlannedSlot } from '../store/store-plan.ts';
import type { CollectOrder, PickSource, RefillStop, Report, Work } from '../store/work.ts';
import { DockWork } from './dock-work.ts';
import { HeadlessAgent } from './headless-agent.ts';
import type { News, Policy, PolicyContext, RaisedException, SlotGuess } from './policy.ts';

export class Stockhand implements Policy {
  readonly name = 'stockhand';
  readonly hearsSensors = true;
  readonly agent: HeadlessAgent;
  readonly #dock: DockWork;
  readonly #slotsOf = new Map<string, PlannedSlot[]>();
  /** Tasks in somebody's hands, by slot. */
  readonly #taskOf = new Map<string, string>();
  /** Received and not put away yet. */
  readonly #atDock = new Map<string, number>();

  constructor(context: PolicyContext) {
    const { plan, seed, nowMs } = context;
    this.agent = new HeadlessAgent(plan, seed, nowMs);
    this.agent.open(context.openingBackroomDays);
    this.#dock = new DockWork(plan, nowMs);
    for (const slot of plan.slots) {
      const { gtin } = slot.product;
      this.#slotsOf.set(gtin, [...(this.#slotsOf.get(gtin) ?? []), slot]);
    }
  }

  get digest(): string {
    return this.agent.digest;
  }

  next(personRef: string): Work | null {
    const pick = this.#dock.nextPick(
      (order) => this.#dock.isAtHand(order),
      (order) => this.#sources(order),
    );
    const pressing = () => (this.#dock.isPressing() ? this.#dock.nextDock() : null);
    return pick ?? pressing() ?? this.#walk(personRef) ?? this.#dock.nextDock();
  }

  hear(news: News): void {
    this.#dock.hear(news);
    switch (news.kind) {
      case 'sold':
        this.agent.sell(news.gtin, news.till);
        break;
      case 'reading':
        this.agent.read(news.reading);
        break;
      case 'device-state': {
        const { deviceId, online } = news;
        const reason = online ? '' : 'last will';
        this.agent.take({ kind: 'device-state', deviceId, online, reason });
        break;
      }
      default:
        break;
    }
  }

  told(report: Report, personRef: string): void {
    this.#dock.told(report);
    switch (report.kind) {
      case 'received':
        this.#keepAtDock(report.line.gtin, report.countedPieces);
        break;
      case 'put-away':
        this.#keepAtDock(report.gtin, -report.pieces);
        this.agent.bookBin(report.gtin, report.binId, report.pieces);
        break;
      case 'refilled':
        this.#refilled(report, personRef);
        break;
      case 'picked':
        this.#picked(report.source, report.pieces);
        break;
      default:
        break;
    }
  }

  guess(slotId: string): SlotGuess {
    const belief = slotBelief(this.agent.state, slotId);
    if (!belief) {
      return { likeliestPieces: 0, lowPieces: 0, highPieces: 0, emptyProbability: 0.5 };
    }
    return {
      likeliestPieces: belief.likeliest,
      lowPieces: belief.low,
      highPieces: belief.high,
      emptyProbability: belief.pEmptyPpm / 1_000_000,
    };
  }

  recordOf(gtin: string): number {
    const { state } = this.agent;
    const inStore = salesFloorQuantity(state, gtin) + backroomQuantity(state, gtin);
    return inStore + (this.#atDock.get(gtin) ?? 0);
  }

  raised(): readonly RaisedException[] {
    return [];
  }

  dayStory(): readonly string[] {
    return [];
  }

  #keepAtDock(gtin: string, pieces: number): void {
    this.#atDock.set(gtin, Math.max(0, (this.#atDock.get(gtin) ?? 0) + pieces));
  }

  /** The agent's next walk; its tasks are claimed and started as they are taken along. */
  #walk(personRef: string): Work | null {
    const stops: RefillStop[] = [];
    for (const task of walkFor(this.agent.state)) {
      const { taskId, slotId, gtin, fromPlaceId, quantity } = task;
      if (!this.agent.begin(personRef, taskId)) continue;
      this.#taskOf.set(slotId, taskId);
      stops.push({ slotId, gtin, binId: fromPlaceId, pieces: quantity });
    }
    return stops.length === 0 ? null : { kind: 'refill', stops };
  }

  #refilled(report: Extract<Report, { kind: 'refilled' }>, personRef: string): void {
    const { stop, placedPieces, foundPieces, isFull } = report;
    const taskId = this.#taskOf.get(stop.slotId);
    if (taskId === undefined) return;
    this.#taskOf.delete(stop.slotId);
    const reason = foundPieces > 0 && isFull ? 'shelf-full' : 'backroom-empty';
    const isDone = this.agent.finish(personRef, taskId, placedPieces, stop.gtin, reason);
    if (!isDone) this.agent.release(personRef, taskId);
  }

  #sources(order: CollectOrder): PickSource[] {
    return order.lines.flatMap(({ gtin, pieces }) => [
      ...backroomBins(this.agent.state, gtin).map(({ placeId }) => ({
        gtin,
        pieces,
        binId: placeId,
        slotId: '',
      })),
      ...(this.#slotsOf.get(gtin) ?? []).map(({ slotId }) => ({ gtin, pieces, binId: '', slotId })),
    ]);
  }

  #picked({ gtin, binId, slotId }: PickSource, pieces: number): void {
    if (pieces === 0) return;
    if (binId) this.agent.bookBin(gtin, binId, -pieces);
    else this.agent.bookSlot(gtin, slotId, -pieces);
  }
}
