/** Records a count with what the record said at that instant, equal or not. */
import { AccountKind, type CountReason } from '@stockhand/proto/events/v1alpha/stock_events_pb.js';
import type { Recorder } from '../events/recorder.ts';
import type { State } from '../state.ts';
import { quantityOf } from './base-unit.ts';
import { type AccountRef, balance } from './ledger.ts';
import { lotMessages } from './lot-naming.ts';
import type { LotStock } from './lots.ts';

export interface Count {
  gtin: string;
  account: AccountRef;
  /** The slot, when one slot of the sales floor was counted; empty otherwise. */
  slotId: string;
  counted: number;
  reason: CountReason;
  /** What was seen of each lot; absent when nobody looked at lots. */
  lots?: readonly LotStock[];
}

/** What the ledger (or, for a slot, the belief) says of the place that is counted. */
export function expectedAt(
  state: Readonly<State>,
  { gtin, account, slotId }: Pick<Count, 'gtin' | 'account' | 'slotId'>,
): number {
  const isSlot = account.kind === AccountKind.SALES_FLOOR && slotId !== '';
  return isSlot ? (state.shelves.get(slotId)?.quantity ?? 0) : balance(state.ledger, gtin, account);
}

/** Answers the position of the count; `causedBy` is the event that led to it, if one did. */
export function recordCount(recorder: Recorder, count: Count, causedBy = 0): number {
  const { state } = recorder;
  const { gtin, account, slotId, counted, reason, lots = [] } = count;
  const fields = {
    gtin,
    account,
    slotId,
    counted: quantityOf(state, gtin, counted),
    expected: quantityOf(state, gtin, expectedAt(state, count)),
    reason,
    lots: lotMessages(state, gtin, lots),
  };
  return recorder.record('itemsCounted', fields, { causedBy });
}
