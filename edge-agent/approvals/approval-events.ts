/** What the events of approvals do to what waits. */
import { timestampMs } from '@bufbuild/protobuf/wkt';
import { ActorKind } from '@stockhand/proto/events/v1alpha/event_pb.js';
import type {
  ApprovalGranted,
  ApprovalRequested,
} from '@stockhand/proto/events/v1alpha/exception_events_pb.js';
import type { ItemsCounted } from '@stockhand/proto/events/v1alpha/stock_events_pb.js';
import { baseUnitsOf } from '@stockhand/proto/vocabulary/quantity.ts';
import type { StaffRoleName } from '../catalogue/catalogue.ts';
import type { StoreEvent } from '../events/event.ts';
import type { State } from '../state.ts';
import { balance } from '../stock/ledger.ts';
import { lotStockOf } from '../stock/lots.ts';
import { accountOf } from '../stock/stock-events.ts';
import { closedApprovalsKept, type PendingAction, roleLimits, worthOf } from './approval.ts';

export function applyApprovalRequested(
  state: State,
  requested: ApprovalRequested,
  atMs: number,
): void {
  const { approvalId, valueMinorUnits, requestedBy, expiresAt, explanation } = requested;
  const action = pendingActionOf(state, requested);
  if (action === null) return;
  state.approvals.open.set(approvalId, {
    approvalId,
    // Written by requestApproval, which knows no other roles.
    requiredRole: requested.requiredRole as StaffRoleName,
    valueMinorUnits: Number(valueMinorUnits),
    requestedBy,
    requestedAtMs: atMs,
    expiresAtMs: expiresAt === undefined ? atMs : timestampMs(expiresAt),
    explanation,
    action,
  });
}

function pendingActionOf(
  { ledger }: Readonly<State>,
  { action }: ApprovalRequested,
): PendingAction | null {
  switch (action.case) {
    case 'count': {
      const { gtin, slotId, counted, reason } = action.value;
      const account = accountOf(action.value.account);
      const lots = action.value.lots.map(lotStockOf);
      const onRecord = balance(ledger, gtin, account);
      const seen = { slotId, counted: baseUnitsOf(counted), onRecord, lots };
      return { kind: 'count', gtin, account, reason, ...seen };
    }
    case 'order': {
      const { proposalId, gtin, quantity, kind: orderKind } = action.value;
      return { kind: 'order', proposalId, gtin, quantity: baseUnitsOf(quantity), orderKind };
    }
    case 'markdown': {
      const { gtin, lot, bestBefore, reductionPpm } = action.value;
      const quantity = baseUnitsOf(action.value.quantity);
      return { kind: 'markdown', gtin, quantity, lot, bestBefore, reductionPpm };
    }
    default:
      return null;
  }
}

/** What is granted is charged to who granted it; a count is when it is recorded. */
export function applyApprovalGranted(state: State, { approvalId, role }: ApprovalGranted): void {
  const approval = state.approvals.open.get(approvalId);
  // A decision names the role as master data does.
  const named = role as StaffRoleName;
  if (approval !== undefined && approval.action.kind !== 'count' && roleLimits.has(named)) {
    const { movedToday } = state.approvals;
    movedToday.set(named, (movedToday.get(named) ?? 0) + approval.valueMinorUnits);
  }
  applyApprovalClosed(state, approvalId);
}

/** Granted, refused or expired. */
export function applyApprovalClosed(state: State, approvalId: string): void {
  const { open, closed } = state.approvals;
  open.delete(approvalId);
  closed.add(approvalId);
  if (closed.size <= closedApprovalsKept) return;
  const [oldest] = closed;
  if (oldest !== undefined) closed.delete(oldest);
}

/** Counts towards the budget of the day what a person's count moved. */
export function noteCounted(state: State, counted: ItemsCounted, event: StoreEvent): void {
  if (event.actor.kind !== ActorKind.PERSON) return;
  // A person's actor names the role as master data does.
  const role = event.actor.detail as StaffRoleName;
  if (!roleLimits.has(role)) return;
  const difference = baseUnitsOf(counted.counted) - baseUnitsOf(counted.expected);
  const { movedToday } = state.approvals;
  movedToday.set(role, (movedToday.get(role) ?? 0) + worthOf(state, counted.gtin, difference));
}
