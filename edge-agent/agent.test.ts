import { baseUnitsOf } from '@stockhand/proto/vocabulary/quantity.ts';
import { describe, expect, test } from 'vitest';
import { createState } from './agent.ts';
import {
  epoch,
  jam,
  jarsReading,
  masterDataCommand,
  openingStockCommand,
  runningStore,
  SampleStore,
  sale,
  storeGln,
} from './sample-store.ts';
import {
  backroomQuantity,
  onShelfAvailabilityPpm,
  salesFloorQuantity,
  shelfQuantity,
} from './views.ts';

describe('a store that opens', () => {
  test('starts its log once, and notes a changed configuration', () => {
    const store = new SampleStore();
    const start = { kind: 'start', agentVersion: '0.1.0', configurationHash: 'c0' } as const;
    expect(store.cases(start)).toEqual(['logStarted', 'configurationChanged']);
    expect(store.outcome(start)).toEqual({ kind: 'unchanged' });
    expect(store.cases({ ...start, configurationHash: 'c1' })).toEqual(['configurationChanged']);
  });

  test('takes master data and opening stock from HQ, each once', () => {
    const store = runningStore();
    expect(shelfQuantity(store.state, 'A1')).toBe(12);
    expect(salesFloorQuantity(store.state, jam)).toBe(20);
    expect(backroomQuantity(store.state, jam)).toBe(24);
    expect(onShelfAvailabilityPpm(store.state)).toBe(1_000_000);
    const position = store.state.position;
    expect(store.outcome(masterDataCommand(1))).toEqual({ kind: 'duplicate' });
    expect(store.outcome(openingStockCommand(2))).toEqual({ kind: 'duplicate' });
    expect(store.state.position).toBe(position);
  });

  test('has no availability without slots', () => {
    expect(onShelfAvailabilityPpm(createState({ storeGln, epoch }))).toBe(0);
  });
});

test('every event names its cause, its actor and the next position of its lane', () => {
  const store = runningStore();
  store.take(jarsReading(1, 4));
  store.take(sale('1', [{ code: jam, quantity: '2' }]));
  const laneSequences = new Map<number, number>();
  store.log.forEach((event, index) => {
    expect(event.position).toBe(index + 1);
    const sequence = (laneSequences.get(event.lane) ?? 0) + 1;
    laneSequences.set(event.lane, sequence);
    expect(event.laneSequence).toBe(sequence);
    expect(event.causationInput).not.toBe('');
    expect(event.actor.id).not.toBe('');
  });
  const created = store.log.find((event) => event.payload.case === 'taskCreated');
  const arose = store.log.find((event) => event.payload.case === 'needArose');
  expect(created?.causationPosition).toBe(arose?.position);
  if (created?.payload.case === 'taskCreated') {
    expect(baseUnitsOf(created.payload.value.quantity)).toBe(8);
    expect(created.correlationId).toBe(created.payload.value.needId);
  }
});
