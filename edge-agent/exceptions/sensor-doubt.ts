/**
 * What follows when a shelf sensor and the others contradict each other again and again
 * (belief/witness.ts): the likeliest story, and the cheapest thing that settles it.
 *
 * | story | what follows |
 * |---|---|
 * | the plate sees every sale, and goods left that nobody bought | it is believed; the slot is counted, so that the record is right |
 * | a jump from a whole number of pieces to none, while nobody filled the slot | `misplaced-goods`: take them away; until then its word is not taken |
 * | it rose, and another plate fell at the same time, each to what the other showed before | `sensor-fault` of both: exchanged |
 * | it repeats itself to the digit, which it never used to (device-stillness.ts) | `sensor-fault`: it hangs |
 * | everything else | `sensor-fault`: somebody looks, with a known weight (tasks/sensor-check.ts); until then its word is not taken |
 *
 * Whoever looked says what it was, and the sensor is heard again. When what it weighs fits no better
 * afterwards, there was no jump any more, so the sensor itself is in doubt.
 *
 * Example: slot A3 is being filled; plate A2 beside it jumps from 9 jars to 17.4. Misplaced goods on A2.
 * Somebody takes a case of tea away and says so: A2 is heard again.
 */
import { ActorKind } from '@stockhand/proto/events/v1alpha/event_pb.js';
import {
  isExchange,
  isRise,
  judgeSensor,
  type SensorVerdict,
  type SensorWitness,
} from '../belief/witness.ts';
import type { DeviceKind, Slot } from '../catalogue/catalogue.ts';
import type { EventActor } from '../events/event.ts';
import type { Recorder } from '../events/recorder.ts';
import type { Outcome } from '../input.ts';
import type { State } from '../state.ts';
import type { ShelfRecord } from '../stock/shelf.ts';
import { askForSensorCheck, trustSensor } from '../tasks/sensor-check.ts';
import { isHeld } from '../tasks/task-book.ts';
import { askForCount } from '../tasks/task-creation.ts';
import { misplacedGoodsKey, sensorFaultKey } from './exception.ts';
import { raiseException } from './exception-book.ts';

const witnessActor: EventActor = { kind: ActorKind.RULE, id: 'witnesses', detail: '2' };

/** Between a case that lands on the wrong slot and the report of who placed it. */
const besideMs = 30 * 60_000;
/** Urgency of counting a slot from which goods are gone. */
const goneCountPpm = 300_000;

/**
 * How much more a sensor of a kind may contradict the till: a distance is off by a piece now and then, and
 * an RFID pass misses tags, so that what it did not see leave proves nothing.
 */
const patienceOf: Readonly<Partial<Record<DeviceKind, number>>> = {
  distance: 4,
  'rfid-zone': Number.POSITIVE_INFINITY,
};

/** What the witnesses say of a sensor of this kind; null while it may be believed. */
export function verdictOf(kind: DeviceKind, witness: SensorWitness): SensorVerdict | null {
  const patience = patienceOf[kind] ?? 1;
  return judgeSensor(witness, { patience, isExact: kind === 'weight-plate' });
}

/** Looks at the sensors of a slot that something was just learned of. */
export function doubtSensors(recorder: Recorder, slot: Slot, shelf: ShelfRecord): void {
  if (shelf.observedAtMs === 0) return;
  const { state } = recorder;
  for (const { deviceId, kind } of state.catalogue.shelfDevicesBySlot.get(slot.slotId) ?? []) {
    if (state.distrustedDevices.has(deviceId)) continue;
    const other = kind === 'weight-plate' ? exchangedWith(state, shelf) : undefined;
    if (other !== undefined) {
      tellExchanged(recorder, [slot.slotId, deviceId], other);
      continue;
    }
    const verdict = verdictOf(kind, shelf.witness);
    if (verdict === null) continue;
    const { evidence } = verdict;
    if (verdict.story === 'goods-gone') {
      const where = { gtin: slot.gtin, slotId: slot.slotId, placeId: '' };
      const why = `Sensor ${deviceId} is right with every sale, and ${evidence}.`;
      askForCount(recorder, where, goneCountPpm, why);
      continue;
    }
    if (verdict.story === 'wrong-product-or-unit-weight' && hasJumped(shelf)) {
      tellMisplaced(recorder, slot, deviceId, shelf);
    } else {
      tellFault(recorder, slot.slotId, deviceId, verdict);
    }
  }
}

/** Slot and plate that show since a rise of this one what it showed before; only risen ones look around. */
function exchangedWith(
  { shelves, catalogue, distrustedDevices }: Readonly<State>,
  { slotId, stockedAtMs, witness: { change } }: ShelfRecord,
): [slotId: string, deviceId: string] | undefined {
  if (change === null || !isRise(change)) return undefined;
  // Its goods came from whoever filled it, and the other's fall is chance.
  if (Math.abs(stockedAtMs - change.atMs) <= besideMs) return undefined;
  for (const { slotId: otherId, witness } of shelves.values()) {
    if (otherId === slotId || witness.change === null) continue;
    if (!isExchange(change, witness.change)) continue;
    for (const { deviceId, kind } of catalogue.shelfDevicesBySlot.get(otherId) ?? []) {
      if (kind === 'weight-plate' && !distrustedDevices.has(deviceId)) return [otherId, deviceId];
    }
  }
  return undefined;
}

function tellExchanged(
  recorder: Recorder,
  one: [slotId: string, deviceId: string],
  other: [slotId: string, deviceId: string],
): void {
  for (const [[slotId, deviceId], [otherSlotId, otherId]] of [
    [one, other],
    [other, one],
  ] as const) {
    const evidence = `it shows what ${otherId} on slot ${otherSlotId} showed before, and the other way round`;
    tellFault(recorder, slotId, deviceId, { story: 'swapped', evidence });
  }
}

/**
 * Something came onto the plate that is not its product. A plate that was filled itself only shows more of
 * its own error, which grows with the load.
 */
function hasJumped({ witness: { jumpedAtMs }, stockedAtMs }: ShelfRecord): boolean {
  return jumpedAtMs > 0 && Math.abs(stockedAtMs - jumpedAtMs) > besideMs;
}

/** A slot of the same fixture that somebody filled when the plate jumped, or fills now. */
function besideFilled(state: Readonly<State>, slot: Slot, jumpedAtMs: number): Slot | undefined {
  const { slotById } = state.catalogue;
  const isBeside = (other: Slot | undefined): other is Slot =>
    other !== undefined &&
    other.slotId !== slot.slotId &&
    other.fixturePlaceId === slot.fixturePlaceId;
  for (const task of state.tasks.open.values()) {
    const other = slotById.get(task.slotId);
    if (isHeld(task) && isBeside(other)) return other;
  }
  for (const { slotId, stockedAtMs } of state.shelves.values()) {
    const other = slotById.get(slotId);
    if (Math.abs(stockedAtMs - jumpedAtMs) <= besideMs && isBeside(other)) return other;
  }
  return undefined;
}

function tellMisplaced(
  recorder: Recorder,
  slot: Slot,
  deviceId: string,
  { witness }: ShelfRecord,
): void {
  const { state } = recorder;
  const beside = besideFilled(state, slot, witness.jumpedAtMs);
  const name = state.catalogue.productByGtin.get(beside?.gtin ?? '')?.name;
  const from =
    beside === undefined
      ? 'something came onto it that is another product'
      : `slot ${beside.slotId} beside it was filled: some ${name ?? beside.gtin} may lie there`;
  const evidence = `what it weighs is no whole number of pieces since ${from}`;
  const story = 'misplaced-goods';
  const causedBy = distrust(recorder, { deviceId, story, evidence });
  raiseException(recorder, {
    type: 'misplaced-goods',
    causeKey: misplacedGoodsKey(slot.slotId),
    subjects: [slot.slotId, deviceId, ...(beside === undefined ? [] : [beside.gtin])],
    evidence: `Sensor ${deviceId} on slot ${slot.slotId}: ${evidence}.`,
    causedBy,
  });
}

function tellFault(
  recorder: Recorder,
  slotId: string,
  deviceId: string,
  { story, evidence }: SensorVerdict,
): void {
  const causedBy = distrust(recorder, { deviceId, story, evidence });
  raiseException(recorder, {
    type: 'sensor-fault',
    causeKey: sensorFaultKey(deviceId),
    subjects: [deviceId, slotId],
    evidence: `Sensor ${deviceId} on slot ${slotId} (${story}): ${evidence}.`,
    causedBy,
  });
  askForSensorCheck(recorder, { slotId, deviceId, evidence });
}

/** A sensor was found to repeat itself: nothing moves, or it hangs, and its habit says that it hangs. */
export function takeSensorStill(
  recorder: Recorder,
  { deviceId, value, words }: { deviceId: string; value: string; words: number },
): Outcome {
  recorder.attribute(`sensor-still/${deviceId}`, witnessActor);
  const { catalogue, distrustedDevices } = recorder.state;
  const [slotId] = catalogue.deviceById.get(deviceId)?.slotIds ?? [];
  if (slotId === undefined || distrustedDevices.has(deviceId)) return { kind: 'unchanged' };
  const evidence = `it said exactly ${value} ${words} times, and never used to repeat itself so often`;
  tellFault(recorder, slotId, deviceId, { story: 'stuck-or-dead', evidence });
  return { kind: 'accepted' };
}

function distrust(
  recorder: Recorder,
  facts: { deviceId: string; story: string; evidence: string },
): number {
  return recorder.record('deviceDistrusted', facts, { actor: witnessActor });
}

/** Somebody looked at a sensor that was not believed, and says what it was: it is heard again. */
export function settleDoubt(recorder: Recorder, subjects: readonly string[], answer: string): void {
  const deviceId = subjects.find((one) => recorder.state.distrustedDevices.has(one));
  if (deviceId !== undefined) trustSensor(recorder, deviceId, answer);
}
