/**
 * People at work in the store: they do what a policy asks, at the pace of the reference stores, and
 * tell what they found. What they see of the truth is what lies before them.
 *
 * A third of a shift goes to customers and the till, so work takes longer than its minutes; the minutes
 * that count as work are those of walking, handling, looking and counting.
 */
import type { Agenda } from '../kernel/agenda.ts';
import { hourOf, minuteMs } from '../kernel/day-clock.ts';
import { isDrawn } from '../kernel/distributions.ts';
import type { RandomStream } from '../kernel/random.ts';
import type { CollectDesk } from './collect-desk.ts';
import type { Dock } from './dock.ts';
import { world } from './reference-store.ts';
import { nearestFirst } from './route.ts';
import {
  collectShelfId,
  dockId,
  type PlannedSlot,
  type StorePlan,
  walkMetres,
} from './store-plan.ts';
import type { TrueStock } from './true-stock.ts';
import type { CollectLine, PickSource, RefillStop, Report, Work } from './work.ts';

export interface Effort {
  walkMetres: number;
  workSeconds: number;
  /** Parts of work that left a trace: refills, receipts, put-aways, orders, counts, checks. */
  tasks: number;
  looks: number;
  misplacedPieces: number;
}

export interface CrewOptions {
  plan: StorePlan;
  stock: TrueStock;
  dock: Dock;
  desk: CollectDesk;
  agenda: Agenda;
  random: RandomStream;
  /** What this person should do now; null when there is nothing. */
  next(personRef: string): Work | null;
  told(report: Report, personRef: string): void;
  /** Checks a sensor with a known weight and sets it right; answers whether it was broken. */
  repairSensor(slotId: string): boolean;
  /** Goods landed on a slot that is not theirs; nobody in the store knows. */
  misplaced(slotId: string, gtin: string, pieces: number): void;
}

/** How often someone without work asks again. */
const askAgainMs = minuteMs;

interface Person {
  personRef: string;
  placeId: string;
  isOnShift(): boolean;
}

/** What a cart carries for a stop. */
interface Load {
  stop: RefillStop;
  pieces: number;
  /** What was left in the bin then, and what the person says of it; null when nothing. */
  heldInBinPieces: number;
  leftInBinPieces: number | null;
}

type CheckSensor = Extract<Work, { kind: 'check-sensor' }>;

/** Each step is so many seconds of work; what follows it happens afterwards. */
type Steps = Generator<number, void, void>;

export class Crew {
  readonly effort: Effort = {
    walkMetres: 0,
    workSeconds: 0,
    tasks: 0,
    looks: 0,
    misplacedPieces: 0,
  };
  readonly #options: CrewOptions;
  readonly #slotById: ReadonlyMap<string, PlannedSlot>;
  readonly #neighbourOf = new Map<string, string>();
  readonly #casePackOf: ReadonlyMap<string, number>;
  readonly #homeBinOf: ReadonlyMap<string, string>;

  constructor(options: CrewOptions) {
    this.#options = options;
    const { products, slots } = options.plan;
    this.#slotById = new Map(slots.map((slot) => [slot.slotId, slot]));
    slots.forEach((slot, index) => {
      const neighbour = slots[index + 1] ?? slots[index - 1];
      if (neighbour) this.#neighbourOf.set(slot.slotId, neighbour.slotId);
    });
    this.#casePackOf = new Map(products.map((one) => [one.gtin, one.casePackPieces]));
    this.#homeBinOf = new Map(products.map((one) => [one.gtin, one.binId]));
  }

  /** @param people by reference, as many as are ever at work at once. */
  start(people: readonly string[]): void {
    const { agenda, plan } = this.#options;
    people.forEach((personRef, index) => {
      const isOnShift = () => {
        const hour = hourOf(agenda.nowMs);
        const shift = plan.reference.crew.find(({ untilHour }) => hour < untilHour);
        return index < (shift?.people ?? 0);
      };
      const person: Person = { personRef, placeId: dockId, isOnShift };
      agenda.after(index * 1_000, () => this.#ask(person));
    });
  }

  #ask(person: Person): void {
    const { agenda, next } = this.#options;
    const work = person.isOnShift() ? next(person.personRef) : null;
    if (work) this.#go(person, this.#do(person, work));
    else agenda.after(askAgainMs, () => this.#ask(person));
  }

  #go(person: Person, steps: Steps): void {
    const step = steps.next();
    if (step.done) {
      this.#ask(person);
      return;
    }
    this.effort.workSeconds += step.value;
    const elapsedMs = Math.round((step.value * 1_000) / world.workShare);
    this.#options.agenda.after(elapsedMs, () => this.#go(person, steps));
  }

  #do(person: Person, work: Work): Steps {
    switch (work.kind) {
      case 'receive':
        return this.#receive(
          person,
          work.lines.map(({ lineId }) => lineId),
        );
      case 'put-away':
        return this.#putAway(person, work.lines);
      case 'refill':
        return this.#refill(person, work.stops);
      case 'look':
        return this.#look(person, work.slotIds);
      case 'count-slot':
        return this.#countSlot(person, work.slotId);
      case 'count-bin':
        return this.#countBin(person, work.gtin, work.binId);
      case 'pick':
        return this.#pick(person, work.order.orderId, work.sources);
      case 'move':
        return this.#move(person, work);
      case 'check-sensor':
        return this.#checkSensor(person, work);
    }
  }

  #tell(report: Report, person: Person): void {
    this.effort.tasks += report.kind === 'looked' || report.kind === 'picked' ? 0 : 1;
    this.#options.told(report, person.personRef);
  }

  /** Seconds to walk there. */
  #walk(person: Person, placeId: string): number {
    const metres = walkMetres(this.#options.plan, person.placeId, placeId);
    person.placeId = placeId;
    this.effort.walkMetres += metres;
    return metres / world.walkMetresPerSecond;
  }

  #casesOf(gtin: string, pieces: number): number {
    return Math.ceil(pieces / (this.#casePackOf.get(gtin) ?? 1));
  }

  #fixtureOf(slotId: string): string {
    return this.#slotById.get(slotId)?.fixtureId ?? '';
  }

  *#receive(person: Person, lineIds: readonly string[]): Steps {
    const { dock } = this.#options;
    yield this.#walk(person, dockId);
    for (const lineId of lineIds) {
      const waiting = dock.lines.get(lineId);
      if (!waiting || waiting.receivedAtMs !== null) continue;
      const cases = this.#casesOf(waiting.line.gtin, waiting.truePieces);
      yield cases === 0 ? world.lookSeconds : cases * world.receiveCaseSeconds;
      const received = dock.receive(lineId);
      if (!received) continue;
      const { line, countedPieces, damagedPieces } = received;
      this.#tell({ kind: 'received', line, countedPieces, damagedPieces }, person);
    }
  }

  *#putAway(
    person: Person,
    lines: readonly { lineId: string; gtin: string; binId: string }[],
  ): Steps {
    const { dock, stock, plan } = this.#options;
    yield this.#walk(person, dockId);
    let room = world.cartCases;
    const loaded: { lineId: string; gtin: string; binId: string; pieces: number }[] = [];
    for (const line of lines) {
      const casePack = this.#casePackOf.get(line.gtin) ?? 1;
      const pieces = dock.take(line.lineId, room * casePack);
      room -= Math.ceil(pieces / casePack);
      loaded.push({ ...line, pieces });
    }
    for (const one of nearestFirst(plan, dockId, loaded, ({ binId }) => binId)) {
      const { lineId, gtin, binId, pieces } = one;
      if (pieces > 0) {
        yield this.#walk(person, binId) + this.#casesOf(gtin, pieces) * world.putAwayCaseSeconds;
        stock.putInBin(gtin, binId, pieces);
      }
      dock.finish(lineId);
      const leftPieces = dock.lines.get(lineId)?.leftPieces ?? 0;
      this.#tell({ kind: 'put-away', lineId, gtin, binId, pieces, leftPieces }, person);
    }
  }

  *#refill(person: Person, stops: readonly RefillStop[]): Steps {
    const { plan } = this.#options;
    const cart: Load[] = [];
    let room = world.cartCases;
    for (const stop of nearestFirst(plan, person.placeId, stops, ({ binId }) => binId)) {
      const casePack = this.#casePackOf.get(stop.gtin) ?? 1;
      // A case more than the cart should hold beats a walk for it alone.
      const cases = Math.min(Math.max(1, room), Math.ceil(stop.pieces / casePack));
      yield this.#walk(person, stop.binId);
      const pieces = this.#take(stop.gtin, stop.binId, cases * casePack);
      const taken = Math.ceil(pieces / casePack);
      room -= taken;
      const left = this.#held(stop.gtin, stop.binId);
      const isSeen = left <= casePack;
      const { expectedLeftPieces } = stop;
      const load: Load = {
        stop,
        pieces,
        heldInBinPieces: left,
        leftInBinPieces: isSeen ? left : null,
      };
      if (!isSeen && expectedLeftPieces !== undefined) {
        const expected = expectedLeftPieces - Math.max(0, pieces - stop.pieces);
        load.leftInBinPieces = yield* this.#countCases(left, casePack, expected);
      }
      // Who finds nothing says so at the bin.
      if (pieces === 0) this.#tellNothing(person, load);
      else cart.push(load);
      yield taken === 0 ? world.lookSeconds : taken * world.takeCaseSeconds;
    }
    for (const stop of stops) {
      const load = cart.find((one) => one.stop === stop);
      if (load) yield* this.#stockSlot(person, load);
    }
    yield* this.#bringBack(person, cart);
  }

  /** From a bin, or straight from the dock. */
  #take(gtin: string, placeId: string, pieces: number): number {
    const { dock, stock } = this.#options;
    if (placeId === dockId) return dock.takeProduct(gtin, pieces);
    return stock.takeFromBin(gtin, placeId, pieces);
  }

  *#stockSlot(person: Person, load: Load): Steps {
    const { stock } = this.#options;
    const { stop, pieces: foundPieces } = load;
    const { slotId } = stop;
    yield this.#walk(person, this.#fixtureOf(slotId)) + world.scanSeconds;
    yield* this.#tidy(person, slotId);
    const misplaced = this.#misplaced(load);
    load.pieces -= misplaced;
    // Who puts a case on the wrong slot believes that it lies on the right one.
    const room = Math.max(0, stock.roomIn(slotId) - misplaced);
    const wanted = Math.min(load.pieces, room);
    yield (wanted + misplaced) * world.stockPieceSeconds;
    const placed = stock.placeFromHands(slotId, Math.min(load.pieces, room));
    load.pieces -= placed;
    const placedPieces = placed + misplaced;
    const isFull = stock.roomIn(slotId) <= misplaced || load.pieces > 0;
    const leftInBinPieces = this.#leftInBin(load);
    this.#tell(
      { kind: 'refilled', stop, foundPieces, leftInBinPieces, placedPieces, isFull },
      person,
    );
  }

  #tellNothing(person: Person, { stop, leftInBinPieces }: Load): void {
    const nothing = { foundPieces: 0, placedPieces: 0, isFull: false, leftInBinPieces };
    this.#tell({ kind: 'refilled', stop, ...nothing }, person);
  }

  #held(gtin: string, placeId: string): number {
    const { dock, stock } = this.#options;
    return placeId === dockId ? dock.standing(gtin) : stock.inBin(gtin, placeId);
  }

  /** With what goes back there; null when too much to see, or when others were there since. */
  #leftInBin({ stop, pieces, leftInBinPieces, heldInBinPieces }: Load): number | null {
    if (leftInBinPieces === null) return null;
    const isSame = this.#held(stop.gtin, stop.binId) === heldInBinPieces;
    return isSame ? leftInBinPieces + pieces : null;
  }

  /** A case that lands on the neighbouring slot; who placed it does not know. */
  #misplaced({ stop, pieces }: Load): number {
    const { stock, random } = this.#options;
    const neighbour = this.#neighbourOf.get(stop.slotId);
    const cases = this.#casesOf(stop.gtin, Math.min(pieces, stock.roomIn(stop.slotId)));
    let misplaced = 0;
    for (let count = 0; count < cases; count += 1) {
      if (isDrawn(random, world.misplacedCaseShare))
        misplaced += this.#casePackOf.get(stop.gtin) ?? 1;
    }
    misplaced = Math.min(misplaced, pieces, stock.roomIn(stop.slotId));
    if (misplaced === 0 || !neighbour) return 0;
    stock.misplace(neighbour, stop.gtin, misplaced);
    this.#options.misplaced(neighbour, stop.gtin, misplaced);
    this.effort.misplacedPieces += misplaced;
    return misplaced;
  }

  /** Goods that do not belong there go to their own slot, and what has no room to their bin. */
  *#tidy(person: Person, slotId: string): Steps {
    const { stock, plan } = this.#options;
    if (stock.foreignIn(slotId).size === 0) return;
    for (const [gtin, pieces] of stock.clearForeign(slotId)) {
      let left = pieces;
      yield pieces * world.stockPieceSeconds;
      for (const slot of plan.slots) {
        if (slot.product.gtin === gtin) left -= stock.placeFromHands(slot.slotId, left);
      }
      if (left > 0) yield* this.#carryBack(person, gtin, this.#homeBinOf.get(gtin) ?? '', left);
    }
  }

  /** Opened cases go back to the backroom. */
  *#bringBack(person: Person, cart: readonly Load[]): Steps {
    const { plan } = this.#options;
    const left = cart.filter(({ pieces }) => pieces > 0);
    for (const { stop, pieces } of nearestFirst(
      plan,
      person.placeId,
      left,
      (one) => one.stop.binId,
    )) {
      yield* this.#carryBack(person, stop.gtin, stop.binId, pieces);
    }
  }

  *#carryBack(person: Person, gtin: string, placeId: string, pieces: number): Steps {
    yield this.#walk(person, placeId) + world.scanSeconds;
    if (placeId === dockId) this.#options.dock.giveBack(gtin, pieces);
    else this.#options.stock.putInBin(gtin, placeId, pieces);
  }

  *#look(person: Person, slotIds: readonly string[]): Steps {
    for (const slotId of slotIds) {
      yield this.#walk(person, this.#fixtureOf(slotId)) + world.lookSeconds;
      yield* this.#tidy(person, slotId);
      this.effort.looks += 1;
      this.#tell({ kind: 'looked', slotId, pieces: this.#options.stock.inSlot(slotId) }, person);
    }
  }

  *#countSlot(person: Person, slotId: string): Steps {
    const { stock } = this.#options;
    const walkSeconds = this.#walk(person, this.#fixtureOf(slotId));
    yield walkSeconds + world.lookSeconds + stock.inSlot(slotId) * world.countPieceSeconds;
    yield* this.#tidy(person, slotId);
    const pieces = this.#counted(stock.inSlot(slotId));
    this.#tell({ kind: 'counted-slot', slotId, pieces }, person);
  }

  *#countBin(person: Person, gtin: string, binId: string): Steps {
    const { stock } = this.#options;
    const walkSeconds = this.#walk(person, binId);
    yield walkSeconds + world.lookSeconds + stock.inBin(gtin, binId) * world.countPieceSeconds;
    const pieces = this.#counted(stock.inBin(gtin, binId));
    this.#tell({ kind: 'counted-bin', gtin, binId, pieces }, person);
  }

  /** Sealed cases are counted as one thing each; who is a case or more off the record counts again. */
  *#countCases(
    pieces: number,
    casePack: number,
    expected: number,
  ): Generator<number, number, void> {
    const { random } = this.#options;
    const things = Math.floor(pieces / casePack) + (pieces % casePack);
    let told = pieces;
    for (let count = 0; count < 2; count += 1) {
      yield world.lookSeconds + things * world.countPieceSeconds;
      const isWrong = isDrawn(random, world.wrongCountShare);
      told = isWrong ? pieces + (isDrawn(random, 0.5) ? casePack : -casePack) : pieces;
      if (Math.abs(told - expected) < casePack) break;
    }
    return told;
  }

  #counted(pieces: number): number {
    const { random } = this.#options;
    if (!isDrawn(random, world.wrongCountShare)) return pieces;
    return Math.max(0, pieces + (isDrawn(random, 0.5) ? 1 : -1));
  }

  *#pick(person: Person, orderId: string, sources: readonly PickSource[]): Steps {
    const { stock, desk, plan } = this.#options;
    const order = desk.orders.get(orderId)?.order;
    if (!order) return;
    const picked: CollectLine[] = [];
    const placeOf = (source: PickSource) => source.binId || this.#fixtureOf(source.slotId);
    for (const source of nearestFirst(plan, person.placeId, sources, placeOf)) {
      yield this.#walk(person, placeOf(source)) + world.scanSeconds;
      const { gtin, binId, slotId } = source;
      // A product that nobody ordered stands in for another.
      const isOrdered = order.lines.some((line) => line.gtin === gtin);
      const asked = desk.missing(orderId).find((line) => line.gtin === gtin)?.pieces ?? 0;
      const missing = isOrdered ? asked : source.pieces;
      const inCart = picked
        .filter((line) => line.gtin === gtin)
        .reduce((sum, one) => sum + one.pieces, 0);
      const wanted = Math.min(source.pieces, missing - inCart);
      const pieces = binId ? this.#take(gtin, binId, wanted) : stock.takeFromSlot(slotId, wanted);
      yield pieces === 0
        ? world.lookSeconds
        : binId
          ? world.takeCaseSeconds
          : pieces * world.stockPieceSeconds;
      if (pieces > 0) picked.push({ gtin, pieces });
      this.#tell({ kind: 'picked', order, source, pieces }, person);
    }
    yield this.#walk(person, collectShelfId);
    const isComplete = desk.setAside(orderId, picked);
    this.#tell({ kind: 'order-ready', order, isComplete }, person);
  }

  *#move(person: Person, work: Extract<Work, { kind: 'move' }>): Steps {
    const { stock, desk } = this.#options;
    const { gtin, fromPlaceId, toPlaceId, orderId } = work;
    yield this.#walk(person, fromPlaceId) + world.takeCaseSeconds;
    const pieces =
      fromPlaceId === collectShelfId
        ? desk.takeBack(orderId, gtin, work.pieces)
        : this.#take(gtin, fromPlaceId, work.pieces);
    yield this.#walk(person, toPlaceId) + world.scanSeconds;
    stock.putInBin(gtin, toPlaceId, pieces);
    this.#tell({ kind: 'moved', gtin, fromPlaceId, pieces }, person);
  }

  *#checkSensor(person: Person, { slotId, looksOnly }: CheckSensor): Steps {
    const seconds = looksOnly ? world.lookSeconds : world.checkSensorSeconds;
    yield this.#walk(person, this.#fixtureOf(slotId)) + seconds;
    const hadForeign = this.#options.stock.foreignIn(slotId).size > 0;
    yield* this.#tidy(person, slotId);
    if (looksOnly) {
      const nothing = { wasBroken: false, pieces: null };
      this.#tell({ kind: 'sensor-checked', slotId, hadForeign, ...nothing }, person);
      return;
    }
    const { stock, repairSensor } = this.#options;
    yield stock.inSlot(slotId) * world.countPieceSeconds;
    const pieces = this.#counted(stock.inSlot(slotId));
    const wasBroken = repairSensor(slotId);
    this.#tell({ kind: 'sensor-checked', slotId, wasBroken, hadForeign, pieces }, person);
  }
}
