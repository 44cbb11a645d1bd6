import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Place } from '../catalogue/catalogue.ts';
import { storeMapOf } from '../catalogue/store-map.ts';
import { findPlan } from './plan-search.ts';
import type { PlanSnapshot, SnapshotTask } from './plan-snapshot.ts';

const nowMs = Date.UTC(2026, 10, 23, 9);
const minute = (minutes: number) => nowMs + minutes * 60_000;

const place = (placeId: string, xCentimetres: number): Place => ({
  placeId,
  kind: placeId === 'dock' ? 'dock' : 'sales-floor',
  name: placeId,
  parentPlaceId: '',
  xCentimetres,
  yCentimetres: 0,
});
// 12 m is ten seconds on foot.
const map = storeMapOf(
  ['dock', 'a', 'b', 'c', 'd'].map((id, index) => place(id, index * 1_200)),
  [],
);

const task = (taskId: string, more: Partial<SnapshotTask> = {}): SnapshotTask => ({
  taskId,
  type: TaskType.REFILL,
  durationSeconds: 60,
  first: 'dock',
  last: 'a',
  dueAtMs: minute(60),
  weight: 10,
  deadlineMs: null,
  cases: 1,
  skills: [],
  heldBy: '',
  ...more,
});

const person = (personRef: string, from = 0, until = 480, skills: string[] = []) => ({
  personRef,
  fromMs: minute(from),
  untilMs: minute(until),
  skills,
  cartCases: 0,
});

const snapshot = (
  tasks: SnapshotTask[],
  hands: PlanSnapshot['hands'],
  more: Partial<PlanSnapshot> = {},
): PlanSnapshot => ({
  nowMs,
  basedOnPosition: 7,
  doorPlaceId: 'dock',
  tasks,
  hands,
  precedence: [],
  previous: new Map(),
  ...more,
});

const rounds = (count: number) => ({ isSpent: (done: number) => done >= count });
const plan = (one: PlanSnapshot, count = 300) => findPlan(one, map, rounds(count));
const order = (found: ReturnType<typeof plan>, personRef: string) =>
  found.routes.get(personRef)?.map(({ taskId }) => taskId);

describe('the search for a plan', () => {
  it('does first what is due first, and is the same for the same question', () => {
    const tasks = [task('later'), task('now', { dueAtMs: nowMs, last: 'd', weight: 90 })];
    const found = plan(snapshot(tasks, [person('anna')]));
    expect(order(found, 'anna')).toEqual(['now', 'later']);
    expect(plan(snapshot(tasks, [person('anna')]))).toEqual(found);
  });

  it('leaves what is in somebody’s hands there, first', () => {
    const tasks = [
      task('urgent', { dueAtMs: nowMs, weight: 100 }),
      task('held', { heldBy: 'ben' }),
    ];
    const found = plan(snapshot(tasks, [person('anna'), person('ben')]));
    expect(order(found, 'ben')?.[0]).toBe('held');
    expect(order(found, 'anna')).toEqual(['urgent']);
  });

  it('leaves work in hands there, whatever the cart, the skill or the deadline', () => {
    const tasks = [
      task('cold', { heldBy: 'ben', skills: ['cold'] }),
      task('large', { heldBy: 'ben', cases: 12 }),
      task('lost', { heldBy: 'ben', deadlineMs: minute(0.1), dueAtMs: minute(0.1) }),
    ];
    const hands = [person('anna', 0, 480, ['cold']), { ...person('ben'), cartCases: 6 }];
    const found = plan(snapshot(tasks, hands));
    expect([...(order(found, 'ben') ?? [])].sort()).toEqual(['cold', 'large', 'lost']);
    expect(found.unplanned).toEqual([]);
  });

  it('lets who has begun end it, before a break and at the end of a shift', () => {
    const tasks = [
      task('long', { heldBy: 'anna', durationSeconds: 900 }),
      task('last', { heldBy: 'ben', durationSeconds: 900 }),
      task('calm', { durationSeconds: 300 }),
    ];
    const hands = [person('anna', 0, 5), person('anna', 10, 120), person('ben', 0, 5)];
    const found = plan(snapshot(tasks, hands));
    expect(order(found, 'anna')).toEqual(['long', 'calm']);
    expect(order(found, 'ben')).toEqual(['last']);
    const [first, second] = found.routes.get('anna') ?? [];
    expect(second?.startsAtMs).toBeGreaterThanOrEqual(first?.endsAtMs ?? Number.NaN);
  });

  it('gives nobody the work of somebody who has gone with it in hands', () => {
    const tasks = [task('held', { heldBy: 'zoe' }), task('free')];
    const found = plan(snapshot(tasks, [person('anna')]));
    expect(order(found, 'anna')).toEqual(['free']);
    expect(found.unplanned).toEqual([
      { taskId: 'held', reason: 'whoever has it in hands is not at work' },
    ]);
  });

  it('does not turn round what somebody has taken in the order of their route', () => {
    const tasks = ['one', 'two', 'three'].map((id) => task(id, { heldBy: 'anna' }));
    const previous = new Map([['anna', ['three', 'one', 'two']]]);
    const found = plan(snapshot(tasks, [person('anna')], { previous }));
    expect(order(found, 'anna')).toEqual(['three', 'one', 'two']);
  });

  it('plans a task that is larger than every cart', () => {
    const hands = [{ ...person('anna'), cartCases: 6 }];
    const found = plan(snapshot([task('large', { cases: 12 })], hands));
    expect(order(found, 'anna')).toEqual(['large']);
  });

  it('keeps a plan across a break, too', () => {
    const tasks = Array.from({ length: 8 }, (_, index) =>
      task(`t${index}`, { durationSeconds: 240, last: index % 2 === 0 ? 'a' : 'b' }),
    );
    const hands = [person('anna', 0, 10), person('anna', 25, 120)];
    const ids = tasks.map(({ taskId }) => taskId).reverse();
    const found = plan(snapshot(tasks, hands, { previous: new Map([['anna', ids]]) }));
    expect(found.isKept).toBe(true);
    expect(order(found, 'anna')).toEqual(ids);
  });

  it('keeps breaks: no task lies across one', () => {
    const tasks = Array.from({ length: 8 }, (_, index) =>
      task(`t${index}`, { durationSeconds: 240 }),
    );
    const found = plan(snapshot(tasks, [person('anna', 0, 10), person('anna', 25, 120)]));
    expect(order(found, 'anna')).toHaveLength(8);
    for (const { startsAtMs, endsAtMs } of found.routes.get('anna') ?? []) {
      expect(endsAtMs <= minute(10) || startsAtMs >= minute(25)).toBe(true);
    }
  });

  it('gives work to those who may do it', () => {
    const tasks = [task('cold', { skills: ['cold'] }), task('dry')];
    const found = plan(snapshot(tasks, [person('anna'), person('ben', 0, 480, ['cold'])]));
    expect(order(found, 'ben')).toContain('cold');
  });

  it('serves soonest a promise that nobody can keep, and says what nobody can do', () => {
    const deadline = { deadlineMs: minute(0.5), dueAtMs: minute(0.5) };
    const tasks = [task('calm'), task('lost', deadline), task('strange', { skills: ['fly'] })];
    const found = plan(snapshot(tasks, [person('anna')]));
    expect(order(found, 'anna')).toEqual(['lost', 'calm']);
    expect(found.unplanned).toEqual([{ taskId: 'strange', reason: 'nobody has the skills fly' }]);
  });

  it('serves a lost promise soonest even when no time is left to search', () => {
    const calm = ['t0', 't1', 't2', 't3'].map((id) => task(id));
    const lost = task('lost', { deadlineMs: minute(0.5), dueAtMs: minute(0.5), weight: 50 });
    const previous = new Map([['anna', [...calm.map(({ taskId }) => taskId), 'lost']]]);
    const found = plan(snapshot([...calm, lost], [person('anna')], { previous }), 0);
    expect(order(found, 'anna')?.[0]).toBe('lost');
  });

  it('receives before it puts away, whoever does it', () => {
    const tasks = [
      task('put', { type: TaskType.PUT_AWAY, dueAtMs: nowMs, weight: 100 }),
      task('receive', { type: TaskType.RECEIVE, cases: 0 }),
    ];
    const found = plan(
      snapshot(tasks, [person('anna'), person('ben')], { precedence: [['receive', 'put']] }),
    );
    const stops = [...found.routes.values()].flat();
    const put = stops.find(({ taskId }) => taskId === 'put');
    const receive = stops.find(({ taskId }) => taskId === 'receive');
    expect(put?.startsAtMs).toBeGreaterThanOrEqual(receive?.endsAtMs ?? Number.NaN);
  });

  it('does not shuffle: a plan stays unless another is worth it', () => {
    const tasks = [task('one', { last: 'b' }), task('two', { last: 'a' }), task('new')];
    const previous = new Map([['anna', ['one', 'two']]]);
    const found = plan(snapshot(tasks, [person('anna')], { previous }));
    expect(found.isKept).toBe(true);
    expect(order(found, 'anna')).toEqual(['one', 'two', 'new']);
    const urgent = task('new', { dueAtMs: nowMs, weight: 100 });
    const changed = plan(snapshot([...tasks.slice(0, 2), urgent], [person('anna')], { previous }));
    expect(order(changed, 'anna')?.[0]).toBe('new');
  });

  it('walks less where nothing is late', () => {
    const slots = ['d', 'a', 'c', 'b', 'd', 'a'];
    const tasks = slots.map((last, index) => task(`t${index}`, { last }));
    const found = plan(snapshot(tasks, [person('anna')]), 2_000);
    const visited = order(found, 'anna')?.map((id) => slots[Number(id.slice(1))]);
    expect(visited).toEqual(['a', 'a', 'b', 'c', 'd', 'd']);
  });

  it('leaves nobody without work while others have hours of it', () => {
    const tasks = Array.from({ length: 10 }, (_, index) =>
      task(`t${index}`, { dueAtMs: minute(600), durationSeconds: 600 }),
    );
    const found = plan(snapshot(tasks, [person('anna'), person('ben')]), 2_000);
    expect(order(found, 'anna')).toHaveLength(5);
    expect(order(found, 'ben')).toHaveLength(5);
  });

  it('plans every task once or says why not, within everybody’s hours', () => {
    const spot = fc.constantFrom('dock', 'a', 'b', 'c', 'd');
    const anyTask = fc.record({
      durationSeconds: fc.integer({ min: 1, max: 900 }),
      first: spot,
      last: spot,
      dueAtMs: fc.integer({ min: -30, max: 300 }).map(minute),
      weight: fc.integer({ min: 1, max: 100 }),
      deadlineMs: fc.option(fc.integer({ min: 1, max: 200 }).map(minute)),
      cases: fc.integer({ min: 0, max: 12 }),
      heldBy: fc.constantFrom('', '', 'anna', 'ben'),
    });
    const hours = fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 61, max: 400 }));
    fc.assert(
      fc.property(fc.array(anyTask, { maxLength: 12 }), hours, hours, (tasks, annas, bens) => {
        const all = tasks.map((one, index) => task(`t${index}`, one));
        const hands = [person('anna', ...annas), person('ben', ...bens)];
        const found = plan(snapshot(all, hands), 40);
        const planned = [...found.routes.values()].flat().map(({ taskId }) => taskId);
        const said = [...planned, ...found.unplanned.map(({ taskId }) => taskId)];
        expect([...said].sort()).toEqual(all.map(({ taskId }) => taskId).sort());
        for (const { personRef, fromMs, untilMs } of hands) {
          let atMs = fromMs;
          for (const { taskId, startsAtMs, endsAtMs } of found.routes.get(personRef) ?? []) {
            expect(startsAtMs).toBeGreaterThanOrEqual(atMs);
            const isHeld = all.some((one) => one.taskId === taskId && one.heldBy !== '');
            if (!isHeld) expect(endsAtMs).toBeLessThanOrEqual(untilMs);
            atMs = endsAtMs;
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});
