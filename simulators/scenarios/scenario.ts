/**
 * The six scenarios: what each plants, from the seed of the run, into the same world. Days are counted
 * from 1.
 *
 * | name | planted |
 * |---|---|
 * | normal | nothing |
 * | promo-spike | 12 products × 4 demand from 10:00 on day 3, 8, 12; the third is not announced |
 * | late-delivery | the 11:00 truck comes at 16:30 on day 4 (told at 11:40) and day 9 (never told) |
 * | backroom-discrepancy | day 2: 20 records too high by 1–3 cases, 10 in a wrong bin, 10 too low |
 * | short-shipment | day 5 and 10: 15 % of lines short by half or more, 3 % over, 2 % damaged |
 * | lying-sensor | day 3: 3 plates stuck, 2 drifting, 2 swapped, 1 with a wrong unit weight |
 */
import { dayMs, hourMs, instantOf, minuteMs } from '../kernel/day-clock.ts';
import type { RandomStream } from '../kernel/random.ts';
import type { LoadedLine, Truck } from '../store/dock.ts';
import { world } from '../store/reference-store.ts';
import type { PlannedProduct, StorePlan } from '../store/store-plan.ts';
import type { Cause, CauseKind } from './cause.ts';

export const scenarioNames = [
  'normal',
  'promo-spike',
  'late-delivery',
  'backroom-discrepancy',
  'short-shipment',
  'lying-sensor',
] as const;
export type ScenarioName = (typeof scenarioNames)[number];

export interface Promotion {
  day: number;
  gtins: ReadonlySet<string>;
  isAnnounced: boolean;
}

const promotionDays = [3, 8, 12];
const promotionProducts = 12;
export const promotionFactor = 4;
export const promotionFromHour = 10;
/** Announced the evening before, early enough for the truck orders. */
export const promotionToldHour = 18;
const promotionFoundWithinMs = (world.closesHour + 1 - promotionFromHour) * hourMs;

const lateDays = [4, 9];
const lateUntilHour = 16.5;
const lateToldAfterMs = 40 * minuteMs;

export const discrepancyDay = 2;
export const discrepancyHour = 5;
const discrepancies = { tooHigh: 20, wrongBin: 10, tooLow: 10 };
const discrepancyFoundWithinMs = 2 * dayMs;

export const lyingDay = 3;

const shortDays = [5, 10];
const shortShare = 0.15;
const overShare = 0.03;
const damagedShare = 0.02;
const lineFoundWithinMs = 4 * hourMs;

/** Days on which a scenario plants something, from 1. */
export const plantedDays: Readonly<Record<ScenarioName, readonly number[]>> = {
  normal: [],
  'promo-spike': promotionDays,
  'late-delivery': lateDays,
  'backroom-discrepancy': [discrepancyDay],
  'short-shipment': shortDays,
  'lying-sensor': [lyingDay],
};

export class Scenario {
  readonly name: ScenarioName;
  readonly causes: Cause[] = [];
  readonly promotions: readonly Promotion[];
  readonly #random: RandomStream;
  readonly #plan: StorePlan;

  constructor(name: ScenarioName, plan: StorePlan, random: RandomStream) {
    this.name = name;
    this.#plan = plan;
    this.#random = random;
    this.promotions = name === 'promo-spike' ? planPromotions(plan, random) : [];
  }

  /** @param day 0 for the first. */
  demandFactor(gtin: string, day: number, hour: number): number {
    const isOn = this.promotions.some(
      (one) => one.day === day + 1 && hour >= promotionFromHour && one.gtins.has(gtin),
    );
    return isOn ? promotionFactor : 1;
  }

  /** Pieces that an announced promotion of the day sells on top of the usual. */
  expectedExtra(product: PlannedProduct, day: number): number {
    const isOn = this.promotions.some(
      (one) => one.day === day && one.isAnnounced && one.gtins.has(product.gtin),
    );
    if (!isOn) return 0;
    const after = product.piecesPerHour.slice(promotionFromHour, world.closesHour);
    return (promotionFactor - 1) * after.reduce((sum, pieces) => sum + pieces, 0);
  }

  /** Promotions as causes: what was not announced is to be noticed by its sales. */
  plantPromotions(): void {
    for (const { day, gtins, isAnnounced } of this.promotions) {
      if (isAnnounced) continue;
      const atMs = instantOf(day, promotionFromHour);
      for (const gtin of gtins) {
        this.#cause(
          'promotion',
          { subjects: [gtin], group: [] },
          atMs,
          promotionFoundWithinMs,
          `${this.#nameOf(gtin)} sells four times as fast`,
        );
      }
    }
  }

  #nameOf(gtin: string): string {
    return this.#plan.products.find((product) => product.gtin === gtin)?.name ?? gtin;
  }

  /** Changes when a truck comes; answers when the store is told of it, if it is. */
  delay(truck: Truck, day: number): number | null {
    const isLate = this.name === 'late-delivery' && lateDays.includes(day);
    if (!isLate || truck.dueAtMs !== instantOf(day, 11) || !truck.truckId.endsWith('-11'))
      return null;
    truck.arrivesAtMs = instantOf(day, lateUntilHour);
    const { truckId, dueAtMs, arrivesAtMs } = truck;
    const story = `truck ${truckId} comes at 16:30 instead of 11:00`;
    this.#cause(
      'truck-late',
      { subjects: [truckId], group: [] },
      dueAtMs,
      arrivesAtMs - dueAtMs,
      story,
    );
    return day === lateDays[0] ? dueAtMs + lateToldAfterMs : null;
  }

  /** Changes what is really on a truck. */
  load(truck: Truck, day: number): void {
    if (this.name !== 'short-shipment' || !shortDays.includes(day)) return;
    for (const loaded of truck.lines) this.#spoil(loaded, truck);
  }

  /**
   * Draws the products whose records are to be wrong.
   *
   * @param cases whole cases of the product in its bin at this moment
   */
  discrepancies(cases: (product: PlannedProduct) => number): PlantedDiscrepancy[] {
    if (this.name !== 'backroom-discrepancy') return [];
    const random = this.#random.stream('discrepancies');
    const listed = new Set(this.#plan.slots.map(({ product }) => product));
    const order = drawOrder([...listed], random);
    const planted: PlantedDiscrepancy[] = [];
    const { tooHigh, wrongBin, tooLow } = discrepancies;
    for (const product of order) {
      const count = planted.length;
      if (count === tooHigh + wrongBin + tooLow) break;
      const amount = 1 + random.integer(3);
      const there = cases(product);
      if (count < tooHigh && there >= 1) {
        planted.push({ kind: 'record-too-high', product, cases: Math.min(amount, there) });
      } else if (count >= tooHigh && count < tooHigh + wrongBin && there >= 1) {
        planted.push({ kind: 'wrong-bin', product, cases: there });
      } else if (count >= tooHigh + wrongBin) {
        planted.push({ kind: 'record-too-low', product, cases: 1 + (amount % 2) });
      }
    }
    return planted;
  }

  plantDiscrepancy(planted: PlantedDiscrepancy, binId: string, atMs: number): void {
    const { kind, product, cases } = planted;
    const story = `${kind}: ${product.name}, ${cases} case(s), ${binId}`;
    this.#cause(
      kind,
      { subjects: [product.gtin], group: [binId] },
      atMs,
      discrepancyFoundWithinMs,
      story,
    );
  }

  #spoil(loaded: LoadedLine, truck: Truck): void {
    const { line, product } = loaded;
    const draws = this.#random.stream(line.lineId);
    const draw = draws.fraction();
    const cases = line.announcedPieces / product.casePackPieces;
    const names = { subjects: [line.lineId, line.gtin], group: [truck.truckId] };
    const plant = (kind: CauseKind, words: string) =>
      this.#cause(kind, names, truck.arrivesAtMs, lineFoundWithinMs, `${product.name} ${words}`);
    if (draw < shortShare) {
      const left = draws.integer(Math.floor(cases / 2) + 1);
      loaded.truePieces = left * product.casePackPieces;
      plant('line-short', `short: ${left} of ${cases} cases`);
    } else if (draw < shortShare + overShare) {
      loaded.truePieces = (cases + 1) * product.casePackPieces;
      plant('line-over', 'over by a case');
    } else if (draw < shortShare + overShare + damagedShare) {
      loaded.damagedPieces = Math.ceil(loaded.truePieces / 2);
      plant('line-damaged', `${loaded.damagedPieces} pieces damaged`);
    }
  }

  #cause(
    kind: CauseKind,
    names: Pick<Cause, 'subjects' | 'group'>,
    atMs: number,
    withinMs: number,
    story: string,
  ): void {
    this.causes.push({ kind, ...names, atMs, untilMs: atMs + withinMs, isPlanted: true, story });
  }
}

export interface PlantedDiscrepancy {
  kind: 'record-too-high' | 'wrong-bin' | 'record-too-low';
  product: PlannedProduct;
  cases: number;
}

/** All items in an order of chance. */
export function drawOrder<T>(items: readonly T[], random: RandomStream): T[] {
  return items
    .map((item) => ({ item, key: random.fraction() }))
    .sort((one, other) => one.key - other.key)
    .map(({ item }) => item);
}

function planPromotions(plan: StorePlan, random: RandomStream): Promotion[] {
  const listed = [...new Set(plan.slots.map(({ product }) => product.gtin))];
  return promotionDays.map((day, index) => {
    const order = drawOrder(listed, random.stream(`promotion/${day}`));
    const gtins = new Set(order.slice(0, promotionProducts));
    return { day, gtins, isAnnounced: index < 2 };
  });
}
