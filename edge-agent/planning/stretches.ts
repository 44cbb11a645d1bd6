/**
 * Shares out a person's work among their stretches between breaks: what is in their hands, and what the
 * plan so far has for them.
 *
 * Whoever has begun something ends it, though the break begins later by that, or the shift ends later.
 * All else goes on after the break when it does not fit before it. What is behind the last stretch's end
 * stays there: the search finds it another place, or says that there is none.
 *
 * Example: Anna works 9:00 to 9:05 and from 9:20. She has a task of fifteen minutes in hands and another one
 * planned: she ends the first at 9:15, and the second is behind the break.
 */
import type { PlanJob, PlanProblem, PlanWorker } from '../sequencing/problem.ts';

export type Tables = Pick<PlanProblem, 'setup' | 'initial'> & { jobs: PlanJob[]; unload: number[] };

/** One person's share, by stretch. */
export interface Share {
  workers: (Required<Pick<PlanWorker, 'id' | 'start' | 'end' | 'cart'>> & { skills: string[] })[];
  /** Places of jobs in hands, and of planned ones, in order. */
  held: number[][];
  planned: number[][];
}

interface Walk {
  time: number;
  room: number;
  last: number;
}

export function shareOut(
  tables: Tables,
  workers: Share['workers'],
  held: readonly number[],
  planned: readonly number[],
): Share {
  const share: Share = {
    workers: workers.map((worker) => ({ ...worker })),
    held: workers.map(() => []),
    planned: workers.map(() => []),
  };
  const last = workers.length - 1;
  let at = 0;
  let walk = walkOf(share.workers[0]);
  const goOn = () => {
    at += 1;
    walk = walkOf(share.workers[at]);
  };
  const endOf = (place: number) => stepTo(tables, walk, share.workers[at]?.cart ?? 0, place);
  const isOver = (end: number) => end > (share.workers[at]?.end ?? 0);
  held.forEach((place, index) => {
    while (index > 0 && at < last && isOver(endOf(place).time)) goOn();
    walk = endOf(place);
    share.held[at]?.push(place);
    extend(share.workers, at, walk.time);
  });
  for (const place of planned) {
    while (at < last && isOver(endOf(place).time)) goOn();
    share.planned[at]?.push(place);
    const next = endOf(place);
    const isLost = next.time > (tables.jobs[place]?.deadline ?? Number.POSITIVE_INFINITY);
    if (!isLost && !isOver(next.time)) walk = next;
  }
  return share;
}

const walkOf = (worker: Share['workers'][number] | undefined): Walk => ({
  time: worker?.start ?? 0,
  room: worker?.cart ?? 0,
  last: -1,
});

/** The same steps as the search reckons with (sequencing/schedule.ts). */
function stepTo(tables: Tables, { time, room, last }: Walk, cart: number, place: number): Walk {
  const { jobs, setup, initial, unload } = tables;
  const { duration = 0, capacity = 0 } = jobs[place] ?? {};
  const isFull = last >= 0 && capacity > room;
  let way = initial[place] ?? 0;
  if (isFull) way += unload[last] ?? 0;
  else if (last >= 0) way = setup[last]?.[place] ?? 0;
  return { time: time + way + duration, room: (isFull ? cart : room) - capacity, last: place };
}

/** A stretch ends no sooner than what was begun in it, and the next ones begin no sooner. */
function extend(workers: Share['workers'], at: number, endSeconds: number): void {
  const worker = workers[at];
  if (worker === undefined || worker.end >= endSeconds) return;
  worker.end = endSeconds;
  for (const later of workers.slice(at + 1)) {
    later.start = Math.max(later.start, endSeconds);
    later.end = Math.max(later.end, later.start);
  }
}
