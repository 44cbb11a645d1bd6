/**
 * Shelf sensors: what a plate, a distance sensor or an RFID zone would publish of a slot, with the
 * noise of its kind. A sensor speaks after a change, at most every five seconds, and every five
 * minutes to show that it lives.
 */
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { type Reading, ReadingSchema } from '@stockhand/proto/device/v1alpha/reading_pb.js';
import type { Agenda } from '../kernel/agenda.ts';
import { drawNormal, isDrawn } from '../kernel/distributions.ts';
import type { RandomStream } from '../kernel/random.ts';
import { emptyPlateMilligrams, emptySlotMillimetres } from './master-data.ts';
import { world } from './reference-store.ts';
import { sgtin96 } from './rfid-tag.ts';
import type { PlannedSlot, StorePlan } from './store-plan.ts';
import type { TrueStock } from './true-stock.ts';

export interface SensorsOptions {
  plan: StorePlan;
  stock: TrueStock;
  agenda: Agenda;
  random: RandomStream;
  /** Names this start of the sensors: their counters begin again with it. */
  session: string;
  /** The devices' own clock; virtual time unless the simulator runs beside a live agent. */
  deviceTimeMs?(): number;
  publish(reading: Reading): void;
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
}

export class Sensors {
  readonly #options: SensorsOptions;
  readonly #sensors = new Map<string, Sensor>();

  constructor(options: SensorsOptions) {
    this.#options = options;
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
      });
    }
    options.stock.onChange((slot, pieces) => this.#changed(slot, pieces));
  }

  /** Every sensor speaks once, spread over the heartbeat, and goes on. */
  start(): void {
    for (const sensor of this.#sensors.values()) {
      const delayMs = sensor.random.integer(world.heartbeatMs);
      this.#options.agenda.after(delayMs, () => this.#beat(sensor));
    }
  }

  #beat(sensor: Sensor): void {
    if (this.#options.agenda.nowMs - sensor.saidAtMs >= world.heartbeatMs) this.#say(sensor);
    this.#options.agenda.after(world.heartbeatMs, () => this.#beat(sensor));
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
    sensor.sequence += 1n;
    publish(
      create(ReadingSchema, {
        deviceId: sensor.slot.deviceId,
        session,
        sequence: sensor.sequence,
        observedAt: timestampFromMs(this.#options.deviceTimeMs?.() ?? agenda.nowMs),
        value: this.#measure(sensor),
      }),
    );
  }

  #measure(sensor: Sensor) {
    const { slot, random, weightDeviationGrams } = sensor;
    const pieces = this.#options.stock.inSlot(slot.slotId);
    if (slot.sensor === 'plate') {
      const goods = pieces * slot.product.unitWeightGrams + weightDeviationGrams;
      const grams = emptyPlateMilligrams / 1_000 + goods;
      const noise = world.weightNoiseGrams + world.weightNoiseShare * Math.abs(goods);
      const value = (drawNormal(random, grams, noise) / 1_000).toFixed(3);
      return { case: 'weight' as const, value: { value, unit: 'kg', stable: true } };
    }
    if (slot.sensor === 'distance') {
      const distance = emptySlotMillimetres - pieces * slot.product.unitDepthMillimetres;
      const value = drawNormal(random, distance, world.distanceNoiseMillimetres).toFixed(1);
      return { case: 'distance' as const, value: { value, unit: 'mm' } };
    }
    const epcs: string[] = [];
    for (let serial = 1; serial <= pieces; serial += 1) {
      if (isDrawn(random, world.rfidReadRate)) epcs.push(sgtin96(slot.product.gtin, serial));
    }
    return { case: 'tagReads' as const, value: { epcs } };
  }
}
