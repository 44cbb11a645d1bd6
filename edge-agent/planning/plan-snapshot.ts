/**
 * What a search needs to know of the store, taken from the state in one go: open tasks with their worth,
 * people with their hours, and the plan so far. It holds no matrix: the search makes it elsewhere, so
 * that no acknowledgement waits for it.
 */
import { Priority } from '@stockhand/proto/events/v1alpha/plan_events_pb.js';
import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import { TaskStatus } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import type { StoreMap } from '../catalogue/store-map.ts';
import { localMinuteOf } from '../events/local-time.ts';
import type { Moment } from '../input.ts';
import type { State } from '../state.ts';
import { isHeld, type TaskRecord } from '../tasks/task-book.ts';
import { type Hands, handsFrom } from './shifts.ts';
import { worthOf } from './task-worth.ts';
import { casesOf, durationSeconds, onTheSpot, placesOf, usualCartCases } from './work-duration.ts';

/** Tasks that one plan holds; beyond it the least urgent wait for the next. */
export const plannedTasksLimit = 1_000;

export interface SnapshotTask {
  taskId: string;
  type: TaskType;
  durationSeconds: number;
  /** Place ids where it begins and ends. */
  first: string;
  last: string;
  dueAtMs: number;
  weight: number;
  deadlineMs: number | null;
  /** Cases on the cart; 0 when it needs none. */
  cases: number;
  skills: string[];
  /** Who has it in their hands; empty for nobody. */
  heldBy: string;
}

export interface PlanSnapshot {
  nowMs: number;
  basedOnPosition: number;
  /** Where carts are filled and people begin: the dock, or the first bin. */
  doorPlaceId: string;
  tasks: SnapshotTask[];
  hands: Hands[];
  /** Pairs [before, after] of task ids. */
  precedence: [string, string][];
  /** Task ids by person reference, in order. */
  previous: Map<string, string[]>;
}

export function snapshotOf(state: Readonly<State>, map: StoreMap, moment: Moment): PlanSnapshot {
  const { nowMs } = moment;
  const localMinute = localMinuteOf(nowMs, moment.utcOffsetMinutes);
  const open = [...state.tasks.open.values()].filter(
    (task) => task.status === TaskStatus.OPEN || isHeld(task),
  );
  if (open.length > plannedTasksLimit) {
    open.sort((one, other) => standing(other) - standing(one) || other.urgencyPpm - one.urgencyPpm);
    open.length = plannedTasksLimit;
  }
  const known = knownSkills(state);
  const tasks = open.map((task): SnapshotTask => {
    const product = state.catalogue.productByGtin.get(task.gtin);
    const needsCart = !onTheSpot.has(task.type);
    return {
      taskId: task.taskId,
      type: task.type,
      durationSeconds: durationSeconds(state, map, task),
      ...placesOf(state, task),
      ...worthOf(state, task, nowMs, localMinute),
      cases:
        needsCart && task.type !== TaskType.RECEIVE
          ? Math.min(usualCartCases, casesOf(product, task.quantity))
          : 0,
      skills: skillsNeeded(state, task, known),
      heldBy: task.claimedBy,
    };
  });
  return {
    nowMs,
    basedOnPosition: state.position,
    doorPlaceId: doorOf(state),
    tasks,
    hands: handsFrom(state, moment),
    precedence: precedenceOf(open),
    previous: new Map(
      [...(state.planning.plan?.routes ?? [])].map(([personRef, stops]) => [
        personRef,
        stops.map(({ taskId }) => taskId),
      ]),
    ),
  };
}

/** What is never left for the next plan: in hands, put first by a lead, wanted by a time; then the rest. */
function standing(task: TaskRecord): number {
  if (isHeld(task)) return 3;
  if (task.priority === Priority.FIRST) return 2;
  return task.dueAtMs > 0 && task.priority !== Priority.LAST ? 1 : 0;
}

/**
 * Skills by which master data may keep work for some: the type of the task ("receive", "collect-pick"),
 * and "cold" for chilled and frozen goods. One that nobody in master data has is not asked for.
 */
export function skillsNeeded(
  state: Readonly<State>,
  task: TaskRecord,
  known: ReadonlySet<string> = knownSkills(state),
): string[] {
  const product = state.catalogue.productByGtin.get(task.gtin);
  const isCold = product !== undefined && product.temperatureClass !== 'ambient';
  const name = TaskType[task.type].toLowerCase().replaceAll('_', '-');
  return (isCold ? [name, 'cold'] : [name]).filter((skill) => known.has(skill));
}

const knownSkills = (state: Readonly<State>): ReadonlySet<string> =>
  new Set(state.catalogue.facts.staff.flatMap(({ skills }) => skills));

/**
 * A place is counted before goods leave it. Put-aways come into being once their goods are received
 * (inbound/dock-tasks.ts), and refills from the dock once they may be taken, so they wait for nothing.
 */
function precedenceOf(open: readonly TaskRecord[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (const before of open.filter(({ type }) => type === TaskType.COUNT)) {
    for (const after of open) {
      const isMoved =
        after.type === TaskType.MOVE &&
        before.gtin === after.gtin &&
        before.fromPlaceId === after.fromPlaceId;
      // Work that somebody has begun waits for nothing any more.
      if (isMoved && !isHeld(after)) pairs.push([before.taskId, after.taskId]);
    }
  }
  return pairs;
}

function doorOf(state: Readonly<State>): string {
  const { places } = state.catalogue.facts;
  const door = places.find(({ kind }) => kind === 'dock') ?? places.find(isBackroom);
  return door?.placeId ?? '';
}

const isBackroom = ({ kind }: { kind: string }) => kind === 'backroom';
