/** What the need events do to the open needs. */
import type {
  NeedArose,
  NeedChanged,
} from '@stockhand/proto/events/v1alpha/replenishment_events_pb.js';
import { baseUnitsOf } from '@stockhand/proto/vocabulary/quantity.ts';
import type { StoreEvent } from '../events/event.ts';
import { forgetSubstitutions } from '../orders/proposal.ts';
import type { State } from '../state.ts';
import type { Need } from './need.ts';

export function applyNeedArose(state: State, arose: NeedArose, event: StoreEvent): void {
  state.needs.set(arose.slotId, {
    needId: arose.needId,
    slotId: arose.slotId,
    gtin: arose.gtin,
    wanted: baseUnitsOf(arose.wanted),
    onShelf: baseUnitsOf(arose.onShelf),
    inBackroom: baseUnitsOf(arose.inBackroom),
    reason: arose.reason,
    urgencyPpm: arose.urgencyPpm,
    explanation: arose.explanation,
    arosePosition: event.position,
    aroseAtMs: event.recordedAtMs,
    taskId: '',
    heldAtBackroom: -1,
  });
  state.slotByNeed.set(arose.needId, arose.slotId);
}

export function applyNeedChanged(state: State, changed: NeedChanged): void {
  const need = findNeed(state, changed.needId);
  if (need === undefined) return;
  need.wanted = baseUnitsOf(changed.wanted);
  need.onShelf = baseUnitsOf(changed.onShelf);
  need.inBackroom = baseUnitsOf(changed.inBackroom);
  // What the record lost since then is wanted again when it comes.
  need.heldAtBackroom = Math.min(need.heldAtBackroom, need.inBackroom);
  need.reason = changed.reason;
  need.urgencyPpm = changed.urgencyPpm;
  need.explanation = changed.explanation;
}

/** Met or withdrawn. */
export function applyNeedEnded(state: State, needId: string): void {
  const slotId = state.slotByNeed.get(needId);
  if (slotId === undefined) return;
  state.slotByNeed.delete(needId);
  state.needs.delete(slotId);
  forgetSubstitutions(state.proposals, (one) => one.slotId === slotId);
}

export function findNeed(state: Readonly<State>, needId: string): Need | undefined {
  const slotId = state.slotByNeed.get(needId);
  return slotId === undefined ? undefined : state.needs.get(slotId);
}
