/** What the events do to doubts and checks, and what a person's look does to the belief of a slot. */
import {
  AccountKind,
  type CheckAnswered,
  type CheckAsked,
  CheckResult,
  CountReason,
  type ItemsCounted,
  type RecordDoubted,
  type ShelfLooked,
} from '@stockhand/proto/events/v1alpha/stock_events_pb.js';
import { likeliestCell } from '../belief/distribution.ts';
import { believeLooked } from '../belief/slot-belief.ts';
import type { State } from '../state.ts';
import { doubtKey, doubtsLimit } from './doubt-book.ts';

export function applyRecordDoubted(
  { doubts: { doubts } }: State,
  { gtin, placeId, kind, evidence }: RecordDoubted,
  sinceMs: number,
): void {
  doubts.set(doubtKey(gtin, placeId), { gtin, placeId, kind, sinceMs, evidence });
  if (doubts.size <= doubtsLimit) return;
  const [oldest] = doubts.keys();
  if (oldest !== undefined) doubts.delete(oldest);
}

export function applyCheckAsked({ doubts }: State, asked: CheckAsked, askedAtMs: number): void {
  const { taskId, gtin, slotId, placeId, kind, costSeconds } = asked;
  doubts.checks.set(taskId, { taskId, gtin, slotId, placeId, kind, askedAtMs });
  doubts.askedTodaySeconds += costSeconds;
  doubts.askedToday.add(doubtKey(gtin, slotId === '' ? placeId : slotId));
}

export function applyCheckAnswered({ doubts }: State, answered: CheckAnswered): void {
  const { taskId, kind, result } = answered;
  doubts.checks.delete(taskId);
  if (result === CheckResult.DROPPED) return;
  const tally = doubts.tallies.get(kind) ?? { checked: 0, wrong: 0 };
  tally.checked += 1;
  if (result === CheckResult.RECORD_WRONG) tally.wrong += 1;
  doubts.tallies.set(kind, tally);
}

/** A count settles the doubt about its place; what a store is said to begin with confirms nothing. */
export function settleDoubt(
  { doubts }: State,
  { gtin, account, reason }: ItemsCounted,
  countedAtMs: number,
): void {
  const key = doubtKey(gtin, account?.placeId ?? '');
  doubts.doubts.delete(key);
  const isOfBin = account?.kind === AccountKind.BACKROOM_BIN;
  if (isOfBin && reason !== CountReason.OPENING) doubts.confirmedAtMs.set(key, countedAtMs);
}

export function forgetAskedToday({ doubts }: State): void {
  doubts.askedTodaySeconds = 0;
  doubts.askedToday.clear();
}

/** A person looked: the belief, with and without the sensor, hears it. */
export function applyShelfLooked(
  state: State,
  { slotId, isEmpty }: ShelfLooked,
  touched: Set<string>,
): void {
  const shelf = state.shelves.get(slotId);
  if (shelf === undefined) return;
  believeLooked(shelf.belief, isEmpty);
  if (shelf.unwatched !== null) believeLooked(shelf.unwatched, isEmpty);
  if (shelf.belief.unit === 1) shelf.quantity = likeliestCell(shelf.belief.cells);
  touched.add(slotId);
}
