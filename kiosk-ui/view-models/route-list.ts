/**
 * The plan as lists for people: whose routes there are, the rows of one route, and what is due first.
 *
 * My own route comes first, the others by name. A row says when it is planned, when it is due and why it
 * stands where it stands: it is in somebody's hands, a lead put it there, it must be done by a time, it
 * moved for a reason that the plan told, or nothing special. It is late when it ends after it is due, by
 * whole minutes, so that seconds of rounding alarm nobody.
 *
 * Example: milk is planned 14:05 to 14:12 and due at 14:08: 4 minutes late.
 */
import { type Timestamp, timestampMs } from '@bufbuild/protobuf/wkt';
import { Priority } from '@stockhand/proto/events/v1alpha/plan_events_pb.js';
import {
  type PersonRoute,
  type RouteStop,
  type ShowPlanResponse,
  TaskStatus,
} from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';

export type Standing = 'in-hand' | 'paused' | 'first' | 'last' | 'hard' | 'planned';

export interface RouteRow {
  taskId: string;
  /** From 1, as on the map. */
  number: number;
  title: string;
  startMs: number;
  endMs: number;
  /** Undefined: whenever there is time. */
  dueMs: number | undefined;
  lateMinutes: number;
  standing: Standing;
  /** What changed and why; empty when nothing did. */
  changed: string;
  explanation: string;
  fromPlaceId: string;
  placeId: string;
  priority: Priority;
  /** Nobody has it in hands, so a lead may put it elsewhere. */
  isMovable: boolean;
}

const minuteMs = 60_000;

/** Routes with the person's own first. */
export function routesInOrder(plan: ShowPlanResponse, ownRef: string): PersonRoute[] {
  const isOwn = ({ personRef }: PersonRoute) => Number(personRef === ownRef);
  return [...plan.routes].sort(
    (one, other) =>
      isOwn(other) - isOwn(one) || one.personName.localeCompare(other.personName, 'en'),
  );
}

export function routeRows({ stops }: PersonRoute): RouteRow[] {
  return stops.map((stop, index) => {
    const { taskId, title, explanation, fromPlaceId, placeId, priority } = stop;
    const [startMs, endMs] = [msOf(stop.startsAt) ?? 0, msOf(stop.endsAt) ?? 0];
    const standing = standingOf(stop);
    // A lead's word is no clock: "first" is due now and "last" tomorrow only in the planner's sums.
    const dueMs = isPutByLead(stop) ? undefined : msOf(stop.dueAt);
    return {
      taskId,
      number: index + 1,
      title,
      startMs,
      endMs,
      dueMs,
      lateMinutes: minutesLate(endMs, dueMs),
      standing,
      changed: stop.reason,
      explanation,
      fromPlaceId,
      placeId,
      priority,
      isMovable: standing !== 'in-hand' && standing !== 'paused',
    };
  });
}

function isPutByLead({ priority }: RouteStop): boolean {
  return priority === Priority.FIRST || priority === Priority.LAST;
}

function minutesLate(endMs: number, dueMs: number | undefined): number {
  return dueMs === undefined ? 0 : Math.max(0, Math.floor((endMs - dueMs) / minuteMs));
}

function standingOf({ status, priority, isHard }: RouteStop): Standing {
  if (status === TaskStatus.PAUSED) return 'paused';
  if (status === TaskStatus.CLAIMED || status === TaskStatus.STARTED) return 'in-hand';
  if (priority === Priority.FIRST) return 'first';
  if (priority === Priority.LAST) return 'last';
  return isHard ? 'hard' : 'planned';
}

export interface DueTask {
  taskId: string;
  title: string;
  dueMs: number;
  /** Who does it; empty when nobody does. */
  personName: string;
  /** When it is planned to begin; undefined when it is not. */
  startMs: number | undefined;
  lateMinutes: number;
}

/** The tasks that are due first, planned or not, whoever does them. */
export function dueFirst(plan: ShowPlanResponse, most: number): DueTask[] {
  const planned = plan.routes.flatMap((route) =>
    routeRows(route).flatMap(({ taskId, title, startMs, lateMinutes, ...row }): DueTask[] => {
      // What a lead put first is wanted before all that has a time.
      const dueMs = row.standing === 'first' ? startMs : row.dueMs;
      if (dueMs === undefined) return [];
      return [{ taskId, title, dueMs, personName: route.personName, startMs, lateMinutes }];
    }),
  );
  const undone = plan.unplanned.flatMap(({ taskId, title, dueAt }): DueTask[] => {
    const dueMs = msOf(dueAt);
    if (dueMs === undefined) return [];
    return [{ taskId, title, dueMs, personName: '', startMs: undefined, lateMinutes: 0 }];
  });
  return [...planned, ...undone]
    .sort((one, other) => one.dueMs - other.dueMs || (one.taskId < other.taskId ? -1 : 1))
    .slice(0, most);
}

/** Where a lead puts a task by one step: first, as reckoned, last; null when it is there already. */
export function stepped(priority: Priority, direction: 'up' | 'down'): Priority | null {
  const rungs = [Priority.FIRST, Priority.AS_RECKONED, Priority.LAST];
  const rung = priority === Priority.FIRST ? 0 : priority === Priority.LAST ? 2 : 1;
  return rungs[rung + (direction === 'up' ? -1 : 1)] ?? null;
}

function msOf(moment: Timestamp | undefined): number | undefined {
  return moment === undefined ? undefined : timestampMs(moment);
}
