/**
 * How long a task takes, step by step, and what the store learns about it.
 *
 * A refill is a walk to the bin, taking so many cases, a walk to the slot, placing so many pieces, and
 * confirming them; the other types likewise. Start values are those of the reference stores (seconds a
 * case, a piece, a scan; 1.2 m/s on foot). From each task that is done the store learns its pace: the
 * time it took against the time expected, per type of task and never per person. What counts is the
 * median of the last 25, drawn towards 1 as if eight more had gone as expected, and within a third and
 * three times of it.
 *
 * Example: 24 jars from two cases: 2 × 15 s to take, 24 × 4 s to place, 2 s to scan, and 40 m on foot:
 * 162 s. When eleven such tasks took 1.5 times as long, the next is expected to take
 * (11 × 1.5 + 8 × 1) / 19 = 1.29 times as long.
 */
import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import type { Product } from '../catalogue/catalogue.ts';
import type { StoreMap } from '../catalogue/store-map.ts';
import type { State } from '../state.ts';
import type { TaskRecord } from '../tasks/task-book.ts';
import type { PlanningBook } from './planning-book.ts';

/** Seconds of the parts of work, as measured for the reference stores. */
export const startValues = {
  takeCase: 15,
  stockPiece: 4,
  scan: 2,
  countPiece: 2,
  look: 3,
  receiveCase: 25,
  putAwayCase: 35,
  priceLabel: 20,
  reducedLabel: 5,
  newProduct: 120,
  coldCheck: 60,
  sensorCheck: 120,
} as const;

export const walkCentimetresPerSecond = 120;

/** Cases that a roll cart holds when nothing else is known. */
export const usualCartCases = 12;

/** A weighed good is handled in portions of this many base units (milligrams). */
const portionMilligrams = 500_000;

export interface WorkStep {
  name:
    | 'walk to bin'
    | 'take'
    | 'walk to slot'
    | 'place'
    | 'bring'
    | 'count'
    | 'look'
    | 'check'
    | 'label';
  seconds: number;
}

/** Paces that are kept per type. */
export const pacesKept = 25;
/** Tasks that went as expected, before any was done. */
const priorTasks = 8;
const leastPacePpm = 333_333;
const mostPacePpm = 3_000_000;
const ppmOfOne = 1_000_000;

/** The steps of a task from the first place to the last, at the store's pace. */
export function stepsOf(state: Readonly<State>, map: StoreMap, task: TaskRecord): WorkStep[] {
  const paceFactor = pacePpm(state.planning, task.type) / ppmOfOne;
  return expectedSteps(state, map, task).map(({ name, seconds }) => ({
    name,
    seconds: Math.round(seconds * paceFactor),
  }));
}

/** Seconds from the first place to the last, at the store's pace. */
export function durationSeconds(state: Readonly<State>, map: StoreMap, task: TaskRecord): number {
  return stepsOf(state, map, task).reduce((sum, { seconds }) => sum + seconds, 0);
}

/** As the start values say, before anything was learned. */
export function expectedSteps(state: Readonly<State>, map: StoreMap, task: TaskRecord): WorkStep[] {
  const product = state.catalogue.productByGtin.get(task.gtin);
  const handled = handledPieces(product, task.quantity);
  const cases = casesOf(product, task.quantity);
  const walk = (from: string, to: string) => map.distance(from, to) / walkCentimetresPerSecond;
  const { first, last } = placesOf(state, task);
  const { takeCase, stockPiece, scan, countPiece, look, receiveCase, putAwayCase } = startValues;
  const { priceLabel, reducedLabel, newProduct, coldCheck, sensorCheck } = startValues;
  switch (task.type) {
    case TaskType.REFILL:
      return [
        { name: 'take', seconds: cases * takeCase },
        { name: 'walk to slot', seconds: walk(first, last) },
        { name: 'place', seconds: handled * stockPiece + scan },
      ];
    case TaskType.RECEIVE:
      return [{ name: 'check', seconds: Math.max(1, cases) * receiveCase }];
    case TaskType.PUT_AWAY:
      return [
        { name: 'bring', seconds: walk(first, last) },
        { name: 'place', seconds: cases * putAwayCase },
      ];
    case TaskType.COUNT:
      return [{ name: 'count', seconds: look + heldIn(state, task) * countPiece }];
    case TaskType.LOOK:
      return [{ name: 'look', seconds: look }];
    case TaskType.CHANGE_PRICE:
      return [{ name: 'label', seconds: priceLabel }];
    case TaskType.MARK_DOWN:
      return [{ name: 'label', seconds: handled * reducedLabel + scan }];
    case TaskType.CHANGE_PLANOGRAM:
      return [{ name: 'place', seconds: newProduct }];
    case TaskType.CHECK_SENSOR:
      return [
        { name: 'check', seconds: sensorCheck },
        { name: 'count', seconds: heldIn(state, task) * countPiece },
      ];
    case TaskType.CHECK_COLD:
      return [{ name: 'check', seconds: coldCheck }];
    default:
      return [
        { name: 'take', seconds: cases * takeCase + scan },
        { name: 'bring', seconds: walk(first, last) },
      ];
  }
}

/** Done where one stands: nothing is carried anywhere. */
export const onTheSpot: ReadonlySet<TaskType> = new Set([
  TaskType.COUNT,
  TaskType.LOOK,
  TaskType.MARK_DOWN,
  TaskType.CHANGE_PRICE,
  TaskType.CHECK_COLD,
  TaskType.CHECK_SENSOR,
]);

/** Where a task begins and where it ends, by place id; empty where the map does not know. */
export function placesOf(
  state: Readonly<State>,
  task: TaskRecord,
): { first: string; last: string } {
  const fixture = state.catalogue.slotById.get(task.slotId)?.fixturePlaceId ?? '';
  if (onTheSpot.has(task.type)) {
    const place = fixture === '' ? task.fromPlaceId : fixture;
    return { first: place, last: place };
  }
  const last = fixture === '' ? task.toPlaceId : fixture;
  const first = task.fromPlaceId === '' ? last : task.fromPlaceId;
  return { first, last: last === '' ? first : last };
}

/** Cases to carry; a product without cases counts as one. */
export function casesOf(product: Product | undefined, quantity: number): number {
  const casePack = product?.casePack ?? 0;
  return casePack > 0 ? Math.max(1, Math.ceil(quantity / casePack)) : 1;
}

function handledPieces(product: Product | undefined, quantity: number): number {
  if (product?.unitOfMeasure !== 'kilogram') return quantity;
  return Math.ceil(quantity / portionMilligrams);
}

function heldIn(state: Readonly<State>, task: TaskRecord): number {
  const product = state.catalogue.productByGtin.get(task.gtin);
  const shelf = state.shelves.get(task.slotId);
  return handledPieces(product, shelf?.quantity ?? 0);
}

/** How long tasks of a type take against the start values, in parts per million. */
export function pacePpm({ paces }: Readonly<PlanningBook>, type: TaskType): number {
  const known = paces.get(TaskType[type]) ?? [];
  if (known.length === 0) return ppmOfOne;
  const sorted = [...known].sort((one, other) => one - other);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? ppmOfOne;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? ppmOfOne;
  const median = (lower + upper) / 2;
  const { length } = known;
  return Math.round((length * median + priorTasks * ppmOfOne) / (length + priorTasks));
}

/** Nothing is learned from longer ago, and when somebody last worked is nobody's business then. */
const endsKeptMs = 24 * 3_600_000;

/** A task is done, or done short: time of the person's next one counts from here. */
export function noteEnded({ planning }: State, personRef: string, endedAtMs: number): void {
  for (const [ref, atMs] of planning.lastEndedAtMs) {
    if (atMs < endedAtMs - endsKeptMs) planning.lastEndedAtMs.delete(ref);
  }
  planning.lastEndedAtMs.set(personRef, endedAtMs);
}

/** A task is done: learns how long it took. A short one teaches nothing but when it ended. */
export function noteTaken(state: State, task: TaskRecord, endedAtMs: number): void {
  const { planning, catalogue } = state;
  const { claimedBy, startedAtMs } = task;
  const begunAtMs = Math.max(startedAtMs, planning.lastEndedAtMs.get(claimedBy) ?? 0);
  noteEnded(state, claimedBy, endedAtMs);
  if (startedAtMs === 0) return;
  const steps = expectedSteps(state, catalogue.storeMap, task);
  const expected = steps.reduce((sum, { seconds }) => sum + seconds, 0);
  learnPace(planning, task.type, expected, (endedAtMs - begunAtMs) / 1_000);
}

/**
 * Learns from a task that is done. Time counts from when it was begun, or from the person's task before
 * when several were taken at once; an hour and more is a break and teaches nothing.
 */
export function learnPace(
  planning: PlanningBook,
  type: TaskType,
  expectedSeconds: number,
  tookSeconds: number,
): void {
  if (expectedSeconds <= 0 || tookSeconds <= 0 || tookSeconds > 3_600) return;
  const ratio = Math.round((tookSeconds / expectedSeconds) * ppmOfOne);
  const pace = Math.min(mostPacePpm, Math.max(leastPacePpm, ratio));
  const name = TaskType[type];
  const known = planning.paces.get(name) ?? [];
  known.push(pace);
  if (known.length > pacesKept) known.shift();
  planning.paces.set(name, known);
}
