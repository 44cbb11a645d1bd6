/**
 * The agent's open tasks as work of people: whoever asks takes the next walk, claims and starts its
 * tasks, and says at the kiosk what came of each.
 */

import { walkFor } from '@stockhand/edge-agent/views.ts';
import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import { TaskStatus } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { world } from '../store/reference-store.ts';
import { dockId, type PlannedProduct } from '../store/store-plan.ts';
import type {
  CollectOrder,
  PickSource,
  RefillStop,
  Report,
  TruckLine,
  Work,
} from '../store/work.ts';
import type { HeadlessAgent } from './headless-agent.ts';
import type { News } from './policy.ts';

type Task = ReturnType<typeof walkFor>[number];
type ReportOf<K extends Report['kind']> = Extract<Report, { kind: K }>;

const sourceKey = (orderId: string, { gtin, binId, slotId }: PickSource) =>
  `${orderId}/${gtin}/${binId}/${slotId}`;

const putAwayKey = (personRef: string, gtin: string) => `put-away/${personRef}/${gtin}`;

export class TaskWork {
  readonly #agent: HeadlessAgent;
  readonly #products: ReadonlyMap<string, PlannedProduct>;
  /** By truck and number in its notice. */
  readonly #lines = new Map<string, TruckLine>();
  /** Ids of lines that were received and may still stand at the dock, by product. */
  readonly #atDock = new Map<string, Set<string>>();
  readonly #lastLine = new Map<string, string>();
  #makesDockTasks = false;
  readonly #orders = new Map<string, CollectOrder>();
  /** Tasks in somebody's hands, by what their report will name. */
  readonly #taskOf = new Map<string, string>();
  /** What somebody is putting away, by person and product: lines to come, and pieces so far. */
  readonly #onCart = new Map<string, { lineIds: Set<string>; pieces: number }>();

  constructor(agent: HeadlessAgent, products: readonly PlannedProduct[]) {
    this.#agent = agent;
    this.#products = new Map(products.map((product) => [product.gtin, product]));
    agent.onEvent(({ payload }) => {
      if (payload.case !== 'taskCreated' || payload.value.type !== TaskType.RECEIVE) return;
      this.#makesDockTasks = true;
    });
  }

  /** Whether the agent says what is to be done at the dock. */
  get makesDockTasks(): boolean {
    return this.#makesDockTasks;
  }

  hear(news: News): void {
    if (news.kind === 'truck-announced') {
      news.lines.forEach((line, index) => {
        this.#lines.set(`${news.truckId}/${index + 1}`, line);
      });
    }
    if (news.kind === 'order-placed') this.#orders.set(news.order.orderId, news.order);
  }

  next(personRef: string): Work | null {
    const walk = walkFor(this.#agent.state);
    const [first] = walk;
    if (!first) return null;
    switch (first.type) {
      case TaskType.REFILL:
        return this.#refill(personRef, walk);
      case TaskType.COLLECT_PICK:
        return this.#pick(personRef, first);
      case TaskType.RECEIVE:
        return this.#receive(personRef, first);
      case TaskType.PUT_AWAY:
        return this.#putAway(personRef, first);
      case TaskType.MOVE:
        return this.#move(personRef, first);
      case TaskType.COUNT:
        return this.#count(personRef, first);
      case TaskType.LOOK:
        return this.#look(personRef, first);
      case TaskType.CHECK_SENSOR:
        return this.#checkSensor(personRef, first);
      case TaskType.CHECK_COLD:
        // Who stands at the dock sees at once that it is still cold.
        this.#isStillCold(personRef, first);
        return this.next(personRef);
      default:
        return null;
    }
  }

  /** Tells the agent; false when the report belongs to no task, or to one that was closed. */
  told(report: Report, personRef: string): boolean {
    switch (report.kind) {
      case 'refilled':
        return this.#refilled(report, personRef);
      case 'picked': {
        const reason = report.source.slotId ? 'shelf-empty' : 'backroom-empty';
        const key = sourceKey(report.order.orderId, report.source);
        return this.#finish(key, personRef, report.pieces, report.source.gtin, reason);
      }
      case 'received': {
        const { gtin, lineId } = report.line;
        const lineIds = this.#atDock.get(gtin) ?? new Set<string>();
        this.#atDock.set(gtin, lineIds.add(lineId));
        this.#lastLine.set(gtin, lineId);
        return false;
      }
      case 'put-away':
        return this.#putAwayTold(report, personRef);
      case 'moved': {
        const key = `move/${report.gtin}/${report.fromPlaceId}`;
        return this.#finish(key, personRef, report.pieces, report.gtin, 'nothing-there');
      }
      case 'sensor-checked': {
        const finding = report.wasBroken ? 'recalibrated' : 'sensor is right';
        const key = `sensor/${report.slotId}`;
        return this.#finish(key, personRef, report.pieces ?? 0, '', finding);
      }
      case 'looked':
      case 'counted-slot':
        return this.#finish(`slot/${report.slotId}`, personRef, report.pieces, '', 'counted');
      case 'counted-bin': {
        const key = `bin/${report.binId}/${report.gtin}`;
        return this.#finish(key, personRef, report.pieces, report.gtin, 'counted');
      }
      default:
        return false;
    }
  }

  #refill(personRef: string, walk: readonly Task[]): Work | null {
    const stops: RefillStop[] = [];
    for (const task of walk) {
      const { taskId, slotId, gtin, fromPlaceId, quantity } = task;
      if (!this.#agent.begin(personRef, taskId)) continue;
      this.#taskOf.set(`refill/${slotId}`, taskId);
      const expected = this.#agent.leftToTell(taskId);
      const asked = expected === null ? {} : { expectedLeftPieces: expected };
      stops.push({ slotId, gtin, binId: fromPlaceId, pieces: quantity, ...asked });
    }
    return stops.length === 0 ? null : { kind: 'refill', stops };
  }

  /** All picks of the order that nobody has, in one walk. */
  #pick(personRef: string, { orderId }: Task): Work | null {
    const order = this.#orders.get(orderId);
    if (!order) return null;
    const sources: PickSource[] = [];
    for (const task of [...this.#agent.state.tasks.open.values()]) {
      if (task.type !== TaskType.COLLECT_PICK || task.orderId !== orderId) continue;
      if (task.status !== TaskStatus.OPEN) continue;
      const { taskId, gtin, quantity: pieces, fromPlaceId: binId, slotId } = task;
      if (!this.#agent.begin(personRef, taskId)) continue;
      const source = { gtin, pieces, binId, slotId };
      this.#taskOf.set(sourceKey(orderId, source), taskId);
      sources.push(source);
    }
    return sources.length === 0 ? null : { kind: 'pick', order, sources };
  }

  #receive(personRef: string, { taskId, deliveryId, lines: numbers }: Task): Work | null {
    if (!this.#agent.begin(personRef, taskId)) return null;
    const lines = numbers.flatMap((number) => this.#lines.get(`${deliveryId}/${number}`) ?? []);
    return lines.length === 0 ? null : { kind: 'receive', lines };
  }

  /** As many of the products at the dock as go on one cart, cold ones apart. */
  #putAway(personRef: string, first: Task): Work | null {
    const isCold = this.#isCold(first.gtin);
    const lines: { lineId: string; gtin: string; binId: string }[] = [];
    let room: number = isCold ? world.cartCases / 2 : world.cartCases;
    for (const task of new Set([first, ...this.#agent.state.tasks.open.values()])) {
      const { taskId, gtin, quantity, toPlaceId: binId } = task;
      if (task.type !== TaskType.PUT_AWAY || this.#isCold(gtin) !== isCold) continue;
      const cases = Math.ceil(quantity / (this.#products.get(gtin)?.casePackPieces ?? 1));
      if (lines.length > 0 && cases > room) continue;
      if (task.status !== TaskStatus.OPEN || !this.#agent.begin(personRef, taskId)) continue;
      const lineIds = [...(this.#atDock.get(gtin) ?? [])];
      if (lineIds.length === 0) {
        // It may be on somebody's cart: to count nothing here would be wrong.
        this.#agent.finish(personRef, taskId, 0, gtin, 'nothing-there', null);
        continue;
      }
      room -= cases;
      const key = putAwayKey(personRef, gtin);
      this.#taskOf.set(key, taskId);
      this.#onCart.set(key, { lineIds: new Set(lineIds), pieces: 0 });
      for (const lineId of lineIds) lines.push({ lineId, gtin, binId });
      if (room <= 0) break;
    }
    return lines.length === 0 ? null : { kind: 'put-away', lines };
  }

  #isCold(gtin: string): boolean {
    return this.#products.get(gtin)?.temperature !== 'ambient';
  }

  #move(personRef: string, task: Task): Work | null {
    const { taskId, gtin, quantity: pieces, fromPlaceId, toPlaceId, orderId } = task;
    if (!this.#agent.begin(personRef, taskId)) return null;
    this.#taskOf.set(`move/${gtin}/${fromPlaceId}`, taskId);
    return { kind: 'move', gtin, pieces, fromPlaceId, toPlaceId, orderId };
  }

  #count(personRef: string, { taskId, slotId, gtin, fromPlaceId: binId }: Task): Work | null {
    if (!this.#agent.begin(personRef, taskId)) return null;
    this.#taskOf.set(slotId ? `slot/${slotId}` : `bin/${binId}/${gtin}`, taskId);
    return slotId ? { kind: 'count-slot', slotId } : { kind: 'count-bin', gtin, binId };
  }

  #look(personRef: string, { taskId, slotId }: Task): Work | null {
    if (!this.#agent.begin(personRef, taskId)) return null;
    this.#taskOf.set(`slot/${slotId}`, taskId);
    return { kind: 'look', slotIds: [slotId] };
  }

  #checkSensor(personRef: string, { taskId, slotId }: Task): Work | null {
    if (!this.#agent.begin(personRef, taskId)) return null;
    this.#taskOf.set(`sensor/${slotId}`, taskId);
    return { kind: 'check-sensor', slotId, looksOnly: false };
  }

  /** A product may come in several lines, and to several people: each says once what they put away. */
  #putAwayTold(report: ReportOf<'put-away'>, personRef: string): boolean {
    const { gtin, lineId, pieces, leftPieces } = report;
    if (leftPieces === 0) this.#atDock.get(gtin)?.delete(lineId);
    const key = putAwayKey(personRef, gtin);
    const cart = this.#onCart.get(key);
    if (!cart?.lineIds.delete(lineId)) return false;
    cart.pieces += pieces;
    if (cart.lineIds.size > 0) return true;
    this.#onCart.delete(key);
    return this.#finish(key, personRef, cart.pieces, gtin, 'cart-full');
  }

  #isStillCold(personRef: string, { taskId, quantity }: Task): void {
    if (!this.#agent.begin(personRef, taskId)) return;
    this.#agent.finish(personRef, taskId, quantity, '', 'too-warm', null);
  }

  #refilled(report: ReportOf<'refilled'>, personRef: string): boolean {
    const { stop, placedPieces, foundPieces, isFull, leftInBinPieces } = report;
    const lastLineId = this.#lastLine.get(stop.gtin);
    if (stop.binId === dockId && placedPieces < foundPieces && lastLineId !== undefined) {
      this.#atDock.get(stop.gtin)?.add(lastLineId);
    }
    // Who saw others at the bin meanwhile does not call it empty.
    const isEmpty = leftInBinPieces === 0;
    const reason = isFull ? 'shelf-full' : isEmpty ? 'backroom-empty' : 'too-few';
    const key = `refill/${stop.slotId}`;
    return this.#finish(key, personRef, placedPieces, stop.gtin, reason, leftInBinPieces);
  }

  #finish(
    key: string,
    personRef: string,
    pieces: number,
    scan: string,
    shortReason: string,
    leftInBin: number | null = null,
  ): boolean {
    const taskId = this.#taskOf.get(key);
    if (taskId === undefined) return false;
    this.#taskOf.delete(key);
    const isDone = this.#agent.finish(personRef, taskId, pieces, scan, shortReason, leftInBin);
    // What the kiosk does not take goes back to the board, for somebody who sees it anew.
    if (!isDone) this.#agent.release(personRef, taskId);
    return isDone;
  }
}
