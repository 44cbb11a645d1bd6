/**
 * Judges what a policy says of wrong records, product by product.
 *
 * A planted discrepancy is named when an exception of a fitting type names its own product (or a slot of
 * it) within a number of opening hours; nights do not count. Another product of the same bin earns
 * nothing: a check there is a false one. A check of a product whose record really is wrong, though late,
 * is right as a check but does not count as named in time. A second check for a cause is neither.
 *
 * Example: three cases of A are gone from bin 12 on day 2 at 06:00 (the shop opens at 07:00). "A" on day
 * 3 at 16:00 comes after 14 + 9 = 23 opening hours: named. "B, bin 12", where B's record is right, is a
 * false check. "A" on day 3 at 18:00 would have been too late by an hour.
 */
import { dayIndexOf, firstMidnightMs, hourOf } from '../kernel/day-clock.ts';
import type { RaisedException } from '../policies/policy.ts';
import type { Cause, CauseKind } from '../scenarios/cause.ts';

/** When the doors are open, in hours since midnight, every day alike. */
export interface OpeningHours {
  opensHour: number;
  closesHour: number;
}

export interface DiscrepancyVerdict {
  /** Planted causes of each kind, and those named in time. */
  classes: ReadonlyMap<CauseKind, { planted: number; named: number }>;
  /** First checks of a product whose record was wrong. */
  right: number;
  /** Checks of products whose record was right. */
  false: number;
  /** Further checks of a cause that was named before. */
  again: number;
}

export interface DiscrepancyQuestion {
  raised: readonly RaisedException[];
  causes: readonly Cause[];
  /** Kinds that an exception of this type claims; undefined: it claims nothing about records. */
  meaning(type: string): readonly CauseKind[] | undefined;
  opening: OpeningHours;
  withinOpeningHours: number;
}

/** Hours of trade between two instants; 0 when the second is not later. */
export function openingHoursBetween(
  fromMs: number,
  toMs: number,
  { opensHour, closesHour }: OpeningHours,
): number {
  if (toMs <= fromMs) return 0;
  const until = (atMs: number) => {
    const today = Math.min(Math.max(hourOf(atMs), opensHour), closesHour) - opensHour;
    return dayIndexOf(atMs) * (closesHour - opensHour) + today;
  };
  return until(Math.max(toMs, firstMidnightMs)) - until(Math.max(fromMs, firstMidnightMs));
}

export function judgeDiscrepancies(question: DiscrepancyQuestion): DiscrepancyVerdict {
  const { raised, causes, meaning, opening, withinOpeningHours } = question;
  const classes = new Map<CauseKind, { planted: number; named: number }>();
  for (const { kind, isPlanted } of causes) {
    if (!isPlanted) continue;
    const one = classes.get(kind) ?? { planted: 0, named: 0 };
    classes.set(kind, { ...one, planted: one.planted + 1 });
  }
  const checked = new Set<Cause>();
  const counts = { right: 0, false: 0, again: 0 };
  for (const one of [...raised].sort((a, b) => a.atMs - b.atMs)) {
    const kinds = meaning(one.type);
    if (!kinds) continue;
    const fitting = causes.filter(
      (cause) =>
        kinds.includes(cause.kind) &&
        cause.atMs <= one.atMs &&
        cause.subjects.some((subject) => one.subjects.includes(subject)),
    );
    const fresh = fitting.filter((cause) => !checked.has(cause));
    if (fresh.length > 0) counts.right += 1;
    else if (fitting.length > 0) counts.again += 1;
    else counts.false += 1;
    for (const cause of fresh) {
      checked.add(cause);
      const known = classes.get(cause.kind);
      const hours = openingHoursBetween(cause.atMs, one.atMs, opening);
      if (known && cause.isPlanted && hours <= withinOpeningHours) known.named += 1;
    }
  }
  return { classes, ...counts };
}
