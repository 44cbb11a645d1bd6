/**
 * Puts new jobs into a plan that is there, and leaves the order of all others as it is: each where the
 * plan becomes cheapest by it, the most urgent of them first. What somebody does next stays next, unless that
 * would cost dear.
 *
 * Example: Anna's round is milk, jam; flour beside the milk is new. The round becomes milk, flour, jam, not
 * milk, jam, and back for flour.
 *
 * A job in precedence is priced by the whole plan, any other by its route alone, though somebody might wait for
 * what it puts off: the plan is timed as a whole afterwards, and to time it for each place of each new
 * job took seconds for a thousand jobs with one pair in precedence.
 */
import type { Prepared } from './preparation.ts';
import { routeCost, totalCost } from './schedule.ts';

/** New jobs beyond this many are not worth the wait: most of the plan is new then. */
export const insertionLimit = 60;

/** Part of a route's cost that must be saved before what somebody does next is put off. */
const nextShare = 0.05;

/** @param begun routes by worker, what is locked first; changed in place */
export function insertNew(prepared: Prepared, begun: number[][], added: readonly number[]): void {
  const { jobs } = prepared;
  const dueOf = (index: number) => Math.min(jobs[index]?.due ?? 0, jobs[index]?.deadline ?? 0);
  const byDue = [...added].sort((one, other) => dueOf(one) - dueOf(other) || one - other);
  const linked = new Set(jobs.flatMap(({ before }, index) => (before.length > 0 ? [index] : [])));
  for (const { before } of jobs) for (const one of before) linked.add(one);
  for (const index of byDue) insert(prepared, begun, index, linked.has(index));
}

function insert(prepared: Prepared, routes: number[][], index: number, isLinked: boolean): void {
  const whole = isLinked ? totalCost(prepared, routes) : 0;
  let best = { worker: -1, at: 0, cost: Number.POSITIVE_INFINITY };
  for (const worker of prepared.jobs[index]?.workers ?? []) {
    const route = routes[worker] ?? [];
    const price = () =>
      isLinked ? totalCost(prepared, routes) : routeCost(prepared, worker, route);
    const before = isLinked ? whole : price();
    const locked = prepared.workers[worker]?.locked.length ?? 0;
    for (let at = route.length; at >= locked; at -= 1) {
      route.splice(at, 0, index);
      let cost = price() - before;
      route.splice(at, 1);
      if (at === locked && at < route.length) cost += before * nextShare;
      if (cost < best.cost) best = { worker, at, cost };
    }
  }
  routes[best.worker]?.splice(best.at, 0, index);
}
