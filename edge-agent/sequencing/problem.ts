/**
 * A sequencing problem and its answer, as `stockhand plan` reads and prints them. Times are whole or
 * fractional units of the caller's choice (seconds, say), the same everywhere; ids are texts.
 */

export interface PlanJob {
  id: string;
  duration: number;
  /** Wanted end; lateness costs `weight` a unit of time. No due: never late. */
  due?: number;
  /** 1 when left out. */
  weight?: number;
  /** Earliest start; 0 when left out. */
  release?: number;
  /** Hard end: a job that cannot keep it is not scheduled. */
  deadline?: number;
  /** All of these are needed. */
  skills?: string[];
  /** Room that it takes on a cart; 0 when left out. */
  capacity?: number;
  /** Why it cannot be read: it keeps its place in the tables and is not scheduled. */
  unreadable?: string;
}

export interface PlanWorker {
  id: string;
  /** 0 when left out. */
  start?: number;
  /** No job may end later; never ends when left out. */
  end?: number;
  skills?: string[];
  /** Room on the cart; endless when left out. A full cart goes back before the next job. */
  cart?: number;
  /** Jobs that this worker does first, in this order: claimed or begun, not to be moved. */
  locked?: string[];
}

export interface PlanProblem {
  objective?: 'weighted-tardiness';
  jobs: PlanJob[];
  workers: PlanWorker[];
  /** setup[from][to]: way and change between two jobs, by their places in `jobs`. */
  setup: number[][];
  /** Way from where a worker begins to each job. */
  initial: number[];
  /** Way back from each job to where carts are filled; 0 when left out. */
  unload?: number[];
  /**
   * What each unit of time on ways costs, in units of weighted tardiness; 0 when left out. Without it, work
   * that is not late is done in any order, however far apart it lies.
   */
  wayWeight?: number;
  /**
   * What each unit of time costs until a job has ended, late or not; 0 when left out. Without it, work that
   * has time may be left to one worker while others stand by.
   */
  endWeight?: number;
  /** Pairs [before, after]: the second begins when the first has ended, whoever does them. */
  precedence?: [string, string][];
  /** The plan so far, by worker: where the search begins. */
  warmStart?: { worker: string; jobs: string[] }[];
}

export interface PlannedJob {
  id: string;
  start: number;
  end: number;
}

export interface PlanAnswer {
  /** Weighted tardiness of the jobs that are scheduled. */
  objective: number;
  /** What the search brought down: weighted tardiness, and what ways and ends cost. */
  cost: number;
  /** Time on ways, of all workers together. */
  ways: number;
  /** No plan can be less late than this. */
  bound: number;
  assignments: { worker: string; jobs: PlannedJob[] }[];
  notScheduled: { id: string; reason: string }[];
  /** What is wrong with the problem itself; the rest was planned. */
  faults: { field: string; found: string; expected: string }[];
  iterations: number;
}
