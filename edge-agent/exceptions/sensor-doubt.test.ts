import { beforeEach, describe, expect, test } from 'vitest';
import {
  action,
  jam,
  jarsReading,
  masterDataCommand,
  milk,
  reading,
  runningStore,
  type SampleStore,
  sale,
  sampleMasterData,
  weightReading,
} from '../sample-store.ts';
import { openExceptions } from '../views.ts';

const minuteMs = 60_000;
let store: SampleStore;
let sequence: number;
let receipts: number;

/** Jam in slot A1 only, on plate-1; milk in B1 of the same fixture. */
beforeEach(() => {
  store = runningStore();
  const masterData = sampleMasterData('2026-11-23T07:00:00Z/2');
  masterData.slots = masterData.slots.filter(({ slotId }) => slotId !== 'A2');
  masterData.devices = masterData.devices.filter(({ deviceId }) => deviceId !== 'zone-1');
  for (const product of masterData.products) product.unitWeightSpreadPpm = 20_000;
  store.take(masterDataCommand(3, masterData));
  sequence = 0;
  receipts = 0;
  weighJars(12);
  store.nowMs += 30 * minuteMs;
});

function weighJars(jars: number): void {
  sequence += 1;
  store.take(jarsReading(sequence, jars));
}

function weigh(kilograms: string): void {
  sequence += 1;
  store.take(weightReading(sequence, kilograms));
}

function sellJam(): void {
  receipts += 1;
  store.nowMs += minuteMs;
  store.take(sale(`r-${receipts}`, [{ code: jam, quantity: '1' }]));
}

/** Twelve jars and something of half a kilogram, which is no whole number of jars. */
function weighHalfPiece(): void {
  for (const kilograms of ['6.640', '6.670', '6.640', '6.670']) weigh(kilograms);
}

const isDistrusted = () => store.state.distrustedDevices.has('plate-1');
const exceptionOf = (type: string) => openExceptions(store.state).find((one) => one.type === type);
const counts = () =>
  store.log.filter(
    ({ payload }) => payload.case === 'taskCreated' && payload.value.slotId === 'A1',
  );

function answer(type: string, words: string): void {
  const exceptionId = exceptionOf(type)?.exceptionId ?? '';
  const value = { exceptionId, answer: words };
  expect(store.outcome(action('lea', 0, { case: 'answerException', value }))).toEqual({
    kind: 'accepted',
  });
}

describe('a plate that stands still while the till sells', () => {
  test('is in doubt after four sales, and heard again when somebody has looked', () => {
    for (let sold = 0; sold < 3; sold += 1) sellJam();
    expect(isDistrusted()).toBe(false);
    sellJam();
    expect(exceptionOf('sensor-fault')?.evidence).toContain('stuck-or-dead');
    expect(isDistrusted()).toBe(true);
    answer('sensor-fault', 'recalibrated');
    expect(isDistrusted()).toBe(false);
    weighJars(8);
    expect(store.state.shelves.get('A1')?.quantity).toBe(8);
  });
});

describe('a plate that sees goods leave which nobody buys', () => {
  test('is believed when it sees every sale, and the slot is counted', () => {
    for (let jars = 11; jars >= 9; jars -= 1) {
      weighJars(jars);
      sellJam();
    }
    weighJars(2);
    store.nowMs += 60 * minuteMs;
    store.take({ kind: 'timer', purpose: 'hour', dueAtMs: store.nowMs });
    weighJars(1);
    expect(isDistrusted()).toBe(false);
    expect(store.state.shelves.get('A1')?.quantity).toBe(1);
    const explanations = counts().map(({ payload }) =>
      payload.case === 'taskCreated' ? payload.value.explanation : '',
    );
    expect(explanations.join()).toContain('is right with every sale');
  });
});

describe('a plate that shows no whole number of pieces', () => {
  test('holds goods of the next slot, when somebody filled that one just then', () => {
    store.take(action('anna', 0, { case: 'reportEmpty', value: { slotId: 'B1' } }));
    const [task] = [...store.state.tasks.open.values()].filter(({ slotId }) => slotId === 'B1');
    const value = { taskId: task?.taskId };
    store.take(action('anna', task?.version ?? 0, { case: 'claimTask', value }));
    weighHalfPiece();
    expect(exceptionOf('misplaced-goods')).toMatchObject({
      subjects: ['A1', 'plate-1', milk],
      ownerRole: 'associate',
    });
    expect(isDistrusted()).toBe(true);
    answer('misplaced-goods', 'taken away');
    expect(isDistrusted()).toBe(false);
  });

  test('is itself in doubt, when somebody looked and nothing else lay there', () => {
    weighHalfPiece();
    answer('misplaced-goods', 'nothing there');
    expect(isDistrusted()).toBe(false);
    weighHalfPiece();
    expect(exceptionOf('sensor-fault')?.evidence).toContain('wrong-product-or-unit-weight');
  });
});

describe('a plate that stands where no whole number of pieces does', () => {
  test('is in doubt after hours in which nothing changes, without another word', () => {
    weigh('6.640');
    expect(isDistrusted()).toBe(false);
    for (let hour = 0; hour < 2; hour += 1) {
      store.nowMs += 60 * minuteMs;
      store.take({ kind: 'timer', purpose: 'hour', dueAtMs: store.nowMs });
    }
    expect(isDistrusted()).toBe(true);
  });

  test('is believed where the distance is what pieces differ by', () => {
    weigh('6.180');
    for (let hour = 0; hour < 5; hour += 1) {
      store.nowMs += 60 * minuteMs;
      store.take({ kind: 'timer', purpose: 'hour', dueAtMs: store.nowMs });
    }
    expect(isDistrusted()).toBe(false);
  });
});

describe('two plates of which each shows what the other showed', () => {
  test('are in doubt, and the zone that reads the tags of both slots is not', () => {
    const both = runningStore();
    const masterData = sampleMasterData('2026-11-23T07:00:00Z/2');
    const [plate] = masterData.devices.filter(({ deviceId }) => deviceId === 'plate-1');
    if (plate === undefined) throw new Error('a plate expected');
    masterData.devices.push({ ...plate, deviceId: 'plate-2', slotIds: ['A2'] });
    both.take(masterDataCommand(3, masterData));
    both.nowMs += 60 * minuteMs;
    for (const [index, [one, other]] of [
      [9, 4],
      [4, 9],
    ].entries()) {
      for (const [deviceId, jars = 0] of [['plate-1', one] as const, ['plate-2', other] as const]) {
        const value = ((2_000 + jars * 345) / 1_000).toFixed(3);
        const weight = { value, unit: 'kg', stable: true };
        const said = { deviceId, session: 'boot-1', sequence: BigInt(index + 1) };
        both.take(reading({ ...said, value: { case: 'weight', value: weight } }));
      }
    }
    both.nowMs += 60 * minuteMs;
    both.take({ kind: 'timer', purpose: 'hour', dueAtMs: both.nowMs });
    expect([...both.state.distrustedDevices.keys()].sort()).toEqual(['plate-1', 'plate-2']);
    const stories = [...both.state.distrustedDevices.values()].map(({ story }) => story);
    expect(stories).toEqual(['swapped', 'swapped']);
  });
});

describe('a zone that reads the tags of a slot with a plate', () => {
  test('is not accused of what the plate weighs', () => {
    const both = runningStore();
    both.take(
      reading({ deviceId: 'zone-1', sequence: 1n, value: { case: 'tagReads', value: {} } }),
    );
    for (const [index, kilograms] of ['6.640', '6.670', '6.640', '6.670', '6.640'].entries()) {
      both.take(weightReading(index + 1, kilograms));
    }
    expect([...both.state.distrustedDevices.keys()]).toEqual(['plate-1']);
  });
});

describe('a plate that repeats itself to the digit', () => {
  const still = { kind: 'sensor-still', value: '6.140 kg', words: 12 } as const;

  test('hangs: it is told once, and not believed until somebody has looked', () => {
    store.take({ ...still, deviceId: 'plate-1' });
    expect(exceptionOf('sensor-fault')?.evidence).toMatch(/exactly 6.140 kg 12 times/);
    expect(store.outcome({ ...still, deviceId: 'plate-1' })).toEqual({ kind: 'unchanged' });
    answer('sensor-fault', 'recalibrated');
    expect(isDistrusted()).toBe(false);
  });

  test('is nothing when no slot is seen by it', () => {
    expect(store.outcome({ ...still, deviceId: 'scale-9' })).toEqual({ kind: 'unchanged' });
    expect(exceptionOf('sensor-fault')).toBeUndefined();
  });
});
