/**
 * A sensor that is not believed becomes a task of two minutes: empty the slot, see what the sensor says of
 * nothing and of a known weight, put the goods back and count them.
 *
 * | finding | what follows |
 * |---|---|
 * | recalibrated, replaced, sensor is right | the sensor is heard again, its exception is over |
 * | broken | it stays unheard, and its exception open, until somebody repairs it |
 *
 * The goods are counted in every case: what the slot holds is known again, whatever the sensor said.
 * Example: "Check plate-7 on slot A3 with a known weight", done with 9, "recalibrated": ItemsCounted 9,
 * DeviceTrusted, TaskDone.
 */
import { CountReason } from '@stockhand/proto/events/v1alpha/stock_events_pb.js';
import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import { refusal } from '../errors.ts';
import type { Recorder } from '../events/recorder.ts';
import { handlings, sensorFaultKey } from '../exceptions/exception.ts';
import { resolveException } from '../exceptions/exception-book.ts';
import type { Refusal } from '../input.ts';
import { recordCount } from '../stock/count.ts';
import { salesFloor } from '../stock/ledger.ts';
import type { TaskRecord } from './task-book.ts';
import { cancelTask, createTask, findOpenTask } from './task-creation.ts';

/** What may have been found: what answers the exception makes the sensor heard again. */
const sensorFindings: readonly string[] = [...handlings['sensor-fault'].answers, 'broken'];

/** Before whatever has time, behind all refills that press: the slot is guessed at until then. */
const sensorCheckPpm = 400_000;

const steps = {
  plate:
    'Take the goods off and tare it; it must show a known weight. Put the goods back, count them.',
  other:
    'See that nothing is in its way and that it shows an empty slot as empty. Count the goods.',
} as const;

/** Asks for a check of the sensor of a slot, unless one is open. */
export function askForSensorCheck(
  recorder: Recorder,
  { slotId, deviceId, evidence }: { slotId: string; deviceId: string; evidence: string },
): void {
  const { slotById, deviceById } = recorder.state.catalogue;
  const gtin = slotById.get(slotId)?.gtin;
  if (gtin === undefined || checkOf(recorder, slotId) !== undefined) return;
  const isPlate = deviceById.get(deviceId)?.kind === 'weight-plate';
  createTask(recorder, {
    type: TaskType.CHECK_SENSOR,
    gtin,
    slotId,
    quantity: 0,
    urgencyPpm: sensorCheckPpm,
    explanation: `Sensor ${deviceId}: ${evidence}. ${isPlate ? steps.plate : steps.other}`,
  });
}

/** A sensor is heard again by somebody's word: nobody has to walk there any more. */
export function trustSensor(recorder: Recorder, deviceId: string, reason: string): void {
  hearAgain(recorder, deviceId, reason);
  for (const slotId of recorder.state.catalogue.deviceById.get(deviceId)?.slotIds ?? []) {
    const open = checkOf(recorder, slotId);
    if (open !== undefined) cancelTask(recorder, open.taskId, 'sensor-settled');
  }
}

/** The exception about it is over. */
function hearAgain(recorder: Recorder, deviceId: string, reason: string): void {
  recorder.record('deviceTrusted', { deviceId, reason });
  resolveException(recorder, sensorFaultKey(deviceId), reason);
}

/** Counts the slot and hears the sensor again where the finding says so; answers a refusal of the finding. */
export function bookSensorCheck(
  recorder: Recorder,
  { slotId, gtin }: TaskRecord,
  counted: number,
  finding: string,
): Refusal | null {
  if (!sensorFindings.includes(finding)) {
    return refusal('unknown-finding', 'shortReason', finding, sensorFindings.join(', '));
  }
  const account = salesFloor;
  recordCount(recorder, { gtin, account, slotId, counted, reason: CountReason.DOUBT });
  if (finding === 'broken') return null;
  const { distrustedDevices, catalogue } = recorder.state;
  for (const { deviceId } of catalogue.shelfDevicesBySlot.get(slotId) ?? []) {
    if (distrustedDevices.has(deviceId)) hearAgain(recorder, deviceId, finding);
  }
  return null;
}

function checkOf(recorder: Recorder, slotId: string): TaskRecord | undefined {
  return findOpenTask(
    recorder,
    (task) => task.type === TaskType.CHECK_SENSOR && task.slotId === slotId,
  );
}
