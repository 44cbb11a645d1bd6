/** Laws of planning over random days: replay gives the same state, and a plan never goes wrong unseen. */
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Priority } from '@stockhand/proto/events/v1alpha/plan_events_pb.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { apply, createState, deserializeState, serializeState } from '../agent.ts';
import { proposalOf } from '../planner/proposal.ts';
import {
  action,
  epoch,
  jarsReading,
  milk,
  momentAt,
  runningStore,
  type SampleStore,
  sale,
  storeGln,
} from '../sample-store.ts';
import { isHeld } from '../tasks/task-book.ts';
import { findPlan } from './plan-search.ts';
import { snapshotOf } from './plan-snapshot.ts';

const person = fc.constantFrom('anna', 'ben', 'lea');
const deed = fc.oneof(
  fc.record({ kind: fc.constant('plan' as const), late: fc.boolean() }),
  fc.record({ kind: fc.constant('plate' as const), jars: fc.integer({ min: 0, max: 12 }) }),
  fc.record({ kind: fc.constant('sale' as const), units: fc.integer({ min: 1, max: 8 }) }),
  fc.record({
    kind: fc.constant('act' as const),
    verb: fc.constantFrom('claimTask', 'startTask', 'pauseTask', 'releaseTask', 'completeTask'),
    person,
    nth: fc.nat(3),
  }),
  fc.record({
    kind: fc.constant('override' as const),
    nth: fc.nat(3),
    priority: fc.constantFrom(Priority.FIRST, Priority.LAST, Priority.AS_RECKONED),
  }),
  fc.record({ kind: fc.constant('shift' as const), person, minutes: fc.nat(300) }),
  fc.record({ kind: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 600 }) }),
);
type Deed = typeof deed extends fc.Arbitrary<infer One> ? One : never;

const budget = { isSpent: (done: number) => done >= 15 };

class PlannedDay {
  readonly store: SampleStore = runningStore();
  #number = 0;
  /** A plan that was searched for a while ago, as a slow search gives it. */
  #pending: ReturnType<typeof proposalOf> | null = null;

  do(one: Deed): void {
    const { store } = this;
    this.#number += 1;
    switch (one.kind) {
      case 'plan': {
        const moment = momentAt(store.nowMs);
        const { storeMap } = store.state.catalogue;
        const found = findPlan(snapshotOf(store.state, storeMap, moment), storeMap, budget);
        const proposed = one.late ? this.#pending : proposalOf(found, 'a law');
        this.#pending = proposalOf(found, 'a law');
        if (proposed !== null) this.#checkPlan(proposed);
        return;
      }
      case 'plate':
        store.take(jarsReading(this.#number, one.jars));
        return;
      case 'sale':
        store.take(sale(`${this.#number}`, [{ code: milk, quantity: `${one.units}` }]));
        return;
      case 'act':
      case 'override':
        this.#onTask(one);
        return;
      case 'shift': {
        const [startsAt, endsAt] = [0, one.minutes].map((minutes) =>
          timestampFromMs(store.nowMs + minutes * 60_000),
        );
        const shift = { personRef: one.person, startsAt, endsAt };
        store.take(this.#act('lea', { case: 'changeShift', value: { shift, reason: 'so' } }));
        return;
      }
      case 'wait':
        store.nowMs += one.minutes * 60_000;
        store.take({ kind: 'timer', purpose: 'minute', dueAtMs: store.nowMs });
    }
  }

  #act(who: string, init: { case: string; value: object }, version = 0) {
    return action(who, version, init, `a-${this.#number}`);
  }

  #onTask(one: Extract<Deed, { nth: number }>): void {
    const open = [...this.store.state.tasks.open.values()];
    const task = open[one.nth % Math.max(1, open.length)];
    if (task === undefined) return;
    const { taskId, version } = task;
    const init =
      one.kind === 'override'
        ? { case: 'overridePriority', value: { taskId, priority: one.priority, reason: 'so' } }
        : { case: one.verb, value: { taskId } };
    this.store.take(this.#act(one.kind === 'override' ? 'lea' : one.person, init, version));
  }

  #checkPlan(proposed: ReturnType<typeof proposalOf>): void {
    const { state } = this.store;
    expect(this.store.outcome({ kind: 'plan', proposed }).kind).not.toBe('refused');
    const seen = new Set<string>();
    for (const [ref, stops] of state.planning.plan?.routes ?? []) {
      for (const { taskId } of stops) {
        expect(seen.has(taskId)).toBe(false);
        seen.add(taskId);
        const task = state.tasks.open.get(taskId);
        expect(task).toBeDefined();
        if (task !== undefined && isHeld(task)) expect(task.claimedBy).toBe(ref);
      }
    }
  }
}

test('replaying a planned day gives the same state, and plans name open tasks once', () => {
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 40 }), (deeds) => {
      const day = new PlannedDay();
      for (const one of deeds) day.do(one);
      const replayed = createState({ storeGln, epoch });
      for (const event of day.store.log) apply(replayed, event);
      const bytes = serializeState(day.store.state);
      expect(serializeState(replayed)).toEqual(bytes);
      expect(serializeState(deserializeState(bytes))).toEqual(bytes);
    }),
    { numRuns: 120 },
  );
});
