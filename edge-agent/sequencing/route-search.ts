/**
 * Search for several workers: a dispatching rule gives routes at once, late acceptance hill climbing
 * improves them (Burke and Bykov, "The late acceptance hill-climbing heuristic", European Journal of
 * Operational Research 258, 2017): a move is taken when it is no worse than the cost some moves ago.
 * Moves take a block of up to three jobs elsewhere, exchange two jobs, or exchange the tails of two routes.
 *
 * Without precedence a move is priced by its one or two routes alone. The same seed and number of
 * iterations give the same routes.
 */
import type { Prepared } from './preparation.ts';
import { routeCost, totalCost } from './schedule.ts';
import type { Fraction, SearchBudget } from './sequence-search.ts';

export interface RouteResult {
  /** By worker: indexes of prepared jobs. */
  routes: number[][];
  iterations: number;
}

/** How many moves ago the cost is looked up that a move must not exceed: by the number of jobs. */
const memoryOf = (jobs: number) => Math.min(400, 10 + 10 * jobs);
/** Moves without progress after which the search shakes the best routes. */
const patienceOf = (jobs: number) => Math.min(20_000, 200 + 15 * jobs * jobs);
const blockLimit = 3;

export function searchRoutes(
  prepared: Prepared,
  random: Fraction,
  budget: SearchBudget,
  improved: (cost: number) => void,
  start: readonly (readonly number[])[] = dispatched(prepared),
): RouteResult {
  const search = new RouteSearch(prepared, random, start);
  let iterations = 0;
  improved(search.bestCost);
  while (search.canMove && search.bestCost > 0 && !budget.isSpent(iterations)) {
    iterations += 1;
    if (search.step(iterations)) improved(search.bestCost);
  }
  return { routes: search.best, iterations };
}

class RouteSearch {
  best: number[][];
  bestCost: number;
  readonly canMove: boolean;
  readonly #prepared: Prepared;
  readonly #random: Fraction;
  readonly #fixed: readonly number[];
  #routes: number[][];
  #costs: number[];
  #cost: number;
  readonly #history: Float64Array;
  readonly #patience: number;
  #idle = 0;

  constructor(prepared: Prepared, random: Fraction, start: readonly (readonly number[])[]) {
    this.#prepared = prepared;
    this.#random = random;
    this.#fixed = prepared.workers.map(({ locked }) => locked.length);
    this.#routes = start.map((route) => [...route]);
    this.#costs = [];
    this.#cost = this.#price();
    this.best = this.#copy();
    this.bestCost = this.#cost;
    const { length } = prepared.jobs;
    this.#patience = patienceOf(length);
    this.#history = new Float64Array(memoryOf(length)).fill(this.#cost);
    const free = this.#routes.reduce(
      (sum, route, at) => sum + route.length - (this.#fixed[at] ?? 0),
      0,
    );
    this.canMove = free > 1 || (free === 1 && prepared.workers.length > 1);
  }

  /** One move; answers whether the best routes became better. */
  step(iteration: number): boolean {
    const changed = this.#move();
    if (changed === null) return false;
    const cost = this.#priceAfter(changed.map(({ worker }) => worker));
    const slot = iteration % this.#history.length;
    const isTaken = cost <= this.#cost || cost <= (this.#history[slot] as number);
    if (isTaken) this.#cost = cost;
    else this.#undo(changed);
    this.#history[slot] = this.#cost;
    this.#idle += 1;
    if (cost < this.bestCost && isTaken) {
      this.bestCost = cost;
      this.best = this.#copy();
      this.#idle = 0;
      return true;
    }
    if (this.#idle > this.#patience) this.#restart();
    return false;
  }

  #restart(): void {
    this.#idle = 0;
    this.#routes = this.best.map((route) => [...route]);
    const kicks = 3 + this.#integer(5);
    for (let kick = 0; kick < kicks; kick += 1) this.#move();
    this.#cost = this.#price();
    this.#history.fill(Math.max(this.#cost, this.bestCost * 1.02));
  }

  #copy(): number[][] {
    return this.#routes.map((route) => [...route]);
  }

  #price(): number {
    if (this.#prepared.hasPrecedence) return totalCost(this.#prepared, this.#routes);
    this.#costs = this.#routes.map((route, worker) => routeCost(this.#prepared, worker, route));
    return this.#costs.reduce((sum, cost) => sum + cost, 0);
  }

  #priceAfter(workers: readonly number[]): number {
    if (this.#prepared.hasPrecedence) return totalCost(this.#prepared, this.#routes);
    for (const worker of workers) {
      this.#costs[worker] = routeCost(this.#prepared, worker, this.#routes[worker] ?? []);
    }
    return this.#costs.reduce((sum, cost) => sum + cost, 0);
  }

  #undo(changed: readonly { worker: number; route: number[] }[]): void {
    for (const { worker, route } of changed) this.#routes[worker] = route;
    if (this.#prepared.hasPrecedence) return;
    for (const { worker, route } of changed) {
      this.#costs[worker] = routeCost(this.#prepared, worker, route);
    }
  }

  #integer(below: number): number {
    return Math.floor(this.#random() * below);
  }

  /** A worker with free jobs, by chance weighted with how many. */
  #busyWorker(): number {
    const { length } = this.#routes;
    for (let tries = 0; tries < 4 * length; tries += 1) {
      const worker = this.#integer(length);
      if ((this.#routes[worker]?.length ?? 0) > (this.#fixed[worker] ?? 0)) return worker;
    }
    return -1;
  }

  #freePlace(worker: number): number {
    const fixed = this.#fixed[worker] ?? 0;
    return fixed + this.#integer((this.#routes[worker]?.length ?? 0) - fixed);
  }

  /** Changes one or two routes at random; answers them as they were, or null when nothing fitted. */
  #move(): { worker: number; route: number[] }[] | null {
    const from = this.#busyWorker();
    if (from < 0) return null;
    const draw = this.#random();
    if (draw < 0.6 || this.#routes.length === 1)
      return draw < 0.35 ? this.#exchange(from) : this.#relocate(from);
    return draw < 0.85 ? this.#exchange(from) : this.#exchangeTails(from);
  }

  #mayDo(worker: number, jobs: readonly number[]): boolean {
    return jobs.every((index) => this.#prepared.jobs[index]?.workers.includes(worker));
  }

  #relocate(from: number): { worker: number; route: number[] }[] | null {
    const route = this.#routes[from] ?? [];
    const at = this.#freePlace(from);
    const block = route.slice(at, at + 1 + this.#integer(blockLimit));
    const to = this.#integer(this.#routes.length);
    if (to !== from && !this.#mayDo(to, block)) return null;
    const rest = [...route.slice(0, at), ...route.slice(at + block.length)];
    const target = to === from ? rest : (this.#routes[to] ?? []);
    const fixed = this.#fixed[to] ?? 0;
    const place = fixed + this.#integer(target.length - fixed + 1);
    const placed = [...target.slice(0, place), ...block, ...target.slice(place)];
    const before = [{ worker: from, route }];
    if (to !== from) before.push({ worker: to, route: this.#routes[to] ?? [] });
    this.#routes[from] = rest;
    this.#routes[to] = placed;
    return before;
  }

  #exchange(from: number): { worker: number; route: number[] }[] | null {
    const to = this.#busyWorker();
    if (to < 0) return null;
    const [one, other] = [this.#freePlace(from), this.#freePlace(to)];
    const route = this.#routes[from] ?? [];
    const target = this.#routes[to] ?? [];
    const [first, second] = [route[one], target[other]];
    if (first === undefined || second === undefined || first === second) return null;
    if (to === from) {
      const changed = [...route];
      changed[one] = second;
      changed[other] = first;
      this.#routes[from] = changed;
      return [{ worker: from, route }];
    }
    if (!this.#mayDo(to, [first]) || !this.#mayDo(from, [second])) return null;
    this.#routes[from] = route.with(one, second);
    this.#routes[to] = target.with(other, first);
    return [
      { worker: from, route },
      { worker: to, route: target },
    ];
  }

  #exchangeTails(from: number): { worker: number; route: number[] }[] | null {
    const to = this.#integer(this.#routes.length);
    if (to === from) return null;
    const route = this.#routes[from] ?? [];
    const target = this.#routes[to] ?? [];
    const one = this.#freePlace(from);
    const fixed = this.#fixed[to] ?? 0;
    const other = fixed + this.#integer(target.length - fixed + 1);
    const [tail, otherTail] = [route.slice(one), target.slice(other)];
    if (!this.#mayDo(to, tail) || !this.#mayDo(from, otherTail)) return null;
    this.#routes[from] = [...route.slice(0, one), ...otherTail];
    this.#routes[to] = [...target.slice(0, other), ...tail];
    return [
      { worker: from, route },
      { worker: to, route: target },
    ];
  }
}

/**
 * Routes at once: whoever is free first takes what presses most by weight, duration, slack and way
 * (ATCS, see rules.ts). Goes on from `begun`: what is locked, or a plan that does not know all jobs.
 */
export function dispatched(
  prepared: Prepared,
  begun: readonly (readonly number[])[] = prepared.workers.map(({ locked }) => locked),
): number[][] {
  const { jobs, workers, setup, initial, places } = prepared;
  const routes = begun.map((route) => [...route]);
  const placed = new Set(begun.flat());
  const left = new Set(jobs.keys());
  for (const index of placed) left.delete(index);
  const times = workers.map(({ start }) => start);
  const lasts = workers.map(() => -1);
  const ways = workers.map(() => 0);
  const wayTo = (worker: number, place: number) => {
    const last = lasts[worker] ?? -1;
    return (last < 0 ? initial[place] : setup[last * places + place]) as number;
  };
  const go = (worker: number, index: number) => {
    const job = jobs[index];
    if (job === undefined) return;
    ways[worker] = wayTo(worker, job.place);
    times[worker] =
      Math.max((times[worker] ?? 0) + (ways[worker] ?? 0), job.release) + job.duration;
    lasts[worker] = job.place;
  };
  begun.forEach((route, worker) => {
    for (const index of route) go(worker, index);
  });
  const pace =
    2 * (jobs.reduce((sum, { duration }) => sum + duration, 0) / Math.max(1, jobs.length)) + 1e-9;
  while (left.size > 0) {
    const free = workers
      .map((_, worker) => worker)
      .sort((one, other) => (times[one] ?? 0) - (times[other] ?? 0));
    let choice: { worker: number; index: number } | undefined;
    for (const worker of free) {
      let bestUrgency = Number.NEGATIVE_INFINITY;
      for (const index of left) {
        const job = jobs[index];
        if (job === undefined || !job.workers.includes(worker)) continue;
        if (!job.before.every((one) => placed.has(one))) continue;
        const now = times[worker] ?? 0;
        const way = wayTo(worker, job.place);
        const due = Math.min(job.due, job.deadline, 1e12);
        const slack = Math.max(0, due - job.duration - now - way);
        const wait = Math.max(0, job.release - now - way);
        const press = Number.isFinite(job.deadline) ? Math.max(job.weight, 1) * 4 : job.weight;
        const urgency =
          Math.log(Math.max(press, 1e-6) / Math.max(job.duration + way, 1e-6)) -
          (slack + 2 * wait) / pace;
        if (urgency > bestUrgency) {
          bestUrgency = urgency;
          choice = { worker, index };
        }
      }
      if (choice !== undefined) break;
    }
    // Only a circle of locks and precedence leaves jobs that nobody can take: they end at somebody's end.
    const { worker, index } = choice ?? leftOver(left, jobs);
    routes[worker]?.push(index);
    left.delete(index);
    placed.add(index);
    go(worker, index);
  }
  return routes;
}

function leftOver(
  left: ReadonlySet<number>,
  jobs: Prepared['jobs'],
): { worker: number; index: number } {
  const [index = 0] = left;
  return { worker: jobs[index]?.workers[0] ?? 0, index };
}

/** Cost that no routes can go below: each job alone, with its shortest way, done by its best worker. */
export function lowerBound(prepared: Prepared): number {
  const { jobs, workers, setup, initial, places } = prepared;
  let bound = 0;
  for (const job of jobs) {
    let way = initial[job.place] as number;
    for (const other of jobs) {
      if (other !== job) way = Math.min(way, setup[other.place * places + job.place] as number);
    }
    const starts = job.workers.map((worker) => (workers[worker]?.start ?? 0) + way);
    const end = Math.max(Math.min(...starts), job.release) + job.duration;
    if (end > job.due) bound += job.weight * (end - job.due);
  }
  return bound;
}
