/** Records a count with what the record said at that instant, equal or not. */
import { AccountKind, type CountReason } from '@stockhand/proto/events/v1alpha/stock_events_pb.js';
import type { Recorder } from '../events/recorder.ts';
import { quantityOf } from './base-unit.ts';
import { type AccountRef, balance } from './ledger.ts';

export interface Count {
  gtin: string;
  account: AccountRef;
  /** The slot, when one slot of the sales floor was counted; empty otherwise. */
  slotId: string;
  counted: number;
  reason: CountReason;
}

export function recordCount(recorder: Recorder, count: Count): number {
  const { state } = recorder;
  const { gtin, account, slotId, counted, reason } = count;
  const isSlot = account.kind === AccountKind.SALES_FLOOR && slotId !== '';
  const expected = isSlot
    ? (state.shelves.get(slotId)?.quantity ?? 0)
    : balance(state.ledger, gtin, account);
  return recorder.record('itemsCounted', {
    gtin,
    account,
    slotId,
    counted: quantityOf(state, gtin, counted),
    expected: quantityOf(state, gtin, expected),
    reason,
  });
}
