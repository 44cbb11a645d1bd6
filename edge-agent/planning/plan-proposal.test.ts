import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { PlanProposedSchema, Priority } from '@stockhand/proto/events/v1alpha/plan_events_pb.js';
import { describe, expect, it } from 'vitest';
import type { Input } from '../input.ts';
import {
  action,
  jam,
  jarsReading,
  milk,
  runningStore,
  type SampleStore,
  sale,
  startMs,
} from '../sample-store.ts';
import { worthOf } from './task-worth.ts';

/** Jam in A1 and milk in B1 are low: two refills. */
function busyStore(): { store: SampleStore; jamTask: string; milkTask: string } {
  const store = runningStore();
  store.take(jarsReading(1, 2));
  store.take(sale('1', [{ code: milk, quantity: '16' }]));
  const tasks = [...store.state.tasks.open.values()];
  const of = (gtin: string) => tasks.find((task) => task.gtin === gtin)?.taskId ?? '';
  return { store, jamTask: of(jam), milkTask: of(milk) };
}

const proposal = (store: SampleStore, routes: Record<string, string[]>, more = {}): Input => ({
  kind: 'plan',
  proposed: create(PlanProposedSchema, {
    basedOnPosition: BigInt(store.state.position),
    occasion: 'a test',
    people: Object.entries(routes).map(([personRef, taskIds]) => ({
      personRef,
      stops: taskIds.map((taskId, index) => ({
        taskId,
        startsAt: timestampFromMs(startMs + index * 60_000),
        endsAt: timestampFromMs(startMs + (index + 1) * 60_000),
      })),
    })),
    ...more,
  }),
});

const routesOf = ({ state }: SampleStore) =>
  [...(state.planning.plan?.routes ?? [])].map(([ref, stops]) => [
    ref,
    stops.map(({ taskId }) => taskId),
  ]);

describe('a proposed plan', () => {
  it('is published whole, and once', () => {
    const { store, jamTask, milkTask } = busyStore();
    const routes = { anna: [jamTask, milkTask], ben: [] };
    expect(store.cases(proposal(store, routes))).toEqual(['planPublished']);
    expect(routesOf(store)).toEqual([
      ['anna', [jamTask, milkTask]],
      ['ben', []],
    ]);
    expect(store.outcome(proposal(store, routes))).toEqual({ kind: 'unchanged' });
  });

  it('tells whom a change concerns, and why', () => {
    const { store, jamTask, milkTask } = busyStore();
    store.take(proposal(store, { anna: [jamTask], ben: [milkTask] }));
    const { events } = store.take(proposal(store, { anna: [milkTask, jamTask], ben: [] }));
    expect(events[0]?.payload.value).toMatchObject({
      changes: [{ taskId: milkTask, personRef: 'anna', reason: 'a test' }],
    });
    expect(store.state.planning.plan?.reasons.get(milkTask)).toBe('a test');
  });

  it('leaves out what has gone on meanwhile', () => {
    const { store, jamTask, milkTask } = busyStore();
    const late = proposal(store, { anna: [jamTask], ben: [milkTask] });
    store.take(action('ben', 1, { case: 'claimTask', value: { taskId: jamTask } }));
    store.take(late);
    expect(routesOf(store)).toEqual([
      ['anna', []],
      ['ben', [milkTask]],
    ]);
  });

  it('leaves out what was blocked while the search ran', () => {
    const { store, jamTask, milkTask } = busyStore();
    const late = proposal(store, { anna: [jamTask, milkTask] });
    const value = { taskId: jamTask, reason: 'aisle closed' };
    store.take(action('ben', 1, { case: 'blockTask', value }));
    store.take(late);
    expect(routesOf(store)).toEqual([['anna', [milkTask]]]);
  });

  it('leaves work in the hands of whoever has it, though the search did not know', () => {
    const { store, jamTask, milkTask } = busyStore();
    store.take(proposal(store, { anna: [jamTask], ben: [milkTask] }));
    const late = proposal(store, { anna: [milkTask, jamTask], ben: [] });
    store.take(action('ben', 1, { case: 'claimTask', value: { taskId: milkTask } }));
    store.take(late);
    expect(routesOf(store)).toEqual([
      ['anna', [jamTask]],
      ['ben', [milkTask]],
    ]);
  });

  it('gives no work to who has gone meanwhile, or may not do it', () => {
    const { store, jamTask, milkTask } = busyStore();
    const late = proposal(store, { anna: [jamTask], ben: [milkTask] });
    const ill = {
      personRef: 'anna',
      startsAt: timestampFromMs(startMs),
      endsAt: timestampFromMs(startMs),
    };
    store.take(action('lea', 0, { case: 'changeShift', value: { shift: ill, reason: 'ill' } }));
    for (const member of store.state.catalogue.facts.staff) {
      member.skills = member.personRef === 'lea' ? ['refill'] : [];
    }
    store.take(late);
    expect(routesOf(store)).toEqual([
      ['anna', []],
      ['ben', []],
    ]);
  });

  it('is refused when somebody would be at two tasks at once', () => {
    const { store, jamTask, milkTask } = busyStore();
    const input = proposal(store, { anna: [jamTask, milkTask] });
    if (input.kind !== 'plan') throw new Error('a plan is expected');
    const [, second] = input.proposed.people[0]?.stops ?? [];
    if (second !== undefined) second.startsAt = timestampFromMs(startMs + 30_000);
    expect(store.outcome(input)).toMatchObject({
      kind: 'refused',
      refusals: [{ field: 'people[0].stops[1].startsAt' }],
    });
  });

  it('is new when another task is undone, or for another reason', () => {
    const { store, jamTask, milkTask } = busyStore();
    const undone = (taskId: string, reason = 'no hands') =>
      proposal(store, { anna: [] }, { unplanned: [{ taskId, reason }] });
    store.take(undone(jamTask));
    expect(store.outcome(undone(jamTask))).toEqual({ kind: 'unchanged' });
    expect(store.outcome(undone(milkTask))).toEqual({ kind: 'accepted' });
    expect([...(store.state.planning.plan?.unplanned ?? [])]).toEqual([[milkTask, 'no hands']]);
    expect(store.outcome(undone(milkTask, 'late'))).toEqual({ kind: 'accepted' });
  });

  it('is new when its times have moved by minutes, not when by seconds', () => {
    const { store, jamTask } = busyStore();
    const at = (seconds: number): Input => ({
      kind: 'plan',
      proposed: create(PlanProposedSchema, {
        basedOnPosition: BigInt(store.state.position),
        people: [
          {
            personRef: 'anna',
            stops: [
              {
                taskId: jamTask,
                startsAt: timestampFromMs(startMs + seconds * 1_000),
                endsAt: timestampFromMs(startMs + (seconds + 60) * 1_000),
              },
            ],
          },
        ],
      }),
    });
    store.take(at(0));
    expect(store.outcome(at(90))).toEqual({ kind: 'unchanged' });
    expect(store.outcome(at(1_200))).toEqual({ kind: 'accepted' });
  });

  it.each([
    ['an unknown person', { zoe: [] }, {}, 'people[0].personRef'],
    ['a task twice', { anna: ['t'], ben: ['t'] }, {}, 'people[1].stops[0].taskId'],
    ['a state to come', {}, { basedOnPosition: 99_999n }, 'basedOnPosition'],
  ])('is refused with %s, and nothing changes', (_name, routes, more, field) => {
    const { store } = busyStore();
    const outcome = store.outcome(proposal(store, routes as Record<string, string[]>, more));
    expect(outcome).toMatchObject({ kind: 'refused', refusals: [{ field }] });
    expect(store.state.planning.plan).toBeNull();
  });
});

describe('a lead who puts a task first', () => {
  const override = (taskId: string, priority: Priority, personRef = 'lea', reason = 'guests') =>
    action(personRef, 0, { case: 'overridePriority', value: { taskId, priority, reason } });

  it('is obeyed, recorded and learned from, within bounds', () => {
    const { store, jamTask } = busyStore();
    expect(store.cases(override(jamTask, Priority.FIRST))).toEqual(['priorityOverridden']);
    expect(store.state.tasks.open.get(jamTask)?.priority).toBe(Priority.FIRST);
    expect(store.state.planning.typeWeights.get('REFILL')).toBe(1_100_000);
    expect(store.outcome(override(jamTask, Priority.FIRST))).toEqual({ kind: 'unchanged' });
    for (let count = 0; count < 20; count += 1) {
      store.take(override(jamTask, Priority.AS_RECKONED));
      store.take(override(jamTask, Priority.FIRST));
    }
    expect(store.state.planning.typeWeights.get('REFILL')).toBe(2_000_000);
  });

  it('has no weight beyond the bounds that HQ has set since', () => {
    const { store, jamTask } = busyStore();
    for (let count = 0; count < 20; count += 1) {
      store.take(override(jamTask, Priority.AS_RECKONED));
      store.take(override(jamTask, Priority.FIRST));
    }
    store.take(override(jamTask, Priority.AS_RECKONED));
    const weight = () => {
      const task = store.state.tasks.open.get(jamTask);
      if (task === undefined) throw new Error('not open');
      return worthOf(store.state, task, startMs, 600).weight;
    };
    const before = weight();
    store.state.catalogue.facts.store.learnedWeightMostPpm = 1_500_000;
    expect(weight()).toBeCloseTo(before * 0.75, 6);
  });

  it('is refused without a reason, without the role, and for work in hands', () => {
    const { store, jamTask, milkTask } = busyStore();
    const reasonOf = (input: Input) => {
      const outcome = store.outcome(input);
      return outcome.kind === 'refused' ? outcome.refusals[0]?.reason : outcome.kind;
    };
    expect(reasonOf(override(jamTask, Priority.FIRST, 'anna'))).toBe('not-allowed');
    expect(reasonOf(override(jamTask, Priority.FIRST, 'lea', ' '))).toBe('bad-field');
    expect(reasonOf(override('t-none', Priority.FIRST))).toBe('unknown-task');
    store.take(action('ben', 1, { case: 'claimTask', value: { taskId: milkTask } }));
    expect(reasonOf(override(milkTask, Priority.LAST))).toBe('task-taken');
    expect(store.state.planning.typeWeights.size).toBe(0);
  });
});

describe('a task that is put down', () => {
  it('stays in the person’s hands, and goes on', () => {
    const { store, jamTask } = busyStore();
    const take = (kind: string, version: number, person = 'anna') =>
      store.outcome(action(person, version, { case: kind, value: { taskId: jamTask } }));
    take('startTask', 1);
    expect(take('pauseTask', 3)).toMatchObject({ kind: 'accepted' });
    expect(take('claimTask', 4, 'ben')).toMatchObject({ refusals: [{ reason: 'task-taken' }] });
    expect(take('startTask', 4)).toMatchObject({ kind: 'accepted' });
    expect(take('pauseTask', 5)).toMatchObject({ kind: 'accepted' });
    expect(take('releaseTask', 6)).toMatchObject({ kind: 'accepted' });
    expect(take('pauseTask', 7)).toMatchObject({ refusals: [{ reason: 'task-not-claimed' }] });
  });
});
