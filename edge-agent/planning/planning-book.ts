/** What the store knows about its plan: who works when, who does what next, and what was learned. */

/** Who works from when to when; Unix milliseconds. */
export interface ShiftRecord {
  personRef: string;
  startsAtMs: number;
  endsAtMs: number;
  breaks: { startsAtMs: number; endsAtMs: number }[];
  /** Cases on the person's cart; 0: as usual. */
  cartCases: number;
}

export interface PlannedStopRecord {
  taskId: string;
  startsAtMs: number;
  endsAtMs: number;
}

export interface PlanRecord {
  planId: string;
  madeAtMs: number;
  /** What made it worthwhile, for people. */
  occasion: string;
  /** Stops in order, by person reference. */
  routes: Map<string, PlannedStopRecord[]>;
  /** Why a task is in nobody's route, by task id. */
  unplanned: Map<string, string>;
  /** Why a task is where it is, by task id; only of tasks that moved. */
  reasons: Map<string, string>;
  /** Lateness times weight. */
  weightedLateSeconds: number;
}

export interface PlanningBook {
  /** Null before the first. */
  plan: PlanRecord | null;
  /** By person reference, earliest first; they do not overlap. */
  shifts: Map<string, ShiftRecord[]>;
  /** How much tasks of a type count, by type name, in parts per million; absent: a million. */
  typeWeights: Map<string, number>;
  /** How long work took against what was expected, by type name, in parts per million, newest last. */
  paces: Map<string, number[]>;
  /** When each person ended a task last; for the time that the next one took. */
  lastEndedAtMs: Map<string, number>;
}

export function emptyPlanning(): PlanningBook {
  return {
    plan: null,
    shifts: new Map(),
    typeWeights: new Map(),
    paces: new Map(),
    lastEndedAtMs: new Map(),
  };
}
