/** Laws of a found plan: what it must keep, and that it stays as it is while little happens. */
import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Place } from '../catalogue/catalogue.ts';
import { storeMapOf } from '../catalogue/store-map.ts';
import { seededFraction } from '../sequencing/seeded-fraction.ts';
import { solve } from '../sequencing/solve.ts';
import { type FoundPlan, findPlan, type ProposedStop, problemOf } from './plan-search.ts';
import type { PlanSnapshot, SnapshotTask } from './plan-snapshot.ts';

const startMs = Date.UTC(2026, 10, 23, 9);
const minutesMs = (minutes: number) => minutes * 60_000;
const spots = ['dock', 'a', 'b', 'c', 'd', 'e'] as const;
const map = storeMapOf(
  spots.map((placeId, index): Place => {
    const kind = placeId === 'dock' ? 'dock' : 'sales-floor';
    const [xCentimetres, yCentimetres] = [(index % 3) * 1_800, Math.floor(index / 3) * 1_500];
    return { placeId, kind, name: placeId, parentPlaceId: '', xCentimetres, yCentimetres };
  }),
  [],
);
const rounds = (count: number) => ({ isSpent: (done: number) => done >= count });

const taskOf = (taskId: string, more: Partial<SnapshotTask>): SnapshotTask => ({
  taskId,
  type: TaskType.REFILL,
  durationSeconds: 120,
  first: 'dock',
  last: 'a',
  dueAtMs: startMs + minutesMs(240),
  weight: 5,
  deadlineMs: null,
  cases: 1,
  skills: [],
  heldBy: '',
  ...more,
});

const handsOf = (personRef: string, skills: string[] = []) => ({
  personRef,
  fromMs: startMs,
  untilMs: startMs + minutesMs(480),
  skills,
  cartCases: 6,
});

const snapshotOf = (tasks: SnapshotTask[], more: Partial<PlanSnapshot> = {}): PlanSnapshot => ({
  nowMs: startMs,
  basedOnPosition: 3,
  doorPlaceId: 'dock',
  tasks,
  hands: [handsOf('anna', ['cold']), handsOf('ben')],
  precedence: [],
  previous: new Map(),
  ...more,
});

const stopsById = (found: FoundPlan) => {
  const stops = new Map<string, ProposedStop>();
  for (const one of [...found.routes.values()].flat()) stops.set(one.taskId, one);
  return stops;
};

const spot = fc.constantFrom(...spots);
const anyTask = fc.record({
  type: fc.constantFrom(TaskType.REFILL, TaskType.REFILL, TaskType.COUNT),
  durationSeconds: fc.integer({ min: 30, max: 900 }),
  first: spot,
  last: spot,
  dueAtMs: fc.integer({ min: -30, max: 200 }).map((after) => startMs + minutesMs(after)),
  weight: fc.integer({ min: 1, max: 100 }),
  deadlineMs: fc.option(
    fc.integer({ min: 2, max: 120 }).map((after) => startMs + minutesMs(after)),
  ),
  cases: fc.integer({ min: 1, max: 6 }),
  skills: fc.constantFrom<string[]>([], [], ['cold']),
});

test('skills, deadlines that can be kept, precedence and carts are kept', () => {
  fc.assert(
    fc.property(fc.array(anyTask, { minLength: 2, maxLength: 12 }), (all) => {
      const tasks = all.map((one, index) => taskOf(`t${index}`, one));
      const snapshot = snapshotOf(tasks, { precedence: [['t0', 't1']] });
      const found = findPlan(snapshot, map, rounds(200));
      const stops = stopsById(found);
      const options = { random: seededFraction(snapshot.basedOnPosition), budget: rounds(200) };
      const hard = solve(problemOf(snapshot, map, new Set()), options);
      const lost = new Set(hard.notScheduled.map(({ id }) => id));
      for (const { taskId, deadlineMs, skills } of tasks) {
        const stop = stops.get(taskId);
        if (stop === undefined) continue;
        const isInTime = deadlineMs === null || stop.endsAtMs <= deadlineMs;
        expect(isInTime || lost.has(taskId)).toBe(true);
        const isBens = found.routes.get('ben')?.includes(stop) ?? false;
        expect(isBens && skills.includes('cold')).toBe(false);
      }
      const [before, after] = [stops.get('t0'), stops.get('t1')];
      if (before && after) expect(after.startsAtMs).toBeGreaterThanOrEqual(before.endsAtMs);
      for (const route of found.routes.values()) checkCart(snapshot, route);
    }),
    { numRuns: 150 },
  );
});

/** Whoever has no room left has had the time to go back to the door in between. */
function checkCart({ tasks, doorPlaceId }: PlanSnapshot, route: readonly ProposedStop[]): void {
  const seconds = (from: string, to: string) => Math.round(map.distance(from, to) / 120);
  let room = 6;
  let last: { task: SnapshotTask; endsAtMs: number } | undefined;
  for (const { taskId, startsAtMs, endsAtMs } of route) {
    const task = tasks.find((one) => one.taskId === taskId);
    if (task === undefined) throw new Error(`unknown task ${taskId}`);
    if (last !== undefined && task.cases > room) {
      const way = seconds(last.task.last, doorPlaceId) + seconds(doorPlaceId, task.first);
      expect((startsAtMs - last.endsAtMs) / 1_000).toBeGreaterThanOrEqual(way);
      room = 6;
    }
    room -= task.cases;
    last = { task, endsAtMs };
  }
}

test('a stream of small changes hardly moves the plan, and never what is in hands', () => {
  const fraction = seededFraction(11);
  const pick = <T>(items: readonly T[]) => items[Math.floor(fraction() * items.length)] as T;
  const calm = (number: number) =>
    taskOf(`t${number}`, {
      durationSeconds: 60 + Math.floor(240 * fraction()),
      last: pick(spots),
      weight: 1 + Math.floor(20 * fraction()),
      dueAtMs: startMs + minutesMs(60 + 240 * fraction()),
      cases: 1 + Math.floor(2 * fraction()),
    });
  let tasks = Array.from({ length: 30 }, (_, number) => calm(number));
  let previous: PlanSnapshot['previous'] = new Map();
  let reordered = 0;
  for (let minute = 0; minute < 40; minute += 1) {
    const nowMs = startMs + minutesMs(minute);
    const found = findPlan(snapshotOf(tasks, { nowMs, previous }), map, rounds(6_000));
    const orders = [...found.routes].map(([person, stops]): [string, string[]] => [
      person,
      stops.map(({ taskId }) => taskId),
    ]);
    const next = new Map(orders);
    for (const { taskId, heldBy } of tasks) {
      if (heldBy !== '') expect(next.get(heldBy)?.[0]).toBe(taskId);
    }
    const isNew = (taskId: string) => ![...previous.values()].flat().includes(taskId);
    const isSame = [...previous].every(([person, ids]) => {
      const kept = next.get(person)?.filter((id) => !isNew(id)) ?? [];
      const open = ids.filter((id) => tasks.some(({ taskId }) => taskId === id));
      return kept.join() === open.join();
    });
    if (!isSame) reordered += 1;
    // Each minute somebody takes their next task in hands, one in hands is done, and one is new.
    const [done] = tasks.filter(({ heldBy }) => heldBy !== '');
    tasks = tasks.filter((task) => task !== done);
    const person = minute % 2 === 0 ? 'anna' : 'ben';
    const isFree = tasks.every(({ heldBy }) => heldBy !== person);
    const first = next.get(person)?.find((id) => tasks.some(({ taskId }) => taskId === id));
    if (isFree)
      tasks = tasks.map((task) => (task.taskId === first ? { ...task, heldBy: person } : task));
    tasks.push(calm(100 + minute));
    previous = next;
  }
  expect(reordered).toBeLessThanOrEqual(5);
});
