/**
 * Which sensors fail, and when. One in two hundred fails each day (stuck, dead or noisy) until somebody
 * checks it or the service comes; scenario `lying-sensor` breaks eight plates on day 3 for good.
 */
import type { Agenda } from '../kernel/agenda.ts';
import { dayMs, hourMs, instantOf } from '../kernel/day-clock.ts';
import { isDrawn } from '../kernel/distributions.ts';
import type { RandomStream } from '../kernel/random.ts';
import { world } from '../store/reference-store.ts';
import type { SensorFault, Sensors } from '../store/sensors.ts';
import type { PlannedSlot, StorePlan } from '../store/store-plan.ts';
import type { Cause } from './cause.ts';
import { drawOrder, lyingDay, type Scenario } from './scenario.ts';

const lyingHour = 9;
const planted = { stuck: 3, drifting: 2, swapped: 2, unitWeight: 1 };
/** Half a piece an hour: a case within a day. */
const driftPiecesPerHour = 0.5;
const wrongUnitWeight = 1.3;
/** Those that are planted must be named by then. */
const foundWithinMs = dayMs;
/** A broker notices that a device has gone. */
const goneAfterMs = 10 * 60_000;

export interface SensorFaultsOptions {
  plan: StorePlan;
  sensors: Sensors;
  agenda: Agenda;
  random: RandomStream;
  scenario: Scenario;
  days: number;
  deviceState(deviceId: string, online: boolean): void;
}

export class SensorFaults {
  readonly #options: SensorFaultsOptions;
  readonly #slotById: ReadonlyMap<string, PlannedSlot>;
  /** What the world broke, by slot: naming it is right as long as it lasts. */
  readonly #natural = new Map<string, Cause>();
  /** What the service does not come for. */
  readonly #lasting = new Set<string>();

  constructor(options: SensorFaultsOptions) {
    this.#options = options;
    this.#slotById = new Map(options.plan.slots.map((slot) => [slot.slotId, slot]));
  }

  /** Enters all failures of the run. */
  plan(): void {
    const { agenda, scenario, days } = this.#options;
    this.#nameDrifts();
    for (let day = 1; day <= days; day += 1) this.#planDay(day);
    if (scenario.name === 'lying-sensor') {
      agenda.at(instantOf(lyingDay, lyingHour), () => this.#plant());
    }
  }

  /** Plates that drift from the first day on are wrong until somebody sets them right. */
  #nameDrifts(): void {
    const { sensors, scenario, agenda, days } = this.#options;
    for (const { slotId, sharePerDay } of sensors.drifts) {
      const deviceId = this.#deviceOf(slotId);
      const cause: Cause = {
        kind: 'sensor',
        subjects: [deviceId, slotId],
        group: [],
        atMs: agenda.nowMs,
        untilMs: agenda.nowMs + days * dayMs,
        isPlanted: false,
        story: `${deviceId} drifts by ${(100 * sharePerDay).toFixed(2)} % of its load a day`,
      };
      this.#natural.set(slotId, cause);
      scenario.causes.push(cause);
    }
  }

  repair(slotId: string): boolean {
    const { sensors, agenda } = this.#options;
    const natural = this.#natural.get(slotId);
    if (natural !== undefined) natural.untilMs = agenda.nowMs;
    this.#natural.delete(slotId);
    const wasDead = sensors.faultOf(slotId)?.kind === 'dead';
    const wasBroken = sensors.repair(slotId);
    this.#lasting.delete(slotId);
    if (wasDead) this.#options.deviceState(this.#deviceOf(slotId), true);
    return wasBroken;
  }

  #planDay(day: number): void {
    const { agenda, sensors, random } = this.#options;
    const today = random.stream(`day/${day}`);
    for (const slotId of sensors.slotIds) {
      if (!isDrawn(today, world.sensorFailuresPerDay)) continue;
      const atMs = Math.floor(instantOf(day, today.fraction() * 24));
      const draw = today.integer(3);
      const kind = draw === 0 ? 'stuck' : draw === 1 ? 'dead' : 'noisy';
      agenda.at(atMs, () => this.#fail(slotId, { kind }));
    }
  }

  /** One of the world's own failures. */
  #fail(slotId: string, fault: SensorFault): void {
    const { agenda, sensors } = this.#options;
    if (sensors.faultOf(slotId)) return;
    this.#break(slotId, fault, false);
    agenda.after(world.sensorServiceHours * hourMs, () => {
      if (!this.#lasting.has(slotId)) this.repair(slotId);
    });
  }

  #break(slotId: string, fault: SensorFault, isPlanted: boolean): void {
    const { agenda, sensors, scenario, days } = this.#options;
    sensors.break(slotId, fault);
    if (isPlanted) this.#lasting.add(slotId);
    const deviceId = this.#deviceOf(slotId);
    const cause: Cause = {
      kind: 'sensor',
      subjects: [deviceId, slotId],
      group: [],
      atMs: agenda.nowMs,
      untilMs: agenda.nowMs + (isPlanted ? foundWithinMs : days * dayMs),
      isPlanted,
      story: `${deviceId} is ${fault.kind}`,
    };
    scenario.causes.push(cause);
    if (!isPlanted) this.#natural.set(slotId, cause);
    if (fault.kind !== 'dead') return;
    agenda.after(goneAfterMs, () => {
      if (sensors.faultOf(slotId)?.kind === 'dead') this.#options.deviceState(deviceId, false);
    });
  }

  #plant(): void {
    const { plan, random } = this.#options;
    const plates = plan.slots.filter(({ sensor }) => sensor === 'plate');
    const { stuck, drifting, swapped, unitWeight } = planted;
    const order = drawOrder(plates, random.stream('lying'));
    const take = (count: number) => order.splice(0, count);
    for (const { slotId } of take(stuck)) this.#break(slotId, { kind: 'stuck' }, true);
    for (const { slotId } of take(drifting)) {
      this.#break(slotId, { kind: 'drifting', piecesPerHour: driftPiecesPerHour }, true);
    }
    for (const { slotId } of take(unitWeight)) {
      this.#break(slotId, { kind: 'unit-weight', factor: wrongUnitWeight }, true);
    }
    for (let left = swapped; left >= 2; left -= 2) {
      const [one] = take(1);
      const other = order.find((slot) => slot.fixtureId === one?.fixtureId) ?? order[0];
      if (!one || !other) return;
      order.splice(order.indexOf(other), 1);
      this.#break(one.slotId, { kind: 'swapped', withSlotId: other.slotId }, true);
      this.#break(other.slotId, { kind: 'swapped', withSlotId: one.slotId }, true);
    }
  }

  #deviceOf(slotId: string): string {
    return this.#slotById.get(slotId)?.deviceId ?? '';
  }
}
