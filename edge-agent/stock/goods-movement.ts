/**
 * Somebody moved goods for a reason that no task gave: broken ones to waste, a recalled lot to
 * quarantine, an over-delivery back to the supplier, sound goods out of quarantine into a bin.
 *
 * Everybody may move goods within the store; what leaves it (waste, supplier) needs a lead and a reason,
 * because it is written off or claimed. Nothing comes back out of waste, and what comes from a supplier
 * is received. Goods of a slot go through the person's hands, so that the slot is believed to hold less.
 *
 * Example: 2 of 10 jars in slot A1 broke: ItemsPicked 2 (sales floor → hands, slot A1), ItemsMoved 2
 * (hands → waste, "damaged"). Slot A1 is believed to hold 8.
 */
import { AccountKind } from '@stockhand/proto/events/v1alpha/stock_events_pb.js';
import type { MoveGoods } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { refusal, refused } from '../errors.ts';
import type { Recorder } from '../events/recorder.ts';
import type { Outcome, Refusal } from '../input.ts';
import type { State } from '../state.ts';
import type { Person } from '../tasks/actions.ts';
import { quantityOf } from './base-unit.ts';
import { type AccountRef, hands, salesFloor, supplier } from './ledger.ts';
import { scannedLot, takenLots } from './lot-naming.ts';
import type { LotName } from './lots.ts';
import { quantityField } from './quantity-field.ts';
import { accountAt } from './store-places.ts';
import { ensureStock } from './withdrawal.ts';

/** Characters of a reason. */
export const reasonTextLimit = 200;

/** Places that every store has, whether master data lists them or not. */
const commonPlaces: ReadonlySet<string> = new Set(['dock', 'quarantine', 'waste']);

/** One end of a move. */
export interface End {
  account: AccountRef;
  /** Empty where it is no slot. */
  slotId: string;
}

export function moveGoods(recorder: Recorder, person: Person, action: MoveGoods): Outcome {
  const { state } = recorder;
  const { gtin, reason, scan } = action;
  if (!state.catalogue.productByGtin.has(gtin)) {
    return refused(refusal('unknown-product', 'gtin', gtin, 'a product of the master data'));
  }
  const quantity = quantityField(state, gtin, action.quantity, 'quantity', 1);
  if (typeof quantity !== 'number') return refused(quantity);
  const from = endOf(state, action, 'from');
  if ('reason' in from) return refused(from);
  const to = endOf(state, action, 'to');
  if ('reason' in to) return refused(to);
  const fault = moveFault(state, person, action, { from, to, quantity });
  if (fault !== null) return refused(fault);
  const occasion = reason === '' ? 'a move' : `a move (${reason})`;
  const named = scannedLot(recorder, gtin, scan);
  bookMove(recorder, { gtin, quantity, from, to, reason, named, occasion });
  return { kind: 'accepted' };
}

export interface Move {
  gtin: string;
  /** Base units, above zero. */
  quantity: number;
  from: End;
  to: End;
  /** For the record: "damaged", "task t-1". */
  reason: string;
  /** The lot that it is; null for what expires first. */
  named: LotName | null;
  /** Who moves it, for a contradiction: "task t-1". */
  occasion: string;
}

/** Books goods from one end to the other, through somebody's hands where they leave a slot. */
export function bookMove(recorder: Recorder, move: Move): void {
  const { state } = recorder;
  const { gtin, quantity, from, to, reason, named, occasion } = move;
  const causedBy = ensureStock(recorder, gtin, from.account, quantity, occasion);
  const lots = takenLots(recorder, { gtin, account: from.account, quantity, named, occasion });
  const fields = { gtin, quantity: quantityOf(state, gtin, quantity), lots };
  let source = from.account;
  if (from.slotId !== '') {
    source = hands('');
    const picked = { ...fields, from: from.account, to: source, taskId: '', slotId: from.slotId };
    recorder.record('itemsPicked', picked, { causedBy });
  }
  if (to.slotId !== '') {
    const stocked = { ...fields, from: source, slotId: to.slotId, taskId: '' };
    recorder.record('itemsStocked', stocked, { causedBy });
  } else {
    recorder.record(
      'itemsMoved',
      { ...fields, from: source, to: to.account, reason },
      { causedBy },
    );
  }
}

function endOf(state: Readonly<State>, action: MoveGoods, side: 'from' | 'to'): End | Refusal {
  const [slotId, placeId] =
    side === 'from' ? [action.fromSlotId, action.fromPlaceId] : [action.toSlotId, action.toPlaceId];
  if (slotId !== '') {
    const slot = state.catalogue.slotById.get(slotId);
    if (slot?.gtin === action.gtin) return { account: salesFloor, slotId };
    return refusal('unknown-slot', `${side}SlotId`, slotId, `a slot of ${action.gtin}`);
  }
  if (placeId === 'supplier' && side === 'to') return { account: supplier, slotId: '' };
  if (state.catalogue.placeById.has(placeId) || commonPlaces.has(placeId)) {
    const account = accountAt(state, placeId);
    if (account.kind !== AccountKind.SALES_FLOOR) return { account, slotId: '' };
    return refusal('bad-field', `${side}SlotId`, '', 'the slot on the sales floor');
  }
  const expected = 'a place of the master data, a slot, or quarantine, waste, supplier';
  return refusal('unknown-place', `${side}PlaceId`, placeId, expected);
}

function moveFault(
  state: Readonly<State>,
  person: Person,
  { reason }: MoveGoods,
  { from, to, quantity }: { from: End; to: End; quantity: number },
): Refusal | null {
  if (from.account.kind === AccountKind.WASTE) {
    return refusal('bad-field', 'fromPlaceId', 'waste', 'a place from which goods come back');
  }
  const isSame = from.account.kind === to.account.kind && from.slotId === to.slotId;
  if (isSame && from.account.placeId === to.account.placeId) {
    return refusal('bad-field', 'toPlaceId', to.account.placeId, 'another place');
  }
  if (reason.length > reasonTextLimit) {
    return refusal('bad-field', 'reason', reason.length, `at most ${reasonTextLimit} characters`);
  }
  const { kind } = to.account;
  if (kind === AccountKind.WASTE || kind === AccountKind.SUPPLIER) {
    if (reason === '') return refusal('missing-field', 'reason', '', 'why it leaves the store');
    if (person.role === 'associate') {
      return refusal('not-allowed', 'role', person.role, 'lead or manager');
    }
  }
  const slot = state.catalogue.slotById.get(to.slotId);
  if (slot !== undefined && quantity > slot.capacity) {
    return refusal('more-than-capacity', 'quantity', quantity, `at most ${slot.capacity}`);
  }
  return null;
}
