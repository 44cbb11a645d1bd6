/**
 * Compares what a policy called an exception with what really went wrong.
 *
 * Right: the exception is of a kind that fits a cause, names what the cause is about, and came between
 * the cause and its time limit. One that names only what several causes have in common (the truck of
 * three short lines) is about all of them. A second one for the same cause is a duplicate. What fits no
 * cause is false. A planted cause that nobody named in time is missed; one whose time is not over when the
 * run ends is not judged.
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
  endMs = Number.POSITIVE_INFINITY,
): { verdict: ExceptionVerdict; judged: JudgedException[]; missed: Cause[] } {
  const known = new Set<Cause>();
  const judged: JudgedException[] = [];
  for (const one of raised) {
    const kinds = meaning(one.type);
    if (!kinds) continue;
    const likely = causes.filter((cause) => kinds.includes(cause.kind) && isInTime(one, cause));
    const named = likely.filter(({ subjects }) => names(one, subjects));
    const fitting = named.length > 0 ? named : likely.filter(({ group }) => names(one, group));
    const [fresh] = fitting.filter((cause) => !known.has(cause));
    for (const cause of fitting) known.add(cause);
    const verdict = fresh ? 'right' : fitting.length > 0 ? 'duplicate' : 'false';
    judged.push({ raised: one, verdict, cause: fresh ?? fitting[0] });
  }
  const countOf = (verdict: JudgedException['verdict']) =>
    judged.filter((one) => one.verdict === verdict).length;
  const missed = causes.filter(
    (cause) => cause.isPlanted && cause.untilMs <= endMs && !known.has(cause),
  );
  const verdict = {
    right: countOf('right'),
    false: countOf('false'),
    missed: missed.length,
    duplicates: countOf('duplicate'),
  };
  return { verdict, judged, missed };
}

const isInTime = ({ atMs }: RaisedException, cause: Cause) =>
  atMs >= cause.atMs && atMs <= cause.untilMs;

const names = ({ subjects }: RaisedException, ids: readonly string[]) =>
  subjects.some((subject) => ids.includes(subject));
