/**
 * Laws of the core, over random days of a small store: replay of the log gives the state byte for byte,
 * also from a snapshot in the middle; delivering everything twice changes nothing; stock is neither made
 * nor lost; a slot has at most one open need.
 */

import { quantityMessage } from '@stockhand/proto/vocabulary/quantity.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  apply,
  createState,
  deserializeState,
  modelVersion,
  restoreMarks,
  serializeState,
} from './agent.ts';
import { rowsOfMarks } from './ingest/reading-marks.ts';
import type { Input } from './input.ts';
import { expectReplayIsLive } from './replay-law.ts';
import {
  action,
  cheese,
  epoch,
  jam,
  jamCase,
  jarsReading,
  masterDataCommand,
  milk,
  reading,
  runningStore,
  type SampleStore,
  sale,
  sampleMasterData,
  storeGln,
} from './sample-store.ts';
import { isBoundary, sumOfAccounts } from './stock/ledger.ts';
import { openTasks } from './views.ts';

type Deed =
  | { kind: 'jars'; jump: number; jars: number }
  | { kind: 'sale'; code: string; quantity: string; lineKind: number }
  | { kind: 'milk'; jump: number; millimetres: number }
  | { kind: 'task'; person: string; verb: string; placed: number; stale: boolean }
  | { kind: 'count'; slotId: string; pieces: number }
  | { kind: 'master-data'; withoutSlot: string }
  | { kind: 'time'; hours: number };

const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('jars' as const),
      jump: fc.integer({ min: -2, max: 4 }),
      jars: fc.integer({ min: -20, max: 40 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('sale' as const),
      code: fc.constantFrom(jam, milk, cheese, jamCase, '96385074'),
      quantity: fc.constantFrom('1', '2', '7', '0.250'),
      lineKind: fc.constantFrom(1, 1, 1, 1, 2, 3, 0),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('milk' as const),
      jump: fc.integer({ min: -1, max: 3 }),
      millimetres: fc.integer({ min: 0, max: 1_200 }),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('task' as const),
      person: fc.constantFrom('anna', 'ben', 'lea'),
      verb: fc.constantFrom(
        'claimTask',
        'startTask',
        'completeTask',
        'completeTask',
        'blockTask',
        'releaseTask',
      ),
      placed: fc.integer({ min: 0, max: 21 }),
      stale: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('count' as const),
      slotId: fc.constantFrom('A1', 'A2', 'B1'),
      pieces: fc.integer({ min: 0, max: 20 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('master-data' as const),
      withoutSlot: fc.constantFrom('', 'A2', 'B1', 'C1'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('time' as const),
      hours: fc.integer({ min: 1, max: 30 }),
    }),
  },
);

/** Turns deeds into inputs as they come, for what a task deed means depends on the board. */
class Day {
  readonly store: SampleStore = runningStore();
  readonly inputs: Input[] = [];
  private readonly sequences = { plate: 0, distance: 0 };
  private receipts = 0;
  private commands = 2;
  private actions = 0;

  do(one: Deed): void {
    const input = this.inputOf(one);
    if (input === null) return;
    this.inputs.push(input);
    this.store.take(input);
  }

  private inputOf(one: Deed): Input | null {
    switch (one.kind) {
      case 'jars':
        this.sequences.plate = Math.max(0, this.sequences.plate + one.jump);
        return jarsReading(this.sequences.plate, one.jars);
      case 'milk':
        this.sequences.distance = Math.max(0, this.sequences.distance + one.jump);
        return reading({
          deviceId: 'distance-1',
          session: 'boot-1',
          sequence: BigInt(this.sequences.distance),
          value: { case: 'distance', value: { value: String(one.millimetres), unit: 'mm' } },
        });
      case 'sale':
        this.receipts += 1;
        return sale(`${this.receipts}`, [
          { code: one.code, quantity: one.quantity, kind: one.lineKind },
        ]);
      case 'task':
        return this.taskAction(one);
      case 'count': {
        const counted = quantityMessage(one.pieces, 'pieces');
        const value = { slotId: one.slotId, counted };
        return action('lea', 0, { case: 'countSlot', value }, this.actionId());
      }
      case 'master-data': {
        this.commands += 1;
        const masterData = sampleMasterData(`2026-11-23T06:00:00Z/${this.commands}`);
        masterData.slots = masterData.slots.filter(({ slotId }) => slotId !== one.withoutSlot);
        masterData.devices = masterData.devices.filter(
          ({ slotIds }) => !slotIds.includes(one.withoutSlot),
        );
        return masterDataCommand(this.commands, masterData);
      }
      case 'time':
        this.store.nowMs += one.hours * 3_600_000;
        return null;
    }
  }

  private taskAction(one: Extract<Deed, { kind: 'task' }>): Input | null {
    const task = openTasks(this.store.state)[0];
    if (task === undefined) return null;
    const { taskId } = task;
    const value =
      one.verb === 'completeTask'
        ? { taskId, quantity: quantityMessage(one.placed, 'pieces'), shortReason: 'gone' }
        : { taskId, reason: 'why' };
    const version = one.stale ? task.version - 1 : task.version;
    return action(one.person, Math.max(0, version), { case: one.verb, value }, this.actionId());
  }

  private actionId(): string {
    this.actions += 1;
    return `a-${this.actions}`;
  }
}

function dayOf(deeds: Deed[]): Day {
  const day = new Day();
  for (const one of deeds) day.do(one);
  return day;
}

const deeds = fc.array(deed, { minLength: 1, maxLength: 60 });
const runs = { numRuns: 150 };

describe('over any day', () => {
  test('replay of the encoded log gives the state byte for byte, also from any snapshot', () => {
    fc.assert(
      fc.property(deeds, fc.nat(), (list, cut) => {
        const { store } = dayOf(list);
        const resumed = expectReplayIsLive(store, cut);
        restoreMarks(resumed, store.markRows());
        expect(rowsOfMarks(resumed.readingMarks)).toEqual(rowsOfMarks(store.state.readingMarks));
        expect(resumed.readingMarks).toEqual(store.state.readingMarks);
      }),
      runs,
    );
  });

  test('delivering everything twice changes nothing', () => {
    fc.assert(
      fc.property(deeds, (list) => {
        const once = dayOf(list);
        const twice = runningStore();
        for (const input of once.inputs) {
          twice.take(input);
          const before = serializeState(twice.state);
          const { outcome, events } = twice.take(input);
          expect(events).toEqual([]);
          expect(outcome.kind).not.toBe('accepted');
          expect(serializeState(twice.state)).toEqual(before);
        }
      }),
      runs,
    );
  });

  test('no stock is made or lost, and none inside the store is below zero', () => {
    fc.assert(
      fc.property(deeds, (list) => {
        const { state } = dayOf(list).store;
        for (const [gtin, accounts] of state.ledger) {
          expect(sumOfAccounts(state.ledger, gtin)).toBe(0);
          for (const [key, quantity] of accounts) {
            if (!isBoundary(Number(key.split('/')[0]))) expect(quantity).toBeGreaterThan(0);
          }
        }
        for (const shelf of state.shelves.values()) {
          expect(shelf.quantity).toBeGreaterThanOrEqual(0);
          expect(shelf.seenTaken).toBeGreaterThanOrEqual(0);
          expect(shelf.seenPlaced).toBeGreaterThanOrEqual(0);
        }
      }),
      runs,
    );
  });

  test('a slot has at most one open need, and a need at most one open task', () => {
    fc.assert(
      fc.property(deeds, (list) => {
        const { log, state } = dayOf(list).store;
        const openNeeds = new Map<string, string>();
        const needOfTask = new Map<string, string>();
        for (const { payload } of log) {
          if (payload.case === 'needArose') {
            const { needId, slotId } = payload.value;
            expect([...openNeeds.values()]).not.toContain(slotId);
            openNeeds.set(needId, slotId);
          } else if (payload.case === 'needMet' || payload.case === 'needWithdrawn') {
            expect(openNeeds.delete(payload.value.needId)).toBe(true);
          } else if (payload.case === 'taskCreated') {
            // Work that serves no need, a planogram change say, is bound by no need's law.
            const { taskId, needId } = payload.value;
            if (needId !== '') expect([...needOfTask.values()]).not.toContain(needId);
            needOfTask.set(taskId, needId);
          } else if (
            payload.case === 'taskDone' ||
            payload.case === 'taskDoneShort' ||
            payload.case === 'taskCancelled'
          ) {
            expect(needOfTask.delete(payload.value.taskId)).toBe(true);
          }
        }
        expect(state.needs.size).toBe(openNeeds.size);
        expect(state.slotByNeed.size).toBe(openNeeds.size);
        expect([...state.tasks.open.keys()].sort()).toEqual([...needOfTask.keys()].sort());
      }),
      runs,
    );
  });
});

test('state of another model version is refused, so that the log is folded anew', () => {
  const bytes = serializeState(createState({ storeGln, epoch }));
  const other = new TextDecoder()
    .decode(bytes)
    .replace(`"modelVersion":${modelVersion}`, '"modelVersion":99');
  expect(() => deserializeState(new TextEncoder().encode(other))).toThrow(/model version 99/);
});

test('a log with a gap is not applied', () => {
  const store = runningStore();
  const [first, , third] = store.log;
  const state = createState({ storeGln, epoch });
  if (first !== undefined) apply(state, first);
  expect(() => third !== undefined && apply(state, third)).toThrow(/does not follow/);
});
