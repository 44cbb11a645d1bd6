/**
 * Which records are doubted, which checks are under way, and how often doubts of a kind were right.
 *
 * A doubt is about a product in a bin (the ledger says how much lies there) or in a slot (the belief says
 * it). How likely it is right begins with a first guess per kind that counts as `guessWeight` checks, and
 * follows what checks found: shrinkage, so that one lucky check proves little.
 *
 * Example: doubts "left untold" begin at 0.5. After 6 checks of which 1 found a wrong record:
 * (1 + 4 · 0.5) / (6 + 4) = 0.3.
 */
import { DoubtKind } from '@stockhand/proto/events/v1alpha/stock_events_pb.js';

export interface Doubt {
  gtin: string;
  placeId: string;
  kind: DoubtKind;
  sinceMs: number;
  evidence: string;
}

export interface OpenCheck {
  taskId: string;
  gtin: string;
  slotId: string;
  placeId: string;
  kind: DoubtKind;
  askedAtMs: number;
}

export interface DoubtBook {
  /** By `doubtKey`, oldest first. */
  doubts: Map<string, Doubt>;
  /** By task id. */
  checks: Map<string, OpenCheck>;
  /** By kind: checks answered and records found wrong. */
  tallies: Map<DoubtKind, { checked: number; wrong: number }>;
  /** Staff seconds of the checks asked in this business day. */
  askedTodaySeconds: number;
  /** Slots and bins asked about in this business day: none is asked about twice. */
  askedToday: Set<string>;
  /** By `doubtKey`: when a bin's record was last confirmed by a count, right or put right. */
  confirmedAtMs: Map<string, number>;
}

/** Doubts kept; the oldest gives way. */
export const doubtsLimit = 2_000;
const guessWeight = 4;

/** What is believed of a kind before anything is known; of the size that checks in simulated stores found. */
const firstGuess: Readonly<Record<DoubtKind, number>> = {
  [DoubtKind.UNSPECIFIED]: 0,
  [DoubtKind.LEFT_UNTOLD]: 0.5,
  [DoubtKind.CONTRADICTED]: 0.15,
  [DoubtKind.FOUND_LESS]: 0.25,
  [DoubtKind.NOTHING_BEHIND]: 0.05,
  [DoubtKind.SILENT_SLOT]: 0.1,
};

export function emptyDoubts(): DoubtBook {
  return {
    doubts: new Map(),
    checks: new Map(),
    tallies: new Map(),
    askedTodaySeconds: 0,
    askedToday: new Set(),
    confirmedAtMs: new Map(),
  };
}

/** `placeId`: of a bin or slot; their ids may be alike, so slots are told apart. */
export function doubtKey(gtin: string, placeId: string): string {
  return `${gtin}/${placeId}`;
}

/** Chance, 0 to 1, that a doubt of the kind is right. */
export function chanceRight({ tallies }: Readonly<DoubtBook>, kind: DoubtKind): number {
  const { checked, wrong } = tallies.get(kind) ?? { checked: 0, wrong: 0 };
  return (wrong + guessWeight * firstGuess[kind]) / (checked + guessWeight);
}

/** Kind as it is told: "left untold". */
export function kindText(kind: DoubtKind): string {
  return DoubtKind[kind].toLowerCase().replaceAll('_', ' ');
}
