/**
 * A person counted a bin, or saw what is left in it. The count is the record from then on; where it
 * differs by a case or more the discrepancy is called to a lead's attention, once until it is answered.
 *
 * Example: 48 jars on record, 24 left in the bin, cases of 12: ItemsCounted 24, and "Bin B7 holds 24 jars,
 * the record said 48".
 */
import { AccountKind, CountReason } from '@stockhand/proto/events/v1alpha/stock_events_pb.js';
import type { CountBin } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { quantityText } from '@stockhand/proto/vocabulary/quantity.ts';
import { countWithinLimits } from '../approvals/approval-book.ts';
import { refusal, refused } from '../errors.ts';
import type { Recorder } from '../events/recorder.ts';
import { raiseException } from '../exceptions/exception-book.ts';
import type { Outcome } from '../input.ts';
import type { Person } from '../tasks/actions.ts';
import { baseUnitOf } from './base-unit.ts';
import { recordCount } from './count.ts';
import { balance } from './ledger.ts';
import { readLots } from './lot-naming.ts';
import { quantityField } from './quantity-field.ts';
import { accountAt } from './store-places.ts';

export function countBin(recorder: Recorder, person: Person, action: CountBin): Outcome {
  const { placeId, gtin } = action;
  const { catalogue } = recorder.state;
  if (!catalogue.productByGtin.has(gtin)) {
    return refused(refusal('unknown-product', 'gtin', gtin, 'a product of the master data'));
  }
  if (!catalogue.placeById.has(placeId)) {
    return refused(refusal('unknown-place', 'placeId', placeId, 'a bin of the master data'));
  }
  const counted = quantityField(recorder.state, gtin, action.counted, 'counted');
  if (typeof counted !== 'number') return refused(counted);
  const lots = readLots(recorder.state, gtin, action.lots, counted);
  if (!Array.isArray(lots)) return refused(lots);
  const account = accountAt(recorder.state, placeId);
  const expected = balance(recorder.state.ledger, gtin, account);
  const count = {
    gtin,
    account,
    slotId: '',
    counted,
    reason: CountReason.CYCLE,
    lots,
  };
  const causedBy = countWithinLimits(recorder, person, count);
  if (causedBy === null) return { kind: 'accepted' };
  tellDiscrepancy(recorder, { gtin, placeId, expected, counted, causedBy });
  return { kind: 'accepted' };
}

/** Records what a bin holds, and raises what is worth a lead's look. */
export function recordBinCount(
  recorder: Recorder,
  gtin: string,
  placeId: string,
  counted: number,
  reason: CountReason,
): void {
  const { state } = recorder;
  const account = accountAt(state, placeId);
  const onRecord = balance(state.ledger, gtin, account);
  const causedBy = recordCount(recorder, { gtin, account, slotId: '', counted, reason });
  tellDiscrepancy(recorder, { gtin, placeId, expected: onRecord, counted, causedBy });
}

export interface Discrepancy {
  gtin: string;
  placeId: string;
  /** Base units on record, and what was there. */
  expected: number;
  counted: number;
  /** Position of the count. */
  causedBy: number;
}

/** A difference of a case or more is worth a lead's look; goods on the dock are on the move. */
export function tellDiscrepancy(recorder: Recorder, discrepancy: Discrepancy): void {
  const { state } = recorder;
  const { gtin, placeId, expected, counted, causedBy } = discrepancy;
  if (accountAt(state, placeId).kind === AccountKind.DOCK) return;
  const product = state.catalogue.productByGtin.get(gtin);
  const worthTelling = Math.max(2, product?.casePack ?? 0);
  if (Math.abs(expected - counted) < worthTelling) return;
  const unit = baseUnitOf(state, gtin);
  const name = product?.name ?? gtin;
  raiseException(recorder, {
    type: 'stock-discrepancy',
    causeKey: `stock/${gtin}/${placeId}`,
    subjects: [gtin, placeId],
    evidence: `${name}: bin ${placeId} holds ${quantityText(counted, unit)}, the record said ${quantityText(expected, unit)}.`,
    causedBy,
  });
}
