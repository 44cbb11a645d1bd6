/**
 * Policy `stockhand`: the agent's core as it runs in stores. It gets readings, sales and what people say
 * at the kiosk; its open tasks, walk by walk, are what people do next. The simulator adds nothing to
 * its decisions.
 */

import type { StoreEvent } from '@stockhand/edge-agent/events/event.ts';
import { summariseScore } from '@stockhand/edge-agent/replenishment/prediction.ts';
import { balance } from '@stockhand/edge-agent/stock/ledger.ts';
import { dock } from '@stockhand/edge-agent/stock/store-places.ts';
import {
  backroomBins,
  backroomQuantity,
  salesFloorQuantity,
  slotBelief,
} from '@stockhand/edge-agent/views.ts';
import type { PlannedSlot } from '../store/store-plan.ts';
import type { CollectOrder, PickSource, Report, Work } from '../store/work.ts';
import { Answers } from './answers.ts';
import { DayDiary } from './day-diary.ts';
import { DockWork } from './dock-work.ts';
import { HeadlessAgent } from './headless-agent.ts';
import { Inbound } from './inbound.ts';
import type { News, Policy, PolicyContext, RaisedException, SlotGuess } from './policy.ts';
import { TaskWork } from './task-work.ts';

export class Stockhand implements Policy {
  readonly name = 'stockhand';
  readonly hearsSensors = true;
  readonly agent: HeadlessAgent;
  readonly #dock: DockWork;
  readonly #slotsOf = new Map<string, PlannedSlot[]>();
  readonly #nowMs: () => number;
  readonly #crew: readonly string[];
  readonly #inbound: Inbound;
  readonly #answers: Answers;
  readonly #raised: RaisedException[] = [];
  readonly #raisedById = new Map<string, RaisedException>();
  readonly #diary: DayDiary;
  readonly #tasks: TaskWork;

  constructor(context: PolicyContext) {
    const { plan, seed, nowMs } = context;
    this.#nowMs = nowMs;
    this.#crew = plan.crew;
    this.agent = new HeadlessAgent(plan, seed, nowMs);
    this.agent.open(context.openingBackroomDays);
    this.#dock = new DockWork(plan, nowMs);
    this.#inbound = new Inbound(this.agent);
    this.#tasks = new TaskWork(this.agent, plan.products);
    this.#answers = new Answers(this.agent, this.#someone(), plan.slots, nowMs);
    const nameByGtin = new Map(plan.products.map(({ gtin, name }) => [gtin, name]));
    this.#diary = new DayDiary((gtin) => nameByGtin.get(gtin) ?? gtin);
    this.agent.onEvent((event) => this.#note(event));
    for (const slot of plan.slots) {
      const { gtin } = slot.product;
      this.#slotsOf.set(gtin, [...(this.#slotsOf.get(gtin) ?? []), slot]);
    }
  }

  get digest(): string {
    return this.agent.digest;
  }

  next(personRef: string): Work | null {
    const pick = this.#inbound.takesOrders
      ? null
      : this.#dock.nextPick(
          (order) => this.#dock.isAtHand(order),
          (order) => this.#sources(order),
        );
    const dockWork = () => (this.#tasks.makesDockTasks ? null : this.#dock.nextDock());
    const pressing = () => (this.#dock.isPressing() ? dockWork() : null);
    const check = () => this.#answers.next(personRef);
    // One goes on refilling; the others are there when the truck comes.
    const isKept = this.#dock.isTruckNear() && personRef !== this.#someone();
    const walk = () => (isKept ? null : this.#tasks.next(personRef));
    return pick ?? pressing() ?? check() ?? walk() ?? dockWork();
  }

  hear(news: News): void {
    this.#dock.hear(news);
    this.#inbound.hear(news, this.#someone());
    this.#tasks.hear(news);
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

  minute(): void {
    this.agent.take({ kind: 'timer', purpose: 'minute', dueAtMs: this.#nowMs() });
  }

  told(report: Report, personRef: string): void {
    this.#dock.told(report);
    const isTask = this.#tasks.told(report, personRef);
    switch (report.kind) {
      case 'received':
        this.#inbound.received(report, personRef);
        break;
      case 'put-away':
        if (!isTask) this.#inbound.putAway(report, personRef);
        break;
      case 'counted-bin':
        if (!isTask) this.#inbound.counted(report, personRef);
        break;
      case 'picked':
        if (!isTask) this.#picked(report.source, report.pieces);
        break;
      case 'sensor-checked':
        if (!isTask) this.#answers.looked(report);
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
    return inStore + balance(state.ledger, gtin, dock);
  }

  raised(): readonly RaisedException[] {
    return this.#raised;
  }

  dayStory(day: number): readonly string[] {
    return [...this.#diary.linesOf(day), ...this.#scoreLine()];
  }

  /** How good the predictions of empty slots were so far. */
  #scoreLine(): string[] {
    const { scored, right, brier, medianAbsoluteErrorMinutes } = summariseScore(
      this.agent.state.predictions,
    );
    if (scored === 0) return [];
    const off =
      medianAbsoluteErrorMinutes === null ? '' : `, off by ${medianAbsoluteErrorMinutes} min`;
    return [
      `predictions of empty slots so far: ${right} of ${scored} came true, Brier ${brier}${off}`,
    ];
  }

  #note(event: StoreEvent): void {
    this.#diary.note(event);
    const { payload, recordedAtMs: atMs } = event;
    if (payload.case === 'exceptionRaised') {
      const { exceptionId, type, subjects, ownerRole: role, evidence } = payload.value;
      const raised = { type, atMs, subjects, role, evidence };
      this.#raised.push(raised);
      this.#raisedById.set(exceptionId, raised);
    } else if (payload.case === 'exceptionAnswered' || payload.case === 'exceptionResolved') {
      const raised = this.#raisedById.get(payload.value.exceptionId);
      if (raised === undefined) return;
      const text =
        payload.case === 'exceptionAnswered' ? payload.value.answer : payload.value.reason;
      raised.answer ??= { atMs, text };
    }
  }

  /** Who scans what comes while nobody in particular does. */
  #someone(): string {
    return this.#crew[0] ?? '';
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
