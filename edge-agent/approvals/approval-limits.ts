/** Who may decide, by the policy in force: its limits, and its rule `approval.required`. */
import type { StaffRoleName } from '../catalogue/catalogue.ts';
import type { Recorder } from '../events/recorder.ts';
import { decide } from '../policy/decision.ts';
import { type Policy, policyOf } from '../policy/policy.ts';
import { type IsAbove, type RoleLimit, roleFor } from './approval.ts';

function limitsOf(policy: Policy): Map<StaffRoleName, RoleLimit> {
  return new Map(
    (['associate', 'lead', 'manager'] as const).map((role) => [
      role,
      {
        onceMinorUnits: policy.threshold(`approval.${role}.onceMinorUnits`),
        dailyMinorUnits: policy.threshold(`approval.${role}.dailyMinorUnits`),
      },
    ]),
  );
}

/** The least role, from `own` upward, that may decide about so much value now. */
export function requiredRole(
  recorder: Recorder,
  valueMinorUnits: number,
  own: StaffRoleName = 'associate',
): StaffRoleName {
  const { policy, approvals } = recorder.state;
  const isAbove: IsAbove = (role, limit, moved) =>
    decide(recorder, 'approval.required', () => ({
      role,
      valueMinorUnits: BigInt(valueMinorUnits),
      movedTodayMinorUnits: BigInt(moved),
      onceLimitMinorUnits: BigInt(limit.onceMinorUnits),
      dailyLimitMinorUnits: BigInt(limit.dailyMinorUnits),
    }));
  return roleFor(valueMinorUnits, approvals.movedToday, limitsOf(policyOf(policy)), isAbove, own);
}
