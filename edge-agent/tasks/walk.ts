/**
 * Which open tasks go together in one walk with a cart: the next task, and those that lie near its way.
 *
 * The most urgent task that nobody has decides where to go. Other refills are added while the cart has
 * room, nearest slot first, as long as they are not far off the way; then the slots are visited by the
 * shortest way from one to the next. A task of another kind (receive, count, pick an order) is a walk of
 * its own.
 *
 * Example: the milk slot is empty, and yoghurt beside it is below its reorder point: one walk, two
 * slots. Washing powder two aisles on waits for its own.
 */
import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import { TaskStatus } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import type { Place } from '../catalogue/catalogue.ts';
import { rectilinear } from '../catalogue/store-map.ts';
import { casesOf, usualCartCases } from '../planning/work-duration.ts';
import type { State } from '../state.ts';
import type { TaskRecord } from './task-book.ts';

/** Slots of one walk: more would let the first of the next walk wait for too long. */
export const stopsLimit = 8;
/** How far off a further stop may be from the one before, unless it is urgent itself. */
const detourLimitCentimetres = 1_500;
/** From here on a task is worth any way within the store. */
const farWorthPpm = 600_000;

/** Open tasks of the next walk in the order in which to do them; empty when there is nothing to do. */
export function walkFor(state: Readonly<State>): TaskRecord[] {
  const open = [...state.tasks.open.values()].filter(({ status }) => status === TaskStatus.OPEN);
  open.sort(
    (one, other) =>
      other.urgencyPpm - one.urgencyPpm || one.createdPosition - other.createdPosition,
  );
  const [first, ...others] = open;
  if (first === undefined) return [];
  if (first.type !== TaskType.REFILL) return [first];
  const chosen = [first];
  let cases = casesTo(state, first);
  const candidates = others.filter(({ type }) => type === TaskType.REFILL);
  while (chosen.length < stopsLimit) {
    const near = nearest(state, chosen, candidates, usualCartCases - cases);
    if (near === undefined) break;
    chosen.push(near);
    cases += casesTo(state, near);
    candidates.splice(candidates.indexOf(near), 1);
  }
  return inWalkingOrder(state, chosen);
}

function casesTo(state: Readonly<State>, { gtin, quantity }: TaskRecord): number {
  return casesOf(state.catalogue.productByGtin.get(gtin), quantity);
}

function nearest(
  state: Readonly<State>,
  chosen: readonly TaskRecord[],
  candidates: readonly TaskRecord[],
  room: number,
): TaskRecord | undefined {
  let best: TaskRecord | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const task of candidates) {
    if (casesTo(state, task) > room) continue;
    const limit = task.urgencyPpm >= farWorthPpm ? bestDistance : detourLimitCentimetres;
    for (const stop of chosen) {
      const distance = apart(slotPlace(state, stop), slotPlace(state, task));
      if (distance < bestDistance && distance <= limit) {
        best = task;
        bestDistance = distance;
      }
    }
  }
  return best;
}

/** From the backroom door to the slots, always to the nearest next. */
function inWalkingOrder(state: Readonly<State>, tasks: readonly TaskRecord[]): TaskRecord[] {
  const left = [...tasks];
  const order: TaskRecord[] = [];
  let at = state.catalogue.placeById.get(tasks[0]?.fromPlaceId ?? '');
  while (left.length > 0) {
    left.sort(
      (one, other) => apart(at, slotPlace(state, one)) - apart(at, slotPlace(state, other)),
    );
    const next = left.shift();
    if (next === undefined) break;
    order.push(next);
    at = slotPlace(state, next);
  }
  return order;
}

function slotPlace(state: Readonly<State>, task: TaskRecord): Place | undefined {
  const slot = state.catalogue.slotById.get(task.slotId);
  return state.catalogue.placeById.get(slot?.fixturePlaceId ?? '');
}

/** Along and across the aisles; places that the map does not know are near. */
function apart(one: Place | undefined, other: Place | undefined): number {
  if (one === undefined || other === undefined) return 0;
  return rectilinear(one, other);
}
