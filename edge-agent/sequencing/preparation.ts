/**
 * Makes a problem fit for the search: names each job and worker by its place, finds what can never be
 * done and why, and leaves it out, so that one bad item never stops the rest.
 */
import { keepableLocks } from './locks.ts';
import { leaveOutFollowers, soundPairs } from './precedence.ts';
import type { PlanAnswer, PlanJob, PlanProblem, PlanWorker } from './problem.ts';
import { leftOutCostOf } from './schedule.ts';
import { isWay, shapeFaults } from './shape-faults.ts';

export interface PreparedJob {
  id: string;
  /** Its place in the problem: index into setup and initial. */
  place: number;
  duration: number;
  due: number;
  weight: number;
  release: number;
  deadline: number;
  capacity: number;
  /** Places of the workers who may do it. */
  workers: number[];
  /** Indexes of prepared jobs that must have ended. */
  before: number[];
}

export interface PreparedWorker {
  id: string;
  start: number;
  end: number;
  cart: number;
  /** Indexes of prepared jobs. */
  locked: number[];
}

export interface Prepared {
  jobs: PreparedJob[];
  workers: PreparedWorker[];
  /** By place: setup[from × places + to]. */
  places: number;
  setup: Float64Array;
  initial: Float64Array;
  unload: Float64Array;
  hasPrecedence: boolean;
  wayWeight: number;
  endWeight: number;
  /** What a left-out job costs beside its weight. */
  leftOutCost: number;
  notScheduled: PlanAnswer['notScheduled'];
  faults: PlanAnswer['faults'];
}

/** Greater figures would lose their units in sums, or run out of numbers. */
const greatest = Number.MAX_SAFE_INTEGER;
const expectedTime = `expected 0 to ${greatest}`;

const isTime = (value: number | undefined): value is number =>
  value !== undefined && value >= 0 && value <= greatest;

export function prepare(problem: PlanProblem): Prepared {
  const faults = shapeFaults(problem);
  const notScheduled: PlanAnswer['notScheduled'] = [];
  const workers = problem.workers.filter((worker, index) =>
    isSound(worker, index, problem, faults),
  );
  const widest = Math.max(0, ...problem.setup.map(({ length }) => length));
  const width = Math.min(problem.jobs.length, widest);
  const seen = new Set<string>();
  const reasons = problem.jobs.map((job, place) => {
    const reason = seen.has(job.id)
      ? `another job has the id "${job.id}"`
      : faultOf(job, place, problem, workers, width);
    seen.add(job.id);
    return reason;
  });
  const pairs = soundPairs(problem, faults);
  leaveOutFollowers(problem, reasons, pairs);
  const indexById = new Map<string, number>();
  const jobs: PreparedJob[] = [];
  problem.jobs.forEach((job, place) => {
    const reason = reasons[place];
    if (reason !== null && reason !== undefined) {
      notScheduled.push({ id: job.id, reason });
      return;
    }
    indexById.set(job.id, jobs.length);
    jobs.push(preparedJob(job, place, workers));
  });
  for (const [before, after] of pairs) {
    const [one, other] = [indexById.get(before), indexById.get(after)];
    if (one !== undefined && other !== undefined) jobs[other]?.before.push(one);
  }
  return {
    jobs,
    workers: preparedWorkers(workers, jobs, indexById, faults),
    ...travel(problem),
    wayWeight: soundWeight('wayWeight', problem.wayWeight, faults),
    endWeight: soundWeight('endWeight', problem.endWeight, faults),
    leftOutCost: leftOutCostOf(
      jobs,
      workers.map(({ start = 0 }) => start),
    ),
    hasPrecedence: jobs.some(({ before }) => before.length > 0),
    notScheduled,
    faults,
  };
}

function isSound(
  worker: PlanWorker,
  index: number,
  problem: PlanProblem,
  faults: PlanAnswer['faults'],
): boolean {
  const field = `workers[${index}]`;
  if (problem.workers.findIndex(({ id }) => id === worker.id) < index) {
    faults.push({ field: `${field}.id`, found: worker.id, expected: 'an id of its own' });
    return false;
  }
  const { start = 0, end = Number.POSITIVE_INFINITY, cart = Number.POSITIVE_INFINITY } = worker;
  if (isTime(start) && end >= start && cart >= 0) return true;
  const found = `start ${start}, end ${end}, cart ${cart}`;
  faults.push({ field, found, expected: '0 ≤ start ≤ end, and a cart of 0 or more' });
  return false;
}

/** Why a job can never be done; null when it can, as far as the job itself goes. */
function faultOf(
  job: PlanJob,
  place: number,
  problem: PlanProblem,
  workers: readonly PlanWorker[],
  width: number,
): string | null {
  if (job.unreadable !== undefined) return job.unreadable;
  const { duration, due = 0, weight = 1, release = 0, capacity = 0 } = job;
  const { deadline = Number.POSITIVE_INFINITY } = job;
  if (!isTime(duration)) return `duration ${duration}: ${expectedTime}`;
  if (!(Math.abs(due) <= greatest)) return `due ${due}: expected a number up to ${greatest}`;
  if (Number.isNaN(deadline)) return `deadline ${deadline}: expected a number`;
  if (!isTime(weight)) return `weight ${weight}: ${expectedTime}`;
  if (!isTime(release)) return `release ${release}: ${expectedTime}`;
  if (!isTime(capacity)) return `capacity ${capacity}: ${expectedTime}`;
  const fault = wayFault(problem, place, width);
  if (fault !== null) return fault;
  const way = problem.initial[place] ?? 0;
  const able = workers.filter((worker) => hasSkills(worker, job));
  if (able.length === 0) {
    return workers.length === 0
      ? 'there is no worker'
      : `nobody has the skills ${(job.skills ?? []).join(', ')}`;
  }
  const fitting = able.filter(({ cart = Number.POSITIVE_INFINITY }) => cart >= capacity);
  if (fitting.length === 0) return `capacity ${capacity} fits on nobody’s cart`;
  const least = Math.min(
    ...problem.setup.map((from, index) => {
      const one = from[place];
      return index !== place && isTime(one) ? one : way;
    }),
    way,
  );
  const ends = fitting.map(({ start = 0 }) => Math.max(release, start + least) + duration);
  const earliest = Math.min(...ends);
  if (earliest > deadline)
    return `deadline ${deadline} cannot be met: it ends at ${earliest} at the earliest`;
  const isInShift = fitting.some(
    ({ end = Number.POSITIVE_INFINITY }, index) => (ends[index] ?? 0) <= end,
  );
  return isInShift ? null : 'it fits into nobody’s shift';
}

/** What is wrong with the ways to and from a job; nobody goes from a job to itself. `width`: columns. */
function wayFault(
  { jobs, setup, initial }: PlanProblem,
  place: number,
  width: number,
): string | null {
  const row = setup[place] ?? [];
  if (row.length < width || width === 0) {
    return `setup[${place}] has ${row.length} of ${jobs.length} values: the matrix is not square`;
  }
  if (place >= width) return `setup has no column ${place}: the matrix is not square`;
  const bad = row.findIndex((value, to) => to !== place && to < width && !isTime(value));
  if (bad >= 0) return `setup[${place}][${bad}] is ${row[bad]}: ${expectedTime}`;
  const way = initial[place];
  return isTime(way) ? null : `initial[${place}] is ${way}: ${expectedTime}`;
}

function hasSkills(worker: PlanWorker, job: PlanJob): boolean {
  const skills = new Set(worker.skills ?? []);
  return (job.skills ?? []).every((skill) => skills.has(skill));
}

function preparedJob(job: PlanJob, place: number, workers: readonly PlanWorker[]): PreparedJob {
  const capacity = job.capacity ?? 0;
  return {
    id: job.id,
    place,
    duration: job.duration,
    due: job.due ?? Number.POSITIVE_INFINITY,
    weight: job.weight ?? 1,
    release: job.release ?? 0,
    deadline: job.deadline ?? Number.POSITIVE_INFINITY,
    capacity,
    workers: workers.flatMap((worker, index) =>
      hasSkills(worker, job) && (worker.cart ?? Number.POSITIVE_INFINITY) >= capacity
        ? [index]
        : [],
    ),
    before: [],
  };
}

function preparedWorkers(
  workers: readonly PlanWorker[],
  jobs: readonly PreparedJob[],
  indexById: ReadonlyMap<string, number>,
  faults: PlanAnswer['faults'],
): PreparedWorker[] {
  const taken = new Set<number>();
  const lockFault = (worker: number, found: string, expected: string) =>
    faults.push({ field: `workers ${workers[worker]?.id}.locked`, found, expected });
  const wanted = workers.map(({ locked = [] }, worker) =>
    locked.flatMap((id) => {
      const index = indexById.get(id);
      if (index !== undefined && !taken.has(index) && jobs[index]?.workers.includes(worker)) {
        taken.add(index);
        return [index];
      }
      lockFault(worker, id, 'a job that this worker can do, locked once');
      return [];
    }),
  );
  const kept = keepableLocks(jobs, wanted, (worker, index) =>
    lockFault(worker, jobs[index]?.id ?? '', 'a job that need not wait for what comes behind it'),
  );
  return workers.map(({ id, start = 0, end, cart }, worker) => ({
    id,
    start,
    end: end ?? Number.POSITIVE_INFINITY,
    cart: cart ?? Number.POSITIVE_INFINITY,
    locked: kept[worker] ?? [],
  }));
}

function soundWeight(
  field: string,
  weight: number | undefined,
  faults: PlanAnswer['faults'],
): number {
  if (weight === undefined || isTime(weight)) return weight ?? 0;
  faults.push({ field, found: `${weight}`, expected: '0 or more' });
  return 0;
}

function travel(problem: PlanProblem): Pick<Prepared, 'places' | 'setup' | 'initial' | 'unload'> {
  const places = problem.jobs.length;
  const setup = new Float64Array(places * places);
  for (let from = 0; from < places; from += 1) {
    for (let to = 0; to < places; to += 1) {
      const way = problem.setup[from]?.[to];
      setup[from * places + to] = from !== to && isTime(way) ? way : 0;
    }
  }
  const vector = (values: readonly number[] = []) =>
    Float64Array.from({ length: places }, (_, place) => values[place] ?? 0);
  return {
    places,
    setup,
    initial: vector(problem.initial),
    unload: vector(problem.unload?.map((value) => (isWay(value) ? value : 0))),
  };
}
