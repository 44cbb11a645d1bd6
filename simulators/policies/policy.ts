/**
 * What decides who does what next. A policy hears what a store can hear (tills, notices, reports of its
 * people) and never sees the truth; only `oracle` is handed it.
 */
import type { Reading } from '@stockhand/proto/device/v1alpha/reading_pb.js';
import type { PlannedProduct, StorePlan } from '../store/store-plan.ts';
import type { CollectOrder, Report, TruckLine, Work } from '../store/work.ts';

export const policyNames = ['stockhand', 'nightly', 'patrol', 'oracle'] as const;
export type PolicyName = (typeof policyNames)[number];

/** What a store is told of. */
export type News =
  | { kind: 'sold'; gtin: string; till: string }
  | { kind: 'truck-announced'; truckId: string; dueAtMs: number; lines: readonly TruckLine[] }
  | { kind: 'truck-delayed'; truckId: string; dueAtMs: number }
  | { kind: 'truck-arrived'; truckId: string; lines: readonly TruckLine[] }
  | { kind: 'order-placed'; order: CollectOrder }
  | { kind: 'order-collected'; order: CollectOrder }
  | {
      kind: 'promotion-announced';
      gtins: readonly string[];
      factor: number;
      fromMs: number;
      toMs: number;
    }
  | { kind: 'reading'; reading: Reading }
  | { kind: 'device-state'; deviceId: string; online: boolean };

export interface SlotGuess {
  likeliestPieces: number;
  /** Bounds of the 80 % interval. */
  lowPieces: number;
  highPieces: number;
  emptyProbability: number;
}

/** What a policy calls to someone's attention. */
export interface RaisedException {
  type: string;
  atMs: number;
  /** Ids it is about: slot, product, device, truck or order, as far as they are named. */
  subjects: readonly string[];
  /** Role that is asked. */
  role: string;
  /** What was seen, in words for people. */
  evidence?: string;
  /** What somebody answered, and when; absent while nobody did. */
  answer?: { atMs: number; text: string };
}

export interface PolicyContext {
  plan: StorePlan;
  seed: number;
  nowMs(): number;
  /** Pieces in the bin of each product at the opening. */
  openingBinPieces(product: PlannedProduct): number;
  openingBackroomDays: number;
}

export interface Policy {
  readonly name: PolicyName;
  /** Whether it listens to shelf sensors; those that nobody hears are not simulated. */
  readonly hearsSensors: boolean;
  next(personRef: string): Work | null;
  told(report: Report, personRef: string): void;
  hear(news: News): void;
  /** Called every minute, where there is one: time passes also when nothing happens. */
  minute?(): void;
  guess(slotId: string): SlotGuess;
  /** Pieces in the store, where the policy knows better than what the tills say. */
  recordOf?(gtin: string): number;
  /** Exceptions so far, where it raises any. */
  raised?(): readonly RaisedException[];
  /** What was decided on a day and why, for its story; 0 for the first day. */
  dayStory?(day: number): readonly string[];
  readonly digest: string;
}

export const certain = (pieces: number): SlotGuess => ({
  likeliestPieces: pieces,
  lowPieces: pieces,
  highPieces: pieces,
  emptyProbability: pieces === 0 ? 1 : 0,
});
