import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Lane, TimeQuality } from '@stockhand/proto/events/v1alpha/event_pb.js';
import { describe, expect, test } from 'vitest';
import { createState, restoreMarks, step } from '../agent.ts';
import {
  jarsReading,
  momentAt,
  reading,
  runningStore,
  startMs,
  weightReading,
} from '../sample-store.ts';
import { shelfQuantity } from '../views.ts';
import { pendingDevicesLimit } from './device-record.ts';

function plate(more: object) {
  const value = { case: 'weight', value: { value: '5.000', unit: 'kg', stable: true } } as const;
  return reading({ deviceId: 'plate-1', session: 'boot-1', sequence: 1n, value, ...more });
}

describe('a reading of a shelf sensor', () => {
  test('within the dead-band leaves a mark and no event', () => {
    const store = runningStore();
    expect(store.cases(weightReading(1, '5.450'))).toEqual(['shelfObserved']);
    const near = store.take(weightReading(2, '5.440'));
    expect(near).toMatchObject({ outcome: { kind: 'unchanged' }, events: [] });
    expect(near.marks).toHaveLength(1);
    expect(store.outcome(weightReading(2, '5.440'))).toEqual({ kind: 'duplicate' });
    // Small steps add up against what was recorded, not against the reading before.
    expect(store.cases(weightReading(3, '5.431'))).toEqual([]);
    expect(store.cases(weightReading(4, '5.430'))).toEqual(['shelfObserved']);
  });

  test('that arrives again after a restart is still a duplicate', () => {
    const store = runningStore();
    store.take(weightReading(1, '5.450'));
    store.take(weightReading(2, '5.440'));
    restoreMarks(store.state, store.markRows());
    expect(store.outcome(weightReading(2, '5.440'))).toEqual({ kind: 'duplicate' });
    expect(store.outcome(weightReading(3, '5.440'))).toEqual({ kind: 'unchanged' });
  });

  test('that never came leaves a gap receipt in the telemetry lane; coming late it moves nothing', () => {
    const store = runningStore();
    store.take(jarsReading(7, 11));
    const { events } = store.take(jarsReading(10, 9));
    expect(events[0]?.payload).toMatchObject({
      case: 'readingsMissed',
      value: { session: 'boot-1', firstSequence: 8n, lastSequence: 9n },
    });
    expect(events[0]?.lane).toBe(Lane.TELEMETRY);
    expect(store.outcome(jarsReading(8, 10))).toEqual({ kind: 'unchanged' });
    expect(store.outcome(jarsReading(8, 10))).toEqual({ kind: 'duplicate' });
    expect(shelfQuantity(store.state, 'A1')).toBe(9);
  });

  test('of a new session counts anew', () => {
    const store = runningStore();
    store.take(jarsReading(7, 11));
    expect(store.outcome(plate({ session: 'boot-2', sequence: 1n }))).toEqual({ kind: 'accepted' });
  });

  test('that is retained triggers nothing, not even for an unknown device', () => {
    const store = runningStore();
    const retained = reading({ deviceId: 'ghost', session: 's', sequence: 1n }, { retained: true });
    expect(store.take(retained)).toMatchObject({
      outcome: { kind: 'unchanged' },
      events: [],
      marks: [],
    });
  });

  test('that was refused counts as seen, so that no gap is made up', () => {
    const store = runningStore();
    store.take(jarsReading(1, 11));
    const bad = weightReading(2, 'heavy');
    expect(store.outcome(bad)).toMatchObject({
      refusals: [{ reason: 'bad-number', field: 'weight.value', found: 'heavy' }],
    });
    expect(store.outcome(bad)).toEqual({ kind: 'duplicate' });
    expect(store.cases(jarsReading(3, 10))).toEqual(['shelfObserved']);
  });
});

test.each([
  ['a topic level in the device id', { deviceId: 'a/b' }, 'bad-field', 'deviceId'],
  ['no device id', { deviceId: '' }, 'bad-field', 'deviceId'],
  ['a line break in the session', { session: 'b\n1' }, 'bad-field', 'session'],
  ['a long channel', { channel: 'x'.repeat(65) }, 'bad-field', 'channel'],
  ['no value', { value: { case: undefined } }, 'missing-field', 'value'],
  ['no session', { session: '' }, 'missing-field', 'session'],
  ['no sequence', { sequence: undefined }, 'missing-field', 'sequence'],
  ['an endless sequence', { sequence: 2n ** 60n }, 'out-of-range', 'sequence'],
  [
    'a scan from a plate',
    { value: { case: 'scan', value: { text: '1' } } },
    'wrong-device-kind',
    'scan',
  ],
] as const)('a reading with %s is refused', (_name, more, reason, field) => {
  const store = runningStore();
  const before = store.state.position;
  expect(store.outcome(plate(more))).toMatchObject({
    kind: 'refused',
    refusals: [{ reason, field }],
  });
  expect(store.state.position).toBe(before);
});

describe('devices without a counter', () => {
  const scan = (delivery: object) =>
    reading(
      { deviceId: 'scanner-1', value: { case: 'scan', value: { text: '4006381333931' } } },
      delivery,
    );

  test('two scans of one code are two scans, a redelivery is none', () => {
    const store = runningStore();
    expect(store.outcome(scan({ packetId: 1 }))).toEqual({ kind: 'unchanged' });
    expect(store.outcome(scan({ packetId: 2 }))).toEqual({ kind: 'unchanged' });
    expect(store.outcome(scan({ packetId: 2, duplicateFlag: true }))).toEqual({
      kind: 'duplicate',
    });
    // The packet id was used again for another payload.
    const other = scan({ packetId: 2, duplicateFlag: true, payloadHash: 'ff' });
    expect(store.outcome(other)).toEqual({ kind: 'unchanged' });
    expect(store.outcome(scan({ source: 'serial', packetId: 2 }))).toEqual({ kind: 'unchanged' });
  });

  const fridge = (atMs: number) =>
    reading({
      deviceId: 'fridge-1',
      observedAt: timestampFromMs(atMs),
      value: { case: 'temperature', value: { value: '4.5', unit: 'C' } },
    });

  test('with a clock each time counts once, and a clock that is ahead is refused', () => {
    const store = runningStore();
    expect(store.outcome(fridge(startMs))).toEqual({ kind: 'unchanged' });
    expect(store.outcome(fridge(startMs))).toEqual({ kind: 'duplicate' });
    expect(store.outcome(fridge(startMs + 3_600_000))).toMatchObject({
      refusals: [{ reason: 'clock-ahead' }],
    });
    expect(store.outcome(fridge(startMs + 1_000))).toEqual({ kind: 'unchanged' });
  });
});

test('the device’s own time is believed when it is near, and said to be estimated when not', () => {
  const store = runningStore();
  const at = (sequence: number, observedAtMs: number, kilograms: string) =>
    store.take(
      plate({
        sequence: BigInt(sequence),
        observedAt: timestampFromMs(observedAtMs),
        value: { case: 'weight', value: { value: kilograms, unit: 'kg', stable: true } },
      }),
    ).events[0];
  expect(at(1, startMs - 60_000, '5.450')).toMatchObject({
    occurredAtMs: startMs - 60_000,
    occurredAtQuality: TimeQuality.DEVICE_CLOCK,
    localHour: 8,
  });
  expect(at(2, 0, '5.105')).toMatchObject({
    occurredAtMs: store.nowMs,
    occurredAtQuality: TimeQuality.ESTIMATED,
  });
});

test('devices that wait for approval are bounded', () => {
  const state = createState({ storeGln: '4000001000005', epoch: '00' });
  for (let device = 0; device <= pendingDevicesLimit; device += 1) {
    const scan = { case: 'scan', value: { text: '1' } } as const;
    const { outcome } = step(
      state,
      reading({ deviceId: `d-${device}`, value: scan }),
      momentAt(startMs),
    );
    const reason = device < pendingDevicesLimit ? 'device-pending' : 'too-many';
    expect(outcome).toMatchObject({ refusals: [{ reason }] });
  }
  expect(state.devices.size).toBe(pendingDevicesLimit);
});
