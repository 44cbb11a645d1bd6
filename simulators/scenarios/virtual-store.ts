/**
 * One virtual store, wired: shoppers, trucks, customers' orders, people and what goes wrong, around a
 * policy. It tells the policy what a store can hear and asks it what to do.
 */
import { Agenda } from '../kernel/agenda.ts';
import {
  dayClockText,
  dayIndexOf,
  dayMs,
  firstMidnightMs,
  hourOf,
  instantOf,
  minuteMs,
} from '../kernel/day-clock.ts';
import { type RandomStream, randomStream } from '../kernel/random.ts';
import type { News, Policy, PolicyContext } from '../policies/policy.ts';
import { CollectDesk } from '../store/collect-desk.ts';
import { Crew } from '../store/crew.ts';
import { Dock, type Truck } from '../store/dock.ts';
import { Erp } from '../store/erp.ts';
import { openingBackroomPieces } from '../store/master-data.ts';
import { world } from '../store/reference-store.ts';
import { Sensors } from '../store/sensors.ts';
import { Shoppers } from '../store/shoppers.ts';
import type { PlannedProduct, PlannedSlot, StorePlan } from '../store/store-plan.ts';
import { TrueStock } from '../store/true-stock.ts';
import type { Report } from '../store/work.ts';
import type { Cause, CauseKind } from './cause.ts';
import { exceptionMeaning } from './exception-meaning.ts';
import {
  discrepancyDay,
  discrepancyHour,
  promotionFactor,
  promotionFromHour,
  promotionToldHour,
  Scenario,
  type ScenarioName,
} from './scenario.ts';
import { SensorFaults } from './sensor-faults.ts';
import { carrierOf, loadTrucks, trucksOf } from './truck-plan.ts';

/** With full slots about what the ERP would have in the store after an order. */
export const openingBackroomDays = 1.5;

/** Most heartbeats tell the agent nothing: store M has a million in three days. */
const restingBeats = 12;

/** Makes the policy, which may look at the store (only `oracle` does). */
export type PolicyMaker = (context: PolicyContext, store: VirtualStore) => Policy;

export interface VirtualStoreOptions {
  plan: StorePlan;
  seed: number;
  days: number;
  scenario: ScenarioName;
  policy: PolicyMaker;
}

interface Comparison {
  gtin: string;
  record: number | null;
  truth: number | null;
}

const nothingCompared: Comparison = { gtin: '', record: null, truth: null };

export class VirtualStore {
  readonly plan: StorePlan;
  readonly agenda = new Agenda(firstMidnightMs);
  readonly stock: TrueStock;
  readonly dock: Dock;
  readonly desk: CollectDesk;
  readonly crew: Crew;
  readonly shoppers: Shoppers;
  readonly scenario: Scenario;
  readonly policy: Policy;
  readonly sensors: Sensors;
  readonly #sensorFaults: SensorFaults;
  /** What happened, for the story of the days. */
  readonly notes: { atMs: number; text: string }[] = [];
  readonly #options: VirtualStoreOptions;
  readonly #random: RandomStream;
  readonly #erp: Erp;
  readonly #slotsOf: ReadonlyMap<string, PlannedSlot[]>;
  /** What the policy's record said of a product before the last report about it. */
  #before: Comparison = nothingCompared;
  /** Exceptions of the policy that were looked at. */
  #checked = 0;

  constructor(options: VirtualStoreOptions) {
    this.#options = options;
    this.plan = options.plan;
    const { plan, agenda } = this;
    this.#slotsOf = Map.groupBy(plan.slots, ({ product }) => product.gtin);
    const nowMs = () => agenda.nowMs;
    this.#random = randomStream(`run/${options.seed}`);
    const random = (name: string) => this.#random.stream(name);
    this.stock = new TrueStock(plan, openingBackroomDays);
    const { stock } = this;
    this.scenario = new Scenario(options.scenario, plan, random(`scenario/${options.scenario}`));
    this.dock = new Dock(stock, random('receipts'), nowMs);
    this.desk = new CollectDesk({
      plan,
      stock,
      agenda,
      random: random('collect'),
      placed: (order) => this.#hear({ kind: 'order-placed', order }),
      collected: (order) => {
        for (const { gtin, pieces } of order.lines) this.#erp.book(gtin, -pieces);
        this.#hear({ kind: 'order-collected', order });
      },
    });
    this.#erp = new Erp(plan, openingPieces(plan));
    const tills = random('tills');
    this.shoppers = new Shoppers({
      plan,
      stock,
      agenda,
      random: random('shoppers'),
      demandFactor: (gtin, day, hour) => this.scenario.demandFactor(gtin, day, hour),
      scanned: ({ gtin }) => {
        this.#erp.book(gtin, -1);
        const till = plan.tills[tills.integer(plan.tills.length)] ?? '';
        this.#hear({ kind: 'sold', gtin, till });
      },
    });
    const openingBinPieces = (product: PlannedProduct) =>
      openingBackroomPieces(product, openingBackroomDays);
    const context = { plan, seed: options.seed, nowMs, openingBinPieces, openingBackroomDays };
    this.policy = options.policy(context, this);
    this.sensors = this.#makeSensors();
    this.#sensorFaults = this.#makeSensorFaults(this.sensors);
    this.crew = new Crew({
      plan,
      stock,
      dock: this.dock,
      desk: this.desk,
      agenda,
      random: random('crew'),
      next: (personRef) => this.policy.next(personRef),
      told: (report, personRef) => this.#told(report, personRef),
      repairSensor: (slotId) => this.#sensorFaults.repair(slotId),
      misplaced: (slotId, gtin, pieces) =>
        this.#causeByChance('misplaced', {
          subjects: [slotId],
          group: [],
          story: `${pieces} of ${gtin} put on ${slotId}`,
        }),
    });
  }

  /** Enters everything that will happen, and the first people at work. */
  start(): void {
    const { agenda, plan } = this;
    this.scenario.plantPromotions();
    this.#orderTrucks(1);
    for (let day = 1; day <= this.#options.days; day += 1) {
      this.shoppers.planDay(instantOf(day, 0), day - 1);
      this.desk.planDay(day);
      agenda.at(instantOf(day, world.orderHour), () => this.#orderTrucks(day + 1));
    }
    for (const promotion of this.scenario.promotions) {
      if (!promotion.isAnnounced) continue;
      const { day, gtins } = promotion;
      agenda.at(instantOf(day - 1, promotionToldHour), () =>
        this.#hear({
          kind: 'promotion-announced',
          gtins: [...gtins],
          factor: promotionFactor,
          fromMs: instantOf(day, promotionFromHour),
          toMs: instantOf(day, world.closesHour),
        }),
      );
    }
    agenda.at(instantOf(discrepancyDay, discrepancyHour), () => this.#plantDiscrepancies());
    this.sensors.start();
    this.#sensorFaults.plan();
    this.crew.start(plan.crew);
    if (this.policy.minute) this.#passMinutes();
  }

  #passMinutes(): void {
    this.agenda.after(minuteMs, () => {
      this.policy.minute?.();
      this.#checkRaised();
      this.#passMinutes();
    });
  }

  /** Mean demand of the coming hours, promotions included; what no store knows exactly. */
  demandAhead(product: PlannedProduct, hours: number): number {
    const { agenda } = this;
    let pieces = 0;
    let left = hours;
    for (let atMs = agenda.nowMs; left > 0; ) {
      const hour = Math.floor(hourOf(atMs));
      const part = Math.min(left, hour + 1 - hourOf(atMs));
      if (hour >= world.opensHour && hour < world.closesHour) {
        const factor = this.scenario.demandFactor(product.gtin, dayIndexOf(atMs), hour);
        pieces += part * factor * (product.piecesPerHour[hour] ?? 0);
      }
      left -= part;
      atMs += Math.max(1, Math.ceil(part * 3_600_000));
    }
    return pieces;
  }

  #makeSensors(): Sensors {
    return new Sensors({
      plan: this.plan,
      stock: this.stock,
      agenda: this.agenda,
      random: this.#random.stream('sensors'),
      session: `run-${this.#options.seed}`,
      restingBeats,
      ...(this.policy.hearsSensors
        ? { publish: (reading) => this.#hear({ kind: 'reading', reading }) }
        : {}),
    });
  }

  #makeSensorFaults(sensors: Sensors): SensorFaults {
    return new SensorFaults({
      plan: this.plan,
      sensors,
      agenda: this.agenda,
      random: this.#random.stream('sensor-faults'),
      scenario: this.scenario,
      days: this.#options.days,
      deviceState: (deviceId, online) => this.#hear({ kind: 'device-state', deviceId, online }),
    });
  }

  #hear(news: News): void {
    this.policy.hear(news);
    this.#checkRaised();
  }

  #noteWrongReceipt({ line, countedPieces }: Extract<Report, { kind: 'received' }>): void {
    const came = this.dock.lines.get(line.lineId);
    if (!came || came.truePieces - came.damagedPieces === countedPieces) return;
    this.#causeByChance('receipt-wrong', {
      subjects: [line.lineId, line.gtin],
      group: [line.truckId],
      story: `${came.product.name} of ${line.truckId} counted as ${countedPieces}`,
    });
  }

  /** Thieves and tills make records wrong all day: who says so at the right product is right. */
  #checkRaised(): void {
    const raised = this.policy.raised?.() ?? [];
    for (; this.#checked < raised.length; this.#checked += 1) {
      const one = raised[this.#checked];
      if (!one || !exceptionMeaning(one.type)?.includes('record-wrong')) continue;
      for (const gtin of one.subjects) {
        // A count has put the record right by now: what matters is what it said before.
        const { record, truth } =
          this.#before.gtin === gtin ? this.#before : this.#comparison(gtin);
        if (record === null || truth === null || record === truth) continue;
        const story = `the record of ${gtin} says ${record}, there are ${truth}`;
        this.#causeByChance('record-wrong', { subjects: [gtin], group: [], story });
      }
    }
  }

  #comparison(gtin: string): Comparison {
    return { gtin, record: this.policy.recordOf?.(gtin) ?? null, truth: this.piecesOf(gtin) };
  }

  #noteRecord(report: Report): void {
    if (report.kind === 'refilled') this.#before = this.#comparison(report.stop.gtin);
    else if (report.kind === 'counted-bin') this.#before = this.#comparison(report.gtin);
    else this.#before = nothingCompared;
  }

  #causeByChance(
    kind: CauseKind,
    { subjects, group, story }: Pick<Cause, 'subjects' | 'group' | 'story'>,
  ): void {
    const atMs = this.agenda.nowMs;
    const untilMs = atMs + dayMs;
    this.scenario.causes.push({ kind, subjects, group, atMs, untilMs, isPlanted: false, story });
  }

  /** True pieces in slots and bins and at the dock; null for what is no product of the store. */
  piecesOf(gtin: string): number | null {
    const slots = this.#slotsOf.get(gtin);
    if (!slots) return null;
    const { stock } = this;
    const onShelf = slots.reduce((sum, { slotId }) => sum + stock.inSlot(slotId), 0);
    return onShelf + stock.inBackroom(gtin) + this.dock.standing(gtin);
  }

  #told(report: Report, personRef: string): void {
    if (report.kind === 'received') {
      const { gtin, announcedPieces } = report.line;
      this.#erp.book(gtin, report.countedPieces);
      this.#erp.closeOrder(gtin, announcedPieces);
      this.#noteWrongReceipt(report);
    }
    this.#noteRecord(report);
    this.policy.told(report, personRef);
    this.#checkRaised();
  }

  /** Orders, loads and announces the trucks of a day. */
  #orderTrucks(day: number): void {
    const { plan, agenda, scenario } = this;
    const trucks = trucksOf(plan, day);
    const carrier = carrierOf(trucks);
    const carried = carrier
      ? this.desk.planCarried(day, carrier.truckId, carrier.dueAtMs, agenda.nowMs)
      : [];
    const orders = this.#erp.order(
      (gtin) => this.policy.recordOf?.(gtin) ?? this.#erp.recordOf(gtin),
      (product) => scenario.expectedExtra(product, day),
    );
    loadTrucks(plan, trucks, orders, carried);
    for (const { lines } of carried) {
      for (const { gtin } of lines) {
        const product = plan.products.find((one) => one.gtin === gtin);
        this.#erp.addOrder(gtin, product?.casePackPieces ?? 0);
      }
    }
    for (const truck of trucks) this.#send(truck, day);
  }

  #send(truck: Truck, day: number): void {
    const { agenda, scenario } = this;
    const { truckId, dueAtMs } = truck;
    const note = (text: string) => this.notes.push({ atMs: agenda.nowMs, text });
    const lines = truck.lines.map(({ line }) => line);
    scenario.load(truck, day);
    const toldAtMs = scenario.delay(truck, day);
    this.#hear({ kind: 'truck-announced', truckId, dueAtMs, lines });
    if (toldAtMs !== null) {
      const expectedAtMs = truck.arrivesAtMs;
      agenda.at(toldAtMs, () => {
        note(`told: ${truckId} will come at ${dayClockText(expectedAtMs)}`);
        this.#hear({ kind: 'truck-delayed', truckId, dueAtMs: expectedAtMs });
      });
    }
    agenda.at(truck.arrivesAtMs, () => {
      this.dock.arrive(truck);
      note(`${truckId} comes with ${lines.length} lines`);
      this.#hear({ kind: 'truck-arrived', truckId, lines });
    });
  }

  #plantDiscrepancies(): void {
    const { scenario, stock, agenda, plan } = this;
    const bins = [...new Set(plan.products.map(({ binId }) => binId))];
    const cases = ({ gtin, binId, casePackPieces }: PlannedProduct) =>
      Math.floor(stock.inBin(gtin, binId) / casePackPieces);
    for (const planted of scenario.discrepancies(cases)) {
      const { kind, product } = planted;
      const { gtin, binId, casePackPieces } = product;
      let place = binId;
      if (kind === 'record-too-high') stock.vanish(gtin, binId, planted.cases * casePackPieces);
      if (kind === 'record-too-low') stock.appear(gtin, binId, planted.cases * casePackPieces);
      if (kind === 'wrong-bin') {
        place = bins[(bins.indexOf(binId) + 7) % bins.length] ?? binId;
        const pieces = stock.takeFromBin(gtin, binId, stock.inBin(gtin, binId));
        stock.putInBin(gtin, place, pieces);
      }
      scenario.plantDiscrepancy(planted, place, agenda.nowMs);
    }
  }
}

/** What the ERP believes at the opening: full slots and some days of goods behind them. */
function openingPieces(plan: StorePlan): (product: PlannedProduct) => number {
  const onShelf = new Map<string, number>();
  for (const { product, capacityPieces } of plan.slots) {
    onShelf.set(product.gtin, (onShelf.get(product.gtin) ?? 0) + capacityPieces);
  }
  return (product) =>
    (onShelf.get(product.gtin) ?? 0) + openingBackroomPieces(product, openingBackroomDays);
}
