/**
 * Staff who do what the agent asks: take the most urgent task, walk to the bin and to the slot, place
 * what fits, and say so. They see the tasks and the goods in their hands, nothing else of the truth.
 */
import type { Agenda } from '../kernel/agenda.ts';
import { world } from './reference-store.ts';
import { type StorePlan, walkMetres } from './store-plan.ts';
import type { TrueStock } from './true-stock.ts';

/** A refill as a person sees it on the kiosk. */
export interface RefillTask {
  taskId: string;
  version: number;
  slotId: string;
  gtin: string;
  fromPlaceId: string;
  pieces: number;
}

/** What the agent says: false when it refuses (someone was quicker, say). */
export type KioskAnswer = (accepted: boolean) => void;

/** The kiosk, as staff use it. A headless agent answers within the call, a live one when it can. */
export interface Kiosk {
  nextRefill(personRef: string): RefillTask | null;
  claim(personRef: string, task: RefillTask, answer: KioskAnswer): void;
  start(personRef: string, task: RefillTask, answer: KioskAnswer): void;
  complete(
    personRef: string,
    task: RefillTask,
    placedPieces: number,
    scan: string,
    answer: KioskAnswer,
  ): void;
}

export interface StaffOptions {
  plan: StorePlan;
  stock: TrueStock;
  agenda: Agenda;
  kiosk: Kiosk;
  /** By reference, as master data names them. */
  people: readonly string[];
  /** Whether the shift is on at this virtual time. */
  isOnShift(atMs: number): boolean;
}

export interface StaffEffort {
  walkMetres: number;
  workSeconds: number;
  refills: number;
}

/** How often someone who has nothing to do looks at the kiosk. */
const lookAgainMs = 20_000;

export class Staff {
  readonly effort: StaffEffort = { walkMetres: 0, workSeconds: 0, refills: 0 };
  readonly #options: StaffOptions;
  readonly #placeOf = new Map<string, string>();
  readonly #fixtureOf: ReadonlyMap<string, string>;
  readonly #casePackOf: ReadonlyMap<string, number>;

  constructor(options: StaffOptions) {
    this.#options = options;
    const { plan } = options;
    this.#fixtureOf = new Map(plan.slots.map((slot) => [slot.slotId, slot.fixtureId]));
    this.#casePackOf = new Map(plan.products.map((one) => [one.gtin, one.casePackPieces]));
  }

  start(): void {
    const { people, agenda } = this.#options;
    people.forEach((personRef, index) => {
      this.#placeOf.set(personRef, 'bin-001');
      agenda.after(index * 1_000, () => this.#look(personRef));
    });
  }

  #look(personRef: string): void {
    const { agenda, kiosk, isOnShift } = this.#options;
    const lookAgain = () => agenda.after(lookAgainMs, () => this.#look(personRef));
    const task = isOnShift(agenda.nowMs) ? kiosk.nextRefill(personRef) : null;
    if (!task) {
      lookAgain();
      return;
    }
    kiosk.claim(personRef, task, (isMine) => {
      if (!isMine) {
        lookAgain();
        return;
      }
      kiosk.start(personRef, task, (isStarted) => {
        if (isStarted) this.#refill(personRef, task);
        else lookAgain();
      });
    });
  }

  #refill(personRef: string, task: RefillTask): void {
    const { plan, stock, agenda, kiosk } = this.#options;
    const fixtureId = this.#fixtureOf.get(task.slotId) ?? '';
    const toBin = walkMetres(plan, this.#placeOf.get(personRef) ?? '', task.fromPlaceId);
    const metres = toBin + walkMetres(plan, task.fromPlaceId, fixtureId);
    const cases = Math.ceil(task.pieces / (this.#casePackOf.get(task.gtin) ?? 1));
    const toShelfSeconds = metres / world.walkMetresPerSecond + cases * world.takeCaseSeconds;
    this.#spend(metres, toShelfSeconds);
    agenda.after(this.#elapsedMs(toShelfSeconds), () => {
      const placed = stock.refill(task.slotId, task.pieces);
      const stockingSeconds = world.scanSeconds + placed * world.stockPieceSeconds;
      this.#spend(0, stockingSeconds);
      this.#placeOf.set(personRef, fixtureId);
      agenda.after(this.#elapsedMs(stockingSeconds), () => {
        kiosk.complete(personRef, task, placed, task.gtin, (isDone) => {
          if (isDone) this.effort.refills += 1;
          this.#look(personRef);
        });
      });
    });
  }

  #spend(metres: number, seconds: number): void {
    this.effort.walkMetres += metres;
    this.effort.workSeconds += seconds;
  }

  /** Part of a shift goes to customers and the till, so work takes longer than its minutes. */
  #elapsedMs(workSeconds: number): number {
    return Math.round((workSeconds * 1_000) / world.workShare);
  }
}
