/**
 * Locks that precedence allows: a job that somebody is to do first cannot wait for one that only they can
 * do, and do later. Such a lock would stop everybody who waits for everybody; it is a fault, and the
 * job is planned like any other.
 *
 * Example: w1 is locked to b, a before b, and only w1 can do a: b is not locked. Where w2 can do a, too, the
 * lock stays, and w1 waits.
 */
import type { PreparedJob } from './preparation.ts';

/** Locks by worker, as far as each can be kept; `refused` is told each of the others. */
export function keepableLocks(
  jobs: readonly PreparedJob[],
  wanted: readonly (readonly number[])[],
  refused: (worker: number, index: number) => void,
): number[][] {
  if (jobs.every(({ before }) => before.length === 0) || canAllEnd(jobs, wanted)) {
    return wanted.map((locked) => [...locked]);
  }
  const kept = wanted.map((): number[] => []);
  wanted.forEach((locked, worker) => {
    for (const index of locked) {
      kept[worker]?.push(index);
      if (canAllEnd(jobs, kept)) continue;
      kept[worker]?.pop();
      refused(worker, index);
    }
  });
  return kept;
}

/** Whether every job has its turn: a locked one in its place, any other behind the locks of somebody. */
function canAllEnd(jobs: readonly PreparedJob[], locks: readonly (readonly number[])[]): boolean {
  const isLocked = new Set(locks.flat());
  const at = locks.map(() => 0);
  const hasEnded = new Uint8Array(jobs.length);
  const isReady = (index: number) => jobs[index]?.before.every((one) => hasEnded[one] === 1);
  let left = [...jobs.keys()].filter((index) => !isLocked.has(index));
  for (let isMoving = true; isMoving; ) {
    isMoving = false;
    locks.forEach((locked, worker) => {
      for (let next = locked[at[worker] ?? 0]; next !== undefined && isReady(next); ) {
        hasEnded[next] = 1;
        isMoving = true;
        at[worker] = (at[worker] ?? 0) + 1;
        next = locked[at[worker] ?? 0];
      }
    });
    const isFree = (worker: number) => (at[worker] ?? 0) >= (locks[worker]?.length ?? 0);
    const waiting = left.filter((index) => {
      if (!isReady(index) || !jobs[index]?.workers.some(isFree)) return true;
      hasEnded[index] = 1;
      return false;
    });
    isMoving ||= waiting.length < left.length;
    left = waiting;
  }
  return hasEnded.every((one) => one === 1);
}
