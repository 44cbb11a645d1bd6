/**
 * Who takes goods from a bin stands before it: the cheapest moment to ask what is left in it.
 *
 * Asked are bins that should be nearly empty after the pick (a case or less: the usual zero-balance check),
 * and bins whose record nobody has confirmed for long: `count.busyHours` for a product that sells
 * `count.busyPiecesADay` or more, `count.quietHours` for any other (cycle counting by movement, of bins that are visited
 * anyway). The answer is a count of the bin; one that differs by a case or more is asked for twice.
 *
 * Example: bin B7 has 48 jars on record, cases of 12, last counted 30 hours ago; jars sell 20 a day. A refill
 * takes 12 from it: "How many are left in B7?", and 36 confirms the record for the next 20 hours.
 */
import { AccountKind } from '@stockhand/proto/events/v1alpha/stock_events_pb.js';
import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import type { Product } from '../catalogue/catalogue.ts';
import { demandOfDay, demandUnitOf } from '../demand/store-demand.ts';
import { policyOf } from '../policy/policy.ts';
import type { State } from '../state.ts';
import { balance } from '../stock/ledger.ts';
import { accountAt } from '../stock/store-places.ts';
import type { TaskRecord } from '../tasks/task-book.ts';
import { doubtKey } from './doubt-book.ts';

const hourMs = 3_600_000;

/** A case or less is left in a bin: who takes goods from it sees how much (the usual zero-balance check). */
export function isNearlyEmpty(
  leftBaseUnits: number,
  { casePack }: Readonly<Pick<Product, 'casePack'>>,
): boolean {
  return leftBaseUnits <= casePack;
}

/**
 * Base units that the record says are left after the task's pick, when the person is to tell how many there
 * are; null when they need not.
 */
export function leftToTell(
  state: Readonly<State>,
  { type, gtin, fromPlaceId, quantity }: Readonly<TaskRecord>,
): number | null {
  if (type !== TaskType.REFILL || fromPlaceId === '') return null;
  const account = accountAt(state, fromPlaceId);
  if (account.kind !== AccountKind.BACKROOM_BIN) return null;
  const product = state.catalogue.productByGtin.get(gtin);
  if (product === undefined) return null;
  const left = Math.max(0, balance(state.ledger, gtin, account) - quantity);
  if (isNearlyEmpty(left, product)) return left;
  const policy = policyOf(state.policy);
  const dailyUnits = demandOfDay(state.demand, state.catalogue, product) / demandUnitOf(product);
  const isBusy = dailyUnits >= policy.threshold('count.busyPiecesADay');
  const hours = policy.threshold(isBusy ? 'count.busyHours' : 'count.quietHours');
  const confirmedAtMs = state.doubts.confirmedAtMs.get(doubtKey(gtin, fromPlaceId)) ?? 0;
  return state.lastRecordedAtMs - confirmedAtMs >= hours * hourMs ? left : null;
}
