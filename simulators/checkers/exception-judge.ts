/**
 * Compares what a policy called an exception with what really went wrong.
 *
 * Right: the exception is of a kind that fits a cause, names at least one thing that the cause is
 * about, and came between the cause and its time limit. A second one for the same cause is a
 * duplicate. What fits no cause is false. A planted cause that nobody named in time is missed.
 *
 * Example: at 11:00 a truck does not come. "delivery-late, truck-4-11" at 11:15 is right, the same
 * again at 11:45 a duplicate, "delivery-late, truck-4-06" is false.
 */
import type { RaisedException } from '../policies/policy.ts';
import type { Cause, CauseKind } from '../scenarios/cause.ts';

/** Kinds of causes that an exception of this type may name; types that are not here are not judged. */
export type Meaning = (type: string) => readonly CauseKind[] | undefined;

export interface ExceptionVerdict {
  right: number;
  false: number;
  missed: number;
  duplicates: number;
}

export interface JudgedException {
  raised: RaisedException;
  verdict: 'right' | 'false' | 'duplicate';
  cause: Cause | undefined;
}

export function judgeExceptions(
  raised: readonly RaisedException[],
  causes: readonly Cause[],
  meaning: Meaning,
): { verdict: ExceptionVerdict; judged: JudgedException[] } {
  const named = new Set<Cause>();
  const judged: JudgedException[] = [];
  for (const one of raised) {
    const kinds = meaning(one.type);
    if (!kinds) continue;
    const fitting = causes.filter((cause) => kinds.includes(cause.kind) && fits(one, cause));
    const fresh = fitting.find((cause) => !named.has(cause));
    if (fresh) {
      named.add(fresh);
      judged.push({ raised: one, verdict: 'right', cause: fresh });
    } else {
      const verdict = fitting.length > 0 ? 'duplicate' : 'false';
      judged.push({ raised: one, verdict, cause: fitting[0] });
    }
  }
  const countOf = (verdict: JudgedException['verdict']) =>
    judged.filter((one) => one.verdict === verdict).length;
  const missed = causes.filter((cause) => cause.isPlanted && !named.has(cause)).length;
  const verdict = {
    right: countOf('right'),
    false: countOf('false'),
    missed,
    duplicates: countOf('duplicate'),
  };
  return { verdict, judged };
}

function fits(raised: RaisedException, cause: Cause): boolean {
  const isInTime = raised.atMs >= cause.atMs && raised.atMs <= cause.untilMs;
  return isInTime && raised.subjects.some((subject) => cause.subjects.includes(subject));
}
