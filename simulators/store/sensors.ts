/**
 * Shelf sensors: what a plate, a distance sensor or an RFID zone would publish of a slot, with the
 * noise of its kind. A sensor speaks after a change, at most every five seconds, and every five
 * minutes to show that it lives.
 */
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  DistanceSchema,
  type Reading,
  ReadingSchema,
  TagReadsSchema,
  WeightSchema,
} from '@stockhand/proto/device/v1alpha/reading_pb.js';
import type { Agenda } from '../kernel/agenda.ts';
import { dayMs, hourMs } from '../kernel/day-clock.ts';
import { drawNormal, isDrawn } from '../kernel/distributions.ts';
import type { RandomStream } from '../kernel/random.ts';
import { emptyPlateMilligrams, emptySlotMillimetres } from './master-data.ts';
import { world } from './reference-store.ts';
import { sgtin96 } from './rfid-tag.ts';
import type { PlannedProduct, PlannedSlot, StorePlan } from './store-plan.ts';
import type { TrueStock } from './true-stock.ts';

/** What a sensor can have. */
export type SensorFault =
  /** Says the same as when it began. */
  | { kind: 'stuck' }
  | { kind: 'dead' }
  | { kind: 'noisy' }
  /** Says more each hour, by this part of a piece. */
  | { kind: 'drifting'; piecesPerHour: number }
  /** Sees another slot. */
  | { kind: 'swapped'; withSlotId: string }
  /** The pieces weigh so many times what master data says. */
  | { kind: 'unit-weight'; factor: number };

const noisyFactor = 20;
const noisyReadRate = 0.5;

export interface SensorsOptions {
  plan: StorePlan;
  stock: TrueStock;
  agenda: Agenda;
  random: RandomStream;
  /** Names this start of the sensors: their counters begin again with it. */
  session: string;
  /** The devices' own clock; virtual time unless the simulator runs beside a live agent. */
  deviceTimeMs?(): number;
  /**
   * A sensor at rest says only each so many heartbeats (default 1). At rest: nothing came or went since
   * its last word, and nothing is wrong with it. The agent makes no event of such a heartbeat.
   */
  restingBeats?: number;
  /** Without it nobody listens and nothing is measured; faults are still known. */
  publish?(reading: Reading): void;
}

interface Sensor {
  slot: PlannedSlot;
  random: RandomStream;
  /** Sum of what the true pieces deviate from the mean unit weight. */
  weightDeviationGrams: number;
  lastPieces: number;
  sequence: bigint;
  saidAtMs: number;
  isDue: boolean;
  /** Number of the beat that counts: a fault begins another. */
  beat: number;
  fault: SensorFault | null;
  faultSinceMs: number;
  /** What a stuck sensor repeats. */
  lastValue: Reading['value'] | null;
  /** Share of the load that it says too much, each day; almost always 0. */
  driftPerDay: number;
}

export class Sensors {
  readonly #options: SensorsOptions;
  readonly #sensors = new Map<string, Sensor>();
  readonly #productOf: ReadonlyMap<string, PlannedProduct>;
  readonly #startedAtMs: number;

  constructor(options: SensorsOptions) {
    this.#options = options;
    this.#startedAtMs = options.agenda.nowMs;
    this.#productOf = new Map(options.plan.products.map((one) => [one.gtin, one]));
    for (const slot of options.plan.slots) {
      if (slot.sensor === null) continue;
      this.#sensors.set(slot.slotId, {
        slot,
        random: options.random.stream(slot.slotId),
        weightDeviationGrams: 0,
        lastPieces: options.stock.inSlot(slot.slotId),
        sequence: 0n,
        saidAtMs: Number.NEGATIVE_INFINITY,
        isDue: false,
        beat: 0,
        fault: null,
        faultSinceMs: 0,
        lastValue: null,
        driftPerDay: slot.sensor === 'plate' ? drawDrift(options.random.stream(slot.deviceId)) : 0,
      });
    }
    if (options.publish) options.stock.onChange((slot, pieces) => this.#changed(slot, pieces));
  }

  /** Every sensor speaks once, spread over the heartbeat, and goes on. */
  start(): void {
    if (!this.#options.publish) return;
    for (const sensor of this.#sensors.values()) {
      const delayMs = sensor.random.integer(world.heartbeatMs);
      this.#options.agenda.after(delayMs, () => this.#beat(sensor, sensor.beat));
    }
  }

  /** Slots with a sensor, in the order of the plan. */
  get slotIds(): string[] {
    return [...this.#sensors.keys()];
  }

  /** Slots whose plate says more or less than its load, by so much of it a day. */
  get drifts(): { slotId: string; sharePerDay: number }[] {
    return [...this.#sensors]
      .filter(([, { driftPerDay }]) => driftPerDay !== 0)
      .map(([slotId, { driftPerDay }]) => ({ slotId, sharePerDay: driftPerDay }));
  }

  faultOf(slotId: string): SensorFault | null {
    return this.#sensors.get(slotId)?.fault ?? null;
  }

  break(slotId: string, fault: SensorFault): void {
    const sensor = this.#sensors.get(slotId);
    if (!sensor) return;
    sensor.fault = fault;
    sensor.faultSinceMs = this.#options.agenda.nowMs;
    // Its next beat may be an hour away, as that of one at rest.
    const { agenda, publish } = this.#options;
    if (publish) agenda.after(world.heartbeatMs, () => this.#beat(sensor, this.#newBeat(sensor)));
  }

  /** Set right and weighed anew; answers whether something was wrong with it. */
  repair(slotId: string): boolean {
    const sensor = this.#sensors.get(slotId);
    if (!sensor) return false;
    const wasBroken = sensor.fault !== null || sensor.driftPerDay !== 0;
    sensor.fault = null;
    sensor.driftPerDay = 0;
    if (wasBroken && this.#options.publish) this.#say(sensor);
    return wasBroken;
  }

  #newBeat(sensor: Sensor): number {
    sensor.beat += 1;
    return sensor.beat;
  }

  /** Speaks when it has been silent for long enough, and looks again when that can be so next. */
  #beat(sensor: Sensor, beat: number): void {
    if (beat !== sensor.beat) return;
    const { agenda, restingBeats = 1 } = this.#options;
    const isAtRest = !sensor.isDue && sensor.fault === null && sensor.driftPerDay === 0;
    const wanted = world.heartbeatMs * (isAtRest ? restingBeats : 1);
    if (agenda.nowMs - sensor.saidAtMs >= wanted) this.#say(sensor);
    const beats = Math.ceil((sensor.saidAtMs + wanted - agenda.nowMs) / world.heartbeatMs);
    agenda.after(Math.max(1, beats) * world.heartbeatMs, () => this.#beat(sensor, beat));
  }

  #changed(slot: PlannedSlot, pieces: number): void {
    const sensor = this.#sensors.get(slot.slotId);
    if (!sensor) return;
    this.#weigh(sensor, pieces);
    if (sensor.isDue) return;
    sensor.isDue = true;
    const { agenda } = this.#options;
    agenda.at(sensor.saidAtMs + world.sensorIntervalMs, () => this.#say(sensor));
  }

  /** Pieces that come bring their own deviation; pieces that go take their share of it. */
  #weigh(sensor: Sensor, pieces: number): void {
    const spread = world.unitWeightSpread * sensor.slot.product.unitWeightGrams;
    for (let count = sensor.lastPieces; count < pieces; count += 1) {
      sensor.weightDeviationGrams += drawNormal(sensor.random, 0, spread);
    }
    if (pieces < sensor.lastPieces) {
      sensor.weightDeviationGrams *= sensor.lastPieces === 0 ? 0 : pieces / sensor.lastPieces;
    }
    sensor.lastPieces = pieces;
  }

  #say(sensor: Sensor): void {
    const { agenda, session, publish } = this.#options;
    sensor.isDue = false;
    sensor.saidAtMs = agenda.nowMs;
    if (sensor.fault?.kind === 'dead') return;
    const isStuck = sensor.fault?.kind === 'stuck' && sensor.lastValue !== null;
    const value = isStuck && sensor.lastValue ? sensor.lastValue : this.#measure(sensor);
    sensor.lastValue = value;
    sensor.sequence += 1n;
    const observedAt = timestampFromMs(this.#options.deviceTimeMs?.() ?? agenda.nowMs);
    const { sequence } = sensor;
    const { deviceId } = sensor.slot;
    publish?.(create(ReadingSchema, { deviceId, session, sequence, observedAt, value }));
  }

  #measure(sensor: Sensor): Reading['value'] {
    const { slot, random } = sensor;
    const noise = sensor.fault?.kind === 'noisy' ? noisyFactor : 1;
    if (slot.sensor === 'plate') {
      const goods = this.#goodsGrams(sensor);
      const grams = emptyPlateMilligrams / 1_000 + goods;
      const deviation = world.weightNoiseGrams + world.weightNoiseShare * Math.abs(goods);
      const value = (drawNormal(random, grams, noise * deviation) / 1_000).toFixed(3);
      return { case: 'weight', value: create(WeightSchema, { value, unit: 'kg', stable: true }) };
    }
    if (slot.sensor === 'distance') {
      const filled = this.#goods(sensor, ({ unitDepthMillimetres }) => unitDepthMillimetres);
      const deviation = noise * world.distanceNoiseMillimetres;
      const value = drawNormal(random, emptySlotMillimetres - filled, deviation).toFixed(1);
      return { case: 'distance', value: create(DistanceSchema, { value, unit: 'mm' }) };
    }
    const readRate = noise > 1 ? noisyReadRate : world.rfidReadRate;
    const epcs: string[] = [];
    const read = (gtin: string, pieces: number) => {
      for (let serial = 1; serial <= pieces; serial += 1) {
        if (isDrawn(random, readRate)) epcs.push(sgtin96(gtin, serial));
      }
    };
    read(slot.product.gtin, this.#options.stock.inSlot(slot.slotId));
    for (const [gtin, pieces] of this.#options.stock.foreignIn(slot.slotId)) read(gtin, pieces);
    return { case: 'tagReads', value: create(TagReadsSchema, { epcs }) };
  }

  /** What lies on the slot that the sensor sees, foreign goods among it, in the measure's unit. */
  #goods({ slot, fault }: Sensor, measure: (product: PlannedProduct) => number): number {
    const { stock, plan } = this.#options;
    const seenId = fault?.kind === 'swapped' ? fault.withSlotId : slot.slotId;
    const seen = seenId === slot.slotId ? slot : plan.slots.find((one) => one.slotId === seenId);
    let sum = stock.inSlot(seenId) * measure(seen?.product ?? slot.product);
    for (const [gtin, pieces] of stock.foreignIn(seenId)) {
      const product = this.#productOf.get(gtin);
      if (product) sum += pieces * measure(product);
    }
    return sum;
  }

  #goodsGrams(sensor: Sensor): number {
    const { slot, fault, driftPerDay, faultSinceMs } = sensor;
    const nowMs = this.#options.agenda.nowMs;
    const goods = this.#goods(sensor, ({ unitWeightGrams }) => unitWeightGrams);
    const deviation = fault?.kind === 'swapped' ? 0 : sensor.weightDeviationGrams;
    const drifted = 1 + (driftPerDay * (nowMs - this.#startedAtMs)) / dayMs;
    let grams = (goods + deviation) * drifted;
    if (fault?.kind === 'unit-weight') grams *= fault.factor;
    if (fault?.kind === 'drifting') {
      const hours = (nowMs - faultSinceMs) / hourMs;
      grams += hours * fault.piecesPerHour * slot.product.unitWeightGrams;
    }
    return grams;
  }
}

/** One plate in fifty drifts, by up to half a percent of its load each day. */
function drawDrift(random: RandomStream): number {
  if (!isDrawn(random, world.driftingPlateShare)) return 0;
  return (2 * random.fraction() - 1) * world.driftSharePerDay;
}
