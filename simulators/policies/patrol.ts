/**
 * Policy `patrol`: every two hours somebody looks at every slot and refills what is below half of par;
 * the last round comes at closing. Customers' orders and cold goods go first; one of the crew works
 * at the dock before going on a round, the others after it.
 */
import { dayIndexOf, hourOf } from '../kernel/day-clock.ts';
import { world } from '../store/reference-store.ts';
import type { PlannedSlot } from '../store/store-plan.ts';
import type { RefillStop, Report, Work } from '../store/work.ts';
import { DockWork } from './dock-work.ts';
import { nextWalk, recordedSources } from './nightly.ts';
import { certain, type News, type Policy, type PolicyContext, type SlotGuess } from './policy.ts';
import { TillRecord } from './till-record.ts';

const roundHours = 2;
const belowShare = 0.5;

export class Patrol implements Policy {
  readonly name = 'patrol';
  readonly hearsSensors = false;
  readonly digest = '';
  readonly #context: PolicyContext;
  readonly #record: TillRecord;
  readonly #dock: DockWork;
  /** Fixtures that are still to be looked at in this round. */
  #fixtures: string[][] = [];
  #round = -1;
  readonly #slotById: ReadonlyMap<string, PlannedSlot>;
  readonly #waiting = new Map<string, RefillStop>();

  constructor(context: PolicyContext) {
    this.#context = context;
    this.#record = new TillRecord(context.plan, context.openingBinPieces);
    this.#dock = new DockWork(context.plan, context.nowMs);
    this.#slotById = new Map(context.plan.slots.map((slot) => [slot.slotId, slot]));
  }

  next(personRef: string): Work | null {
    this.#beginRound();
    const pick = this.#dock.nextPick(
      (order) => this.#dock.isAtHand(order),
      (order) => recordedSources(order, this.#record, (gtin) => this.#productOf(gtin)?.binId ?? ''),
    );
    const pressing = () => (this.#dock.isPressing() ? this.#dock.nextDock() : null);
    const round = () => this.#refill(world.cartCases) ?? this.#look() ?? this.#refill(0);
    const dock = () => this.#dock.nextDock();
    const isDockFirst = personRef === this.#context.plan.crew[0];
    return pick ?? pressing() ?? (isDockFirst ? (dock() ?? round()) : (round() ?? dock()));
  }

  hear(news: News): void {
    this.#record.hear(news);
    this.#dock.hear(news);
  }

  told(report: Report): void {
    this.#record.told(report);
    this.#dock.told(report);
    if (report.kind === 'looked') this.#seen(report.slotId, report.pieces);
  }

  guess(slotId: string): SlotGuess {
    return certain(this.#record.shelf(slotId));
  }

  #productOf(gtin: string) {
    return this.#record.slotsOf(gtin)[0]?.product;
  }

  #beginRound(): void {
    const nowMs = this.#context.nowMs();
    const hour = hourOf(nowMs);
    if (hour < world.opensHour || hour > world.closesHour + 1) return;
    const roundOfDay = Math.floor((hour - world.opensHour) / roundHours);
    const round = dayIndexOf(nowMs) * 100 + roundOfDay;
    if (round === this.#round) return;
    this.#round = round;
    const byFixture = new Map<string, string[]>();
    for (const { fixtureId, slotId } of this.#context.plan.slots) {
      const slots = byFixture.get(fixtureId);
      if (slots) slots.push(slotId);
      else byFixture.set(fixtureId, [slotId]);
    }
    this.#fixtures = [...byFixture.values()];
  }

  #look(): Work | null {
    const slotIds = this.#fixtures.shift();
    return slotIds ? { kind: 'look', slotIds } : null;
  }

  #seen(slotId: string, pieces: number): void {
    const slot = this.#slotById.get(slotId);
    if (!slot || pieces >= slot.capacityPieces * belowShare) return;
    const { gtin, binId } = slot.product;
    if (this.#record.bin(gtin) <= 0) return;
    this.#waiting.set(slotId, { slotId, gtin, binId, pieces: slot.capacityPieces - pieces });
  }

  /** What was seen below half of par, once it makes so many cases. */
  #refill(casesAtLeast: number): Work | null {
    const list = [...this.#waiting.values()];
    const packOf = (gtin: string) => this.#productOf(gtin)?.casePackPieces ?? 1;
    const cases = list.reduce((sum, { gtin, pieces }) => sum + Math.ceil(pieces / packOf(gtin)), 0);
    if (cases < casesAtLeast) return null;
    const work = nextWalk(list, packOf);
    if (work?.kind === 'refill') for (const { slotId } of work.stops) this.#waiting.delete(slotId);
    return work;
  }
}
