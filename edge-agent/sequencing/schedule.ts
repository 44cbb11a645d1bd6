/**
 * From routes (who does what in which order) to times and cost.
 *
 * A worker goes from job to job as early as ways, releases and precedence allow. When the next job no
 * longer fits on the cart the worker first goes back (`unload`) and sets out again (`initial`). A job that
 * cannot end before its deadline or the end of the shift is left out where it is met, and so is
 * whatever waits for it. The cost is the weight left out first, then weighted tardiness and,
 * where the problem prices them, ways and ends.
 */
import type { Prepared, PreparedJob } from './preparation.ts';

/** What one left-out job costs beside its weight, in units of tardiness, at the least. */
export const leftOutCost = 1e9;

/**
 * The same for one problem: no job's lateness may be dearer than to leave out another one, in whatever
 * unit times are. All work, one after the other, is the latest that a plan ends.
 */
export function leftOutCostOf(jobs: readonly PreparedJob[], starts: readonly number[]): number {
  let [latest, work, weight] = [Math.max(0, ...starts), 0, 0];
  for (const job of jobs) {
    latest = Math.max(latest, job.release);
    work += job.duration;
    weight = Math.max(weight, job.weight);
  }
  return Math.max(leftOutCost, (latest + work) * weight);
}

export interface Timing {
  /** By job; NaN for one that is left out. */
  starts: Float64Array;
  ends: Float64Array;
  tardiness: number;
  /** Time on ways, of all workers. */
  ways: number;
  leftOut: number;
}

/** The cost of one route on its own; only right when no job waits for one of another route. */
export function routeCost(prepared: Prepared, worker: number, route: readonly number[]): number {
  const { jobs, workers, setup, initial, unload, places, wayWeight, endWeight } = prepared;
  const { leftOutCost } = prepared;
  const who = workers[worker];
  if (who === undefined) return 0;
  let time = who.start;
  let room = who.cart;
  let last = -1;
  let cost = 0;
  for (const index of route) {
    const job = jobs[index];
    if (job === undefined) continue;
    const isFull = last >= 0 && job.capacity > room;
    const way =
      last < 0
        ? (initial[job.place] as number)
        : isFull
          ? (unload[last] as number) + (initial[job.place] as number)
          : (setup[last * places + job.place] as number);
    const end = Math.max(time + way, job.release) + job.duration;
    if (end > job.deadline || end > who.end) {
      cost += leftOutCost * (1 + job.weight);
      continue;
    }
    if (isFull) room = who.cart;
    room -= job.capacity;
    time = end;
    last = job.place;
    cost += wayWeight * way + endWeight * end;
    if (end > job.due) cost += job.weight * (end - job.due);
  }
  return cost;
}

/** Times of all routes together. */
export function timing(prepared: Prepared, routes: readonly (readonly number[])[]): Timing {
  const { jobs, workers, setup, initial, unload, places } = prepared;
  const starts = new Float64Array(jobs.length).fill(Number.NaN);
  const ends = new Float64Array(jobs.length).fill(Number.NaN);
  // 0 waits, 1 has its times, 2 is left out.
  const states = new Uint8Array(jobs.length).fill(2);
  for (const route of routes) for (const index of route) states[index] = 0;
  const at = workers.map(() => 0);
  const times = workers.map(({ start }) => start);
  const rooms = workers.map(({ cart }) => cart);
  const lasts = workers.map(() => -1);
  let ways = 0;
  const advance = (worker: number): boolean => {
    const who = workers[worker];
    const index = routes[worker]?.[at[worker] ?? 0];
    const job = index === undefined ? undefined : jobs[index];
    if (who === undefined || index === undefined || job === undefined) return false;
    if (job.before.some((one) => states[one] === 0)) return false;
    at[worker] = (at[worker] ?? 0) + 1;
    const last = lasts[worker] ?? -1;
    const isFull = last >= 0 && job.capacity > (rooms[worker] ?? 0);
    let way = initial[job.place] as number;
    if (isFull) way += unload[last] as number;
    else if (last >= 0) way = setup[last * places + job.place] as number;
    const ready = job.before.reduce((latest, one) => Math.max(latest, ends[one] ?? 0), job.release);
    const start = Math.max((times[worker] ?? 0) + way, ready);
    const end = start + job.duration;
    const isOut = job.before.some((one) => states[one] === 2);
    if (isOut || end > job.deadline || end > who.end) {
      states[index] = 2;
      return true;
    }
    if (isFull) rooms[worker] = who.cart;
    rooms[worker] = (rooms[worker] ?? 0) - job.capacity;
    states[index] = 1;
    starts[index] = start;
    ends[index] = end;
    times[worker] = end;
    lasts[worker] = job.place;
    ways += way;
    return true;
  };
  // Routes that wait for each other in a circle stop; what is behind is left out.
  for (let isMoving = true; isMoving; ) {
    isMoving = false;
    for (let worker = 0; worker < workers.length; worker += 1) {
      while (advance(worker)) isMoving = true;
    }
  }
  let tardiness = 0;
  let leftOut = 0;
  jobs.forEach((job, index) => {
    if (states[index] !== 1) leftOut += 1 + job.weight;
    else tardiness += job.weight * Math.max(0, (ends[index] ?? 0) - job.due);
  });
  return { starts, ends, tardiness, ways, leftOut };
}

/** What the jobs that are scheduled cost. */
export function costOf(
  { wayWeight, endWeight }: Prepared,
  { ends, tardiness, ways }: Timing,
): number {
  if (endWeight === 0) return tardiness + wayWeight * ways;
  const sum = ends.reduce((all, end) => (Number.isNaN(end) ? all : all + end), 0);
  return tardiness + wayWeight * ways + endWeight * sum;
}

export function totalCost(prepared: Prepared, routes: readonly (readonly number[])[]): number {
  const times = timing(prepared, routes);
  return times.leftOut * prepared.leftOutCost + costOf(prepared, times);
}
