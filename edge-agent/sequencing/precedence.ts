/**
 * Which jobs can never begin because of what must have ended before them: those in a circle of
 * precedence, and those behind a job that is not scheduled. Each reason names the culprit, so a circle
 * blames its own jobs only, and what comes behind it says which of them it waits for.
 *
 * Example: a before b, b before a, b before c: a and b are in a circle, c follows "b".
 *
 * Work grows with the number of jobs and pairs, whatever their order: a chain of thousands of jobs that is
 * written from its end costs no more than one from its beginning.
 */
import type { PlanAnswer, PlanProblem } from './problem.ts';

/** Names of a circle that a reason tells. */
const namesShown = 8;

export type Pairs = readonly (readonly [string, string])[];

/** Precedence without unknown jobs. */
export function soundPairs(problem: PlanProblem, faults: PlanAnswer['faults']): [string, string][] {
  const ids = new Set(problem.jobs.map(({ id }) => id));
  return (problem.precedence ?? []).filter((pair, index) => {
    const unknown = pair.find((id) => !ids.has(id));
    if (unknown === undefined) return true;
    const field = `precedence[${index}]`;
    faults.push({ field, found: unknown, expected: 'the id of a job' });
    return false;
  });
}

/** @param reasons by place; null where the job can be done. Changed in place. */
export function leaveOutFollowers(
  { jobs }: PlanProblem,
  reasons: (string | null)[],
  pairs: Pairs,
): void {
  // Of jobs with one id the first counts.
  const placeOf = new Map(jobs.map(({ id }, place): [string, number] => [id, place]).reverse());
  const places = [...placeOf.values()].sort((one, other) => one - other);
  const [before, after] = neighbours(jobs.length, placeOf, pairs);
  const isOut = (place: number) => reasons[place] !== null;
  const leaveOutBehind = (culprits: number[]) => {
    for (let at = 0; at < culprits.length; at += 1) {
      const culprit = culprits[at] ?? -1;
      for (const place of after[culprit] ?? []) {
        if (isOut(place)) continue;
        reasons[place] = followsReason(jobs[culprit]?.id ?? '');
        culprits.push(place);
      }
    }
  };
  leaveOutBehind(places.filter(isOut));
  const waiting = new Set(places.filter((place) => !isOut(place)));
  const ready = [...waiting].filter((place) => (before[place] ?? []).length === 0);
  const open = before.map((ones) => ones.length);
  for (let place = ready.pop(); place !== undefined; place = ready.pop()) {
    waiting.delete(place);
    for (const next of after[place] ?? []) {
      open[next] = (open[next] ?? 0) - 1;
      if (open[next] === 0 && waiting.has(next)) ready.push(next);
    }
  }
  for (const place of waiting) {
    if (isOut(place)) continue;
    const circle = circleBefore(place, before, (one) => waiting.has(one) && !isOut(one));
    const names = circle.slice(0, namesShown).map((one) => jobs[one]?.id);
    for (const one of circle) reasons[one] = `precedence goes in a circle: ${names.join(', ')}`;
    leaveOutBehind([...circle]);
  }
}

/** Why a job behind one that is not scheduled is not scheduled either. */
export const followsReason = (culprit: string) => `it follows "${culprit}", which is not scheduled`;

function neighbours(
  count: number,
  placeOf: ReadonlyMap<string, number>,
  pairs: Pairs,
): [number[][], number[][]] {
  const empty = () => Array.from({ length: count }, (): number[] => []);
  const [before, after] = [empty(), empty()];
  for (const [first, second] of pairs) {
    const [one, other] = [placeOf.get(first), placeOf.get(second)];
    if (one === undefined || other === undefined) continue;
    before[other]?.push(one);
    after[one]?.push(other);
  }
  return [before, after];
}

/** The circle that one comes to by going back from `place`, in the order of the problem. */
function circleBefore(
  place: number,
  before: readonly (readonly number[])[],
  isWaiting: (place: number) => boolean,
): number[] {
  const path: number[] = [];
  const stepOf = new Map<number, number>();
  for (let at: number | undefined = place; at !== undefined; at = before[at]?.find(isWaiting)) {
    const step = stepOf.get(at);
    if (step !== undefined) return path.slice(step).sort((one, other) => one - other);
    stepOf.set(at, path.length);
    path.push(at);
  }
  return path;
}
