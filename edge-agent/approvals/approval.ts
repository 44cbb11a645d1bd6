/**
 * What a role may decide alone, and what waits for a higher one.
 *
 * A count that moves much value, and an order that the store asks for, wait for somebody who may decide
 * them: a lead up to the lead's limit, a manager up to the manager's, HQ above. Limits hold for one
 * decision and for all of a business day, so that many small corrections do not go where one great one
 * may not. Who asked may not decide (four eyes). What nobody decides in time expires and changes nothing.
 *
 * Example: Ben counts 12 bottles at 30.00 fewer than the record says: 360.00 is above the 250.00 of an
 * associate. ApprovalRequested (lead); the record stays until Lea grants it.
 */
import { baseUnitsPerUnit, type StaffRoleName } from '../catalogue/catalogue.ts';
import type { State } from '../state.ts';
import type { AccountRef } from '../stock/ledger.ts';
import type { LotStock } from '../stock/lots.ts';

export interface RoleLimit {
  /** Of one decision, in minor units of the store's currency. */
  onceMinorUnits: number;
  /** Of all decisions of a business day by people of that role. */
  dailyMinorUnits: number;
}

/** Built in, until a policy says otherwise. HQ has no limit. */
export const roleLimits: ReadonlyMap<StaffRoleName, RoleLimit> = new Map([
  ['associate', { onceMinorUnits: 25_000, dailyMinorUnits: 250_000 }],
  ['lead', { onceMinorUnits: 100_000, dailyMinorUnits: 1_000_000 }],
  ['manager', { onceMinorUnits: 500_000, dailyMinorUnits: 5_000_000 }],
]);

/** From the least to the greatest say. */
export const deciders: readonly StaffRoleName[] = ['associate', 'lead', 'manager', 'hq'];

export type PendingAction =
  | {
      kind: 'count';
      gtin: string;
      account: AccountRef;
      slotId: string;
      lots: readonly LotStock[];
      counted: number;
      /** What the ledger said of the account at that instant. */
      onRecord: number;
      reason: number;
    }
  | {
      kind: 'markdown';
      gtin: string;
      quantity: number;
      lot: string;
      bestBefore: string;
      reductionPpm: number;
    }
  | { kind: 'order'; proposalId: string; gtin: string; quantity: number; orderKind: string };

export type PendingCount = Extract<PendingAction, { kind: 'count' }>;

export interface ApprovalRecord {
  approvalId: string;
  requiredRole: StaffRoleName;
  valueMinorUnits: number;
  /** Person reference; empty for a rule. */
  requestedBy: string;
  requestedAtMs: number;
  expiresAtMs: number;
  explanation: string;
  action: PendingAction;
}

export interface ApprovalBook {
  /** By id, oldest first. */
  open: Map<string, ApprovalRecord>;
  /** Ids that were decided or expired, oldest first; bounded by `closedApprovalsKept`. */
  closed: Set<string>;
  /** Value of counts, orders and markdowns of this business day by role, in minor units. */
  movedToday: Map<string, number>;
}

/** Proposals of rules wait in such numbers only where nobody ever answers; more are not made until some are. */
export const openApprovalsLimit = 1_000;
export const closedApprovalsKept = 2_000;
/** So long an approval waits. */
export const approvalMs = 8 * 3_600_000;

/** What a policy's rule says of a role; null: the limits decide. */
export type IsAbove = (role: StaffRoleName, limit: RoleLimit, movedToday: number) => boolean | null;

/**
 * The least role from `own` upward that may decide about so much value, given what it has decided today.
 * Who is more than an associate spends the budget of the own role, however small the value is.
 */
export function roleFor(
  valueMinorUnits: number,
  movedToday: ReadonlyMap<string, number>,
  limits: ReadonlyMap<StaffRoleName, RoleLimit> = roleLimits,
  isAbove: IsAbove = () => null,
  own: StaffRoleName = 'associate',
): StaffRoleName {
  for (const role of deciders.slice(Math.max(0, deciders.indexOf(own)))) {
    const limit = limits.get(role);
    if (limit === undefined) continue;
    const moved = movedToday.get(role) ?? 0;
    const isOver =
      valueMinorUnits > limit.onceMinorUnits || moved + valueMinorUnits > limit.dailyMinorUnits;
    if (!(isAbove(role, limit, moved) ?? isOver)) return role;
  }
  return 'hq';
}

/** True when `role` has at least the say of `required`. */
export function maySay(role: StaffRoleName, required: StaffRoleName): boolean {
  return deciders.indexOf(role) >= deciders.indexOf(required) && deciders.includes(role);
}

/** What so many base units of a product cost, in minor units; 0 when master data names no price. */
export function worthOf(state: Readonly<State>, gtin: string, baseUnits: number): number {
  const product = state.catalogue.productByGtin.get(gtin);
  if (product === undefined) return 0;
  return Math.round((Math.abs(baseUnits) * product.priceMinorUnits) / baseUnitsPerUnit(product));
}
